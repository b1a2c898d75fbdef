//! The class keda: a ScaledObject of KServe's.

use serde_json::{Value, json};

use super::super::Scene;
use super::super::draft::Draft;
use super::super::refusal::{missing, not_possible};
use super::super::types::Refusal;
use super::bounds::{self, Zero};
use super::part::Part;
use super::target::{self, Amount, CPU_PERCENT};
use super::{metrics, window};
use crate::kserve::Behaviour;
use crate::kserve::webhook::keda_accepts;
use crate::manifest::{Extension, Metric};

/// Metrics that a query is sent for, outside of the pods.
const EXTERNAL: [&str; 2] = ["prometheus", "graphite"];

pub(super) fn edit(scene: &Scene<'_>, part: &Part<'_>, draft: &mut Draft) -> Result<(), Refusal> {
    let list = choose(scene, part, draft)?;
    if let Some(list) = &list {
        draft.set(&part.at("autoScaling/metrics"), Value::Array(list.clone()));
    }
    let why = "KEDA scales on autoScaling.metrics alone";
    for field in ["scaleMetric", "scaleTarget", "scaleMetricType"] {
        if part.changes_class || field == "scaleMetric" || list.is_some() {
            part.drop_field(draft, field, why);
        }
    }
    window::edit(scene, part, draft)?;
    let triggers = draft.object.pointer(&part.at("autoScaling/metrics"));
    let triggers = triggers.and_then(Value::as_array).map(Vec::as_slice);
    let triggers = triggers.unwrap_or_default();
    let is_resource = |entry: &Value| entry.get("resource").is_some_and(Value::is_object);
    readable(scene, triggers)?;
    let zero = Zero {
        possible: !triggers.iter().all(is_resource),
        why: "KEDA refuses to go down to no pod on cpu and memory alone",
        instead: "leave --min away, or scale on a query, such as --metric prometheus",
    };
    let is_new = part.changes_class || metrics::is_edited(scene, part, &draft.object);
    bounds::edit(scene, part, draft, &zero, is_new)
}

/// 0.15.0 writes the address of a percentage into the trigger instead of the percentage.
fn readable(scene: &Scene<'_>, triggers: &[Value]) -> Result<(), Refusal> {
    let is_percentage = |entry: &Value| {
        let percent = entry.pointer("/resource/target/averageUtilization");
        percent.is_some_and(|percent| !percent.is_null())
    };
    let release = scene.facts.release();
    if release.has(Behaviour::KedaPointerTarget) && triggers.iter().any(is_percentage) {
        return Err(not_possible(
            format!("KServe {release} gives KEDA a memory address in place of a percentage"),
            "upgrade KServe to 0.15.1 or later",
        ));
    }
    Ok(())
}

/// The metrics as they are to be; none where they stay as they are written.
fn choose(
    scene: &Scene<'_>,
    part: &Part<'_>,
    draft: &mut Draft,
) -> Result<Option<Vec<Value>>, Refusal> {
    let wish = scene.wish;
    let listed = usable(scene, part);
    let says_more = wish.target.is_some() || wish.query.is_some() || wish.server_address.is_some();
    let Some(metric) = wish.metric.as_deref() else {
        return if says_more {
            changed(scene, part, draft, listed).map(Some)
        } else {
            Ok(unasked(part, draft, listed))
        };
    };
    if !says_more && matches!(listed, [one] if metrics::name(one) == metric) {
        return Ok(None);
    }
    let at = listed.iter().position(|one| metrics::name(one) == metric);
    let entry = entry(scene, metric, at.and_then(|at| listed.get(at)))?;
    replaced(part, draft, metric);
    Ok(Some(vec![beside(scene, part, at, entry)]))
}

/// What `autoScaling.metrics` says, if KServe's webhook takes it for KEDA.
fn usable<'a>(scene: &Scene<'_>, part: &'a Part<'_>) -> &'a [Metric<'a>] {
    let extension = Extension {
        scale_metric: None,
        ..part.component.extension.clone()
    };
    let listed = metrics::listed(part);
    let has_trigger =
        |one: &Metric<'_>| one.kind != "PodMetric" || metrics::name(one) == "opentelemetry";
    if keda_accepts(&extension, scene.facts.release()) && listed.iter().all(has_trigger) {
        listed
    } else {
        &[]
    }
}

