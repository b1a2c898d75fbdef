//! Every input of the corpora in Standard mode that is admitted and does not fail, switched to every class there is.

use std::collections::BTreeMap;

use kscale_rules::explain::{Autoscaler, Explanation, Severity, explain};
use kscale_rules::facts::Facts;
use kscale_rules::kserve::Release;
use kscale_rules::manifest::ComponentKind;
use kscale_rules::switch::{
    Destination, Plan, Record, Refusal, RefusalReason, RequestVerb, Scaling, Wish, plan, restore,
};
use serde_json::Value;

use crate::wishes::{KINDS, wanted, wishes};
use crate::{cluster, corpus};

/// How often what happened.
#[derive(Default)]
struct Tally {
    planned: BTreeMap<&'static str, usize>,
    refused: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

#[test]
fn whatever_is_switched_comes_out_as_wished_and_goes_back() {
    let mut tally = Tally::default();
    for (name, line) in corpus::some("isvc") {
        let facts = cluster::facts(&line);
        let object = &line["input"];
        let Some(explanation) = explain(object, &facts).filter(is_sound) else {
            continue;
        };
        for wish in wishes(&explanation) {
            let case = Case {
                name: &name,
                object,
                facts: &facts,
                explanation: &explanation,
                wish: &wish,
            };
            case.check(&mut tally);
        }
    }
    println!("planned {:?}\nrefused {:#?}", tally.planned, tally.refused);
    let shown: Vec<&str> = tally.wrong.iter().take(30).map(String::as_str).collect();
    assert!(
        tally.wrong.is_empty(),
        "{} are wrong:\n{}",
        tally.wrong.len(),
        shown.join("\n")
    );
    for to in ["hpa", "keda", "none", "external"] {
        let planned = tally.planned.get(to).copied().unwrap_or_default();
        assert!(planned > 30, "only {planned} plans to {to}");
    }
}

/// Standard mode, admitted, and made without a failure.
fn is_sound(explanation: &Explanation) -> bool {
    let admission = &explanation.admission;
    let refusals = [
        &admission.kserve,
        &admission.knative,
        &admission.kubernetes,
        &admission.keda,
    ];
    let standard = matches!(
        explanation.deployment_mode.as_deref(),
        Some("Standard" | "RawDeployment")
    );
    let fails = |name: &&kscale_rules::explain::ComponentExplanation| {
        name.failure.is_some()
            || name
                .class
                .as_deref()
                .is_none_or(|class| class.contains('.'))
                && name.autoscaler != Autoscaler::Stopped
    };
    standard
        && refusals.iter().all(|text| text.is_none())
        && !explanation.components.iter().any(|one| fails(&one))
}

struct Case<'a> {
    name: &'a str,
    object: &'a Value,
    facts: &'a Facts,
    explanation: &'a Explanation,
    wish: &'a Wish,
}

