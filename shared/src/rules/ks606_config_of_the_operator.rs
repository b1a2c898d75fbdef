//! See [`KS606`].

use super::case::Bystander;
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds manifests of Knative's ConfigMaps where a KnativeServing is known to be in the cluster.
    ///
    /// ## Why it matters
    ///
    /// The operator writes these ConfigMaps from `spec.config` of its KnativeServing, and takes back what anybody else
    /// writes into them. A change that is applied to the ConfigMap holds until the operator looks again.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: operator.knative.dev/v1beta1
    /// kind: KnativeServing
    /// metadata:
    ///   name: knative-serving
    ///   namespace: knative-serving
    /// status:
    ///   version: 1.21.0
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   max-scale: "10"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: operator.knative.dev/v1beta1
    /// kind: KnativeServing
    /// metadata:
    ///   name: knative-serving
    ///   namespace: knative-serving
    /// spec:
    ///   config:
    ///     autoscaler:
    ///       max-scale: "10"
    /// status:
    ///   version: 1.21.0
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: the setting belongs into another object.
    ///
    /// ## References
    ///
    /// - knative/operator 1.21, `pkg/reconciler/common/config_maps.go`
    KS606: "config-of-the-operator", Warning, "a ConfigMap of Knative in a cluster where an operator writes it",
    Check::Bystander(check)
}

fn check(object: &Bystander<'_>, findings: &mut Findings<'_>) {
    // What was read from the cluster has a uid: there the operator's own writing is judged, which is right.
    let is_live = object.object.pointer("/metadata/uid").is_some();
    if !object.facts.knative_operated || !object.is_knative_config(object.name()) || is_live {
        return;
    }
    if !object.name().starts_with("config-") {
        return;
    }
    let short = object.name().trim_start_matches("config-");
    let message = "the operator writes this ConfigMap, and takes back what others write into it";
    let help = format!("write it under spec.config.{short} of the KnativeServing");
    findings.push(Report::at("/data", message).advice(Advice::help(help)));
}
