//! What differs between what two releases make of one workload.

use serde_json::{Value, json};

use super::cause::Cause;
use super::remains::{self, Roll};
use super::side::{Part, Side};
use super::types::Change;
use crate::explain::differences::{self, Differing, Field};
use crate::explain::{Autoscaler, ComponentExplanation};

/// What the new release does with the Deployments and autoscalers of a component.
pub(super) type Remains<'a> = &'a dyn Fn(&Part) -> Option<remains::Standard>;

/// The changes, the most dangerous first. `updates` is why the new release refuses an update of the object as it then stands;
/// `live` says that the object is there, whatever the old release says of it.
pub(super) fn changes(
    before: &Side,
    after: &Side,
    updates: Option<&str>,
    live: bool,
    remains: Remains<'_>,
) -> Vec<Change> {
    let mut found = Found(Vec::new());
    let known = found.admission(before, after, updates);
    // What is refused was never made, and nothing comes of it.
    let runs = known && (live || before.create.is_none());
    if runs && !after.frozen {
        found.mode(before, after);
        for part in &after.parts {
            found.part(before, after, part, remains);
        }
    } else if runs && !before.frozen {
        found.whole(
            Cause::NotReconciled,
            "the controller leaves it alone while it is ready",
        );
    }
    if updates.or(after.create.as_deref()).is_some() {
        // No write gets through.
        found
            .0
            .retain(|change| change.cause != Cause::RolledOnUpdate);
    }
    found.0.sort_by_key(|change| change.cause);
    found.0
}

struct Found(Vec<Change>);

