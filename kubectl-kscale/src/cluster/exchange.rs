//! One request and its answer: in time, sent again where that helps, over one connection.

use std::sync::Arc;
use std::time::Duration;

use http::response::Parts;
use http::{Request, Response, StatusCode};
use hyper_util::client::legacy::connect::capture_connection;
use kube::client::Body;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

use super::Failure;
use super::plugin::Plugin;
use super::retry::{self, Attempts, Went};
use super::trouble::{Way, was_cut};

/// What a request goes through before it reaches the network.
pub(super) struct Exchange {
    /// Sends one request once.
    pub(super) sender: kube::Client,
    /// Where the credentials come from, if from a plugin.
    pub(super) plugin: Option<Plugin>,
    /// How long one request may take with all its attempts; none waits for ever.
    pub(super) limit: Option<Duration>,
    /// What is known of the way.
    pub(super) way: Way,
    /// Whether there was a connection already.
    pub(super) connected: Mutex<bool>,
}

impl Exchange {
    /// The client that others use.
    pub(super) fn client(self, namespace: String) -> kube::Client {
        let exchange = Arc::new(self);
        let service = tower::service_fn(move |request| {
            let exchange = Arc::clone(&exchange);
            async move { exchange.answer(request).await }
        });
        kube::Client::new(service, namespace)
    }

    async fn answer(&self, request: Request<Body>) -> Result<Response<Body>, Failure> {
        let Some(limit) = self.limit else {
            return self.attempts(request, None).await;
        };
        let end = Instant::now() + limit;
        let answer = timeout(limit, self.attempts(request, Some(end))).await;
        answer.unwrap_or_else(|_| Err(self.way.slow(Some(limit))))
    }

    async fn attempts(
        &self,
        request: Request<Body>,
        end: Option<Instant>,
    ) -> Result<Response<Body>, Failure> {
        let (mut parts, mut body) = request.into_parts();
        let mut attempts = Attempts::of(&parts.method);
        let watches = watches(&parts.uri);
        if let Some(plugin) = &self.plugin
            && let Some(header) = plugin.header().await?
        {
            parts.headers.insert(http::header::AUTHORIZATION, header);
        }
        loop {
            let spare = body.try_clone();
            let answer = self
                .once(Request::from_parts(parts.clone(), body), watches)
                .await;
            let went = match &answer {
                Ok(Answer::Stream(_)) => return self.told(answer),
                Ok(Answer::Whole(parts, _)) => {
                    Went::Answered(parts.status, retry::asked(&parts.headers))
                }
                Err(error) if was_cut(error) => Went::Cut,
                Err(_) => Went::Lost,
            };
            let pause = attempts.pause(went);
            // A pause that ends too late is none: what the server said last is the better answer.
            let pause = pause.filter(|pause| end.is_none_or(|end| Instant::now() + *pause < end));
            let (Some(pause), Some(spare)) = (pause, spare) else {
                return self.told(answer);
            };
            sleep(pause).await;
            body = spare;
        }
    }

    /// What came in the end, as the API server said it or in words of our own.
    fn told(&self, answer: Result<Answer, kube::Error>) -> Result<Response<Body>, Failure> {
        let answer = answer.map_err(|error| self.way.failure(error))?;
        match answer {
            Answer::Stream(answer) => Ok(answer),
            Answer::Whole(parts, _) if parts.status == StatusCode::UNAUTHORIZED => {
                Err(self.way.unknown_caller())
            }
            // Not the API server's words: those of something on the way to it, or of a server that is none.
            Answer::Whole(parts, body) if is_failure(parts.status) && !is_status(&body) => Err(
                Failure::answered(parts.status.as_u16(), &String::from_utf8_lossy(&body)),
            ),
            Answer::Whole(parts, body) => Ok(Response::from_parts(parts, Body::from(body))),
        }
    }

    /// The whole answer, or of a watch that began its head: what follows has no end to wait for.
    async fn once(&self, request: Request<Body>, watches: bool) -> Result<Answer, kube::Error> {
        let answer = self.send(request).await?;
        if watches && !is_failure(answer.status()) {
            return Ok(Answer::Stream(answer));
        }
        let (parts, body) = answer.into_parts();
        Ok(Answer::Whole(parts, body.collect_bytes().await?.into()))
    }

    /// Lets the first request connect before others follow. The pool learns only from a connection that it carries many requests;
    /// until then it opens one for each, with a handshake each.
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>, kube::Error> {
        let mut connected = self.connected.lock().await;
        if *connected {
            drop(connected);
            return self.sender.send(request).await;
        }
        let mut connection = capture_connection(&mut request);
        let answer = self.sender.send(request);
        tokio::pin!(answer);
        tokio::select! {
            biased;
            answer = &mut answer => {
                *connected = answer.is_ok();
                return answer;
            }
            _ = connection.wait_for_connection_metadata() => *connected = true,
        }
        drop(connected);
        answer.await
    }
}

/// An answer.
enum Answer {
    Whole(Parts, Vec<u8>),
    Stream(Response<Body>),
}

fn is_failure(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

fn is_status(body: &[u8]) -> bool {
    let read = serde_json::from_slice::<Value>(body);
    read.is_ok_and(|object| object["kind"] == "Status")
}

fn watches(uri: &http::Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    query
        .split('&')
        .any(|pair| matches!(pair, "watch=true" | "watch=1" | "follow=true"))
}

#[cfg(test)]
#[path = "exchange_tests.rs"]
mod tests;
