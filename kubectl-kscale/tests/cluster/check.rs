//! `check` of a real API server.

use kscale_control_plane::{ControlPlane, FaultProxy, documents, shared};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::plane::{Asking as _, Outcome, on_fresh};
use crate::process::{Ran, fixture, kscale, root};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_fresh("check::a_bare_cluster_has_no_knative", bare),
        on_fresh("check::names_who_waits_for_the_extension", waits_for),
        on_fresh("check::waits_until_nothing_fails", waits_until),
        on_fresh("check::what_may_not_be_read_is_unknown", forbidden),
        on_fresh(
            "check::says_of_a_recording_what_it_says_of_its_files",
            recording,
        ),
    ]
}

fn report(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}{}", ran.stdout, ran.stderr))
}

/// What a check found, as `state: message`; empty where it was not made.
fn found(report: &Value, id: &str) -> String {
    let categories = report["categories"].as_array().unwrap();
    let mut checks = categories
        .iter()
        .flat_map(|category| category["checks"].as_array().unwrap());
    let check = checks.find(|check| check["id"] == id);
    check.map_or_else(String::new, |check| {
        let (state, message) = (&check["state"], &check["message"]);
        format!("{}: {}", state.as_str().unwrap(), message.as_str().unwrap())
    })
}

/// `id state` of the categories that are told by objects alone.
fn states(report: &Value) -> Vec<String> {
    let of_objects = ["knative-serving", "config-autoscaler", "hpa-extension"];
    let categories = report["categories"].as_array().unwrap();
    categories
        .iter()
        .filter(|category| of_objects.iter().any(|name| category["name"] == *name))
        .flat_map(|category| category["checks"].as_array().unwrap())
        // Nobody gathers webhooks.
        .filter(|check| check["id"] != "knative-serving/webhooks")
        .map(|check| format!("{} {}", check["id"], check["state"]))
        .collect()
}

/// The objects of a fixture of `check`, under a release of Knative whose HPAs this API server takes.
fn objects(plane: &ControlPlane, name: &str) -> Vec<Value> {
    let path = root().join(fixture(&format!("check/{name}.yaml")));
    let text = std::fs::read_to_string(path).unwrap();
    let release = if plane.version().1 < 23 {
        "1.7.4"
    } else {
        "1.21.2"
    };
    let all: Vec<Value> = serde_yaml::Deserializer::from_str(&text.replace("1.21.2", release))
        .map(|document| serde::Deserialize::deserialize(document).unwrap())
        .collect();
    // Nothing here serves metrics, so nothing is to need them.
    let kinds = ["APIService", "HorizontalPodAutoscaler"];
    all.into_iter()
        .filter(|object: &Value| !kinds.iter().any(|kind| object["kind"] == *kind))
        .collect()
}

fn bare(plane: &ControlPlane) -> Outcome {
    let ran = kscale(&["check", "-o", "json"]).on(plane).run();
    let report = report(&ran);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    assert_eq!(report["source"], "cluster");
    let (major, minor) = plane.version();
    let api = found(&report, "kubernetes/api");
    assert!(
        api.starts_with(&format!("ok: it is v{major}.{minor}")),
        "{api}"
    );
    assert_eq!(
        found(&report, "knative-serving/installed"),
        "error: there is no CustomResourceDefinition services.serving.knative.dev"
    );
    assert!(found(&report, "kserve/installed").starts_with("info: "));
    for id in ["read", "install", "switch"] {
        assert_eq!(found(&report, &format!("permissions/{id}")), "ok: ", "{id}");
    }
    let ran = kscale(&["check", "--wait", "1s", "-o", "short"])
        .on(plane)
        .run();
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    Ok(())
}

