//! What a component is to have: from what scales it now and a wish, each value that nobody wished for with its reason.

use serde_json::Value;

use super::amount::Amount;
use super::refused;
use crate::go;
use crate::knative::PodAutoscaler;
use crate::knative::class::Owner;
use crate::switch::draft::Draft;
use crate::switch::types::{Refusal, RefusalReason};
use crate::switch::wish::{Destination, Wish};

/// The percentage of the cpu that counts where nobody wishes for another.
const CPU: i64 = 80;

/// What scales a component now.
pub(in crate::switch) struct Now<'a> {
    /// Its name, for what is decided.
    pub(in crate::switch) name: &'a str,
    /// What Knative makes of it.
    pub(in crate::switch) pod_autoscaler: &'a PodAutoscaler,
    /// Whether its metric is written anywhere.
    pub(in crate::switch) says_metric: bool,
    /// Its window, where one is written.
    pub(in crate::switch) window: Option<&'a str>,
    /// What share of the target is aimed for, in percent, of concurrency.
    pub(in crate::switch) share: f64,
    /// Whether the cluster lets the last pod go.
    pub(in crate::switch) zero_allowed: bool,
}

/// What is to be written; none of what stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::switch) struct Goal {
    /// Whether the class changes.
    pub(in crate::switch) switches: bool,
    /// The metric.
    pub(in crate::switch) metric: Option<String>,
    /// Its target.
    pub(in crate::switch) target: Option<Amount>,
    /// The metric that the target is of.
    pub(in crate::switch) of: String,
    /// The lower bound.
    pub(in crate::switch) min: Option<i64>,
    /// The upper bound.
    pub(in crate::switch) max: Option<i64>,
    /// The window.
    pub(in crate::switch) window: Option<String>,
}

impl Goal {
    /// Works it out.
    pub(in crate::switch) fn of(
        now: &Now<'_>,
        wish: &Wish,
        draft: &mut Draft,
    ) -> Result<Self, Refusal> {
        let to_hpa = wish.to == Destination::Hpa;
        let wished = if to_hpa { Owner::Hpa } else { Owner::Kpa };
        let mut goal = Self {
            switches: now.pod_autoscaler.owner != wished,
            ..Self::default()
        };
        if to_hpa {
            goal.hpa_metric(now, wish, draft)?;
        } else {
            goal.kpa_metric(now, wish, draft)?;
        }
        // A target alone reads like one of the other class; beside its metric it does not.
        if goal.target.is_some() && goal.metric.is_none() && !now.says_metric {
            goal.metric = Some(goal.of.clone());
        }
        goal.bounds(now, wish, draft)?;
        goal.window(now, wish)?;
        Ok(goal)
    }

    /// Whether nothing is to be written.
    pub(in crate::switch) fn is_empty(&self) -> bool {
        !self.switches
            && self.metric.is_none()
            && self.target.is_none()
            && self.min.is_none()
            && self.max.is_none()
            && self.window.is_none()
    }

