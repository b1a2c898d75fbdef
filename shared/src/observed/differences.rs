//! Where what is seen is not what is predicted, and why.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::component::{newest, serving};
use super::hpa;
use super::read::{condition, conditions, entry, int, list, text};
use super::types::{Condition, Difference, ObservedComponent, ObservedHpa, ObservedRevision};
use crate::explain::{Autoscaler, ComponentExplanation, Explanation};
use crate::facts::Facts;

const PREFIX: &str = "autoscaling.knative.dev/";

/// What differences are told from.
struct Seen<'a> {
    object: &'a Value,
    facts: &'a Facts,
    predicted: &'a ComponentExplanation,
    observed: &'a ObservedComponent,
}

/// All differences, component by component.
pub(super) fn all(
    object: &Value,
    explanation: &Explanation,
    components: &[ObservedComponent],
    facts: &Facts,
) -> Vec<Difference> {
    let mut differences = Vec::new();
    for observed in components {
        let predicted = explanation
            .components
            .iter()
            .find(|one| one.name == observed.name);
        if let Some(predicted) = predicted {
            let seen = Seen {
                object,
                facts,
                predicted,
                observed,
            };
            seen.service(&mut differences);
            seen.revision(&mut differences);
            seen.hpa(&mut differences);
            seen.scaled_object(&mut differences);
            seen.autoscaler(&mut differences);
        }
    }
    differences
}

