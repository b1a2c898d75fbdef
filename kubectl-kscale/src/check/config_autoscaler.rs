//! The ConfigMaps of Knative: can they be read, and what do they say otherwise than Knative does by itself.

use kscale_rules::explain::{Finding, Severity};
use kscale_rules::facts::ConfigAutoscaler;
use kscale_rules::knative::AutoscalerConfig;
use kscale_rules::rules;
use serde_json::Value;

use super::about::{About, checks};
use super::report::CheckResult;
use super::view::{KNATIVE, Told, View};

checks! {
    "config-autoscaler";
    PRESENT: "present", "the ConfigMap config-autoscaler is there";
    VALID: "valid", "Knative can read it";
    KEYS: "keys", "every key in it has the effect that it seems to have";
    VALUES: "values", "it sets nothing otherwise than Knative does by itself";
    OTHERS: "others", "Knative can read its other ConfigMaps";
}

const NAME: &str = "config-autoscaler";

/// The ConfigMaps that Knative's webhook and controller read beside it.
const BESIDE: [&str; 3] = ["config-defaults", "config-deployment", "config-features"];

/// The rule on what Knative cannot read.
const REFUSED: &str = "KS601";

/// The checks.
pub(super) fn checks(view: &View<'_>) -> Vec<CheckResult> {
    let mut found = Vec::new();
    match view.object("", "ConfigMap", KNATIVE, NAME) {
        Told::There(config) => {
            found.push(PRESENT.ok(""));
            found.extend(judged(view, config));
            found.extend(values(view));
        }
        Told::Absent => found.push(PRESENT.error(
            format!("there is no ConfigMap {KNATIVE}/{NAME}: no component of Knative starts, and KServe reconciles no InferenceService in Knative mode"),
            "apply serving-core.yaml of this release again",
        )),
        Told::Unknown(why) => found.push(PRESENT.unknown(why)),
    }
    found.extend(others(view));
    found
}

/// What the rules on ConfigMaps find.
fn judged(view: &View<'_>, config: &Value) -> Vec<CheckResult> {
    let findings = rules::judge(config, None, &view.facts).unwrap_or_default();
    let (refused, rest): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|one| one.code == REFUSED);
    let mut found = Vec::new();
    match refused.first() {
        None => found.push(VALID.ok(format!("as Knative {} reads it", view.facts.knative.value))),
        Some(_) => found.extend(refused.iter().map(|finding| of_finding(&VALID, finding))),
    }
    if rest.is_empty() {
        found.push(KEYS.ok(""));
    }
    found.extend(rest.iter().map(|finding| of_finding(&KEYS, finding)));
    found
}

/// A finding of a rule as what a check found.
pub(super) fn of_finding(about: &About, finding: &Finding) -> CheckResult {
    let message = format!("{} ({})", finding.message, finding.code);
    let hint = match finding.help.as_str() {
        "" => format!("kubectl kscale explain {}", finding.code),
        help => help.to_owned(),
    };
    match finding.severity {
        Severity::Error => about.error(message, hint),
        Severity::Warning => about.warning(message, hint),
        Severity::Info => about.info(message),
    }
}

/// A line for each value that differs from the release's own.
fn values(view: &View<'_>) -> Vec<CheckResult> {
    let ConfigAutoscaler::Data {
        parsed: Ok(parsed), ..
    } = &view.facts.config_autoscaler.value
    else {
        return Vec::new();
    };
    let shipped = AutoscalerConfig::shipped(view.facts.knative.value).settings();
    let read = parsed.settings();
    let differ = read
        .iter()
        .zip(&shipped)
        .filter(|(read, shipped)| read != shipped);
    let found: Vec<CheckResult> = differ
        .map(|((key, value), (_, shipped))| {
            VALUES.info(format!("{key} is {value}; by itself it is {shipped}"))
        })
        .collect();
    if found.is_empty() {
        return vec![VALUES.ok("")];
    }
    found
}

/// The other ConfigMaps, as far as they were read: with one that it cannot read, no component starts.
fn others(view: &View<'_>) -> Option<CheckResult> {
    let mut read = Vec::new();
    for name in BESIDE {
        let Told::There(config) = view.object("", "ConfigMap", KNATIVE, name) else {
            continue;
        };
        let findings = rules::judge(config, None, &view.facts).unwrap_or_default();
        let worst = findings.iter().find(|one| one.severity == Severity::Error);
        if let Some(finding) = worst {
            let mut result = of_finding(&OTHERS, finding);
            result.message = format!("{name}: {}", result.message);
            return Some(result);
        }
        read.push(name);
    }
    (!read.is_empty()).then(|| OTHERS.ok(read.join(", ")))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::report::State;
    use super::super::tests::{knative, named, results, states};

    fn with(data: &Value) -> Vec<Value> {
        let mut objects = knative("1.23.0");
        objects.push(json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "config-autoscaler", "namespace": "knative-serving", "uid": "u"},
            "data": data,
        }));
        objects
    }

    #[test]
    fn what_is_shipped_differs_in_nothing() {
        let objects = with(&json!({}));
        for id in ["present", "valid", "keys", "values"] {
            let id = format!("config-autoscaler/{id}");
            assert_eq!(states(&objects, &id), [State::Ok], "{id}");
        }
    }

    #[test]
    fn what_knative_cannot_read_is_told_in_its_words() {
        let refused = named(
            &with(&json!({"max-scale-limit": "8"})),
            "config-autoscaler/valid",
        );
        assert_eq!(refused.state, State::Error);
        let text = "max-scale = 0, must be in [1, max-scale-limit(8)] range";
        assert!(refused.message.contains(text), "{}", refused.message);
    }

    #[test]
    fn each_value_that_differs_has_its_line() {
        let data = json!({"max-scale": "3", "stable-window": "60s", "container-concurrency-target-percentage": "0.7"});
        let told = results(&with(&data), "config-autoscaler/values");
        let messages: Vec<&str> = told.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(messages, ["max-scale is 3; by itself it is 0"]);
    }

    #[test]
    fn a_default_class_that_models_never_get_is_noted() {
        let class = json!({"pod-autoscaler-class": "hpa.autoscaling.knative.dev"});
        let told = named(&with(&class), "config-autoscaler/keys");
        assert_eq!(told.state, State::Info);
        assert!(
            told.message.contains("no effect on InferenceServices"),
            "{}",
            told.message
        );
    }

    #[test]
    fn without_it_nothing_is_judged_unless_it_is_known_not_to_be_there() {
        let id = "config-autoscaler/present";
        let mut objects = knative("1.23.0");
        assert_eq!(states(&objects, id), [State::Skipped]);
        objects.push(json!({
            "apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot",
            "absent": [{"kind": "ConfigMap", "namespace": "knative-serving", "name": "config-autoscaler"}],
        }));
        assert_eq!(states(&objects, id), [State::Error]);
    }

    #[test]
    fn what_could_not_be_read_says_why() {
        let mut objects = knative("1.23.0");
        objects.push(json!({
            "apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot",
            "unread": [{"what": "ConfigMap knative-serving/config-autoscaler", "why": "configmaps is forbidden"}],
        }));
        let told = named(&objects, "config-autoscaler/present");
        assert_eq!(told.state, State::Skipped);
        assert_eq!(
            told.message,
            "unknown, because ConfigMap knative-serving/config-autoscaler could not be read: configmaps is forbidden"
        );
    }
}
