//! What is waited for: the components whose objects are to become others, and as what.

use std::collections::{BTreeMap, BTreeSet};

use kscale_rules::explain::{Autoscaler, ComponentExplanation, explain};
use kscale_rules::facts::Facts;
use kscale_rules::knative::annotations::HPA_CLASS;
use kscale_rules::switch::{Plan, Rolled};
use serde_json::Value;

use super::seen::{int, list};
use crate::facts::text;

/// What becomes of some annotations: values, and none for those that go.
pub(super) type Annotations = BTreeMap<String, Option<String>>;

/// What a change is to lead to.
#[derive(Clone, Debug, Default)]
pub(super) struct Goal {
    /// `InferenceService`, or `Service` of Knative.
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    /// The components that become something else.
    pub(super) awaited: Vec<Awaited>,
    /// Components that would, were they not stopped.
    pub(super) stopped: Vec<String>,
}

/// A component that is waited for.
#[derive(Clone, Debug)]
pub(super) struct Awaited {
    /// As in an explanation.
    pub(super) component: String,
    pub(super) what: What,
}

/// What its objects are to become.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// Another Revision of a Knative Service
    Knative(Knative),
    /// A Deployment with another scaler
    Standard(Standard),
}

/// Another Revision.
#[derive(Clone, Debug)]
pub(super) struct Knative {
    /// The Knative Service.
    pub(super) service: String,
    /// What changes among the annotations of its template.
    pub(super) template: Annotations,
    /// The newest Revision when the edit was made.
    pub(super) was: Option<String>,
    /// Its class; none where nothing is predicted.
    pub(super) class: Option<String>,
    /// Whether an HPA is to scale it.
    pub(super) by_hpa: bool,
    /// How many requests in a hundred the newest Revision is to get.
    pub(super) share: i64,
}

/// A Deployment with another scaler.
#[derive(Clone, Debug)]
pub(super) struct Standard {
    /// The Deployment, and what scales it.
    pub(super) name: String,
    /// What changes among the annotations of its pods; empty where they stay as they are.
    pub(super) template: Annotations,
    pub(super) scaler: Scaler,
}

/// What is to scale a Deployment.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scaler {
    /// An HPA of this spec
    Hpa(Value),
    /// A ScaledObject of this spec
    Keda(Value),
    /// Nothing of KServe's; where it fixes the number of pods, so many
    Nothing(Option<i64>),
    /// Nobody knows: nothing is predicted
    Unknown,
}

impl Goal {
    /// What carrying out `plan` is to lead to; `changed` is the object as it was when the edit was made.
    pub(super) fn of(plan: &Plan, changed: &Value, facts: &Facts) -> Self {
        let object = &plan.object;
        let mut goal = Self {
            kind: object.kind.clone(),
            namespace: object.namespace.clone(),
            name: object.name.clone(),
            ..Self::default()
        };
        let before = explain(&plan.before, facts).unwrap_or_default().components;
        let after = explain(changed, facts).unwrap_or_default().components;
        let case = Case {
            plan,
            changed,
            facts,
        };
        let names = after.iter().chain(&before).map(|one| one.name.as_str());
        let mut told = BTreeSet::new();
        let mut taken = BTreeSet::new();
        for name in names.filter(|name| told.insert(name.to_owned())) {
            let of =
                |all: &[ComponentExplanation]| all.iter().find(|one| one.name == name).cloned();
            let (old, new) = (of(&before), of(&after));
            let stopped = |one: &ComponentExplanation| one.autoscaler == Autoscaler::Stopped;
            if new.as_ref().is_some_and(stopped) {
                if case.is_meant(name) {
                    goal.stopped.push(name.to_owned());
                }
                continue;
            }
            let all = case.component(name, old.as_ref(), new.as_ref());
            // A canary's objects are told with those of its predictor, too.
            goal.awaited
                .extend(all.into_iter().filter(|one| taken.insert(one.object())));
        }
        goal
    }
}

impl Awaited {
    /// The kind and the name of the object in which the change is seen first.
    fn object(&self) -> (&'static str, String) {
        match &self.what {
            What::Knative(one) => ("Service", one.service.clone()),
            What::Standard(one) => ("Deployment", one.name.clone()),
        }
    }
}

struct Case<'a> {
    plan: &'a Plan,
    changed: &'a Value,
    facts: &'a Facts,
}

