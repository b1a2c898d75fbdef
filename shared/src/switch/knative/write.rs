//! Where everything is written.

use serde_json::Value;

use super::amount::Amount;
use super::goal::Goal;
use super::parts::Part;
use crate::knative::annotations::{
    AGGREGATION, AGGREGATIONS, CLASS, HPA_CLASS, INITIAL_SCALE, KPA_CLASS, KPA_ONLY, Key,
    MAX_SCALE, METRIC, TARGET, WINDOW,
};
use crate::kserve::Level;
use crate::kserve::annotations::AUTOSCALER_CLASS;
use crate::manifest::child;
use crate::switch::draft::Draft;
use crate::switch::wish::Destination;

/// Where the annotations of the InferenceService stand.
const OBJECT: &str = "/metadata/annotations";

/// Why no class is written.
const DEFAULT: &str = "without one KServe writes that of Knative's own autoscaler";

/// Why KServe's own annotation for the class goes.
const OF_STANDARD: &str =
    "nothing reads it in Knative mode, and it would say something else than what scales";

/// Writes the goals of all components.
pub(super) struct Writer<'a> {
    pub(super) object: &'a Value,
    pub(super) parts: &'a [Part<'a>],
    pub(super) to: Destination,
    /// Whether all components are wished for.
    pub(super) is_whole: bool,
}

