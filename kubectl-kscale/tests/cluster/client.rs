//! The client on a real API server: whom it asks, as whom, over how many connections, and what it does when that goes wrong.

use std::error::Error;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use kscale_control_plane::{ControlPlane, Fault, FaultProxy, When};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::plane::{Asking as _, Outcome, on_shared};
use crate::process::kscale;
use crate::workloads::three;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared(
            "client::asks_for_all_facts_over_one_connection",
            connects_once,
        ),
        on_shared("client::asks_as_flags_say", asks_as_flags_say),
        on_shared(
            "client::goes_by_the_certificate_as_kubectl_does",
            by_certificate,
        ),
        on_shared("client::asks_in_the_namespace_of_the_context", in_namespace),
        on_shared(
            "client::explains_a_leaf_that_kubectl_takes",
            explains_a_leaf,
        ),
        on_shared("client::says_that_a_token_is_unknown", unknown_token),
        on_shared("client::shows_requests_without_tokens", shows_requests),
        on_shared("client::asks_again_where_that_helps", asks_again),
        on_shared("client::gives_up_where_it_does_not", gives_up),
    ]
}

/// Leads to the API server, byte by byte, and counts connections.
struct Counter {
    port: u16,
    count: Arc<AtomicUsize>,
}

impl Counter {
    fn before(plane: &ControlPlane) -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let server = plane.server().trim_start_matches("https://").to_owned();
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                counted.fetch_add(1, Ordering::SeqCst);
                let server = TcpStream::connect(&server).unwrap();
                for socket in [&client, &server] {
                    socket.set_nodelay(true).unwrap();
                }
                pass(client.try_clone().unwrap(), server.try_clone().unwrap());
                pass(server, client);
            }
        });
        Ok(Self { port, count })
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let _ended = std::io::copy(&mut from, &mut to);
        let _gone = to.shutdown(Shutdown::Write);
    });
}

/// The administrator's kubeconfig, with a change.
fn changed(
    plane: &ControlPlane,
    name: &str,
    change: impl FnOnce(&mut Value),
) -> Result<PathBuf, Box<dyn Error>> {
    let mut value: Value = serde_json::from_str(&std::fs::read_to_string(plane.kubeconfig())?)?;
    change(&mut value);
    let file = plane.folder().join(name);
    std::fs::write(&file, value.to_string())?;
    Ok(file)
}

fn connects_once(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let counter = Counter::before(plane)?;
    let file = changed(plane, "counted", |config| {
        let server = format!("https://127.0.0.1:{}", counter.port);
        config["clusters"][0]["cluster"]["server"] = server.into();
    })?;
    let run = kscale(&["explain", "isvc/bert", "-n", &namespace, "-v=6"]);
    let ran = run.with_kubeconfig(&file).run();
    let asked = ran
        .stderr
        .lines()
        .filter(|line| line.starts_with("GET "))
        .count();
    assert!(asked > 10, "{}", ran.stderr);
    assert_eq!(counter.count.load(Ordering::SeqCst), 1, "{asked} requests");
    Ok(())
}