impl Case<'_> {
    fn check(&self, tally: &mut Tally) {
        match plan(self.object, self.explanation, self.facts, self.wish) {
            Ok(plan) => {
                if !plan.blocked.is_empty() {
                    *tally
                        .refused
                        .entry(format!("blocked: {}", self.blocked(&plan)))
                        .or_default() += 1;
                    if let Some(wrong) = self.unfounded(&plan) {
                        self.complain(tally, &wrong);
                    }
                } else {
                    *tally.planned.entry(self.wish.to.as_str()).or_default() += 1;
                    self.outcome(&plan, tally);
                }
                self.there_and_back(&plan, tally);
            }
            Err(refusal) => {
                let key = format!("{:?}", refusal.reason);
                *tally.refused.entry(key).or_default() += 1;
                if let Some(wrong) = self.baseless(&refusal) {
                    self.complain(tally, &wrong);
                }
            }
        }
    }

    fn complain(&self, tally: &mut Tally, wrong: &str) {
        let components: Vec<&str> = self
            .wish
            .components
            .iter()
            .map(|one| one.as_str())
            .collect();
        tally.wrong.push(format!(
            "{} --to {} {} {components:?}: {wrong}",
            self.name,
            self.wish.to.as_str(),
            self.wish.metric.as_deref().unwrap_or_default(),
        ));
    }

    fn blocked(&self, plan: &Plan) -> String {
        plan.blocked.join("; ").chars().take(60).collect()
    }

    /// Why a plan is blocked though nothing in the object speaks against it.
    fn unfounded(&self, plan: &Plan) -> Option<String> {
        let founded = plan.blocked.iter().all(|text| {
            let of_query = text.starts_with("KS222") && self.has_query_of_functions();
            let of_canary = text.contains("must not exceed stable") && self.has("/spec/canary");
            // The webhook then asks for the metrics of Knative's HPA class, whatever the mode.
            let of_class = text.contains("invalid HPA metric source type")
                && self.has("/metadata/annotations/autoscaling.knative.dev~1class");
            of_query || of_canary || of_class
        });
        (!founded).then(|| format!("blocked: {:?}", plan.blocked))
    }

    /// Whether a PodMetric asks for more than a metric's name.
    fn has_query_of_functions(&self) -> bool {
        let text = self.object["spec"].to_string();
        text.contains("podmetric") && text.contains('(')
    }

    fn is_standard_by_annotation(&self) -> bool {
        let mode = "/metadata/annotations/serving.kserve.io~1deploymentMode";
        self.object.pointer(mode).and_then(Value::as_str) == Some("RawDeployment")
    }

    fn has(&self, pointer: &str) -> bool {
        let found = self.object.pointer(pointer);
        found.is_some_and(|found| {
            !found.is_null() && found.as_array().is_none_or(|list| !list.is_empty())
        })
    }

    fn wishes(&self, kind: ComponentKind) -> bool {
        self.wish.components.is_empty() || self.wish.components.contains(&kind)
    }

    /// Why something is refused though nothing in the object or the release speaks against it.
    fn baseless(&self, refusal: &Refusal) -> Option<String> {
        let release = self.facts.release();
        let (to, wish) = (self.wish.to, self.wish);
        let since = |minor, patch| release < Release::new(0, minor, patch);
        let least = |kind: ComponentKind| {
            let min = self
                .object
                .pointer(&format!("{}/minReplicas", kind.pointer()));
            min.and_then(Value::as_i64).unwrap_or_default()
        };
        let reasons = [
            to == Destination::Keda && since(15, 0),
            to == Destination::None && since(15, 1),
            to == Destination::External && since(12, 0),
            wish.target.as_deref() == Some("2Gi") && since(15, 0),
            wish.metric.as_deref() == Some("memory")
                && since(15, 0)
                && !self.is_standard_by_annotation(),
            self.has("/spec/predictor/workerSpec")
                && self.wishes(ComponentKind::Predictor)
                && to != Destination::None,
            self.has("/spec/canary") && to == Destination::Keda,
            KINDS
                .into_iter()
                .any(|kind| wish.max.is_some_and(|max| least(kind) > max)),
            self.has("/metadata/annotations/serving.kserve.io~1disable-auto-update"),
        ];
        let is_founded = match refusal.reason {
            RefusalReason::AlreadySo => self.is_so(),
            RefusalReason::NotPossible => reasons.contains(&true),
            _ => false,
        };
        (!is_founded).then(|| format!("{:?}: {}", refusal.reason, refusal.message))
    }

    /// Whether every component that is wished is as wished.
    fn is_so(&self) -> bool {
        let object = started(self.object);
        let explanation = explain(&object, self.facts).expect("it is explained");
        let mut wished = explanation.components.iter().filter(|one| {
            self.wish.components.is_empty() && !one.name.starts_with("canary ")
                || self
                    .wish
                    .components
                    .iter()
                    .any(|kind| kind.as_str() == one.name)
        });
        wished.all(|one| {
            let max = self
                .wish
                .max
                .is_none_or(|max| one.max_replicas == Some(max));
            let metric = self.wish.metric.is_none() || one.metric == self.wish.metric;
            let min = self
                .wish
                .min
                .is_none_or(|min| one.min_replicas == Some(min));
            one.autoscaler == wanted(self.wish.to) && max && metric && min
        })
    }

    /// What is predicted of the object afterwards.
    fn outcome(&self, plan: &Plan, tally: &mut Tally) {
        let after = explain(&started(&plan.after), self.facts).expect("it stays what it was");
        let before = explain(&started(self.object), self.facts).expect("it is explained");
        for component in &after.components {
            let old = before
                .components
                .iter()
                .find(|one| one.name == component.name);
            let is_wished = self.wish.components.is_empty()
                || self
                    .wish
                    .components
                    .iter()
                    .any(|one| one.as_str() == component.name);
            let is_canary = component.name.starts_with("canary ");
            if is_wished && !is_canary {
                if component.autoscaler != wanted(self.wish.to) {
                    self.complain(
                        tally,
                        &format!("{} is {:?}", component.name, component.autoscaler),
                    );
                }
            } else if !is_canary && old.map(Scaling::of) != Some(Scaling::of(component)) {
                self.complain(tally, &format!("{} changes, too", component.name));
            }
        }
        let admission = &after.admission;
        let refusals = [&admission.kserve, &admission.kubernetes, &admission.keda];
        for text in refusals.into_iter().flatten() {
            self.complain(tally, &format!("it is refused: {text}"));
        }
        let is_old = |code: &str| before.findings.iter().any(|one| one.code == code);
        for finding in &after.findings {
            if finding.severity == Severity::Error && !is_old(&finding.code) {
                self.complain(tally, &format!("{}: {}", finding.code, finding.message));
            }
        }
    }

    /// Its patch makes what it says, its way back leads back, and done twice is done once.
    fn there_and_back(&self, plan: &Plan, tally: &mut Tally) {
        let applied = |object: &Value, patch: &[Value]| {
            let patch: json_patch::Patch =
                serde_json::from_value(Value::Array(patch.to_vec())).expect("a JSON Patch");
            let mut object = object.clone();
            json_patch::patch(&mut object, &patch).expect("it applies");
            object
        };
        let first = plan.requests.first().expect("a plan asks for something");
        assert_eq!(first.verb, RequestVerb::Patch, "{}", self.name);
        if applied(self.object, &first.patch) != plan.after {
            self.complain(tally, "its patch does not make what it says");
        }
        if applied(&plan.after, &plan.undo) != *self.object {
            self.complain(tally, "its way back does not lead back");
        }
        let record = Record::of(plan, "2026-11-25T00:00:00Z");
        let explanation = explain(&plan.after, self.facts).expect("it stays what it was");
        let facts = self.facts;
        let written = serde_json::to_value(&record).expect("it is written");
        match Record::read(&written) {
            Ok(read) if read == record => {}
            other => self.complain(tally, &format!("its record is not read: {other:?}")),
        }
        match restore(
            &plan.after,
            &explanation,
            facts,
            (1, &record),
            &Wish::default(),
        ) {
            Ok(back) if back.after == *self.object => {}
            Ok(_) => self.complain(tally, "undo does not restore it"),
            Err(refusal) => self.complain(tally, &format!("no undo: {}", refusal.message)),
        }
        if !plan.blocked.is_empty() {
            return;
        }
        match kscale_rules::switch::plan(&plan.after, &explanation, facts, self.wish) {
            Err(refusal) if refusal.reason == RefusalReason::AlreadySo => {}
            Err(refusal) => self.complain(tally, &format!("again: {}", refusal.message)),
            Ok(again) => self.complain(tally, &format!("again: {:?}", again.requests)),
        }
    }
}

fn started(object: &Value) -> Value {
    let mut object = object.clone();
    for pointer in [
        "/metadata/annotations",
        "/spec/predictor/annotations",
        "/spec/transformer/annotations",
        "/spec/explainer/annotations",
    ] {
        if let Some(annotations) = object.pointer_mut(pointer).and_then(Value::as_object_mut) {
            annotations.remove("serving.kserve.io/stop");
        }
    }
    object
}
