//! Certificates: the authorities that the API server is judged by, and the caller's own.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::config::{AuthInfo, Cluster};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::error::Error;
use crate::input::visible;

/// By what the certificate of the API server is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cluster) enum Trust {
    /// By authorities that the kubeconfig or a flag names.
    Given,
    /// By those of this machine.
    System,
    /// By nothing.
    Blind,
}

impl Trust {
    /// What the settings say.
    pub(super) fn of(config: &kube::Config) -> Self {
        if config.accept_invalid_certs {
            Self::Blind
        } else if config.root_cert.is_some() {
            Self::Given
        } else {
            Self::System
        }
    }
}

/// The authorities of a cluster; none stands for those of this machine.
pub(super) fn authorities(cluster: &Cluster, name: &str) -> Result<Option<Vec<Vec<u8>>>, Error> {
    let data = cluster.certificate_authority_data.as_deref();
    let file = cluster.certificate_authority.as_deref();
    let (pem, from) = match (
        data.filter(|it| !it.is_empty()),
        file.filter(|it| !it.is_empty()),
    ) {
        (Some(data), _) => {
            let from = format!(
                "certificate-authority-data of the cluster \"{}\"",
                visible(name)
            );
            let pem = STANDARD.decode(data.trim());
            let pem = pem.map_err(|_| Error::input(format!("{from} is no base64")))?;
            (pem, from)
        }
        (None, Some(file)) => {
            let from = format!("the certificate authority {}", visible(file));
            let pem = fs::read(file);
            let pem =
                pem.map_err(|error| Error::input(format!("{from} cannot be read: {error}")))?;
            (pem, from)
        }
        (None, None) => return Ok(None),
    };
    if cluster.insecure_skip_tls_verify == Some(true) {
        return Err(Error::input(format!(
            "{from} says what to trust, while insecure-skip-tls-verify says to trust anything"
        ))
        .hint("kubectl takes only one of them; take one out"));
    }
    certificates(&pem, &from).map(Some)
}

/// The certificates in PEM.
pub(super) fn certificates(pem: &[u8], from: &str) -> Result<Vec<Vec<u8>>, Error> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found
            .iter()
            .map(|certificate| certificate.to_vec())
            .collect()),
        _ => Err(Error::input(format!("{from} holds no certificate in PEM"))
            .hint("it starts with -----BEGIN CERTIFICATE-----")),
    }
}

/// What the caller's own certificate lacks, told before anything is sent, and without a word of the key.
pub(super) fn check_identity(user: &AuthInfo, name: &str) -> Result<(), Error> {
    let some = |field: &Option<String>| field.as_deref().is_some_and(|it| !it.is_empty());
    let certificate = some(&user.client_certificate) || some(&user.client_certificate_data);
    let key = some(&user.client_key) || user.client_key_data.is_some();
    let whose = if name.is_empty() {
        "the command line".to_owned()
    } else {
        format!("the user \"{}\"", visible(name))
    };
    if certificate != key {
        let (there, lacks) = if certificate {
            ("client certificate", "key")
        } else {
            ("client key", "certificate")
        };
        return Err(
            Error::input(format!("{whose} has a {there} but no {lacks}"))
                .hint("give both, --client-certificate and --client-key, or mend the kubeconfig"),
        );
    }
    let files = [
        (
            "client certificate",
            &user.client_certificate,
            user.client_certificate_data.is_some(),
        ),
        (
            "client key",
            &user.client_key,
            user.client_key_data.is_some(),
        ),
        ("token file", &user.token_file, user.token.is_some()),
    ];
    for (what, file, by_data) in files {
        let Some(file) = file.as_deref().filter(|it| !it.is_empty() && !by_data) else {
            continue;
        };
        if let Err(error) = fs::metadata(file) {
            let file = visible(file);
            return Err(Error::input(format!(
                "the {what} {file} of {whose} cannot be read: {error}"
            )));
        }
    }
    Ok(())
}
