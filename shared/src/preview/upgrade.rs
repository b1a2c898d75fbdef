//! What concerns an upgrade as a whole, whatever runs in the cluster.

use std::fmt;

use super::types::{Note, Step, Upgrade};
use crate::facts::Facts;
use crate::knative::KnativeVersion;

/// A version of Kubernetes, as far as APIs and requirements go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kubernetes {
    /// Major version.
    pub major: u16,
    /// Minor version.
    pub minor: u16,
}

impl Kubernetes {
    /// Reads `1.36`, `v1.36.2`, with or without a suffix such as `-gke.1` or `+k3s1`; also the `36+` of managed clusters.
    ///
    /// # Errors
    /// It is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bare = text.trim();
        let bare = bare.strip_prefix('v').unwrap_or(bare);
        let core = bare.split(['-', '+']).next().unwrap_or(bare);
        let parts: Vec<Option<u16>> = core.split('.').map(|part| part.parse().ok()).collect();
        match parts.as_slice() {
            [Some(major), Some(minor)] | [Some(major), Some(minor), Some(_)] => Ok(Self {
                major: *major,
                minor: *minor,
            }),
            _ => Err(format!(
                "\"{text}\" is not a Kubernetes version; write it like 1.36"
            )),
        }
    }
}

impl fmt::Display for Kubernetes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The Kubernetes that runs, where it is known, and the one that is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KubernetesStep {
    /// The version that runs.
    pub from: Option<Kubernetes>,
    /// The version that is asked for.
    pub to: Option<Kubernetes>,
}

/// The steps, in the order of KServe, Knative, Kubernetes.
pub(super) fn steps(before: &Facts, after: &Facts, to: &KubernetesStep) -> Upgrade {
    Upgrade {
        kserve: Step {
            from: Some(before.kserve.value.to_string()),
            to: after.kserve.value.to_string(),
            known: before.kserve.is_known(),
        },
        knative: Step {
            from: Some(before.knative.value.to_string()),
            to: after.knative.value.to_string(),
            known: before.knative.is_known(),
        },
        kubernetes: to.to.map(|version| Step {
            from: to.from.map(|from| from.to_string()),
            to: version.to_string(),
            known: to.from.is_some(),
        }),
    }
}

/// What can be said of the upgrade. What Knative does counts only where it is installed.
pub(super) fn notes(before: &Facts, after: &Facts, to: &KubernetesStep) -> Vec<Note> {
    let mut notes = Vec::new();
    let (from, next) = (before.knative.value, after.knative.value);
    if after.knative_installed.value {
        minors(from, next, before.knative_operated, &mut notes);
        // The same Kubernetes with another Knative, and the same Knative with another Kubernetes, both may not fit.
        if let Some(version) = to.to.or(to.from) {
            kubernetes(version, next, &mut notes);
        }
        if from != next && before.knative.is_known() {
            queue_proxy(&mut notes);
        }
        if let Err(text) = &after.knative_configs
            && before.knative_configs.is_ok()
        {
            notes.push(Note {
                cause: "config-map-refused".to_owned(),
                breaks: true,
                message: format!(
                    "Knative {next} cannot read its ConfigMaps, and its components end: {text}"
                ),
                help: "change the value that the text complains of".to_owned(),
            });
        }
    }
    if before.release() > after.release() || from > next {
        notes.push(Note {
            cause: "downgrade".to_owned(),
            breaks: false,
            message: "this is a downgrade: fields that only the newer release has are lost with the next write"
                .to_owned(),
            help: String::new(),
        });
    }
    if to.from > to.to && to.to.is_some() {
        notes.push(Note {
            cause: "kubernetes-downgrade".to_owned(),
            breaks: false,
            message: "an older Kubernetes than the one that runs is asked for".to_owned(),
            help: String::new(),
        });
    }
    notes
}

