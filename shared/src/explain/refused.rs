//! The chain of what Knative refuses: where the annotations stand that its text speaks of, which nobody may have written.

use serde_json::Value;

use super::chain::{Chain, Source};
use super::replicas::KnativeBounds;
use crate::knative::Annotations;
use crate::knative::annotations::{CLASS, Key, MAX_SCALE, METRIC, MIN_SCALE, TARGET};

/// Adds a link for each scaling annotation that KServe sends.
pub(super) fn link(chain: &mut Chain, bounds: &KnativeBounds<'_>, template: &Annotations) {
    let extension = bounds.extension;
    let written = |key: Key, field: Option<&str>| match field {
        Some(field) => Source::field(format!("{}/{field}", bounds.pointer)),
        None => match key.get(&bounds.effective.annotations) {
            Some((key, _)) => Source::effective(bounds.effective, bounds.pointer, key),
            None => Source::default("KServe controller default"),
        },
    };
    let metric = extension.and_then(|written| written.scale_metric);
    let target = extension.and_then(|written| written.scale_target);
    let sent = [
        ("class", CLASS, written(CLASS, None)),
        (
            "metric",
            METRIC,
            written(METRIC, metric.map(|_| "scaleMetric")),
        ),
        (
            "target",
            TARGET,
            written(TARGET, target.map(|_| "scaleTarget")),
        ),
        ("minReplicas", MIN_SCALE, bounds.min_source()),
        ("maxReplicas", MAX_SCALE, bounds.max_source()),
    ];
    for (field, key, source) in sent {
        if let Some((key, text)) = key.get(template) {
            chain.link(
                field,
                number_or_text(text),
                source,
                format!("sent to Knative as the annotation {key}"),
            );
        }
    }
}

fn number_or_text(text: &str) -> Value {
    text.parse::<i64>()
        .map_or_else(|_| text.into(), Value::from)
}
