//! Kubeconfig files: which count, and what is wrong with them.

use std::fs;

use serde_json::json;

use crate::certificates::Authority;
use crate::kubeconfig::{Kubeconfig, list, steady};
use crate::server::{Answers, Server};

fn joined(names: &[&str]) -> String {
    std::env::join_paths(names).unwrap().into_string().unwrap()
}

#[test]
fn several_files_are_one_and_missing_ones_are_none() {
    let authority = Authority::new();
    let server = Server::secure(&authority.here());
    let mut config = Kubeconfig::new(&server.https()).trusting(&authority.pair);
    config.value["users"] = json!([]);
    config.value["current-context"] = "".into();
    let first = config.file();
    let second = config.folder.path().join("second");
    let more = json!({
        "current-context": "here",
        "contexts": [{ "name": "here", "context": { "cluster": "none", "user": "none" } }],
        "users": [{ "name": "me", "user": { "token": "SECONDTOKEN" } }],
    });
    fs::write(&second, more.to_string()).unwrap();
    let names = joined(&[
        "/no/such/file",
        first.to_str().unwrap(),
        "",
        second.to_str().unwrap(),
    ]);
    let ran = list(&[]).env("KUBECONFIG", &names).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(server.header("authorization"), ["Bearer SECONDTOKEN"]);
}

#[test]
fn the_flag_is_one_file_and_goes_before_the_variable() {
    let server = Server::plain(Answers::Nothing);
    let config = Kubeconfig::new(&server.http());
    let file = config.file();
    let ran = list(&["--kubeconfig", file.to_str().unwrap()]);
    assert_eq!(ran.env("KUBECONFIG", "/no/such/file").run().code, 0);
    let two = joined(&[file.to_str().unwrap(), "other"]);
    let stderr = list(&["--kubeconfig", &two]).run().refused();
    insta::assert_snapshot!(steady(&stderr, &[], config.folder.path()), @"error: the kubeconfig DIR/config:other does not exist");
}

#[test]
fn nothing_to_ask_is_said_with_what_to_do() {
    insta::assert_snapshot!(list(&[]).env("KUBECONFIG", "/no/such/file").run().refused(), @"
    error: no cluster to ask: there is no kubeconfig with a context in it
    hint: looked at: /no/such/file
    ");
    let mut config = Kubeconfig::new("https://127.0.0.1:1");
    config.value["current-context"] = "".into();
    insta::assert_snapshot!(config.list(&[]).run().refused(), @"
    error: no cluster to ask: the kubeconfig has no current context
    hint: name one with --context: here
    hint: kubectl config use-context NAME sets it for good
    ");
}

#[test]
fn what_is_not_there_is_named_beside_what_is() {
    let config = Kubeconfig::new("https://127.0.0.1:1");
    let said = |arguments: &[&str]| {
        let stderr = config.list(arguments).run().refused();
        steady(&stderr, &[], config.folder.path())
    };
    insta::assert_snapshot!(said(&["--context", "prod"]), @r#"
    error: context "prod" does not exist
    hint: the contexts there are: here
    hint: kubeconfig: DIR/config
    "#);
    insta::assert_snapshot!(said(&["--user", "ann"]), @r#"
    error: user "ann" does not exist
    hint: the users there are: me
    hint: kubeconfig: DIR/config
    "#);
}

#[test]
fn no_secret_of_a_broken_file_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    let name = file.to_str().unwrap();
    fs::write(
        &file,
        "users:\n- name: me\n  user:\n    token: [SECRETTOKEN]\n",
    )
    .unwrap();
    let typed = list(&["--kubeconfig", name]).run().refused();
    insta::assert_snapshot!(steady(&typed, &[], folder.path()), @"
    error: DIR/config:4:12: the kubeconfig has a value of the wrong type for `token`
    hint: what stands there is not shown, for it may be a secret
    ");
    fs::write(
        &file,
        "users:\n- name: me\n  user:\n    token: 'SECRETTOKEN\n",
    )
    .unwrap();
    let torn = list(&["--kubeconfig", name]).run().refused();
    insta::assert_snapshot!(steady(&torn, &[], folder.path()), @"
    error: DIR/config:5:1: the kubeconfig is no valid YAML
    hint: what stands there is not shown, for it may be a secret
    ");
}

#[test]
fn certificates_that_are_none_are_named_and_not_shown() {
    let said = |change: &dyn Fn(&mut Kubeconfig)| {
        let mut config = Kubeconfig::new("https://127.0.0.1:1");
        change(&mut config);
        let stderr = config.list(&[]).run().refused();
        assert!(
            !stderr.contains("SECRET") && !stderr.contains("U0VDUkVU"),
            "{stderr}"
        );
        steady(&stderr, &[], config.folder.path())
    };
    let authority = |name: &'static str, value: &'static str| {
        said(&move |config: &mut Kubeconfig| config.cluster()[name] = value.into())
    };
    insta::assert_snapshot!(authority("certificate-authority", "missing.pem"), @"error: the certificate authority DIR/missing.pem cannot be read: No such file or directory (os error 2)");
    insta::assert_snapshot!(authority("certificate-authority-data", "SECRET!"), @r#"error: certificate-authority-data of the cluster "here" is no base64"#);
    insta::assert_snapshot!(authority("certificate-authority-data", "U0VDUkVU"), @r#"
    error: certificate-authority-data of the cluster "here" holds no certificate in PEM
    hint: it starts with -----BEGIN CERTIFICATE-----
    "#);
    let user = |value: serde_json::Value| {
        said(&move |config: &mut Kubeconfig| *config.user() = value.clone())
    };
    insta::assert_snapshot!(user(json!({ "client-certificate-data": "U0VDUkVU" })), @r#"
    error: the user "me" has a client certificate but no key
    hint: give both, --client-certificate and --client-key, or mend the kubeconfig
    "#);
    insta::assert_snapshot!(
        user(json!({ "client-certificate-data": "U0VDUkVU", "client-key-data": "U0VDUkVU" })),
        @"error: the cluster cannot be asked: the client key holds none in PKCS8, PKCS1 or SEC1"
    );
    insta::assert_snapshot!(user(json!({ "tokenFile": "missing" })), @r#"error: the token file DIR/missing of the user "me" cannot be read: No such file or directory (os error 2)"#);
}

#[test]
fn a_pod_is_asked_only_where_no_kubeconfig_names_another_cluster() {
    let server = Server::plain(Answers::Nothing);
    let config = Kubeconfig::new(&server.http());
    let pod = |run: crate::process::Run| {
        run.env("KUBERNETES_SERVICE_HOST", "127.0.0.1")
            .env("KUBERNETES_SERVICE_PORT", "1")
    };
    assert_eq!(pod(config.list(&[])).run().code, 0);
    assert!(!server.heads().is_empty());
    // The variables alone make no pod: its service account is not here.
    let stderr = pod(list(&[]))
        .env("KUBECONFIG", "/no/such/file")
        .run()
        .refused();
    assert!(stderr.starts_with("error: no cluster to ask"), "{stderr}");
}