impl Found {
    fn push(&mut self, cause: Cause, component: Option<&str>, message: String) -> &mut Change {
        self.0.push(Change {
            cause,
            breaks: cause.breaks(),
            component: component.map(str::to_owned),
            message,
            before: Value::Null,
            after: Value::Null,
            text: None,
            help: None,
            since: None,
            until: None,
        });
        // Just pushed.
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    fn whole(&mut self, cause: Cause, message: &str) -> &mut Change {
        self.push(cause, None, message.to_owned())
    }

    /// Webhooks and schema. The answer is whether the controller has it to work on, before and after.
    fn admission(&mut self, before: &Side, after: &Side, updates: Option<&str>) -> bool {
        match (&before.config, &after.config) {
            (None, Some(text)) => {
                let change = self.whole(Cause::ConfigRefused, "KServe refuses its own ConfigMap");
                change.text = Some(text.clone());
                return false;
            }
            (Some(_), None) => {
                self.whole(Cause::Accepted, "KServe accepts its own ConfigMap");
                return false;
            }
            (Some(_), Some(_)) => return false,
            (None, None) => {}
        }
        match (&before.create, &after.create) {
            (None, Some(text)) => {
                let change = self.whole(Cause::Refused, "it is refused");
                change.text = Some(text.clone());
            }
            (Some(text), None) => {
                let change = self.whole(Cause::Accepted, "it is accepted");
                change.before = json!(text);
            }
            _ => {}
        }
        match (&before.update, updates) {
            (None, Some(text)) if after.create.is_none() => {
                let change = self.whole(Cause::Locked, "every update of it is refused");
                change.text = Some(text.to_owned());
            }
            (Some(text), None) if before.create.is_none() => {
                let change = self.whole(Cause::Unlocked, "it can be updated");
                change.before = json!(text);
            }
            _ => {}
        }
        !before.parts.is_empty() && !after.parts.is_empty()
    }

    fn mode(&mut self, before: &Side, after: &Side) {
        if before.mode == after.mode {
            return;
        }
        let mut message = format!("{} mode instead of {} mode", after.mode, before.mode);
        if before.word == after.word {
            message.push_str(&format!(
                ": the word {} no longer means the same",
                after.word
            ));
        }
        let change = self.whole(Cause::Mode, &message);
        change.before = json!(before.word);
        change.after = json!(after.word);
        if after.parts.iter().any(|part| part.failure.is_some()) {
            return;
        }
        let left = remains::of_other_mode(before, after);
        // A component that failed before may have come to nothing.
        if !left.is_empty() && before.parts.iter().all(|part| part.failure.is_none()) {
            self.orphaned(None, &left);
        }
    }

    fn orphaned(&mut self, component: Option<&str>, left: &[String]) {
        let mut kinds: Vec<&str> = left.iter().map(|object| kind(object)).collect();
        kinds.dedup();
        let message = format!(
            "{} stay, and KServe does not look at them any more",
            kinds.join(", ")
        );
        let change = self.push(Cause::Orphaned, component, message);
        change.before = json!(left);
    }

    fn part(&mut self, before: &Side, after: &Side, new: &Part, remains: Remains<'_>) {
        let name = new.explained.name.as_str();
        let same = |part: &&Part| part.explained.name == new.explained.name;
        let Some(old) = before.parts.iter().find(same) else {
            let change = self.push(Cause::Objects, Some(name), format!("{name} is new"));
            change.after = values(&new.explained);
            return;
        };
        match (&old.failure, &new.failure) {
            (None, Some((who, text))) => {
                let message = match *who {
                    "crash" => "the controller crashes".to_owned(),
                    "KServe" => "the controller fails".to_owned(),
                    who => format!("{who} refuses what KServe makes of it"),
                };
                self.push(Cause::Fails, Some(name), message).text = Some(text.clone());
                return;
            }
            (Some((_, text)), None) => {
                let message = "the controller gets through".to_owned();
                let change = self.push(Cause::Works, Some(name), message);
                change.before = json!(text);
                change.after = values(&new.explained);
                return;
            }
            (Some(_), Some(_)) => return,
            (None, None) => {}
        }
        if before.mode != after.mode {
            // The autoscaler goes with the mode, and so do all objects.
            return;
        }
        self.values(old, new);
        if let Some(remains) = remains(new) {
            if !remains.orphans.is_empty() {
                self.orphaned(Some(name), &remains.orphans);
            }
            self.roll(name, remains.roll);
        }
        if let (Some(left), Some(right)) = (&old.template, &new.template) {
            self.roll(name, remains::revision(left, right));
        }
        self.objects(old, new);
    }

    fn values(&mut self, old: &Part, new: &Part) {
        let name = new.explained.name.as_str();
        let differing = differences::of_components(&old.explained, &new.explained);
        if differing.iter().any(|one| one.field == Field::Autoscaler) {
            let stopped = new.explained.autoscaler == Autoscaler::Stopped;
            let cause = if stopped {
                Cause::Stopped
            } else {
                Cause::Autoscaler
            };
            let message = format!(
                "{} instead of {}",
                scaled(&new.explained),
                scaled(&old.explained)
            );
            let change = self.push(cause, Some(name), message);
            change.before = values(&old.explained);
            change.after = values(&new.explained);
            return;
        }
        let any = !differing.is_empty();
        for Differing { field, here, there } in differing {
            let message = format!("{field} {there} instead of {here}");
            let change = self.push(cause_of(field), Some(name), message);
            change.before = value(field, &old.explained);
            change.after = value(field, &new.explained);
        }
        if !any && old.settings != new.settings {
            let message = "its autoscaler is configured otherwise".to_owned();
            let change = self.push(Cause::Settings, Some(name), message);
            (change.before, change.after) = pruned(&old.settings, &new.settings);
        }
    }

    fn roll(&mut self, name: &str, roll: Roll) {
        let (cause, message) = match roll {
            Roll::No => return,
            Roll::OnUpdate => (
                Cause::RolledOnUpdate,
                "the new defaulter changes annotations that its pods carry",
            ),
            Roll::AtOnce => (Cause::Rolled, "its pods are made from another template"),
        };
        self.push(cause, Some(name), message.to_owned());
    }

    /// What is made beside the objects that scale it.
    fn objects(&mut self, old: &Part, new: &Part) {
        let own = |all: &[String]| -> Vec<String> {
            let mut own: Vec<String> = all
                .iter()
                .filter(|object| is_beside(object))
                .cloned()
                .collect();
            own.sort();
            own.dedup();
            own
        };
        let (left, right) = (own(&old.created), own(&new.created));
        let stopped = new.explained.autoscaler == Autoscaler::Stopped;
        if left != right && !stopped {
            let message = "other objects are made for it".to_owned();
            let change = self.push(Cause::Objects, Some(&new.explained.name), message);
            change.before = json!(left);
            change.after = json!(right);
        }
    }
}

/// Whether an object neither is scaled nor scales: those that do are told of otherwise.
fn is_beside(object: &str) -> bool {
    let kind = object.split('/').next().unwrap_or_default();
    !matches!(
        kind,
        "Deployment.apps"
            | "HorizontalPodAutoscaler.autoscaling"
            | "ScaledObject.keda.sh"
            | "Service.serving.knative.dev"
    )
}

/// The kind of an object, as people say it.
fn kind(object: &str) -> &str {
    let kind = object.split('/').next().unwrap_or_default();
    match kind {
        "Service.serving.knative.dev" => "Knative Service",
        _ => kind.split('.').next().unwrap_or_default(),
    }
}

fn cause_of(field: Field) -> Cause {
    match field {
        Field::Autoscaler => Cause::Autoscaler,
        Field::Metric => Cause::Metric,
        Field::Target | Field::EffectiveTarget => Cause::Target,
        Field::MinReplicas | Field::MaxReplicas => Cause::Bounds,
        Field::ScaleToZero => Cause::ScaleToZero,
    }
}

fn value(field: Field, component: &ComponentExplanation) -> Value {
    match field {
        Field::Autoscaler => json!(component.autoscaler),
        Field::Metric => json!(component.metric),
        Field::Target | Field::EffectiveTarget => json!(component.target),
        Field::MinReplicas => json!(component.min_replicas),
        Field::MaxReplicas => json!(component.max_replicas),
        Field::ScaleToZero => json!(component.scale_to_zero),
    }
}

/// What scales a component, on what, between which bounds.
fn values(component: &ComponentExplanation) -> Value {
    json!({
        "autoscaler": component.autoscaler,
        "class": component.class,
        "metric": component.metric,
        "target": component.target,
        "minReplicas": component.min_replicas,
        "maxReplicas": component.max_replicas,
        "scaleToZero": component.scale_to_zero,
    })
}

fn scaled(component: &ComponentExplanation) -> &'static str {
    match component.autoscaler {
        Autoscaler::Kpa => "Knative's autoscaler",
        Autoscaler::KnativeHpa => "an HPA of Knative",
        Autoscaler::Hpa => "an HPA",
        Autoscaler::Keda => "KEDA",
        Autoscaler::External => "an autoscaler from outside",
        Autoscaler::None => "a fixed number of pods",
        Autoscaler::Stopped => "nothing, as it is stopped,",
        Autoscaler::Unmanaged => "nothing",
    }
}

/// Two objects without the fields in which they agree.
fn pruned(left: &Value, right: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (left, right) else {
        return (left.clone(), right.clone());
    };
    let other = |one: &serde_json::Map<String, Value>, two: &serde_json::Map<String, Value>| {
        let kept = one
            .iter()
            .filter(|(key, value)| two.get(*key) != Some(*value));
        Value::Object(
            kept.map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        )
    };
    (other(old, new), other(new, old))
}
