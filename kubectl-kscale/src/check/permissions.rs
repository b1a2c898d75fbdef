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
    let wanted = [&READ, &INSTALL, &SWITCH].into_iter();
    wanted
        .filter_map(|about| judge(about, answers, view.pre && about.id == INSTALL.id))
        .collect()
}

/// `needed` is what the caller is about to do.
fn judge(about: &About, answers: &[Answer], needed: bool) -> Option<CheckResult> {
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
        return Some(about.as_needed(
            needed,
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

#[cfg(test)]
mod tests {
    use super::super::report::{CheckResult, State};
    use super::*;
    use crate::snapshot::Snapshot;

    fn judged(
        live: bool,
        pre: bool,
        allowed: &dyn Fn(&str) -> Result<bool, String>,
    ) -> Vec<CheckResult> {
        let snapshot = Snapshot {
            live,
            ..Snapshot::default()
        };
        let asked = questions(pre, "ml");
        let answer = |one: &Question<'_>| one.answered(allowed(&one.access.words()));
        let answers: Vec<Answer> = asked.iter().map(answer).collect();
        checks(&View::new(&snapshot, pre), &answers)
    }

    #[test]
    fn who_may_everything_passes() {
        let states: Vec<State> = judged(true, false, &|_| Ok(true))
            .iter()
            .map(|one| one.state)
            .collect();
        assert_eq!(states, [State::Ok; 3]);
    }

    #[test]
    fn what_the_caller_may_not_is_named() {
        let told = judged(true, false, &|words| Ok(!words.starts_with("patch")));
        assert_eq!(told[1].state, State::Warning);
        assert_eq!(
            told[1].message,
            "the caller may not patch deployments.apps in namespace knative-serving, patch services in namespace knative-serving"
        );
        assert_eq!(
            told[2].message,
            "the caller may not patch inferenceservices.serving.kserve.io in namespace ml"
        );
    }

    #[test]
    fn before_install_its_permissions_must_be_there() {
        let told = judged(true, true, &|words| Ok(!words.starts_with("create")));
        let states: Vec<State> = told.iter().map(|one| one.state).collect();
        assert_eq!(states, [State::Ok, State::Error]);
    }

    #[test]
    fn without_an_answer_nothing_is_judged() {
        let told = judged(true, false, &|_| Err("timed out".to_owned()));
        assert!(told.iter().all(|one| one.state == State::Skipped));
        let told = judged(false, false, &|_| Ok(true));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].state, State::Skipped);
    }
}
