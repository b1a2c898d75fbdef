//! HTTP/1.1 as far as a test's clients speak it.

use std::io::{BufRead, Error, ErrorKind, Read as _, Result, Write};

/// One request, read to its end.
pub(super) struct Request {
    pub(super) method: String,
    /// With its query.
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// The next one of a connection; None where the client has gone.
    pub(super) fn read(from: &mut impl BufRead) -> Result<Option<Self>> {
        let Some(first) = line(from)?.filter(|line| !line.is_empty()) else {
            return Ok(None);
        };
        let mut words = first.split(' ');
        let (Some(method), Some(path)) = (words.next(), words.next()) else {
            return Err(malformed(&first));
        };
        let mut headers = Vec::new();
        while let Some(header) = line(from)?.filter(|line| !line.is_empty()) {
            let (name, value) = header.split_once(':').ok_or_else(|| malformed(&header))?;
            headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
        let mut request = Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers,
            body: Vec::new(),
        };
        request.read_body(from)?;
        Ok(Some(request))
    }

    /// The value of a header, named in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    fn read_body(&mut self, from: &mut impl BufRead) -> Result<()> {
        if self
            .header("transfer-encoding")
            .is_some_and(|value| value.contains("chunked"))
        {
            loop {
                let size = line(from)?.unwrap_or_default();
                let digits = size.split(';').next().unwrap_or_default().trim();
                let size = u64::from_str_radix(digits, 16).map_err(|_| malformed(&size))?;
                from.take(size).read_to_end(&mut self.body)?;
                line(from)?;
                if size == 0 {
                    return Ok(());
                }
            }
        }
        let length = self
            .header("content-length")
            .and_then(|value| value.parse().ok());
        from.take(length.unwrap_or(0)).read_to_end(&mut self.body)?;
        Ok(())
    }
}

/// Writes an answer whose body is known.
pub(super) fn write_whole(
    to: &mut impl Write,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<()> {
    write_head(
        to,
        status,
        headers,
        &format!("content-length: {}", body.len()),
    )?;
    to.write_all(body)?;
    to.flush()
}

/// Writes the head of an answer; `framing` says where the body will end.
pub(super) fn write_head(
    to: &mut impl Write,
    status: u16,
    headers: &[(String, String)],
    framing: &str,
) -> Result<()> {
    let mut head = format!("HTTP/1.1 {status} Proxied\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(framing);
    head.push_str("\r\n\r\n");
    to.write_all(head.as_bytes())
}

/// Writes a piece of a body whose end is not known; an empty one is the end.
pub(super) fn write_chunk(to: &mut impl Write, bytes: &[u8]) -> Result<()> {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    to.write_all(&chunk)?;
    to.flush()
}

/// A line without its end; None at the end of the stream.
fn line(from: &mut impl BufRead) -> Result<Option<String>> {
    let mut line = String::new();
    if from.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn malformed(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("no HTTP: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_end_where_their_framing_says() {
        let stream = "POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{1}\
                      PUT /d HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n\
                      GET /e HTTP/1.1\r\n\r\n";
        let mut from = stream.as_bytes();
        let mut next = || Request::read(&mut from).unwrap().unwrap();
        let first = next();
        assert_eq!(
            (first.path.as_str(), first.body.as_slice()),
            ("/a?b=c", &b"{1}"[..])
        );
        assert_eq!(next().body, b"abc");
        let third = next();
        assert_eq!((third.method.as_str(), third.body.len()), ("GET", 0));
        assert!(Request::read(&mut from).unwrap().is_none());
    }

    #[test]
    fn an_empty_chunk_ends_a_body() {
        let mut out = Vec::new();
        write_chunk(&mut out, b"0123456789abcdef").unwrap();
        write_chunk(&mut out, b"").unwrap();
        assert_eq!(out, b"10\r\n0123456789abcdef\r\n0\r\n\r\n");
    }
}