impl Writer<'_> {
    /// Writes them.
    pub(super) fn write(&self, draft: &mut Draft) {
        self.class(draft);
        let judges_hpa = judges_hpa(&draft.object);
        if judges_hpa != self::judges_hpa(self.object) {
            self.judged_anew(draft, judges_hpa);
        }
        self.clear(draft, METRIC, |goal| goal.metric.is_some());
        self.clear(draft, TARGET, |goal| goal.target.is_some());
        self.clear(draft, WINDOW, |goal| goal.switches || goal.window.is_some());
        self.clear(draft, MAX_SCALE, |goal| goal.max.is_some());
        if self.to == Destination::Hpa {
            for key in KPA_ONLY {
                self.clear(draft, key, |goal| goal.switches);
            }
        } else if self.parts.iter().any(says_no_algorithm) {
            self.clear(draft, AGGREGATION, |goal| goal.switches);
        }
        for part in self.parts {
            if let Some(goal) = &part.goal {
                Self::part(draft, part, goal, judges_hpa);
            }
        }
        self.initial_scale(draft);
        self.unread(draft);
    }

    /// The class of those that are to have another.
    fn class(&self, draft: &mut Draft) {
        if !self.parts.iter().any(Part::switches) {
            return;
        }
        if self.is_whole {
            self.class_of_all(draft);
        } else {
            self.class_of_some(draft);
        }
    }

    /// On the InferenceService, and nowhere else.
    fn class_of_all(&self, draft: &mut Draft) {
        let on_object = child(OBJECT, CLASS.canonical);
        let mut gone = draft.remove(&child(OBJECT, AUTOSCALER_CLASS));
        for part in self.parts {
            draft.remove(&part.annotation(CLASS.canonical));
            gone = draft.remove(&part.annotation(AUTOSCALER_CLASS)).or(gone);
        }
        if gone.is_some() {
            draft.decide(None, AUTOSCALER_CLASS, Value::Null, OF_STANDARD);
        }
        let runtimes = self.parts.iter();
        let mut runtimes = runtimes.filter_map(|part| part.runtime_class.as_deref());
        if self.to == Destination::Hpa {
            let why = "on the InferenceService, since KServe's webhook judges all components by the class there";
            draft.set(&on_object, HPA_CLASS);
            draft.decide(None, "class", HPA_CLASS, why);
        } else if let Some(other) = runtimes.find(|class| *class != KPA_CLASS) {
            let why = format!("in words, since the ServingRuntime says {other}");
            draft.set(&on_object, KPA_CLASS);
            draft.decide(None, "class", KPA_CLASS, why);
        } else {
            draft.remove(&on_object);
            draft.decide(None, "class", Value::Null, DEFAULT);
        }
    }

    /// On the components themselves.
    fn class_of_some(&self, draft: &mut Draft) {
        let text = |draft: &Draft, key: &str| {
            let value = draft.object.pointer(&child(OBJECT, key));
            value.and_then(Value::as_str).map(str::to_owned)
        };
        let general = text(draft, CLASS.canonical);
        let of_standard = text(draft, AUTOSCALER_CLASS);
        for part in self.parts.iter().filter(|part| part.switches()) {
            let below = general.as_deref().or(part.runtime_class.as_deref());
            let at = part.annotation(CLASS.canonical);
            let name = Some(part.kind.as_str());
            if draft.remove(&part.annotation(AUTOSCALER_CLASS)).is_some() {
                draft.decide(name, AUTOSCALER_CLASS, Value::Null, OF_STANDARD);
            }
            let says_other = below.is_some_and(|class| class != KPA_CLASS) || of_standard.is_some();
            let class = if self.to == Destination::Hpa {
                Some(HPA_CLASS)
            } else {
                says_other.then_some(KPA_CLASS)
            };
            if let Some(class) = class {
                draft.set(&at, class);
                draft.decide(
                    name,
                    "class",
                    class,
                    "on the component, since the others keep theirs",
                );
            } else {
                draft.remove(&at);
                draft.decide(name, "class", Value::Null, DEFAULT);
            }
        }
    }

    /// `autoScaling` beside which no field is left: it would then look as if it decided, and nothing reads it.
    fn unread(&self, draft: &mut Draft) {
        for part in self.parts {
            let extension = &part.component.extension;
            let decided = extension.scale_metric.is_some() || extension.scale_target.is_some();
            let fields = ["scaleMetric", "scaleTarget"];
            let is_left = |field: &str| draft.object.pointer(&part.at(field)).is_some();
            if !decided || fields.into_iter().any(is_left) {
                continue;
            }
            if draft.remove(&part.at("autoScaling")).is_some() {
                let why = "nothing reads it in Knative mode";
                draft.decide(Some(part.kind.as_str()), "autoScaling", Value::Null, why);
            }
        }
    }

    /// What KServe's webhook would refuse now that it judges by another class, though it means the same as before.
    fn judged_anew(&self, draft: &mut Draft, judges_hpa: bool) {
        for part in self.parts {
            let name = Some(part.kind.as_str());
            if judges_hpa && lists_other_metrics(part) {
                draft.remove(&part.at("autoScaling"));
                draft.decide(name, "autoScaling", Value::Null, "nothing reads it in Knative mode, and under the HPA class the webhook refuses its metrics");
            }
            if !judges_hpa && part.component.extension.has_deployment_strategy {
                draft.remove(&part.at("deploymentStrategy"));
                draft.decide(name, "deploymentStrategy", Value::Null, "nothing reads it in Knative mode, and without the HPA class the webhook refuses it");
            }
            let keeps_metric = part.goal.as_ref().is_none_or(|goal| goal.metric.is_none());
            if keeps_metric {
                into_annotations(draft, part, judges_hpa);
            }
        }
    }

    /// Takes an annotation away from those components of which it is wished. One of the InferenceService stays in force for the
    /// others that read it: it moves to them.
    fn clear(&self, draft: &mut Draft, key: Key, is_cleared: impl Fn(&Goal) -> bool) {
        let of = |part: &&Part<'_>| part.goal.as_ref().is_some_and(&is_cleared);
        let (cleared, others): (Vec<_>, Vec<_>) = self.parts.iter().partition(of);
        for spelling in [Some(key.canonical), key.alias].into_iter().flatten() {
            let mut gone = false;
            for part in &cleared {
                gone |= draft.remove(&part.annotation(spelling)).is_some();
            }
            let on_object = child(OBJECT, spelling);
            let counts = |part: &&&Part<'_>| part.effective.annotations.contains_key(spelling);
            let value = draft.object.pointer(&on_object).cloned();
            if let Some(value) = value.filter(|_| cleared.iter().any(|part| counts(&part))) {
                for other in others.iter().filter(|part| reads(part, key, spelling)) {
                    draft.set(&other.annotation(spelling), value.clone());
                }
                draft.remove(&on_object);
                gone = true;
            }
            let is_setting = KPA_ONLY.contains(&key) || key == WINDOW;
            if gone && is_setting {
                self.told(draft, key, spelling, &cleared);
            }
        }
    }

    fn told(&self, draft: &mut Draft, key: Key, spelling: &str, cleared: &[&Part<'_>]) {
        let is_wished =
            |part: &&&Part<'_>| part.goal.as_ref().is_some_and(|goal| goal.window.is_some());
        if key == WINDOW && cleared.iter().any(|part| is_wished(&part)) {
            return;
        }
        let why = match (key, self.to) {
            (WINDOW, Destination::Hpa) => {
                "load was averaged over it; under the HPA class it would be how long every change waits"
            }
            (AGGREGATION, Destination::Kpa) => {
                "Knative refuses what it says under the class of its own autoscaler"
            }
            (WINDOW, _) => {
                "it was how long every change waited; Knative's own autoscaler would average load over it"
            }
            _ => "only Knative's own autoscaler reads it",
        };
        let name = match cleared {
            [one] => Some(one.kind.as_str()),
            _ => None,
        };
        draft.decide(name, spelling, Value::Null, why);
    }

    /// What one component is to have.
    fn part(draft: &mut Draft, part: &Part<'_>, goal: &Goal, judges_hpa: bool) {
        if let Some(metric) = &goal.metric {
            draft.remove(&part.at("scaleMetric"));
            if accepts_metric(judges_hpa, metric) {
                draft.set(&part.at("scaleMetric"), metric.as_str());
            } else {
                draft.set(&part.annotation(METRIC.canonical), metric.as_str());
            }
        }
        if let Some(target) = goal.target {
            draft.remove(&part.at("scaleTarget"));
            match field(judges_hpa, &goal.of, target) {
                Some(number) => draft.set(&part.at("scaleTarget"), number),
                None => draft.set(&part.annotation(TARGET.canonical), target.text()),
            }
        }
        if let Some(min) = goal.min {
            draft.set(&part.at("minReplicas"), min);
        }
        if let Some(max) = goal.max {
            draft.set(&part.at("maxReplicas"), max);
        }
        if let Some(window) = &goal.window {
            draft.set(&part.annotation(WINDOW.canonical), window.as_str());
        }
    }

    /// An HPA never acts on a Deployment without pods, so a Revision of that class must not start with none.
    fn initial_scale(&self, draft: &mut Draft) {
        let to_hpa = self.to == Destination::Hpa;
        for part in self.parts.iter().filter(|part| to_hpa && part.switches()) {
            if part.pod_autoscaler.initial_scale == 0 {
                draft.set(&part.annotation(INITIAL_SCALE.canonical), "1");
                let why = "an HPA does nothing for a Deployment that starts with no pod";
                draft.decide(Some(part.kind.as_str()), "initialScale", 1, why);
            }
        }
    }
}

