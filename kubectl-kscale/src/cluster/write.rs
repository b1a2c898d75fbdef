//! Requests that change something, and are the same when sent twice: they are sent again where the first answer says
//! nothing about the object.

use std::time::Duration;

use http::{Method, Request};
use kube::core::Status;
use serde_json::Value;

use super::{Cluster, Failure, Why};

/// Waits between attempts: an API server that restarts is back within them.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];
/// The longest wait that an API server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

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
    /// Sends `write`, again where the API server is overloaded, broken or gone for a moment.
    pub(super) async fn write(&self, write: &Write<'_>) -> Result<Value, Refused> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let refused = match self.write_once(write).await {
                Ok(answer) => return Ok(answer),
                Err(refused) => refused,
            };
            let again = is_passing(refused.failure.why) || write.meets(&refused);
            let Some(pause) = pauses.next().filter(|_| again) else {
                return Err(refused);
            };
            let asked = refused.status.as_ref().and_then(|status| {
                let seconds = status.details.as_ref()?.retry_after_seconds;
                (seconds > 0).then(|| Duration::from_secs(seconds.into()))
            });
            tokio::time::sleep(asked.unwrap_or(pause).min(LONGEST_PAUSE)).await;
        }
    }

    async fn write_once(&self, write: &Write<'_>) -> Result<Value, Refused> {
        let nonsense = |message: String| Refused {
            failure: Failure {
                why: Why::Nonsense,
                message,
                hints: Vec::new(),
            },
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

/// Whether the same request may be answered otherwise in a moment.
pub(super) fn is_passing(why: Why) -> bool {
    matches!(
        why,
        Why::TooMany | Why::Server | Why::Slow | Why::Unreachable
    )
}