impl Seen<'_> {
    fn difference(
        &self,
        field: &str,
        values: [Value; 2],
        object: String,
        why: String,
    ) -> Difference {
        let [predicted, observed] = values;
        Difference {
            component: self.observed.name.clone(),
            field: field.to_owned(),
            predicted,
            observed,
            object,
            why,
        }
    }

    /// The object that is predicted to be made, by its kind.
    fn made(&self, kind: &str) -> Option<&Value> {
        self.predicted
            .creates
            .iter()
            .find(|made| text(made, "/kind") == kind)
    }

    /// The template that KServe writes.
    fn service(&self, differences: &mut Vec<Difference>) {
        let (Some(made), Some(service)) = (self.made("Service"), &self.observed.service) else {
            return;
        };
        let annotations = made.get("templateAnnotations").and_then(Value::as_object);
        // A Knative Service is its own template.
        if text(self.object, "/kind") == "Service" {
            return;
        }
        let predicted: Vec<(&str, &str)> = annotations
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
            .filter(|(key, _)| key.starts_with(PREFIX))
            .collect();
        let keys: BTreeSet<&str> = predicted
            .iter()
            .map(|(key, _)| *key)
            .chain(service.template_annotations.keys().map(String::as_str))
            .collect();
        for key in keys {
            let wanted = predicted
                .iter()
                .find(|(one, _)| *one == key)
                .map(|(_, value)| *value);
            let found = service.template_annotations.get(key).map(String::as_str);
            if wanted != found {
                let values = [json!(wanted), json!(found)];
                let object = format!("Service/{}", service.name);
                differences.push(self.difference(field(key), values, object, self.why_of_kserve()));
            }
        }
    }

    /// Why what KServe has written is not what it is predicted to write.
    fn why_of_kserve(&self) -> String {
        let conditions = conditions(self.object);
        let failed = conditions
            .iter()
            .any(|one| one.is_false() && one.has_reason("ReconcileFailed"));
        let is_ready = condition(&conditions, "Ready").is_some_and(Condition::is_true);
        let disabled = entry(
            self.object,
            "annotations",
            "serving.kserve.io/disable-auto-update",
        ) == Some("true");
        if failed {
            "the newest version is refused, so the one before is still there".to_owned()
        } else if disabled && is_ready {
            "serving.kserve.io/disable-auto-update keeps KServe from carrying edits out".to_owned()
        } else if conditions.is_empty() {
            "it is not in the cluster as it is given here".to_owned()
        } else if !self.facts.kserve.is_known() {
            format!(
                "either KServe has not acted on the newest edit yet, or somebody else wrote this, or KServe is not of release {}, which was assumed",
                self.facts.kserve.value
            )
        } else {
            "either KServe has not acted on the newest edit yet, or somebody else wrote this"
                .to_owned()
        }
    }

    /// What serves, against the template.
    fn revision(&self, differences: &mut Vec<Difference>) {
        let Some(service) = &self.observed.service else {
            return;
        };
        let routed = serving(self.observed);
        let Some(first) = routed.first() else {
            return;
        };
        let in_place = first.configuration_generation == service.generation;
        let keys: BTreeSet<&String> = service
            .template_annotations
            .keys()
            .chain(first.annotations.keys())
            .collect();
        for key in keys {
            let wanted = service.template_annotations.get(key);
            let found = first.annotations.get(key);
            if wanted != found {
                let values = [json!(wanted), json!(found)];
                let object = format!("Revision/{}", first.name);
                differences.push(self.difference(
                    field(key),
                    values,
                    object,
                    self.why_of_revision(first, in_place, routed.len()),
                ));
            }
        }
    }

    fn why_of_revision(&self, serving: &ObservedRevision, in_place: bool, routed: usize) -> String {
        if in_place {
            return "the Revision was edited by hand after it was made".to_owned();
        }
        match newest(self.observed) {
            Some(newest) if newest.name != serving.name => {
                let ready = condition(&newest.conditions, "Ready");
                let (name, share, newest) = (&serving.name, newest.percent, &newest.name);
                if routed > 1 {
                    let percent = serving.percent.unwrap_or_default();
                    format!("{name} gets {percent} % of the requests beside the newest, {newest}")
                } else if share == Some(0) {
                    format!("{name} serves: {newest} is given none of the requests")
                } else if ready.is_some_and(Condition::is_true) {
                    format!(
                        "{name} serves, though {newest} is newer and ready: requests have not moved"
                    )
                } else {
                    format!("{name} serves until {newest} is ready")
                }
            }
            _ => format!(
                "Knative has not made a new Revision yet, and {} serves",
                serving.name
            ),
        }
    }

    /// The HPA of what is newest, or of Standard mode.
    fn hpa(&self, differences: &mut Vec<Difference>) {
        let (Some(made), Some(seen)) = (self.made("HorizontalPodAutoscaler"), self.seen_hpa())
        else {
            return;
        };
        let object = format!("HorizontalPodAutoscaler/{}", seen.name);
        let predicted = hpa::metrics(made);
        let shown = |metrics: &[super::types::ObservedMetric]| -> Vec<String> {
            metrics
                .iter()
                .map(|one| format!("{} {}", one.name, one.target))
                .collect()
        };
        let pairs = [
            (
                "minReplicas",
                json!(int(made, "/spec/minReplicas")),
                json!(seen.min_replicas),
            ),
            (
                "maxReplicas",
                json!(int(made, "/spec/maxReplicas")),
                json!(seen.max_replicas),
            ),
            (
                "metrics",
                json!(shown(&predicted)),
                json!(shown(&seen.metrics)),
            ),
        ];
        for (name, wanted, found) in pairs {
            if wanted != found {
                let why = match &self.observed.service {
                    // The HPA is made of the Revision, whose own differences have been told.
                    Some(_) => "either the HPA extension has not acted on an edit or on a change of config-autoscaler yet, or somebody else wrote this".to_owned(),
                    None => self.why_of_kserve(),
                };
                differences.push(self.difference(name, [wanted, found], object.clone(), why));
            }
        }
    }

    fn seen_hpa(&self) -> Option<&ObservedHpa> {
        if let Some(scaling) = &self.observed.scaling {
            return scaling
                .hpa
                .as_ref()
                .filter(|_| scaling.scaled_object.is_none());
        }
        let newest = newest(self.observed)?;
        let service = self.observed.service.as_ref()?;
        // One of an older template is not what is predicted.
        let is_made_of_it = newest.configuration_generation == service.generation;
        newest.scaling.hpa.as_ref().filter(|_| is_made_of_it)
    }

    fn scaled_object(&self, differences: &mut Vec<Difference>) {
        let scaling = self.observed.scaling.as_ref();
        let (Some(made), Some(seen)) = (
            self.made("ScaledObject"),
            scaling.and_then(|scaling| scaling.scaled_object.as_ref()),
        ) else {
            return;
        };
        let object = format!("ScaledObject/{}", seen.name);
        let triggers: Vec<&str> = list(made, "/spec/triggers")
            .map(|one| text(one, "/type"))
            .collect();
        let pairs = [
            (
                "minReplicas",
                json!(int(made, "/spec/minReplicaCount")),
                json!(seen.min_replicas),
            ),
            (
                "maxReplicas",
                json!(int(made, "/spec/maxReplicaCount")),
                json!(seen.max_replicas),
            ),
            ("triggers", json!(triggers), json!(seen.triggers)),
        ];
        for (name, wanted, found) in pairs {
            if wanted != found {
                differences.push(self.difference(
                    name,
                    [wanted, found],
                    object.clone(),
                    self.why_of_kserve(),
                ));
            }
        }
    }

    /// Another autoscaler than predicted, where no other difference says so.
    fn autoscaler(&self, differences: &mut Vec<Difference>) {
        let (Some(seen), predicted) = (self.observed.autoscaler, self.predicted.autoscaler) else {
            return;
        };
        let told = differences
            .iter()
            .any(|one| one.component == self.observed.name && one.field == "class");
        let external = predicted == Autoscaler::External;
        if seen == predicted || told || external {
            return;
        }
        let object = match serving(self.observed).first() {
            Some(revision) => format!("Revision/{}", revision.name),
            None => self
                .observed
                .scaling
                .as_ref()
                .and_then(|one| one.deployment.as_ref())
                .map_or_else(String::new, |one| format!("Deployment/{}", one.name)),
        };
        let why = match (predicted, seen) {
            (Autoscaler::Unmanaged, Autoscaler::KnativeHpa) => {
                "it was made before, and goes on; as the cluster is known now it would not come to be".to_owned()
            }
            _ if self.observed.service.is_some() && self.made("Service").is_none() => {
                "it was made before, and goes on; as it stands now it is not carried out".to_owned()
            }
            _ => self.why_of_kserve(),
        };
        differences.push(self.difference(
            "autoscaler",
            [json!(predicted), json!(seen)],
            object,
            why,
        ));
    }
}

/// What an annotation is called in a prediction.
fn field(key: &str) -> &str {
    let short = key.strip_prefix(PREFIX).unwrap_or(key);
    match short {
        "min-scale" | "minScale" => "minReplicas",
        "max-scale" | "maxScale" => "maxReplicas",
        other => other,
    }
}
