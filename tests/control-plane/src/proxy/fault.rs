//! What the proxy can do wrong, and when.

use std::time::Duration;

/// Which requests a fault is for.
#[derive(Clone, Debug)]
pub struct When {
    method: Option<String>,
    path: String,
    skip: usize,
    times: usize,
}

impl When {
    /// Requests of a method with these words in their path, query included: `When::asked("GET", "/configmaps/")`.
    pub fn asked(method: &str, path: &str) -> Self {
        Self {
            method: Some(method.to_owned()),
            ..Self::any(path)
        }
    }

    /// Requests of any method with these words in their path, query included.
    pub fn any(path: &str) -> Self {
        Self {
            method: None,
            path: path.to_owned(),
            skip: 0,
            times: usize::MAX,
        }
    }

    /// Lets the first ones through.
    #[must_use]
    pub fn after(self, skip: usize) -> Self {
        Self { skip, ..self }
    }

    /// Only so often.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// Whether this request is one; each that could be is counted.
    pub(super) fn takes(&mut self, method: &str, path: &str) -> bool {
        let other = self.method.as_deref().is_some_and(|ours| ours != method);
        if other || !path.contains(&self.path) || self.times == 0 {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.times -= 1;
        true
    }
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The status of a failure, said as an API server says it: 403, 404, 409, 410, 500, 503 …
    Status(u16),
    /// 429, with the seconds of a Retry-After.
    TooMany(u32),
    /// 404 in plain text: an API that is not served.
    NoSuchApi,
    /// The connection ends before the API server hears of the request.
    DropBefore,
    /// The API server does what it is asked, and the connection ends instead of the answer.
    DropAfter,
    /// The answer comes so much later.
    Slow(Duration),
    /// So many bytes of the answer's body, and the connection ends.
    Truncated(usize),
    /// So many lines of a stream, and it ends in good order.
    EndsAfter(usize),
    /// So many lines of a stream, and the connection is lost.
    CutAfter(usize),
    /// A watch that begins, and tells that what it was to go on from is too old.
    WatchExpired,
    /// Success, with a body of one's own.
    Answer(String),
    /// A status with a body of one's own, as a proxy or load balancer on the way would answer.
    Foreign(u16, String),
}

/// What an API server says beside a status: reason and message.
pub(super) fn words(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("BadRequest", "the proxy makes this request a bad one"),
        401 => ("Unauthorized", "Unauthorized"),
        403 => ("Forbidden", "the proxy forbids this request"),
        404 => ("NotFound", "the proxy finds nothing"),
        409 => (
            "Conflict",
            "the object has been modified; please apply your changes to the latest version and try again",
        ),
        410 => (
            "Expired",
            "The resourceVersion for the provided watch is too old.",
        ),
        422 => ("Invalid", "the proxy makes this object an invalid one"),
        429 => (
            "TooManyRequests",
            "Too many requests, please try again later.",
        ),
        500 => (
            "InternalError",
            "Internal error occurred: the proxy makes one",
        ),
        503 => (
            "ServiceUnavailable",
            "the server is currently unable to handle the request",
        ),
        504 => (
            "Timeout",
            "the server was unable to return a response in the time allotted",
        ),
        _ => ("Unknown", "the proxy makes this request fail"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_only_what_it_is_for() {
        let mut when = When::asked("GET", "/pods").after(1).times(2);
        let mut takes = |method: &str, path: &str| when.takes(method, path);
        assert!(!takes("POST", "/api/v1/namespaces/a/pods"));
        assert!(!takes("GET", "/api/v1/namespaces/a/services"));
        assert!(!takes("GET", "/api/v1/namespaces/a/pods"), "let through");
        assert!(takes("GET", "/api/v1/namespaces/a/pods"));
        assert!(takes("GET", "/api/v1/pods?limit=5"));
        assert!(!takes("GET", "/api/v1/pods"), "more than twice");
    }
}
