//! That what is new starts with as many pods as run now.
//!
//! A new Revision starts with its initial-scale, one pod, and takes all traffic as soon as that is ready. So the number of pods
//! that are ready now is written as its initial-scale. It counts only while a Revision starts. Taking it out of the template makes
//! another Revision, so it stays there until something else makes one.

use serde_json::Value;

use super::draft::Draft;
use super::made::{Made, MadePart};
use super::service::spelling;
use super::{Scene, present};
use crate::knative::annotations::INITIAL_SCALE;
use crate::knative::{KnativeVersion, PodAutoscaler};
use crate::manifest::child;

/// From this release on the PodAutoscaler follows the annotations of its Revision (knative/serving #16186).
const FOLLOWS_REVISION: KnativeVersion = KnativeVersion::new(1, 21, 0);

/// Lets what is new start with the present number of pods, where that is wished.
pub(super) fn keep(scene: &Scene<'_>, draft: &mut Draft) {
    let before = Made::of(scene.object, scene.facts);
    let after = Made::of(&draft.object, scene.facts);
    if after.is_frozen {
        return;
    }
    for part in &after.parts {
        let Some(old) = before.part(&part.name) else {
            continue;
        };
        if part.is_stopped || old.is_stopped || !part.rolls(old) {
            continue;
        }
        if let Some(pod_autoscaler) = part.pod_autoscaler() {
            let place = Place {
                scene,
                part,
                pod_autoscaler,
            };
            place.keep(draft);
        }
    }
}

/// A component whose next Revision starts with some number of pods.
struct Place<'a> {
    scene: &'a Scene<'a>,
    part: &'a MadePart,
    pod_autoscaler: &'a PodAutoscaler,
}

impl Place<'_> {
    fn keep(&self, draft: &mut Draft) {
        let wished = self.scene.wish.keep_capacity;
        let name = self.part.name.as_str();
        let pods = present::pods(self.scene.explanation, name);
        let Some(pods) = pods.filter(|_| wished != Some(false)) else {
            match wished {
                Some(true) => draft.decide(
                    Some(name),
                    "initialScale",
                    Value::Null,
                    "nobody looked how many pods run now, so that what is new cannot start with as many",
                ),
                Some(false) => self.drop(draft),
                None => {}
            }
            return;
        };
        let max = i64::from(self.pod_autoscaler.bounds.max);
        let wanted = if max > 0 { pods.min(max) } else { pods };
        if wanted > self.starts_without(draft) && wanted > 1 {
            self.write(draft, wanted, pods);
        } else {
            self.drop(draft);
        }
    }

    /// With how many pods it starts where the component itself says nothing.
    fn starts_without(&self, draft: &Draft) -> i64 {
        let mut bare = draft.object.clone();
        for key in self.keys() {
            super::edits::take(&mut bare, &self.at(key));
        }
        let made = Made::of(&bare, self.scene.facts);
        let made = made
            .part(&self.part.name)
            .and_then(MadePart::pod_autoscaler);
        made.map_or(1, super::rolls::starts_with)
    }

    fn write(&self, draft: &mut Draft, wanted: i64, pods: i64) {
        for key in self.keys() {
            draft.remove(&self.at(key));
        }
        let key = spelling(INITIAL_SCALE, self.scene.facts.knative.value);
        draft.set(&self.at(key), wanted.to_string());
        let number = if wanted == pods {
            format!("{pods} pods run now")
        } else {
            format!("{pods} pods run now, and {wanted} is the upper bound")
        };
        let why = format!(
            "{number}, and what is new takes their load at once; {}",
            self.way_out(key)
        );
        draft.decide(Some(&self.part.name), "initialScale", wanted, why);
    }

    /// What an earlier switch left, or somebody wrote for a start like this one. 0 and 1 are no number of pods that was kept.
    fn drop(&self, draft: &mut Draft) {
        for key in self.keys() {
            let at = self.at(key);
            let text = draft.object.pointer(&at).and_then(Value::as_str);
            let left = text.and_then(|text| text.parse::<i64>().ok());
            let Some(left) = left.filter(|number| *number > 1) else {
                continue;
            };
            draft.remove(&at);
            let why = format!("{left} was for a start that is over; this one needs none");
            draft.decide(Some(&self.part.name), "initialScale", Value::Null, why);
        }
    }

    /// How it goes again.
    fn way_out(&self, key: &str) -> String {
        let stays = "it counts only while a Revision starts, and the next switch or undo renews or drops it";
        if self.scene.facts.knative.value < FOLLOWS_REVISION {
            return stays.to_owned();
        }
        let service = &self.part.object;
        let namespace = match self.scene.explanation.object.namespace.as_str() {
            "" => String::new(),
            namespace => format!(" -n {namespace}"),
        };
        format!(
            "{stays}; without another Revision it goes from the one that has started with: kubectl annotate revision{namespace} \
             $(kubectl get ksvc {service}{namespace} -o jsonpath='{{.status.latestReadyRevisionName}}') {key}-"
        )
    }

    fn keys(&self) -> impl Iterator<Item = &'static str> {
        [Some(INITIAL_SCALE.canonical), INITIAL_SCALE.alias]
            .into_iter()
            .flatten()
    }

    fn at(&self, key: &str) -> String {
        let annotations = match self.part.name.as_str() {
            "service" => "/spec/template/metadata/annotations".to_owned(),
            component => format!("/spec/{component}/annotations"),
        };
        child(&annotations, key)
    }
}
