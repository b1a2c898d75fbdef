//! See [`KS120`].

use super::case::{Case, Scaled, Workload};
use super::findings::{Advice, Findings, Report, replace};
use super::rule::{Check, rule};
use crate::knative::annotations::{CLASS, HPA_CLASS, KPA_CLASS, METRIC};
use crate::kserve::Refused;
use crate::kserve::annotations::{AUTOSCALER_CLASS, DEPLOYMENT_MODE};
use crate::manifest::child;

rule! {
    /// ## What it does
    ///
    /// Finds objects that KServe's webhook refuses, and says so in its exact words.
    ///
    /// ## Why it matters
    ///
    /// The object never reaches the cluster. Some of KServe's texts do not tell what is wrong: `[cpu] is not a supported
    /// metric` means that the class is Knative's own autoscaler, since the webhook reads the class from the annotations of
    /// the object alone, never from those of a component or a runtime. And it refuses one thing that would work: a memory
    /// target above 100 under the HPA class, which is in mebibytes, is judged as a percentage.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review, and only where the text leaves one way to go: a class annotation for a metric that needs it.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/inference_service_validation.go` and `component.go`
    KS120: "refused-by-kserve", Error, "KServe's webhook refuses the object",
    Check::Workload(check)
}

/// What a text is about: a part of it, the field it speaks of, and what to do. The first that fits counts.
const KNOWN: [(&str, &str, &str); 21] = [
    (
        "InferenceGraph[",
        "/spec/nodes",
        "mend the node that the text names",
    ),
    (
        "not a supported autoscaler class",
        "",
        "write hpa, keda, external or none; in Knative mode the class is autoscaling.knative.dev/class",
    ),
    (
        "deploymentMode cannot be changed",
        "",
        "keep the mode that the service has, written by the name its status gives; another mode needs another service",
    ),
    (
        "'MinReplicas' cannot be greater",
        "maxReplicas",
        "raise maxReplicas to minReplicas at least; minReplicas is 1 where none is written",
    ),
    (
        "MinReplicas cannot be greater",
        "maxReplicas",
        "raise maxReplicas to minReplicas at least; minReplicas is 1 where none is written",
    ),
    ("MinReplicas", "minReplicas", "write 0 or more"),
    (
        "MaxReplicas",
        "maxReplicas",
        "write 0 or more; 0 means none is set",
    ),
    (
        "arallelism cannot be less",
        "containerConcurrency",
        "write 0 or more; 0 means no limit",
    ),
    (
        "target utilization percentage",
        "scaleTarget",
        "write a percentage from 1 to 100",
    ),
    (
        "target memory should be greater",
        "scaleTarget",
        "write 1 or more",
    ),
    ("target for rps should be", "scaleTarget", "write 1 or more"),
    (
        "ScaleMetric is not supported for KEDA",
        "scaleMetric",
        "describe what to scale on under autoScaling.metrics",
    ),
    (
        "deploymentStrategy",
        "deploymentStrategy",
        "drop it; in Knative mode Knative rolls revisions out",
    ),
    (
        "invalid HPA metric source type",
        "autoScaling",
        "use the class keda for External and PodMetric, or a Resource",
    ),
    (
        "metricSpec.",
        "autoScaling",
        "write the block that the metric's type names: resource, external or podmetric",
    ),
    (
        "Multinode only supports",
        "",
        "set the annotation serving.kserve.io/autoscalerClass to none",
    ),
    (
        "canary is only supported in Standard",
        "/spec/canary",
        "set the annotation serving.kserve.io/deploymentMode to Standard on the object",
    ),
    ("canary", "/spec/canary", "mend the canary as the text says"),
    (
        "cannot unmarshal",
        "",
        "write a value of the type that the text names",
    ),
    (
        "the query should not be empty",
        "autoScaling",
        "write a query",
    ),
    (
        "target",
        "autoScaling",
        "write the target that the metric's type asks for",
    ),
];

fn check(case: &Case<'_>, findings: &mut Findings<'_>) {
    if let Workload::Refused(Refused::Decode(error)) = case.workload {
        let help = Advice::help("write a value of the type that the text names");
        findings.push(Report::at(&error.pointer, refused(&error.text)).advice(help));
        return;
    }
    let Some(text) = case.admission.kserve.as_deref() else {
        return;
    };
    if matches!(case.workload, Workload::Refused(_)) {
        return;
    }
    let report = match metric_of(text).and_then(|metric| scaled_on(case, metric)) {
        Some(scaled) => {
            Report::at(scaled.at("scaleMetric"), refused(text)).advice(other_class(case, scaled))
        }
        None => known(case, text),
    };
    findings.push(report);
}

fn refused(text: &str) -> String {
    let line = text.trim_end().replace('\n', "; ");
    format!("KServe refuses the object: {}", line.trim_end_matches('.'))
}

