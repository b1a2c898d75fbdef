use serde_json::{Value, json};

use super::super::super::{Destination, RefusalReason, Wish};
use super::{class, of_class, planned, predictor, release, service, text, to, under, why};

fn hpa() -> Wish {
    Wish {
        max: Some(5),
        ..to(Destination::Hpa)
    }
}

#[test]
fn it_is_cpu_at_80_percent_unless_something_else_is_wished() {
    let object = of_class("none", json!({"minReplicas": 2}));
    let plan = planned(&object, &hpa()).unwrap();
    assert_eq!(class(&plan.after), "hpa");
    let expected =
        json!({"minReplicas": 2, "maxReplicas": 5, "scaleMetric": "cpu", "scaleTarget": 80});
    assert_eq!(predictor(&plan.after), expected);
    assert!(why(&plan, "target").contains("no target is carried over"));
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
}

#[test]
fn a_target_of_a_metric_that_had_no_effect_is_not_carried_over() {
    let scaling = json!({"scaleMetric": "concurrency", "scaleTarget": 1, "maxReplicas": 4});
    let plan = planned(&of_class("external", scaling), &to(Destination::Hpa)).unwrap();
    let expected = json!({"maxReplicas": 4, "scaleMetric": "cpu", "scaleTarget": 80});
    assert_eq!(predictor(&plan.after), expected);
}

#[test]
fn memory_asks_for_a_target_and_a_plain_number_is_ambiguous() {
    let object = of_class("none", json!({}));
    let memory = |target: Option<&str>| Wish {
        metric: text("memory"),
        target: target.map(str::to_owned),
        ..hpa()
    };
    let refusal = planned(&object, &memory(None)).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::ValueMissing);
    assert!(refusal.help.contains("--target"));
    let refusal = planned(&object, &memory(Some("80"))).unwrap_err();
    assert!(
        refusal.help.contains("80%") && refusal.help.contains("80Mi"),
        "{}",
        refusal.help
    );
    assert!(planned(&object, &memory(Some("101%"))).is_err());
    assert!(planned(&object, &memory(Some("5"))).is_err());
    let plan = planned(&object, &memory(Some("70%"))).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["scaleTarget"], 70);
    let plan = planned(&object, &memory(Some("2Gi"))).unwrap();
    let metrics = json!([{"type": "Resource", "resource": {
        "name": "memory", "target": {"type": "AverageValue", "averageValue": "2Gi"},
    }}]);
    let expected = json!({"maxReplicas": 5, "autoScaling": {"metrics": metrics}});
    assert_eq!(predictor(&plan.after), expected);
    assert_eq!(
        plan.changes[0].after.words(),
        "hpa on memory 2Gi, 1 to 5 pods"
    );
}

#[test]
fn an_amount_of_cpu_is_refused_and_a_plain_number_is_a_percentage() {
    let object = of_class("none", json!({}));
    let cpu = |target: &str| Wish {
        target: text(target),
        ..hpa()
    };
    assert!(
        planned(&object, &cpu("500m"))
            .unwrap_err()
            .help
            .contains("percentage")
    );
    let plan = planned(&object, &cpu("60")).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["scaleTarget"], 60);
}

#[test]
fn a_list_that_would_win_is_replaced_and_what_is_lost_is_said() {
    let scaling = json!({"maxReplicas": 4, "autoScaling": {"metrics": [
        {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}},
        {"type": "External", "external": {
            "metric": {"backend": "prometheus", "serverAddress": "http://p", "query": "q"},
            "target": {"type": "Value", "value": "3"},
        }},
    ]}});
    let plan = planned(&of_class("keda", scaling), &to(Destination::Hpa)).unwrap();
    let expected = json!({"maxReplicas": 4, "scaleMetric": "cpu", "scaleTarget": 80});
    assert_eq!(predictor(&plan.after), expected);
    assert!(why(&plan, "autoScaling").contains("prometheus is lost"));
}

