//! Standard mode: the pods are rolled, and one autoscaler goes as the other comes.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::{Controllers, Part, Script};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::not_taken_over;
use crate::plane::{Asking as _, Outcome, on_shared};
use crate::process::{Ran, kscale};
use crate::workloads::isvc;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared(
            "progress::standard_goes_from_hpa_over_none_to_keda",
            three_classes,
        ),
        on_shared(
            "progress::standard_goes_from_hpa_to_keda_and_back",
            keda_and_back,
        ),
        on_shared(
            "progress::standard_says_when_kserve_does_nothing",
            nobody_acts,
        ),
    ]
}

type Running = Result<Controllers, Box<dyn std::error::Error>>;

fn running(plane: &ControlPlane, namespace: &str) -> Running {
    let start = Controllers::on(plane)
        .namespace(namespace)
        .script(Script::default());
    let controllers = start.start()?;
    let standard = json!({"serving.kserve.io/deploymentMode": "Standard"});
    let bounds =
        json!({"minReplicas": 2, "maxReplicas": 4, "scaleMetric": "cpu", "scaleTarget": 75});
    controllers.running(plane, &isvc(namespace, "bert", &standard, &bounds), 2)?;
    Ok(controllers)
}

fn switch(plane: &ControlPlane, namespace: &str, arguments: &[&str]) -> Ran {
    let all = [
        "switch",
        "isvc/bert",
        "-y",
        "--allow-findings",
        "-n",
        namespace,
    ];
    kscale(&[&all, arguments].concat()).on(plane).run()
}

/// The names of the objects of a kind, and the owner of each.
fn there(
    plane: &ControlPlane,
    namespace: &str,
    collection: &str,
) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let (group, plural) = collection.split_once(' ').unwrap_or_default();
    let list = plane.get(&format!("/apis/{group}/namespaces/{namespace}/{plural}"))?;
    let items = list["items"].as_array().cloned().unwrap_or_default();
    let told = |one: &Value| {
        let owner = &one["metadata"]["ownerReferences"][0]["kind"];
        let name = &one["metadata"]["name"];
        format!(
            "{} of {}",
            name.as_str().unwrap_or_default(),
            owner.as_str().unwrap_or_default()
        )
    };
    Ok(items.iter().map(told).collect())
}

const HPAS: &str = "autoscaling/v1 horizontalpodautoscalers";
const SCALED: &str = "keda.sh/v1alpha1 scaledobjects";

#[track_caller]
fn done(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

fn three_classes(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace)?;
    assert_eq!(
        there(plane, &namespace, HPAS)?,
        ["bert-predictor of InferenceService"]
    );
    done(&switch(plane, &namespace, &["--to", "none"]));
    assert_eq!(there(plane, &namespace, HPAS)?, [""; 0]);
    let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments/bert-predictor");
    let deployment = plane.get(&path)?;
    let class = &deployment["spec"]["template"]["metadata"]["annotations"]["serving.kserve.io/autoscalerClass"];
    assert_eq!(
        (class, &deployment["status"]["updatedReplicas"]),
        (&json!("none"), &json!(2))
    );
    done(&switch(
        plane,
        &namespace,
        &["--to", "keda", "--metric", "cpu", "--max", "4"],
    ));
    assert_eq!(
        there(plane, &namespace, SCALED)?,
        ["bert-predictor of InferenceService"]
    );
    Ok(controllers.stop()?)
}

fn keda_and_back(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace)?;
    done(&switch(
        plane,
        &namespace,
        &["--to", "keda", "--metric", "cpu"],
    ));
    assert_eq!(
        there(plane, &namespace, SCALED)?,
        ["bert-predictor of InferenceService"]
    );
    let of_keda = ["keda-hpa-bert-predictor of ScaledObject"];
    assert_eq!(there(plane, &namespace, HPAS)?, of_keda);
    done(&switch(plane, &namespace, &["--to", "hpa"]));
    assert_eq!(there(plane, &namespace, SCALED)?, [""; 0]);
    let hpas = there(plane, &namespace, HPAS)?;
    assert!(
        hpas.contains(&"bert-predictor of InferenceService".to_owned()),
        "{hpas:?}"
    );
    Ok(controllers.stop()?)
}

fn nobody_acts(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace)?;
    controllers.change(|script| script.frozen = vec![Part::Kserve]);
    let ran = switch(plane, &namespace, &["--to", "none", "--timeout", "2s"]);
    not_taken_over(
        &ran,
        &["KServe has not written the change into Deployment bert-predictor"],
    );
    Ok(controllers.stop()?)
}
