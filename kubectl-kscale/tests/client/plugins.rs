//! Exec plugins.

use serde_json::{Value, json};

use crate::certificates::Authority;
use crate::kubeconfig::{Kubeconfig, steady};
use crate::server::Server;

const GOOD: &str = r#"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"FROMPLUGIN"}}'"#;

struct Here {
    server: Server,
    config: Kubeconfig,
}

fn here(exec: &Value) -> Here {
    let authority = Authority::new();
    let server = Server::secure(&authority.here());
    let mut config = Kubeconfig::new(&server.https()).trusting(&authority.pair);
    *config.user() = json!({ "exec": exec });
    config.user()["exec"]["apiVersion"] = "client.authentication.k8s.io/v1".into();
    Here { server, config }
}

#[test]
fn a_plugin_says_what_it_has_to_say_once_and_before_anything_is_asked() {
    let here = here(&json!({ "command": "./login", "interactiveMode": "Never" }));
    here.config
        .program("login", &format!("echo 'open a browser' >&2\n{GOOD}"));
    let ran = here.config.list(&["-v=6"]).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines: Vec<_> = ran.stderr.lines().collect();
    assert_eq!(lines[0], "open a browser");
    assert!(lines[1].starts_with("GET "), "{lines:?}");
    assert_eq!(lines.iter().filter(|line| **line == lines[0]).count(), 1);
    assert_eq!(here.server.header("authorization"), ["Bearer FROMPLUGIN"]);
}

#[test]
fn a_token_of_the_command_line_does_without_the_plugin() {
    let here = here(&json!({ "command": "./login" }));
    here.config.program("login", "exit 1");
    assert_eq!(here.config.list(&["--token", "MINE"]).run().code, 0);
    assert_eq!(here.server.header("authorization"), ["Bearer MINE"]);
}

#[test]
fn a_plugin_that_is_not_there_comes_with_its_install_hint() {
    let here = here(
        &json!({ "command": "no-such-login", "args": ["SECRET"], "installHint": "install it:\n  brew install it" }),
    );
    insta::assert_snapshot!(here.config.list(&[]).run().refused(), @"
    error: no credentials for the cluster: the credential plugin no-such-login is not installed
    hint: the kubeconfig gets its credentials from this program; install it, or put it into PATH
    hint: install it:
    hint: brew install it
    ");
}

#[test]
fn a_plugin_that_fails_is_named_and_what_it_printed_is_not() {
    let here = here(&json!({ "command": "./login", "args": ["SECRET"] }));
    here.config
        .program("login", "echo SECRET\necho 'session expired' >&2\nexit 3");
    let stderr = here.config.list(&[]).run().refused();
    insta::assert_snapshot!(steady(&stderr, &[], here.config.folder.path()), @"
    session expired
    error: no credentials for the cluster: the credential plugin DIR/./login failed with exit code 3
    hint: what it said stands above; run it by itself to mend it
    ");
    here.config.program("login", "echo SECRET");
    let stderr = here.config.list(&[]).run().refused();
    insta::assert_snapshot!(steady(&stderr, &[], here.config.folder.path()), @"error: no credentials for the cluster: the credential plugin DIR/./login answered what is no ExecCredential");
}

#[test]
fn a_plugin_that_must_ask_needs_a_terminal() {
    let here = here(&json!({ "command": "./login", "interactiveMode": "Always" }));
    here.config.program("login", GOOD);
    let stderr = here.config.list(&[]).run().refused();
    insta::assert_snapshot!(steady(&stderr, &[], here.config.folder.path()), @"error: no credentials for the cluster: the credential plugin DIR/./login must ask at a terminal (interactiveMode: Always), and standard input is none");
}

#[test]
fn what_a_plugin_reads_is_empty_where_nobody_can_answer() {
    let here = here(&json!({ "command": "./login", "interactiveMode": "IfAvailable" }));
    here.config.program("login", &format!("cat >read\n{GOOD}"));
    let run = here.config.list(&[]).within(here.config.folder.path());
    assert_eq!(run.stdin("not for the plugin").run().code, 0);
    let read = std::fs::read_to_string(here.config.folder.path().join("read")).unwrap();
    assert_eq!(read, "");
}
