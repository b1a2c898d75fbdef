//! See [`KS222`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report, replace};
use super::rule::{Check, rule};
use crate::kserve::Behaviour;

rule! {
    /// ## What it does
    ///
    /// Finds a `podmetric.metric.query` that is an expression, under the class keda.
    ///
    /// ## Why it matters
    ///
    /// Since 0.16 KServe wraps the query itself, as `sum(QUERY{namespace="…", deployment="…"})`, so it must be the name
    /// of a metric and nothing else. An aggregation becomes part of the name, which no metric has; labels of one's own
    /// make the labels unreadable. Either way KEDA gets no value, and nothing scales.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: keda
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     autoScaling:
    ///       metrics:
    ///         - type: PodMetric
    ///           podmetric:
    ///             metric:
    ///               backend: opentelemetry
    ///               metricNames: ["vllm:num_requests_running"]
    ///               query: "sum(vllm:num_requests_running)"
    ///             target:
    ///               type: Value
    ///               value: "4"
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/autoscalerClass: keda
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     autoScaling:
    ///       metrics:
    ///         - type: PodMetric
    ///           podmetric:
    ///             metric:
    ///               backend: opentelemetry
    ///               metricNames: ["vllm:num_requests_running"]
    ///               query: "vllm:num_requests_running"
    ///             target:
    ///               type: Value
    ///               value: "4"
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: the name inside the expression is left, whose sum over the pods is taken.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `reconcilers/keda/keda_reconciler.go`
    /// - kedify/otel-add-on, `metric/simple_parser.go`
    KS222: "pod-metric-query", Error, "a PodMetric query that is more than the name of a metric",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let makes = scaled
        .standard
        .is_some_and(|standard| standard.scaled_object.is_some());
    // Before, the query went to KEDA as it is.
    if !makes || !case.facts.release().has(Behaviour::KedaWindows) {
        return;
    }
    let scaling = scaled
        .extension
        .and_then(|extension| extension.auto_scaling.as_ref());
    let metrics = scaling
        .map(|scaling| scaling.metrics.as_slice())
        .unwrap_or_default();
    for (index, metric) in metrics.iter().enumerate() {
        let pod = metric.pod.as_ref().filter(|_| metric.kind == "PodMetric");
        let pod = pod.filter(|pod| pod.backend == "opentelemetry");
        let Some(query) = pod
            .map(|pod| pod.query.trim())
            .filter(|query| !is_name(query))
        else {
            continue;
        };
        let pointer = scaled.at(&format!(
            "autoScaling/metrics/{index}/podmetric/metric/query"
        ));
        let message = format!(
            "KServe makes sum({query}{{…}}) of this query, and only the name of a metric can stand there"
        );
        let mut advice = Advice::help(
            "write the name of the metric alone; KServe sums it over the pods of the \
        component",
        );
        if let Some(name) = name_within(query) {
            advice = advice.review(vec![replace(&pointer, name)]);
        }
        findings.push(Report::at(pointer, message).advice(advice));
    }
}

/// Whether it can be the name of a metric; an empty query is refused and no matter of this rule.
fn is_name(query: &str) -> bool {
    let of_a_name = |c: char| c.is_alphanumeric() || "_:./-".contains(c);
    query.chars().all(of_a_name)
}

/// The one name in `name{…}`, `sum(name)` or `sum(name{…})`.
fn name_within(query: &str) -> Option<&str> {
    let inner = match query.split_once('(') {
        Some((function, rest)) if is_name(function) => rest.strip_suffix(')')?,
        _ => query,
    };
    let name = match inner.split_once('{') {
        Some((name, labels)) if labels.find('}') == Some(labels.len() - 1) => name,
        Some(_) => return None,
        None => inner,
    };
    let name = name.trim();
    (!name.is_empty() && is_name(name)).then_some(name)
}
