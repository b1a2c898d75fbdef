//! Templates and values of Helm charts.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::choose::{path as readable, place};
use super::super::read::path;
use super::{Foreign, Weight, name};
use crate::input::{Document, Given};

/// What only a chart can mean; chat templates of models have braces, too.
const CHART_WORDS: [&str; 5] = [
    ".Values.",
    ".Release.",
    ".Chart.",
    ".Capabilities.",
    "include \"",
];

/// What decides on scaling, as keys of a manifest.
const KEYS: [&str; 12] = [
    "scaleTarget",
    "scaleMetric",
    "minReplicas",
    "maxReplicas",
    "containerConcurrency",
    "serving.kserve.io/autoscalerClass",
    "serving.kserve.io/metric",
    "serving.kserve.io/targetUtilizationPercentage",
    "autoscaling.knative.dev/class",
    "autoscaling.knative.dev/metric",
    "autoscaling.knative.dev/target",
    "averageUtilization",
];

/// A template, or values.
pub(super) fn source(given: &Given) -> Option<Foreign> {
    let text = given.loaded.sources.first()?.text();
    if let Some(chart) = path(given).and_then(chart_of_template) {
        let mut hints = values(text);
        let shown = chart.display();
        hints.push(format!(
            "what would come of it: helm template {shown} | kubectl kscale switch -f - --to {{to}}"
        ));
        return Some(Foreign {
            place: name(given),
            message: format!("it is a template of the Helm chart in {shown}, which is not edited"),
            hints,
            weight: weight(text),
            group: Some(shown.to_string()),
        });
    }
    if let Some(chart) = path(given).and_then(chart_of_file) {
        let shown = chart.display();
        return Some(Foreign {
            place: name(given),
            message: format!("it belongs to the Helm chart in {shown}, and is no manifest"),
            hints: vec![format!(
                "change the values by hand; what would come of it: helm template {shown} | kubectl kscale switch -f - --to {{to}}"
            )],
            weight: Weight::Silent,
            group: Some(shown.to_string()),
        });
    }
    unreadable(given, text)
}

/// A text that is no YAML because of what a template has in it.
fn unreadable(given: &Given, text: &str) -> Option<Foreign> {
    let problem = given.loaded.problems.first()?;
    let line = problem.place.map(|place| place.line as usize);
    let line = line.and_then(|line| text.lines().nth(line.saturating_sub(1)));
    let in_line = line.is_some_and(|line| line.contains("{{"));
    if !in_line && !has_chart_words(text) {
        return None;
    }
    let mut hints = values(text);
    hints.push(
        "what would come of it: helm template CHART | kubectl kscale switch -f - --to {to}"
            .to_owned(),
    );
    let at = problem.place.map_or_else(String::new, |place| {
        format!(":{}:{}", place.line, place.column)
    });
    Some(Foreign {
        place: format!("{}{at}", name(given)),
        message: "it is a template, as {{ … }} shows, which is not edited".to_owned(),
        hints,
        weight: weight(text),
        group: None,
    })
}

/// An object with what a template has in it.
pub(super) fn document(document: &Document) -> Option<Foreign> {
    let pointer = template_in(&document.value, "", true)?;
    let text = document.places.source().text();
    let mut hints = values(text);
    hints.push(
        "what would come of it: helm template CHART | kubectl kscale switch -f - --to {to}"
            .to_owned(),
    );
    Some(Foreign {
        place: place(document, &pointer),
        message: format!(
            "it is a template, as {{{{ … }}}} in {} shows, which is not edited",
            readable(&pointer)
        ),
        hints,
        weight: Weight::Stops,
        group: None,
    })
}

/// Where braces stand that cannot be text of the object: what a chart fills in, or what Kubernetes would refuse there.
fn template_in(value: &Value, pointer: &str, names: bool) -> Option<String> {
    match value {
        Value::String(text) => {
            let is_name = names
                && (pointer.starts_with("/metadata/labels/")
                    || [
                        "/metadata/name",
                        "/metadata/namespace",
                        "/apiVersion",
                        "/kind",
                    ]
                    .contains(&pointer));
            let is_template = text.contains("{{") && (is_name || has_chart_words(text));
            is_template.then(|| pointer.to_owned())
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(number, item)| template_in(item, &format!("{pointer}/{number}"), names)),
        Value::Object(fields) => fields.iter().find_map(|(key, value)| {
            template_in(value, &kscale_rules::manifest::child(pointer, key), names)
        }),
        _ => None,
    }
}

fn has_chart_words(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, inside)) = rest.split_once("{{") {
        let end = inside.find("}}").unwrap_or(inside.len());
        let expression = &inside[..end];
        if CHART_WORDS.iter().any(|word| expression.contains(word)) {
            return true;
        }
        rest = inside;
    }
    false
}

/// Whether a workload may come of it.
fn weight(text: &str) -> Weight {
    if text.contains("InferenceService") || text.contains("serving.knative.dev") {
        Weight::Stops
    } else {
        Weight::Silent
    }
}

/// Which values decide on scaling, as far as the template says so line by line.
fn values(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        let Some((key, rest)) = line.trim_start().split_once(": ") else {
            continue;
        };
        let key = key.trim_start_matches("- ").trim_matches(['"', '\'']);
        if !KEYS.contains(&key) {
            continue;
        }
        for (at, _) in rest.match_indices(".Values.") {
            let word = &rest[at..];
            let end = word.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '_');
            let entry = format!("{key} from {}", &word[..end.unwrap_or(word.len())]);
            if !found.contains(&entry) {
                found.push(entry);
            }
        }
    }
    if found.is_empty() {
        return vec![
            "change the values that it is filled with, or the template by hand".to_owned(),
        ];
    }
    vec![format!(
        "change the values that it is filled with: it takes {}",
        found.join(", ")
    )]
}

/// The chart that a file is a template of: somewhere below its folder `templates`.
fn chart_of_template(file: &Path) -> Option<PathBuf> {
    let whole = std::fs::canonicalize(file).ok()?;
    let found = whole.ancestors().skip(1).find(|folder| {
        let is_templates = folder.file_name().is_some_and(|name| name == "templates");
        let chart = folder.parent();
        is_templates && chart.is_some_and(|chart| chart.join("Chart.yaml").is_file())
    })?;
    shown(file, &whole, found.parent()?)
}

/// The chart that a file beside `Chart.yaml` is a part of.
fn chart_of_file(file: &Path) -> Option<PathBuf> {
    let whole = std::fs::canonicalize(file).ok()?;
    let name = whole.file_name()?.to_str()?;
    let folder = whole.parent()?;
    let is_part = name == "Chart.yaml" || name.starts_with("values");
    if !is_part || !folder.join("Chart.yaml").is_file() {
        return None;
    }
    shown(file, &whole, folder)
}

/// A folder above a file, as the file was named: by as many steps up.
fn shown(file: &Path, whole: &Path, folder: &Path) -> Option<PathBuf> {
    let up = whole.strip_prefix(folder).ok()?.components().count();
    let named = file.ancestors().nth(up);
    match named {
        Some(named) if named.as_os_str().is_empty() => Some(PathBuf::from(".")),
        Some(named) => Some(named.to_owned()),
        None => Some(folder.to_owned()),
    }
}
