//! With plugins that are shell scripts.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::*;

const HEAD: &str = r#""apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential""#;

fn script(folder: &Path, text: &str) -> ExecConfig {
    let path = folder.join("login");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    ExecConfig {
        command: path.to_str().map(str::to_owned),
        api_version: Some(answer::VERSIONS[0].to_owned()),
        ..ExecConfig::default()
    }
}

async fn header(plugin: &Plugin) -> String {
    let header = plugin.header().await.unwrap().unwrap();
    assert!(header.is_sensitive());
    header.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_plugin_runs_once_and_again_only_when_its_token_ends() {
    let folder = tempfile::tempdir().unwrap();
    let count = folder.path().join("count");
    let runs = || fs::read_to_string(&count).unwrap().lines().count();
    let answer = |until: &str| {
        format!(
            "echo run >>'{}'\necho '{{{HEAD},\"status\":{{\"token\":\"t\"{until}}}}}'",
            count.display()
        )
    };
    let lasting = Plugin::start(script(folder.path(), &answer("")))
        .await
        .unwrap();
    assert_eq!(header(&lasting).await, "Bearer t");
    assert_eq!(header(&lasting).await, "Bearer t");
    assert_eq!(runs(), 1);
    let over = answer(r#","expirationTimestamp":"2001-01-01T00:00:00Z""#);
    let short = Plugin::start(script(folder.path(), &over)).await.unwrap();
    header(&short).await;
    header(&short).await;
    assert_eq!(runs(), 1 + 3);
}

#[tokio::test]
async fn a_plugin_is_told_what_client_go_tells_it() {
    let folder = tempfile::tempdir().unwrap();
    let told = folder.path().join("told");
    let text = format!(
        "printf '%s %s %s' \"$1\" \"$MINE\" \"$KUBERNETES_EXEC_INFO\" >'{}'\ncat\necho '{{{HEAD},\"status\":{{\"token\":\"t\"}}}}'",
        told.display()
    );
    let mut config = script(folder.path(), &text);
    config.args = Some(vec!["--login".to_owned()]);
    let pair =
        [("name", "MINE"), ("value", "yes")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    config.env = Some(vec![pair.into()]);
    config.interactive_mode = Some(ExecInteractiveMode::Never);
    config.provide_cluster_info = true;
    let cluster = kube::config::Cluster {
        server: Some("https://k8s".to_owned()),
        tls_server_name: Some("name".to_owned()),
        ..kube::config::Cluster::default()
    };
    config.cluster = Some((&cluster).try_into().unwrap());
    Plugin::start(config).await.unwrap();
    insta::assert_snapshot!(fs::read_to_string(told).unwrap(), @r#"--login yes {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"cluster":{"server":"https://k8s","tls-server-name":"name"},"interactive":false}}"#);
}

#[tokio::test]
async fn a_certificate_is_handed_on() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "echo '{{{HEAD},\"status\":{{\"clientCertificateData\":\"c\",\"clientKeyData\":\"k\"}}}}'"
    );
    let plugin = Plugin::start(script(folder.path(), &text)).await.unwrap();
    assert_eq!(
        plugin.identity().await,
        Some(("c".to_owned(), "k".to_owned()))
    );
    assert_eq!(plugin.header().await.unwrap(), None);
}

async fn refused(config: ExecConfig) -> String {
    let failure = Plugin::start(config).await.err().unwrap();
    assert_eq!(failure.why, Why::Unauthorized);
    let folder = std::env::temp_dir();
    let text = format!("{} | {}", failure.message, failure.hints.join(" | "));
    assert!(!text.contains("SECRET"), "{text}");
    // The folder of the script is another one each time.
    let at = text.find(folder.to_str().unwrap());
    match at {
        Some(at) => {
            let end = text[at..].find("/login").map_or(text.len(), |end| at + end);
            format!("{}DIR{}", &text[..at], &text[end..])
        }
        None => text,
    }
}

#[tokio::test]
async fn a_plugin_that_fails_is_named_and_its_output_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let failing = script(folder.path(), "echo SECRET; exit 7");
    insta::assert_snapshot!(refused(failing).await, @"the credential plugin DIR/login failed with exit code 7 | what it said stands above; run it by itself to mend it");
    let garbled = script(folder.path(), "echo SECRET");
    insta::assert_snapshot!(refused(garbled).await, @"the credential plugin DIR/login answered what is no ExecCredential |");
    let missing = ExecConfig {
        command: Some("no-such-login".to_owned()),
        args: Some(vec!["SECRET".to_owned()]),
        install_hint: Some("brew install no-such-login".to_owned()),
        ..ExecConfig::default()
    };
    insta::assert_snapshot!(refused(missing).await, @"the credential plugin no-such-login is not installed | the kubeconfig gets its credentials from this program; install it, or put it into PATH | brew install no-such-login");
    insta::assert_snapshot!(refused(ExecConfig::default()).await, @"the exec plugin of the kubeconfig has no command |");
}
