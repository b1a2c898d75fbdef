//! What the caller may do. Only a live cluster can be asked.

use super::about::{About, checks};
use super::report::CheckResult;
use super::view::{KNATIVE, View, some_of};
use crate::cluster::Access;

checks! {
    "permissions";
    READ: "read", "the caller may read what explain, list and check look at";
    INSTALL: "install", "the caller may install the HPA extension";
    SWITCH: "switch", "the caller may switch an InferenceService to another autoscaler";
}

/// An answer to a question of the caller's permissions.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// What for.
    about: &'static About,
    /// Such as `patch deployments.apps in namespace knative-serving`.
    words: String,
    /// Whether the caller may; an error is what the API server said instead of an answer.
    allowed: Result<bool, String>,
}

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    about: &'static About,
    /// What the caller may or may not do.
    pub(crate) access: Access<'a>,
}

impl Question<'_> {
    /// With its answer.
    pub(crate) fn answered(&self, allowed: Result<bool, String>) -> Answer {
        Answer {
            about: self.about,
            words: self.access.words(),
            allowed,
        }
    }
}

/// Group and resource of what belongs to workloads.
const WORKLOADS: [(&str, &str); 11] = [
    ("serving.kserve.io", "inferenceservices"),
    ("serving.kserve.io", "inferencegraphs"),
    ("serving.knative.dev", "services"),
    ("serving.knative.dev", "configurations"),
    ("serving.knative.dev", "revisions"),
    ("serving.knative.dev", "routes"),
    ("autoscaling.internal.knative.dev", "podautoscalers"),
    ("autoscaling", "horizontalpodautoscalers"),
    ("apps", "deployments"),
    ("", "pods"),
    ("", "events"),
];

/// What is to be asked. `namespace` is where workloads are looked for, empty for everywhere.
pub(crate) fn questions(pre: bool, namespace: &str) -> Vec<Question<'_>> {
    let mut all = Vec::new();
    let mut ask = |about, verb, (group, resource), namespace| {
        all.push(Question {
            about,
            access: Access {
                verb,
                group,
                resource,
                namespace,
                name: "",
            },
        });
    };
    let of_knative = [("apps", "deployments"), ("", "configmaps"), ("", "pods")];
    for what in of_knative {
        ask(
            &READ,
            if what.1 == "configmaps" {
                "get"
            } else {
                "list"
            },
            what,
            KNATIVE,
        );
    }
    ask(
        &READ,
        "get",
        ("apiextensions.k8s.io", "customresourcedefinitions"),
        "",
    );
    ask(&READ, "get", ("apiregistration.k8s.io", "apiservices"), "");
    if !pre {
        ask(
            &READ,
            "list",
            ("serving.kserve.io", "clusterservingruntimes"),
            "",
        );
        for what in WORKLOADS {
            ask(&READ, "list", what, namespace);
        }
    }
    // Server-side apply of an object that may not be there yet is both.
    for verb in ["get", "create", "patch"] {
        for what in [("apps", "deployments"), ("", "services")] {
            ask(&INSTALL, verb, what, KNATIVE);
        }
    }
    if !pre {
        ask(
            &SWITCH,
            "get",
            ("serving.kserve.io", "inferenceservices"),
            namespace,
        );
        ask(
            &SWITCH,
            "patch",
            ("serving.kserve.io", "inferenceservices"),
            namespace,
        );
        ask(
            &SWITCH,
            "delete",
            ("serving.knative.dev", "revisions"),
            namespace,
        );
    }
    all
}

/// The checks: one line for each thing that the caller may want to do.
pub(super) fn checks(view: &View<'_>, answers: &[Answer]) -> Vec<CheckResult> {
    if !view.is_live() {
        return vec![READ.unknown("a snapshot tells nothing of the caller")];
    }
    let wanted = ALL
        .iter()
        .filter(|about| !view.pre || about.id != SWITCH.id);
    wanted.filter_map(|about| judge(about, answers)).collect()
}

fn judge(about: &About, answers: &[Answer]) -> Option<CheckResult> {
    let own: Vec<&Answer> = answers
        .iter()
        .filter(|one| one.about.id == about.id)
        .collect();
    let refused: Vec<String> = own
        .iter()
        .filter(|one| one.allowed == Ok(false))
        .map(|one| one.words.clone())
        .collect();
    if !refused.is_empty() {
        // Only what cannot be done is missing, and nothing in the cluster is broken by that.
        return Some(about.warning(
            format!("the caller may not {}", some_of(&refused)),
            "ask the administrator of the cluster for a role with these permissions",
        ));
    }
    let failed = own.iter().find_map(|one| one.allowed.as_ref().err());
    match failed {
        Some(why) => Some(about.unknown(format!("the API server did not say: {why}"))),
        None if own.is_empty() => None,
        None => Some(about.ok("")),
    }
}
