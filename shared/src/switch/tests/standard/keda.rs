use serde_json::{Value, json};

use super::super::super::{Destination, RefusalReason, Wish};
use super::{class, of_class, planned, predictor, release, service, text, to, under, why};

fn keda() -> Wish {
    Wish {
        max: Some(5),
        ..to(Destination::Keda)
    }
}

fn on(metric: &str, target: &str) -> Wish {
    Wish {
        metric: text(metric),
        target: text(target),
        ..keda()
    }
}

fn cpu(percent: i64) -> Value {
    json!({"type": "Resource", "resource": {
        "name": "cpu", "target": {"type": "Utilization", "averageUtilization": percent},
    }})
}

fn prometheus(query: &str, value: &str) -> Value {
    json!({"type": "External", "external": {
        "metric": {"backend": "prometheus", "serverAddress": "http://p", "query": query},
        "target": {"type": "Value", "value": value},
    }})
}

#[test]
fn it_is_cpu_at_80_percent_where_nothing_is_said() {
    let plan = planned(&of_class("none", json!({"scaleTarget": 1})), &keda()).unwrap();
    assert_eq!(class(&plan.after), "keda");
    let expected = json!({"maxReplicas": 5, "autoScaling": {"metrics": [cpu(80)]}});
    assert_eq!(predictor(&plan.after), expected);
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
}

#[test]
fn what_the_hpa_scales_on_is_taken_over_in_the_same_unit() {
    let scaling = json!({"scaleMetric": "cpu", "scaleTarget": 60, "maxReplicas": 4});
    let plan = planned(&service(scaling), &to(Destination::Keda)).unwrap();
    let expected = json!({"maxReplicas": 4, "autoScaling": {"metrics": [cpu(60)]}});
    assert_eq!(predictor(&plan.after), expected);
    assert!(why(&plan, "metric").contains("same unit"));
}

#[test]
fn what_the_list_says_already_is_kept() {
    let scaling =
        json!({"maxReplicas": 4, "autoScaling": {"metrics": [cpu(60), prometheus("q", "3")]}});
    let plan = planned(&of_class("none", scaling.clone()), &to(Destination::Keda)).unwrap();
    assert_eq!(predictor(&plan.after), scaling);
}

#[test]
fn a_list_that_keda_would_refuse_is_replaced() {
    let wrong = json!({"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Value", "value": "1"}}});
    let scaling = json!({"maxReplicas": 4, "autoScaling": {"metrics": [wrong]}});
    let plan = planned(&of_class("external", scaling), &to(Destination::Keda)).unwrap();
    let expected = json!({"maxReplicas": 4, "autoScaling": {"metrics": [cpu(80)]}});
    assert_eq!(predictor(&plan.after), expected);
}

#[test]
fn a_query_needs_an_address_and_a_target() {
    let object = of_class("none", json!({}));
    let bare = Wish {
        metric: text("prometheus"),
        ..keda()
    };
    let refusal = planned(&object, &bare).unwrap_err();
    assert_eq!(
        (refusal.reason, refusal.help.as_str()),
        (RefusalReason::ValueMissing, "give --query")
    );
    let asked = Wish {
        query: text("sum(waiting)"),
        ..bare
    };
    assert!(
        planned(&object, &asked)
            .unwrap_err()
            .help
            .contains("--server-address")
    );
    let addressed = Wish {
        server_address: text("http://p"),
        ..asked
    };
    assert!(
        planned(&object, &addressed)
            .unwrap_err()
            .help
            .contains("--target")
    );
    let whole = Wish {
        target: text("8"),
        ..addressed
    };
    let plan = planned(&object, &whole).unwrap();
    let list = json!({"metrics": [prometheus("sum(waiting)", "8")]});
    assert_eq!(plan.after["spec"]["predictor"]["autoScaling"], list);
    let percent = Wish {
        target: text("80%"),
        ..whole
    };
    assert!(
        planned(&object, &percent)
            .unwrap_err()
            .message
            .contains("no number")
    );
}

#[test]
fn another_query_keeps_the_address_and_how_to_log_in_but_no_target() {
    let mut metric = prometheus("q", "3");
    metric["external"]["authenticationRef"] = json!({"authModes": "bearer"});
    let scaling = json!({"maxReplicas": 4, "autoScaling": {"metrics": [metric]}});
    let object = of_class("keda", scaling);
    let wish = Wish {
        query: text("other"),
        ..to(Destination::Keda)
    };
    assert!(
        planned(&object, &wish)
            .unwrap_err()
            .help
            .contains("--target")
    );
    let wish = Wish {
        target: text("5"),
        ..wish
    };
    let plan = planned(&object, &wish).unwrap();
    let mut expected = prometheus("other", "5");
    expected["external"]["authenticationRef"] = json!({"authModes": "bearer"});
    assert_eq!(
        plan.after["spec"]["predictor"]["autoScaling"]["metrics"],
        json!([expected])
    );
}

