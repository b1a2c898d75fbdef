//! The metrics of a HorizontalPodAutoscaler: what it aims at, and what it reads.

use serde_json::Value;

use super::read::{list, text};
use super::types::ObservedMetric;

/// The metrics of an HPA, each beside what its status says of it.
pub(super) fn metrics(object: &Value) -> Vec<ObservedMetric> {
    let current: Vec<&Value> = list(object, "/status/currentMetrics").collect();
    list(object, "/spec/metrics")
        .enumerate()
        .map(|(number, metric)| {
            let kind = text(metric, "/type");
            // The controller writes them in the order of the spec; one it could not read has an empty type.
            let now = current
                .get(number)
                .filter(|now| text(now, "/type") == kind)
                .and_then(|now| source(now));
            let source = source(metric);
            let aim = source.and_then(|source| source.get("target"));
            ObservedMetric {
                kind: kind.to_owned(),
                name: source.map(metric_name).unwrap_or_default(),
                target: aim.map(amount).unwrap_or_default(),
                current: now
                    .and_then(|now| now.get("current"))
                    .map(|now| like(aim, now))
                    .filter(|now| !now.is_empty()),
            }
        })
        .collect()
}

/// What stands below the type: `resource`, `pods`, `external`, `object`, `containerResource`.
fn source(metric: &Value) -> Option<&Value> {
    let kind = text(metric, "/type");
    let mut letters = kind.chars();
    let key: String = letters.next()?.to_lowercase().chain(letters).collect();
    metric.get(&key)
}

fn metric_name(source: &Value) -> String {
    let named = text(source, "/metric/name");
    let name = if named.is_empty() {
        text(source, "/name")
    } else {
        named
    };
    name.to_owned()
}

/// `75%`, `500Mi`
fn amount(of: &Value) -> String {
    if let Some(percent) = of.get("averageUtilization").and_then(Value::as_i64) {
        return format!("{percent}%");
    }
    let value = ["averageValue", "value"]
        .into_iter()
        .find_map(|key| of.get(key)?.as_str());
    value.unwrap_or_default().to_owned()
}

/// What is read, counted as the target is: the status has both a percentage and a quantity where it can.
fn like(aim: Option<&Value>, now: &Value) -> String {
    let by_share = aim.is_some_and(|aim| aim.get("averageUtilization").is_some());
    if by_share {
        return amount(now);
    }
    let value = ["averageValue", "value"]
        .into_iter()
        .find_map(|key| now.get(key)?.as_str());
    value.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_metric_is_told_as_its_target_counts_it() {
        let hpa = json!({
            "spec": {"metrics": [
                {"type": "Resource", "resource": {"name": "memory", "target": {"type": "AverageValue", "averageValue": "500Mi"}}},
                {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 75}}},
                {"type": "Pods", "pods": {"metric": {"name": "queue"}, "target": {"averageValue": "10"}}},
            ]},
            "status": {"currentMetrics": [
                {"type": "Resource", "resource": {"name": "memory", "current": {"averageUtilization": 14, "averageValue": "300Mi"}}},
                {"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 195, "averageValue": "2005m"}}},
                {"type": ""},
            ]},
        });
        let told: Vec<String> = metrics(&hpa)
            .iter()
            .map(|one| format!("{} {} {:?}", one.name, one.target, one.current))
            .collect();
        assert_eq!(
            told,
            [
                "memory 500Mi Some(\"300Mi\")",
                "cpu 75% Some(\"195%\")",
                "queue 10 None",
            ]
        );
    }
}
