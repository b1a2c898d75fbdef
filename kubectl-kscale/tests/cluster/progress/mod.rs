//! What happens after the edit: watched until the new autoscaler has taken over, or told why it does not.

mod cleanup;
mod standard;

use kscale_control_plane::{ControlPlane, Fault, FaultProxy, When};
use kscale_test_controllers::{Controllers, Pods, Script};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::plane::{Asking as _, Outcome, install_config, on_fresh, on_shared};
use crate::process::{Ran, kscale};
use crate::workloads::isvc;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        on_shared(
            "progress::ends_when_the_new_revision_has_the_traffic",
            takes_over,
        ),
        on_shared("progress::tells_pods_in_their_own_words", pods),
        on_shared(
            "progress::gives_slow_pods_the_time_that_was_given",
            slow_pods,
        ),
        on_shared("progress::ends_at_once_where_a_webhook_refuses", refused),
        on_fresh("progress::ends_early_without_the_extension", no_extension),
        on_shared("progress::sees_it_through_a_restless_api_server", restless),
        on_shared("progress::asks_for_little", little),
        on_shared("progress::says_what_it_may_not_read", unread),
        on_shared("progress::looks_again_where_it_may_not_watch", unwatched),
    ];
    trials.extend(standard::trials());
    trials.extend(cleanup::trials());
    trials
}

type Running = Result<Controllers, Box<dyn std::error::Error>>;

/// A service that four pods serve, under Knative's own autoscaler.
fn running(plane: &ControlPlane, namespace: &str, script: Script) -> Running {
    let start = Controllers::on(plane).namespace(namespace).script(script);
    let controllers = start.start()?;
    let settings =
        json!({"minReplicas": 1, "maxReplicas": 8, "scaleMetric": "concurrency", "scaleTarget": 4});
    let service = isvc(namespace, "bert", &json!({}), &settings);
    controllers.running(plane, &service, 4)?;
    Ok(controllers)
}

/// To the HPA class: nobody measures anything here, which is a finding.
fn to_hpa<'a>(namespace: &'a str, timeout: &'a str) -> [&'a str; 10] {
    [
        "switch",
        "isvc/bert",
        "--to",
        "hpa",
        "-y",
        "--allow-findings",
        "-n",
        namespace,
        "--timeout",
        timeout,
    ]
}

fn routed(plane: &ControlPlane, namespace: &str) -> Result<Value, Box<dyn std::error::Error>> {
    let path =
        format!("/apis/serving.knative.dev/v1/namespaces/{namespace}/services/bert-predictor");
    Ok(plane.get(&path)?["status"]["traffic"][0]["revisionName"].clone())
}

/// That it was changed, and why the new autoscaler has not taken over.
#[track_caller]
fn not_taken_over(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    for one in words {
        assert!(ran.stderr.contains(one), "{one} is not in:\n{}", ran.stderr);
    }
}

fn takes_over(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default())?;
    let ran = kscale(&to_hpa(&namespace, "60s")).on(plane).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(routed(plane, &namespace)?, "bert-predictor-00002");
    let back = [
        "switch",
        "isvc/bert",
        "--to",
        "kpa",
        "--target",
        "4",
        "-y",
        "-n",
        &namespace,
    ];
    let ran = kscale(&back).on(plane).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(routed(plane, &namespace)?, "bert-predictor-00003");
    let left = "bert-predictor-00002 gets no requests any more and holds";
    let all = [ran.stdout, ran.stderr].concat();
    assert!(all.contains(left), "{all}");
    Ok(controllers.stop()?)
}

fn pods(plane: &ControlPlane) -> Outcome {
    let no_node = "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.";
    let cases = [
        (Pods::ImagePull, "ImagePullBackOff: Back-off pulling image"),
        (Pods::Unschedulable(no_node.to_owned()), no_node),
        (Pods::Quota, "exceeded quota"),
    ];
    for (pods, words) in cases {
        let namespace = plane.namespace()?;
        let controllers = running(plane, &namespace, Script::default())?;
        controllers.change(|script| script.pods = pods);
        let ran = kscale(&to_hpa(&namespace, "4s")).on(plane).run();
        let late = "hpa has not taken over within 4 s";
        not_taken_over(
            &ran,
            &[
                late,
                words,
                "100 % of the requests go to bert-predictor-00001, as before",
            ],
        );
        assert_eq!(routed(plane, &namespace)?, "bert-predictor-00001");
        controllers.stop()?;
    }
    Ok(())
}

fn slow_pods(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default())?;
    controllers.change(|script| script.pods = Pods::Starting);
    let ran = kscale(&to_hpa(&namespace, "3s")).on(plane).run();
    not_taken_over(
        &ran,
        &["hpa has not taken over within 3 s", "0 of 4 pods ready"],
    );
    Ok(controllers.stop()?)
}

