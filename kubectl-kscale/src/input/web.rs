//! Manifests from an address.

use std::io::{self, Read};
use std::time::Duration;

use ureq::Agent;

use super::problem::{Problem, ProblemKind};
use super::read;

/// The body behind an `http://` or `https://` address. Bounded in time, in size (after decompression) and in redirects.
pub(super) fn get(name: &str, address: &str) -> Result<Vec<u8>, Problem> {
    let agent: Agent = Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_global(Some(Duration::from_secs(60)))
        .max_redirects(5)
        .http_status_as_error(false)
        .user_agent(concat!("kubectl-kscale/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let response = agent
        .get(address)
        .call()
        .map_err(|error| failed(name, &error))?;
    let status = response.status();
    if !status.is_success() {
        let problem = Problem::of_source(
            name,
            ProblemKind::Network,
            format!("the server answered {status}"),
        );
        return Err(match status.as_u16() {
            401 | 403 => problem.hint("the address needs a login; download it and give the file"),
            404 | 410 => problem.hint(
                "check the address; for a file on GitHub, take the one of its \"Raw\" button",
            ),
            _ => problem,
        });
    }
    let bytes = read::all(name, Body(response.into_body().into_reader()), 0)?;
    if is_page(&bytes) {
        return Err(a_page(name));
    }
    Ok(bytes)
}

/// The body of an answer, whose errors say by their kind what happened.
struct Body<R>(R);

impl<R: Read> Read for Body<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
            match inner {
                Some(ureq::Error::Timeout(_)) => io::ErrorKind::TimedOut.into(),
                _ => error,
            }
        })
    }
}

/// Whether this is what a browser shows: a login page, or the page around a file. No manifest starts so.
fn is_page(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    [&b"<!doctype"[..], b"<html", b"<?xml"].iter().any(|start| {
        text.get(..start.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(start))
    })
}

fn a_page(name: &str) -> Problem {
    Problem::of_source(
        name,
        ProblemKind::Network,
        "the answer is a web page, not a manifest",
    )
    .hint("for a file on GitHub, take the address of its \"Raw\" button; behind a login, download it first")
}

/// What stands in the way while the network is not to be used.
pub(super) fn offline(name: &str) -> Problem {
    Problem::of_source(
        name,
        ProblemKind::Network,
        "this address needs the network, but --offline was given",
    )
    .hint("download it and give the file, or leave out --offline")
}

fn failed(name: &str, error: &ureq::Error) -> Problem {
    let problem = |message: &str| Problem::of_source(name, ProblemKind::Network, message);
    match error {
        ureq::Error::HostNotFound => no_host(name),
        ureq::Error::Timeout(_) => read::failed(name, &io::ErrorKind::TimedOut.into()),
        ureq::Error::TooManyRedirects => {
            problem("redirected more than 5 times").hint("give the final address")
        }
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            problem("this is no address").hint("it looks like https://host/path")
        }
        ureq::Error::ConnectionFailed => {
            problem("the connection failed").hint("is the server there, or a proxy needed?")
        }
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
            problem(&format!("what answers does not speak HTTP: {error}"))
                .hint("check host, port and scheme of the address")
        }
        ureq::Error::Io(error) => not_connected(name, error),
        other => problem(&format!("cannot be fetched: {other}")).hint(BEHIND),
    }
}

const BEHIND: &str = "HTTPS_PROXY and NO_PROXY are honoured; behind a private certificate authority, download it first";

fn no_host(name: &str) -> Problem {
    Problem::of_source(name, ProblemKind::Network, "no such host")
        .hint("check the address and the name server")
}

/// What the system, or TLS on top of it, says of a connection that does not come about.
fn not_connected(name: &str, error: &io::Error) -> Problem {
    let reason = read::reason(error);
    // The standard library has no kind for it, only these words.
    if reason.starts_with("failed to lookup address") {
        return no_host(name);
    }
    let (message, hint) = match error.kind() {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable => (
            format!("the connection failed: {reason}"),
            "is the server there, or a proxy needed?",
        ),
        io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof => (
            format!("the server hung up: {reason}"),
            "check host, port and scheme of the address",
        ),
        _ => (format!("cannot be fetched: {reason}"), BEHIND),
    };
    Problem::of_source(name, ProblemKind::Network, message).hint(hint)
}

/// The address without the login in it, for showing.
pub(super) fn without_login(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..host_end].rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => address.to_owned(),
    }
}
