//! `explain` and `snapshot` of what is in a cluster.

use kscale_control_plane::{ControlPlane, FaultProxy, documents, shared};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::path::Path;

use crate::plane::{Asking as _, Outcome, on_fresh, on_shared};
use crate::process::{Ran, kscale};
use crate::workloads::{isvc, scaler, three};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("explain::tells_what_is_there_and_what_is_observed", tells),
        on_shared("explain::selects_as_kubectl_does", selects),
        on_shared("explain::says_what_is_not_there", not_found),
        on_shared("explain::assumes_what_may_not_be_read", forbidden),
        on_shared("explain::judges_manifests_under_the_cluster", manifests),
        on_shared("explain::asks_each_fact_once", once),
        on_shared("snapshot::stands_for_the_cluster", stands_for),
        on_shared("snapshot::holds_no_secret", no_secret),
        on_shared("snapshot::replaces_a_file_or_leaves_it", replaces),
        on_fresh(
            "explain::answers_from_a_recording_as_from_the_cluster",
            recordings,
        ),
    ]
}

fn json_of(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn tells(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    plane.load(&[scaler(&namespace, "bert", Some(2))])?;
    let ran = kscale(&["explain", "isvc/bert", "-n", &namespace])
        .on(plane)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let said = &ran.stdout;
    assert!(
        said.contains("Knative KPA on concurrency: 10 at a time per pod, aims at 7"),
        "{said}"
    );
    let list = json_of(
        &kscale(&["explain", "isvc/bert", "-n", &namespace, "-o", "json"])
            .on(plane)
            .run(),
    );
    assert_eq!(list["facts"]["source"], "cluster");
    let item = &list["items"][0];
    assert_eq!(item["object"]["origin"], "cluster");
    assert!(item["observed"].is_object(), "{item}");
    Ok(())
}

fn selects(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let names = |more: &[&str]| {
        let arguments = [&["explain", "-n", &namespace, "-o", "name"], more].concat();
        kscale(&arguments)
            .on(plane)
            .run()
            .stdout
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let full = |name: &str| format!("inferenceservice.serving.kserve.io/{name}");
    assert_eq!(names(&["isvc"]), [full("bert"), full("cpu"), full("std")]);
    assert_eq!(
        names(&["inferenceservice", "cpu", "bert"]),
        [full("bert"), full("cpu")]
    );
    assert_eq!(names(&["isvc/cpu", "isvc/std"]), [full("cpu"), full("std")]);
    assert_eq!(names(&["-l", "team=ads"]), [full("std")]);
    let wrong = |arguments: &[&str]| {
        kscale(&[&["explain"], arguments].concat())
            .on(plane)
            .run()
            .code
    };
    assert_eq!(wrong(&["isvc/a", "-A"]), 2);
    assert_eq!(wrong(&["isvc/a", "-l", "a=b"]), 2);
    assert_eq!(wrong(&["pods"]), 2);
    assert_eq!(wrong(&["isvc/a", "--offline"]), 2);
    Ok(())
}

fn not_found(plane: &ControlPlane) -> Outcome {
    let (namespace, other) = (plane.namespace()?, plane.namespace()?);
    three(plane, &namespace)?;
    let ran = kscale(&["explain", "isvc/bert", "-n", &other])
        .on(plane)
        .run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr
            .contains(&format!("isvc/bert is not in namespace {other}")),
        "{}",
        ran.stderr
    );
    Ok(())
}

fn forbidden(plane: &ControlPlane) -> Outcome {
    let (user, namespace) = (plane.user()?, plane.namespace()?);
    three(plane, &namespace)?;
    let file = plane.kubeconfig_of(&user)?;
    let ask = || {
        kscale(&["explain", "isvc/bert", "-n", &namespace, "-o", "json"])
            .with_kubeconfig(&file)
            .run()
    };
    let ran = ask();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let rule = json!({ "apiGroups": ["serving.kserve.io"], "resources": ["inferenceservices"], "verbs": ["get"] });
    plane.grant(&user, Some(&namespace), &[rule])?;
    let list = json_of(&ask());
    let assumed = list["facts"]["assumed"].to_string();
    assert!(assumed.contains("config-autoscaler"), "{assumed}");
    assert!(assumed.contains("forbidden"), "{assumed}");
    assert_eq!(list["items"][0]["components"][0]["autoscaler"], "kpa");
    Ok(())
}

fn manifests(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("model.yaml");
    let mut object = isvc(&namespace, "bert", &json!({}), &json!({}));
    object["metadata"]
        .as_object_mut()
        .unwrap()
        .remove("namespace");
    std::fs::write(&file, serde_yaml::to_string(&object)?)?;
    let file = file.to_str().unwrap();
    let ask = |more: &[&str]| {
        let arguments = [&["explain", "-f", file, "-o", "json"], more].concat();
        json_of(&kscale(&arguments).on(plane).run())
    };
    assert_eq!(ask(&[])["facts"]["source"], "cluster");
    // The namespace of the kubeconfig's context, which is nothing that is assumed.
    assert_eq!(ask(&[])["items"][0]["object"]["namespace"], "default");
    assert_eq!(ask(&["--offline"])["facts"]["source"], "defaults");
    // A cluster that cannot be asked is said, and the answer comes.
    let ran = kscale(&[
        "explain",
        "-f",
        file,
        "-o",
        "json",
        "-s",
        "http://127.0.0.1:1",
    ])
    .on(plane)
    .run();
    assert!(
        ran.stderr.contains("the cluster is not asked"),
        "{}",
        ran.stderr
    );
    assert_eq!(json_of(&ran)["facts"]["source"], "defaults");
    Ok(())
}

fn once(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let proxy = FaultProxy::before(plane)?;
    let ran = kscale(&["explain", "isvc/bert", "-n", &namespace])
        .with_kubeconfig(proxy.kubeconfig())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut asked: Vec<String> = proxy.asked().iter().map(|one| one.path.clone()).collect();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all, "{asked:#?}");
    assert!(proxy.writes().is_empty());
    Ok(())
}

