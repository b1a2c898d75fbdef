//! What `install` does to a cluster, and what it leaves alone.

use kscale_control_plane::{ControlPlane, FaultProxy};
use libtest_mimic::Trial;
use serde_json::json;

use super::ground::{
    LABEL, assert_absent, assert_installed, deployment, install, install_through, kept, knative,
    program, service,
};
use crate::plane::{Outcome, on_fresh, on_shared};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("install::installs_the_release_that_runs", installs),
        on_shared("install::changes_nothing_the_second_time", again),
        on_shared(
            "install::goes_from_any_release_to_any_other",
            other_releases,
        ),
        on_shared("install::completes_what_was_begun", completes),
        on_shared("install::leaves_alone_what_others_own", conflicts),
        on_shared("install::sends_nothing_that_is_kept_on_a_dry_run", dry_runs),
        on_shared("install::prints_objects_and_nothing_else", prints),
        on_shared("install::takes_the_image_from_a_mirror", mirror),
        on_shared(
            "install::goes_by_the_controller_during_an_upgrade",
            upgrading,
        ),
        on_fresh("install::installs_into_a_whole_knative", whole_knative),
    ]
}

fn installs(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.12.4")?;
    let ran = install(plane, &namespace, &["-y"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let said = format!(
        "Knative Serving 1.12.4 runs in namespace {namespace}, says Deployment controller\n"
    );
    assert!(ran.stdout.starts_with(&said), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("\nThis installs autoscaler-hpa 1.12.4: "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("\n+kind: Deployment\n"),
        "{}",
        ran.stdout
    );
    let done = "\ndeployment.apps/autoscaler-hpa created\nservice/autoscaler-hpa created\n";
    // What other tests have left stuck may follow.
    assert!(ran.stdout.contains(done), "{}", ran.stdout);
    assert_installed(plane, &namespace, "1.12.4");
    Ok(())
}

fn again(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    assert_eq!(install(plane, &namespace, &["-y"]).code, 0);
    let before = plane.read(&deployment(&namespace))?;
    let proxy = FaultProxy::before(plane)?;
    // Nobody needs to be asked.
    let ran = install_through(&proxy, &namespace, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let said = "autoscaler-hpa 1.23.0 is already installed; nothing was changed.\n";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
    assert_eq!(kept(&proxy), Vec::<String>::new());
    assert_eq!(plane.read(&deployment(&namespace))?, before);
    Ok(())
}

/// Each of these has something that its neighbours have not.
fn other_releases(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let mut said = Vec::new();
    for version in [
        "1.23.0", "1.0.0", "1.3.2", "1.8.0", "1.23.0", "1.9.4", "1.10.0", "1.12.4",
    ] {
        let ran = install(plane, &namespace, &["-y", "--version", version]);
        assert_eq!(ran.code, 0, "{version}: {}", ran.stderr);
        assert_installed(plane, &namespace, version);
        let plan = ran.stdout.lines().find(|line| line.starts_with("This "));
        said.push(plan.unwrap().split(':').next().unwrap().to_owned());
    }
    insta::assert_snapshot!(said.join("\n"), @"
    This installs autoscaler-hpa 1.23.0
    This downgrades autoscaler-hpa from 1.23.0 to 1.0.0
    This upgrades autoscaler-hpa from 1.0.0 to 1.3.2
    This upgrades autoscaler-hpa from 1.3.2 to 1.8.0
    This upgrades autoscaler-hpa from 1.8.0 to 1.23.0
    This downgrades autoscaler-hpa from 1.23.0 to 1.9.4
    This upgrades autoscaler-hpa from 1.9.4 to 1.10.0
    This upgrades autoscaler-hpa from 1.10.0 to 1.12.4
    ");
    Ok(())
}

fn completes(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    install(plane, &namespace, &["-y"]);
    plane.delete(&service(&namespace))?;
    let ran = install(plane, &namespace, &["-y"]);
    let done = "deployment.apps/autoscaler-hpa unchanged\nservice/autoscaler-hpa created\n";
    assert!(ran.stdout.contains(done), "{}", ran.stdout);
    plane.delete(&deployment(&namespace))?;
    let ran = install(plane, &namespace, &["-y"]);
    assert!(
        ran.stdout
            .contains("\nThis completes autoscaler-hpa 1.23.0"),
        "{}",
        ran.stdout
    );
    assert_installed(plane, &namespace, "1.23.0");
    Ok(())
}

fn conflicts(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    install(plane, &namespace, &["-y"]);
    let container = json!({"name": "autoscaler-hpa", "image": "own/autoscaler-hpa:1"});
    let spec = json!({"template": {"spec": {"containers": [container]}}});
    let mut own = deployment(&namespace);
    own["spec"] = spec;
    plane.apply(&[own.clone()])?;
    let ran = install(plane, &namespace, &["-y"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let owner = "error: deployment.apps/autoscaler-hpa cannot be applied: others own what would change: \
        test owns .spec.template.spec.containers[name=\"autoscaler-hpa\"].image\n";
    assert!(ran.stderr.starts_with(owner), "{}", ran.stderr);
    assert!(ran.stderr.contains("--force-conflicts"), "{}", ran.stderr);
    let image = "/spec/template/spec/containers/0/image";
    assert_eq!(
        plane.read(&own)?.pointer(image),
        Some(&json!("own/autoscaler-hpa:1"))
    );
    let ran = install(plane, &namespace, &["-y", "--force-conflicts"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("‼ takes over from test: "),
        "{}",
        ran.stdout
    );
    assert_installed(plane, &namespace, "1.23.0");
    Ok(())
}

fn dry_runs(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let proxy = FaultProxy::before(plane)?;
    let ran = install_through(&proxy, &namespace, &["--dry-run"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let done = "deployment.apps/autoscaler-hpa created (client dry run)\nservice/autoscaler-hpa created (client dry run)\n";
    assert!(ran.stdout.ends_with(done), "{}", ran.stdout);
    assert_eq!(
        proxy.count("PATCH", ""),
        0,
        "a dry run of the client's sends nothing"
    );
    let ran = install_through(&proxy, &namespace, &["--dry-run=server"]);
    assert!(
        ran.stdout
            .ends_with("service/autoscaler-hpa created (server dry run)\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(proxy.count("PATCH", "dryRun=All"), 2);
    assert_eq!(kept(&proxy), Vec::<String>::new());
    assert_absent(plane, &namespace);
    Ok(())
}

fn prints(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.12.4")?;
    let names = "deployment.apps/autoscaler-hpa\nservice/autoscaler-hpa\n";
    let ran = install(plane, &namespace, &["--dry-run=server", "-o", "name"]);
    assert_eq!(
        (ran.stdout.as_str(), ran.code),
        (names, 0),
        "{}",
        ran.stderr
    );
    let client = install(plane, &namespace, &["--dry-run=client", "-o", "yaml"]);
    let offline = [
        "--offline",
        "--version",
        "1.12.4",
        "--dry-run=client",
        "-o",
        "yaml",
    ];
    assert_eq!(client.stdout, install(plane, &namespace, &offline).clean());
    let ran = install(plane, &namespace, &["-y", "-o", "json"]);
    let list: serde_json::Value = serde_json::from_str(&ran.stdout)?;
    assert_eq!(list["kind"], "List");
    let there = plane.read(&deployment(&namespace))?;
    assert_eq!(
        list["items"][0]["metadata"]["uid"],
        there["metadata"]["uid"]
    );
    assert!(list["items"][0]["metadata"]["managedFields"].is_null());
    Ok(())
}

fn mirror(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.12.4")?;
    install(
        plane,
        &namespace,
        &["-y", "--image-registry", "reg.example/m"],
    );
    let image = "/spec/template/spec/containers/0/image";
    let there = plane.read(&deployment(&namespace))?;
    let there = there.pointer(image).unwrap().as_str().unwrap();
    assert!(
        there.starts_with("reg.example/m/autoscaler-hpa@sha256:f5d84faf112d"),
        "{there}"
    );
    let ran = install(plane, &namespace, &["-y"]);
    assert!(
        ran.stdout.contains("\nThis changes autoscaler-hpa 1.12.4"),
        "{}",
        ran.stdout
    );
    Ok(())
}

fn upgrading(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.22.1")?;
    let label = json!({"metadata": {"labels": {LABEL: "1.23.0"}}});
    plane.patch(&program(&namespace, "webhook", ""), &label)?;
    let ran = install(plane, &namespace, &["-y"]);
    assert_eq!(ran.code, 0);
    assert_installed(plane, &namespace, "1.22.1");
    let warning = "warning: not everything tells the same version of Knative Serving: Deployment controller 1.22.1, Deployment webhook 1.23.0";
    assert!(ran.stderr.starts_with(warning), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("an upgrade seems to be under way"),
        "{}",
        ran.stderr
    );
    Ok(())
}

/// Where the reference manifests are not at hand there is nothing to install into; the other tests have a Knative of ours.
fn whole_knative(plane: &ControlPlane) -> Outcome {
    if !plane.install_knative()? {
        return Ok(());
    }
    let ran = install(plane, "knative-serving", &["-y"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_installed(plane, "knative-serving", "1.23.0");
    assert!(!ran.stdout.contains('×'), "{}", ran.stdout);
    Ok(())
}
