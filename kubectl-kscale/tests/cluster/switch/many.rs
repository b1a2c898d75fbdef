//! Several objects at once.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use kscale_control_plane::{ControlPlane, Error, Fault, FaultProxy, When};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::ground::{is_switched, named, switch, switch_through};
use crate::plane::{Asking, Outcome, on_shared};
use crate::process::kscale;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("switch::stops_at_the_first_failure", first),
        on_shared("switch::goes_on_with_the_others_where_wished", keep_going),
        on_shared("switch::two_hundred_at_once", two_hundred),
        on_shared("switch::leaves_out_what_kserve_made", made_by_kserve),
        on_shared("switch::says_at_an_interruption_what_was_done", interrupted),
    ]
}

const ALL: [&str; 7] = ["isvc", "-l", "team=search", "--to", "kpa", "--target", "10"];

fn several(plane: &ControlPlane, names: &[&str]) -> Result<(String, Vec<Value>), Error> {
    let namespace = plane.namespace()?;
    let objects: Vec<Value> = names.iter().map(|name| named(&namespace, name)).collect();
    plane.create_all(&objects)?;
    Ok((namespace, objects))
}

/// With `NS` for the namespace, in columns as wide as its heading: the names of namespaces are not all of one length.
fn of_any_namespace(text: &str, namespace: &str) -> String {
    let row = |line: &str| match line.strip_prefix(namespace) {
        Some(rest) => format!("NS          {}", rest.trim_start()),
        None if line.starts_with("NAMESPACE ") => {
            let rest = line.trim_start_matches("NAMESPACE").trim_start();
            format!("NAMESPACE   {rest}")
        }
        None => line.replace(namespace, "NS"),
    };
    let rows: Vec<String> = text.split('\n').map(row).collect();
    rows.join("\n")
}

/// The edit of the second is refused, though the try was not.
fn second_fails(plane: &ControlPlane) -> Result<FaultProxy, Error> {
    let proxy = FaultProxy::before(plane)?;
    let second = When::asked("PATCH", "/inferenceservices/b?").after(1);
    proxy.inject(second, Fault::Status(403));
    Ok(proxy)
}

