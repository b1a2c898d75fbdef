//! kubectl's flags: whom to ask, and as whom.

use serde_json::json;

use crate::certificates::Authority;
use crate::kubeconfig::{Kubeconfig, list};
use crate::server::{Answers, Server};

struct Here {
    server: Server,
    config: Kubeconfig,
}

fn here() -> Here {
    let authority = Authority::new();
    let server = Server::secure(&authority.here());
    let config = Kubeconfig::new(&server.https()).trusting(&authority.pair);
    Here { server, config }
}

#[test]
fn flags_say_as_whom_to_ask() {
    let here = here();
    let arguments = [
        "--token",
        "OTHERTOKEN",
        "--as",
        "boss",
        "--as-group",
        "a",
        "--as-group",
        "b",
        "--as-uid",
        "7",
    ];
    let ran = here.config.list(&arguments).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(here.server.header("authorization"), ["Bearer OTHERTOKEN"]);
    assert_eq!(here.server.header("impersonate-user"), ["boss"]);
    assert_eq!(here.server.header("impersonate-group"), ["a", "b"]);
    assert_eq!(here.server.header("impersonate-uid"), ["7"]);
}

#[test]
fn the_kubeconfig_may_say_it_too() {
    let mut here = here();
    here.config.user()["as"] = "boss".into();
    here.config.user()["as-user-extra"] = json!({ "why": ["tests"] });
    assert_eq!(here.config.list(&["--as-group", "a"]).run().code, 0);
    assert_eq!(here.server.header("impersonate-user"), ["boss"]);
    assert_eq!(here.server.header("impersonate-group"), ["a"]);
    assert_eq!(here.server.header("impersonate-extra-why"), ["tests"]);
}

#[test]
fn a_token_file_is_relative_to_the_kubeconfig() {
    let mut here = here();
    std::fs::write(here.config.folder.path().join("token"), "FROMFILE").unwrap();
    *here.config.user() = json!({ "tokenFile": "token" });
    assert_eq!(here.config.list(&[]).run().code, 0);
    assert_eq!(here.server.header("authorization"), ["Bearer FROMFILE"]);
}

#[test]
fn credentials_never_go_over_a_wire_that_everybody_reads() {
    let server = Server::plain(Answers::Nothing);
    let config = Kubeconfig::new(&server.http());
    let ran = config
        .list(&["--token", "OTHERTOKEN", "--as", "boss"])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(server.header("authorization"), [""; 0]);
    assert_eq!(server.header("impersonate-user"), ["boss"]);
}

#[test]
fn a_server_alone_is_a_cluster() {
    let server = Server::plain(Answers::Nothing);
    for address in [server.http(), format!("127.0.0.1:{}", server.port)] {
        assert_eq!(list(&["-s", &address]).run().code, 0, "{address}");
    }
    assert!(!server.heads().is_empty());
    insta::assert_snapshot!(list(&["-s", "ftp://joe:SECRET@k8s"]).run().refused(), @"
    error: the server ftp://k8s is no address
    hint: write it as https://HOST:PORT
    ");
}

#[test]
fn a_path_of_the_server_goes_before_every_path() {
    let server = Server::plain(Answers::Nothing);
    let address = format!("{}/k8s/clusters/c-1", server.http());
    assert_eq!(list(&["-s", &address]).run().code, 0);
    let heads = server.heads();
    assert!(
        heads
            .iter()
            .all(|head| head.starts_with("GET /k8s/clusters/c-1/")),
        "{heads:?}"
    );
}

#[test]
fn nobody_who_is_known_is_told_so_with_a_way_out() {
    let authority = Authority::new();
    let answers = Answers::Always(
        "401 Unauthorized",
        r#"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}"#,
    );
    let server = Server::secure_answering(&authority.here(), answers);
    let config = Kubeconfig::new(&server.https()).trusting(&authority.pair);
    let ran = config.list(&[]).run();
    assert_eq!(ran.code, 3);
    let said = ran.stderr.replace(&server.port.to_string(), "PORT");
    insta::assert_snapshot!(said, @r#"
    error: https://127.0.0.1:PORT does not know the caller (401 Unauthorized)
    hint: asked as: user "me" of the kubeconfig
    hint: the credentials are missing, wrong or expired; kubectl auth whoami tells whether they are good
    "#);
    let said = config.list(&["--token", "x"]).run().stderr;
    assert!(said.contains("asked as: the token of --token"), "{said}");
}

#[test]
fn nothing_listens() {
    insta::assert_snapshot!(list(&["-s", "https://127.0.0.1:1"]).run().refused(), @"
    error: nothing listens at https://127.0.0.1:1: connection refused
    hint: is the cluster up, and is this its address? kubectl cluster-info asks the same one
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
}
