//! A Knative Service of its own.

use serde_json::{Value, json};

use super::Scene;
use super::draft::Draft;
use super::knative::goal::{Goal, Now, annotated};
use super::knative::{destination, refused, refuses};
use super::types::{Refusal, RefusalReason};
use super::wish::Destination;
use crate::explain::explain;
use crate::knative::annotations::{
    AGGREGATION, AGGREGATIONS, AUTOSCALING_GROUP, Annotations, CLASS, HPA_CLASS, INITIAL_SCALE,
    KPA_CLASS, KPA_ONLY, Key, MAX_SCALE, METRIC, MIN_SCALE, TARGET, WINDOW,
};
use crate::knative::service::decode_error;
use crate::knative::{Configs, KnativeVersion, ParsedService, PodAutoscaler};
use crate::manifest::child;

/// Where the annotations of its Revisions stand.
const TEMPLATE: &str = "/spec/template/metadata/annotations";

/// Where a name for the next Revision stands.
const NAME: &str = "/spec/template/metadata/name";

/// The Service as it is to be.
pub(super) fn edit(scene: &Scene<'_>) -> Result<Draft, Refusal> {
    destination(scene.wish)?;
    owned_by_kserve(scene.object)?;
    if !scene.wish.components.is_empty() {
        return Err(refused(
            RefusalReason::NotPossible,
            "a Knative Service has no components".to_owned(),
            "leave out --component".to_owned(),
        ));
    }
    if let Some(text) = decode_error(scene.object) {
        return Err(refuses("Knative's webhook", &text));
    }
    let configs = scene.facts.knative_configs.as_ref();
    let configs = configs.map_err(|text| refuses("Knative's webhook", text))?;
    let parsed = ParsedService::new(scene.object);
    let service = parsed.service();
    let pod_autoscaler = service.predict(configs);
    let annotations = service.template.annotations;
    let mut draft = Draft::of(scene.object);
    let now = now(&pod_autoscaler, annotations, configs);
    let goal = Goal::of(&now, scene.wish, &mut draft)?;
    if goal.is_empty() {
        return Ok(Draft::of(scene.object));
    }
    let editor = Editor {
        annotations,
        configs,
        pod_autoscaler: &pod_autoscaler,
        to: scene.wish.to,
    };
    editor.write(&mut draft, &goal);
    if let Some(name) = draft.remove(NAME) {
        let name = name.as_str().unwrap_or_default();
        let why = format!(
            "Knative refuses another Revision called {name}: without a name it finds one itself"
        );
        draft.decide(None, "template name", Value::Null, why);
    }
    still_refused(scene, &draft)?;
    Ok(draft)
}

fn now<'a>(
    pod_autoscaler: &'a PodAutoscaler,
    annotations: &'a Annotations,
    configs: &Configs,
) -> Now<'a> {
    Now {
        name: "service",
        pod_autoscaler,
        says_metric: METRIC.value(annotations).is_some(),
        window: WINDOW.value(annotations),
        share: configs.autoscaler.concurrency_utilization * 100.0,
        zero_allowed: configs.autoscaler.enable_scale_to_zero,
    }
}

/// What KServe makes, KServe overwrites.
fn owned_by_kserve(object: &Value) -> Result<(), Refusal> {
    let references = object
        .pointer("/metadata/ownerReferences")
        .and_then(Value::as_array);
    let text = |one: &Value, key: &str| {
        one.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut owners = references.into_iter().flatten();
    let Some(owner) = owners.find(|one| text(one, "apiVersion").starts_with("serving.kserve.io/"))
    else {
        return Ok(());
    };
    let (kind, name) = (text(owner, "kind"), text(owner, "name"));
    let namespace = match object
        .pointer("/metadata/namespace")
        .and_then(Value::as_str)
    {
        Some(namespace) => format!(" -n {namespace}"),
        None => String::new(),
    };
    let help = if kind == "InferenceService" {
        format!("switch that instead: kubectl kscale switch isvc/{name}{namespace}")
    } else {
        format!("change the {kind} instead")
    };
    Err(refused(
        RefusalReason::ChangeElsewhere,
        format!(
            "KServe makes it for the {kind} {name} and overwrites what is changed in it (KS704)"
        ),
        help,
    ))
}

/// What is refused as it is may be what is mended; what is refused afterwards for the same reason is not.
fn still_refused(scene: &Scene<'_>, draft: &Draft) -> Result<(), Refusal> {
    let Some(text) = &scene.explanation.admission.knative else {
        return Ok(());
    };
    let after = explain(&draft.object, scene.facts).and_then(|after| after.admission.knative);
    if after.is_none() {
        return Ok(());
    }
    Err(refuses("Knative's webhook", text))
}

/// Writes a goal into the template.
struct Editor<'a> {
    annotations: &'a Annotations,
    configs: &'a Configs,
    pod_autoscaler: &'a PodAutoscaler,
    to: Destination,
}

