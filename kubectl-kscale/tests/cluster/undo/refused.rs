//! Where there is nothing to take back.

use kscale_control_plane::ControlPlane;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{bert, change, is_as_before, namespace, run, to_hpa};
use crate::plane::{Outcome, on_shared};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("undo::nothing_recorded_says_what_to_do", nothing),
        on_shared("undo::what_is_not_there_is_not_found", not_there),
        on_shared("undo::what_kserve_makes_is_left_alone", made_by_kserve),
        on_shared("undo::an_object_made_anew_has_no_records", made_anew),
        on_shared("undo::what_was_taken_back_by_hand_is_not_offered", by_hand),
    ]
}

#[track_caller]
fn refused(plane: &ControlPlane, object: &Value, arguments: &[&str], expected: &[&str]) {
    let ran = run(plane, object, arguments);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    for expected in expected {
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
}

fn nothing(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    let none = format!(
        "no switch of isvc/bert in namespace {} is recorded",
        namespace(&object)
    );
    let expected = [
        none.as_str(),
        "kubectl kscale switch isvc/bert --to AUTOSCALER",
    ];
    refused(plane, &object, &["undo", "isvc/bert", "-y"], &expected);
    Ok(())
}

fn not_there(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    refused(
        plane,
        &object,
        &["undo", "isvc/gpt"],
        &["isvc/gpt is not in namespace"],
    );
    refused(plane, &object, &["undo", "isvc"], &["must be named"]);
    refused(plane, &object, &["undo", "ig/a"], &["never switched"]);
    refused(
        plane,
        &object,
        &["undo", "isvc/.."],
        &["cannot be the name"],
    );
    Ok(())
}

fn made_by_kserve(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    plane.create(&json!({
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {
            "name": "bert-predictor",
            "namespace": namespace(&object),
            "ownerReferences": [{
                "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "name": "bert",
                "uid": object["metadata"]["uid"], "controller": true,
            }],
        },
        "spec": {"template": {"spec": {"containers": [{"image": "a"}]}}},
    }))?;
    let expected = ["made by KServe", "kubectl kscale undo isvc/bert"];
    refused(plane, &object, &["undo", "ksvc/bert-predictor"], &expected);
    Ok(())
}

fn made_anew(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    plane.delete(&object)?;
    let mut anew = object.clone();
    anew["metadata"] = json!({"name": "bert", "namespace": namespace(&object)});
    let anew = plane.create(&anew)?;
    assert_ne!(anew["metadata"]["uid"], object["metadata"]["uid"]);
    let expected = [
        "is recorded",
        "1 record is there of an object of that name that was deleted",
    ];
    refused(plane, &anew, &["undo", "isvc/bert", "-y"], &expected);
    is_as_before(plane, &anew);
    Ok(())
}

fn by_hand(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    let back = plane.read(&object)?;
    plane.replace(&object)?;
    is_as_before(plane, &object);
    assert_ne!(back["spec"], object["spec"]);
    let expected = ["no recorded switch of isvc/bert is in effect", "--list"];
    refused(plane, &object, &["undo", "isvc/bert", "-y"], &expected);
    let listed = run(plane, &object, &["undo", "isvc/bert", "--list"]).clean();
    assert!(listed.contains("not in effect"), "{listed}");
    change(plane, &object, &["undo", "isvc/bert", "--to-revision", "1"]);
    is_as_before(plane, &object);
    Ok(())
}