fn refused(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default())?;
    let words = "validation failed: invalid value: cpu: spec.template.metadata.annotations.autoscaling.knative.dev/metric";
    controllers.change(|script| script.refuse = Some(words.to_owned()));
    let ran = kscale(&to_hpa(&namespace, "5m")).on(plane).run();
    // Nothing is gained by five minutes.
    not_taken_over(
        &ran,
        &["hpa does not take over: Knative's webhook refuses", words],
    );
    assert_eq!(routed(plane, &namespace)?, "bert-predictor-00001");
    Ok(controllers.stop()?)
}

fn no_extension(plane: &ControlPlane) -> Outcome {
    plane.install_own_crds()?;
    install_config(plane)?;
    plane.delete(&json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "autoscaler-hpa", "namespace": "knative-serving"},
    }))?;
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default().without_extension())?;
    let ran = kscale(&to_hpa(&namespace, "5m")).on(plane).run();
    let words = [
        "hpa does not take over: bert-predictor-00002 waits for Knative's HPA extension, which is not installed",
        "PodAutoscaler/bert-predictor-00002: class hpa.autoscaling.knative.dev, no status",
        "hint: kubectl kscale install brings the HPA extension",
    ];
    not_taken_over(&ran, &words);
    assert_eq!(routed(plane, &namespace)?, "bert-predictor-00001");
    Ok(controllers.stop()?)
}

fn restless(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default())?;
    let proxy = FaultProxy::before(plane)?;
    proxy.inject(
        When::asked("GET", "watch=true").times(4),
        Fault::WatchExpired,
    );
    proxy.inject(
        When::asked("GET", "watch=true").times(6),
        Fault::CutAfter(1),
    );
    let ran = kscale(&to_hpa(&namespace, "60s"))
        .with_kubeconfig(proxy.kubeconfig())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(routed(plane, &namespace)?, "bert-predictor-00002");
    Ok(controllers.stop()?)
}

/// One list and one watch of a kind, whatever happens, and however long it takes.
fn little(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default().pace(4.0))?;
    let proxy = FaultProxy::before(plane)?;
    let ran = kscale(&to_hpa(&namespace, "60s"))
        .with_kubeconfig(proxy.kubeconfig())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for kind in [
        "revisions",
        "podautoscalers",
        "horizontalpodautoscalers",
        "deployments",
        "pods",
    ] {
        let of_it = format!(
            "/namespaces/{namespace}/{kind}?labelSelector=serving.kserve.io/inferenceservice%3Dbert"
        );
        let watch = format!("{of_it}&watch=true");
        assert_eq!(proxy.count("GET", &watch), 1, "{kind}");
        // Before the edit, at the beginning of the watch and at its end; of HPAs in two versions.
        let lists = proxy.count("GET", &of_it) - 1;
        assert!((1..=8).contains(&lists), "{kind}: {lists} lists");
    }
    Ok(controllers.stop()?)
}

/// A user who may do in a namespace what the rules say, and look around in it as far as it goes.
fn user(
    plane: &ControlPlane,
    namespace: &str,
    rules: &[(&str, &str, &[&str])],
) -> Result<String, Box<dyn std::error::Error>> {
    let user = plane.user()?;
    let rules: Vec<Value> = rules
        .iter()
        .map(|(group, resource, verbs)| json!({"apiGroups": [group], "resources": [resource], "verbs": verbs}))
        .collect();
    plane.grant(&user, Some(namespace), &rules)?;
    Ok(user)
}

const LOOK: &[&str] = &["get", "list", "watch"];

fn unread(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default())?;
    let rules: [(&str, &str, &[&str]); 5] = [
        ("serving.kserve.io", "*", &["get", "list", "watch", "patch"]),
        ("apps", "controllerrevisions", &["*"]),
        ("serving.knative.dev", "*", LOOK),
        ("autoscaling", "*", LOOK),
        ("apps", "deployments", LOOK),
    ];
    let user = user(plane, &namespace, &rules)?;
    let ran = kscale(&to_hpa(&namespace, "60s"))
        .with_kubeconfig(&plane.kubeconfig_of(&user)?)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(routed(plane, &namespace)?, "bert-predictor-00002");
    for kind in ["Pod", "PodAutoscaler"] {
        let words = format!("{kind}s cannot be read");
        let all = ran.stdout.replace("\n", " ").replace("  ", " ");
        assert!(all.contains(&words), "{words}: {all}");
    }
    Ok(controllers.stop()?)
}

fn unwatched(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let controllers = running(plane, &namespace, Script::default())?;
    let list: &[&str] = &["get", "list"];
    let rules: [(&str, &str, &[&str]); 7] = [
        ("serving.kserve.io", "*", &["get", "list", "patch"]),
        ("apps", "controllerrevisions", &["*"]),
        ("serving.knative.dev", "*", list),
        ("autoscaling.internal.knative.dev", "*", list),
        ("autoscaling", "*", list),
        ("apps", "deployments", list),
        ("", "pods", list),
    ];
    let user = user(plane, &namespace, &rules)?;
    let ran = kscale(&to_hpa(&namespace, "60s"))
        .with_kubeconfig(&plane.kubeconfig_of(&user)?)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(routed(plane, &namespace)?, "bert-predictor-00002");
    Ok(controllers.stop()?)
}
