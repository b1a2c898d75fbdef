//! `-v`: what is asked and how it is answered, on standard error. In the spirit of kubectl's levels: from 6 on a line a
//! request, from 7 on the headers sent, from 8 on those received. Bodies hold secrets, and are never shown.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

use http::{HeaderMap, Request, Response, StatusCode};

use super::config::proxy::shown;
use crate::input::visible;

const LINES: u8 = 6;
const REQUEST_HEADERS: u8 = 7;
const RESPONSE_HEADERS: u8 = 8;

/// How much is said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Log(pub(super) u8);

/// A request under way.
pub(super) struct Entry {
    level: u8,
    line: String,
    sent: String,
    began: Instant,
}

impl Log {
    /// Notes what is asked; nothing where nothing is to be said.
    pub(super) fn begin<B>(self, request: &Request<B>) -> Option<Entry> {
        if self.0 < LINES {
            return None;
        }
        let url = shown(&request.uri().to_string());
        let mut sent = String::new();
        if self.0 >= REQUEST_HEADERS {
            headers(&mut sent, "> ", request.headers());
        }
        Some(Entry {
            level: self.0,
            line: format!("{} {}", request.method(), visible(&url)),
            sent,
            began: Instant::now(),
        })
    }
}

impl Entry {
    /// Says how it was answered.
    pub(super) fn answered<B>(self, response: &Response<B>) {
        let status = response.status();
        let received = (self.level >= RESPONSE_HEADERS).then(|| response.headers());
        self.say(&told(status), received);
    }

    /// Says that it was not.
    pub(super) fn failed(self) {
        self.say("no answer", None);
    }

    fn say(self, how: &str, received: Option<&HeaderMap>) {
        let millis = self.began.elapsed().as_millis();
        let mut text = format!("{} {how} in {millis} milliseconds\n", self.line);
        text.push_str(&self.sent);
        if let Some(received) = received {
            headers(&mut text, "< ", received);
        }
        // Whoever closed standard error does not want to know.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

fn told(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{} {reason}", status.as_u16())
        .trim_end()
        .to_owned()
}

fn headers(text: &mut String, mark: &str, headers: &HeaderMap) {
    for (name, value) in headers {
        let value = if is_secret(name.as_str()) || value.is_sensitive() {
            masked(value.to_str().unwrap_or_default())
        } else {
            visible(&String::from_utf8_lossy(value.as_bytes())).into_owned()
        };
        let _ = writeln!(text, "{mark}{name}: {value}");
    }
}

fn is_secret(name: &str) -> bool {
    matches!(
        name,
        "authorization" | "proxy-authorization" | "cookie" | "set-cookie" | "www-authenticate"
    )
}

/// The scheme may be known, what follows it not.
fn masked(value: &str) -> String {
    let scheme = value.split(' ').next().unwrap_or_default();
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "basic" | "negotiate" => format!("{scheme} <masked>"),
        _ => "<masked>".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request<()> {
        let request = Request::get("https://joe:pw@k8s:6443/version?x=1");
        let request = request.header("authorization", "Bearer SECRET");
        let request = request.header("impersonate-user", "boss");
        request.header("cookie", "SECRET").body(()).unwrap()
    }

    #[test]
    fn levels_say_more_and_more() {
        assert!(Log(5).begin(&request()).is_none());
        let lines = Log(6).begin(&request()).unwrap();
        assert_eq!(lines.line, "GET https://k8s:6443/version?x=1");
        assert_eq!(lines.sent, "");
        let more = Log(9).begin(&request()).unwrap();
        assert_eq!(
            more.sent,
            "> authorization: Bearer <masked>\n> impersonate-user: boss\n> cookie: <masked>\n"
        );
    }

    #[test]
    fn a_secret_is_masked_whatever_it_looks_like() {
        assert_eq!(masked("Basic am9lOnB3"), "Basic <masked>");
        assert_eq!(masked("SECRET"), "<masked>");
        assert_eq!(masked(""), "<masked>");
    }
}
