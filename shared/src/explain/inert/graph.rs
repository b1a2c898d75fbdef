//! What has no effect on a graph. Nothing is stripped from its annotations, its fields are few, and its webhook checks none.

use serde_json::Value;

use super::{Subject, annotations, knative, standard, unknown};
use crate::explain::chain::Chain;
use crate::knative::annotations::{MAX_SCALE, MIN_SCALE};
use crate::kserve::annotations::{KSVC_ONLY, METRICS, STOP, TARGET_UTILIZATION};
use crate::kserve::graph::since;
use crate::kserve::{ComponentResult, KnativeOutcome, StandardOutcome};
use crate::manifest::child;
use crate::rules::{self, Rule};

/// The fields that decide over scaling, for which a near miss is worth naming.
const SCALING: [&str; 4] = ["minReplicas", "maxReplicas", "scaleTarget", "scaleMetric"];

/// Looks at the fields of `spec` and at the annotations.
pub(super) fn gather(subject: &Subject<'_>, chain: &mut Chain) {
    fields(subject, chain);
    for (key, value) in subject.object.into_iter().flatten() {
        if let Some((rule, why)) = annotation(subject, key, value) {
            chain.inert(rule, child("/metadata/annotations", key), value, why);
        }
    }
    if subject.stopped {
        return;
    }
    match subject.result {
        ComponentResult::Knative(outcome) => in_knative(subject, outcome, chain),
        ComponentResult::Standard(outcome) => in_standard(subject, outcome, chain),
        ComponentResult::Nothing => {}
    }
}

/// Fields that no release knows, or only a later one.
fn fields(subject: &Subject<'_>, chain: &mut Chain) {
    let release = subject.facts.release();
    for (key, value) in subject.fields.into_iter().flatten() {
        let (rule, why) = match since::field(key) {
            None => (
                &rules::KS311,
                unknown::why(key, "the spec of a graph", &SCALING),
            ),
            Some(first) if release < first => (
                &rules::KS312,
                format!("KServe {release} does not know this field ({first} does) and drops it"),
            ),
            Some(_) => continue,
        };
        chain.inert(rule, subject.at(key), value, why);
    }
}

/// Annotations that count in neither mode, or not as written.
fn annotation(subject: &Subject<'_>, key: &str, value: &Value) -> Option<(&'static Rule, String)> {
    let release = subject.facts.release();
    let text = value.as_str().unwrap_or_default();
    match key {
        METRICS => Some((
            &rules::KS201,
            "no KServe release reads this annotation on a graph".to_owned(),
        )),
        STOP if !since::stops(release) => Some((
            &rules::KS107,
            format!("KServe {release} does not stop graphs (0.16 does)"),
        )),
        STOP if !subject.stopped && !is_bool(text) => {
            Some((&rules::KS107, "only \"true\" stops a graph".to_owned()))
        }
        _ => Some((&rules::KS201, annotations::unread(subject, key)?)),
    }
}

/// Whether a text says plainly whether to stop. A graph that fails before is not stopped by `true` either.
fn is_bool(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

fn in_knative(subject: &Subject<'_>, outcome: &KnativeOutcome, chain: &mut Chain) {
    subject.field(
        chain,
        &rules::KS402,
        "nodeName",
        "Knative's Service has no node name on its pod, so the API server drops it",
    );
    let release = subject.facts.release();
    let stamps = since::stamps_fields(release);
    if !stamps {
        for field in SCALING {
            let why = format!(
                "KServe {release} does not read it in Knative mode (0.15.1 does); until then the annotations of Knative count"
            );
            subject.field(chain, &rules::KS312, field, &why);
        }
    }
    for (key, value) in subject.object.into_iter().flatten() {
        let (rule, why) = match key.as_str() {
            key if stamps && key == MIN_SCALE.canonical => (
                &rules::KS306,
                "KServe writes it itself: minReplicas of the graph, or 1 where there is none",
            ),
            key if stamps && key == MAX_SCALE.canonical && subject.extension.max_replicas != 0 => {
                (&rules::KS108, "maxReplicas of the graph wins")
            }
            key if key == KSVC_ONLY[0] => (
                &rules::KS402,
                "KServe puts it on the template of the Knative Service, where Knative does not look for it",
            ),
            TARGET_UTILIZATION => (&rules::KS101, "only Standard mode reads it"),
            _ => continue,
        };
        chain.inert(rule, child("/metadata/annotations", key), value, why);
    }
    knative::initial_scale(subject, outcome, chain);
    knative::annotations(subject, outcome, chain);
}

fn in_standard(subject: &Subject<'_>, outcome: &StandardOutcome, chain: &mut Chain) {
    subject.field(
        chain,
        &rules::KS402,
        "timeout",
        "only a Knative Service gets it; the Deployment of Standard mode has none",
    );
    standard::annotations(subject, chain);
    if outcome.class == "keda" {
        let why = "the class keda scales on autoScaling.metrics only, which a graph does not have";
        subject.field(chain, &rules::KS216, "scaleMetric", why);
        subject.field(chain, &rules::KS216, "scaleTarget", why);
    }
    standard::by_class(subject, outcome, chain);
    if let Some(hpa) = &outcome.hpa {
        bounds(subject, hpa.kept.max_replicas.into(), chain);
    }
}

/// Bounds that no webhook refuses and the controller corrects without a word.
fn bounds(subject: &Subject<'_>, max: i64, chain: &mut Chain) {
    let written = subject.extension;
    if written.min_replicas.is_some_and(|min| min < 0) {
        subject.field(chain, &rules::KS304, "minReplicas", "less than 1 becomes 1");
    }
    if written.max_replicas != 0 && written.max_replicas < max {
        let why = format!("less than minReplicas: KServe raises it to {max}");
        subject.field(chain, &rules::KS302, "maxReplicas", &why);
    }
}
