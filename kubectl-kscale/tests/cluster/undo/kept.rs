//! What is kept, how, and how much of it.

use kscale_control_plane::ControlPlane;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{bert, change, is_as_before, namespace, records, run, to_hpa};
use crate::plane::{Asking as _, Outcome, on_shared};
use crate::process::kscale;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("undo::a_record_belongs_to_its_object", belongs),
        on_shared("undo::ten_are_kept", ten),
        on_shared("undo::what_cannot_be_pruned_is_said", cannot_prune),
        on_shared(
            "undo::without_permission_the_command_is_printed",
            no_permission,
        ),
        on_shared("undo::a_dry_run_keeps_nothing", dry_run),
    ]
}

fn belongs(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    let all = records(plane, &object)?;
    let [record] = all.as_slice() else {
        panic!("{all:#?}");
    };
    let uid = &object["metadata"]["uid"];
    assert_eq!(record["revision"], 1);
    assert_eq!(
        record["metadata"]["ownerReferences"],
        json!([{
            "apiVersion": "serving.kserve.io/v1beta1",
            "kind": "InferenceService",
            "name": "bert",
            "uid": uid,
            "controller": false,
            "blockOwnerDeletion": false,
        }])
    );
    assert_eq!(
        record["metadata"]["labels"],
        json!({"app.kubernetes.io/managed-by": "kubectl-kscale", "kscale.dev/record-of": uid})
    );
    let data = &record["data"];
    assert_eq!(
        (&data["kind"], &data["verb"]),
        (&json!("SwitchRecord"), &json!("switch --to hpa"))
    );
    let settings = data["replaced"].as_array().unwrap();
    let target = settings
        .iter()
        .find(|one| one["pointer"] == "/spec/predictor/scaleTarget");
    assert_eq!(target.unwrap()["before"], 10);
    // Nothing is written on the object that no setting is.
    let now = plane.read(&object)?;
    let keys: Vec<&String> = now["metadata"]["annotations"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert!(keys.iter().all(|key| !key.contains("kscale")), "{keys:?}");
    Ok(())
}

fn ten(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    for max in 6..18 {
        to_hpa(plane, &object, "80", &max.to_string());
    }
    let all = records(plane, &object)?;
    let numbers: Vec<i64> = all
        .iter()
        .filter_map(|one| one["revision"].as_i64())
        .collect();
    assert_eq!(numbers, (3..=12).collect::<Vec<_>>());
    let ran = run(plane, &object, &["undo", "isvc/bert", "--to-revision", "2"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("isvc/bert has no revision 2"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("there is 12, 11, 10, 9, 8, 7, 6, 5, 4, 3"),
        "{}",
        ran.stderr
    );
    Ok(())
}

/// Somebody who may switch, with more rights on records or fewer.
fn user(
    plane: &ControlPlane,
    object: &Value,
    verbs: &[&str],
) -> Result<String, Box<dyn std::error::Error>> {
    let user = plane.user()?;
    let rule = |group: &str, resource: &str, verbs: &[&str]| json!({"apiGroups": [group], "resources": [resource], "verbs": verbs});
    let mut rules = vec![rule("*", "*", &["get", "list", "watch"])];
    if verbs.is_empty() {
        rules = vec![
            rule("serving.kserve.io", "*", &["get", "list"]),
            rule("apps", "deployments", &["list"]),
        ];
    } else {
        rules.push(rule("apps", "controllerrevisions", verbs));
    }
    rules.push(rule("serving.kserve.io", "inferenceservices", &["patch"]));
    plane.grant(&user, Some(namespace(object)), &rules)?;
    Ok(user)
}

fn cannot_prune(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    let user = user(plane, &object, &["create"])?;
    for max in 6..17 {
        let max = max.to_string();
        let arguments = ["switch", "isvc/bert", "--to", "hpa", "--max", &max];
        let place = [
            "-n",
            namespace(&object),
            "-y",
            "--wait=false",
            "--allow-findings",
        ];
        let ran = kscale(&[arguments.as_slice(), &place].concat())
            .with_kubeconfig(&plane.kubeconfig_of(&user)?)
            .run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let said = ran.stderr.contains("could not be deleted");
        assert_eq!(said, max == "16", "{}", ran.stderr);
    }
    assert_eq!(records(plane, &object)?.len(), 11);
    Ok(())
}

fn no_permission(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    let user = user(plane, &object, &[])?;
    let kubeconfig = plane.kubeconfig_of(&user)?;
    let place = [
        "-n",
        namespace(&object),
        "-y",
        "--wait=false",
        "--allow-findings",
    ];
    let arguments = ["switch", "isvc/bert", "--to", "hpa", "--max", "8"];
    let ran = kscale(&[arguments.as_slice(), &place].concat())
        .with_kubeconfig(&kubeconfig)
        .run();
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(records(plane, &object)?, [] as [Value; 0]);
    assert_ne!(plane.read(&object)?["spec"], object["spec"]);
    let command = ran
        .stderr
        .lines()
        .find_map(|line| line.find("kubectl patch").map(|at| &line[at..]));
    let command = command.unwrap_or_else(|| panic!("{}", ran.stderr));
    assert!(command.contains("/metadata/uid"), "{command}");
    if plane.kubectl(&["version", "--client"])?.is_some() {
        let output = plane.command("sh").args(["-c", command]).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}\n{said}");
        is_as_before(plane, &object);
    }
    let ran = kscale(&["undo", "isvc/bert", "-n", namespace(&object)])
        .with_kubeconfig(&kubeconfig)
        .run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("allowed to list controllerrevisions.apps"),
        "{}",
        ran.stderr
    );
    Ok(())
}

fn dry_run(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    for place in ["client", "server"] {
        let dry = format!("--dry-run={place}");
        change(
            plane,
            &object,
            &["switch", "isvc/bert", "--to", "hpa", "--max", "8", &dry],
        );
        assert_eq!(records(plane, &object)?, [] as [Value; 0]);
    }
    to_hpa(plane, &object, "80", "8");
    let switched = plane.read(&object)?;
    for place in ["client", "server"] {
        change(
            plane,
            &object,
            &["undo", "isvc/bert", &format!("--dry-run={place}")],
        );
        assert_eq!(records(plane, &object)?.len(), 1);
        is_as_before(plane, &switched);
    }
    Ok(())
}
