//! The state of every object at the end of a step, against the recorded one.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::Script;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::changes::{to_hpa, to_kpa};
use crate::plane::{Outcome, hpa_class, isvc, on_shared, play};
use crate::recordings::recorded;
use crate::states::of_namespace;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("steps::kpa_ready", kpa_ready),
        on_shared("steps::hpa_ready_without_metrics", hpa_ready),
        on_shared("steps::hpa_without_extension_is_stuck", stuck),
        on_shared(
            "steps::switch_without_extension_is_stuck_until_it_comes",
            stuck_switch,
        ),
        on_shared("steps::switch_to_hpa_drains_the_old", to_hpa_drains),
        on_shared("steps::switch_to_kpa_leaves_the_old", to_kpa_leaves),
        on_shared("steps::extension_heals_what_was_stuck", healed),
    ]
}

/// Waits until the namespace is as recorded, and shows what differs where it never is.
pub(crate) fn hold(plane: &ControlPlane, namespace: &str, step: &str) -> Outcome {
    hold_of(plane, namespace, step, "")
}

/// The same for the objects whose names begin so.
pub(crate) fn hold_of(plane: &ControlPlane, namespace: &str, step: &str, prefix: &str) -> Outcome {
    let of_prefix = |line: &String| {
        line.split(' ')
            .nth(1)
            .is_some_and(|name| name.starts_with(prefix))
    };
    let mut wanted = recorded(step)?;
    wanted.retain(of_prefix);
    let mut found = Vec::new();
    for _ in 0..400 {
        found = of_namespace(plane, namespace)?;
        found.retain(of_prefix);
        if found == wanted {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    let missing: Vec<String> = wanted
        .iter()
        .filter(|line| !found.contains(line))
        .map(|line| format!("- {line}"))
        .collect();
    let other: Vec<String> = found
        .iter()
        .filter(|line| !wanted.contains(line))
        .map(|line| format!("+ {line}"))
        .collect();
    Err(format!(
        "{step}: recorded (-), played (+)\n{}\n{}",
        missing.join("\n"),
        other.join("\n")
    )
    .into())
}

fn kpa_ready(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default())?;
    let spec = json!({ "minReplicas": 1, "maxReplicas": 3, "scaleMetric": "concurrency", "scaleTarget": 10 });
    plane.create(&isvc(&namespace, "kpa-ready", &json!({}), &spec))?;
    controllers.settle("kpa-ready")?;
    hold(plane, &namespace, "01-kpa-ready/step-2")
}

fn hpa_spec(min: i64) -> Value {
    json!({ "minReplicas": min, "maxReplicas": 4, "scaleMetric": "cpu", "scaleTarget": 75 })
}

fn hpa_ready(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default().without_metrics())?;
    plane.create(&isvc(&namespace, "hpa-ready", &hpa_class(), &hpa_spec(1)))?;
    controllers.settle("hpa-ready")?;
    hold(plane, &namespace, "02-hpa-with-extension-ready/step-2")
}

fn stuck(plane: &ControlPlane) -> Outcome {
    let (namespace, _controllers) = play(plane, Script::default().without_extension())?;
    plane.create(&isvc(&namespace, "hpa-new", &hpa_class(), &hpa_spec(2)))?;
    hold(plane, &namespace, "03-hpa-no-extension-new/step-2")
}

fn stuck_switch(plane: &ControlPlane) -> Outcome {
    let script = Script::default().without_extension().without_metrics();
    let (namespace, controllers) = play(plane, script)?;
    let spec = json!({ "minReplicas": 2, "maxReplicas": 4, "scaleMetric": "concurrency", "scaleTarget": 10 });
    let service = isvc(&namespace, "switch", &json!({}), &spec);
    plane.create(&service)?;
    controllers.settle("switch")?;
    hold(plane, &namespace, "04-kpa-to-hpa-no-extension/step-1")?;
    plane.patch(&service, &to_hpa())?;
    hold(plane, &namespace, "04-kpa-to-hpa-no-extension/step-3")?;
    controllers.change(|script| script.extension = true);
    controllers.settle("switch")?;
    hold(plane, &namespace, "04-kpa-to-hpa-no-extension/step-5")
}

fn to_hpa_drains(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default().without_metrics())?;
    let spec = json!({ "minReplicas": 2, "maxReplicas": 4, "scaleMetric": "concurrency", "scaleTarget": 10 });
    let service = isvc(&namespace, "switch", &json!({}), &spec);
    plane.create(&service)?;
    controllers.settle("switch")?;
    plane.patch(&service, &to_hpa())?;
    controllers.settle("switch")?;
    hold(plane, &namespace, "05-kpa-to-hpa-with-extension/step-4")
}

fn to_kpa_leaves(plane: &ControlPlane) -> Outcome {
    let (namespace, controllers) = play(plane, Script::default().without_metrics())?;
    let service = isvc(&namespace, "switch", &hpa_class(), &hpa_spec(2));
    plane.create(&service)?;
    controllers.settle("switch")?;
    hold(plane, &namespace, "06-hpa-to-kpa/step-1")?;
    plane.patch(&service, &to_kpa())?;
    controllers.settle("switch")?;
    hold(plane, &namespace, "06-hpa-to-kpa/step-4")?;
    controllers.change(|script| script.metrics = true);
    hold_of(
        plane,
        &namespace,
        "06-hpa-to-kpa/step-5",
        "switch-predictor-00001",
    )
}

fn healed(plane: &ControlPlane) -> Outcome {
    let script = Script::default().without_extension().without_metrics();
    let (namespace, controllers) = play(plane, script)?;
    plane.create(&isvc(&namespace, "hpa-new", &hpa_class(), &hpa_spec(1)))?;
    let spec = json!({ "minReplicas": 1, "maxReplicas": 4, "scaleMetric": "concurrency", "scaleTarget": 10 });
    let service = isvc(&namespace, "switch", &json!({}), &spec);
    plane.create(&service)?;
    controllers.settle("switch")?;
    plane.patch(&service, &to_hpa())?;
    hold(plane, &namespace, "10-install-extension-after-stuck/step-1")?;
    controllers.change(|script| script.extension = true);
    hold(plane, &namespace, "10-install-extension-after-stuck/step-3")
}
