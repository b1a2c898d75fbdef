//! `list -w`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use kscale_control_plane::{ControlPlane, Fault, FaultProxy, When};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::plane::{Asking as _, Outcome, install_config, on_fresh};
use crate::process::kscale;
use crate::workloads::{isvc, scaler};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_fresh("watch::shows_changes_and_nothing_else", changes),
        on_fresh("watch::goes_on_after_what_was_lost", lost),
        on_fresh("watch::reads_facts_anew_when_they_change", facts),
    ]
}

/// A list that goes on, and the lines it prints.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(kubeconfig: &Path, arguments: &[&str]) -> Self {
        let arguments = [&["list", "-w"], arguments].concat();
        let mut child = kscale(&arguments).with_kubeconfig(kubeconfig).start();
        let stdout = child.stdout.take().unwrap();
        let (send, lines) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(stdout).lines();
            lines
                .map_while(Result::ok)
                .for_each(|line| drop(send.send(line)));
        });
        Self { child, lines }
    }

    /// The next line; a test that waits for one in vain fails.
    fn line(&self) -> Result<String, String> {
        let line = self.lines.recv_timeout(Duration::from_secs(60));
        line.map_err(|_| "nothing more was printed".to_owned())
    }

    /// The cells of the next line.
    fn cells(&self) -> Result<Vec<String>, String> {
        Ok(self.line()?.split_whitespace().map(str::to_owned).collect())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn with_max(namespace: &str, name: &str, max: i64) -> Value {
    isvc(namespace, name, &json!({}), &json!({ "maxReplicas": max }))
}

fn changes(plane: &ControlPlane) -> Outcome {
    plane.install_own_crds()?;
    install_config(plane)?;
    let namespace = plane.namespace()?;
    plane.create_all(&[with_max(&namespace, "a", 2), with_max(&namespace, "b", 2)])?;
    let watching = Watching::start(&plane.kubeconfig(), &["-n", &namespace]);
    assert!(watching.line()?.starts_with("NAME   COMPONENT   MODE"));
    let (a, b) = (watching.cells()?, watching.cells()?);
    assert_eq!(
        (a[0].as_str(), b[0].as_str(), b[7].as_str()),
        ("a", "b", "2")
    );
    // A change that changes nothing of the line prints none; the next line is that of the change after it.
    plane.patch(
        &with_max(&namespace, "a", 2),
        &json!({ "metadata": { "labels": { "x": "y" } } }),
    )?;
    let max = json!({ "spec": { "predictor": { "maxReplicas": 7 } } });
    plane.patch(&with_max(&namespace, "b", 2), &max)?;
    let changed = watching.cells()?;
    assert_eq!((changed[0].as_str(), changed[7].as_str()), ("b", "7"));
    plane.load(&[scaler(&namespace, "a", Some(3))])?;
    let counted = watching.cells()?;
    assert_eq!((counted[0].as_str(), counted[8].as_str()), ("a", "3"));
    plane.delete(&with_max(&namespace, "a", 2))?;
    let gone = watching.line()?;
    assert!(gone.contains("(deleted)"), "{gone}");
    Ok(())
}

fn lost(plane: &ControlPlane) -> Outcome {
    plane.install_own_crds()?;
    install_config(plane)?;
    let namespace = plane.namespace()?;
    plane.create(&with_max(&namespace, "a", 1))?;
    let proxy = FaultProxy::before(plane)?;
    // The first watch of models is told that it is too old, the second is cut.
    let watches = || When::asked("GET", "/inferenceservices?watch=true");
    proxy.inject(watches().times(1), Fault::WatchExpired);
    proxy.inject(watches().times(1), Fault::CutAfter(1));
    let watching = Watching::start(proxy.kubeconfig(), &["-n", &namespace, "-o", "json"]);
    let max = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        row["maxReplicas"].as_i64()
    };
    assert_eq!(max(&watching.line()?), Some(1));
    for number in 2..5 {
        let spec = json!({ "spec": { "predictor": { "maxReplicas": number } } });
        plane.patch(&with_max(&namespace, "a", 1), &spec)?;
        assert_eq!(max(&watching.line()?), Some(number));
    }
    Ok(())
}

fn facts(plane: &ControlPlane) -> Outcome {
    plane.install_own_crds()?;
    let namespace = plane.namespace()?;
    let config = |data: &Value| {
        json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": { "name": "config-autoscaler", "namespace": "knative-serving" },
            "data": data,
        })
    };
    plane.ensure_namespace("knative-serving")?;
    plane.create(&config(&json!({})))?;
    let service = json!({
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": { "name": "hello", "namespace": namespace },
        "spec": { "template": { "spec": { "containers": [{ "image": "a" }] } } },
    });
    plane.create(&service)?;
    let watching = Watching::start(&plane.kubeconfig(), &["-n", &namespace]);
    watching.line()?;
    assert_eq!(watching.cells()?[5], "100");
    plane.patch(
        &config(&json!({})),
        &json!({ "data": { "container-concurrency-target-default": "40" } }),
    )?;
    assert_eq!(watching.cells()?[5], "40");
    Ok(())
}