/// Knative is upgraded one minor release at a time: its documentation says so, and its operator refuses anything else
/// (knative/operator 1.23, `pkg/reconciler/common/releases.go`).
fn minors(from: KnativeVersion, to: KnativeVersion, operated: bool, notes: &mut Vec<Note>) {
    if from.major != to.major || from.minor.abs_diff(to.minor) < 2 {
        return;
    }
    let between: Vec<String> = if from.minor < to.minor {
        (from.minor + 1..to.minor)
            .map(|minor| format!("1.{minor}"))
            .collect()
    } else {
        (to.minor + 1..from.minor)
            .rev()
            .map(|minor| format!("1.{minor}"))
            .collect()
    };
    let message = if operated {
        "Knative's operator, which is here, refuses to go over several minor releases at once"
    } else {
        "Knative is upgraded one minor release at a time; its operator refuses anything else"
    };
    notes.push(Note {
        cause: "knative-minors".to_owned(),
        breaks: operated,
        message: message.to_owned(),
        help: format!("go by {}", between.join(", ")),
    });
}

/// What Knative needs of Kubernetes, and what Kubernetes no longer serves of what Knative makes.
fn kubernetes(version: Kubernetes, knative: KnativeVersion, notes: &mut Vec<Note>) {
    let mut note = |cause: &str, message: String, help: String| {
        notes.push(Note {
            cause: cause.to_owned(),
            breaks: true,
            message,
            help,
        });
    };
    if let Some((major, minor)) = knative.minimum_kubernetes()
        && version < (Kubernetes { major, minor })
    {
        note(
            "kubernetes-too-old",
            format!(
                "Knative {knative} needs Kubernetes {major}.{minor}: on {version} its components end as they start"
            ),
            format!("upgrade Kubernetes to {major}.{minor} first"),
        );
    }
    let removed = |minor: u16| version >= (Kubernetes { major: 1, minor });
    let api = knative.hpa_api_version();
    let gone = match api {
        "autoscaling/v2beta1" => removed(25),
        "autoscaling/v2beta2" => removed(26),
        _ => false,
    };
    if gone {
        note(
            "hpa-api-removed",
            format!(
                "Knative {knative} makes and watches HPAs of {api}, which Kubernetes {version} does not serve: its HPA class no \
                 longer works"
            ),
            "upgrade Knative to 1.8 or later first".to_owned(),
        );
    }
    for (until, api, minor, what) in MANIFESTS {
        // What the extension makes is told already.
        if knative < until && removed(minor) && !(gone && api == "autoscaling/v2beta2") {
            note(
                "manifest-api-removed",
                format!(
                    "the manifests of Knative {knative} hold {what} of {api}, which Kubernetes {version} does not serve: they can \
                     no longer be applied"
                ),
                format!("upgrade Knative to {until} or later first"),
            );
        }
    }
}

/// What serving-core.yaml holds of APIs that are gone: the first release without, the API, the Kubernetes 1.x that no longer
/// serves it, and what it is. Read from config/core/deployments at the tags knative-v1.0.0 to knative-v1.9.0.
const MANIFESTS: [(KnativeVersion, &str, u16, &str); 2] = [
    (
        KnativeVersion::new(1, 2, 0),
        "policy/v1beta1",
        25,
        "PodDisruptionBudgets",
    ),
    (
        KnativeVersion::new(1, 8, 3),
        "autoscaling/v2beta2",
        26,
        "HPAs",
    ),
];

/// The image of queue-proxy stands in config-deployment, comes with each release, and is part of what each revision's
/// Deployment is compared with (knative/serving 1.0–1.23, `pkg/reconciler/revision/cruds.go` and `resources/queue.go`).
fn queue_proxy(notes: &mut Vec<Note>) {
    notes.push(Note {
        cause: "queue-proxy".to_owned(),
        breaks: false,
        message: "each release of Knative brings its own queue-proxy: the pods of every revision are replaced, without a new \
                  revision"
            .to_owned(),
        help: "upgrade when there is room for a second set of pods".to_owned(),
    });
}

#[cfg(test)]
mod tests;
