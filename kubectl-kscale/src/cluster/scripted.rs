//! A server for tests that answers what it is told to, one connection a request, and remembers what it was asked.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;

use super::Cluster;
use crate::cli::{ClusterArgs, Timeout};

/// The server.
pub(super) struct Scripted {
    address: String,
    asked: mpsc::Receiver<String>,
}

/// An answer with a length.
pub(super) fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
}

/// 200 with a body.
pub(super) fn ok(body: &str) -> String {
    answer("200 OK", "", body)
}

/// An answer that ends with the connection: a watch in good order.
pub(super) fn stream(lines: &[&str]) -> String {
    let lines = lines.join("\n");
    format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{lines}\n")
}

/// A watch that is cut: the end of its chunks never comes.
pub(super) fn cut(line: &str) -> String {
    let size = line.len() + 1;
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n{line}\n\r\n")
}

impl Scripted {
    /// Answers one request after the other; an empty answer ends the connection without one. What comes after the script is left
    /// waiting for ever.
    pub(super) fn start(script: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (tell, asked) = mpsc::channel();
        std::thread::spawn(move || {
            let mut waiting = Vec::new();
            let mut script = script.into_iter();
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let _gone = tell.send(head(&mut connection));
                match script.next() {
                    Some(answer) => {
                        let _gone = connection.write_all(answer.as_bytes());
                    }
                    None => waiting.push(connection),
                }
            }
        });
        Self { address, asked }
    }

    /// A client of it.
    pub(super) async fn cluster(&self, limit: Option<std::time::Duration>) -> Cluster {
        let arguments = ClusterArgs {
            server: Some(self.address.clone()),
            kubeconfig: Some("/dev/null".into()),
            request_timeout: Timeout(limit),
            ..ClusterArgs::default()
        };
        Cluster::connect(&arguments).await.unwrap()
    }

    /// The method and path of each request so far.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.try_iter().collect()
    }
}

/// Reads a request without a body, and says its method and path.
pub(super) fn head(connection: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && connection.read(&mut byte).unwrap_or(0) == 1 {
        text.push(byte[0]);
    }
    let text = String::from_utf8(text).unwrap();
    let line = text.lines().next().unwrap_or_default();
    line.trim_end_matches(" HTTP/1.1").to_owned()
}
