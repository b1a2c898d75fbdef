//! See [`KS604`].

use super::case::Bystander;
use super::findings::{Advice, Findings, Report, replace};
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds a `container-concurrency-target-percentage` of `1` in config-autoscaler.
    ///
    /// ## Why it matters
    ///
    /// The key takes percentages and fractions, and tells them apart by size: what is above 1 is divided by 100. So `1`
    /// is 100 %, and not one hundredth: pods are filled up to their limit before another one is made.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   container-concurrency-target-percentage: "1"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   container-concurrency-target-percentage: "70"
    /// ```
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   container-concurrency-target-percentage: "1.5"
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Safe: `100` is written, which means the same.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/autoscaler/config/config.go`
    KS604: "percentage-of-one", Warning, "a target percentage of 1, which means 100 %",
    Check::Bystander(check)
}

const KEY: &str = "container-concurrency-target-percentage";

fn check(object: &Bystander<'_>, findings: &mut Findings<'_>) {
    // 1.0 reads as the fraction that it is, and with a blank it is no number.
    if object.data(KEY) != Some("1") || !object.is_knative_config("config-autoscaler") {
        return;
    }
    let pointer = format!("/data/{KEY}");
    let advice =
        Advice::help("write 100 where 100 % is meant").safe(vec![replace(&pointer, "100")]);
    let message = "1 means 100 %, not 1 %: Knative takes what is not above 1 for a fraction";
    findings.push(Report::at(pointer, message).advice(advice));
}
