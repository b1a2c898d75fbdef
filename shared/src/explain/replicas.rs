//! The links for the bounds.

use super::chain::{Chain, Source};
use crate::facts::Facts;
use crate::knative::Bounds;
use crate::knative::annotations::{INITIAL_SCALE, Key, MAX_SCALE, MIN_SCALE};
use crate::kserve::Effective;
use crate::manifest::Extension;

/// What the bounds of a Knative component come from.
pub(super) struct KnativeBounds<'a> {
    pub(super) pointer: &'a str,
    pub(super) extension: Option<&'a Extension<'a>>,
    pub(super) effective: &'a Effective,
    pub(super) facts: &'a Facts,
}

impl KnativeBounds<'_> {
    /// The lower bound under the KPA.
    pub(super) fn min(&self, chain: &mut Chain, bounds: Bounds) {
        let effect = match bounds.min {
            0 => "no lower bound".to_owned(),
            1 => "at least one pod at all times".to_owned(),
            n => format!("at least {n} pods at all times"),
        };
        chain.link("minReplicas", bounds.min, self.min_source(), effect);
    }

    /// Where the lower bound comes from.
    pub(super) fn min_source(&self) -> Source {
        match self.extension {
            Some(extension) if extension.min_replicas.is_some() => {
                Source::field(format!("{}/minReplicas", self.pointer))
            }
            Some(_) => Source::default("KServe default"),
            None => self.annotation_or_config(MIN_SCALE, "min-scale"),
        }
    }

    /// The upper bound under the KPA.
    pub(super) fn max(&self, chain: &mut Chain, bounds: Bounds) {
        let effect = match bounds.max {
            0 => "no upper bound: as many pods as the load asks for".to_owned(),
            1 => "never more than one pod".to_owned(),
            n => format!("never more than {n} pods"),
        };
        let value = if bounds.max == 0 {
            serde_json::Value::Null
        } else {
            bounds.max.into()
        };
        chain.link("maxReplicas", value, self.max_source(), effect);
    }

    /// Where the upper bound comes from.
    pub(super) fn max_source(&self) -> Source {
        match self.extension {
            Some(extension) if extension.max_replicas != 0 => {
                Source::field(format!("{}/maxReplicas", self.pointer))
            }
            _ => self.annotation_or_config(MAX_SCALE, "max-scale"),
        }
    }

    /// The number of pods that a new revision starts with.
    pub(super) fn initial(&self, chain: &mut Chain, initial: i32, min: i32) {
        // One pod is what everybody expects, unless they asked for none.
        if initial == 1 && min != 0 {
            return;
        }
        let effect = match initial {
            0 => "a new revision starts without a pod".to_owned(),
            1 => "a new revision starts one pod all the same, then scales to zero".to_owned(),
            n => format!("a new revision starts with {n} pods, and is ready when they are"),
        };
        chain.link(
            "initialScale",
            initial,
            self.annotation_or_config(INITIAL_SCALE, "initial-scale"),
            effect,
        );
    }

    fn annotation_or_config(&self, key: Key, config: &str) -> Source {
        match key.get(&self.effective.annotations) {
            Some((written, _)) => Source::effective(self.effective, self.pointer, written),
            None => Source::config_autoscaler(self.facts, config),
        }
    }
}
