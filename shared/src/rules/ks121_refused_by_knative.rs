//! See [`KS121`].

use super::case::{Case, Scaled, Workload};
use super::findings::{Advice, Findings, Report, moved};
use super::rule::{Check, rule};
use crate::explain::Severity;
use crate::knative::annotations::AUTOSCALING_GROUP;
use crate::kserve::RefusedBy;
use crate::manifest::{child, escape};

rule! {
    /// ## What it does
    ///
    /// Finds what Knative's webhook refuses: in a Knative Service, or in the one that KServe makes of an InferenceService or
    /// an InferenceGraph. It says so in Knative's exact words, at the field that causes it.
    ///
    /// ## Why it matters
    ///
    /// KServe accepts such an InferenceService. It then stays `PredictorReady=False` with the reason `ReconcileFailed`,
    /// and one that serves already goes on with its old settings while its status says that it is not ready.
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
    ///     timeout: 900
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: serving.knative.dev/v1
    /// kind: Service
    /// metadata:
    ///   name: app
    ///   annotations:
    ///     autoscaling.knative.dev/min-scale: "1"
    /// spec:
    ///   template:
    ///     metadata:
    ///       annotations: {}
    ///     spec:
    ///       containers:
    ///         - image: registry.example.com/app:1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     timeout: 600
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ```yaml
    /// apiVersion: serving.knative.dev/v1
    /// kind: Service
    /// metadata:
    ///   name: app
    /// spec:
    ///   template:
    ///     metadata:
    ///       annotations:
    ///         autoscaling.knative.dev/min-scale: "1"
    ///     spec:
    ///       containers:
    ///         - image: registry.example.com/app:1
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: an autoscaling annotation of a Knative Service moves from the Service to its template, where it counts.
    /// Everything else is refused for a value, and only its author knows the right one.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/apis/autoscaling/annotation_validation.go`, `pkg/apis/serving/metadata_validation.go`,
    ///   `pkg/apis/serving/v1/revision_validation.go`
    KS121: "refused-by-knative", Error, "Knative's webhook refuses the Service",
    Check::Workload(check)
}

fn check(case: &Case<'_>, findings: &mut Findings<'_>) {
    if let Workload::KnativeService = case.workload {
        if let Some(text) = &case.admission.knative {
            report(case, None, text, findings);
        }
        return;
    }
    for scaled in &case.scaled {
        let failure = scaled.outcome.and_then(|outcome| outcome.failure.as_ref());
        match failure.filter(|failure| failure.by == RefusedBy::Knative) {
            Some(failure) => report(case, Some(scaled), &failure.refusal, findings),
            None if scaled.component.is_none() => {
                if let Some(text) = &case.admission.knative {
                    report(case, Some(scaled), text, findings);
                }
            }
            None => {}
        }
    }
}

/// One finding for each line of Knative's text: each is a mistake of its own.
fn report(case: &Case<'_>, scaled: Option<&Scaled<'_>>, text: &str, findings: &mut Findings<'_>) {
    let text = text
        .split_once("validation failed: ")
        .map_or(text, |(_, rest)| rest);
    for Complaint { text, path } in complaints(text) {
        let pointer = match scaled {
            Some(scaled) => in_component(scaled, &path),
            None => match key_named(&text) {
                Some(key) if path == "metadata.annotations" => child("/metadata/annotations", key),
                _ => in_service(&path),
            },
        };
        // Where KServe's webhook refuses the same value, Knative never gets to see it.
        if findings.has("KS120", &pointer) {
            continue;
        }
        let advice = advice(case, scaled, &pointer);
        let guarded = text.contains("must not set the field(s)");
        if guarded && case.facts.knative_data().features.is_none() {
            let message =
                format!("Knative refuses the Service unless config-features allows it: {text}");
            let help = "enable the feature of that field in config-features, or write it elsewhere";
            let advice = Advice::help(help).severity(Severity::Warning);
            findings.push(Report::at(pointer, message).advice(advice));
            continue;
        }
        findings.push(
            Report::at(pointer, format!("Knative refuses the Service: {text}")).advice(advice),
        );
    }
}

struct Complaint {
    text: String,
    /// The first of the paths that it names; empty where it names none.
    path: String,
}

/// A text taken apart into its complaints, a line each. Details follow on a line of their own without a path, and a value
/// with a line break in it spreads over several.
fn complaints(text: &str) -> Vec<Complaint> {
    let mut found: Vec<Complaint> = Vec::new();
    for line in text.lines() {
        let path = paths(line).into_iter().next().unwrap_or_default();
        match found.last_mut() {
            Some(last) if last.path.is_empty() || path.is_empty() => {
                last.text.push_str("; ");
                last.text.push_str(line);
                if last.path.is_empty() {
                    last.path = path;
                }
            }
            _ => found.push(Complaint {
                text: line.to_owned(),
                path,
            }),
        }
    }
    found
}

