//! The answer to one request, right or wrong.

use serde_json::json;
use std::io::{BufRead as _, BufReader, Error, Read, Result, Write};
use std::time::Duration;
use ureq::http::Response;
use ureq::{Agent, Body};

use super::fault::{Fault, words};
use super::message::{Request, write_chunk, write_head, write_whole};
use super::upstream;

/// Where right answers come from.
pub(super) struct Upstream {
    pub(super) agent: Agent,
    pub(super) server: String,
    /// For callers that prove nothing: kubectl keeps its token to itself where there is no TLS.
    pub(super) token: String,
}

impl Upstream {
    fn ask(&self, request: &Request) -> Result<Response<Body>> {
        upstream::ask(self, request)
    }
}

/// Writes an answer. An error ends the connection, and some faults are just that.
pub(super) fn answer(
    to: &mut impl Write,
    request: &Request,
    fault: Option<Fault>,
    upstream: &Upstream,
) -> Result<()> {
    match fault {
        None => pass(to, upstream.ask(request)?, Until::End),
        Some(Fault::Status(status)) => fail(to, status, &[]),
        Some(Fault::TooMany(seconds)) => {
            fail(to, 429, &[("retry-after".to_owned(), seconds.to_string())])
        }
        Some(Fault::NoSuchApi) => {
            let headers = [content_type("text/plain; charset=utf-8")];
            write_whole(to, 404, &headers, b"404 page not found\n")
        }
        Some(Fault::DropBefore) => Err(dropped()),
        Some(Fault::DropAfter) => {
            // Not before all of it has come is it sure that it was done.
            upstream
                .ask(request)?
                .body_mut()
                .as_reader()
                .read_to_end(&mut Vec::new())?;
            Err(dropped())
        }
        Some(Fault::Slow(time)) => {
            let response = upstream.ask(request)?;
            std::thread::sleep(time);
            pass(to, response, Until::End)
        }
        Some(Fault::Truncated(bytes)) => truncate(to, upstream.ask(request)?, bytes),
        Some(Fault::EndsAfter(lines)) => pass(to, upstream.ask(request)?, Until::Line(lines)),
        Some(Fault::CutAfter(lines)) => {
            pass(to, upstream.ask(request)?, Until::CutAtLine(lines))?;
            Err(dropped())
        }
        Some(Fault::WatchExpired) => {
            let event = json!({ "type": "ERROR", "object": status_of(410) });
            write_head(
                to,
                200,
                &[content_type("application/json")],
                "transfer-encoding: chunked",
            )?;
            write_chunk(to, format!("{event}\n").as_bytes())?;
            write_chunk(to, b"")
        }
        Some(Fault::Answer(body)) => write_whole(
            to,
            200,
            &[content_type("application/json")],
            body.as_bytes(),
        ),
        Some(Fault::Foreign(status, body)) => {
            write_whole(to, status, &[content_type("text/html")], body.as_bytes())
        }
    }
}

/// How far a right answer goes.
#[derive(Clone, Copy)]
enum Until {
    End,
    Line(usize),
    CutAtLine(usize),
}

/// Passes an answer on as it comes: a watch's events must not wait for the next.
fn pass(to: &mut impl Write, response: Response<Body>, until: Until) -> Result<()> {
    let headers = upstream::headers(&response);
    write_head(
        to,
        response.status().as_u16(),
        &headers,
        "transfer-encoding: chunked",
    )?;
    to.flush()?;
    // Nothing is to be compared with a limit: a test's own server is at the other end.
    let mut body = response
        .into_body()
        .into_with_config()
        .limit(u64::MAX)
        .reader();
    match until {
        Until::End => {
            let mut bytes = vec![0; 1 << 16];
            loop {
                match body.read(&mut bytes)? {
                    0 => return write_chunk(to, b""),
                    count => write_chunk(to, &bytes[..count])?,
                }
            }
        }
        Until::Line(lines) => {
            pass_lines(to, body, lines)?;
            write_chunk(to, b"")
        }
        Until::CutAtLine(lines) => pass_lines(to, body, lines),
    }
}

fn pass_lines(to: &mut impl Write, body: impl Read, lines: usize) -> Result<()> {
    let mut body = BufReader::new(body);
    for _ in 0..lines {
        let mut line = Vec::new();
        if body.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        write_chunk(to, &line)?;
    }
    Ok(())
}

fn truncate(to: &mut impl Write, mut response: Response<Body>, bytes: usize) -> Result<()> {
    let headers = upstream::headers(&response);
    let status = response.status().as_u16();
    let mut body = Vec::new();
    response.body_mut().as_reader().read_to_end(&mut body)?;
    write_head(
        to,
        status,
        &headers,
        &format!("content-length: {}", body.len()),
    )?;
    to.write_all(&body[..bytes.min(body.len())])?;
    to.flush()?;
    // What was written must arrive before the end does.
    std::thread::sleep(Duration::from_millis(20));
    Err(dropped())
}

fn fail(to: &mut impl Write, status: u16, more: &[(String, String)]) -> Result<()> {
    let mut headers = vec![content_type("application/json")];
    headers.extend_from_slice(more);
    write_whole(
        to,
        status,
        &headers,
        status_of(status).to_string().as_bytes(),
    )
}

fn status_of(code: u16) -> serde_json::Value {
    let (reason, message) = words(code);
    json!({
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code,
    })
}

fn content_type(value: &str) -> (String, String) {
    ("content-type".to_owned(), value.to_owned())
}

fn dropped() -> Error {
    Error::other("dropped on purpose")
}
