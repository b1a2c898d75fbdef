//! Changes one after the other, as the controllers took them: what a plan says of each must be what was recorded, and where they
//! got stuck, its deletions must free them.

use kscale_rules::explain::explain;
use kscale_rules::facts::{Facts, Scaler, ScalerKind};
use kscale_rules::kserve::graph::Verb;
use kscale_rules::kserve::sequence::{Owner, WorkloadObjects, reconcile};
use kscale_rules::manifest::ComponentKind;
use kscale_rules::observed::Observation;
use kscale_rules::switch::{
    Destination, Plan, Purpose, RefusalReason, RequestVerb, Rolled, between,
};
use serde_json::Value;

use crate::{cluster, corpus};

const KIND: ComponentKind = ComponentKind::Predictor;

/// What the test met, so that it cannot pass by meeting nothing.
#[derive(Debug, Default)]
struct Met {
    steps: usize,
    rolls: usize,
    freed: usize,
    goes: usize,
    blocked: usize,
}

#[test]
fn plans_say_what_was_recorded_and_free_what_got_stuck() {
    let mut met = Met::default();
    for (name, line) in corpus::lines("isvc_sequence") {
        let facts = cluster::facts(&line);
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let steps = list(&line["input"]["steps"]);
        let recorded = list(&line["expect"]["steps"]);
        let mut objects = WorkloadObjects::default();
        for object in list(&line["input"]["existing"]) {
            assert!(objects.add(&object, namespace(&steps[0])), "{name}");
        }
        for (index, step) in steps.iter().enumerate() {
            let before = objects.clone();
            let reconciled = reconcile(step, &facts, KIND, &before).expect("it is admitted");
            objects = reconciled.after;
            let Some(previous) = index.checked_sub(1).map(|index| &steps[index]) else {
                continue;
            };
            let change = Change {
                name: format!("{name}, step {index}"),
                previous,
                step,
                recorded: &recorded[index],
                facts: &facts,
                before: &before,
                after: &objects,
            };
            change.check(&mut met);
        }
    }
    println!("{met:?}");
    let enough = met.steps > 10 && met.rolls > 4 && met.freed > 1 && met.goes > 1;
    assert!(
        enough && met.blocked > 1,
        "hardly anything was met: {met:?}"
    );
}

fn namespace(object: &Value) -> &str {
    object["metadata"]["namespace"].as_str().unwrap_or_default()
}

/// One change of one service.
struct Change<'a> {
    name: String,
    previous: &'a Value,
    step: &'a Value,
    recorded: &'a Value,
    facts: &'a Facts,
    before: &'a WorkloadObjects,
    after: &'a WorkloadObjects,
}

