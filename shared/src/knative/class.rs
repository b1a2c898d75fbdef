//! Which autoscaler class a revision gets, and who acts on it.
//!
//! Source: knative/serving 1.23: pkg/apis/autoscaling/v1alpha1/pa_defaults.go, pkg/reconciler/revision/cruds.go, and the
//! filters in pkg/reconciler/autoscaling/{kpa,hpa}/controller.go.

use serde::Serialize;

use super::annotations::{Annotations, CLASS, HPA_CLASS, KPA_CLASS};
use super::config_autoscaler::AutoscalerConfig;

/// Who acts on a PodAutoscaler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Owner {
    /// Knative's own autoscaler, part of every installation.
    Kpa,
    /// The `autoscaler-hpa` extension, if it is installed.
    Hpa,
    /// Nobody in Knative: without a third-party controller the revision never becomes ready.
    Nobody,
}

/// Who acts on a class. Reconcilers compare the whole text, case and blanks included.
#[must_use]
pub fn owner_of(class: &str) -> Owner {
    match class {
        KPA_CLASS => Owner::Kpa,
        HPA_CLASS => Owner::Hpa,
        _ => Owner::Nobody,
    }
}

/// The class of a revision: its annotation, even an empty one, else the cluster's default.
#[must_use]
pub fn resolve<'a>(config: &'a AutoscalerConfig, annotations: &'a Annotations) -> &'a str {
    CLASS
        .value(annotations)
        .unwrap_or(&config.pod_autoscaler_class)
}

/// The metric of a class that names none.
#[must_use]
pub fn default_metric(class: &str) -> &'static str {
    match owner_of(class) {
        Owner::Kpa => "concurrency",
        Owner::Hpa => "cpu",
        Owner::Nobody => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_words_have_an_owner() {
        assert_eq!(owner_of("kpa.autoscaling.knative.dev"), Owner::Kpa);
        for class in [
            "hpa",
            "kpa",
            "",
            "hpa.autoscaling.knative.dev ",
            "HPA.autoscaling.knative.dev",
        ] {
            assert_eq!(owner_of(class), Owner::Nobody, "{class}");
        }
    }

    #[test]
    fn an_empty_annotation_is_an_annotation() {
        let annotations = Annotations::from([(CLASS.canonical.to_owned(), String::new())]);
        assert_eq!(resolve(&AutoscalerConfig::default(), &annotations), "");
        assert_eq!(
            resolve(&AutoscalerConfig::default(), &Annotations::new()),
            KPA_CLASS
        );
    }
}
