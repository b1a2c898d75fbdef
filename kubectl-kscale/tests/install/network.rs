//! Releases that are not built in, from a server on the loopback.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::{install, printed};

/// A server that answers every request with what `answer` makes of its path.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answer: impl Fn(&str) -> (&'static str, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = [0; 4096];
                let length = stream.read(&mut request).unwrap_or(0);
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
                let (head, body) = answer(&path);
                seen.lock().unwrap().push(path);
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
                );
                let _ = stream.write_all(&[head.as_bytes(), body.as_bytes()].concat());
            }
        });
        Self { address, asked }
    }

    fn run(&self, arguments: &[&str]) -> crate::process::Ran {
        let base = [
            "--dry-run=client",
            "-o",
            "yaml",
            "--base-url",
            &self.address,
        ];
        install(&[&base[..], arguments].concat()).run()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// What a release after those that are built in would publish.
fn next() -> String {
    printed("1.23.0").replace("1.23.0", "1.24.0")
}

#[test]
fn a_release_that_is_not_built_in_is_fetched_from_under_its_tag() {
    let server = Server::start(|_| ("200 OK", next()));
    assert_eq!(server.run(&["--version", "1.24.0"]).clean(), next());
    assert_eq!(server.asked(), ["/knative-v1.24.0/serving-hpa.yaml"]);
}

#[test]
fn what_is_built_in_is_not_fetched() {
    let server = Server::start(|_| ("200 OK", next()));
    assert_eq!(
        server.run(&["--version", "1.23.0"]).clean(),
        printed("1.23.0")
    );
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[test]
fn a_manifest_is_taken_from_an_address_too() {
    let server = Server::start(|_| ("200 OK", next()));
    let address = format!("{}/hpa.yaml", server.address);
    assert_eq!(server.run(&["--from", &address]).clean(), next());
}

#[test]
fn what_is_fetched_must_be_the_release() {
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\n";
    let image = "gcr.io/knative-releases/knative.dev/serving/cmd/autoscaler-hpa";
    let bodies = [
        printed("1.23.0"),
        next().replace(image, "evil.example/autoscaler-hpa"),
        next() + secret,
        next().replace("namespace: knative-serving", "namespace: kube-system"),
        String::new(),
        "<!DOCTYPE html>".to_owned(),
    ];
    let mut said = Vec::new();
    for body in bodies {
        let server = Server::start(move |_| ("200 OK", body.clone()));
        let stderr = server.run(&["--version", "1.24.0"]).refused();
        let first = stderr.lines().next().unwrap();
        said.push(first.replace(&server.address, "SERVER"));
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
    error: SERVER/knative-v1.24.0/serving-hpa.yaml is not the HPA extension: Deployment autoscaler-hpa is of release 1.23.0, not 1.24.0; Service autoscaler-hpa is of release 1.23.0, not 1.24.0
    error: SERVER/knative-v1.24.0/serving-hpa.yaml is not the HPA extension: its image is "evil.example/autoscaler-hpa@sha256:e2494132a71c23587ac8dd25bc5288f70261e592285487e1d19f8dea1f896133", not one of gcr.io/knative-releases/knative.dev/serving/cmd/autoscaler-hpa by its digest
    error: SERVER/knative-v1.24.0/serving-hpa.yaml is not the HPA extension: it holds Secret a, which is no part of the extension
    error: SERVER/knative-v1.24.0/serving-hpa.yaml is not the HPA extension: Deployment autoscaler-hpa is of namespace "kube-system"; Service autoscaler-hpa is of namespace "kube-system"
    error: SERVER/knative-v1.24.0/serving-hpa.yaml is not the HPA extension: it holds no Deployment autoscaler-hpa; it holds no Service autoscaler-hpa
    error: SERVER/knative-v1.24.0/serving-hpa.yaml: the answer is a web page, not a manifest
    "#);
}

#[test]
fn what_cannot_be_fetched_says_what_to_do() {
    let server = Server::start(|_| ("404 Not Found", String::new()));
    let stderr = server.run(&["--version", "1.99.0"]).refused();
    insta::assert_snapshot!(stderr.replace(&server.address, "SERVER"), @r#"
    error: SERVER/knative-v1.99.0/serving-hpa.yaml: the server answered 404 Not Found
    hint: check the address; for a file on GitHub, take the one of its "Raw" button
    hint: release 1.99.0 is not built in; give its serving-hpa.yaml with --from, or --base-url for a mirror
    "#);
    let server = Server::start(|path| {
        let next = format!("302 Found\r\nLocation: {path}x");
        (Box::leak(next.into_boxed_str()), String::new())
    });
    let stderr = server.run(&["--version", "1.99.0"]).refused();
    assert!(stderr.contains("redirected more than 5 times"), "{stderr}");
    assert_eq!(server.asked().len(), 6);
}
