//! The chain of reasons, link by link.

use serde_json::Value;

use super::types::{InertSetting, Reason};
use crate::facts::Facts;
use crate::kserve::{Effective, Level};
use crate::manifest::child;
use crate::rules::Rule;

/// Who decided something, and where that stands.
#[derive(Clone, Debug)]
pub(super) struct Source {
    text: String,
    pointer: Option<String>,
}

impl Source {
    /// A controller's default, or anything else that stands in no file.
    pub(super) fn default(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            pointer: None,
        }
    }

    /// A field of the object.
    pub(super) fn field(pointer: impl Into<String>) -> Self {
        let pointer = pointer.into();
        Self {
            text: dotted(&pointer),
            pointer: Some(pointer),
        }
    }

    /// An annotation under `parent`, the object or component that holds `annotations`.
    pub(super) fn annotation(parent: &str, key: &str) -> Self {
        Self {
            text: format!("annotation {key}"),
            pointer: Some(child(&format!("{parent}/annotations"), key)),
        }
    }

    /// An effective annotation of a component, at whichever level it was written.
    pub(super) fn effective(effective: &Effective, component: &str, key: &str) -> Self {
        match effective.level(key) {
            Some(Level::Component) => Self::annotation(component, key),
            Some(Level::Object) => Self::annotation("/metadata", key),
            Some(Level::Runtime) => {
                Self::default(format!("annotation {key} of the ServingRuntime"))
            }
            Some(Level::Controller) | None => Self::default("KServe controller"),
        }
    }

    /// A key of config-autoscaler: the key where it is set, Knative's compiled default where it is not.
    pub(super) fn config_autoscaler(facts: &Facts, key: &str) -> Self {
        use crate::facts::ConfigAutoscaler::Data;
        let is_set =
            matches!(&facts.config_autoscaler.value, Data { data, .. } if data.contains_key(key));
        let assumed = if facts.config_autoscaler.is_known() {
            ""
        } else {
            " (assumed)"
        };
        Self::default(if is_set {
            format!("ConfigMap config-autoscaler, {key}{assumed}")
        } else {
            format!("Knative default, {key}{assumed}")
        })
    }
}

/// `/spec/predictor/scaleMetric` as people write it: `spec.predictor.scaleMetric`.
pub(crate) fn dotted(pointer: &str) -> String {
    let segments = pointer.split('/').skip(1);
    let mut text = String::with_capacity(pointer.len());
    for segment in segments {
        let is_index = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
        if is_index {
            text.push('[');
            text.push_str(segment);
            text.push(']');
        } else {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(&segment.replace("~1", "/").replace("~0", "~"));
        }
    }
    text
}

/// Reasons and inert settings as they are gathered.
#[derive(Debug, Default)]
pub(super) struct Chain {
    pub(super) because: Vec<Reason>,
    pub(super) inert: Vec<InertSetting>,
}

impl Chain {
    /// Adds a link.
    pub(super) fn link(
        &mut self,
        field: &str,
        value: impl Into<Value>,
        source: Source,
        effect: impl Into<String>,
    ) {
        self.because.push(Reason {
            field: field.to_owned(),
            value: value.into(),
            source: source.text,
            pointer: source.pointer,
            line: None,
            column: None,
            effect: effect.into(),
        });
    }

    /// Adds a setting without effect, and the rule that reports it.
    pub(super) fn inert(
        &mut self,
        rule: &'static Rule,
        pointer: impl Into<String>,
        value: &Value,
        why: impl Into<String>,
    ) {
        let pointer = pointer.into();
        if self.inert.iter().any(|known| known.pointer == pointer) {
            return;
        }
        self.inert.push(InertSetting {
            pointer,
            value: value.clone(),
            why: why.into(),
            rule: Some(rule.code.to_owned()),
            line: None,
            column: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::dotted;

    #[test]
    fn pointers_read_as_people_write_paths() {
        assert_eq!(
            dotted("/spec/predictor/scaleMetric"),
            "spec.predictor.scaleMetric"
        );
        assert_eq!(
            dotted("/spec/canary/0/predictor"),
            "spec.canary[0].predictor"
        );
        assert_eq!(
            dotted("/metadata/annotations/autoscaling.knative.dev~1class"),
            "metadata.annotations.autoscaling.knative.dev/class"
        );
    }
}
