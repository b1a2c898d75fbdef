//! Back to what was, where others have been at work since.

use serde_json::{Value, json};

use super::service;
use crate::explain::{API_VERSION, explain};
use crate::facts::Facts;
use crate::switch::{Plan, Record, RecordState, Refusal, Wish, go_back, replaced, standings};

/// A record of a change from one state to another.
pub(super) fn record(before: &Value, after: &Value) -> Record {
    let data = json!({
        "apiVersion": API_VERSION,
        "kind": "SwitchRecord",
        "verb": "switch --to hpa",
        "at": "2026-11-25T00:00:00Z",
        "before": {},
        "after": {},
        "replaced": replaced(before, after),
    });
    Record::read(&data).unwrap()
}

/// The service under the HPA class.
fn on_cpu(target: i64, max: i64) -> Value {
    let mut object = service();
    object["metadata"]["annotations"] =
        json!({"autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev"});
    let predictor = &mut object["spec"]["predictor"];
    predictor["scaleMetric"] = json!("cpu");
    predictor["scaleTarget"] = json!(target);
    predictor["maxReplicas"] = json!(max);
    object
}

fn back(object: &Value, records: &[&Record]) -> Result<Plan, Refusal> {
    let facts = Facts::shipped();
    let explanation = explain(object, &facts).unwrap();
    go_back(object, &explanation, &facts, (1, records), &Wish::default())
}

fn told(plan: &Plan) -> Vec<String> {
    let told = plan.risks.iter();
    told.filter(|risk| risk.slug.starts_with("changed-since"))
        .map(|risk| format!("{}: {}", risk.slug, risk.message))
        .collect()
}

fn states(object: &Value, records: &[(i64, &Record)]) -> Vec<String> {
    let all = standings(object, records);
    all.iter()
        .map(super::super::history::Standing::words)
        .collect()
}

#[test]
fn a_bound_that_somebody_has_changed_stays_and_is_named() {
    let record = record(&service(), &on_cpu(80, 8));
    let plan = back(&on_cpu(80, 20), &[&record]).unwrap();
    let mut expected = service();
    expected["spec"]["predictor"]["maxReplicas"] = json!(20);
    assert_eq!(plan.after, expected);
    assert_eq!(
        told(&plan),
        [
            "changed-since-left: spec.predictor.maxReplicas was set to 20 by somebody since, and stays so"
        ]
    );
    let of_change = |risk: &&super::super::Risk| risk.slug.starts_with("changed-since");
    let risk = plan.risks.iter().find(of_change).unwrap();
    assert_eq!(risk.component.as_deref(), Some("predictor"));
}

#[test]
fn a_target_goes_back_with_its_metric_whoever_changed_it() {
    let record = record(&service(), &on_cpu(80, 5));
    let plan = back(&on_cpu(60, 5), &[&record]).unwrap();
    assert_eq!(plan.after, service());
    assert_eq!(
        told(&plan),
        [
            "changed-since-overwritten: spec.predictor.scaleTarget was set to 60 by somebody since, and goes back to 10 all the same"
        ]
    );
}

#[test]
fn bounds_that_would_be_refused_go_back_too() {
    let mut before = service();
    before["spec"]["predictor"]["maxReplicas"] = json!(3);
    before["spec"]["predictor"]["minReplicas"] = json!(2);
    let mut after = on_cpu(80, 8);
    after["spec"]["predictor"]["minReplicas"] = json!(4);
    let mut now = after.clone();
    now["spec"]["predictor"]["minReplicas"] = json!(6);
    let record = record(&before, &after);
    let plan = back(&now, &[&record]).unwrap();
    assert_eq!((&plan.after, &plan.blocked), (&before, &Vec::new()));
    let slugs = |slug: &str| plan.risks.iter().any(|risk| risk.slug == slug);
    assert!(slugs("changed-since-overwritten"), "{:?}", plan.risks);
}

#[test]
fn what_somebody_set_back_by_hand_is_no_change() {
    let record = record(&service(), &on_cpu(80, 8));
    let plan = back(&on_cpu(80, 5), &[&record]).unwrap();
    assert_eq!((told(&plan), plan.after), (Vec::new(), service()));
}

#[test]
fn where_nothing_is_left_nothing_is_done() {
    let record = record(&on_cpu(80, 8), &on_cpu(70, 8));
    let refusal = back(&on_cpu(60, 8), &[&record]).unwrap_err();
    assert_eq!(
        refusal.message,
        "nothing is left of revision 1: somebody has changed spec.predictor.scaleTarget since"
    );
    let refusal = back(&on_cpu(80, 8), &[&record]).unwrap_err();
    assert_eq!(refusal.message, "it is as it was before revision 1 already");
}

#[test]
fn several_are_taken_back_newest_first_and_those_without_effect_are_passed_over() {
    let first = record(&service(), &on_cpu(80, 8));
    let second = record(&on_cpu(80, 8), &on_cpu(70, 9));
    let never = record(&on_cpu(70, 9), &service());
    let now = on_cpu(70, 9);
    let plan = back(&now, &[&never, &second, &first]).unwrap();
    assert_eq!((told(&plan), plan.after), (Vec::new(), service()));
    assert_eq!(
        states(&now, &[(3, &never), (2, &second), (1, &first)]),
        ["not in effect", "in effect", "replaced by 2"]
    );
}

#[test]
fn what_an_older_one_takes_back_is_not_told_as_left() {
    let first = record(&service(), &on_cpu(80, 8));
    let second = record(&on_cpu(80, 8), &on_cpu(70, 8));
    let plan = back(&on_cpu(60, 8), &[&second, &first]).unwrap();
    assert_eq!(plan.after, service());
    assert_eq!(
        told(&plan),
        [
            "changed-since-overwritten: spec.predictor.scaleTarget was set to 60 by somebody since, and goes back to 10 all the same"
        ]
    );
}

#[test]
fn an_undo_takes_back_and_is_taken_back() {
    let first = record(&service(), &on_cpu(80, 8));
    let mut undo = record(&on_cpu(80, 8), &service());
    undo.undoes = Some(1);
    let mut redo = record(&service(), &on_cpu(80, 8));
    redo.undoes = Some(2);
    assert_eq!(
        states(&service(), &[(2, &undo), (1, &first)]),
        ["in effect", "taken back by 2"]
    );
    let now = on_cpu(80, 8);
    assert_eq!(
        states(&now, &[(3, &redo), (2, &undo), (1, &first)]),
        ["in effect", "taken back by 3", "taken back by 2"]
    );
    let plan = back(&now, &[&redo]).unwrap();
    assert_eq!(plan.after, service());
}

#[test]
fn changes_of_different_settings_are_in_effect_beside_each_other() {
    let first = record(&service(), &on_cpu(80, 5));
    let second = record(&on_cpu(80, 5), &on_cpu(80, 9));
    let now = on_cpu(80, 9);
    let all = standings(&now, &[(2, &second), (1, &first)]);
    assert!(all.iter().all(|one| one.state == RecordState::InEffect));
    let mut changed = now;
    changed["spec"]["predictor"]["scaleTarget"] = json!(75);
    let all = standings(&changed, &[(2, &second), (1, &first)]);
    assert_eq!(all[0].state, RecordState::InEffect);
    assert_eq!(all[1].state, RecordState::ChangedSince);
    assert_eq!(all[1].changed_since, ["/spec/predictor/scaleTarget"]);
}