    /// Settles on a metric; `unless_named` says why, where it is nobody's wish. Whether it is another than now.
    fn takes(
        &mut self,
        metric: &str,
        (now, wish): (&Now<'_>, &Wish),
        unless_named: &str,
        draft: &mut Draft,
    ) -> bool {
        metric.clone_into(&mut self.of);
        let changes = self.switches || metric != now.pod_autoscaler.metric;
        if changes {
            self.metric = Some(metric.to_owned());
            if wish.metric.is_none() {
                draft.decide(Some(now.name), "metric", metric, unless_named);
            }
        }
        changes
    }

    fn hpa_metric(&mut self, now: &Now<'_>, wish: &Wish, draft: &mut Draft) -> Result<(), Refusal> {
        let old = now.pod_autoscaler.metric.as_str();
        // An HPA on what Knative does not supply scales nothing, so that it is no state to be left as it is.
        let is_dead = is_of_requests(old) && now.pod_autoscaler.annotation_target.is_some();
        let default = if self.switches || is_dead { "cpu" } else { old };
        let metric = wish.metric.as_deref().unwrap_or(default);
        if wish.metric.is_some() && is_of_requests(metric) {
            return Err(refused(
                RefusalReason::NotPossible,
                format!(
                    "Knative's HPA class takes {metric} for a custom metric of the pods, and Knative supplies none of that name"
                ),
                format!("scale on it with --to kpa --metric {metric}, or name cpu or memory"),
            ));
        }
        let unless_named = "what an HPA scales on unless another metric is named";
        let changes = self.takes(metric, (now, wish), unless_named, draft);
        if let Some(text) = &wish.target {
            self.wish_target(Amount::of_hpa(metric, text)?, changes, now);
        } else if changes && metric == "cpu" {
            self.target = Some(Amount::of(CPU));
            draft.decide(
                Some(now.name),
                "target",
                CPU,
                format!(
                    "{CPU} % of the cpu that the pod requests, the default of KServe and Kubernetes; {}",
                    not_carried_over(now)
                ),
            );
        } else if changes
            || (wish.metric.is_some()
                && metric != "cpu"
                && now.pod_autoscaler.annotation_target.is_none())
        {
            let example = if metric == "memory" { "1500Mi" } else { "10" };
            return Err(target_missing(metric, example, now));
        }
        Ok(())
    }

    fn kpa_metric(&mut self, now: &Now<'_>, wish: &Wish, draft: &mut Draft) -> Result<(), Refusal> {
        let old = now.pod_autoscaler.metric.as_str();
        let counts = !self.switches && is_of_requests(old);
        let default = if counts { old } else { "concurrency" };
        let metric = wish.metric.as_deref().unwrap_or(default);
        if !is_of_requests(metric) {
            return Err(refused(
                RefusalReason::NotPossible,
                format!("Knative's own autoscaler counts requests: it has no metric {metric}"),
                format!("name concurrency or rps, or scale on {metric} with --to hpa"),
            ));
        }
        let unless_named = "what Knative's own autoscaler scales on unless another metric is named";
        let changes = self.takes(metric, (now, wish), unless_named, draft);
        let limit = now.pod_autoscaler.container_concurrency;
        if let Some(text) = &wish.target {
            self.wish_target(Amount::of_kpa(metric, text)?, changes, now);
        } else if changes && metric == "concurrency" && limit > 0 {
            self.target = Some(Amount::of(limit));
            draft.decide(
                Some(now.name),
                "target",
                limit,
                format!(
                    "containerConcurrency lets {limit} requests into a pod at a time, of which {} % are aimed for",
                    now.share
                ),
            );
        } else if changes {
            return Err(target_missing(metric, "10", now));
        }
        Ok(())
    }

    fn wish_target(&mut self, target: Amount, changes: bool, now: &Now<'_>) {
        if changes || !target.is(now.pod_autoscaler.annotation_target) {
            self.target = Some(target);
        }
    }

    fn bounds(&mut self, now: &Now<'_>, wish: &Wish, draft: &mut Draft) -> Result<(), Refusal> {
        let (min, max) = (
            i64::from(now.pod_autoscaler.bounds.min),
            i64::from(now.pod_autoscaler.bounds.max),
        );
        let to_hpa = wish.to == Destination::Hpa;
        if to_hpa && wish.min == Some(0) {
            return Err(refused(
                RefusalReason::NotPossible,
                "the HPA class never scales to zero: one pod stays".to_owned(),
                "write --min 1, or leave the scaling to Knative's own autoscaler with --to kpa"
                    .to_owned(),
            ));
        }
        // Under the HPA class one pod stays already, whatever is written.
        let held = if to_hpa && !self.switches {
            min.max(1)
        } else {
            min
        };
        self.min = wish.min.filter(|wished| *wished != held);
        self.max = wish.max.filter(|wished| *wished != max);
        let was_hpa = self.switches && now.pod_autoscaler.owner == Owner::Hpa;
        let to_zero = wish.min == Some(0) && (was_hpa || self.min == Some(0));
        if !to_hpa && to_zero && !now.zero_allowed {
            return Err(refused(
                RefusalReason::NotPossible,
                "the cluster keeps one pod: enable-scale-to-zero is false in config-autoscaler"
                    .to_owned(),
                "write --min 1, or have the cluster allow it".to_owned(),
            ));
        }
        if to_hpa && self.switches {
            self.hpa_bounds(now, wish, draft)?;
        }
        if !to_hpa && self.switches && wish.min.is_none() {
            self.keeps_min(now, min, draft);
        }
        let (min, max) = (self.min.unwrap_or(min), self.max.unwrap_or(max));
        let asked = wish.min.is_some() || wish.max.is_some() || (to_hpa && self.switches);
        if asked && max > 0 && min > max {
            return Err(refused(
                RefusalReason::NotPossible,
                format!(
                    "the lower bound {min} of the {} would be above its upper bound {max}",
                    now.name
                ),
                "write bounds that fit with --min and --max".to_owned(),
            ));
        }
        Ok(())
    }

    /// An HPA has both bounds, and keeps a pod.
    fn hpa_bounds(&mut self, now: &Now<'_>, wish: &Wish, draft: &mut Draft) -> Result<(), Refusal> {
        let bounds = now.pod_autoscaler.bounds;
        if bounds.min == 0 && wish.min.is_none() {
            self.min = Some(1);
            let why = "an HPA never scales to zero: the last pod stays now";
            draft.decide(Some(now.name), "minReplicas", 1, why);
        }
        if wish.max.is_some() {
            return Ok(());
        }
        if bounds.max == 0 {
            return Err(refused(
                RefusalReason::ValueMissing,
                format!(
                    "nothing bounds the pods of the {}, and an HPA without an upper bound may make 2147483647",
                    now.name
                ),
                "write an upper bound with --max".to_owned(),
            ));
        }
        let why = "the upper bound of now is kept";
        draft.decide(Some(now.name), "maxReplicas", bounds.max, why);
        Ok(())
    }

    /// Under the HPA class one pod stays whatever is written: it does not go because of a switch.
    fn keeps_min(&mut self, now: &Now<'_>, min: i64, draft: &mut Draft) {
        let was_hpa = now.pod_autoscaler.owner == Owner::Hpa;
        let zero = if now.zero_allowed {
            "; with --min 0 the last pod goes too while there are no requests".to_owned()
        } else {
            String::new()
        };
        if min == 0 && was_hpa {
            self.min = Some(1);
            let why = format!("the pod that the HPA class kept stays{zero}");
            draft.decide(Some(now.name), "minReplicas", 1, why);
        } else if min > 0 && now.zero_allowed {
            let why = format!("the lower bound of now is kept{zero}");
            draft.decide(Some(now.name), "minReplicas", min, why);
        }
    }

    fn window(&mut self, now: &Now<'_>, wish: &Wish) -> Result<(), Refusal> {
        let Some(window) = wish.window.as_deref().map(str::trim) else {
            return Ok(());
        };
        let seconds = go::parse_duration(window).map(go::Duration::seconds);
        if !seconds.is_ok_and(|seconds| seconds.fract() == 0.0 && (6.0..=3600.0).contains(&seconds))
        {
            return Err(refused(
                RefusalReason::NotPossible,
                format!("{window} is no window: Knative takes whole seconds from 6s to 1h"),
                "write a duration, such as --window 60s".to_owned(),
            ));
        }
        if self.switches || now.window != Some(window) {
            self.window = Some(window.to_owned());
        }
        Ok(())
    }
}

fn is_of_requests(metric: &str) -> bool {
    matches!(metric, "concurrency" | "rps")
}

fn not_carried_over(now: &Now<'_>) -> String {
    let old = now.pod_autoscaler;
    match old.annotation_target {
        Some(target) if old.owner != Owner::Nobody => {
            format!("the {target} of now count {}", unit(&old.metric, old.owner))
        }
        _ => "no target is carried over from another metric".to_owned(),
    }
}

fn unit(metric: &str, owner: Owner) -> &'static str {
    match (owner, metric) {
        (Owner::Kpa, "rps") => "requests a second",
        (Owner::Kpa, _) => "requests at the same time",
        (_, "cpu") => "percent of the cpu",
        (_, "memory") => "MiB",
        _ => "something else",
    }
}

fn target_missing(metric: &str, example: &str, now: &Now<'_>) -> Refusal {
    let what = match metric {
        "memory" => "how many MiB of memory a pod is to use",
        "rps" => "how many requests a second a pod is to take",
        "concurrency" => "how many requests a pod is to take at the same time",
        _ => "how much of it a pod is to have",
    };
    refused(
        RefusalReason::ValueMissing,
        format!(
            "{metric} needs a target for the {}: {what}; {}",
            now.name,
            not_carried_over(now)
        ),
        format!("write it with --target, such as --target {example}"),
    )
}

/// A number of pods, as an annotation says it.
pub(in crate::switch) fn annotated(number: i64) -> Value {
    Value::from(number.to_string())
}
