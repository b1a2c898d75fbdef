//! `preview` of what is in a cluster.

use kscale_control_plane::ControlPlane;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::plane::{Asking as _, Outcome, on_shared};
use crate::process::kscale;
use crate::workloads::{isvc, three};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        on_shared("preview::says_live_what_it_says_of_a_snapshot", says),
        on_shared("preview::wants_to_know_what_runs", unknown),
    ]
}

const UPGRADE: [&str; 5] = [
    "preview",
    "--kserve",
    "0.15.2",
    "--kserve-version",
    "0.20.0",
];

fn says(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    // Only the newer release stops a service by this annotation.
    let stop = json!({ "serving.kserve.io/stop": "true" });
    plane.create(&isvc(&namespace, "stopped", &stop, &json!({})))?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("snapshot.yaml");
    let file = file.to_str().unwrap();
    let written = kscale(&["snapshot", "-n", &namespace, "-o", file])
        .on(plane)
        .run();
    assert_eq!(written.code, 0, "{}", written.stderr);
    let ask = |more: &[&str]| {
        let arguments = [&UPGRADE[..], &["-n", &namespace, "-o", "json"], more].concat();
        let ran = kscale(&arguments).on(plane).run();
        let mut answer: Value = serde_json::from_str(&ran.stdout).unwrap();
        for item in answer["items"].as_array_mut().unwrap() {
            item["object"]["origin"] = "".into();
        }
        (ran.code, answer["items"].clone(), answer["summary"].clone())
    };
    let (code, items, summary) = ask(&[]);
    assert_eq!(code, 1, "{items}");
    assert_eq!(summary["workloads"], 4);
    assert!(items.to_string().contains("\"stopped\""), "{items}");
    assert_eq!(ask(&["--facts", file]), (code, items, summary));
    Ok(())
}

fn unknown(plane: &ControlPlane) -> Outcome {
    let namespace = plane.namespace()?;
    three(plane, &namespace)?;
    let ran = kscale(&["preview", "--kserve", "0.15.2", "-n", &namespace])
        .on(plane)
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("--kserve-version"), "{}", ran.stderr);
    Ok(())
}