impl Case<'_> {
    /// Whether the plan names a component.
    fn is_meant(&self, name: &str) -> bool {
        let rolls = |what: Rolled| what != Rolled::Nothing;
        self.plan.changes.iter().any(|one| one.name == name)
            || (self.plan.rolls.iter()).any(|one| one.component == name && rolls(one.what))
    }

    fn component(
        &self,
        name: &str,
        old: Option<&ComponentExplanation>,
        new: Option<&ComponentExplanation>,
    ) -> Vec<Awaited> {
        let made = |one: Option<&ComponentExplanation>| -> Vec<Value> {
            one.map(|one| one.creates.clone()).unwrap_or_default()
        };
        let (old, class, new) = (made(old), new.and_then(|one| one.class.clone()), made(new));
        // A Knative Service is not made for anything: it is the object itself.
        if self.plan.object.kind == "Service" {
            let itself = (Some(&self.plan.before), Some(self.changed));
            let what = self.knative(name, &self.plan.object.name, itself, class.as_deref());
            let awaited = what.map(|what| Awaited {
                component: name.to_owned(),
                what: What::Knative(what),
            });
            return awaited.into_iter().collect();
        }
        let mut all = Vec::new();
        let mut told = BTreeSet::new();
        for object in new.iter().chain(&old) {
            let (kind, called) = (text(object, "/kind"), text(object, "/name"));
            if !told.insert((kind, called)) {
                continue;
            }
            let pair = (find(&old, kind, called), find(&new, kind, called));
            let what = match kind {
                "Service" => self
                    .knative(name, called, pair, class.as_deref())
                    .map(What::Knative),
                "Deployment" => self
                    .standard(name, called, (&old, &new))
                    .map(What::Standard),
                _ => None,
            };
            all.extend(what.map(|what| Awaited {
                component: name.to_owned(),
                what,
            }));
        }
        all
    }

    fn knative(
        &self,
        component: &str,
        service: &str,
        (old, new): (Option<&Value>, Option<&Value>),
        class: Option<&str>,
    ) -> Option<Knative> {
        let is_own = self.plan.object.kind == "Service";
        let (template, share, was) = if is_own {
            let of = |object: &Value| strings(object, "/spec/template/metadata/annotations");
            (
                differ(&of(&self.plan.before), &of(self.changed)),
                share_of(self.changed, "/spec/traffic"),
                text(self.changed, "/status/latestCreatedRevisionName"),
            )
        } else {
            let of = |object: Option<&Value>| {
                object.map_or_else(BTreeMap::new, |one| strings(one, "/templateAnnotations"))
            };
            let pointer = format!("/status/components/{component}/latestCreatedRevision");
            let template = new.map(|_| differ(&of(old), &of(new)));
            (
                template.unwrap_or_default(),
                new.map_or(100, |one| share_of(one, "/traffic")),
                text(self.changed, &pointer),
            )
        };
        let at = if is_own {
            "/spec/template/spec/containerConcurrency"
        } else {
            "/containerConcurrency"
        };
        let limit = |one: Option<&Value>| one.and_then(|one| int(one, at));
        let changes = !template.is_empty() || limit(old) != limit(new);
        let is_lost = new.is_none() && self.is_meant(component);
        (changes || is_lost).then(|| Knative {
            service: service.to_owned(),
            template,
            was: (!was.is_empty()).then(|| was.to_owned()),
            class: new.and(class).map(str::to_owned),
            by_hpa: new.is_some() && class == Some(HPA_CLASS),
            share,
        })
    }

    fn standard(
        &self,
        component: &str,
        name: &str,
        (old, new): (&[Value], &[Value]),
    ) -> Option<Standard> {
        let spec = |of: &[Value], kind: &str| find(of, kind, name).map(|one| one["spec"].clone());
        let scaler = |of: &[Value]| {
            if find(of, "Deployment", name).is_none() {
                return Scaler::Unknown;
            }
            if let Some(spec) = spec(of, "HorizontalPodAutoscaler") {
                return Scaler::Hpa(spec);
            }
            if let Some(spec) = spec(of, "ScaledObject") {
                return Scaler::Keda(spec);
            }
            let deployment = find(of, "Deployment", name);
            Scaler::Nothing(deployment.and_then(|one| int(one, "/replicas")))
        };
        let rolls = self.plan.rolls.iter();
        let rolls = rolls.filter(|one| one.what == Rolled::Pods);
        let template = if rolls.into_iter().any(|one| one.component == component) {
            self.pods(component)
        } else {
            Annotations::new()
        };
        let (was, becomes) = (scaler(old), scaler(new));
        let differs = was != becomes;
        (differs || !template.is_empty() || self.is_meant(component)).then_some(Standard {
            name: name.to_owned(),
            template,
            scaler: becomes,
        })
    }

    /// What changes among the annotations that KServe hands on to the pods of a component.
    fn pods(&self, component: &str) -> Annotations {
        let of = |object: &Value| {
            let mut all = strings(object, "/metadata/annotations");
            all.extend(strings(object, &format!("/spec/{component}/annotations")));
            let held_back = &self.facts.kserve_config.value.disallowed;
            all.retain(|key, _| !held_back.contains(key));
            all
        };
        differ(&of(&self.plan.before), &of(self.changed))
    }
}

fn find<'a>(all: &'a [Value], kind: &str, name: &str) -> Option<&'a Value> {
    all.iter()
        .find(|one| text(one, "/kind") == kind && text(one, "/name") == name)
}

fn strings(object: &Value, pointer: &str) -> BTreeMap<String, String> {
    let map = object.pointer(pointer).and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn differ(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Annotations {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .map(|key| (key.clone(), new.get(key).cloned()))
        .collect()
}

/// How many requests in a hundred go to whatever is newest.
fn share_of(object: &Value, pointer: &str) -> i64 {
    let mut targets = list(object, pointer).peekable();
    if targets.peek().is_none() {
        return 100;
    }
    targets
        .filter(|one| text(one, "/revisionName").is_empty())
        .filter_map(|one| int(one, "/percent"))
        .sum()
}
