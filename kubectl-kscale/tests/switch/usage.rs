//! What is refused before anybody is asked, and plans on what stands for a cluster.

use crate::process::{Ran, fixture, kscale};

fn switch(arguments: &[&str]) -> Ran {
    kscale(&[&["switch"], arguments].concat())
        .columns(100)
        .run()
}

#[test]
fn whoever_names_nothing_does_not_mean_everything() {
    insta::assert_snapshot!(switch(&["--to", "hpa"]).refused(), @"
    error: nothing to switch: no object is named, and none selected
    hint: one or more: kubectl kscale switch isvc/NAME --to …; all of a kind in the namespace: switch isvc --to …
    hint: by labels: -l team=search; in all namespaces: -A; manifests: -f FILE
    ");
    assert_eq!(
        switch(&["--to", "hpa", "-n", "ml"]).refused(),
        switch(&["--to", "hpa"]).refused(),
        "a namespace alone names nothing"
    );
    insta::assert_snapshot!(switch(&["-l", "", "--to", "hpa"]).refused(), @"
    error: --selector is empty, which would select everything
    hint: give labels, or name a kind alone (isvc) for all of a namespace
    ");
}

#[test]
fn what_is_not_switched_is_said() {
    insta::assert_snapshot!(switch(&["ig/graph", "--to", "hpa"]).refused(), @"
    error: an InferenceGraph is not switched: InferenceServices and Knative Services are
    hint: the services that it routes to are scaled by themselves: switch isvc/NAME each
    ");
    insta::assert_snapshot!(switch(&["isvc/bert", "-A", "--to", "hpa"]).refused(), @"
    error: a name is of one namespace, not of all
    hint: give -n NAMESPACE, or leave out the name
    ");
    insta::assert_snapshot!(switch(&["isvc/bert", "-l", "a=b", "--to", "hpa"]).refused(), @"error: a name and --selector exclude each other");
    insta::assert_snapshot!(switch(&["svc/bert", "--to", "hpa"]).refused(), @"
    error: svc is not a kind that is explained
    hint: a Knative Service is a ksvc: ksvc/NAME
    ");
}

#[test]
fn what_stands_for_a_cluster_is_not_changed() {
    let facts = fixture("switch/snapshot.yaml");
    insta::assert_snapshot!(switch(&["isvc/bert", "--to", "kpa", "--facts", &facts]).refused(), @"
    error: --facts stands for a cluster, and what stands for one cannot be changed
    hint: --dry-run=client shows the plan; leave out --facts to change the cluster
    ");
    insta::assert_snapshot!(switch(&["isvc/bert", "--to", "kpa", "--offline"]).refused(), @"
    error: --offline leaves no cluster to change
    hint: -f FILE changes manifests; --facts FILE --dry-run=client plans on a snapshot
    ");
}

#[test]
fn nobody_acts_on_an_end_that_nobody_waits_for() {
    for flag in ["--cleanup", "--rollback-on-failure"] {
        let said = switch(&["isvc/bert", "--to", "kpa", "--wait=false", flag]).refused();
        assert!(
            said.starts_with(&format!("error: {flag} acts once ")),
            "{said}"
        );
    }
}

#[test]
fn a_snapshot_is_planned_on() {
    let facts = fixture("switch/snapshot.yaml");
    let plan = |more: &[&str]| {
        let arguments = ["isvc/bert", "-n", "ml", "--to", "kpa", "--target", "10"];
        let how = ["--facts", &facts, "--dry-run=client"];
        switch(&[&arguments[..], &how, more].concat())
    };
    let ran = plan(&["-o", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let data: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(data["facts"]["source"], "snapshot");
    assert_eq!(data["items"][0]["requests"][0]["name"], "bert");
    let page = plan(&[]).clean();
    assert!(page.contains("bert"), "{page}");
}
