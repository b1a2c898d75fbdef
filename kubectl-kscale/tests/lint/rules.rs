//! `rules`, and `explain RULE`.

use kscale_rules::rules::RULES;
use serde_json::Value;

use crate::formats::fits;
use crate::process::{explain, fixture, kscale, root};

#[test]
fn rules_are_listed_for_people_and_programs() {
    let table = kscale(&["rules"]).columns(120).run().clean();
    for rule in RULES {
        assert!(
            table.contains(rule.code) && table.contains(rule.slug),
            "{}",
            rule.code
        );
    }
    assert!(table.starts_with("Which autoscaler\n  KS101  "), "{table}");
    let list: Value =
        serde_json::from_str(&kscale(&["rules", "-o", "json"]).run().clean()).unwrap();
    fits("rule-schema", &list);
    assert_eq!(list["items"].as_array().unwrap().len(), RULES.len());
    let names = kscale(&["rules", "-o", "name"]).run().clean();
    assert_eq!(names.lines().count(), RULES.len());
}

#[test]
fn a_page_is_printed_by_code_and_by_name() {
    let page = explain(&["KS401"]).run().clean();
    insta::assert_snapshot!(page);
    assert_eq!(explain(&["ks401"]).run().clean(), page);
    assert_eq!(explain(&["resources-beside-the-model"]).run().clean(), page);
    let json: Value =
        serde_json::from_str(&explain(&["KS401", "-o", "json"]).run().clean()).unwrap();
    fits("rule-schema", &json);
    assert_eq!(json["items"][0]["code"], "KS401");
}

#[test]
fn a_name_that_no_rule_has_says_what_to_do() {
    let stderr = explain(&["KS999"]).run().refused();
    insta::assert_snapshot!(stderr, @"
    error: no rule is called KS999
    hint: see `kubectl kscale rules` for their codes and names
    hint: a file, folder or address goes behind -f: -f KS999
    hint: what is in a cluster is named with its kind: isvc/KS999, ksvc/KS999 or ig/KS999
    ");
}

/// What is without effect is told once, above; the finding adds how bad that is.
#[test]
fn explain_says_no_sentence_twice() {
    let text = explain(&["-f", &fixture("inert.yaml")])
        .columns(120)
        .run()
        .clean();
    assert!(
        text.contains("    error KS101 autoscaler-class-in-knative-mode, line 7\n"),
        "{text}"
    );
    assert_eq!(
        text.matches("only Standard mode reads it").count(),
        1,
        "{text}"
    );
}

#[test]
fn pages_on_disk_are_those_of_the_rules_and_no_others() {
    let pages: Value =
        serde_json::from_str(&kscale(&["generate", "rule-pages"]).run().clean()).unwrap();
    let pages = pages.as_object().unwrap();
    assert_eq!(pages.len(), RULES.len() + 1);
    for (name, text) in pages {
        let kept =
            std::fs::read_to_string(root().join("docs/rules").join(name)).unwrap_or_default();
        assert!(
            kept == text.as_str().unwrap(),
            "docs/rules/{name} is out of date: run `cargo xtask docs`"
        );
    }
    for entry in std::fs::read_dir(root().join("docs/rules")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            pages.contains_key(&name),
            "docs/rules/{name} is of a rule that is gone: run `cargo xtask docs`"
        );
    }
}

#[test]
fn schemas_on_disk_are_up_to_date() {
    for (what, path) in [
        (
            "finding-schema",
            "docs/schema/kscale.dev_v1alpha1_FindingList.json",
        ),
        (
            "rule-schema",
            "docs/schema/kscale.dev_v1alpha1_RuleList.json",
        ),
    ] {
        let kept = std::fs::read_to_string(root().join(path)).unwrap_or_default();
        assert!(
            kept == kscale(&["generate", what]).run().clean(),
            "{path} is out of date: run `cargo xtask docs`"
        );
    }
}
