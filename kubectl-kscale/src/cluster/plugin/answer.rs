//! What an exec plugin answers.

use jiff::Timestamp;
use serde_json::Value;

use crate::input::{InputArg, Options, load_with};

/// The versions of what a plugin answers, newest first. v1alpha1 left client-go in 1.24.
pub(super) const VERSIONS: [&str; 2] = [
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1beta1",
];

/// What a plugin gave.
#[derive(Default)]
pub(super) struct Credential {
    /// A bearer token.
    pub(super) token: Option<String>,
    /// Certificate and key, in PEM.
    pub(super) identity: Option<(String, String)>,
    /// When the token ends.
    pub(super) expires: Option<Timestamp>,
}

impl Credential {
    /// Reads an ExecCredential of the `version` that was asked for. An error never holds what was read.
    pub(super) fn read(output: &[u8], version: Option<&str>) -> Result<Self, &'static str> {
        let answer = parse(output).ok_or("answered what is no ExecCredential")?;
        let text = |pointer: &str| {
            let value = answer.pointer(pointer).and_then(Value::as_str);
            value.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let answered = text("/apiVersion").unwrap_or_default();
        if !VERSIONS.contains(&answered.as_str())
            || text("/kind").as_deref() != Some("ExecCredential")
        {
            return Err("answered what is no ExecCredential that is known");
        }
        if version.is_some_and(|version| version != answered) {
            return Err("answered in another apiVersion than the kubeconfig asks for");
        }
        let certificate = text("/status/clientCertificateData");
        let identity = match (certificate, text("/status/clientKeyData")) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err("answered a certificate or a key, but not both"),
        };
        let expires = match text("/status/expirationTimestamp") {
            Some(at) => Some(
                at.parse()
                    .map_err(|_| "answered an expirationTimestamp that is no time")?,
            ),
            None => None,
        };
        let token = text("/status/token");
        if token.is_none() && identity.is_none() {
            return Err("answered no credentials");
        }
        Ok(Self {
            token,
            identity,
            expires,
        })
    }
}

/// Plugins answer JSON, or YAML, as client-go reads both.
fn parse(output: &[u8]) -> Option<Value> {
    if let Ok(answer) = serde_json::from_slice(output) {
        return Some(answer);
    }
    let mut rest = output;
    let loaded = load_with(&[InputArg::Stdin], &Options::default(), &mut rest);
    loaded
        .documents
        .into_iter()
        .next()
        .map(|document| document.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: &str) -> Result<Credential, &'static str> {
        let text = format!(
            "{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{status}}}"
        );
        Credential::read(text.as_bytes(), Some(VERSIONS[0]))
    }

    #[test]
    fn a_token_or_a_certificate_with_its_key_is_an_answer() {
        let token = read(r#"{"token":"t","expirationTimestamp":"2030-01-01T00:00:00Z"}"#);
        let token = token.unwrap_or_default();
        assert_eq!(token.token.as_deref(), Some("t"));
        assert!(token.expires.is_some());
        let pair = read(r#"{"clientCertificateData":"c","clientKeyData":"k"}"#);
        let pair = pair.unwrap_or_default().identity;
        assert_eq!(pair, Some(("c".to_owned(), "k".to_owned())));
    }

    #[test]
    fn what_is_no_answer_is_told_without_showing_it() {
        let why = |status| read(status).err().unwrap_or_default();
        assert_eq!(why("{}"), "answered no credentials");
        assert_eq!(
            why(r#"{"clientKeyData":"k"}"#),
            "answered a certificate or a key, but not both"
        );
        assert_eq!(
            why(r#"{"token":"t","expirationTimestamp":"soon"}"#),
            "answered an expirationTimestamp that is no time"
        );
        let why = |text: &str, version| Credential::read(text.as_bytes(), version).err();
        assert_eq!(
            why("SECRET", None),
            Some("answered what is no ExecCredential")
        );
        assert_eq!(
            why("kind: Secret", None),
            Some("answered what is no ExecCredential that is known")
        );
        assert_eq!(why("{", None), Some("answered what is no ExecCredential"));
        let old = r#"{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"t"}}"#;
        assert_eq!(
            why(old, Some(VERSIONS[0])),
            Some("answered in another apiVersion than the kubeconfig asks for")
        );
        assert_eq!(why(old, Some(VERSIONS[1])), None);
    }

    #[test]
    fn yaml_is_read_too() {
        let text = "apiVersion: client.authentication.k8s.io/v1\nkind: ExecCredential\nstatus:\n  token: t\n";
        let read = Credential::read(text.as_bytes(), None).unwrap_or_default();
        assert_eq!(read.token.as_deref(), Some("t"));
    }
}
