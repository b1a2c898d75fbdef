use serde_json::{Value, json};

use super::*;
use crate::facts::FactsSource;

fn deployment(name: &str, version: &str) -> Value {
    json!({"kind": "Deployment", "metadata": {
        "name": name, "namespace": "knative-serving", "labels": {"app.kubernetes.io/version": version}}})
}

fn config_map(name: &str, key: &str, value: &str) -> Value {
    json!({"kind": "ConfigMap", "metadata": {"name": name, "namespace": "knative-serving"}, "data": {key: value}})
}

fn facts(objects: &[Value]) -> Facts {
    Facts::from_objects(objects, FactsSource::Snapshot)
}

fn data(key: &str, value: &str) -> Data {
    Data::from([(key.to_owned(), value.to_owned())])
}

fn known(minor: u16) -> Fact<KnativeVersion> {
    Fact::known(KnativeVersion::new(1, minor, 0), "a test")
}

/// What the configuration in force and the parsed ConfigMap say of `min-scale`, which 1.0 does not read.
fn min_scales(facts: &Facts) -> (i32, i32) {
    let ConfigAutoscaler::Data { parsed, .. } = &facts.config_autoscaler.value else {
        panic!("config-autoscaler is there");
    };
    let configs = facts.knative_configs.as_ref().unwrap();
    (
        configs.autoscaler.min_scale,
        parsed.as_ref().unwrap().min_scale,
    )
}

#[test]
fn the_release_reads_the_config_maps_in_whichever_order_they_are_told() {
    let at = |version: &str| {
        let objects = [
            config_map("config-autoscaler", "min-scale", "3"),
            deployment("controller", version),
        ];
        let reversed: Vec<Value> = objects.iter().rev().cloned().collect();
        assert_eq!(min_scales(&facts(&objects)), min_scales(&facts(&reversed)));
        min_scales(&facts(&objects))
    };
    assert_eq!(at("1.0.0"), (0, 0));
    assert_eq!(at("1.1.0"), (3, 3));
}

#[test]
fn setting_the_release_before_or_after_a_config_map_is_the_same() {
    let provenance = || Provenance::Known("a test".to_owned());
    let mut before = Facts::shipped().with_knative(known(0));
    before.set_config_autoscaler(Some(data("min-scale", "3")), provenance());
    let mut after = Facts::shipped();
    after.set_config_autoscaler(Some(data("min-scale", "3")), provenance());
    assert_eq!(min_scales(&after), (3, 3));
    let after = after.with_knative(known(0));
    assert_eq!(min_scales(&before), (0, 0));
    assert_eq!(min_scales(&after), (0, 0));
}

#[test]
fn a_release_without_config_maps_brings_its_own_defaults() {
    let burst = |minor| {
        let facts = Facts::shipped().with_knative(known(minor));
        facts
            .knative_configs
            .unwrap()
            .autoscaler
            .target_burst_capacity
    };
    assert_eq!((burst(3), burst(4)), (200.0, 211.0));
}

#[test]
fn the_first_config_map_that_does_not_parse_is_told_and_mended_once_it_does() {
    let provenance = || Provenance::Known("a test".to_owned());
    let broken = [
        config_map("config-deployment", "progress-deadline", "0s"),
        config_map("config-defaults", "revision-timeout-seconds", "601"),
        config_map("config-features", "multi-container", "disabled"),
    ];
    let mut facts = facts(&broken);
    let text = |facts: &Facts| facts.knative_configs.clone().unwrap_err();
    assert!(text(&facts).starts_with("config-defaults: revision-timeout-seconds (601)"));
    facts.set_knative_config("config-defaults", &Data::new(), provenance());
    assert!(text(&facts).starts_with("config-deployment: progress-deadline"));
    facts.set_knative_config("config-deployment", &Data::new(), provenance());
    assert!(facts.knative_configs.is_ok());
}

#[test]
fn a_release_may_refuse_a_config_map_that_others_accept() {
    let mut facts = Facts::shipped();
    let provenance = Provenance::Known("a test".to_owned());
    facts.set_knative_config(
        "config-defaults",
        &data("revision-timeout-seconds", "120"),
        provenance,
    );
    assert!(facts.knative_configs.is_ok());
    // 1.7.0 alone has a fixed response timeout of 300 s, which may not be longer than the timeout.
    let facts = facts.with_knative(known(7));
    assert!(facts.knative_configs.is_err());
    assert!(facts.with_knative(known(8)).knative_configs.is_ok());
}

#[test]
fn the_controllers_release_counts_while_knative_is_upgraded_and_that_is_said() {
    let mut objects = vec![
        deployment("webhook", "1.20.0"),
        deployment("controller", "1.21.3"),
    ];
    for _ in 0..2 {
        let facts = facts(&objects);
        assert_eq!(facts.knative.value, KnativeVersion::new(1, 21, 3));
        assert!(facts.knative.is_known());
        let said = facts.knative_upgrade.unwrap();
        assert!(
            said.contains("(controller 1.21.3, webhook 1.20.0)"),
            "{said}"
        );
        objects.reverse();
    }
    let agreeing = facts(&[
        deployment("webhook", "1.21.3"),
        deployment("controller", "1.21.3"),
    ]);
    assert_eq!(agreeing.knative_upgrade, None);
    assert_eq!(
        facts(&objects).with_knative(known(20)).knative_upgrade,
        None
    );
}
