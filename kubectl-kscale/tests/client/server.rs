//! A server that knows nothing, which is enough: a cluster without KServe has an empty list. It remembers what it was asked.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::certificates::Pair;

const NOTHING: &str = r#"{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","message":"the server could not find the requested resource","code":404}"#;

/// The server.
pub(crate) struct Server {
    pub(crate) port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

/// What it answers.
#[derive(Clone)]
pub(crate) enum Answers {
    /// There is nothing here.
    Nothing,
    /// A status and a body.
    Always(&'static str, &'static str),
    /// Nothing ever comes.
    Never,
}

impl Server {
    /// Over TLS.
    pub(crate) fn secure(pair: &Pair) -> Self {
        Self::secure_answering(pair, Answers::Nothing)
    }

    pub(crate) fn secure_answering(pair: &Pair, answers: Answers) -> Self {
        let chain = CertificateDer::pem_slice_iter(pair.certificate.as_bytes());
        let chain = chain.map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes()).unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        let config = Arc::new(config.with_single_cert(chain, key).unwrap());
        Self::serve(answers, move |socket| {
            let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            StreamOwned::new(tls, socket)
        })
    }

    /// Over nothing.
    pub(crate) fn plain(answers: Answers) -> Self {
        Self::serve(answers, |socket| socket)
    }

    fn serve<S: Read + Write + Send + 'static>(
        answers: Answers,
        wrap: impl Fn(TcpStream) -> S + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        thread::spawn(move || {
            for socket in listener.incoming() {
                let stream = wrap(socket.unwrap());
                let (answers, seen) = (answers.clone(), Arc::clone(&seen));
                thread::spawn(move || answer(stream, &answers, &seen));
            }
        });
        Self { port, heads }
    }

    pub(crate) fn https(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    pub(crate) fn http(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The heads of what was asked.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    /// The values of a header in the first request.
    pub(crate) fn header(&self, name: &str) -> Vec<String> {
        let heads = self.heads();
        let lines = heads.first().map_or("", String::as_str).lines();
        let pairs = lines.filter_map(|line| line.split_once(": "));
        let ours = pairs.filter(|(ours, _)| ours.eq_ignore_ascii_case(name));
        ours.map(|(_, value)| value.to_owned()).collect()
    }
}

/// What comes before the body, or less where the other side goes away or speaks no HTTP.
pub(crate) fn head(stream: &mut impl Read) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        text.push(byte[0]);
        if !text[0].is_ascii_uppercase() {
            break;
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn answer(mut stream: impl Read + Write, answers: &Answers, seen: &Mutex<Vec<String>>) {
    loop {
        let head = head(&mut stream);
        if !head.ends_with("\r\n\r\n") {
            // What every server says to what is no HTTP, such as the start of TLS.
            let _gone = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        seen.lock().unwrap().push(head);
        let (status, body) = match answers {
            Answers::Nothing => ("404 Not Found", NOTHING),
            Answers::Always(status, body) => (*status, *body),
            Answers::Never => loop {
                thread::park();
            },
        };
        let length = body.len();
        let text = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nSet-Cookie: SECRETCOOKIE\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        if stream.write_all(text.as_bytes()).is_err() || stream.flush().is_err() {
            return;
        }
    }
}

/// Copies both ways until both are done.
pub(crate) fn join(one: TcpStream, other: TcpStream) {
    let copy = |mut from: TcpStream, mut to: TcpStream| {
        thread::spawn(move || {
            let _ended = std::io::copy(&mut from, &mut to);
            let _gone = to.shutdown(Shutdown::Write);
        })
    };
    copy(one.try_clone().unwrap(), other.try_clone().unwrap());
    copy(other, one);
}
