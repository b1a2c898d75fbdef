//! Old revisions of the HPA class: those go that nothing needs, and no other.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::{Controllers, Script};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::plane::{Asking as _, Outcome, on_shared};
use crate::process::{Ran, kscale};
use crate::workloads::isvc;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared(
            "progress::cleanup_deletes_what_was_replaced_and_what_was_before_it",
            replaced,
        ),
        on_shared("progress::cleanup_leaves_what_a_tag_names", tagged),
    ]
}

const HPA: &str = "hpa.autoscaling.knative.dev";

fn revisions(
    plane: &ControlPlane,
    namespace: &str,
) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let list = plane.get(&format!(
        "/apis/serving.knative.dev/v1/namespaces/{namespace}/revisions"
    ))?;
    let items = list["items"].as_array().cloned().unwrap_or_default();
    let name = |one: &Value| {
        one["metadata"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    Ok(items.iter().map(name).collect())
}

fn done(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

fn replaced(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane)
        .namespace(&namespace)
        .script(Script::default())
        .start()?;
    let settings =
        json!({"minReplicas": 1, "maxReplicas": 4, "scaleMetric": "concurrency", "scaleTarget": 4});
    controllers.running(plane, &isvc(&namespace, "bert", &json!({}), &settings), 1)?;
    let switch = |arguments: &[&str]| {
        let all = [
            "switch",
            "isvc/bert",
            "-y",
            "--allow-findings",
            "-n",
            &namespace,
        ];
        kscale(&[&all, arguments].concat()).on(plane).run()
    };
    done(&switch(&["--to", "hpa"]));
    done(&switch(&["--to", "hpa", "--max", "6"]));
    let name = |number: u32| format!("bert-predictor-0000{number}");
    assert_eq!(revisions(plane, &namespace)?, [name(1), name(2), name(3)]);
    let ran = switch(&["--to", "kpa", "--target", "4", "--cleanup"]);
    done(&ran);
    for number in [2, 3] {
        let said = format!("deleted old revision {}", name(number));
        assert!(ran.stdout.contains(&said), "{}", ran.stdout);
    }
    // The first is Knative's own autoscaler's: it has gone to zero by itself.
    assert_eq!(revisions(plane, &namespace)?, [name(1), name(4)]);
    Ok(controllers.stop()?)
}

fn tagged(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane)
        .namespace(&namespace)
        .script(Script::default())
        .start()?;
    let service = |max: &str| {
        let annotations = json!({
            "autoscaling.knative.dev/class": HPA, "autoscaling.knative.dev/metric": "cpu", "autoscaling.knative.dev/target": "75",
            "autoscaling.knative.dev/max-scale": max,
        });
        json!({
            "apiVersion": "serving.knative.dev/v1",
            "kind": "Service",
            "metadata": {"name": "hello", "namespace": namespace},
            "spec": {"template": {"metadata": {"annotations": annotations}, "spec": {"containers": [{"name": "user-container", "image": "hello"}]}}},
        })
    };
    controllers.running(plane, &service("4"), 1)?;
    for max in ["5", "6"] {
        plane.patch(&service("4"), &service(max))?;
        controllers.settle("hello")?;
    }
    let traffic = json!([
        {"latestRevision": true, "percent": 100},
        {"revisionName": "hello-00001", "tag": "first", "percent": 0},
    ]);
    plane.patch(&service("4"), &json!({"spec": {"traffic": traffic}}))?;
    controllers.settle("hello")?;
    let all = [
        "switch",
        "ksvc/hello",
        "--to",
        "kpa",
        "--target",
        "4",
        "-y",
        "--cleanup",
        "-n",
        &namespace,
    ];
    let ran = kscale(&all).on(plane).run();
    done(&ran);
    let listed = "ksvc/hello in namespace";
    assert!(
        ran.stderr.contains(listed) && ran.stderr.contains("hello-00002"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        revisions(plane, &namespace)?,
        ["hello-00001", "hello-00004"]
    );
    Ok(controllers.stop()?)
}
