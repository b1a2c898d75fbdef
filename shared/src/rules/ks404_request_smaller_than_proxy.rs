//! See [`KS404`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report};
use super::ks403_container_without_request::{percentages, place};
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds workloads of Knative's HPA class that scale on CPU and request no more of it than queue-proxy does.
    ///
    /// ## Why it matters
    ///
    /// Knative puts queue-proxy beside every workload, with a request of 25m as shipped. The percentage is of both
    /// together, and queue-proxy's own use grows with every request that it passes on. With a request of 10m for the
    /// model, 80 % is 28m of CPU: a few requests a second to queue-proxy alone scale the model up.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 80
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    ///       resources:
    ///         requests:
    ///           cpu: 10m
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 80
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    ///       resources:
    ///         requests:
    ///           cpu: 500m
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: how much CPU the model needs is for its author to say.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/revision/resources/queue.go`, `pkg/deployment/config.go`
    /// - kubernetes/kubernetes 1.36, `pkg/controller/podautoscaler/replica_calculator.go`
    KS404: "request-smaller-than-proxy", Warning, "a CPU request so small that queue-proxy decides",
    Check::Component(check)
}

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    if !scaled.is_knative_hpa() || !percentages(scaled).contains(&"cpu") {
        return;
    }
    let (containers, _) = scaled.containers(case.facts);
    let Some((proxy, own)) = containers
        .split_last()
        .filter(|(proxy, _)| proxy.name == "queue-proxy")
    else {
        return;
    };
    let milli = |request: &Option<crate::kubernetes::pod::Request>| {
        request.as_ref().map(|one| one.amount.milli_value())
    };
    let sum = own
        .iter()
        .try_fold(0i64, |sum, one| Some(sum.saturating_add(milli(&one.cpu)?)));
    // Containers without any request have a rule of their own.
    let (Some(sum), Some(proxy)) = (sum, milli(&proxy.cpu)) else {
        return;
    };
    if own.is_empty() || sum > proxy {
        return;
    }
    let name = own.first().map(|one| one.name.as_str()).unwrap_or_default();
    let request =
        place(case, scaled, name, 0).map(|place| format!("{place}/resources/requests/cpu"));
    let at = request.filter(|pointer| case.object.pointer(pointer).is_some());
    let message = format!(
        "the workload requests {sum}m of CPU and queue-proxy {proxy}m, so that queue-proxy decides over the percentage"
    );
    let help = "request what the workload needs, several times what queue-proxy does";
    findings.push(
        Report::at(at.unwrap_or_else(|| scaled.pointer.to_owned()), message)
            .advice(Advice::help(help)),
    );
}
