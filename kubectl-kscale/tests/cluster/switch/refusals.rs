//! What the caller may not do, and what the cluster would not take.

use kscale_control_plane::{ControlPlane, Fault, FaultProxy, When};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::ground::{
    TO_KPA, denial, edits, is_switched, one, records, rights_without, switch, switch_through,
};
use crate::plane::{Outcome, on_shared};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("switch::needs_the_right_to_patch", patching),
        on_shared(
            "switch::goes_on_without_the_right_to_keep_records",
            recording,
        ),
        on_shared("switch::passes_on_what_a_webhook_denies", denied),
        on_shared(
            "switch::says_what_to_do_about_webhooks_that_are_not_there",
            down,
        ),
        on_shared(
            "switch::says_what_to_do_about_webhooks_that_cannot_be_tried",
            untriable,
        ),
        on_shared("switch::notices_what_webhooks_make_of_it", mutated),
        on_shared("switch::refuses_a_plan_with_an_error", blocked),
        on_shared("switch::finds_what_is_meant", absent),
    ]
}

fn patching(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let user = plane.user()?;
    plane.grant(&user, None, &rights_without("patch inferenceservices"))?;
    let proxy = FaultProxy::before_as(plane, &user)?;
    let ran = switch_through(&proxy, &namespace, &TO_KPA);
    assert_eq!(ran.code, 3);
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NS"), @"
    error: nothing was changed: you may not patch inferenceservices.serving.kserve.io bert in namespace NS
    hint: what you may do is told by kubectl auth can-i --list -n NAMESPACE
    ");
    assert_eq!(edits(&proxy), (0, 0));
    assert!(!is_switched(plane, &object));
    // A right to this very object is one.
    let this = json!({
        "apiGroups": ["serving.kserve.io"], "resources": ["inferenceservices"],
        "resourceNames": ["bert"], "verbs": ["patch"],
    });
    plane.grant(&user, Some(&namespace), &[this])?;
    let ran = switch_through(&proxy, &namespace, &TO_KPA);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(is_switched(plane, &object));
    Ok(())
}

