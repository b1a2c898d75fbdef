//! Why a request came to nothing, in words for people.

use std::fmt;

use http::StatusCode;

use super::trouble;
use crate::error::Error;
use crate::input::visible;

/// A request that came to nothing.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// What kind of failure it is.
    pub(crate) why: Why,
    /// What the API server or the network said.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hints: Vec<String>,
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

/// What a server says at most of why it refuses. A webhook may have much to say.
const LONGEST: usize = 4000;

impl From<kube::Error> for Failure {
    fn from(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) => Self::answered(status.code, &status.message),
            kube::Error::SerdeError(error) => Self::new(
                Why::Nonsense,
                format!("the answer is no JSON of Kubernetes: {error}"),
            ),
            // The transport's own errors are failures already.
            kube::Error::Service(error) => match error.downcast::<Self>() {
                Ok(failure) => *failure,
                Err(error) => trouble::told(error.as_ref()),
            },
            other => trouble::told(&other),
        }
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Failure {
    /// A failure without a word on what to do.
    pub(crate) fn new(why: Why, message: impl Into<String>) -> Self {
        Self {
            why,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// Adds a line that says what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// What an answer with an HTTP status says that is no success.
    pub(super) fn answered(code: u16, message: &str) -> Self {
        let why = Why::of_status(code);
        let line = message.lines().map(str::trim).find(|line| !line.is_empty());
        let message = match line {
            None => format!("the API server answered with status {code}"),
            Some(line) if line.starts_with('<') => {
                format!("status {code} and a page of HTML, which is no answer of an API server")
            }
            Some(_) => {
                let told: String = message.trim().chars().take(LONGEST).collect();
                visible(&told).into_owned()
            }
        };
        trouble::advise(Self::new(why, message), code)
    }

    /// The failure as an error of the whole command, which was about to do `what`.
    pub(crate) fn error(self, what: &str) -> Error {
        let message = format!("{what}: {}", self.message);
        let error = match self.why {
            Why::Forbidden | Why::Conflict | Why::Invalid => Error::refused(message),
            Why::Slow => Error::timed_out(message),
            _ => Error::cluster(message),
        };
        self.hints.into_iter().fold(error, Error::hint)
    }
}

impl super::Cluster {
    /// That nothing can be asked of this cluster. The failure names it.
    pub(crate) fn unusable(&self, failure: &Failure) -> Error {
        let message = failure.message.as_str();
        let hints = failure.hints.iter().cloned();
        let error = match failure.why {
            Why::Unauthorized => return hints.fold(Error::refused(message), Error::hint),
            Why::Slow => Error::timed_out(message),
            _ => Error::cluster(message),
        };
        hints
            .fold(error, Error::hint)
            .hint("--offline answers without a cluster, --facts FILE from a snapshot of one")
    }
}