fn waits_for(plane: &ControlPlane) -> Outcome {
    plane.install_own_crds()?;
    plane.load(&objects(plane, "no-extension"))?;
    let check = || kscale(&["check", "-o", "json"]).on(plane).run();
    let ran = check();
    let before = report(&ran);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let waits = found(&before, "hpa-extension/present");
    assert!(
        waits.starts_with("error: ") && waits.contains("ml/bert-predictor-00001 of class"),
        "{waits}"
    );
    assert_eq!(
        found(&before, "config-autoscaler/values"),
        "info: max-scale is 10; by itself it is 0"
    );
    let flavour = found(&before, "kserve/crd");
    assert!(flavour.contains("is the minimal one"), "{flavour}");
    // In another namespace nobody waits.
    let ran = kscale(&["check", "-n", "default", "-o", "json"])
        .on(plane)
        .run();
    let elsewhere = found(&report(&ran), "hpa-extension/present");
    assert!(
        elsewhere.ends_with("nothing in namespace default needs it"),
        "{elsewhere}"
    );

    let healthy = objects(plane, "healthy");
    let extension = healthy
        .iter()
        .filter(|one| one["metadata"]["name"] == "autoscaler-hpa");
    plane.load(&extension.cloned().collect::<Vec<_>>())?;
    let after = report(&check());
    assert_eq!(found(&after, "hpa-extension/present"), "ok: ");
    assert_eq!(
        found(&after, "hpa-extension/waiting"),
        "warning: ml/bert-predictor-00001: nobody has acted on it yet"
    );
    Ok(())
}

fn waits_until(plane: &ControlPlane) -> Outcome {
    plane.install_own_crds()?;
    let healthy = objects(plane, "healthy");
    let (extension, rest): (Vec<Value>, Vec<Value>) = healthy
        .into_iter()
        .partition(|one| one["metadata"]["name"] == "autoscaler-hpa");
    plane.load(&rest)?;
    let proxy = FaultProxy::before(plane)?;
    let ran = std::thread::scope(|scope| {
        let run =
            kscale(&["check", "--wait", "5m", "-o", "json"]).with_kubeconfig(proxy.kubeconfig());
        let waiting = scope.spawn(move || run.run());
        // The second look begins only where the first one found something wrong.
        let limit = Instant::now() + Duration::from_secs(120);
        while proxy.count("GET", "/version") < 2 && Instant::now() < limit {
            std::thread::sleep(Duration::from_millis(50));
        }
        plane.load(&extension).map(|()| waiting.join().unwrap())
    })?;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    assert_eq!(report(&ran)["success"], true);
    assert!(proxy.count("GET", "/version") >= 2);
    Ok(())
}

fn forbidden(plane: &ControlPlane) -> Outcome {
    plane.install_own_crds()?;
    plane.load(&objects(plane, "no-extension"))?;
    let user = plane.user()?;
    let file = plane.kubeconfig_of(&user)?;
    let check = |more: &[&str]| {
        let arguments = [&["check", "-o", "json"], more].concat();
        kscale(&arguments).with_kubeconfig(&file).run()
    };
    let ran = check(&[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let seen = report(&ran);
    assert_eq!(seen["summary"]["error"], 0);
    let extension = found(&seen, "hpa-extension/present");
    assert!(
        extension.starts_with("skipped: unknown, because ") && extension.contains("forbidden"),
        "{extension}"
    );
    let switch = found(&seen, "permissions/switch");
    assert!(
        switch.contains("may not get inferenceservices.serving.kserve.io"),
        "{switch}"
    );
    // Before install, its permissions must be there.
    let ran = check(&["--pre"]);
    let before = report(&ran);
    assert_eq!(ran.code, 1);
    assert!(found(&before, "permissions/install").starts_with("error: "));

    let all = json!({"apiGroups": ["", "apps"], "resources": ["deployments", "services"], "verbs": ["*"]});
    plane.grant(&user, Some("knative-serving"), &[all])?;
    let after = report(&check(&["--pre"]));
    assert_eq!(found(&after, "permissions/install"), "ok: ");
    Ok(())
}

fn recording(plane: &ControlPlane) -> Outcome {
    let Some(folder) = shared().map(|shared| shared.join("recordings/03-hpa-no-extension-new"))
    else {
        return Ok(());
    };
    plane.install_crds()?;
    let files = ["facts.yaml", "step-2-stuck.yaml"].map(|name| folder.join(name));
    for file in &files {
        plane.load(&documents(file)?)?;
    }
    let text = |file: &Path| file.to_string_lossy().into_owned();
    let (facts, step) = (text(&files[0]), text(&files[1]));
    let of_files = kscale(&["check", "-o", "json", "--facts", &facts, "--facts", &step]).run();
    let live = kscale(&["check", "-o", "json"]).on(plane).run();
    assert_eq!(states(&report(&live)), states(&report(&of_files)));
    // The real definition, which files of a recording do not hold.
    let flavour = found(&report(&live), "kserve/crd");
    assert!(flavour.contains("is the full one"), "{flavour}");
    Ok(())
}
