//! Killed, refused and disturbed between the record and the edit.

use kscale_control_plane::{ControlPlane, Fault, FaultProxy, When};
use libtest_mimic::Trial;
use serde_json::json;
use std::time::{Duration, Instant};

use super::{bert, change, is_as_before, namespace, records, run, to_hpa};
use crate::plane::{Asking as _, Outcome, on_shared};
use crate::process::kscale;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("undo::killed_before_the_edit_nothing_is_in_effect", killed),
        on_shared("undo::an_edit_that_is_refused_is_not_recorded", not_made),
        on_shared("undo::a_lost_answer_leaves_one_record", lost_answer),
        on_shared("undo::two_at_once_leave_a_way_back", two_at_once),
    ]
}

const HPA: [&str; 9] = [
    "switch",
    "isvc/bert",
    "--to",
    "hpa",
    "--max",
    "8",
    "-y",
    "--wait=false",
    "--allow-findings",
];

fn killed(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    let proxy = FaultProxy::before(plane)?;
    let hour = Duration::from_secs(3600);
    proxy.inject(
        When::asked("POST", "/controllerrevisions"),
        Fault::Slow(hour),
    );
    let place = ["-n", namespace(&object)];
    let mut child = kscale(&[HPA.as_slice(), &place].concat())
        .with_kubeconfig(proxy.kubeconfig())
        .start();
    let until = Instant::now() + Duration::from_secs(60);
    while records(plane, &object)?.is_empty() {
        assert!(Instant::now() < until, "nothing was ever recorded");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    is_as_before(plane, &object);
    let listed = run(plane, &object, &["undo", "isvc/bert", "--list"]).clean();
    assert!(listed.contains("not in effect"), "{listed}");
    let ran = run(plane, &object, &["undo", "isvc/bert", "-y"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    // The same version: the very record is used again.
    to_hpa(plane, &object, "80", "8");
    assert_eq!(records(plane, &object)?.len(), 1);
    change(plane, &object, &["undo", "isvc/bert"]);
    is_as_before(plane, &object);
    // Another version of the same content, as after a status was written: the one that was never carried out goes.
    let before = records(plane, &object)?.len();
    let mut child = kscale(&[HPA.as_slice(), &place].concat())
        .with_kubeconfig(proxy.kubeconfig())
        .start();
    while records(plane, &object)?.len() == before {
        assert!(Instant::now() < until, "nothing was ever recorded");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    let mut ready = plane.read(&object)?;
    ready["status"] = json!({"url": "http://bert"});
    plane.replace_status(&ready)?;
    to_hpa(plane, &object, "80", "8");
    let all = records(plane, &object)?;
    let numbers: Vec<_> = all
        .iter()
        .filter_map(|one| one["revision"].as_i64())
        .collect();
    assert_eq!(numbers, [1, 2, 4]);
    change(plane, &object, &["undo", "isvc/bert"]);
    is_as_before(plane, &object);
    Ok(())
}

fn not_made(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    let proxy = FaultProxy::before(plane)?;
    // The first is the try.
    let edit = When::asked("PATCH", "/inferenceservices/bert").after(1);
    proxy.inject(edit, Fault::Status(422));
    let ran = kscale(&[HPA.as_slice(), &["-n", namespace(&object)]].concat())
        .with_kubeconfig(proxy.kubeconfig())
        .run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(proxy.count("POST", "/controllerrevisions"), 1);
    assert_eq!(records(plane, &object)?.len(), 0);
    is_as_before(plane, &object);
    Ok(())
}

fn lost_answer(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    let proxy = FaultProxy::before(plane)?;
    let record = When::asked("POST", "/controllerrevisions").times(1);
    proxy.inject(record, Fault::DropAfter);
    let ran = kscale(&[HPA.as_slice(), &["-n", namespace(&object)]].concat())
        .with_kubeconfig(proxy.kubeconfig())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(proxy.count("POST", "/controllerrevisions"), 2);
    assert_eq!(records(plane, &object)?.len(), 1);
    change(plane, &object, &["undo", "isvc/bert"]);
    is_as_before(plane, &object);
    Ok(())
}

fn two_at_once(plane: &ControlPlane) -> Outcome {
    for _ in 0..3 {
        let object = bert(plane)?;
        let to = |target: &'static str| {
            let place = ["--target", target, "-n", namespace(&object)];
            kscale(&[HPA.as_slice(), &place].concat()).on(plane).start()
        };
        let (mut one, mut other) = (to("70"), to("80"));
        let codes = [one.wait()?.code(), other.wait()?.code()];
        assert!(codes.contains(&Some(0)), "{codes:?}");
        let now = plane.read(&object)?;
        let target = &now["spec"]["predictor"]["scaleTarget"];
        assert!([json!(70), json!(80)].contains(target), "{target}");
        // Whatever came first, everything that was done can be taken back.
        change(plane, &object, &["undo", "isvc/bert", "--to-revision", "1"]);
        is_as_before(plane, &object);
    }
    Ok(())
}