impl Change<'_> {
    fn check(&self, met: &mut Met) {
        let Some(plan) = self.plan() else {
            assert_eq!(
                self.others(),
                Vec::<(String, String)>::new(),
                "{}",
                self.name
            );
            return;
        };
        met.steps += 1;
        self.rolls(&plan, met);
        self.leftovers(&plan, met);
        self.freed(&plan, met);
    }

    /// The plan; none where nothing is to be done.
    fn plan(&self) -> Option<Plan> {
        let mut facts = self.facts.clone();
        facts.scalers = scalers(self.before, namespace(self.step));
        let mut explanation = explain(self.previous, &facts).expect("it is a service");
        explanation.observed = Some(Observation::default());
        let purpose = Purpose::Switch { to: self.class() };
        match between(self.previous, &explanation, &facts, self.step, &purpose) {
            Ok(plan) => Some(plan),
            Err(refusal) => {
                assert_eq!(
                    refusal.reason,
                    RefusalReason::AlreadySo,
                    "{}: {refusal:?}",
                    self.name
                );
                None
            }
        }
    }

    fn class(&self) -> Destination {
        let at = "/metadata/annotations/serving.kserve.io~1autoscalerClass";
        match self.step.pointer(at).and_then(Value::as_str) {
            None | Some("hpa") => Destination::Hpa,
            Some("keda") => Destination::Keda,
            Some("none") => Destination::None,
            Some("external") => Destination::External,
            Some(other) => panic!("{}: the class {other}", self.name),
        }
    }

    fn rolls(&self, plan: &Plan, met: &mut Met) {
        let roll = plan.rolls.iter().find(|roll| roll.component == "predictor");
        let rolled = roll.is_some_and(|roll| roll.what == Rolled::Pods);
        assert_eq!(
            Some(rolled),
            self.recorded["pod_template_changed"].as_bool(),
            "{}: {roll:?}",
            self.name
        );
        met.rolls += usize::from(rolled);
    }

    /// The autoscalers of KServe's that were recorded to be there and are none of the class.
    fn others(&self) -> Vec<(String, String)> {
        let of_class = match self.class() {
            Destination::Keda => "ScaledObject",
            Destination::Hpa => "HorizontalPodAutoscaler",
            _ => "",
        };
        let recorded = self.recorded["objects_after"].as_array();
        let text = |object: &Value, key: &str| object[key].as_str().unwrap_or_default().to_owned();
        recorded
            .into_iter()
            .flatten()
            .filter(|object| object["owned_by_isvc"] == true && object["kind"] != of_class)
            .map(|object| (text(object, "kind"), text(object, "name")))
            .collect()
    }

    fn leftovers(&self, plan: &Plan, met: &mut Met) {
        let told = |stays: bool| -> Vec<(String, String)> {
            let told = plan.leftovers.iter().filter(|one| one.stays == stays);
            told.map(|one| (one.kind.clone(), one.name.clone()))
                .collect()
        };
        // An HPA of somebody else's that KServe has just written over is not the plan's to delete: it refuses before.
        let is_foreign = plan
            .blocked
            .iter()
            .any(|text| text.contains("takes the HPA"));
        if !is_foreign {
            assert_eq!(told(true), self.others(), "{}", self.name);
        }
        let recorded = self.recorded["objects_after"].to_string();
        for (kind, name) in told(false) {
            let is_there = recorded.contains(&format!("\"kind\":\"{kind}\""))
                && recorded.contains(&format!("\"name\":\"{name}\""));
            assert!(!is_there, "{}: {kind} {name} is still there", self.name);
            met.goes += 1;
        }
        let deleted: Vec<(String, String)> = plan
            .requests
            .iter()
            .filter(|one| one.verb == RequestVerb::Delete)
            .map(|one| (one.kind.clone(), one.name.clone()))
            .collect();
        assert_eq!(deleted, told(true), "{}", self.name);
    }

    /// Where the controllers got stuck, the plan deletes what is in the way, or says that something is.
    fn freed(&self, plan: &Plan, met: &mut Met) {
        let stuck = !self.recorded["reconcile_error"].is_null();
        let mut objects = self.after.clone();
        for request in plan
            .requests
            .iter()
            .filter(|one| one.verb == RequestVerb::Delete)
        {
            match request.kind.as_str() {
                "HorizontalPodAutoscaler" => objects.hpas.remove(&request.name).is_some(),
                _ => objects.scaled_objects.remove(&request.name).is_some(),
            };
        }
        let again = reconcile(self.step, self.facts, KIND, &objects).expect("it is admitted");
        if !plan.blocked.is_empty() {
            met.blocked += 1;
            return;
        }
        assert!(
            again.failure.is_none(),
            "{}: {:?}",
            self.name,
            again.failure
        );
        let refused = again.writes.iter().find(|write| write.refused);
        assert!(refused.is_none(), "{}: {refused:?}", self.name);
        if stuck {
            let made = again
                .writes
                .iter()
                .any(|write| write.operation.verb == Verb::Create);
            assert!(made, "{}: nothing is made after it was freed", self.name);
            met.freed += 1;
        }
    }
}

fn scalers(objects: &WorkloadObjects, namespace: &str) -> Vec<Scaler> {
    let scaler = |kind, name: &str, deployment: &str, owners: &[Owner]| Scaler {
        kind,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        deployment: deployment.to_owned(),
        of_kserve: owners.iter().any(Owner::is_inference_service),
    };
    let hpas = objects.hpas.iter().map(|(name, hpa)| {
        let deployment = hpa.spec.scale_target_ref.name.as_str();
        scaler(ScalerKind::Hpa, name, deployment, &hpa.owners)
    });
    let scaled = objects.scaled_objects.iter().map(|(name, object)| {
        let deployment = object.spec["scaleTargetRef"]["name"].as_str();
        let deployment = deployment.unwrap_or_default();
        scaler(ScalerKind::ScaledObject, name, deployment, &object.owners)
    });
    hpas.chain(scaled).collect()
}
