//! An authority of the control plane's own, and what it signs. Nothing has to be skipped to trust it.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use crate::Error;

/// A certificate and its key, in PEM.
#[derive(Clone)]
pub struct Pair {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

/// A certificate authority.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, in PEM.
    pub(crate) certificate: String,
}

/// What making a certificate comes to.
fn made<T>(result: Result<T, rcgen::Error>) -> Result<T, Error> {
    result.map_err(Error::of("make a certificate"))
}

impl Authority {
    pub(crate) fn new() -> Result<Self, Error> {
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, "kscale test authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = made(KeyPair::generate())?;
        let certificate = made(params.self_signed(&key))?.pem();
        let issuer = Issuer::new(params, key);
        Ok(Self {
            issuer,
            certificate,
        })
    }

    /// For a server on this machine's loopback.
    pub(crate) fn server(&self) -> Result<Pair, Error> {
        let names = ["127.0.0.1", "localhost"].map(str::to_owned);
        let mut params = made(CertificateParams::new(names))?;
        params
            .distinguished_name
            .push(DnType::CommonName, "kube-apiserver");
        self.sign(params, ExtendedKeyUsagePurpose::ServerAuth)
    }

    /// For a client: Kubernetes takes the user from the common name and the groups from the organisations.
    pub(crate) fn client(&self, user: &str, groups: &[&str]) -> Result<Pair, Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, user);
        // A name holds one organisation with this library, so one group.
        for group in groups.iter().take(1) {
            params
                .distinguished_name
                .push(DnType::OrganizationName, *group);
        }
        self.sign(params, ExtendedKeyUsagePurpose::ClientAuth)
    }

    fn sign(
        &self,
        mut params: CertificateParams,
        usage: ExtendedKeyUsagePurpose,
    ) -> Result<Pair, Error> {
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        let key = made(KeyPair::generate())?;
        let certificate = made(params.signed_by(&key, &self.issuer))?.pem();
        Ok(Pair {
            certificate,
            key: key.serialize_pem(),
        })
    }
}

/// A key for service accounts' tokens, private and public.
pub(crate) fn service_account_key() -> Result<(String, String), Error> {
    let key = made(KeyPair::generate())?;
    Ok((key.serialize_pem(), key.public_key_pem()))
}
