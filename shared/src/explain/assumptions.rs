//! What an answer assumes, in sentences.

use super::types::Explanation;
use crate::facts::{Facts, Provenance, Unread};

/// One sentence for every fact that was assumed, and for what the explained objects need beside.
pub(super) fn of(facts: &Facts, items: &[Explanation]) -> Vec<String> {
    let mut assumed = Vec::new();
    let mut unread: Vec<&Unread> = facts.unread.iter().collect();
    // `object` names what would have said it: where that could not be read, the sentence says why.
    let mut say = |what: String, object: &str, provenance: &Provenance| {
        if provenance.is_known() {
            return;
        }
        let (of_it, others) = unread.iter().partition(|one| one.what.contains(object));
        let of_it: Vec<&Unread> = of_it;
        unread = others;
        let why = of_it.first().map(|one| format!(" ({})", one.sentence()));
        assumed.push(what + &why.unwrap_or_default());
    };
    say(
        format!("KServe is {}, the newest release known", facts.kserve.value),
        "kserve-controller-manager",
        &facts.kserve.provenance,
    );
    say(
        format!(
            "Knative Serving is {}, the newest release known",
            facts.knative.value
        ),
        "Deployments of knative-serving",
        &facts.knative.provenance,
    );
    let mode = facts
        .kserve_config
        .value
        .default_mode
        .as_deref()
        .unwrap_or_default();
    say(
        format!("inferenceservice-config is as shipped: the default mode is {mode}"),
        "inferenceservice-config",
        &facts.kserve_config.provenance,
    );
    say(
        "config-autoscaler is as shipped".to_owned(),
        "config-autoscaler",
        &facts.config_autoscaler.provenance,
    );
    say(
        "config-defaults is as shipped".to_owned(),
        "config-defaults",
        &facts.config_defaults,
    );
    say(
        "config-deployment is as shipped".to_owned(),
        "config-deployment",
        &facts.config_deployment,
    );
    say(
        "Knative Serving is installed".to_owned(),
        "services.serving.knative.dev",
        &facts.knative_installed.provenance,
    );
    let unread: Vec<String> = unread.iter().map(|one| one.sentence()).collect();
    assumed.extend(facts.knative_upgrade.clone());
    if facts.runtimes.is_empty() || facts.more_runtimes {
        let which = if facts.runtimes.is_empty() {
            "ServingRuntimes"
        } else {
            "ServingRuntimes other than those given"
        };
        assumed.push(format!(
            "{which} request 1 cpu and 2Gi and bring no annotations, as all built-in ones"
        ));
    }
    if items
        .iter()
        .any(|item| item.object.kind == "InferenceGraph")
    {
        assumed.push(
            "the InferenceServices of an InferenceGraph are ready, and the graph is new".to_owned(),
        );
    }
    assumed.extend(unread);
    assumed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::facts::FactsSource;

    #[test]
    fn what_could_not_be_read_is_assumed_with_the_reason() {
        let snapshot = json!({
            "apiVersion": "kscale.dev/v1alpha1",
            "kind": "Snapshot",
            "unread": [
                {"what": "ConfigMap knative-serving/config-autoscaler", "why": "forbidden"},
                {"what": "Pods of ml", "why": "timed out"},
            ],
        });
        let facts = Facts::from_objects([&snapshot], FactsSource::Cluster);
        let said = of(&facts, &[]);
        let autoscaler = "config-autoscaler is as shipped (ConfigMap knative-serving/config-autoscaler could not be read: forbidden)";
        assert!(said.iter().any(|one| one == autoscaler), "{said:#?}");
        assert_eq!(
            said.last().map(String::as_str),
            Some("Pods of ml could not be read: timed out")
        );
    }
}
