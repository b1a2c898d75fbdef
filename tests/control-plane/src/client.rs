//! A small blocking client: JSON in, JSON out.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::time::Duration;
use ureq::http;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body};

use crate::Error;

/// No answer of a test's server takes that long.
const PATIENCE: Duration = Duration::from_secs(60);
/// A custom resource definition comes near to two megabytes; lists of thousands are larger.
const LIMIT: u64 = 1 << 30;

/// Asks a server in somebody's name.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    server: String,
    token: String,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body: JSON, or its text where it is none.
    pub body: Value,
}

impl Client {
    /// For a server whose certificate the authority signed.
    pub(crate) fn new(server: &str, authority: &str, token: &str) -> Result<Self, Error> {
        Ok(Self {
            agent: agent(Some(authority), Some(PATIENCE))?,
            server: server.to_owned(),
            token: token.to_owned(),
        })
    }

    /// For a server without TLS.
    pub(crate) fn plain(server: &str) -> Result<Self, Error> {
        Ok(Self {
            agent: agent(None, Some(PATIENCE))?,
            server: server.to_owned(),
            token: String::new(),
        })
    }

    /// One request. A status that tells of a failure is an answer too.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Error> {
        let what = format!("{method} {path}");
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.server))
            .header("accept", "application/json");
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let failed = |error: ureq::Error| Error::new(format!("{what}: {error}"));
        let response = match body {
            Some(body) => {
                let bytes = serde_json::to_vec(body).map_err(Error::of("write JSON"))?;
                let request = request.header("content-type", content_type).body(bytes);
                self.agent.run(request.map_err(Error::of(&what))?)
            }
            None => self.agent.run(request.body(()).map_err(Error::of(&what))?),
        };
        let mut response: http::Response<Body> = response.map_err(failed)?;
        let status = response.status().as_u16();
        let bytes = response.body_mut().with_config().limit(LIMIT).read_to_vec();
        let bytes = bytes.map_err(failed)?;
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into());
        Ok(Answer { status, body })
    }

    /// [`Client::send`], where anything but success is an error with the server's words.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        let answer = self.send(method, path, content_type, body)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        let said = match answer.body.get("message").and_then(Value::as_str) {
            Some(message) => message.to_owned(),
            None => answer.body.to_string(),
        };
        let status = answer.status;
        Err(Error::new(format!("{method} {path}: {status} {said}")))
    }

    /// The lines of an answer that goes on, such as a watch: one at a time, as they come. Ended by the server, or after a minute.
    pub fn lines(&self, path: &str) -> Result<impl BufRead + Send + use<>, Error> {
        let what = format!("GET {path}");
        let request = http::Request::builder()
            .uri(format!("{}{path}", self.server))
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {}", self.token))
            .body(());
        let response = self.agent.run(request.map_err(Error::of(&what))?);
        let response = response.map_err(|error| Error::new(format!("{what}: {error}")))?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(Error::new(format!("{what}: {status}")));
        }
        let body = response.into_body().into_with_config().limit(LIMIT);
        Ok(BufReader::new(body.reader()))
    }

    /// What stands under a path: `/api/v1/namespaces/default`.
    pub fn get(&self, path: &str) -> Result<Value, Error> {
        self.ask("GET", path, "", None)
    }
}

/// Proxies of the environment have no business on the loopback.
pub(crate) fn agent(authority: Option<&str>, patience: Option<Duration>) -> Result<Agent, Error> {
    let mut tls = TlsConfig::builder();
    if let Some(pem) = authority {
        let certificate = Certificate::from_pem(pem.as_bytes());
        let certificate = certificate.map_err(Error::of("read the authority's certificate"))?;
        tls = tls.root_certs(RootCerts::new_with_certs(&[certificate]));
    }
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .tls_config(tls.build())
        .timeout_global(patience)
        .build();
    Ok(config.new_agent())
}
