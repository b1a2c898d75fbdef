//! What an answer assumes, in sentences.

use super::types::Explanation;
use crate::facts::{Facts, Provenance};

/// One sentence for every fact that was assumed, and for what the explained objects need beside.
pub(super) fn of(facts: &Facts, items: &[Explanation]) -> Vec<String> {
    let mut assumed = Vec::new();
    let mut say = |what: String, provenance: &Provenance| {
        if !provenance.is_known() {
            assumed.push(what);
        }
    };
    say(
        format!("KServe is {}, the newest release known", facts.kserve.value),
        &facts.kserve.provenance,
    );
    say(
        format!(
            "Knative Serving is {}, the newest release known",
            facts.knative.value
        ),
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
        &facts.kserve_config.provenance,
    );
    say(
        "config-autoscaler is as shipped".to_owned(),
        &facts.config_autoscaler.provenance,
    );
    say(
        "config-defaults is as shipped".to_owned(),
        &facts.config_defaults,
    );
    say(
        "config-deployment is as shipped".to_owned(),
        &facts.config_deployment,
    );
    say(
        "Knative Serving is installed".to_owned(),
        &facts.knative_installed.provenance,
    );
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
    assumed
}
