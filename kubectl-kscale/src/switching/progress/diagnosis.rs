//! Why a change does not come about, and what there is to say once it has: told by what is observed of the workload.

use kscale_rules::explain::explain;
use kscale_rules::facts::Facts;
use kscale_rules::observed::{Cause, CauseSeverity, Index, observe};
use serde_json::Value;

use super::Note;
use super::goal::{Goal, What};
use super::seen::{Seen, condition, list};
use super::stage::Standing;
use crate::facts::text;

/// Causes that no waiting mends. Others may: pods that no node takes, images that come slowly, a controller that is away.
const LASTING: [&str; 10] = [
    "hpa-extension-missing",
    "unknown-class",
    "knative-refused",
    "admission-refused",
    "hpa-refused",
    "hpa-not-owned",
    "hpa-disabled-at-zero",
    "progress-deadline-exceeded",
    "auto-update-disabled",
    "knative-missing",
];

/// Words of a refusal that say only that nobody was there to judge.
const PASSING: [&str; 4] = [
    "failed calling webhook",
    "connection refused",
    "context deadline exceeded",
    "the object has been modified",
];

/// Causes that pods, or who makes them, tell.
const OF_PODS: [&str; 5] = [
    "image-pull",
    "container-failing",
    "unschedulable",
    "quota",
    "pods-refused",
];

/// Causes that have nothing to do with whether the new autoscaler takes over.
const BESIDE: [&str; 6] = [
    "leftover-hpa-revision",
    "leftover-stuck-revision",
    "draining",
    "never-scales",
    "at-max",
    "field-pruned",
];

/// What is going on with a workload.
#[derive(Clone, Debug, Default)]
pub(super) struct Diagnosis {
    causes: Vec<Cause>,
    /// Conditions that are not as they should be, where no cause is known.
    conditions: Vec<String>,
    /// Who gets the requests meanwhile.
    serving: Vec<String>,
    unread: Vec<String>,
}

impl Diagnosis {
    /// Of what is seen of a workload, what is known around it, and the time.
    pub(super) fn of(goal: &Goal, seen: &Seen, around: &[Value], facts: &Facts, now: &str) -> Self {
        let mut diagnosis = Self {
            unread: unread(seen),
            serving: serving(goal, seen),
            ..Self::default()
        };
        let Some(object) = seen.find(&goal.kind, &goal.name) else {
            return diagnosis;
        };
        let others = around.iter().filter(|one| !belongs(goal, one));
        let index = Index::new(seen.all().chain(others)).at(now);
        if let Some(explanation) = explain(object, facts) {
            let observation = observe(object, &explanation, facts, &index);
            diagnosis.causes = observation.causes;
        }
        diagnosis.causes.retain(|one| is_of(goal, one));
        diagnosis.conditions = conditions(goal, object, seen);
        diagnosis
    }

    /// The causes, by name, that keep the change from coming about for good.
    pub(super) fn lasting(&self) -> Vec<String> {
        let lasting = self.causes.iter().filter(|one| is_lasting(one));
        lasting.map(|one| one.slug.clone()).collect()
    }

    /// Why it has not come about, most important first.
    pub(super) fn reasons(&self, goal: &Goal, standing: &Standing) -> Vec<String> {
        let matters = |one: &&Cause| {
            one.severity != CauseSeverity::Note
                && !BESIDE.contains(&one.slug.as_str())
                && !is_of_old(goal, one)
        };
        let mut causes: Vec<&Cause> = self.causes.iter().filter(matters).collect();
        // What a pod says in full, its Revision repeats.
        if causes
            .iter()
            .any(|one| OF_PODS.contains(&one.slug.as_str()))
        {
            causes.retain(|one| one.slug != "revision-failed");
        }
        // Beside what never comes, what comes slowly is of no interest.
        if causes.iter().any(|one| is_lasting(one)) {
            causes.retain(|one| one.severity == CauseSeverity::Problem);
        }
        let mut reasons: Vec<String> = Vec::new();
        for cause in &causes {
            let evidence = cause.evidence.iter();
            // What a message quotes already is not said twice.
            let evidence: Vec<&str> = evidence
                .filter(|one| !cause.message.contains(one.as_str()))
                .map(String::as_str)
                .collect();
            let message = match cause.slug.as_str() {
                // Of several components, each has pods.
                "waiting-for-pods" => format!("{}: {}", cause.object, cause.message),
                _ => cause.message.clone(),
            };
            reasons.push(match evidence.as_slice() {
                [] => message,
                all => format!("{message} ({})", all.join("; ")),
            });
            reasons.extend(Some(cause.help.clone()).filter(|help| !help.is_empty()));
        }
        if causes.is_empty() {
            reasons.extend(standing.open().map(str::to_owned));
            reasons.extend(self.conditions.iter().cloned());
        }
        if !causes
            .iter()
            .any(|one| one.message.contains(" goes on serving"))
        {
            reasons.extend(self.serving.iter().cloned());
        }
        reasons.extend(self.unread.iter().cloned());
        reasons
    }

