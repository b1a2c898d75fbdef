//! Whoever may write ControllerRevisions may not therefore write models.

use kscale_control_plane::ControlPlane;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{bert, is_as_before, record, run, to_hpa};
use crate::plane::{Outcome, on_shared};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("undo::a_hostile_record_is_refused", refused),
        on_shared("undo::what_is_no_record_is_passed_over", strangers),
    ]
}

fn refused(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    let hostile = [
        ("owners", "/metadata/ownerReferences", json!([])),
        ("finalizers", "/metadata/finalizers", json!(["a/b"])),
        ("labels", "/metadata/labels/team", json!("mine")),
        ("status", "/status/url", json!("http://evil")),
        (
            "mode",
            "/metadata/annotations/serving.kserve.io~1deploymentMode",
            json!("Standard"),
        ),
        (
            "model",
            "/spec/predictor/model/storageUri",
            json!("s3://evil"),
        ),
        (
            "account",
            "/spec/predictor/serviceAccountName",
            json!("admin"),
        ),
        ("all", "", json!({})),
    ];
    for (number, (name, pointer, value)) in (1..).zip(hostile) {
        // It looks as if it were in effect, so that undo would write what is told to have been before.
        let after = object.pointer(pointer).cloned().unwrap_or(Value::Null);
        let one = json!([{"pointer": pointer, "before": value, "after": after}]);
        plane.create(&record(&object, name, number, &one))?;
    }
    let ran = run(plane, &object, &["undo", "isvc/bert", "-y", "--wait=false"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    for expected in [
        "metadata.ownerReferences, which no switch does",
        "spec.predictor.model.storageUri, which no switch does",
        "is recorded",
    ] {
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
    is_as_before(plane, &object);
    let now = plane.read(&object)?;
    assert_eq!(
        now["metadata"]["resourceVersion"],
        object["metadata"]["resourceVersion"]
    );
    Ok(())
}

fn strangers(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    let setting = json!([{"pointer": "/spec/predictor/scaleTarget", "before": 1, "after": 80}]);
    let mut newer = record(&object, "newer-release", 50, &setting);
    newer["data"]["apiVersion"] = json!("kscale.dev/v2");
    let mut of_another = record(&object, "of-another", 51, &setting);
    of_another["metadata"]["ownerReferences"][0]["uid"] = json!("0000");
    let mut of_nobody = record(&object, "of-nobody", 52, &setting);
    of_nobody["metadata"]["ownerReferences"] = json!([]);
    let mut of_a_set = record(&object, "of-a-statefulset", 53, &setting);
    of_a_set["data"] = json!({"spec": {"template": {"$patch": "replace"}}});
    let mut broken = record(&object, "broken", 54, &json!({"a": [1]}));
    broken["data"]["at"] = json!(5);
    plane.create_all(&[newer, of_another, of_nobody, of_a_set, broken])?;
    let listed = run(plane, &object, &["undo", "isvc/bert", "--list"]).clean();
    for name in [
        "newer-release",
        "of-another",
        "of-nobody",
        "of-a-statefulset",
        "broken",
    ] {
        assert!(listed.contains(&format!("{name} is left out:")), "{listed}");
    }
    super::change(plane, &object, &["undo", "isvc/bert"]);
    is_as_before(plane, &object);
    let numbers: Vec<_> = super::records(plane, &object)?
        .iter()
        .filter_map(|one| one["revision"].as_i64())
        .collect();
    assert_eq!(
        numbers,
        [1, 2, 50, 51, 52, 53, 54],
        "a stranger's number counts for nothing"
    );
    Ok(())
}
