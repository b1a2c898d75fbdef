use serde_json::json;

use super::super::super::{Destination, RefusalReason, Wish};
use super::{class, of_class, planned, predictor, release, seen, service, text, to, under, why};

#[test]
fn as_many_pods_as_run_now_where_more_do_than_are_asked_for() {
    let object = service(json!({"minReplicas": 2, "maxReplicas": 9, "scaleTarget": 60}));
    let plan = seen(&object, &to(Destination::None), 6).unwrap();
    assert_eq!(class(&plan.after), "none");
    assert_eq!(predictor(&plan.after), json!({"minReplicas": 6}));
    assert!(why(&plan, "minReplicas").contains("run now"));
    let leave = Wish {
        keep_capacity: Some(false),
        ..to(Destination::None)
    };
    let plan = seen(&object, &leave, 6).unwrap();
    assert_eq!(predictor(&plan.after), json!({"minReplicas": 2}));
    let plan = seen(&object, &to(Destination::None), 1).unwrap();
    assert_eq!(predictor(&plan.after), json!({"minReplicas": 2}));
    let wished = Wish {
        min: Some(3),
        ..to(Destination::None)
    };
    let plan = seen(&object, &wished, 6).unwrap();
    assert_eq!(predictor(&plan.after), json!({"minReplicas": 3}));
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
}

#[test]
fn the_number_is_written_down_and_a_zero_without_effect_does_not_take_the_last_pod() {
    let plan = planned(&service(json!({"maxReplicas": 3})), &to(Destination::None)).unwrap();
    assert_eq!(predictor(&plan.after), json!({"minReplicas": 1}));
    let plan = planned(&service(json!({"minReplicas": 0})), &to(Destination::None)).unwrap();
    assert_eq!(predictor(&plan.after), json!({"minReplicas": 1}));
    assert!(why(&plan, "minReplicas").contains("no pod would ever run"));
}

#[test]
fn another_number_of_the_same_class_needs_no_other_change() {
    let object = of_class("none", json!({"minReplicas": 1, "maxReplicas": 2}));
    let wish = |min| Wish {
        min: Some(min),
        ..to(Destination::None)
    };
    let plan = planned(&object, &wish(2)).unwrap();
    assert_eq!(
        predictor(&plan.after),
        json!({"minReplicas": 2, "maxReplicas": 2})
    );
    // The webhook compares them, though the upper one has no effect.
    let plan = planned(&object, &wish(3)).unwrap();
    assert_eq!(predictor(&plan.after), json!({"minReplicas": 3}));
    let again = planned(&object, &to(Destination::None)).unwrap_err();
    assert_eq!(again.reason, RefusalReason::AlreadySo);
}

#[test]
fn to_an_outside_scaler_nothing_is_said_here() {
    let object = service(json!({"minReplicas": 2, "maxReplicas": 9, "scaleMetric": "cpu"}));
    let plan = planned(&object, &to(Destination::External)).unwrap();
    assert_eq!(predictor(&plan.after), json!({}));
    let risk = plan
        .risks
        .iter()
        .find(|risk| risk.slug == "nobody-scales-yet")
        .unwrap();
    assert_eq!(risk.rule.as_deref(), Some("KS705"));
    assert!(risk.help.contains("another name than bert-predictor"));
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
}

#[test]
fn flags_without_effect_are_refused() {
    let object = service(json!({}));
    let given = |to_: Destination| {
        [
            Wish {
                max: Some(3),
                ..to(to_)
            },
            Wish {
                metric: text("cpu"),
                ..to(to_)
            },
            Wish {
                target: text("5"),
                ..to(to_)
            },
            Wish {
                window: text("60s"),
                ..to(to_)
            },
        ]
    };
    let min = Wish {
        min: Some(2),
        ..to(Destination::External)
    };
    let all = given(Destination::None)
        .into_iter()
        .chain(given(Destination::External));
    for wish in all.chain([min]) {
        let refusal = planned(&object, &wish).unwrap_err();
        assert!(refusal.message.contains("has no effect"), "{refusal:?}");
    }
}

#[test]
fn releases_that_do_not_know_a_class_are_named() {
    let mut object = service(json!({}));
    object["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] = json!("RawDeployment");
    let refusal = under(&object, &to(Destination::None), &release(15, 0)).unwrap_err();
    assert!(
        refusal.message.contains("0.15.0") && refusal.help.contains("0.15.1"),
        "{refusal:?}"
    );
    let refusal = under(&object, &to(Destination::External), &release(11, 2)).unwrap_err();
    assert!(refusal.help.contains("0.12.0"), "{refusal:?}");
    let refusal = planned(&service(json!({})), &to(Destination::Kpa)).unwrap_err();
    assert!(refusal.help.contains("create it anew"), "{refusal:?}");
}
