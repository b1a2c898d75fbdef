//! What the network and TLS say, in words for people, with what to do.

use std::error::Error as StdError;
use std::io;

use http::Uri;
use rustls::CertificateError;

use super::config::Trust;
use super::config::proxy::shown;
use super::{Failure, Why};
use crate::input::visible;

/// What is known of the way to the cluster, for messages.
#[derive(Debug)]
pub(super) struct Way {
    /// The address of the API server.
    pub(super) server: Uri,
    /// The proxy in between.
    pub(super) proxy: Option<Uri>,
    /// By what its certificate is judged.
    pub(super) trust: Trust,
    /// The name that its certificate must have, where it is not that of the address.
    pub(super) name: Option<String>,
    /// Who asks.
    pub(super) identity: String,
    /// The plugin that gives the credentials.
    pub(super) plugin: Option<String>,
}

impl Way {
    /// What a request that got no answer says.
    pub(super) fn failure(&self, error: kube::Error) -> Failure {
        let failure = match error {
            kube::Error::Service(error) => match error.downcast::<Failure>() {
                Ok(failure) => return *failure,
                Err(error) => self.lost(error.as_ref()),
            },
            other => self.lost(&other),
        };
        match &self.proxy {
            Some(proxy) => failure.hint(format!(
                "HTTPS_PROXY or the proxy-url of the cluster sends it through {}; NO_PROXY names servers to ask directly",
                address(proxy)
            )),
            None => failure,
        }
    }

    fn lost(&self, error: &(dyn StdError + 'static)) -> Failure {
        if let Some(error) = find::<rustls::Error>(error) {
            return self.insecure(error);
        }
        if let Some(failure) = self.proxy.as_ref().and_then(|proxy| refused(proxy, error)) {
            return failure;
        }
        let at = self.next();
        if tells(error, "dns error") {
            return unreachable(format!("the host of {at} is not known")).hint(
                "is its name right, and is the network or VPN up through which it is known?",
            );
        }
        match find::<io::Error>(error).map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => {
                let failure = unreachable(format!("nothing listens at {at}: connection refused"));
                match &self.proxy {
                    Some(_) => failure,
                    None => failure.hint("is the cluster up, and is this its address? kubectl cluster-info asks the same one"),
                }
            }
            Some(io::ErrorKind::TimedOut) => self.slow(None),
            Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => {
                unreachable(format!("there is no way to {at}"))
                    .hint("is the network or VPN up through which it is reached?")
            }
            _ if was_cut(error) => {
                unreachable(format!("{at} closed the connection without an answer"))
                    .hint("is it an API server, and does its address start with the right one of http:// and https://?")
            }
            _ => unreachable(format!("{at} cannot be asked: {}", innermost(error))),
        }
    }

    /// That no answer came in time.
    pub(super) fn slow(&self, limit: Option<std::time::Duration>) -> Failure {
        let at = self.address();
        let message = match limit {
            Some(limit) => format!("no answer from {at} within {}", seconds(limit)),
            None => format!("no answer from {at}"),
        };
        Failure::new(Why::Slow, message)
            .hint("is the network or VPN up through which the cluster is reached? --request-timeout gives it more time")
    }

    /// What an answer of the API server means for the caller.
    pub(super) fn unknown_caller(&self) -> Failure {
        let failure = Failure::new(
            Why::Unauthorized,
            format!(
                "{} does not know the caller (401 Unauthorized)",
                self.address()
            ),
        )
        .hint(format!("asked as: {}", self.identity));
        match &self.plugin {
            Some(plugin) => failure.hint(format!(
                "the credentials come from {plugin}: log in again with it, then kubectl auth whoami tells whether they are good"
            )),
            None => failure.hint("the credentials are missing, wrong or expired; kubectl auth whoami tells whether they are good"),
        }
    }

