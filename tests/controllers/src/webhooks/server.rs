//! A small HTTPS server: one thread a connection, JSON in and JSON out.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use kscale_control_plane::Pair;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use super::{State, answer, configuration};
use crate::error::Error;

/// No review is larger.
const LIMIT: u64 = 8 << 20;

/// What the server shows.
pub(super) fn tls(pair: &Pair) -> Result<Arc<ServerConfig>, Error> {
    let failed =
        |error: &dyn std::fmt::Display| Error(format!("the webhooks' certificate: {error}"));
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(pair.certificate.as_bytes()).collect();
    let chain = chain.map_err(|error| failed(&error))?;
    let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes()).map_err(|error| failed(&error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| failed(&error))?;
    Ok(Arc::new(config))
}

/// Takes connections until all ends.
pub(super) fn listen(listener: &TcpListener, tls: &Arc<ServerConfig>, state: &Arc<State>) {
    for socket in listener.incoming() {
        if state.ended.load(Ordering::Relaxed) {
            return;
        }
        let Ok(socket) = socket else { continue };
        let (tls, state) = (Arc::clone(tls), Arc::clone(state));
        // A connection that breaks is the API server's business.
        std::thread::spawn(move || drop(serve(socket, tls, &state)));
    }
}

fn serve(socket: TcpStream, tls: Arc<ServerConfig>, state: &State) -> std::io::Result<()> {
    let connection = ServerConnection::new(tls).map_err(std::io::Error::other)?;
    let mut stream = BufReader::new(StreamOwned::new(connection, socket));
    while let Some((path, review)) = request(&mut stream)? {
        let hook = configuration::at(&path);
        let answer = hook.and_then(|hook| answer::to(state, hook, &review));
        // Who is down hangs up.
        let Some(answer) = answer else { return Ok(()) };
        let body = answer.to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let stream = stream.get_mut();
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        stream.flush()?;
    }
    Ok(())
}

/// The path and the body of the next request, if there is another.
fn request(
    stream: &mut BufReader<StreamOwned<ServerConnection, TcpStream>>,
) -> std::io::Result<Option<(String, Value)>> {
    let mut first = String::new();
    if stream.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((key, value)) = line.split_once(':')
            && key.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<u64>().unwrap_or_default().min(LIMIT);
        }
    }
    let mut body = Vec::new();
    stream.by_ref().take(length).read_to_end(&mut body)?;
    let review = serde_json::from_slice(&body).map_err(std::io::Error::other)?;
    Ok(Some((path, review)))
}
