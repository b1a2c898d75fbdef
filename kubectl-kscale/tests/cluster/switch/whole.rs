//! There and back again, of all kinds of workloads, with played controllers.

use std::path::Path;
use std::process::Command;

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::Controllers;
use libtest_mimic::Trial;
use serde_json::json;

use super::ground::{bert, is_switched, version};
use crate::plane::{Asking, Outcome, on_shared};
use crate::process::{Ran, kscale};
use crate::workloads::isvc;

/// Nobody measures anything here, which is a finding.
const TO_HPA: [&str; 5] = ["--to", "hpa", "--max", "6", "--allow-findings"];
const TO_KPA: [&str; 4] = ["--to", "kpa", "--target", "7"];

pub(super) fn trials() -> Vec<Trial> {
    let has_script = Path::new("/usr/bin/script").exists();
    vec![
        on_shared("switch::takes_a_knative_service_there_and_back", own),
        on_shared("switch::takes_all_components_there_and_back", components),
        on_shared("switch::leaves_other_components_as_they_are", one_component),
        on_shared("switch::asks_on_a_terminal", asks).with_ignored_flag(!has_script),
    ]
}

fn go(plane: &ControlPlane, namespace: &str, target: &str, arguments: &[&str]) -> Ran {
    let always = ["switch", target, "-n", namespace, "-y"];
    let ran = kscale(&[&always, arguments].concat()).on(plane).run();
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    ran
}

/// The Revision that gets all requests of a Knative Service, and its class.
fn serving(plane: &ControlPlane, namespace: &str, service: &str) -> (String, String) {
    let root = format!("/apis/serving.knative.dev/v1/namespaces/{namespace}");
    let there = plane.get(&format!("{root}/services/{service}")).unwrap();
    let target = &there["status"]["traffic"][0];
    assert_eq!(target["percent"], 100, "{there}");
    let name = target["revisionName"].as_str().unwrap().to_owned();
    let revision = plane.get(&format!("{root}/revisions/{name}")).unwrap();
    let class = &revision["metadata"]["annotations"]["autoscaling.knative.dev/class"];
    let class = class.as_str().unwrap_or("kpa.autoscaling.knative.dev");
    (name, class.split('.').next().unwrap_or_default().to_owned())
}

fn is(found: &(String, String), revision: &str, class: &str) {
    assert_eq!(*found, (revision.to_owned(), class.to_owned()));
}

fn own(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane).namespace(&namespace).start()?;
    let requests = json!({"requests": {"cpu": "1"}});
    let container = json!({"name": "user-container", "image": "a", "resources": requests});
    let service = json!({
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {"name": "own", "namespace": namespace},
        "spec": {"template": {"spec": {"containers": [container]}}},
    });
    controllers.running(plane, &service, 3)?;
    let before = plane.read(&service)?["spec"].clone();
    go(plane, &namespace, "ksvc/own", &TO_HPA);
    is(&serving(plane, &namespace, "own"), "own-00002", "hpa");
    go(plane, &namespace, "ksvc/own", &TO_KPA);
    is(&serving(plane, &namespace, "own"), "own-00003", "kpa");
    for revision in ["2", "1"] {
        let back = [
            "undo",
            "ksvc/own",
            "--to-revision",
            revision,
            "-n",
            &namespace,
        ];
        let how = ["-y", "--keep-capacity=false", "--allow-findings"];
        let ran = kscale(&[&back[..], &how].concat()).on(plane).run();
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    }
    assert_eq!(plane.read(&service)?["spec"], before);
    Ok(controllers.stop()?)
}

/// A predictor, a transformer and an explainer, with two pods each.
fn three(plane: &ControlPlane, controllers: &Controllers, namespace: &str) -> Outcome {
    let settings = json!({"minReplicas": 2, "maxReplicas": 4});
    let mut service = isvc(namespace, "three", &json!({}), &settings);
    for component in ["transformer", "explainer"] {
        let requests = json!({"requests": {"cpu": "1"}});
        let container = json!({"name": "kserve-container", "image": "a", "resources": requests});
        service["spec"][component] =
            json!({"minReplicas": 2, "maxReplicas": 4, "containers": [container]});
    }
    Ok(controllers.running(plane, &service, 2)?)
}

fn components(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane).namespace(&namespace).start()?;
    three(plane, &controllers, &namespace)?;
    for (number, class, arguments) in [(2, "hpa", &TO_HPA[..]), (3, "kpa", &TO_KPA[..])] {
        go(plane, &namespace, "isvc/three", arguments);
        for component in ["predictor", "transformer", "explainer"] {
            let service = format!("three-{component}");
            let revision = format!("{service}-0000{number}");
            is(&serving(plane, &namespace, &service), &revision, class);
        }
    }
    Ok(controllers.stop()?)
}

fn one_component(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane).namespace(&namespace).start()?;
    three(plane, &controllers, &namespace)?;
    let arguments = [&["--component", "transformer"], &TO_HPA[..]].concat();
    go(plane, &namespace, "isvc/three", &arguments);
    let found = |component: &str| serving(plane, &namespace, &format!("three-{component}"));
    is(&found("transformer"), "three-transformer-00002", "hpa");
    is(&found("predictor"), "three-predictor-00001", "kpa");
    is(&found("explainer"), "three-explainer-00001", "kpa");
    Ok(controllers.stop()?)
}

/// What a terminal of 60 columns shows, and how it ended.
fn on_a_terminal(plane: &ControlPlane, namespace: &str, answer: &str) -> (String, Option<i32>) {
    let program = env!("CARGO_BIN_EXE_kubectl-kscale");
    let config = plane.kubeconfig();
    let line = format!(
        "stty cols 60 rows 40; '{program}' switch isvc/bert -n {namespace} --to kpa --target 10 --kubeconfig '{}'",
        config.display()
    );
    let asked = format!("printf '{answer}' | script -qec \"{line}\" /dev/null");
    let output = Command::new("sh")
        .args(["-c", &asked])
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    (shown.replace('\r', ""), output.status.code())
}

fn asks(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane).namespace(&namespace).start()?;
    let object = bert(&namespace);
    controllers.running(plane, &object, 1)?;
    controllers.settle("bert")?;
    let before = version(plane, &object);
    let (shown, code) = on_a_terminal(plane, &namespace, "n\\n");
    assert_eq!(code, Some(2), "{shown}");
    assert!(
        shown.contains("nothing was changed, as you wish"),
        "{shown}"
    );
    assert_eq!(version(plane, &object), before);
    let (shown, code) = on_a_terminal(plane, &namespace, "y\\n");
    assert_eq!(code, Some(0), "{shown}");
    assert!(is_switched(plane, &object));
    assert!(!shown.contains("\u{1b}[3"), "{shown}");
    for told in [
        "[y/N]",
        "bert-predictor-00002 is created",
        "switched to kpa",
    ] {
        let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(told), "{told} is not in:\n{shown}");
    }
    // What is copied stays in one piece: commands and the lines of the manifest.
    let wide = shown.lines().filter(|line| line.chars().count() > 60);
    let broken: Vec<&str> = wide
        .filter(|line| !line.contains("kubectl") && !line.contains("autoscaling.knative.dev"))
        .filter(|line| !line.contains("[y/N]") && !line.starts_with("hint: "))
        .collect();
    assert_eq!(broken, Vec::<&str>::new(), "{shown}");
    Ok(controllers.stop()?)
}