fn recording(plane: &ControlPlane) -> Outcome {
    for missing in ["create controllerrevisions"] {
        let (namespace, object) = one(plane)?;
        let user = plane.user()?;
        plane.grant(&user, None, &rights_without(missing))?;
        let proxy = FaultProxy::before_as(plane, &user)?;
        let ran = switch_through(&proxy, &namespace, &TO_KPA);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(is_switched(plane, &object));
        assert_eq!(records(plane, &namespace), Vec::<Value>::new());
        let told = told_of(&ran.stderr, &object);
        insta::assert_snapshot!(told, @r#"
        warning: kubectl kscale undo will know nothing of this, since you may not create controllerrevisions.apps in namespace NS
        hint: to go back by hand:
          kubectl patch isvc/bert -n NS --type=merge -p '{"metadata":{"annotations":{"autoscaling.knative.dev/class":"hpa.autoscaling.knative.dev"},"uid":"UID"},"spec":{"predictor":{"scaleMetric":"cpu","scaleTarget":75}}}'
        "#);
        // The command does go back.
        let patch = ran.stderr.split('\'').nth(1).unwrap();
        let patch: Value = serde_json::from_str(patch)?;
        let path = plane.path(&object)?;
        plane
            .client()
            .ask("PATCH", &path, "application/merge-patch+json", Some(&patch))?;
        assert_eq!(plane.read(&object)?["spec"], object["spec"]);
        assert!(!is_switched(plane, &object));
    }
    Ok(())
}

/// Without what is of this run alone.
fn told_of(stderr: &str, object: &Value) -> String {
    let part = |key: &str| object["metadata"][key].as_str().unwrap().to_owned();
    stderr
        .replace(&part("namespace"), "NS")
        .replace(&part("uid"), "UID")
}

const DENIAL: &str = "admission webhook \"inferenceservice.kserve-webhook-server.validator\" denied the request: the target is wrong,\nand so is the rest";

fn denied(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let before = object["metadata"]["resourceVersion"].clone();
    for status in [400, 403, 422] {
        let proxy = FaultProxy::before(plane)?;
        let tried = When::asked("PATCH", "dryRun=All");
        proxy.inject(tried, Fault::Foreign(status, denial(status, DENIAL)));
        let ran = switch_through(&proxy, &namespace, &TO_KPA);
        assert_eq!(ran.code, 3);
        let expected = format!(
            "error: isvc/bert in namespace {namespace} cannot be changed: {}\n",
            DENIAL.replace('\n', "\\n")
        );
        assert_eq!(ran.stderr, expected);
        assert!(
            ran.stdout.contains("bert"),
            "the plan is shown all the same"
        );
        assert_eq!(edits(&proxy), (0, 1));
    }
    assert_eq!(plane.read(&object)?["metadata"]["resourceVersion"], before);
    Ok(())
}

/// A webhook of the API server's own kind, for one namespace, at an address where nobody is.
fn webhook(namespace: &str, version: &str, side_effects: &str) -> Value {
    json!({
        "apiVersion": format!("admissionregistration.k8s.io/{version}"),
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": format!("{namespace}-{side_effects}").to_lowercase()},
        "webhooks": [{
            "name": "validator.example.com",
            "admissionReviewVersions": ["v1"],
            "sideEffects": side_effects,
            "failurePolicy": "Fail",
            "timeoutSeconds": 1,
            "clientConfig": {"url": "https://127.0.0.1:9/validate"},
            "namespaceSelector": {"matchLabels": {"webhooks": namespace}},
            "rules": [{
                "apiGroups": ["serving.kserve.io"], "apiVersions": ["*"],
                "operations": ["UPDATE"], "resources": ["inferenceservices"],
            }],
        }],
    })
}

/// Puts it in force, and waits until it is.
fn enforce(plane: &ControlPlane, namespace: &str, object: &Value, hook: &Value) -> Outcome {
    let space = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}});
    plane.patch(
        &space,
        &json!({"metadata": {"labels": {"webhooks": namespace}}}),
    )?;
    plane.create(hook)?;
    let label = json!({"metadata": {"labels": {"tried": "yes"}}});
    for _ in 0..500 {
        if plane.patch(object, &label).is_err() {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    Err("the webhook is never asked".into())
}

fn down(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let hook = webhook(&namespace, "v1", "None");
    enforce(plane, &namespace, &object, &hook)?;
    let ran = switch(plane, &namespace, &TO_KPA);
    plane.delete(&hook)?;
    assert_eq!(ran.code, 3);
    let told = ran.stderr.replace(&namespace, "NS");
    assert!(
        told.starts_with("error: isvc/bert in namespace NS cannot be changed: Internal error occurred: failed calling webhook \"validator.example.com\": "),
        "{told}"
    );
    assert!(
        told.contains("hint: the webhook must answer before"),
        "{told}"
    );
    assert!(!is_switched(plane, &object));
    Ok(())
}

fn untriable(plane: &ControlPlane) -> Outcome {
    if plane.version() >= (1, 22) {
        // Webhooks with side effects of their own are no more.
        return Ok(());
    }
    let (namespace, object) = one(plane)?;
    let hook = webhook(&namespace, "v1beta1", "Some");
    enforce(plane, &namespace, &object, &hook)?;
    let ran = switch(plane, &namespace, &TO_KPA);
    plane.delete(&hook)?;
    assert_eq!(ran.code, 3);
    insta::assert_snapshot!(told_of(&ran.stderr, &object), @r#"
    error: isvc/bert in namespace NS cannot be changed: admission webhook "validator.example.com" does not support dry run
    hint: the webhook cannot be asked without consequences, so nothing is changed that was not tried
    hint: to change it without a try: kubectl patch isvc/bert -n NS --type=merge -p '{"metadata":{"annotations":{"autoscaling.knative.dev/class":null},"uid":"UID"},"spec":{"predictor":{"scaleMetric":"concurrency","scaleTarget":10}}}'
    "#);
    assert!(!is_switched(plane, &object));
    Ok(())
}

fn mutated(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let proxy = FaultProxy::before(plane)?;
    // What a webhook might make of it: it is of the HPA class again.
    let made = plane.read(&object)?.to_string();
    proxy.inject(When::asked("PATCH", "dryRun=All"), Fault::Answer(made));
    let ran = switch_through(&proxy, &namespace, &TO_KPA);
    assert_eq!(ran.code, 3);
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NS"), @"
    error: isvc/bert in namespace NS would become something else than planned: predictor: knative-hpa on cpu 75%, 1 to 5 pods
    hint: a webhook changes it on its way: kubectl get mutatingwebhookconfigurations
    hint: --dry-run=client shows what was planned
    ");
    assert_eq!(edits(&proxy), (0, 1));
    Ok(())
}

/// Nothing scales on cpu where nobody measures it.
fn blocked(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    assert_eq!(switch(plane, &namespace, &TO_KPA).code, 0);
    let proxy = FaultProxy::before(plane)?;
    let to_hpa = ["isvc/bert", "--to", "hpa", "--max", "8"];
    let ran = switch_through(&proxy, &namespace, &to_hpa);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NS"), @"
    error: isvc/bert in namespace NS is not switched: the resource metrics API does not answer, so nothing scales on cpu or memory
    hint: mend that first; --allow-findings carries it out all the same
    ");
    assert_eq!(edits(&proxy), (0, 0));
    assert!(is_switched(plane, &object));
    let ran = switch_through(
        &proxy,
        &namespace,
        &[&to_hpa, &["--allow-findings"][..]].concat(),
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(edits(&proxy), (1, 1));
    Ok(())
}

fn absent(plane: &ControlPlane) -> Outcome {
    let (namespace, _) = one(plane)?;
    let mut said = Vec::new();
    for target in [&["isvc/bret"][..], &["ksvc"], &["-l", "team=nobody"]] {
        let ran = switch(plane, &namespace, &[target, &["--to", "kpa"]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        said.push(ran.stderr.replace(&namespace, "NS"));
    }
    insta::assert_snapshot!(said.join(""), @"
    error: isvc/bret is not in namespace NS
    hint: what there is: kubectl get isvc -A
    error: no workload in namespace NS
    hint: -n NAMESPACE looks into another one, -A into all
    error: no workload with these labels in namespace NS
    hint: -n NAMESPACE looks into another one, -A into all
    ");
    Ok(())
}
