//! Why a request came to nothing, in words for people.

use http::StatusCode;

use crate::error::Error;
use crate::input::visible;

/// A request that came to nothing.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// What kind of failure it is.
    pub(crate) why: Why,
    /// What the API server or the network said.
    pub(crate) message: String,
}

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// 404: the object, or its API, is not there.
    Absent,
    /// 403: the caller may not.
    Forbidden,
    /// 401: the API server does not know the caller.
    Unauthorized,
    /// 409: somebody else was faster, or the object exists.
    Conflict,
    /// 410: what was to be continued is too old.
    Gone,
    /// 400 and 422, and what a webhook denies.
    Invalid,
    /// 429: too many requests.
    TooMany,
    /// 5xx.
    Server,
    /// No answer in time.
    Slow,
    /// No answer at all.
    Unreachable,
    /// An answer that is none.
    Nonsense,
}

impl Why {
    /// What an HTTP status means.
    pub(crate) fn of_status(code: u16) -> Self {
        match StatusCode::from_u16(code) {
            Ok(StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) => Self::Absent,
            Ok(StatusCode::FORBIDDEN) => Self::Forbidden,
            Ok(StatusCode::UNAUTHORIZED) => Self::Unauthorized,
            Ok(StatusCode::CONFLICT) => Self::Conflict,
            Ok(StatusCode::GONE) => Self::Gone,
            Ok(StatusCode::TOO_MANY_REQUESTS) => Self::TooMany,
            Ok(StatusCode::GATEWAY_TIMEOUT) => Self::Slow,
            Ok(status) if status.is_server_error() => Self::Server,
            Ok(status) if status.is_client_error() => Self::Invalid,
            _ => Self::Nonsense,
        }
    }
}

impl From<kube::Error> for Failure {
    fn from(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) => Self {
                why: Why::of_status(status.code),
                message: visible(&status.message).into_owned(),
            },
            kube::Error::SerdeError(error) => Self {
                why: Why::Nonsense,
                message: format!("the answer is no JSON of Kubernetes: {error}"),
            },
            other => Self {
                why: Why::Unreachable,
                message: visible(&causes(&other)).into_owned(),
            },
        }
    }
}

/// The innermost cause says the most, the outer ones only name libraries.
fn causes(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

impl Failure {
    /// The failure as an error of the whole command, which was about to do `what`.
    pub(crate) fn error(self, what: &str) -> Error {
        let message = format!("{what}: {}", self.message);
        match self.why {
            Why::Forbidden | Why::Conflict | Why::Invalid => Error::refused(message),
            Why::Slow => Error::timed_out(message),
            _ => Error::cluster(message),
        }
    }
}

impl super::Cluster {
    /// That nothing can be asked of this cluster.
    pub(crate) fn unusable(&self, failure: &Failure) -> Error {
        let server = self.server();
        match failure.why {
            Why::Unauthorized => {
                Error::refused(format!("{server} does not know you: {}", failure.message))
                    .hint("log in again; kubectl auth whoami says as whom kubectl is known")
            }
            _ => Error::cluster(format!("{server} does not answer: {}", failure.message))
                .hint("--offline answers without a cluster, --facts FILE from a snapshot of one"),
        }
    }
}