/// Whether a component that is to have Knative's own autoscaler says an algorithm that this does not know.
fn says_no_algorithm(part: &Part<'_>) -> bool {
    let said = AGGREGATION.value(&part.effective.annotations);
    part.switches() && said.is_some_and(|said| !AGGREGATIONS.contains(&said))
}

/// Whether KServe's webhook judges an InferenceService by the rules of the HPA.
fn judges_hpa(object: &Value) -> bool {
    let class = object.pointer(&child(OBJECT, CLASS.canonical));
    class.and_then(Value::as_str) == Some(HPA_CLASS)
}

/// Whether a component reads an annotation of the InferenceService.
fn reads(part: &Part<'_>, key: Key, spelling: &str) -> bool {
    let extension = &part.component.extension;
    let by_field = (key == METRIC && extension.scale_metric.is_some())
        || (key == TARGET && extension.scale_target.is_some());
    !by_field && part.effective.level(spelling) == Some(Level::Object)
}

/// Whether the webhook accepts a metric as scaleMetric.
fn accepts_metric(judges_hpa: bool, metric: &str) -> bool {
    if judges_hpa {
        matches!(metric, "cpu" | "memory")
    } else {
        matches!(metric, "concurrency" | "rps")
    }
}

/// A target as scaleTarget, where the webhook accepts it there.
fn field(judges_hpa: bool, metric: &str, target: Amount) -> Option<i64> {
    let number = target.whole().filter(|number| *number >= 1)?;
    let is_of_hpa = metric == "cpu" && number <= 100;
    let is_of_kpa = matches!(metric, "concurrency" | "rps");
    let fits = if judges_hpa { is_of_hpa } else { is_of_kpa };
    fits.then_some(number)
}

/// Fields that the webhook would refuse become annotations, which mean the same and which it does not look at.
fn into_annotations(draft: &mut Draft, part: &Part<'_>, judges_hpa: bool) {
    let extension = &part.component.extension;
    let default = if judges_hpa { "cpu" } else { "concurrency" };
    let mut judged_by = extension.scale_metric.unwrap_or(default);
    if let Some(metric) = extension
        .scale_metric
        .filter(|metric| !accepts_metric(judges_hpa, metric))
    {
        draft.remove(&part.at("scaleMetric"));
        draft.set(&part.annotation(METRIC.canonical), metric);
        judged_by = default;
    }
    let is_refused = |target: i64| {
        if judges_hpa {
            !(1..=100).contains(&target)
        } else {
            judged_by == "rps" && target < 1
        }
    };
    let replaced = part.goal.as_ref().is_some_and(|goal| goal.target.is_some());
    if let Some(target) = extension
        .scale_target
        .filter(|target| is_refused(*target) && !replaced)
    {
        draft.remove(&part.at("scaleTarget"));
        draft.set(&part.annotation(TARGET.canonical), target.to_string());
    }
}

/// Whether `autoScaling` of a component has metrics that the webhook refuses under the HPA class.
fn lists_other_metrics(part: &Part<'_>) -> bool {
    let scaling = part.component.extension.auto_scaling.as_ref();
    let mut metrics = scaling.into_iter().flat_map(|scaling| &scaling.metrics);
    metrics.any(|metric| metric.kind != "Resource" || metric.resource.is_none())
}