    fn insecure(&self, error: &rustls::Error) -> Failure {
        let at = self.address();
        let certificate = match error {
            rustls::Error::InvalidCertificate(certificate) => certificate,
            rustls::Error::InvalidMessage(_) => {
                return unreachable(format!("{at} does not speak TLS"))
                    .hint("is it a plain http:// server, or a port of something else?");
            }
            rustls::Error::AlertReceived(alert) => {
                return unreachable(format!("{at} ended the handshake: {alert:?}"))
                    .hint("API servers do so at a client certificate that they do not like");
            }
            other => return unreachable(format!("no TLS with {at}: {other}")),
        };
        let told = |what: &str| unreachable(format!("the certificate of {at} {what}"));
        match certificate {
            CertificateError::UnknownIssuer => self.untrusted(told("is signed by nobody who is trusted")),
            // The name of who signed is that of an authority that is trusted, and the key is not.
            CertificateError::BadSignature => self.untrusted(told("is signed by nobody who is trusted").hint(
                "an authority of the same name is trusted, with another key: was the cluster made anew? Then its kubeconfig must be fetched anew, too",
            )),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                told("has expired")
                    .hint("renew it on the cluster; is the clock of this machine right?")
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                told("is not valid yet").hint("is the clock of this machine right?")
            }
            CertificateError::NotValidForName => told(&format!("is not for {}", self.expected()))
                .hint("--tls-server-name NAME says which name it is for"),
            CertificateError::NotValidForNameContext { presented, .. } => {
                let names: Vec<_> = presented.iter().map(|name| plain(name)).collect();
                let names = names.join(", ");
                told(&format!("is not for {}, but for {}", self.expected(), visible(&names)))
                    .hint("use an address that it is for, or say which name to expect with --tls-server-name NAME")
            }
            other => self.odd(&told, other),
        }
    }

    /// Nobody who is trusted has signed it.
    fn untrusted(&self, failure: Failure) -> Failure {
        if self.trust == Trust::System {
            return failure
                .hint("the kubeconfig names no certificate authority, so those of this machine count; give the cluster's with --certificate-authority FILE")
                .hint(BLIND);
        }
        failure
            .hint("the certificate authority of the kubeconfig must be the one that signed it: the authority's own certificate, not the server's. kubectl takes the server's as well")
            .hint("give the authority's with --certificate-authority FILE; on the cluster, the ConfigMap kube-root-ca.crt of every namespace holds it")
            .hint(BLIND)
    }

    fn odd(&self, told: &dyn Fn(&str) -> Failure, error: &CertificateError) -> Failure {
        let text = format!("{error:?}");
        if text.contains("CaUsedAsEndEntity") {
            return told("is that of a certificate authority, and no server may use such")
                .hint("it signs itself and is trusted as what it is: kubectl takes that, TLS libraries that go by the rules do not")
                .hint("give the server a certificate of its own, signed by the authority")
                .hint(BLIND);
        }
        told(&format!("cannot be trusted: {error}"))
    }

    fn expected(&self) -> String {
        let host = || self.server.host().unwrap_or_default().to_owned();
        self.name.clone().unwrap_or_else(host)
    }

    /// The address of the API server.
    fn address(&self) -> String {
        address(&self.server)
    }

    /// Whom this machine really connects to.
    fn next(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("the proxy {}", address(proxy)),
            None => self.address(),
        }
    }
}

/// That a proxy does not let anybody through to the server.
fn refused(proxy: &Uri, error: &(dyn StdError + 'static)) -> Option<Failure> {
    let mut texts = causes(error).map(ToString::to_string);
    let text =
        texts.find(|text| text.starts_with("tunnel error") || text.starts_with("SOCKS error"))?;
    let proxy = address(proxy);
    if text.contains("authorization required") {
        return Some(
            unreachable(format!("the proxy {proxy} wants to know who asks"))
                .hint("write its user into its address: http://USER:PASSWORD@HOST:PORT"),
        );
    }
    // Nobody answers there: that is told as for any server.
    let there = !text.contains("underlying connection") || text.starts_with("SOCKS");
    let what = match text.split_once(": ") {
        Some((_, "unsuccessful")) => "it will not",
        Some((_, what)) => what,
        None => "it will not",
    };
    there.then(|| {
        unreachable(format!(
            "the proxy {proxy} does not connect to the API server: {what}"
        ))
    })
}

/// `DnsName("a.example")` is `a.example`.
fn plain(name: &str) -> &str {
    let inner = name.split_once('(').map_or(name, |(_, inner)| inner);
    inner.trim_end_matches(')').trim_matches('"')
}

/// An address for messages.
fn address(uri: &Uri) -> String {
    shown(&uri.to_string()).trim_end_matches('/').to_owned()
}

const BLIND: &str = "--insecure-skip-tls-verify does without, but then anybody in between can read along, credentials included";

/// What is said where nothing is known of the way.
pub(super) fn told(error: &(dyn StdError + 'static)) -> Failure {
    unreachable(innermost(error))
}

/// What to do about an answer, where its status alone says it.
pub(super) fn advise(failure: Failure, code: u16) -> Failure {
    let plain = failure.message.contains("HTTP request to an HTTPS server");
    match code {
        400 if plain => Failure {
            why: Why::Unreachable,
            ..failure.hint("the address of the server must start with https://")
        },
        429 => failure.hint("the API server is busy; try again later"),
        _ => failure,
    }
}

/// Whether a connection ended while an answer was awaited: then nobody knows what became of the request.
pub(super) fn was_cut(error: &(dyn StdError + 'static)) -> bool {
    let by_peer = find::<io::Error>(error).is_some_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof
        )
    });
    let unfinished = find::<hyper::Error>(error).is_some_and(|error| {
        error.is_incomplete_message() || error.is_closed() || error.is_canceled()
    });
    by_peer || unfinished || tells(error, "http2 error")
}

fn unreachable(message: String) -> Failure {
    Failure::new(Why::Unreachable, message)
}

/// The causes of an error, itself first. What a custom `io::Error` holds is none of its sources, but what it is.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let cause: &'a (dyn StdError + 'static) = next?;
        let held = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match held {
            Some(held) => Some(held),
            None => cause.source(),
        };
        Some(cause)
    })
}

/// The innermost cause of a type: outer ones only wrap.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<T>())
        .last()
}

fn tells(error: &(dyn StdError + 'static), what: &str) -> bool {
    causes(error).any(|cause| cause.to_string().starts_with(what))
}

/// The innermost cause says the most, the outer ones only name libraries.
fn innermost(error: &(dyn StdError + 'static)) -> String {
    let text = causes(error).last().map(ToString::to_string);
    visible(&text.unwrap_or_default()).into_owned()
}

fn seconds(limit: std::time::Duration) -> String {
    let seconds = limit.as_secs_f64();
    format!("{seconds} s")
}