impl Editor<'_> {
    fn write(&self, draft: &mut Draft, goal: &Goal) {
        if goal.switches {
            self.class(draft);
            self.leftovers(draft, goal);
        }
        if let Some(metric) = &goal.metric {
            self.put(draft, METRIC, json!(metric));
        }
        if let Some(target) = goal.target {
            self.put(draft, TARGET, json!(target.text()));
        }
        if let Some(min) = goal.min {
            self.put(draft, MIN_SCALE, annotated(min));
        }
        if let Some(max) = goal.max {
            self.put(draft, MAX_SCALE, annotated(max));
        }
        if let Some(window) = &goal.window {
            self.put(draft, WINDOW, json!(window));
        }
        misplaced(draft);
    }

    fn class(&self, draft: &mut Draft) {
        let default = self.configs.autoscaler.pod_autoscaler_class.as_str();
        if self.to == Destination::Hpa {
            self.put(draft, CLASS, json!(HPA_CLASS));
        } else if default == KPA_CLASS {
            take(draft, CLASS);
            let why = "without one it is that of the cluster, which is Knative's own autoscaler";
            draft.decide(None, "class", Value::Null, why);
        } else {
            self.put(draft, CLASS, json!(KPA_CLASS));
            let why = format!("in words, since the cluster's default is {default}");
            draft.decide(None, "class", KPA_CLASS, why);
        }
    }

    /// What meant something to the old class alone, or something else.
    fn leftovers(&self, draft: &mut Draft, goal: &Goal) {
        let to_hpa = self.to == Destination::Hpa;
        if take(draft, WINDOW) && goal.window.is_none() {
            let why = if to_hpa {
                "load was averaged over it; under the HPA class it would be how long every change waits"
            } else {
                "it was how long every change waited; Knative's own autoscaler would average load over it"
            };
            draft.decide(None, WINDOW.canonical, Value::Null, why);
        }
        for key in KPA_ONLY.into_iter().filter(|_| to_hpa) {
            let there = key.get(self.annotations).map(|(spelling, _)| spelling);
            if take(draft, key) {
                let spelling = there.unwrap_or(key.canonical);
                let why = "only Knative's own autoscaler reads it";
                draft.decide(None, spelling, Value::Null, why);
            }
        }
        let said = AGGREGATION.value(self.annotations);
        if !to_hpa
            && said.is_some_and(|said| !AGGREGATIONS.contains(&said))
            && take(draft, AGGREGATION)
        {
            let why = "Knative refuses what it says under the class of its own autoscaler";
            draft.decide(None, AGGREGATION.canonical, Value::Null, why);
        }
        if to_hpa && self.pod_autoscaler.initial_scale == 0 {
            self.put(draft, INITIAL_SCALE, json!("1"));
            let why = "an HPA does nothing for a Deployment that starts with no pod";
            draft.decide(None, "initialScale", 1, why);
        }
    }

    /// Writes an annotation in the spelling that the release reads, and no other.
    fn put(&self, draft: &mut Draft, key: Key, value: Value) {
        take(draft, key);
        draft.set(
            &child(TEMPLATE, spelling(key, self.configs.release())),
            value,
        );
    }
}

/// The spelling that a release reads first.
pub(super) fn spelling(key: Key, release: KnativeVersion) -> &'static str {
    key.at(release).canonical
}

/// Takes an annotation away in both spellings. Whether it was there.
fn take(draft: &mut Draft, key: Key) -> bool {
    let spellings = [Some(key.canonical), key.alias].into_iter().flatten();
    let gone: Vec<bool> = spellings
        .map(|spelling| draft.remove(&child(TEMPLATE, spelling)).is_some())
        .collect();
    gone.contains(&true)
}

/// Autoscaling annotations of the Service itself are refused: they belong on the template.
fn misplaced(draft: &mut Draft) {
    let annotations = draft
        .object
        .pointer("/metadata/annotations")
        .and_then(Value::as_object);
    let of_group = |key: &&String| key.starts_with(AUTOSCALING_GROUP);
    let keys: Vec<String> = annotations
        .into_iter()
        .flat_map(|map| map.keys().filter(of_group).cloned())
        .collect();
    for key in keys {
        draft.remove(&child("/metadata/annotations", &key));
        let why = "Knative refuses it on the Service itself: it belongs on the template";
        draft.decide(None, &key, Value::Null, why);
    }
}
