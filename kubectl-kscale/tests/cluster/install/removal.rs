//! `uninstall`: only what is ours, and only when nobody needs it.

use kscale_control_plane::{ControlPlane, Fault, FaultProxy, When};
use libtest_mimic::Trial;
use serde_json::json;

use super::ground::{HPA, assert_absent, autoscaler, deployment, fill, install, kept, service};
use crate::plane::{Asking, Outcome, on_fresh};
use crate::process::{Ran, kscale};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_fresh("uninstall::removes_both_objects_and_nothing_else", removes),
        on_fresh("uninstall::refuses_while_somebody_needs_it", needed),
        on_fresh("uninstall::is_completed_by_the_next_run", completes),
        on_fresh("uninstall::says_no_to_whom_the_cluster_does", refused),
    ]
}

const NAMESPACE: &str = "knative-serving";

fn uninstall(plane: &ControlPlane, arguments: &[&str]) -> Ran {
    let arguments = [&["uninstall"], arguments].concat();
    kscale(&arguments).columns(100).on(plane).run()
}

fn installed(plane: &ControlPlane) -> Outcome {
    plane.install_own_crds()?;
    plane.ensure_namespace(NAMESPACE)?;
    fill(plane, NAMESPACE, "1.23.0")?;
    let ran = install(plane, NAMESPACE, &["-y"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    Ok(())
}

fn removes(plane: &ControlPlane) -> Outcome {
    let ran = uninstall(plane, &["-y"]);
    let nothing =
        "autoscaler-hpa is not installed in namespace knative-serving; nothing was changed.\n";
    assert_eq!(ran.clean(), nothing);
    installed(plane)?;
    let deployments = "/apis/apps/v1/namespaces/knative-serving/deployments";
    let count = |plane: &ControlPlane| -> Result<usize, Box<dyn std::error::Error>> {
        Ok(plane.get(deployments)?["items"]
            .as_array()
            .map_or(0, Vec::len))
    };
    let before = count(plane)?;
    let ran = uninstall(plane, &[]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr
            .starts_with("error: nothing was changed: there is no terminal to ask on\n"),
        "{}",
        ran.stderr
    );
    for (how, said) in [("--dry-run", "client"), ("--dry-run=server", "server")] {
        let stdout = uninstall(plane, &[how]).clean();
        let expected = ["deployment.apps/autoscaler-hpa", "service/autoscaler-hpa"]
            .map(|name| format!("{name} deleted ({said} dry run)\n"));
        assert_eq!(stdout, expected.concat());
    }
    assert_eq!(count(plane)?, before);
    let stdout = uninstall(plane, &["-y", "-o", "name"]).clean();
    assert_eq!(
        stdout,
        "deployment.apps/autoscaler-hpa\nservice/autoscaler-hpa\n"
    );
    assert_absent(plane, NAMESPACE);
    assert_eq!(count(plane)?, before - 1);
    assert_eq!(uninstall(plane, &["-y"]).clean(), nothing);
    Ok(())
}

fn needed(plane: &ControlPlane) -> Outcome {
    installed(plane)?;
    plane.ensure_namespace("ml")?;
    plane.create(&autoscaler("ml", "quiet", "kpa.autoscaling.knative.dev"))?;
    let mut bert = autoscaler("ml", "bert", HPA);
    plane.create(&bert)?;
    bert["status"] = json!({"desiredScale": 1, "actualScale": 1});
    plane.replace_status(&bert)?;
    plane.create(&autoscaler("ml", "stuck", HPA))?;
    let ran = uninstall(plane, &["-y"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(format!("{}{}", ran.stdout, ran.stderr), @"
    These are scaled by the HPA extension:
      InferenceService bert in namespace ml
      InferenceService stuck in namespace ml
    Without it, HorizontalPodAutoscalers that are there go on scaling as they are. Nothing keeps them in
    step with a change of bounds, metric or target any more, and no new revision of class hpa ever
    becomes ready: it hangs without an error, and traffic stays where it is.
    error: nothing was changed: 2 workloads need the HPA extension
    hint: give them another autoscaler first, or delete them
    hint: old Revisions keep their PodAutoscaler until they are deleted: kubectl get podautoscalers.autoscaling.internal.knative.dev -A
    hint: to remove it all the same: --force
    ");
    plane.read(&deployment(NAMESPACE))?;
    let ran = uninstall(plane, &["-y", "--force"]);
    assert_eq!((ran.stderr.as_str(), ran.code), ("", 0));
    assert!(
        ran.stdout
            .contains("\n  InferenceService bert in namespace ml\n"),
        "{}",
        ran.stdout
    );
    assert_absent(plane, NAMESPACE);
    Ok(())
}

fn completes(plane: &ControlPlane) -> Outcome {
    installed(plane)?;
    let proxy = FaultProxy::before(plane)?;
    let through = || {
        kscale(&["uninstall", "-y"])
            .with_kubeconfig(proxy.kubeconfig())
            .run()
    };
    proxy.inject(When::asked("DELETE", "/services/"), Fault::Status(403));
    let ran = through();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr
            .starts_with("error: service/autoscaler-hpa was not deleted: "),
        "{}",
        ran.stderr
    );
    assert!(plane.read(&deployment(NAMESPACE)).is_err());
    proxy.heal();
    proxy.forget();
    // The answer is lost, and asking again finds that it was done.
    proxy.inject(
        When::asked("DELETE", "/services/").times(1),
        Fault::DropAfter,
    );
    let ran = through();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(kept(&proxy), ["DELETE services", "DELETE services"]);
    assert_absent(plane, NAMESPACE);
    installed_again(plane)?;
    // Somebody else's hand is on it: a finalizer.
    let held = json!({"metadata": {"finalizers": ["example.com/held"]}});
    plane.patch(&deployment(NAMESPACE), &held)?;
    let ran = uninstall(plane, &["-y", "--timeout=1s"]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(plane.read(&service(NAMESPACE)).is_err());
    insta::assert_snapshot!(ran.stderr, @"
    error: deployment.apps/autoscaler-hpa is deleted, and not gone after 1 s
    hint: a finalizer may hold it: see metadata.finalizers of it
    ");
    Ok(())
}

fn installed_again(plane: &ControlPlane) -> Outcome {
    let ran = install(plane, NAMESPACE, &["-y"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    Ok(())
}

fn refused(plane: &ControlPlane) -> Outcome {
    installed(plane)?;
    let ran = uninstall(plane, &["-y", "--as", "nobody"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr
            .starts_with("error: whether deployment.apps/autoscaler-hpa is there cannot be told: "),
        "{}",
        ran.stderr
    );
    let proxy = FaultProxy::before(plane)?;
    proxy.inject(When::asked("GET", "/podautoscalers"), Fault::Status(403));
    let ran = kscale(&["uninstall", "-y"])
        .with_kubeconfig(proxy.kubeconfig())
        .run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr
            .starts_with("error: whether anything needs the HPA extension cannot be told: "),
        "{}",
        ran.stderr
    );
    plane.create(&json!({
        "apiVersion": "operator.knative.dev/v1beta1", "kind": "KnativeServing",
        "metadata": {"name": "own", "namespace": NAMESPACE}, "spec": {},
    }))?;
    let ran = uninstall(plane, &["-y", "--force"]);
    insta::assert_snapshot!(ran.refused(), @"
    error: nothing was changed: Knative Serving is managed by the Knative operator: KnativeServing own in namespace knative-serving
    hint: the operator installs the HPA extension with every Knative Serving, and would install it again
    ");
    plane.read(&deployment(NAMESPACE))?;
    Ok(())
}