fn asks_as_flags_say(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let said = |arguments: &[&str]| {
        let arguments = [&["list", "isvc", "-n", &namespace], arguments].concat();
        kscale(&arguments).on(plane).run()
    };
    let user = plane.user()?;
    let token = plane.token(&user);
    for (arguments, name) in [
        (&["--token", &token][..], user.as_str()),
        (&["--as", "jane"], "jane"),
        (
            &[
                "--token",
                "token-of-admin",
                "--as",
                "system:serviceaccount:a:b",
            ],
            "system:serviceaccount:a:b",
        ),
    ] {
        let ran = said(arguments);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        assert!(
            ran.stderr.contains(&format!("User \"{name}\" cannot list")),
            "{}",
            ran.stderr
        );
    }
    let ran = said(&[
        "--as",
        "jane",
        "--as-group",
        "system:masters",
        "--as-group",
        "others",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    Ok(())
}

/// With a certificate of one user and the token of another, the API server goes by the certificate. kubectl sends both, too.
fn by_certificate(plane: &ControlPlane) -> Outcome {
    let file = plane.kubeconfig_by_certificate("grace", Some("system:masters"))?;
    let token = plane.token(&plane.user()?);
    let ran = kscale(&["list", "-A", "--token", &token])
        .with_kubeconfig(&file)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let name = file.to_string_lossy();
    let arguments = [
        "--kubeconfig",
        &name,
        "--token",
        &token,
        "get",
        "secrets",
        "-A",
    ];
    if let Some(output) = plane.kubectl(&arguments)? {
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let folder = plane.folder();
    let pair = |what: &str| file.with_extension(what).to_string_lossy().into_owned();
    let (certificate, key) = (pair("crt"), pair("key"));
    let nobody = changed(plane, "nobody", |config| config["users"] = Value::Null)?;
    assert!(nobody.starts_with(folder));
    let flags = ["--client-certificate", &certificate, "--client-key", &key];
    let ran = kscale(&[&["list", "-A"], &flags[..]].concat())
        .with_kubeconfig(&nobody)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    Ok(())
}

fn in_namespace(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let file = changed(plane, "namespaced", |config| {
        config["contexts"][0]["context"]["namespace"] = namespace.as_str().into();
    })?;
    let ran = kscale(&["list", "-o", "name"]).with_kubeconfig(&file).run();
    assert_eq!(ran.stdout.lines().count(), 3, "{}", ran.stdout);
    Ok(())
}

fn explains_a_leaf(plane: &ControlPlane) -> Outcome {
    let leaf = plane.folder().join("leaf.crt");
    std::fs::write(&leaf, &plane.server_certificate().certificate)?;
    let file = changed(plane, "leaf", |config| {
        let path = leaf.to_string_lossy().into_owned();
        config["clusters"][0]["cluster"]["certificate-authority"] = path.into();
    })?;
    let stderr = kscale(&["list"]).with_kubeconfig(&file).run().refused();
    assert!(
        stderr.contains("the authority's own certificate, not the server's"),
        "{stderr}"
    );
    if let Some(output) = plane.kubectl(&["--kubeconfig", &file.to_string_lossy(), "get", "ns"])? {
        assert!(output.status.success(), "kubectl takes it");
    }
    Ok(())
}

fn unknown_token(plane: &ControlPlane) -> Outcome {
    let ran = kscale(&["list", "--token", "nobodys"]).on(plane).run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let server = plane.server();
    let said = format!("error: {server} does not know the caller (401 Unauthorized)\n");
    assert!(ran.stderr.starts_with(&said), "{}", ran.stderr);
    assert!(!ran.stderr.contains("nobodys"), "{}", ran.stderr);
    Ok(())
}

fn shows_requests(plane: &ControlPlane) -> Outcome {
    let ran = kscale(&["list", "-A", "-v=9"]).on(plane).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let line = format!("GET {}/version 200 OK in ", plane.server());
    assert!(ran.stderr.contains(&line), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("> authorization: Bearer <masked>\n"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("token-of-"), "{}", ran.stderr);
    Ok(())
}

fn listed(file: &Path, namespace: &str) -> crate::process::Ran {
    let run = kscale(&["list", "isvc", "-n", namespace, "-o", "name"]);
    run.with_kubeconfig(file).run()
}

fn asks_again(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let proxy = FaultProxy::before(plane)?;
    let path = format!("/namespaces/{namespace}/inferenceservices");
    for fault in [
        Fault::TooMany(1),
        Fault::Status(503),
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Truncated(20),
    ] {
        proxy.heal();
        proxy.forget();
        proxy.inject(When::asked("GET", &path).times(2), fault.clone());
        let ran = listed(proxy.kubeconfig(), &namespace);
        assert_eq!(ran.code, 0, "{fault:?}: {}", ran.stderr);
        assert_eq!(ran.stdout.lines().count(), 3, "{fault:?}: {}", ran.stdout);
        assert_eq!(proxy.count("GET", &path), 3, "{fault:?}");
    }
    Ok(())
}

fn gives_up(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let proxy = FaultProxy::before(plane)?;
    let path = format!("/namespaces/{namespace}/inferenceservices");
    for (fault, code, words) in [
        (Fault::TooMany(3600), 2, "Too many requests"),
        (Fault::Status(500), 2, "the proxy makes one"),
        (
            Fault::Foreign(502, "<html>bad gateway</html>".to_owned()),
            2,
            "status 502 and a page of HTML",
        ),
        (
            Fault::Answer("no JSON".to_owned()),
            2,
            "no JSON of Kubernetes",
        ),
    ] {
        proxy.heal();
        proxy.inject(When::asked("GET", &path), fault.clone());
        let ran = listed(proxy.kubeconfig(), &namespace);
        assert_eq!(ran.code, code, "{fault:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{fault:?}: {}", ran.stderr);
    }
    Ok(())
}
