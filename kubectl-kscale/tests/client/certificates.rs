//! Certificates, good ones and others.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

/// A certificate and its key, in PEM.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

/// Who signs.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) pair: Pair,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = named("an authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let pair = Pair {
            certificate: params.self_signed(&key).unwrap().pem(),
            key: key.serialize_pem(),
        };
        Self {
            issuer: Issuer::new(params, key),
            pair,
        }
    }

    /// A server's certificate; `change` makes it a bad one.
    pub(crate) fn server(
        &self,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> Pair {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        Pair {
            certificate: params.signed_by(&key, &self.issuer).unwrap().pem(),
            key: key.serialize_pem(),
        }
    }

    /// A good one for a server here.
    pub(crate) fn here(&self) -> Pair {
        self.server(&["127.0.0.1", "localhost"], |_| {})
    }
}

/// One that is its own authority, as `openssl req -x509` makes it.
pub(crate) fn its_own_authority() -> Pair {
    let names = ["127.0.0.1".to_owned()];
    let mut params = CertificateParams::new(names).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    alone(&params)
}

/// One that nobody but itself has signed.
pub(crate) fn signed_by_itself() -> Pair {
    alone(&CertificateParams::new(["127.0.0.1".to_owned()]).unwrap())
}

fn alone(params: &CertificateParams) -> Pair {
    let key = KeyPair::generate().unwrap();
    Pair {
        certificate: params.self_signed(&key).unwrap().pem(),
        key: key.serialize_pem(),
    }
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// Makes a certificate one of years ago.
pub(crate) fn expired(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(2001, 1, 1);
    params.not_after = date_time_ymd(2002, 1, 1);
}

/// Makes a certificate one of years to come.
pub(crate) fn to_come(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(3001, 1, 1);
    params.not_after = date_time_ymd(3002, 1, 1);
}
