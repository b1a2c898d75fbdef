//! Proxies: an HTTP one that takes CONNECT, and a SOCKS5 one. Both lead to the same port wherever one wants to go, and remember
//! where that was.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::server::{head, join};

/// Serves one connection, leads to a port, and notes what was asked.
type Serve = fn(TcpStream, u16, &dyn Fn(&str));

/// A proxy.
pub(crate) struct Gateway {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Gateway {
    /// One that takes CONNECT.
    pub(crate) fn http(to: u16) -> Self {
        Self::start(to, |mut socket, to, note| {
            let head = head(&mut socket);
            note(&head);
            if let Ok(server) = TcpStream::connect(("127.0.0.1", to)) {
                socket.write_all(b"HTTP/1.1 200 Fine\r\n\r\n").unwrap();
                join(socket, server);
            }
        })
    }

    /// One that wants to know who asks.
    pub(crate) fn closed() -> Self {
        Self::start(0, |mut socket, _, note| {
            let head = head(&mut socket);
            note(&head);
            let answer = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
            socket.write_all(answer.as_bytes()).unwrap();
        })
    }

    /// One that lets nobody through.
    pub(crate) fn refusing() -> Self {
        Self::start(0, |mut socket, _, note| {
            let head = head(&mut socket);
            note(&head);
            socket
                .write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                .unwrap();
        })
    }

    /// SOCKS5 without a password (RFC 1928).
    pub(crate) fn socks(to: u16) -> Self {
        Self::start(to, |mut socket, to, note| {
            let mut read = |count: usize| {
                let mut bytes = vec![0; count];
                socket.read_exact(&mut bytes).unwrap();
                bytes
            };
            let greeting = read(2);
            read(usize::from(greeting[1]));
            socket.write_all(&[5, 0]).unwrap();
            let mut read = |count: usize| {
                let mut bytes = vec![0; count];
                socket.read_exact(&mut bytes).unwrap();
                bytes
            };
            // Version, CONNECT, reserved, a domain name, its length.
            let request = read(5);
            assert_eq!(
                request[..4],
                [5, 1, 0, 3],
                "the name is for the proxy to resolve"
            );
            let name = read(usize::from(request[4]));
            let port = read(2);
            let port = u16::from_be_bytes([port[0], port[1]]);
            note(&format!("{}:{port}", String::from_utf8_lossy(&name)));
            socket.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
            join(socket, TcpStream::connect(("127.0.0.1", to)).unwrap());
        })
    }

    fn start(to: u16, serve: Serve) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        thread::spawn(move || {
            for socket in listener.incoming() {
                let socket = socket.unwrap();
                let seen = Arc::clone(&seen);
                thread::spawn(move || {
                    serve(socket, to, &|text| {
                        seen.lock().unwrap().push(text.to_owned());
                    });
                });
            }
        });
        Self { address, asked }
    }

    /// What each connection asked for, in its own words.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}
