//! How waiting ends: by time, or by Ctrl-C.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::kubeconfig::{Kubeconfig, list};
use crate::process::{kscale, root};
use crate::server::{Answers, Server};

#[test]
fn a_server_that_does_not_answer_is_given_up() {
    let server = Server::plain(Answers::Never);
    let ran = list(&["-s", &server.http(), "--request-timeout=300ms"]).run();
    assert_eq!(ran.code, 4);
    let said = ran.stderr.replace(&server.port.to_string(), "PORT");
    insta::assert_snapshot!(said, @"
    error: no answer from http://127.0.0.1:PORT within 0.3 s
    hint: is the network or VPN up through which the cluster is reached? --request-timeout gives it more time
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
}

/// Whoever asks about a manifest gets an answer, however long the cluster would be waited for otherwise.
#[test]
fn a_server_that_does_not_answer_keeps_no_manifest_waiting() {
    let server = Server::plain(Answers::Never);
    let model = ["-f", "examples/kpa.yaml", "-o", "json"];
    let place = ["-s", &server.http(), "--request-timeout=0"];
    let ran = kscale(&[&["explain"], &model[..], &place[..]].concat()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let said = ran.stderr.replace(&server.port.to_string(), "PORT");
    insta::assert_snapshot!(said, @"
    warning: the cluster is not asked, so its facts are assumed: no answer from http://127.0.0.1:PORT within 5 s
    hint: --offline says that this is meant
    hint: is the network or VPN up through which the cluster is reached? --request-timeout gives it more time
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["facts"]["source"], "defaults");
}

#[test]
fn a_server_that_does_not_answer_about_anything_explains_nothing() {
    let server = Server::plain(Answers::Never);
    let place = ["-s", &server.http(), "--request-timeout=300ms"];
    let ran = kscale(&[&["explain", "isvc/bert"], &place[..]].concat()).run();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
}

/// Starts the binary, waits until `ready`, sends SIGINT to it alone, and tells its exit code.
fn interrupted(config: &Kubeconfig, ready: &dyn Fn() -> bool) -> Option<i32> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kubectl-kscale"))
        .args(["list", "--request-timeout=0"])
        .env("KUBECONFIG", config.file())
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !ready() {
        assert_eq!(
            child.try_wait().unwrap(),
            None,
            "it ended before it was told to"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    child.wait().unwrap().code()
}

#[test]
fn ctrl_c_ends_a_request() {
    let server = Server::plain(Answers::Never);
    let config = Kubeconfig::new(&server.http());
    assert_eq!(
        interrupted(&config, &|| !server.heads().is_empty()),
        Some(130)
    );
}

/// The plugin here waits until the test is over: whoever waited for it would never come to an end.
#[test]
fn ctrl_c_ends_the_wait_for_a_plugin() {
    let mut config = Kubeconfig::new("https://127.0.0.1:1");
    *config.user() = json!({ "exec": { "command": "./login" } });
    let folder = config.folder.path();
    let (started, over) = (folder.join("started"), folder.join("over"));
    let (started_name, over_name) = (started.display(), over.display());
    config.program(
        "login",
        &format!("touch '{started_name}'\nwhile [ ! -e '{over_name}' ]; do sleep 0.05; done"),
    );
    let code = interrupted(&config, &|| started.exists());
    std::fs::write(&over, "").unwrap();
    assert_eq!(code, Some(130));
}
