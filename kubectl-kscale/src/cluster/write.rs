//! Requests that change something, and come to the same when sent twice: they are sent again where the answer was lost, or
//! says nothing about the object. What the API server asks to send later (429) is sent again for all requests (`retry`).

use std::time::Duration;

use http::{Method, Request};
use kube::core::Status;
use serde_json::Value;

use super::{Cluster, Failure, Why};

/// Waits between attempts.
pub(super) const PAUSES: [Duration; 3] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
];

/// A request that came to nothing, with what the API server says of it in detail.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// In words.
    pub(crate) failure: Failure,
    /// As the API server put it; none where it said nothing.
    pub(crate) status: Option<Box<Status>>,
}

impl From<kube::Error> for Refused {
    fn from(error: kube::Error) -> Self {
        let status = match &error {
            kube::Error::Api(status) => Some(status.clone()),
            _ => None,
        };
        Self {
            failure: error.into(),
            status,
        }
    }
}

/// What to send.
pub(super) struct Write<'a> {
    /// The HTTP method.
    pub(super) method: Method,
    /// Path and query.
    pub(super) path: &'a str,
    /// What `body` is.
    pub(super) content_type: &'a str,
    /// JSON.
    pub(super) body: &'a Value,
}

impl Write<'_> {
    /// Whether it only met another change of the object. A patch holds however the object looks; a deletion was meant for the
    /// object that was looked at.
    fn meets(&self, refused: &Refused) -> bool {
        let details = refused
            .status
            .as_ref()
            .and_then(|status| status.details.as_ref());
        let about_fields = details.is_some_and(|details| !details.causes.is_empty());
        self.method == Method::PATCH && refused.failure.why == Why::Conflict && !about_fields
    }
}

impl Cluster {
    /// Sends `write`, again where the API server is broken or gone for a moment.
    pub(super) async fn write(&self, write: &Write<'_>) -> Result<Value, Refused> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let refused = match self.write_once(write).await {
                Ok(answer) => return Ok(answer),
                Err(refused) => refused,
            };
            let lost = matches!(refused.failure.why, Why::Server | Why::Unreachable);
            let again = lost || write.meets(&refused);
            let Some(pause) = pauses.next().filter(|_| again) else {
                return Err(refused);
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Sends `write` once.
    pub(super) async fn write_once(&self, write: &Write<'_>) -> Result<Value, Refused> {
        let nonsense = |message: String| Refused {
            failure: Failure::new(Why::Nonsense, message),
            status: None,
        };
        let body = serde_json::to_vec(write.body).map_err(|error| nonsense(error.to_string()))?;
        let request = Request::builder()
            .method(&write.method)
            .uri(write.path)
            .header(http::header::ACCEPT, "application/json")
            .header(http::header::CONTENT_TYPE, write.content_type)
            .body(body)
            .map_err(|error| nonsense(error.to_string()))?;
        Ok(self.client.request(request).await?)
    }
}

impl Why {
    /// Whether the same request may be answered otherwise in a moment.
    pub(crate) fn is_passing(self) -> bool {
        matches!(
            self,
            Self::TooMany | Self::Server | Self::Slow | Self::Unreachable
        )
    }
}
