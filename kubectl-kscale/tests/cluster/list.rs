//! `list`.

use kscale_control_plane::{ControlPlane, Fault, FaultProxy, When};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::plane::{Asking as _, Outcome, on_fresh, on_shared};
use crate::process::kscale;
use crate::workloads::{isvc, scaler, three};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("list::tells_what_scales_each_component", tells),
        on_shared("list::selects_as_kubectl_does", selects),
        on_shared("list::counts_pods_of_all_revisions", counts),
        on_shared("list::names_and_data_fit_their_schema", data),
        on_shared("list::says_who_may_not", forbidden),
        on_fresh(
            "list::goes_page_by_page_and_over_a_page_that_is_too_old",
            pages,
        ),
        on_fresh("list::of_a_cluster_without_kserve_is_empty", empty),
    ]
}

fn tells(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let ran = kscale(&["list", "-n", &namespace]).on(plane).run();
    insta::assert_snapshot!(ran.clean(), @"
    NAME   COMPONENT   MODE       AUTOSCALER    METRIC        TARGET   MIN   MAX   NOW         FINDINGS
    bert   predictor   Knative    kpa           concurrency   10       1     5     <unknown>   -
    cpu    predictor   Knative    knative-hpa   cpu           75%      1     3     <unknown>   1 error
    std    predictor   Standard   hpa           cpu           80%      2     4     <unknown>   1 error
    ");
    Ok(())
}

fn selects(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let names = |more: &[&str]| {
        let arguments = [&["list", "-n", &namespace, "-o", "name"], more].concat();
        let stdout = kscale(&arguments).on(plane).run().stdout;
        let names = stdout.lines().filter_map(|line| line.split_once('/'));
        names.map(|(_, name)| name.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&[]), ["bert", "cpu", "std"]);
    assert_eq!(names(&["-l", "team=search"]), ["bert", "cpu"]);
    assert_eq!(names(&["-l", "team notin (search)"]), ["std"]);
    assert_eq!(names(&["--autoscaler", "hpa,kpa"]), ["bert", "std"]);
    assert_eq!(names(&["isvc", "cpu"]), ["cpu"]);
    assert_eq!(names(&["ksvc"]), [""; 0]);
    let all = kscale(&["list", "-A", "-o", "name"]).on(plane).run().stdout;
    assert!(all.lines().count() >= 3, "{all}");
    let wrong = kscale(&["list", "-l", "team in (a"]).on(plane).run();
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    Ok(())
}

fn counts(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let mut second = scaler(&namespace, "bert", Some(2));
    second["metadata"]["name"] = "bert-predictor-00002".into();
    let stuck = scaler(&namespace, "cpu", None);
    let labels = stuck["metadata"]["labels"].clone();
    let deployment = |name: &str, labels: &Value| {
        json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": { "name": name, "namespace": namespace, "labels": labels },
            "spec": {
                "selector": { "matchLabels": { "app": name } },
                "template": {
                    "metadata": { "labels": { "app": name } },
                    "spec": { "containers": [{ "name": "a", "image": "a" }] },
                },
            },
            "status": { "replicas": 4, "readyReplicas": 4, "observedGeneration": 1 },
        })
    };
    let standard = json!({ "component": "predictor", "serving.kserve.io/inferenceservice": "std" });
    let of_stuck = deployment("cpu-predictor-00001-deployment", &labels);
    plane.load(&[
        scaler(&namespace, "bert", Some(3)),
        second,
        stuck,
        of_stuck,
        deployment("std-predictor", &standard),
    ])?;
    let now = |more: &[&str]| {
        let arguments = [&["list", "-n", &namespace, "-o", "json"], more].concat();
        let list = kscale(&arguments).on(plane).run().clean();
        let list: Value = serde_json::from_str(&list).unwrap();
        let items = list["items"].as_array().unwrap().iter();
        items.map(|row| row["now"].as_i64()).collect::<Vec<_>>()
    };
    // Where no PodAutoscaler tells, the Deployment of the revision does.
    assert_eq!(now(&[]), [Some(5), Some(4), Some(4)]);
    // From a snapshot, the same.
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("snapshot.yaml");
    let file = file.to_str().unwrap();
    let written = kscale(&["snapshot", "-n", &namespace, "-o", file])
        .on(plane)
        .run();
    assert_eq!(written.code, 0, "{}", written.stderr);
    assert_eq!(now(&["--facts", file]), [Some(5), Some(4), Some(4)]);
    Ok(())
}

fn data(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let schema = kscale(&["generate", "list-schema"]).run().clean();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema)?)?;
    let list = kscale(&["list", "-n", &namespace, "-o", "json"])
        .on(plane)
        .run()
        .clean();
    let list: Value = serde_json::from_str(&list)?;
    schema.validate(&list).map_err(|error| error.to_string())?;
    assert_eq!(list["facts"]["source"], "cluster");
    assert_eq!(list["items"][1]["autoscaler"], "knative-hpa");
    let yaml = kscale(&["list", "-n", &namespace, "-o", "yaml"])
        .on(plane)
        .run()
        .clean();
    assert_eq!(serde_yaml::from_str::<Value>(&yaml)?, list);
    Ok(())
}

fn forbidden(plane: &ControlPlane) -> Outcome {
    let (user, namespace) = (plane.user()?, plane.namespace()?);
    three(plane, &namespace)?;
    let file = plane.kubeconfig_of(&user)?;
    let ran = kscale(&["list", "-n", &namespace])
        .with_kubeconfig(&file)
        .run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("InferenceServices cannot be listed"),
        "{}",
        ran.stderr
    );
    let rule = |group: &str, resource: &str| json!({ "apiGroups": [group], "resources": [resource], "verbs": ["get", "list"] });
    let rules = [
        rule("serving.kserve.io", "inferenceservices"),
        rule("serving.kserve.io", "inferencegraphs"),
        rule("serving.knative.dev", "services"),
    ];
    for rule in rules {
        plane.grant(&user, Some(&namespace), &[rule])?;
    }
    let ran = kscale(&["list", "-n", &namespace])
        .with_kubeconfig(&file)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // What may not be read is unknown, and said to be assumed.
    assert!(ran.stdout.contains("<unknown>"), "{}", ran.stdout);
    assert!(
        ran.stderr
            .contains("ConfigMap knative-serving/config-autoscaler could not be read"),
        "{}",
        ran.stderr
    );
    Ok(())
}

fn pages(plane: &ControlPlane) -> Outcome {
    plane.install_own_crds()?;
    let namespace = plane.namespace()?;
    let name = |number: usize| format!("m{number:04}");
    let all: Vec<Value> = (0..1203)
        .map(|number| isvc(&namespace, &name(number), &json!({}), &json!({})))
        .collect();
    plane.load(&all)?;
    let proxy = FaultProxy::before(plane)?;
    let list = || {
        kscale(&["list", "-A", "-o", "name"])
            .with_kubeconfig(proxy.kubeconfig())
            .run()
    };
    let ran = list();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 1203);
    assert_eq!(proxy.count("GET", "/inferenceservices?limit=500"), 3);
    // A page that cannot be had is no shorter list.
    proxy.inject(
        When::asked("GET", "/inferenceservices?limit=500&continue").after(1),
        Fault::Status(500),
    );
    let ran = list();
    assert_ne!(ran.code, 0);
    assert_eq!(ran.stdout, "");
    Ok(())
}

fn empty(plane: &ControlPlane) -> Outcome {
    let ran = kscale(&["list", "-A"]).on(plane).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("no workload in any namespace"),
        "{}",
        ran.stderr
    );
    Ok(())
}
