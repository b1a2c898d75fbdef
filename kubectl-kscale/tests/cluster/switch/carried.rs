//! What is waited for, and what comes after: somebody plays the controllers here.

use kscale_control_plane::ControlPlane;
use kscale_test_controllers::{Controllers, Pods, Script};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::ground::{HPA, TO_KPA, bert, is_switched, records};
use crate::plane::{Asking, Outcome, on_shared};
use crate::process::{Run, kscale};
use crate::workloads::isvc;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("switch::waits_until_it_is_taken_over", waits),
        on_shared("switch::says_why_it_is_not_taken_over", not_ready),
        on_shared("switch::takes_back_what_is_not_taken_over", rolled_back),
        on_shared("switch::cleans_up_where_wished", cleans_up),
    ]
}

/// `kubectl kscale switch -n NAMESPACE -y ARGUMENTS`, which waits.
fn waiting(namespace: &str, arguments: &[&str]) -> Run {
    kscale(&[&["switch", "-n", namespace, "-y"], arguments].concat()).columns(100)
}

/// Of the KPA, with so many pods.
fn of_kpa(namespace: &str) -> Value {
    let predictor = json!({"scaleTarget": 1, "scaleMetric": "concurrency", "maxReplicas": 5});
    isvc(namespace, "bert", &json!({}), &predictor)
}

fn waits(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane).namespace(&namespace).start()?;
    controllers.running(plane, &bert(&namespace), 1)?;
    let ran = waiting(&namespace, &TO_KPA).on(plane).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    assert!(is_switched(plane, &bert(&namespace)));
    assert_eq!(records(plane, &namespace).len(), 1);
    let said = ran.stdout.split("\nisvc/bert in namespace").last().unwrap();
    insta::assert_snapshot!(said.replace(&namespace, "NS"), @"
     NS switched to kpa
    bert-predictor-00001 gets no requests any more and holds 1 pod for good: an HPA never goes to zero;
    free them: kubectl -n NS delete revision.serving.knative.dev bert-predictor-00001
    ");
    controllers.stop()?;
    Ok(())
}

fn not_ready(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane).namespace(&namespace).start()?;
    controllers.running(plane, &bert(&namespace), 1)?;
    controllers.change(|script| script.pods = Pods::ImagePull);
    let arguments = [&TO_KPA, &["--timeout=6s"][..]].concat();
    let ran = waiting(&namespace, &arguments).on(plane).run();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    let pod = ran.stderr.split("pod ").nth(1).unwrap();
    let pod = pod.split(' ').next().unwrap();
    let told = ran.stderr.replace(&namespace, "NS").replace(pod, "POD");
    insta::assert_snapshot!(told, @r#"
    error: isvc/bert in namespace NS was changed, and kpa has not taken over within 6 s: pod bert-predictor-00002-deployment-6pcmh9g-htdfbwk is not ready: an image cannot be pulled (Pod/bert-predictor-00002-deployment-6pcmh9g-htdfbwk: ImagePullBackOff: Back-off pulling image "a")
    hint: correct the image, or the pull secret
    hint: 100 % of the requests go to bert-predictor-00001, as before
    hint: to go back: kubectl kscale undo isvc/bert -n NS
    "#);
    assert!(is_switched(plane, &bert(&namespace)));
    controllers.stop()?;
    Ok(())
}

fn rolled_back(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane)
        .namespace(&namespace)
        .script(Script::default().without_extension())
        .start()?;
    controllers.running(plane, &of_kpa(&namespace), 2)?;
    let arguments = [
        "isvc/bert",
        "--to=hpa",
        "--allow-findings",
        "--rollback-on-failure",
        "--timeout=6s",
    ];
    let ran = waiting(&namespace, &arguments).on(plane).run();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NS"), @"
    error: isvc/bert in namespace NS was changed, and hpa has not taken over within 6 s: Knative's HPA extension has not acted on bert-predictor-00002 yet; bert-predictor-00001 goes on serving (PodAutoscaler/bert-predictor-00002: class hpa.autoscaling.knative.dev, no status)
    error: isvc/bert in namespace NS was taken back, and is scaled as before
    ");
    let there = plane.read(&bert(&namespace))?;
    assert_eq!(there["spec"]["predictor"]["scaleMetric"], "concurrency");
    assert_eq!(
        records(plane, &namespace).len(),
        2,
        "the way and the way back"
    );
    controllers.stop()?;
    Ok(())
}

fn cleans_up(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = Controllers::on(plane).namespace(&namespace).start()?;
    controllers.running(plane, &bert(&namespace), 1)?;
    let arguments = [&TO_KPA, &["--cleanup"][..]].concat();
    let ran = waiting(&namespace, &arguments).on(plane).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("deleted old revision bert-predictor-00001"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    let list = format!("/apis/serving.knative.dev/v1/namespaces/{namespace}/revisions");
    let revisions = plane.get(&list)?;
    let of_hpa =
        |one: &&Value| one["metadata"]["annotations"]["autoscaling.knative.dev/class"] == HPA;
    let all = revisions["items"].as_array().unwrap();
    assert_eq!((all.len(), all.iter().filter(of_hpa).count()), (1, 0));
    controllers.stop()?;
    Ok(())
}
