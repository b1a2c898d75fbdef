//! Addresses, against a server on the loopback.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use super::*;

/// Answers every connection with what `answer` makes of the path, and gives the address of the server.
fn serve(answer: impl Fn(&str, &str) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let own = address.clone();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
            let _ = stream.write_all(&answer(&path, &own));
        }
    });
    address
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

fn get(address: &str) -> Loaded {
    load_with(
        &[InputArg::from(address)],
        &Options::default(),
        &mut std::io::empty(),
    )
}

#[test]
fn a_manifest_is_fetched() {
    let server = serve(|_, _| http("200 OK", "", "a: 1\n---\nb: 2\n"));
    let loaded = get(&format!("{server}/x.yaml"));
    assert_eq!(shown(&loaded.problems), Vec::<String>::new());
    assert_eq!(
        loaded.documents[1].origin.to_string(),
        format!("{server}/x.yaml#2")
    );
}

#[test]
fn a_status_other_than_success_is_a_problem() {
    let server = serve(|_, _| http("404 Not Found", "", "a: 1\n"));
    let loaded = get(&server);
    assert!(loaded.documents.is_empty());
    assert_eq!(
        shown(&loaded.problems),
        [format!("{server}: the server answered 404 Not Found")]
    );
    assert_eq!(loaded.problems[0].kind, ProblemKind::Network);
}

#[test]
fn redirects_are_followed_but_not_for_ever() {
    let server = serve(|path, own| match path {
        "/end" => http("200 OK", "", "a: 1\n"),
        "/once" => http("302 Found", &format!("Location: {own}/end\r\n"), ""),
        _ => http("302 Found", &format!("Location: {own}/loop\r\n"), ""),
    });
    assert_eq!(get(&format!("{server}/once")).documents.len(), 1);
    let loaded = get(&format!("{server}/loop"));
    assert_eq!(loaded.problems[0].message, "redirected more than 5 times");
}

#[test]
fn an_endless_answer_is_cut() {
    let server = serve(|_, _| {
        let mut answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        answer.resize(answer.len() + 65 * 1024 * 1024, b'#');
        answer
    });
    assert!(
        get(&server).problems[0]
            .message
            .starts_with("larger than 64 MiB")
    );
}

#[test]
fn a_server_that_is_not_there_is_a_problem() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let loaded = get(&format!("http://{closed}/x"));
    assert_eq!(loaded.problems[0].kind, ProblemKind::Network);
    assert_eq!(
        loaded.problems[0].message,
        "the connection failed: Connection refused"
    );
}

#[test]
fn what_is_no_manifest_or_no_answer_is_named() {
    let server = serve(|path, _| match path {
        "/page" => http(
            "200 OK",
            "Content-Type: text/html\r\n",
            "\n<!DOCTYPE html><title>Sign in</title>",
        ),
        "/short" => b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\na: 1\n".to_vec(),
        _ => b"SSH-2.0-OpenSSH\r\n".to_vec(),
    });
    for (path, message) in [
        ("page", "the answer is a web page, not a manifest"),
        ("short", "the answer ended before it was complete"),
        ("junk", "what answers does not speak HTTP: "),
    ] {
        let loaded = get(&format!("{server}/{path}"));
        assert!(loaded.documents.is_empty());
        let problem = &loaded.problems[0];
        assert!(problem.message.starts_with(message), "{}", problem.message);
        assert!(problem.hint.is_some());
    }
}

#[test]
fn offline_nothing_is_fetched() {
    let options = Options {
        network: false,
        ..Options::default()
    };
    let loaded = load_with(
        &[InputArg::from("https://user:secret@example.com/x")],
        &options,
        &mut std::io::empty(),
    );
    assert_eq!(
        shown(&loaded.problems),
        ["https://example.com/x: this address needs the network, but --offline was given"],
        "and the login is not shown"
    );
}
