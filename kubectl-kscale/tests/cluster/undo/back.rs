//! Back to what was.

use kscale_control_plane::ControlPlane;
use libtest_mimic::Trial;
use serde_json::json;

use super::{bert, change, is_as_before, namespace, records, run, to_hpa};
use crate::plane::{Outcome, on_shared};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("undo::the_object_is_as_it_was", as_it_was),
        on_shared("undo::an_undo_is_taken_back_too", twice),
        on_shared("undo::goes_back_over_several", several),
        on_shared("undo::what_others_changed_stays_or_is_named", changed_since),
        on_shared("undo::a_knative_service_goes_back_too", knative_service),
        on_shared("undo::asks_before_it_changes_anything", asks),
    ]
}

fn as_it_was(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    let ran = change(plane, &object, &["undo", "isvc/bert"]);
    assert!(
        ran.stdout.contains("taken back to before revision 1"),
        "{}",
        ran.stdout
    );
    is_as_before(plane, &object);
    let all = records(plane, &object)?;
    assert_eq!(all.len(), 2);
    assert_eq!(all[1]["data"]["verb"], "undo --to-revision 1");
    assert_eq!(all[1]["data"]["undoes"], 1);
    Ok(())
}

fn twice(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    let switched = plane.read(&object)?;
    change(plane, &object, &["undo", "isvc/bert"]);
    change(plane, &object, &["undo", "isvc/bert"]);
    is_as_before(plane, &switched);
    change(plane, &object, &["undo", "isvc/bert"]);
    is_as_before(plane, &object);
    Ok(())
}

fn several(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    let first = plane.read(&object)?;
    to_hpa(plane, &object, "80", "9");
    change(
        plane,
        &object,
        &["switch", "isvc/bert", "--to", "kpa", "--target", "4"],
    );
    change(plane, &object, &["undo", "isvc/bert", "--to-revision", "2"]);
    is_as_before(plane, &first);
    change(plane, &object, &["undo", "isvc/bert", "--to-revision", "1"]);
    is_as_before(plane, &object);
    let ran = run(
        plane,
        &object,
        &["undo", "isvc/bert", "--to-revision", "1", "-y"],
    );
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let said = ran.stdout + &ran.stderr;
    assert!(
        said.contains("it is as it was before revision 1 already"),
        "{said}"
    );
    assert_eq!(records(plane, &object)?.len(), 5);
    Ok(())
}

fn changed_since(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    let theirs = json!({
        "metadata": {"annotations": {"team/note": "changed"}},
        "spec": {"predictor": {"scaleTarget": 65, "maxReplicas": 20}},
    });
    plane.patch(&object, &theirs)?;
    let ran = run(plane, &object, &["undo", "isvc/bert", "--list"]);
    assert!(ran.stdout.contains("changed since"), "{}", ran.stdout);
    let ran = change(plane, &object, &["undo", "isvc/bert"]);
    let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "spec.predictor.maxReplicas was set to 20 by somebody since, and stays so",
        "spec.predictor.scaleTarget was set to 65 by somebody since, and goes back to 10 all the same",
    ] {
        assert!(said.contains(expected), "{}", ran.stdout);
    }
    let mut expected = object.clone();
    expected["metadata"]["annotations"]["team/note"] = json!("changed");
    expected["spec"]["predictor"]["maxReplicas"] = json!(20);
    is_as_before(plane, &expected);
    Ok(())
}

fn knative_service(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let object = plane.create(&json!({
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {"name": "bert", "namespace": namespace},
        "spec": {"template": {"spec": {"containers": [{"image": "a"}]}}},
    }))?;
    let hpa = ["switch", "ksvc/bert", "--to", "hpa", "--max", "8"];
    change(plane, &object, &hpa);
    assert_ne!(plane.read(&object)?["spec"], object["spec"]);
    change(plane, &object, &["undo", "ksvc/bert"]);
    is_as_before(plane, &object);
    let owner = &records(plane, &object)?[0]["metadata"]["ownerReferences"][0];
    assert_eq!(owner["apiVersion"], "serving.knative.dev/v1");
    assert_eq!(owner["kind"], "Service");
    Ok(())
}

fn asks(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    let switched = plane.read(&object)?;
    let ran = run(plane, &object, &["undo", "isvc/bert"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("there is no terminal to ask on"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stdout.contains("bert"),
        "the plan is shown: {}",
        ran.stdout
    );
    is_as_before(plane, &switched);
    assert_eq!(namespace(&switched), namespace(&object));
    Ok(())
}
