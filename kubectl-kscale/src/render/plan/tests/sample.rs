//! Plans as the planner makes them, by hand: what is looked at here is how they are printed.

use kscale_rules::explain::{Autoscaler, ObjectRef, Target, Unit};
use kscale_rules::facts::Facts;
use kscale_rules::switch::{
    ComponentChange, Cost, Decision, Destination, Leftover, Plan, PlanList, PlannedRequest,
    Precondition, PreconditionState, Purpose, Refusal, RefusalReason, RefusedPlan, RequestVerb,
    Risk, Roll, Rolled, Scaling, Step, patch,
};
use serde_json::{Value, json};

pub(super) fn list(items: Vec<Plan>) -> PlanList {
    kscale_rules::switch::list(items, Vec::new(), &Facts::shipped())
}

fn scaling(autoscaler: Autoscaler, metric: &str, value: i64, unit: Unit) -> Scaling {
    Scaling {
        autoscaler,
        class: None,
        metric: Some(metric.to_owned()),
        target: Some(Target {
            value: value.into(),
            unit,
            effective: None,
        }),
        min_replicas: Some(1),
        max_replicas: Some(5),
        scale_to_zero: false,
    }
}

fn object(annotations: &Value, predictor: Value) -> Value {
    let mut predictor = predictor;
    predictor["model"] =
        json!({"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/bert"});
    json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "bert", "namespace": "ml", "annotations": annotations, "resourceVersion": "17"},
        "spec": {"predictor": predictor},
        "status": {"url": "http://bert"},
    })
}

/// KPA to HPA, with nothing that speaks against it.
pub(super) fn simple() -> Plan {
    let before = object(
        &json!({"owner": "search"}),
        json!({"minReplicas": 1, "maxReplicas": 5, "scaleTarget": 10}),
    );
    let after = object(
        &json!({"owner": "search", "autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev"}),
        json!({"minReplicas": 1, "maxReplicas": 5, "scaleMetric": "cpu", "scaleTarget": 80}),
    );
    Plan {
        object: ObjectRef::of(&before),
        purpose: Purpose::Switch {
            to: Destination::Hpa,
        },
        deployment_mode: Some("Knative".to_owned()),
        changes: vec![ComponentChange {
            name: "predictor".to_owned(),
            before: scaling(Autoscaler::Kpa, "concurrency", 10, Unit::ConcurrentRequests),
            after: scaling(Autoscaler::KnativeHpa, "cpu", 80, Unit::PercentOfRequest),
        }],
        decisions: vec![Decision {
            component: Some("predictor".to_owned()),
            field: "target".to_owned(),
            value: json!(80),
            why: "no --target is given, and a target of concurrency means nothing for the cpu"
                .to_owned(),
        }],
        requests: vec![PlannedRequest {
            verb: RequestVerb::Patch,
            api_version: "serving.kserve.io/v1beta1".to_owned(),
            kind: "InferenceService".to_owned(),
            namespace: "ml".to_owned(),
            name: "bert".to_owned(),
            patch: patch(&before, &after),
            why: "all edits in one request, so that a single revision is made".to_owned(),
        }],
        rolls: vec![Roll {
            component: "predictor".to_owned(),
            what: Rolled::Revision,
            pods: Some(3),
            starts_with: Some(3),
            why: "the template of its Knative Service changes".to_owned(),
        }],
        costs: vec![Cost {
            component: "predictor".to_owned(),
            extra_pods: 3,
            requests: [("nvidia.com/gpu", "3"), ("cpu", "12")]
                .map(|(name, quantity)| (name.to_owned(), quantity.to_owned()))
                .into(),
            message: "up to 3 pods beside the 3 of now: 12 cpu and 3 nvidia.com/gpu more"
                .to_owned(),
        }],
        risks: Vec::new(),
        preconditions: vec![Precondition {
            slug: "hpa-extension".to_owned(),
            rule: Some("KS501".to_owned()),
            state: PreconditionState::Met,
            message: "Knative's HPA extension runs".to_owned(),
            help: String::new(),
        }],
        leftovers: Vec::new(),
        steps: vec![
            step("kscale", "patches the InferenceService"),
            step("KServe", "updates the Knative Service bert-predictor"),
            step(
                "Knative",
                "makes a new Revision, and moves the traffic once it is ready",
            ),
        ],
        undo: patch(&after, &before),
        findings: Vec::new(),
        blocked: Vec::new(),
        before,
        after,
    }
}