#[test]
fn opentelemetry_is_a_metric_of_the_pods_and_has_a_default_address() {
    let wish = Wish {
        query: text("requests_running"),
        ..on("opentelemetry", "4")
    };
    let plan = planned(&of_class("none", json!({})), &wish).unwrap();
    let metric = json!({"type": "PodMetric", "podmetric": {
        "metric": {"backend": "opentelemetry", "query": "requests_running", "metricNames": ["requests_running"]},
        "target": {"type": "Value", "value": "4"},
    }});
    assert_eq!(
        plan.after["spec"]["predictor"]["autoScaling"]["metrics"],
        json!([metric])
    );
    assert!(
        plan.preconditions
            .iter()
            .any(|one| one.slug == "opentelemetry")
    );
    let function = Wish {
        query: text("avg(x)"),
        ..wish
    };
    let plan = planned(&of_class("none", json!({})), &function).unwrap();
    assert!(
        plan.blocked.iter().any(|text| text.starts_with("KS222")),
        "{:?}",
        plan.blocked
    );
}

#[test]
fn memory_takes_a_percentage_or_an_amount() {
    let object = of_class("none", json!({}));
    let target = |wish: &Wish| {
        let plan = planned(&object, wish).unwrap();
        plan.after["spec"]["predictor"]["autoScaling"]["metrics"][0]["resource"]["target"].clone()
    };
    let percent = json!({"type": "Utilization", "averageUtilization": 70});
    assert_eq!(target(&on("memory", "70%")), percent);
    let amount = json!({"type": "AverageValue", "averageValue": "2Gi"});
    assert_eq!(target(&on("memory", "2Gi")), amount);
    assert!(
        planned(&object, &on("memory", "512Ki"))
            .unwrap_err()
            .message
            .contains("1Mi")
    );
}

#[test]
fn it_goes_to_zero_on_a_query_alone_and_not_by_surprise() {
    let plan = planned(&of_class("none", json!({"minReplicas": 0})), &keda()).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["minReplicas"], 1);
    let refused = Wish {
        min: Some(0),
        ..keda()
    };
    assert!(
        planned(&service(json!({})), &refused)
            .unwrap_err()
            .help
            .contains("query")
    );
    let query = Wish {
        query: text("q"),
        server_address: text("http://p"),
        ..on("prometheus", "3")
    };
    let plan = planned(&service(json!({"minReplicas": 0})), &query).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["minReplicas"], 1);
    assert!(why(&plan, "minReplicas").contains("had no effect under the HPA"));
    let zero = Wish {
        min: Some(0),
        ..query
    };
    let plan = planned(&service(json!({})), &zero).unwrap();
    assert!(plan.changes[0].after.scale_to_zero);
    assert!(plan.risks.iter().any(|risk| risk.slug == "no-pod-answers"));
}

#[test]
fn a_window_is_the_one_before_pods_go() {
    let wish = |window: &str| Wish {
        window: text(window),
        ..keda()
    };
    let object = of_class("none", json!({}));
    let plan = planned(&object, &wish("2m")).unwrap();
    let behavior = &plan.after["spec"]["predictor"]["autoScaling"]["behavior"];
    assert_eq!(
        behavior,
        &json!({"scaleDown": {"stabilizationWindowSeconds": 120}})
    );
    for wrong in ["2h", "1.5s", "-1s", "soon"] {
        assert!(planned(&object, &wish(wrong)).is_err(), "{wrong}");
    }
    let mut object = object;
    object["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] = json!("RawDeployment");
    let refusal = under(&object, &wish("60s"), &release(15, 2)).unwrap_err();
    assert!(refusal.message.contains("0.15.2"), "{}", refusal.message);
}

#[test]
fn which_metric_is_meant_must_be_said_where_there_are_several() {
    let list = json!({"metrics": [cpu(60), prometheus("q", "3")]});
    let object = of_class("keda", json!({"maxReplicas": 4, "autoScaling": list}));
    let wish = Wish {
        target: text("5"),
        ..to(Destination::Keda)
    };
    let refusal = planned(&object, &wish).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::ValueMissing);
    let wish = Wish {
        metric: text("prometheus"),
        ..wish
    };
    let plan = planned(&object, &wish).unwrap();
    let metrics = &plan.after["spec"]["predictor"]["autoScaling"]["metrics"];
    assert_eq!(metrics, &json!([prometheus("q", "5")]));
    assert!(why(&plan, "autoScaling.metrics").contains("cpu is lost"));
}

#[test]
fn a_metric_that_kserve_does_not_pass_on_is_refused() {
    let refusal = planned(&service(json!({})), &on("kafka", "5")).unwrap_err();
    assert!(
        refusal
            .help
            .contains("prometheus, graphite or opentelemetry")
    );
    let wish = Wish {
        query: text("q"),
        ..on("cpu", "50%")
    };
    assert!(
        planned(&service(json!({})), &wish)
            .unwrap_err()
            .message
            .contains("--query")
    );
}

#[test]
fn releases_that_do_not_know_it_are_named() {
    let mut object = service(json!({}));
    object["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] = json!("RawDeployment");
    let refusal = under(&object, &keda(), &release(14, 1)).unwrap_err();
    assert!(
        refusal.message.contains("KServe 0.14.1") && refusal.help.contains("0.15.0"),
        "{refusal:?}"
    );
    // It knows the class, and writes a memory address in place of a percentage.
    let refusal = under(&object, &keda(), &release(15, 0)).unwrap_err();
    assert!(refusal.message.contains("memory address"), "{refusal:?}");
}
