//! How far an HPA is.

use serde_json::Value;

use super::seen::{condition, int, list};
use super::stage::{Line, Stage, Step};
use crate::facts::text;

/// Knative's way to write that nothing bounds it.
const UNBOUNDED: i64 = 2_147_483_647;

/// Reasons that more time does not mend: the HPA says them at every look, while everything else gets ready.
const LASTING: [&str; 4] = [
    "could not find the requested resource",
    "no custom metrics API",
    "no external metrics API",
    "missing request for",
];

/// The HPA that is there.
pub(super) fn there(hpa: &Value) -> Stage {
    let name = text(hpa, "/metadata/name");
    let min = int(hpa, "/spec/minReplicas").unwrap_or(1);
    let bounds = match int(hpa, "/spec/maxReplicas") {
        Some(max) if max < UNBOUNDED => format!("{min} to {max} pods"),
        _ => format!("{min} or more pods"),
    };
    let line = format!("HorizontalPodAutoscaler {name} is there, for {bounds}");
    Stage::done(Step::Hpa, Line::once(line))
}

/// Whether it reads its metric.
pub(super) fn active(hpa: &Value) -> Stage {
    let name = text(hpa, "/metadata/name");
    let Some(active) = condition(hpa, "ScalingActive") else {
        let open = format!(
            "HorizontalPodAutoscaler {name} has not looked at the pods yet, which it does every 15 s"
        );
        return Stage::open(Step::Active, open);
    };
    let (reason, message) = (text(active, "/reason"), text(active, "/message"));
    if text(active, "/status") == "True" {
        let line = format!("HorizontalPodAutoscaler {name} reads its metric");
        return Stage::done(Step::Active, Line::once(line));
    }
    if LASTING.iter().any(|words| message.contains(words)) {
        // Said at the end, with what to do.
        return Stage::done(Step::Active, None);
    }
    let open = format!("HorizontalPodAutoscaler {name}: ScalingActive=False {reason}: {message}");
    Stage::late(Step::Active, open)
}

/// Whether it is as it is to be: its bounds, and what it scales on.
pub(super) fn is_as(hpa: &Value, spec: &Value) -> bool {
    let bounds = |of: &Value| {
        let min = int(of, "/minReplicas").unwrap_or(1);
        (min, int(of, "/maxReplicas"))
    };
    let live = hpa.get("spec").unwrap_or(&Value::Null);
    bounds(live) == bounds(spec) && metrics(live) == metrics(spec)
}

/// Names and percentages. Quantities can be written in several ways.
fn metrics(spec: &Value) -> Vec<(String, Option<i64>)> {
    let source = |metric: &Value| {
        let kinds = ["resource", "pods", "external", "object"];
        kinds.into_iter().find_map(|kind| metric.get(kind).cloned())
    };
    let read = |source: Value| {
        let named = text(&source, "/metric/name");
        let name = if named.is_empty() {
            text(&source, "/name")
        } else {
            named
        };
        (name.to_owned(), int(&source, "/target/averageUtilization"))
    };
    list(spec, "/metrics")
        .filter_map(source)
        .map(read)
        .collect()
}
