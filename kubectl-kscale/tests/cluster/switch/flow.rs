//! The usual way through: shown, tried, asked, changed.

use kscale_control_plane::{ControlPlane, FaultProxy};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::ground::{TO_KPA, edits, is_switched, one, records, switch, switch_through, version};
use crate::plane::{Asking, Outcome, on_shared};
use crate::process::kscale;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("switch::changes_the_object_in_one_request", changes),
        on_shared("switch::is_said_to_be_so_already", already),
        on_shared("switch::tries_and_changes_nothing", tries),
        on_shared("switch::asks_and_needs_somebody_to_ask", asks),
        on_shared("switch::prints_the_plan_as_data", data),
        on_shared("switch::keeps_the_annotations_of_others", annotations),
    ]
}

fn changes(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let proxy = FaultProxy::before(plane)?;
    let ran = switch_through(&proxy, &namespace, &TO_KPA);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(is_switched(plane, &object));
    assert_eq!(edits(&proxy), (1, 1), "tried once, changed once");
    let end = ran.stdout.replace(&namespace, "NS");
    let end: Vec<&str> = end.lines().rev().take(4).collect();
    let end: Vec<&str> = end.into_iter().rev().collect();
    insta::assert_snapshot!(end.join("\n"), @"
                changes for callers
    back     kubectl kscale undo isvc/bert -n NS
    isvc/bert in namespace NS switched to kpa; whether it takes over is not waited for
    How far it is: kubectl kscale explain isvc/bert -n NS
    ");
    Ok(())
}

fn already(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    assert_eq!(switch(plane, &namespace, &TO_KPA).code, 0);
    let before = version(plane, &object);
    let ran = switch(plane, &namespace, &TO_KPA);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(version(plane, &object), before);
    insta::assert_snapshot!(ran.stdout, @"√ isvc/bert: it is scaled by kpa as wished already");
    let ran = switch(plane, &namespace, &[&TO_KPA, &["-o", "json"][..]].concat());
    let data: Value = serde_json::from_str(&ran.stdout)?;
    assert_eq!(ran.code, 0);
    assert_eq!(data["items"], json!([]));
    assert_eq!(data["refused"][0]["reason"], "already-so");
    Ok(())
}

fn tries(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let before = version(plane, &object);
    for (how, tried) in [("--dry-run=client", 0), ("--dry-run=server", 1)] {
        let proxy = FaultProxy::before(plane)?;
        let ran = kscale(&[&["switch", "-n", &namespace, how], &TO_KPA[..]].concat())
            .with_kubeconfig(proxy.kubeconfig())
            .run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{how}");
        assert_eq!(edits(&proxy), (0, tried), "{how}");
    }
    assert_eq!(version(plane, &object), before);
    assert_eq!(records(plane, &namespace), Vec::<Value>::new());
    Ok(())
}

fn asks(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let before = version(plane, &object);
    let ran = kscale(&[&["switch", "-n", &namespace], &TO_KPA[..]].concat())
        .on(plane)
        .run();
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stderr, @"
    error: nothing was changed: there is no terminal to ask on
    hint: give --yes to go ahead without a question, or --dry-run=server to only try it
    ");
    assert!(
        ran.stdout.contains("bert"),
        "the plan is shown: {}",
        ran.stdout
    );
    assert_eq!(version(plane, &object), before);
    Ok(())
}

/// The data alone on standard output, whatever is said beside it.
fn data(plane: &ControlPlane) -> Outcome {
    let (namespace, _) = one(plane)?;
    for (more, said) in [(&["--dry-run=server"][..], ""), (&[], "switched to kpa")] {
        let arguments = [&TO_KPA, &["-o", "json"][..], more].concat();
        let ran = switch(plane, &namespace, &arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let data: Value = serde_json::from_str(&ran.stdout)?;
        assert_eq!(data["kind"], "PlanList");
        let request = &data["items"][0]["requests"][0];
        assert_eq!(
            (&request["verb"], &request["name"]),
            (&json!("patch"), &json!("bert"))
        );
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    Ok(())
}

/// A snapshot of a cluster leaves kubectl's out; a patch made from that would take it away.
fn annotations(plane: &ControlPlane) -> Outcome {
    const APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
    let (namespace, object) = one(plane)?;
    plane.patch(
        &object,
        &json!({"metadata": {"annotations": {APPLIED: "{}"}}}),
    )?;
    let ran = switch(plane, &namespace, &TO_KPA);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NS"), @"
    warning: isvc/bert in namespace NS is applied by kubectl apply (annotation kubectl.kubernetes.io/last-applied-configuration: {})
    hint: change the file, too: whoever applies it again undoes this; kubectl kscale switch -f FILE edits it
    ");
    let there = plane.read(&object)?;
    assert_eq!(there["metadata"]["annotations"], json!({APPLIED: "{}"}));
    let env = &there["spec"]["predictor"]["model"]["env"][0];
    assert_eq!(
        env["value"], "s3cr3t",
        "what may be a secret stays as it is"
    );
    Ok(())
}
