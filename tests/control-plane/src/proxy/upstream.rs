//! The real API server, asked in the caller's name.

use std::io::{Error, Result};
use std::time::Duration;
use ureq::http::{self, Response};
use ureq::{Agent, Body};

use super::answer::Upstream;
use super::message::Request;

/// Headers of one connection, which mean nothing on the next; and what would have the answer compressed, because a fault may
/// have to count its lines.
const OF_THE_CONNECTION: [&str; 8] = [
    "connection",
    "keep-alive",
    "transfer-encoding",
    "content-length",
    "accept-encoding",
    "host",
    "upgrade",
    "te",
];

/// Sends the request on.
pub(super) fn ask(upstream: &Upstream, request: &Request) -> Result<Response<Body>> {
    let Upstream {
        agent,
        server,
        token,
    } = upstream;
    let mut builder = http::Request::builder()
        .method(request.method.as_str())
        .uri(format!("{server}{}", request.path));
    for (name, value) in &request.headers {
        if !OF_THE_CONNECTION.contains(&name.as_str()) {
            builder = builder.header(name, value);
        }
    }
    if request.header("authorization").is_none() {
        builder = builder.header("authorization", format!("Bearer {token}"));
    }
    let response = if request.body.is_empty() {
        agent.run(builder.body(()).map_err(Error::other)?)
    } else {
        let request = builder.body(request.body.clone()).map_err(Error::other)?;
        let configured = agent.configure_request(request);
        // Kubernetes' clients send options in the body of a DELETE.
        agent.run(configured.allow_non_standard_methods(true).build())
    };
    response.map_err(Error::other)
}

/// The headers of an answer that go on to the caller.
pub(super) fn headers(response: &Response<Body>) -> Vec<(String, String)> {
    let headers = response.headers().iter().filter_map(|(name, value)| {
        let name = name.as_str();
        if OF_THE_CONNECTION.contains(&name) || name == "content-encoding" {
            return None;
        }
        Some((name.to_owned(), value.to_str().ok()?.to_owned()))
    });
    headers.collect()
}

/// An agent that waits as long as a watch lasts.
pub(super) fn agent(authority: &str) -> std::result::Result<Agent, crate::Error> {
    crate::client::agent(Some(authority), None::<Duration>)
}