/// The paths at the end of `message: spec.template.spec.timeoutSeconds, metadata.annotations`.
fn paths(line: &str) -> Vec<String> {
    let Some((_, list)) = line.rsplit_once(": ") else {
        return Vec::new();
    };
    let of_an_object = |path: &&str| path.starts_with("spec") || path.starts_with("metadata");
    list.split(", ")
        .filter(of_an_object)
        .map(str::to_owned)
        .collect()
}

const TEMPLATE: &str = "spec.template.metadata.annotations.";

/// The key in `invalid key name "autoscaling.knative.dev/class"`, whose path names only the map that it stands in.
fn key_named(text: &str) -> Option<&str> {
    let (key, _) = text.strip_prefix("invalid key name \"")?.split_once('"')?;
    Some(key)
}

/// Where a path of a Knative Service stands in it.
fn in_service(path: &str) -> String {
    for prefix in [TEMPLATE, "metadata.annotations."] {
        if let Some(key) = path.strip_prefix(prefix) {
            return format!(
                "/{}/{}",
                prefix.trim_end_matches('.').replace('.', "/"),
                escape(key_of(key))
            );
        }
    }
    format!(
        "/{}",
        path.replace('[', ".").replace(']', "").replace('.', "/")
    )
}

/// The key at the start of a path that goes on with a reason: `autoscaling.knative.dev/initial-scale must be …`.
fn key_of(path: &str) -> &str {
    path.split([' ', '=']).next().unwrap_or(path)
}

/// Where the cause of a path of KServe's Service stands in KServe's own object.
fn in_component(scaled: &Scaled<'_>, path: &str) -> String {
    if let Some(key) = path.strip_prefix(TEMPLATE).map(key_of) {
        let stamped = [
            ("min-scale", "minReplicas"),
            ("max-scale", "maxReplicas"),
            ("target", "scaleTarget"),
            ("metric", "scaleMetric"),
        ];
        let short = key
            .strip_prefix(AUTOSCALING_GROUP)
            .unwrap_or_default()
            .trim_start_matches('/');
        let field = stamped
            .iter()
            .find(|(name, field)| *name == short && scaled.is_written(field));
        return match (field, scaled.annotation(key)) {
            (Some((_, field)), _) => scaled.at(field),
            (None, Some((pointer, _))) => pointer,
            (None, None) => scaled.pointer.to_owned(),
        };
    }
    let field = match path.strip_prefix("spec.template.spec.").unwrap_or_default() {
        "timeoutSeconds" | "responseStartTimeoutSeconds" => "timeout",
        other => other.split(['.', '[']).next().unwrap_or_default(),
    };
    if scaled.is_written(field) {
        scaled.at(field)
    } else {
        scaled.pointer.to_owned()
    }
}

fn advice(case: &Case<'_>, scaled: Option<&Scaled<'_>>, pointer: &str) -> Advice {
    let on_service = pointer.strip_prefix("/metadata/annotations/");
    let key = on_service.map(|key| key.replace("~1", "/").replace("~0", "~"));
    match key.filter(|key| scaled.is_none() && key.starts_with(AUTOSCALING_GROUP)) {
        Some(key) => {
            let advice = Advice::help("put it under spec.template.metadata.annotations");
            let place = "/spec/template/metadata/annotations";
            let template = case
                .object
                .pointer(place)
                .and_then(serde_json::Value::as_object);
            match template {
                Some(map) if !map.contains_key(&key) => {
                    advice.review(vec![moved(pointer, &child(place, &key))])
                }
                _ => advice,
            }
        }
        None => Advice::help("write a value that Knative accepts"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::facts::{Facts, Provenance};
    use crate::rules::judge;

    #[test]
    fn a_guarded_field_is_an_error_only_where_the_features_are_known() {
        let object = json!({
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {"name": "iris", "namespace": "default"},
            "spec": {"predictor": {
                "nodeSelector": {"gpu": "yes"},
                "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"},
            }},
        });
        let severity = |facts: &Facts| {
            let found = judge(&object, None, facts).unwrap_or_default();
            found
                .iter()
                .find(|one| one.code == "KS121")
                .map(|one| one.severity)
        };
        let mut facts = Facts::shipped();
        assert_eq!(severity(&facts), Some(Severity::Warning));
        let mut features = |value: &str| {
            let data = [(
                "kubernetes.podspec-nodeselector".to_owned(),
                value.to_owned(),
            )];
            let known = Provenance::Known("a test".to_owned());
            facts.set_knative_config("config-features", &data.into(), known);
            severity(&facts)
        };
        assert_eq!(features("disabled"), Some(Severity::Error));
        assert_eq!(features("enabled"), None);
    }

    #[test]
    fn each_complaint_is_one_whatever_lines_it_takes() {
        let text = "invalid value: cpu\nx: spec.template.metadata.annotations.a/metric\nexpected 0 <= 9 <= 5: spec.b\nas told";
        let found = complaints(text);
        let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "invalid value: cpu; x: spec.template.metadata.annotations.a/metric",
                "expected 0 <= 9 <= 5: spec.b; as told",
            ]
        );
        assert_eq!(found[1].path, "spec.b");
        assert_eq!(
            in_service(&found[0].path),
            "/spec/template/metadata/annotations/a~1metric"
        );
    }
}