/// The metric in `[cpu] is not a supported metric`.
fn metric_of(text: &str) -> Option<&str> {
    let (metric, rest) = text.strip_prefix('[')?.split_once(']')?;
    rest.starts_with(" is not a supported metric")
        .then_some(metric)
}

fn scaled_on<'c, 'a>(case: &'c Case<'a>, metric: &str) -> Option<&'c Scaled<'a>> {
    let is_it = |scaled: &&Scaled<'_>| {
        scaled
            .extension
            .is_some_and(|extension| extension.scale_metric == Some(metric))
    };
    case.scaled.iter().find(is_it)
}

/// What to do about a metric of another class than the webhook goes by.
fn other_class(case: &Case<'_>, scaled: &Scaled<'_>) -> Advice {
    let metric = scaled
        .extension
        .and_then(|extension| extension.scale_metric)
        .unwrap_or_default();
    if scaled.standard.is_some() {
        return Advice::help(
            "an HPA of KServe's scales on cpu or memory; concurrency and rps need Knative mode",
        );
    }
    let metrics = case.scaled.iter().filter_map(|scaled| {
        let field = scaled.extension?.scale_metric;
        field.or_else(|| Some(scaled.annotation(METRIC.canonical)?.1))
    });
    let (mut of_hpa, mut of_kpa) = (false, false);
    for metric in metrics {
        of_hpa |= matches!(metric, "cpu" | "memory");
        of_kpa |= matches!(metric, "concurrency" | "rps");
    }
    if of_hpa && of_kpa {
        return Advice::help(
            "scale all components on metrics of one class: the webhook takes the class of the object for each of them",
        );
    }
    let object = case.object.pointer("/metadata/annotations");
    let class_at = child("/metadata/annotations", CLASS.canonical);
    let on_object = object
        .and_then(|map| map.get(CLASS.canonical))
        .and_then(serde_json::Value::as_str);
    if !matches!(metric, "cpu" | "memory") {
        return match on_object {
            Some(HPA_CLASS) if matches!(metric, "concurrency" | "rps") => Advice::help("the HPA class scales on cpu or memory; drop the class to scale on concurrency or rps")
                .review(vec![replace(&class_at, KPA_CLASS)]),
            _ => Advice::help("Knative's own autoscaler scales on concurrency or rps"),
        };
    }
    let nearer = scaled
        .annotation(CLASS.canonical)
        .filter(|(pointer, _)| *pointer != class_at);
    if nearer.is_some_and(|(_, class)| class == HPA_CLASS) {
        return Advice::help(
            "the webhook reads the class from the object's annotations only: move it to metadata.annotations",
        );
    }
    let advice = Advice::help(format!(
        "{metric} needs the HPA class: set the annotation {} to {HPA_CLASS} on the object",
        CLASS.canonical
    ));
    let add = |path: &str, value: serde_json::Value| serde_json::json!({"op": "add", "path": path, "value": value});
    match object {
        Some(_) => advice.review(vec![add(&class_at, HPA_CLASS.into())]),
        None => advice.review(vec![add(
            "/metadata/annotations",
            serde_json::json!({CLASS.canonical: HPA_CLASS}),
        )]),
    }
}

fn known(case: &Case<'_>, text: &str) -> Report {
    let found = KNOWN.iter().find(|(part, _, _)| text.contains(part));
    let Some((_, field, help)) = found else {
        return Report::at("/spec", refused(text));
    };
    let help = match *field {
        "scaleTarget" if memory_in_mebibytes(case) => {
            "under the HPA class a memory target is in mebibytes; write it as the annotation autoscaling.knative.dev/target, which the webhook does not judge"
        }
        _ => help,
    };
    Report::at(place(case, field, text), refused(text)).advice(Advice::help(help))
}

/// Whether the HPA class would scale it on memory, whose target the webhook takes for a percentage.
fn memory_in_mebibytes(case: &Case<'_>) -> bool {
    case.scaled.iter().any(|scaled| {
        let memory = scaled
            .extension
            .is_some_and(|one| one.scale_metric == Some("memory"));
        memory && scaled.is_knative()
    })
}

/// Where the thing stands that a text speaks of: in the first component that has the field.
fn place(case: &Case<'_>, field: &str, text: &str) -> String {
    if field.starts_with('/') {
        return field.to_owned();
    }
    if field.is_empty() {
        let key = if text.contains("deploymentMode") {
            DEPLOYMENT_MODE
        } else {
            AUTOSCALER_CLASS
        };
        let pointer = child("/metadata/annotations", key);
        let is_there = case.object.pointer(&pointer).is_some();
        return if is_there {
            pointer
        } else {
            "/metadata".to_owned()
        };
    }
    let with_field = case.scaled.iter().find(|scaled| scaled.is_written(field));
    match with_field.or(case.scaled.first()) {
        Some(scaled) if scaled.is_written(field) => scaled.at(field),
        Some(scaled) => scaled.pointer.to_owned(),
        None => "/spec".to_owned(),
    }
}