/// Nothing was said: what is there stays, in the units in which it stands.
fn unasked(part: &Part<'_>, draft: &mut Draft, listed: &[Metric<'_>]) -> Option<Vec<Value>> {
    let names = |names: Vec<&str>| Value::from(names.join(", "));
    if !listed.is_empty() {
        if part.changes_class {
            let names = names(listed.iter().map(metrics::name).collect());
            draft.decide(
                Some(part.name()),
                "metric",
                names,
                "autoScaling.metrics says so already",
            );
        }
        return None;
    }
    let current = metrics::in_effect(part);
    let is_percentage = |amount: &Option<Amount>| matches!(amount, Some(Amount::Percent(percent)) if (1..=100).contains(percent));
    let entries: Vec<Value> = current
        .iter()
        .filter(|(_, amount)| is_percentage(amount))
        .filter_map(|(name, amount)| Some(metrics::resource(name, amount.as_ref()?)))
        .collect();
    if !entries.is_empty() && entries.len() == current.len() {
        let names = names(current.iter().map(|(name, _)| name.as_str()).collect());
        let why = "the HPA scales on it at present, in the same unit";
        draft.decide(Some(part.name()), "metric", names, why);
        return Some(entries);
    }
    replaced(part, draft, "cpu");
    draft.decide(
        Some(part.name()),
        "metric",
        "cpu",
        "the default; --metric chooses another",
    );
    draft.decide(
        Some(part.name()),
        "target",
        format!("{CPU_PERCENT}%"),
        "the default, of what the pod's containers request; no target is carried over from another unit",
    );
    Some(vec![metrics::resource(
        "cpu",
        &Amount::Percent(CPU_PERCENT),
    )])
}