fn step(by: &str, what: &str) -> Step {
    Step {
        by: by.to_owned(),
        what: what.to_owned(),
    }
}

/// The same with everything that can speak against it.
pub(super) fn stuck() -> Plan {
    let mut plan = simple();
    let unmet = "Knative's HPA extension does not run: nothing makes an HPA";
    plan.preconditions.push(Precondition {
        slug: "hpa-extension".to_owned(),
        rule: Some("KS501".to_owned()),
        state: PreconditionState::Unmet,
        message: unmet.to_owned(),
        help: "install it: kubectl kscale install".to_owned(),
    });
    plan.preconditions.push(Precondition {
        slug: "metrics-api".to_owned(),
        rule: None,
        state: PreconditionState::Unknown,
        message: "whether the resource metrics API is served is not known".to_owned(),
        help: "kubectl kscale check tells".to_owned(),
    });
    plan.blocked = vec![unmet.to_owned()];
    plan.risks = vec![Risk {
        slug: "old-revisions".to_owned(),
        rule: Some("KS703".to_owned()),
        component: None,
        message:
            "revisions of the HPA class keep a pod for good, also when nothing is routed to them"
                .to_owned(),
        help: "--cleanup deletes them once the new one has taken over".to_owned(),
    }];
    plan.leftovers = vec![Leftover {
        kind: "HorizontalPodAutoscaler".to_owned(),
        name: "bert-predictor".to_owned(),
        stays: true,
        message: "KServe leaves it, and it goes on scaling".to_owned(),
    }];
    plan.requests.push(PlannedRequest {
        verb: RequestVerb::Delete,
        api_version: "autoscaling/v2".to_owned(),
        kind: "HorizontalPodAutoscaler".to_owned(),
        namespace: "ml".to_owned(),
        name: "bert-predictor".to_owned(),
        patch: Vec::new(),
        why: "KServe leaves it behind".to_owned(),
    });
    plan
}

/// Three that differ, and two for which there is no plan.
pub(super) fn many() -> PlanList {
    let named = |mut plan: Plan, name: &str, namespace: &str| {
        name.clone_into(&mut plan.object.name);
        namespace.clone_into(&mut plan.object.namespace);
        plan
    };
    let refused = |name: &str, reason: RefusalReason, message: &str, help: &str| {
        let mut object = simple().object;
        name.clone_into(&mut object.name);
        RefusedPlan {
            object,
            refusal: Refusal {
                reason,
                message: message.to_owned(),
                help: help.to_owned(),
            },
        }
    };
    let mut unbounded = named(simple(), "ranker", "ml");
    unbounded.risks = stuck().risks;
    unbounded.costs.clear();
    let items = vec![
        named(simple(), "bert", "ml"),
        named(stuck(), "embed", "ml"),
        unbounded,
    ];
    let refused = vec![
        refused(
            "a",
            RefusalReason::AlreadySo,
            "it is scaled by hpa as wished already",
            "",
        ),
        refused(
            "b",
            RefusalReason::AlreadySo,
            "it is scaled by hpa as wished already",
            "",
        ),
        refused(
            "c",
            RefusalReason::ValueMissing,
            "its upper bound is not known, and hpa needs one",
            "give --max",
        ),
    ];
    kscale_rules::switch::list(items, refused, &Facts::shipped())
}
