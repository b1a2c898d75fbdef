//! The proxy that misbehaves, as kubectl sees it: what it does wrong is wrong in the way that clients know.

use kscale_control_plane::{ControlPlane, Fault, FaultProxy, When};
use libtest_mimic::Trial;
use serde_json::json;
use std::error::Error;
use std::time::{Duration, Instant};

use crate::plane::{Outcome, on_shared};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("faults::lets_everything_through_at_first", lets_through),
        on_shared("faults::forbids_as_the_server_forbids", forbids),
        on_shared("faults::asks_to_come_again_later", too_many),
        on_shared("faults::drops_the_answer_of_what_was_done", drops_after),
        on_shared("faults::ends_and_cuts_streams", ends_streams),
        on_shared("faults::truncates_bodies", truncates),
    ]
}

/// Whether kubectl was content, and what it printed.
type Said = (bool, String, String);

/// kubectl through the proxy; None where there is no kubectl.
fn kubectl(
    plane: &ControlPlane,
    proxy: &FaultProxy,
    args: &[&str],
) -> Result<Option<Said>, Box<dyn Error>> {
    let file = proxy.kubeconfig().to_string_lossy();
    let args = [&["--kubeconfig", &file], args].concat();
    Ok(plane.kubectl(&args)?.map(|output| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.success(),
            text(&output.stdout),
            text(&output.stderr),
        )
    }))
}

fn lets_through(plane: &ControlPlane) -> Outcome {
    let proxy = FaultProxy::before(plane)?;
    let namespace = plane.namespace()?;
    let object = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "a", "namespace": namespace },
    });
    plane.create(&object)?;
    let patch = r#"{"data":{"b":"c"}}"#;
    let args = ["patch", "configmap", "a", "-n", &namespace, "-p", patch];
    let Some((ok, _, stderr)) = kubectl(plane, &proxy, &args)? else {
        return Ok(());
    };
    assert!(ok, "{stderr}");
    let writes = proxy.writes();
    assert_eq!(writes.len(), 1, "{writes:?}");
    assert_eq!(
        writes[0].body.as_ref().unwrap()["data"],
        json!({ "b": "c" })
    );
    assert_eq!(plane.read(&object)?["data"]["b"], "c");
    let args = ["delete", "configmap", "a", "-n", &namespace, "--wait=false"];
    let (ok, _, stderr) = kubectl(plane, &proxy, &args)?.unwrap();
    assert!(ok, "{stderr}");
    assert_eq!(proxy.count("DELETE", "/configmaps/a"), 1);
    Ok(())
}

fn forbids(plane: &ControlPlane) -> Outcome {
    let proxy = FaultProxy::before(plane)?;
    proxy.inject(When::asked("GET", "/secrets"), Fault::Status(403));
    let Some((ok, _, stderr)) = kubectl(plane, &proxy, &["get", "secrets"])? else {
        return Ok(());
    };
    assert!(!ok);
    assert!(stderr.contains("(Forbidden)"), "{stderr}");
    proxy.heal();
    assert!(kubectl(plane, &proxy, &["get", "secrets"])?.unwrap().0);
    Ok(())
}

fn too_many(plane: &ControlPlane) -> Outcome {
    let proxy = FaultProxy::before(plane)?;
    proxy.inject(
        When::asked("GET", "/configmaps").times(1),
        Fault::TooMany(1),
    );
    let begun = Instant::now();
    let Some((ok, _, stderr)) = kubectl(plane, &proxy, &["get", "configmaps", "-A"])? else {
        return Ok(());
    };
    assert!(ok, "{stderr}");
    assert_eq!(proxy.count("GET", "/configmaps"), 2);
    // It waited because it was told to.
    assert!(begun.elapsed() >= Duration::from_secs(1));
    Ok(())
}

fn drops_after(plane: &ControlPlane) -> Outcome {
    let proxy = FaultProxy::before(plane)?;
    let namespace = plane.namespace()?;
    let create = |name: &'static str| ["create", "configmap", name, "-n", &namespace];
    proxy.inject(
        When::asked("POST", "/configmaps").times(1),
        Fault::DropBefore,
    );
    let Some((ok, ..)) = kubectl(plane, &proxy, &create("before"))? else {
        return Ok(());
    };
    assert!(!ok);
    proxy.inject(
        When::asked("POST", "/configmaps").times(1),
        Fault::DropAfter,
    );
    assert!(!kubectl(plane, &proxy, &create("after"))?.unwrap().0);
    let path = |name: &str| format!("/api/v1/namespaces/{namespace}/configmaps/{name}");
    assert!(
        plane.get(&path("before")).is_err(),
        "the server heard of it"
    );
    plane.get(&path("after"))?;
    Ok(())
}

fn ends_streams(plane: &ControlPlane) -> Outcome {
    let proxy = FaultProxy::before(plane)?;
    let watch = When::asked("GET", "watch=true");
    let args = [
        "get",
        "namespaces",
        "-w",
        "-o",
        "name",
        "--output-watch-events",
    ];
    proxy.inject(watch.clone().times(1), Fault::WatchExpired);
    let Some((ok, out, stderr)) = kubectl(plane, &proxy, &args)? else {
        return Ok(());
    };
    assert!(ok, "{stderr}");
    // kubectl shows the event's object like any other.
    assert!(out.ends_with("status/<unknown>\n"), "{out}");
    proxy.inject(watch.times(1), Fault::EndsAfter(0));
    let (ok, _, stderr) = kubectl(plane, &proxy, &args)?.unwrap();
    assert!(ok, "an end in good order is none to complain of: {stderr}");
    Ok(())
}

fn truncates(plane: &ControlPlane) -> Outcome {
    let proxy = FaultProxy::before(plane)?;
    proxy.inject(
        When::asked("GET", "/namespaces/default"),
        Fault::Truncated(20),
    );
    let args = ["get", "--raw", "/api/v1/namespaces/default"];
    let Some((ok, _, stderr)) = kubectl(plane, &proxy, &args)? else {
        return Ok(());
    };
    assert!(!ok);
    assert!(stderr.contains("unexpected EOF"), "{stderr}");
    Ok(())
}
