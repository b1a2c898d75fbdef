//! Which requests are sent again, and when.
//!
//! Not kube's own policy: that one sends a write again after a 503 or 504, and waits for as long as the server likes.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

/// How often a request is sent again: what `client-go` does where the server says when.
const MOST: u32 = 10;

/// How often where it does not say so, or is not heard at all.
const BLIND: u32 = 4;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Went {
    /// It was answered; the server may have said when to come again.
    Answered(StatusCode, Option<Duration>),
    /// The connection ended before an answer.
    Cut,
    /// There was no connection.
    Lost,
}

/// The attempts at one request.
#[derive(Debug)]
pub(super) struct Attempts {
    reads: bool,
    made: u32,
}

impl Attempts {
    /// None yet.
    pub(super) fn of(method: &Method) -> Self {
        Self {
            reads: method.is_safe(),
            made: 0,
        }
    }

    /// How long to wait before the next attempt; none where this was the last one. A write is sent again only after 429, which says
    /// that nothing was done.
    pub(super) fn pause(&mut self, went: Went) -> Option<Duration> {
        let (again, asked) = match went {
            Went::Answered(StatusCode::TOO_MANY_REQUESTS, asked) => (true, asked),
            Went::Answered(
                StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT,
                asked,
            ) => (self.reads, asked),
            Went::Cut => (self.reads, None),
            Went::Answered(..) | Went::Lost => (false, None),
        };
        let most = if asked.is_some() { MOST } else { BLIND };
        if !again || self.made >= most {
            return None;
        }
        let backoff = FIRST_PAUSE
            .saturating_mul(1 << self.made.min(16))
            .min(LONGEST_PAUSE);
        self.made += 1;
        Some(asked.map_or(backoff, |asked| asked.max(backoff)))
    }
}

/// What `Retry-After` asks for, in seconds; a date is not what API servers send.
pub(super) fn asked(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSY: StatusCode = StatusCode::TOO_MANY_REQUESTS;
    const AWAY: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

    fn pauses(method: &Method, went: Went) -> Vec<u128> {
        let mut attempts = Attempts::of(method);
        let pauses = std::iter::from_fn(|| attempts.pause(went));
        pauses.take(100).map(|pause| pause.as_millis()).collect()
    }

    #[test]
    fn pauses_grow_and_attempts_end() {
        assert_eq!(
            pauses(&Method::GET, Went::Answered(AWAY, None)),
            [100, 200, 400, 800]
        );
        assert_eq!(pauses(&Method::GET, Went::Cut), [100, 200, 400, 800]);
        let asked = Some(Duration::from_secs(1));
        let pauses = pauses(&Method::GET, Went::Answered(BUSY, asked));
        assert_eq!(
            pauses,
            [1000, 1000, 1000, 1000, 1600, 3200, 5000, 5000, 5000, 5000]
        );
    }

    #[test]
    fn a_write_is_sent_again_only_where_nothing_was_done() {
        for method in [Method::POST, Method::PATCH, Method::PUT, Method::DELETE] {
            assert!(!pauses(&method, Went::Answered(BUSY, None)).is_empty());
            for went in [
                Went::Answered(AWAY, None),
                Went::Answered(AWAY, Some(FIRST_PAUSE)),
                Went::Cut,
            ] {
                assert!(pauses(&method, went).is_empty(), "{method} {went:?}");
            }
        }
    }

    #[test]
    fn an_answer_that_will_not_change_and_a_server_that_is_not_there_end_it() {
        for status in [200, 400, 401, 403, 404, 409, 500] {
            let status = StatusCode::from_u16(status).unwrap();
            assert!(
                pauses(&Method::GET, Went::Answered(status, None)).is_empty(),
                "{status}"
            );
        }
        assert!(pauses(&Method::GET, Went::Lost).is_empty());
    }

    #[test]
    fn the_server_asks_in_seconds() {
        let header = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(http::header::RETRY_AFTER, value.parse().unwrap());
            asked(&headers)
        };
        assert_eq!(header("7"), Some(Duration::from_secs(7)));
        assert_eq!(header("Wed, 21 Oct 2015 07:28:00 GMT"), None);
        assert_eq!(header("99999999999999999999"), None);
        assert_eq!(asked(&HeaderMap::new()), None);
    }
}
