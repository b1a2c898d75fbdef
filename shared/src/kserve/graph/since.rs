//! Since when graphs can do what.
//!
//! The table of [`Behaviour`] speaks of InferenceServices. What graphs gained in the same release is asked under the name of
//! that row here, and nowhere else, so that no version number stands outside the table.
//! Source: kserve/kserve, tags v0.11.2 to v0.20.0, `pkg/controller/v1alpha1/inferencegraph/*.go` and
//! `pkg/apis/serving/v1alpha1/inference_graph.go`.

use crate::kserve::{Behaviour, Release};

/// Whether graphs can run in Standard mode: since 0.12.
#[must_use]
pub fn standard_mode(release: Release) -> bool {
    release.has(Behaviour::ClassExternal)
}

/// Whether the scaling fields count in Knative mode: since 0.15.1. Before, only annotations did.
#[must_use]
pub fn stamps_fields(release: Release) -> bool {
    release.has(Behaviour::ConfigAutoscalerGate)
}

/// Whether the annotation `stop` counts: since 0.16, in both modes.
#[must_use]
pub fn stops(release: Release) -> bool {
    release.has(Behaviour::StopStandard)
}

/// What becomes of a graph's HPA when its class becomes `external`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftHpa {
    /// 0.12: nobody looks at it.
    Untouched,
    /// 0.13 to 0.15.0: it is deleted.
    Deleted,
    /// Since 0.15.1: only the HPAs of InferenceServices are deleted; that of a graph is updated.
    Updated,
}

/// What becomes of a graph's HPA when its class becomes `external`.
#[must_use]
pub fn left_hpa(release: Release) -> LeftHpa {
    if release.has(Behaviour::ClassNone) {
        LeftHpa::Updated
    } else if release.has(Behaviour::KnativeGate) {
        LeftHpa::Deleted
    } else {
        LeftHpa::Untouched
    }
}

/// Whether graphs have tolerations, node selector, node name and service account: since 0.15.
#[must_use]
pub fn pod_fields(release: Release) -> bool {
    release.has(Behaviour::AutoScalingField)
}

/// The first release whose `spec` has a field; none where no release has it.
#[must_use]
pub fn field(name: &str) -> Option<Release> {
    let behaviour = match name {
        "nodes" | "resources" | "affinity" => return Some(Release::OLDEST),
        "timeout" | "minReplicas" | "maxReplicas" | "scaleTarget" | "scaleMetric" => {
            Behaviour::ClassExternal
        }
        "tolerations" | "nodeSelector" | "nodeName" | "serviceAccountName" => {
            Behaviour::AutoScalingField
        }
        "routerTimeouts" => Behaviour::NewModeNames,
        _ => return None,
    };
    Some(behaviour.row().since)
}