fn first(plane: &ControlPlane) -> Outcome {
    let (namespace, objects) = several(plane, &["a", "b", "c"])?;
    let proxy = second_fails(plane)?;
    let ran = switch_through(&proxy, &namespace, &ALL);
    assert_eq!(ran.code, 3);
    let done: Vec<bool> = objects.iter().map(|one| is_switched(plane, one)).collect();
    assert_eq!(done, [true, false, false]);
    let told = format!("{}{}", ran.stderr, after_plan(&ran.stdout));
    insta::assert_snapshot!(of_any_namespace(&told, &namespace), @"
    error: isvc/b in namespace NS cannot be changed: the proxy forbids this request
    isvc/a in namespace NS switched to kpa; whether it takes over is not waited for

    NAMESPACE   OBJECT   RESULT
    NS          isvc/a   switched to kpa
    NS          isvc/b   not changed
    NS          isvc/c   not begun
    The same command again goes on with what is not begun.
    ");
    proxy.heal();
    let ran = switch_through(&proxy, &namespace, &ALL);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(of_any_namespace(&after_plan(&ran.stdout), &namespace), @"
    isvc/b in namespace NS switched to kpa; whether it takes over is not waited for
    isvc/c in namespace NS switched to kpa; whether it takes over is not waited for

    NAMESPACE   OBJECT   RESULT
    NS          isvc/b   switched to kpa
    NS          isvc/c   switched to kpa
    NS          isvc/a   already so
    ");
    assert!(objects.iter().all(|one| is_switched(plane, one)));
    Ok(())
}

/// What is said once the plans are shown.
fn after_plan(stdout: &str) -> String {
    let lines = stdout
        .lines()
        .skip_while(|line| !line.contains(" switched to "));
    lines.map(|line| format!("{line}\n")).collect()
}

fn keep_going(plane: &ControlPlane) -> Outcome {
    let (namespace, objects) = several(plane, &["a", "b", "c"])?;
    let proxy = second_fails(plane)?;
    let ran = switch_through(&proxy, &namespace, &[&ALL, &["--keep-going"][..]].concat());
    assert_eq!(ran.code, 3);
    let done: Vec<bool> = objects.iter().map(|one| is_switched(plane, one)).collect();
    assert_eq!(done, [true, false, true]);
    // One that would be refused stops all, before anything is changed; or is left out.
    let (namespace, objects) = several(plane, &["a", "b", "c"])?;
    let proxy = FaultProxy::before(plane)?;
    proxy.inject(
        When::asked("PATCH", "/inferenceservices/b?"),
        Fault::Status(403),
    );
    let ran = switch_through(&proxy, &namespace, &ALL);
    assert_eq!(ran.code, 3);
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NS"), @"
    error: isvc/b in namespace NS cannot be changed: the proxy forbids this request
    error: nothing was changed: 1 of 3 objects cannot be changed
    hint: --keep-going changes those that can be
    ");
    assert!(!objects.iter().any(|one| is_switched(plane, one)));
    let ran = switch_through(&proxy, &namespace, &[&ALL, &["--keep-going"][..]].concat());
    assert_eq!(ran.code, 3);
    let done: Vec<bool> = objects.iter().map(|one| is_switched(plane, one)).collect();
    assert_eq!(done, [true, false, true]);
    assert!(ran.stdout.contains("would be refused"), "{}", ran.stdout);
    Ok(())
}

fn two_hundred(plane: &ControlPlane) -> Outcome {
    const COUNT: usize = 200;
    let namespace = plane.namespace()?;
    let names: Vec<String> = (0..COUNT).map(|number| format!("m{number:03}")).collect();
    let objects: Vec<Value> = names.iter().map(|name| named(&namespace, name)).collect();
    plane.create_all(&objects)?;
    let mut other = named(&namespace, "other");
    other["metadata"]["labels"] = json!({"team": "ads"});
    plane.create(&other)?;
    // One question for all of them.
    let asked = kscale(&[&["switch", "-n", &namespace], &ALL[..]].concat())
        .on(plane)
        .run();
    assert_eq!(asked.code, 2);
    assert!(
        asked.stderr.contains("no terminal to ask on"),
        "{}",
        asked.stderr
    );
    let proxy = FaultProxy::before(plane)?;
    let ran = switch_through(
        &proxy,
        &namespace,
        &[&ALL, &["--parallel", "4"][..]].concat(),
    );
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(objects.iter().all(|one| is_switched(plane, one)));
    assert!(!is_switched(plane, &other));
    let reviews = proxy.count("POST", "selfsubjectaccessreviews");
    assert!(reviews < 10, "rights are asked for once: {reviews}");
    let table = ran.stdout.split("OBJECT").last().unwrap();
    assert_eq!(table.matches("switched to kpa").count(), COUNT);
    Ok(())
}

fn made_by_kserve(plane: &ControlPlane) -> Outcome {
    let (namespace, objects) = several(plane, &["a"])?;
    let uid = plane.read(&objects[0])?["metadata"]["uid"].clone();
    plane.create(&json!({
        "apiVersion": "serving.knative.dev/v1", "kind": "Service",
        "metadata": {
            "name": "a-predictor", "namespace": namespace, "labels": {"team": "search"},
            "ownerReferences": [{
                "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
                "name": "a", "uid": uid, "controller": true,
            }],
        },
        "spec": {"template": {"spec": {"containers": [{"image": "a"}]}}},
    }))?;
    let proxy = FaultProxy::before(plane)?;
    let arguments = ["-l", "team=search", "--to", "kpa", "--target", "10"];
    let ran = switch_through(&proxy, &namespace, &arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(is_switched(plane, &objects[0]));
    assert_eq!(proxy.count("PATCH", "/services/"), 0);
    let named = switch(
        plane,
        &namespace,
        &["ksvc/a-predictor", "--to", "kpa", "--target", "5"],
    );
    assert_eq!(named.code, 2, "{}", named.stderr);
    Ok(())
}

/// Ctrl-C while the second is being changed.
fn interrupted(plane: &ControlPlane) -> Outcome {
    let (namespace, objects) = several(plane, &["a", "b", "c"])?;
    let proxy = FaultProxy::before(plane)?;
    let second = When::asked("PATCH", "/inferenceservices/b?").after(1);
    proxy.inject(second, Fault::Slow(Duration::from_secs(600)));
    let child = Command::new(env!("CARGO_BIN_EXE_kubectl-kscale"))
        .args([
            "switch",
            "-n",
            &namespace,
            "-y",
            "--wait=false",
            "--color=never",
        ])
        .args(ALL)
        .env("KUBECONFIG", proxy.kubeconfig())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    while proxy.count("PATCH", "/inferenceservices/b?") < 2 {
        thread::sleep(Duration::from_millis(10));
    }
    // It is made, and nobody hears of it.
    thread::sleep(Duration::from_millis(300));
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()?
            .success()
    );
    let output = child.wait_with_output()?;
    assert_eq!(output.status.code(), Some(130));
    let told = of_any_namespace(&String::from_utf8(output.stderr)?, &namespace);
    insta::assert_snapshot!(told, @"

    NAMESPACE   OBJECT   RESULT
    NS          isvc/a   switched to kpa
    NS          isvc/b   not known: it was being changed
    NS          isvc/c   not begun
    hint: the same command again completes what was begun, or says how it is
    error: interrupted
    ");
    let done: Vec<bool> = objects.iter().map(|one| is_switched(plane, one)).collect();
    assert_eq!(done, [true, true, false]);
    Ok(())
}