/// Everything but when it was asked.
fn comparable(mut list: Value) -> Value {
    list["facts"]["source"] = "".into();
    for item in list["items"].as_array_mut().unwrap() {
        item["object"]["origin"] = "".into();
    }
    list
}

fn stands_for(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    plane.load(&[
        scaler(&namespace, "bert", Some(2)),
        scaler(&namespace, "cpu", None),
    ])?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("snapshot.yaml");
    let file = file.to_str().unwrap();
    let written = kscale(&["snapshot", "-n", &namespace, "-o", file])
        .on(plane)
        .run();
    assert_eq!(
        (written.code, written.stdout.as_str()),
        (0, ""),
        "{}",
        written.stderr
    );
    let ask = |more: &[&str]| {
        let arguments = [&["explain", "isvc", "-n", &namespace, "-o", "json"], more].concat();
        comparable(json_of(&kscale(&arguments).on(plane).run()))
    };
    assert_eq!(ask(&[]), ask(&["--facts", file]));
    let list = |more: &[&str]| {
        let arguments = [&["list", "-n", &namespace, "-o", "wide"], more].concat();
        kscale(&arguments).on(plane).run().clean()
    };
    assert_eq!(list(&[]), list(&["--facts", file]));
    Ok(())
}

fn no_secret(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let snapshot = kscale(&["snapshot", "-n", &namespace])
        .on(plane)
        .run()
        .clean();
    assert!(
        snapshot.contains("HF_KEY") && snapshot.contains("name: bert"),
        "{snapshot}"
    );
    for word in ["s3cr3t", "managedFields", "last-applied", "kind: Secret"] {
        assert!(!snapshot.contains(word), "{word}");
    }
    assert!(snapshot.starts_with("apiVersion: kscale.dev/v1alpha1\nkind: Snapshot\n"));
    Ok(())
}

fn replaces(plane: &ControlPlane) -> Outcome {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("snapshot.yaml");
    std::fs::write(&file, "before")?;
    let path = file.to_str().unwrap();
    let ran = kscale(&["snapshot", "-o", path, "-s", "http://127.0.0.1:1"])
        .on(plane)
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(&file)?, "before");
    let ran = kscale(&["snapshot", "-o", path]).on(plane).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(std::fs::read_to_string(&file)?.contains("kind: Snapshot"));
    Ok(())
}

/// Each recorded situation, laid into the API server: live, the causes are those of the recording.
fn recordings(plane: &ControlPlane) -> Outcome {
    let Some(folder) = shared().map(|shared| shared.join("recordings")) else {
        return Ok(());
    };
    plane.install_crds()?;
    let scenarios = std::fs::read_dir(&folder)?.filter_map(Result::ok);
    let mut scenarios: Vec<_> = scenarios
        .map(|one| one.path())
        .filter(|one| one.is_dir())
        .collect();
    scenarios.sort();
    assert!(scenarios.len() >= 12);
    for scenario in scenarios {
        let facts = scenario.join("facts.yaml");
        let files = std::fs::read_dir(&scenario)?
            .filter_map(Result::ok)
            .map(|one| one.path());
        let step = files
            .filter(|file| file.to_string_lossy().contains("/step-"))
            .max();
        let step = step.ok_or("a scenario without steps")?;
        forget(plane)?;
        plane.load(&documents(&facts)?)?;
        let objects = documents(&step)?;
        plane.load(&objects)?;
        let namespace = objects[0]["metadata"]["namespace"]
            .as_str()
            .unwrap_or_default();
        let ask = |more: &[&str]| {
            let arguments = [&["explain", "isvc", "-n", namespace, "-o", "json"], more].concat();
            json_of(&kscale(&arguments).on(plane).run())
        };
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let recorded = causes(&ask(&["--facts", &path(&step), "--facts", &path(&facts)]));
        assert!(!recorded.is_empty(), "{}", step.display());
        assert_eq!(causes(&ask(&[])), recorded, "{}", step.display());
    }
    Ok(())
}

/// What the scenario before has left of the cluster itself.
fn forget(plane: &ControlPlane) -> Outcome {
    for (group, of) in [("apps/v1", "deployments"), ("v1", "pods")] {
        let api = if group == "v1" { "api" } else { "apis" };
        let path = format!("/{api}/{group}/namespaces/knative-serving/{of}?gracePeriodSeconds=0");
        plane.client().ask("DELETE", &path, "", None)?;
    }
    for name in ["v1beta1.metrics.k8s.io", "v1beta1.custom.metrics.k8s.io"] {
        let path = format!("/apis/apiregistration.k8s.io/v1/apiservices/{name}");
        // Most scenarios have none.
        plane.client().send("DELETE", &path, "", None)?;
    }
    Ok(())
}

/// What is going on, by its name, object by object.
fn causes(list: &Value) -> Vec<Value> {
    let of = |item: &Value| {
        let causes = item["observed"]["causes"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let slugs: Vec<Value> = causes.iter().map(|cause| cause["slug"].clone()).collect();
        json!([item["object"]["name"], slugs])
    };
    list["items"].as_array().unwrap().iter().map(of).collect()
}