#[test]
fn a_list_of_keda_that_means_the_same_is_kept() {
    let metrics = json!([{"type": "Resource", "resource": {
        "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60},
    }}]);
    let scaling = json!({"maxReplicas": 4, "autoScaling": {
        "metrics": metrics, "behavior": {"scaleDown": {"stabilizationWindowSeconds": 60}},
    }});
    let plan = planned(&of_class("keda", scaling), &to(Destination::Hpa)).unwrap();
    let expected = json!({"maxReplicas": 4, "autoScaling": {"metrics": metrics}});
    assert_eq!(predictor(&plan.after), expected);
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
}

#[test]
fn without_an_upper_bound_nothing_would_scale() {
    let refusal = planned(&of_class("none", json!({})), &to(Destination::Hpa)).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::ValueMissing);
    assert!(refusal.help.contains("--max") && refusal.message.contains("KS301"));
}

#[test]
fn it_never_goes_below_one_pod() {
    let object = of_class("none", json!({"minReplicas": 0}));
    let plan = planned(&object, &hpa()).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["minReplicas"], 1);
    let wish = Wish {
        min: Some(0),
        ..hpa()
    };
    assert!(
        planned(&object, &wish)
            .unwrap_err()
            .message
            .contains("below one pod")
    );
}

#[test]
fn bounds_that_contradict_each_other_are_refused() {
    let object = of_class("none", json!({"minReplicas": 6}));
    let refusal = planned(&object, &hpa()).unwrap_err();
    assert!(
        refusal.message.contains("below the minReplicas 6"),
        "{}",
        refusal.message
    );
    let wish = Wish {
        min: Some(7),
        ..hpa()
    };
    assert!(
        planned(&object, &wish)
            .unwrap_err()
            .message
            .contains("--min 7 is above --max 5")
    );
}

#[test]
fn the_same_class_keeps_what_is_not_wished() {
    let object = service(json!({"scaleMetric": "memory", "scaleTarget": 60, "maxReplicas": 3}));
    let plan = planned(&object, &hpa()).unwrap();
    let expected = json!({"scaleMetric": "memory", "scaleTarget": 60, "maxReplicas": 5});
    assert_eq!(predictor(&plan.after), expected);
    assert_eq!(class(&plan.after), &Value::Null);
    let wish = Wish {
        target: text("70%"),
        ..to(Destination::Hpa)
    };
    let plan = planned(&object, &wish).unwrap();
    let expected = json!({"scaleMetric": "memory", "scaleTarget": 70, "maxReplicas": 3});
    assert_eq!(predictor(&plan.after), expected);
    let again = planned(&object, &to(Destination::Hpa)).unwrap_err();
    assert_eq!(again.reason, RefusalReason::AlreadySo);
}

#[test]
fn what_an_hpa_has_not_is_refused() {
    let object = of_class("none", json!({}));
    for wish in [
        Wish {
            metric: text("concurrency"),
            ..hpa()
        },
        Wish {
            window: text("60s"),
            ..hpa()
        },
        Wish {
            query: text("sum(x)"),
            ..hpa()
        },
        Wish {
            server_address: text("http://p"),
            ..hpa()
        },
    ] {
        let refusal = planned(&object, &wish).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::NotPossible, "{refusal:?}");
        assert!(!refusal.help.is_empty(), "{refusal:?}");
    }
}

/// 0.16.0 judges the old name of the mode by the rules of Knative mode, and refuses cpu as a scaleMetric.
#[test]
fn where_the_webhook_judges_by_knative_the_metric_stands_in_the_list() {
    let mut object = of_class("none", json!({}));
    object["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] = json!("RawDeployment");
    let plan = under(&object, &hpa(), &release(16, 0)).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["scaleMetric"], Value::Null);
    let name = plan
        .after
        .pointer("/spec/predictor/autoScaling/metrics/0/resource/name");
    assert_eq!(name, Some(&json!("cpu")));
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
}
