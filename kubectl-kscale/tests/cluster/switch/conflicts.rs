//! Somebody else writes the same object meanwhile.

use std::thread;
use std::time::Duration;

use kscale_control_plane::{ControlPlane, Error, Fault, FaultProxy, When};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::ground::{TO_KPA, edits, is_switched, one, records, switch_through, switching, version};
use crate::plane::{Asking, Outcome, on_shared};
use crate::process::Ran;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("switch::goes_on_where_the_plan_stays_the_same", status),
        on_shared("switch::leaves_what_others_have_just_written", neighbour),
        on_shared("switch::stops_where_the_plan_is_another_one", other),
        on_shared("switch::is_content_where_somebody_else_was_faster", faster),
        on_shared("switch::gives_up_on_an_object_that_never_rests", restless),
        on_shared("switch::knows_its_own_edit_after_a_lost_answer", lost),
        on_shared("switch::two_at_once_do_no_harm", two),
    ]
}

/// Switches, and has `writer` write once the edit was tried and before it is made.
fn with_writer(
    plane: &ControlPlane,
    namespace: &str,
    arguments: &[&str],
    writer: impl FnOnce() -> Result<(), Error> + Send,
) -> Result<(Ran, FaultProxy), Error> {
    let proxy = FaultProxy::before(plane)?;
    let slow = Fault::Slow(Duration::from_millis(700));
    proxy.inject(When::asked("PATCH", "dryRun=All").times(1), slow);
    let ran = thread::scope(|scope| {
        let wrote = scope.spawn(|| {
            while proxy.count("PATCH", "dryRun=All") == 0 {
                thread::sleep(Duration::from_millis(5));
            }
            // The answer is on its way; what comes now comes after it.
            thread::sleep(Duration::from_millis(200));
            writer()
        });
        let ran = switch_through(&proxy, namespace, arguments);
        wrote.join().unwrap().map(|()| ran)
    })?;
    Ok((ran, proxy))
}

fn status(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let mut ready = object.clone();
    ready["status"] = json!({"observedGeneration": 1});
    let write = || plane.replace_status(&ready).map(drop);
    let (ran, proxy) = with_writer(plane, &namespace, &TO_KPA, write)?;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(
        edits(&proxy),
        (2, 1),
        "refused for its version, and sent again"
    );
    assert!(is_switched(plane, &object));
    Ok(())
}

fn neighbour(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let theirs = json!({"metadata": {"annotations": {"example.com/theirs": "1"}}});
    let write = || plane.patch(&object, &theirs).map(drop);
    let (ran, _) = with_writer(plane, &namespace, &TO_KPA, write)?;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(is_switched(plane, &object));
    let there = plane.read(&object)?;
    assert_eq!(there["metadata"]["annotations"]["example.com/theirs"], "1");
    Ok(())
}

fn other(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let theirs = json!({"spec": {"predictor": {"maxReplicas": 7}}});
    let write = || plane.patch(&object, &theirs).map(drop);
    let (ran, proxy) = with_writer(plane, &namespace, &TO_KPA, write)?;
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(
        edits(&proxy),
        (1, 1),
        "refused for its version, and not sent again"
    );
    assert!(!is_switched(plane, &object));
    assert_eq!(
        records(plane, &namespace),
        Vec::<Value>::new(),
        "nothing to take back"
    );
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NS"), @"
    warning: isvc/bert in namespace NS was changed by somebody else meanwhile, so that something else would be done than was shown
      spec.predictor.maxReplicas: 5 → 7
    error: isvc/bert in namespace NS was not changed: what would be done is not what was shown
    hint: look at the plan above, then give the same command again
    ");
    let plans: Vec<&str> = ran.stdout.matches("knative-hpa → kpa").collect();
    assert_eq!(
        plans.len(),
        2,
        "as it was, and as it would be now: {}",
        ran.stdout
    );
    assert!(ran.stdout.contains("7 pods"), "{}", ran.stdout);
    Ok(())
}

fn faster(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let write = || {
        let ran = switching(&namespace, &TO_KPA).on(plane).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        Ok(())
    };
    let (ran, proxy) = with_writer(plane, &namespace, &TO_KPA, write)?;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(edits(&proxy).0, 1);
    assert!(is_switched(plane, &object));
    assert!(records(plane, &namespace).len() <= 1);
    Ok(())
}

fn restless(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let proxy = FaultProxy::before(plane)?;
    let never = When::asked("PATCH", "fieldManager=kscale").after(1);
    proxy.inject(never, Fault::Status(409));
    let ran = switch_through(&proxy, &namespace, &TO_KPA);
    assert_eq!(ran.code, 3);
    insta::assert_snapshot!(ran.stderr.replace(&namespace, "NS"), @"
    error: isvc/bert in namespace NS changes faster than it can be changed
    hint: try again once nobody else writes it all the time
    ");
    assert!(!is_switched(plane, &object));
    Ok(())
}

/// The edit is made, and its answer lost: sent again, it meets the version that it has made itself.
fn lost(plane: &ControlPlane) -> Outcome {
    for fault in [Fault::DropAfter, Fault::Truncated(10)] {
        let (namespace, object) = one(plane)?;
        let proxy = FaultProxy::before(plane)?;
        let made = When::asked("PATCH", "fieldManager=kscale")
            .after(1)
            .times(1);
        proxy.inject(made, fault.clone());
        let ran = switch_through(&proxy, &namespace, &TO_KPA);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{fault:?}");
        assert!(is_switched(plane, &object));
        let there = plane.read(&object)?;
        assert_eq!(
            there["metadata"]["generation"], 2,
            "{fault:?}: changed once"
        );
    }
    Ok(())
}

fn two(plane: &ControlPlane) -> Outcome {
    let rps = [
        "isvc/bert",
        "--to",
        "kpa",
        "--metric",
        "rps",
        "--target",
        "50",
    ];
    for second in [&TO_KPA[..], &rps] {
        let (namespace, object) = one(plane)?;
        let start = |arguments: &[&str]| switching(&namespace, arguments).on(plane);
        let (first, second) = thread::scope(|scope| {
            let first = scope.spawn(|| start(&TO_KPA).run());
            let second = start(second).run();
            (first.join().unwrap(), second)
        });
        let codes = [first.code, second.code];
        assert!(codes.contains(&0), "{}{}", first.stderr, second.stderr);
        // Whoever came after the other had finished has switched what it has made.
        assert!(
            codes.iter().all(|code| [0, 3].contains(code)),
            "{}{}",
            first.stderr,
            second.stderr
        );
        assert!(is_switched(plane, &object));
        assert_ne!(
            version(plane, &object),
            object["metadata"]["resourceVersion"]
        );
    }
    Ok(())
}
