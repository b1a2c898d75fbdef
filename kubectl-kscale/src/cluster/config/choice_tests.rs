use kube::config::Kubeconfig;

use super::*;

const TEXT: &str = "
current-context: prod
contexts:
- {name: prod, context: {cluster: big, user: joe, namespace: ml}}
- {name: dev, context: {cluster: small, user: ghost}}
- {name: open, context: {cluster: small}}
- {name: torn, context: {cluster: nowhere, user: joe}}
clusters:
- {name: big, cluster: {server: 'https://big:6443', tls-server-name: big.example, certificate-authority-data: QQ==}}
- {name: small, cluster: {server: 'https://small:6443', insecure-skip-tls-verify: true}}
- {name: vague, cluster: {}}
users:
- {name: joe, user: {token: t, as: boss, as-groups: [a]}}
- {name: ann, user: {exec: {command: login}, as-uid: '7', as: her}}
";

fn files(text: &str) -> Files {
    Files {
        config: Kubeconfig::from_yaml(text).unwrap(),
        read: vec!["k.yaml".into()],
        ..Files::default()
    }
}

fn arguments(change: impl FnOnce(&mut ClusterArgs)) -> ClusterArgs {
    let mut arguments = ClusterArgs::default();
    change(&mut arguments);
    arguments
}

fn choice(change: impl FnOnce(&mut ClusterArgs)) -> Result<Option<Choice>, Error> {
    Choice::make(&files(TEXT), &arguments(change))
}

fn chosen(change: impl FnOnce(&mut ClusterArgs)) -> Choice {
    choice(change).unwrap().unwrap()
}

fn refused(change: impl FnOnce(&mut ClusterArgs)) -> String {
    let error = choice(change).unwrap_err();
    format!("{error} | {}", error.hints().join(" | "))
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[test]
fn without_flags_the_current_context_decides() {
    let found = chosen(|_| {});
    assert_eq!(found.cluster.server, text("https://big:6443"));
    assert_eq!(found.namespace, text("ml"));
    assert_eq!(found.user_name, "joe");
    assert_eq!(found.user.impersonate, text("boss"));
    assert_eq!(
        chosen(|it| it.context = text("")).user_name,
        "joe",
        "empty is not given"
    );
}

#[test]
fn context_cluster_and_user_are_chosen_one_by_one() {
    let found = chosen(|it| {
        it.cluster = text("small");
        it.user = text("ann");
    });
    assert_eq!(found.cluster.server, text("https://small:6443"));
    assert_eq!(found.user.impersonate_uid, text("7"));
    assert_eq!(found.namespace, text("ml"), "still that of the context");
    let open = chosen(|it| it.context = text("open"));
    assert_eq!((open.user_name.as_str(), open.namespace), ("", None));
}

#[test]
fn what_is_not_there_is_named_beside_what_is() {
    insta::assert_snapshot!(refused(|it| it.context = text("nope")),
        @r#"context "nope" does not exist | the contexts there are: prod, dev, open, torn | kubeconfig: k.yaml"#);
    insta::assert_snapshot!(refused(|it| it.cluster = text("nope")),
        @r#"cluster "nope" does not exist | the clusters there are: big, small, vague | kubeconfig: k.yaml"#);
    insta::assert_snapshot!(refused(|it| it.user = text("nope")),
        @r#"user "nope" does not exist | the users there are: joe, ann | kubeconfig: k.yaml"#);
    insta::assert_snapshot!(refused(|it| it.context = text("torn")),
        @r#"cluster "nowhere" does not exist | the clusters there are: big, small, vague | kubeconfig: k.yaml"#);
    insta::assert_snapshot!(refused(|it| it.context = text("dev")),
        @r#"user "ghost" does not exist | the users there are: joe, ann | kubeconfig: k.yaml"#);
    insta::assert_snapshot!(refused(|it| it.cluster = text("vague")),
        @r#"the cluster "vague" has no server | give its address with --server, or mend the kubeconfig | kubeconfig: k.yaml"#);
}

#[test]
fn a_token_stands_for_a_user_who_is_not_there_and_a_server_for_a_cluster() {
    let found = chosen(|it| {
        it.context = text("dev");
        it.token = text("x");
    });
    assert!(found.user.token.is_some());
    let found = chosen(|it| {
        it.context = text("torn");
        it.server = text("https://here");
    });
    assert_eq!(found.cluster.server, text("https://here"));
}

#[test]
fn a_token_takes_the_place_of_other_credentials_but_not_of_a_certificate() {
    let mut user = AuthInfo {
        username: text("u"),
        token_file: text("f"),
        client_certificate: text("c"),
        exec: Some(kube::config::ExecConfig::default()),
        ..AuthInfo::default()
    };
    flags::over_user(&mut user, &arguments(|it| it.token = text("x"))).unwrap();
    assert!(user.token.is_some() && user.exec.is_none());
    assert_eq!((user.username, user.token_file), (None, None));
    assert_eq!(user.client_certificate, text("c"));
}

#[test]
fn a_flag_for_trust_replaces_all_that_the_kubeconfig_says_of_it() {
    let blind = chosen(|it| it.insecure_skip_tls_verify = true).cluster;
    assert_eq!(blind.insecure_skip_tls_verify, Some(true));
    assert_eq!(blind.certificate_authority_data, None);
    let given = chosen(|it| {
        it.cluster = text("small");
        it.certificate_authority = Some("ca.pem".into());
    });
    assert_eq!(given.cluster.insecure_skip_tls_verify, Some(false));
    assert_eq!(given.cluster.certificate_authority, text("ca.pem"));
}

#[test]
fn another_server_has_another_name_unless_a_flag_gives_it() {
    let name = |change: &dyn Fn(&mut ClusterArgs)| chosen(change).cluster.tls_server_name;
    assert_eq!(name(&|_| {}), text("big.example"));
    assert_eq!(name(&|it| it.server = text("https://x")), None);
    assert_eq!(name(&|it| it.tls_server_name = text("y")), text("y"));
}

#[test]
fn flags_say_as_whom_to_act() {
    let user = chosen(|it| {
        it.act_as = text("system:serviceaccount:a:b");
        it.as_group = vec!["g".to_owned(), "h".to_owned()];
        it.as_uid = text("9");
    })
    .user;
    assert_eq!(user.impersonate, text("system:serviceaccount:a:b"));
    assert_eq!(user.impersonate_groups.unwrap(), ["g", "h"]);
    assert_eq!(user.impersonate_uid, text("9"));
    let more = chosen(|it| it.as_group = vec!["g".to_owned()]).user;
    assert_eq!(
        more.impersonate,
        text("boss"),
        "the kubeconfig may name the user"
    );
    let nobody = refused(|it| {
        it.context = text("open");
        it.as_group = vec!["g".to_owned()];
    });
    insta::assert_snapshot!(nobody, @"a group or UID to act as, but no user to act as | name the user with --as");
}

#[test]
fn nothing_is_chosen_where_nothing_names_a_cluster() {
    let none = |text: &str, change: &dyn Fn(&mut ClusterArgs)| {
        Choice::make(&files(text), &arguments(change))
            .unwrap()
            .is_none()
    };
    assert!(none("", &|_| {}));
    assert!(none(
        "contexts: [{name: a, context: {cluster: b}}]",
        &|_| {}
    ));
    assert!(!none("", &|it| it.server = text("https://here")));
    let gone = files("current-context: gone");
    let error = Choice::make(&gone, &ClusterArgs::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the current context \"gone\" does not exist"
    );
    assert_eq!(error.hints()[0], "the kubeconfig has no contexts");
}
