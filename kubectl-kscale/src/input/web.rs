//! Manifests from an address.

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
    read::all(name, response.into_body().into_reader(), 0)
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
    let (message, hint) = match error {
        ureq::Error::HostNotFound => (
            "no such host".to_owned(),
            "check the address and the name server",
        ),
        ureq::Error::Timeout(_) => (
            "the answer did not arrive in time".to_owned(),
            "try again, or download it first",
        ),
        ureq::Error::TooManyRedirects => (
            "redirected more than 5 times".to_owned(),
            "give the final address",
        ),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => (
            "this is no address".to_owned(),
            "it looks like https://host/path",
        ),
        ureq::Error::ConnectionFailed => (
            "the connection failed".to_owned(),
            "is the server there, or a proxy needed?",
        ),
        other => (
            format!("cannot be fetched: {other}"),
            "HTTPS_PROXY and NO_PROXY are honoured; behind a private certificate authority, download it first",
        ),
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