    /// What there is to say although the change has come about.
    pub(super) fn notes(&self, standing: &Standing) -> Vec<Note> {
        let said = self.causes.iter().map(|cause| Note {
            text: if cause.help.is_empty() {
                cause.message.clone()
            } else {
                format!("{}; {}", cause.message, cause.help)
            },
            of_leftover: cause.slug == "leftover-hpa-revision",
        });
        let mut notes: Vec<Note> = said.collect();
        if self.causes.is_empty() {
            notes.extend(standing.open().map(Note::new));
        }
        notes.extend(self.unread.iter().map(Note::new));
        notes
    }
}

fn is_lasting(cause: &Cause) -> bool {
    let is_passing = |text: &String| PASSING.iter().any(|words| text.contains(words));
    let by_name = LASTING.contains(&cause.slug.as_str());
    // Knative has given up on the image, or its name can be none.
    let by_image = cause.slug == "image-pull"
        && (cause.object.starts_with("Revision/")
            || cause
                .evidence
                .iter()
                .any(|one| one.contains("InvalidImageName")));
    cause.severity == CauseSeverity::Problem
        && (by_name || by_image)
        && !cause.evidence.iter().any(is_passing)
}

/// Whether a cause is about the workload as a whole, or about a component that is waited for.
fn is_of(goal: &Goal, cause: &Cause) -> bool {
    let awaited = |name: &String| goal.awaited.iter().any(|one| one.component == *name);
    cause.component.as_ref().is_none_or(awaited)
}

/// Whether a cause is about the Revision that is to be replaced.
fn is_of_old(goal: &Goal, cause: &Cause) -> bool {
    let object = cause.object.rsplit('/').next().unwrap_or_default();
    goal.awaited.iter().any(|one| match &one.what {
        What::Knative(knative) => knative.was.as_deref().is_some_and(|was| {
            let rest = object.strip_prefix(was);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        }),
        What::Standard(_) => false,
    })
}

/// Whether an object is among those that are watched: what was read of it before is old.
fn belongs(goal: &Goal, object: &Value) -> bool {
    let namespace = text(object, "/metadata/namespace");
    let label = match goal.kind.as_str() {
        "InferenceService" => "serving.kserve.io/inferenceservice",
        _ => "serving.knative.dev/service",
    };
    let labelled = object
        .pointer("/metadata/labels")
        .and_then(|labels| labels.get(label)?.as_str())
        == Some(goal.name.as_str());
    let is_it = text(object, "/kind") == goal.kind && text(object, "/metadata/name") == goal.name;
    namespace == goal.namespace && (labelled || is_it)
}

/// `bert-predictor-00001 gets 100 % of the requests, as before`
fn serving(goal: &Goal, seen: &Seen) -> Vec<String> {
    let mut told = Vec::new();
    for awaited in &goal.awaited {
        let What::Knative(wanted) = &awaited.what else {
            continue;
        };
        let Some(service) = seen.find("Service", &wanted.service) else {
            continue;
        };
        let was = wanted.was.as_deref().unwrap_or_default();
        let to_old =
            list(service, "/status/traffic").filter(|one| text(one, "/revisionName") == was);
        let percent: i64 = to_old
            .filter_map(|one| one.get("percent").and_then(Value::as_i64))
            .sum();
        if percent > 0 {
            told.push(format!(
                "{percent} % of the requests go to {was}, as before"
            ));
        }
    }
    told
}

/// The conditions of the workload and of its newest Revisions that are not `True`, in their exact words.
fn conditions(goal: &Goal, object: &Value, seen: &Seen) -> Vec<String> {
    let mut told = Vec::new();
    let mut look = |object: &Value, kinds: &[&str]| {
        let title = format!(
            "{} {}",
            text(object, "/kind"),
            text(object, "/metadata/name")
        );
        for found in kinds.iter().filter_map(|kind| condition(object, kind)) {
            let field = |key: &str| text(found, key);
            if field("/status") != "True" {
                let mut words = format!("{title}: {}={}", field("/type"), field("/status"));
                for (between, text) in [(" ", field("/reason")), (": ", field("/message"))] {
                    if !text.is_empty() {
                        words.push_str(&format!("{between}{text}"));
                    }
                }
                told.push(words);
            }
        }
    };
    look(
        object,
        &[
            "Ready",
            "PredictorReady",
            "TransformerReady",
            "ExplainerReady",
        ],
    );
    for awaited in &goal.awaited {
        if let What::Knative(wanted) = &awaited.what
            && let Some(service) = seen.find("Service", &wanted.service)
        {
            if goal.kind != "Service" {
                look(service, &["ConfigurationsReady", "RoutesReady"]);
            }
            let newest = text(service, "/status/latestCreatedRevisionName");
            if let Some(revision) = seen.find("Revision", newest) {
                look(revision, &["Ready"]);
            }
        }
    }
    told
}

/// What nobody may read.
fn unread(seen: &Seen) -> Vec<String> {
    let each = seen.unread.iter();
    each.map(|(kind, why)| format!("{kind}s cannot be read, so what they say is not known: {why}"))
        .collect()
}