/// A target, a query or an address without a metric: of the one that there is.
fn changed(
    scene: &Scene<'_>,
    part: &Part<'_>,
    draft: &mut Draft,
    listed: &[Metric<'_>],
) -> Result<Vec<Value>, Refusal> {
    let wish = scene.wish;
    let asks = wish.query.is_some() || wish.server_address.is_some();
    let current = metrics::in_effect(part);
    let (name, old) = match (listed, current.as_slice()) {
        ([one], _) => (metrics::name(one).to_owned(), Some(one)),
        ([], [(name, _)]) if !asks => (name.clone(), None),
        ([], []) if !asks => ("cpu".to_owned(), None),
        _ => {
            return Err(missing(
                format!(
                    "it is not said which metric of the {} is meant",
                    part.name()
                ),
                "give --metric, such as prometheus; any other metric goes",
            ));
        }
    };
    draft.decide(
        Some(part.name()),
        "metric",
        name.as_str(),
        "it scales on it already",
    );
    let at = old.map(|_| 0);
    Ok(vec![beside(scene, part, at, entry(scene, &name, old)?)])
}

/// A new entry with what the old one of the same metric says beside it: a namespace, how to log in.
fn beside(scene: &Scene<'_>, part: &Part<'_>, at: Option<usize>, mut entry: Value) -> Value {
    let Some(at) = at else {
        return entry;
    };
    let old = scene
        .object
        .pointer(&part.at(&format!("autoScaling/metrics/{at}")));
    for pointer in [
        "/external",
        "/external/metric",
        "/podmetric",
        "/podmetric/metric",
    ] {
        let old = old.and_then(|old| old.pointer(pointer)?.as_object());
        let new = entry.pointer_mut(pointer).and_then(Value::as_object_mut);
        if let (Some(old), Some(new)) = (old, new) {
            for (key, value) in old {
                new.entry(key).or_insert_with(|| value.clone());
            }
        }
    }
    entry
}

/// Says what is lost by a new list.
fn replaced(part: &Part<'_>, draft: &mut Draft, metric: &str) {
    if let Some(lost) = metrics::lost(part, Some(metric)) {
        let why = format!("they are replaced; what they say of {lost} is lost");
        draft.decide(Some(part.name()), "autoScaling.metrics", Value::Null, why);
    }
}

/// The entry of a metric. What is not said is taken from the entry of the same metric that there is, but never a target for
/// another query.
fn entry(scene: &Scene<'_>, metric: &str, old: Option<&Metric<'_>>) -> Result<Value, Refusal> {
    let wish = scene.wish;
    if matches!(metric, "cpu" | "memory") {
        for (flag, is_given) in [
            ("--query", wish.query.is_some()),
            ("--server-address", wish.server_address.is_some()),
        ] {
            super::no_use(
                is_given,
                flag,
                &format!("nobody is asked for {metric}"),
                "leave it away",
            )?;
        }
        let amount = target::resource(metric, wish.target.as_deref(), scene.facts.release())?;
        return Ok(metrics::resource(metric, &amount));
    }
    if EXTERNAL.contains(&metric) {
        return external(scene, metric, old);
    }
    if metric == "opentelemetry" {
        return pod_metric(scene, old);
    }
    Err(not_possible(
        format!("KServe passes no metric {metric} on to KEDA"),
        "use --metric cpu, memory, prometheus, graphite or opentelemetry",
    ))
}

fn query(scene: &Scene<'_>, metric: &str, old: Option<&str>) -> Result<String, Refusal> {
    let old = old.filter(|query| !query.is_empty());
    let query = scene.wish.query.as_deref().or(old);
    query.map(str::to_owned).ok_or_else(|| {
        missing(
            format!("it is not said what to ask {metric} for"),
            "give --query",
        )
    })
}

/// The target as wished, or that of the same query as there is.
fn threshold(
    scene: &Scene<'_>,
    metric: &str,
    old: Option<(&str, Option<&str>)>,
) -> Result<String, Refusal> {
    let wish = scene.wish;
    let same = old.filter(|(query, _)| wish.query.as_deref().is_none_or(|wished| wished == *query));
    let kept = same.and_then(|(_, target)| target);
    target::threshold(metric, wish.target.as_deref().or(kept))
}

fn external(scene: &Scene<'_>, metric: &str, old: Option<&Metric<'_>>) -> Result<Value, Refusal> {
    let old = old.and_then(|one| one.external.as_ref());
    let asked = query(scene, metric, old.map(|one| one.query))?;
    let address = old
        .map(|one| one.server_address)
        .filter(|address| !address.is_empty());
    let Some(address) = scene.wish.server_address.as_deref().or(address) else {
        return Err(missing(
            format!("it is not said where {metric} is, which KEDA must know"),
            "give --server-address, such as http://prometheus.monitoring:9090",
        ));
    };
    let target = old.map(|one| {
        let value = one.target.value.as_ref();
        (one.query, value.map(|value| value.text.as_ref()))
    });
    let value = threshold(scene, metric, target)?;
    let source = json!({"backend": metric, "serverAddress": address, "query": asked});
    Ok(json!({"type": "External", "external": {
        "metric": source,
        "target": {"type": "Value", "value": value},
    }}))
}

fn pod_metric(scene: &Scene<'_>, old: Option<&Metric<'_>>) -> Result<Value, Refusal> {
    let old = old.and_then(|one| one.pod.as_ref());
    let metric = "opentelemetry";
    let asked = query(scene, metric, old.map(|one| one.query))?;
    let target = old.map(|one| {
        let value = one.target.value.as_ref();
        (one.query, value.map(|value| value.text.as_ref()))
    });
    let value = threshold(scene, metric, target)?;
    let mut source = json!({"backend": metric, "query": asked});
    // KServe's collector passes on what is named here, and nothing where nothing is.
    if asked
        .chars()
        .all(|c| c.is_alphanumeric() || "_:./-".contains(c))
    {
        source["metricNames"] = json!([asked]);
    }
    let address = old
        .map(|one| one.server_address)
        .filter(|address| !address.is_empty());
    if let Some(address) = scene.wish.server_address.as_deref().or(address) {
        source["serverAddress"] = json!(address);
    }
    Ok(json!({"type": "PodMetric", "podmetric": {
        "metric": source,
        "target": {"type": "Value", "value": value},
    }}))
}
