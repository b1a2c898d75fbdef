//! A network that ends in the middle, and a process that does: nothing is half-applied, and the same command again completes it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use kscale_control_plane::{ControlPlane, Fault, FaultProxy, When};
use libtest_mimic::Trial;

use super::ground::{TO_KPA, is_switched, one, records, switch, switch_through, switching};
use crate::plane::{Asking, Outcome, on_shared};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("switch::passes_over_what_passes", passing),
        on_shared("switch::completes_after_any_cut", cut),
        on_shared("switch::completes_after_being_killed", killed),
        on_shared("switch::says_where_it_does_not_know", unknown),
    ]
}

fn passing(plane: &ControlPlane) -> Outcome {
    let faults = [
        Fault::Status(500),
        Fault::Status(503),
        Fault::TooMany(0),
        Fault::DropBefore,
        Fault::DropAfter,
    ];
    for fault in faults {
        let (namespace, object) = one(plane)?;
        let proxy = FaultProxy::before(plane)?;
        // The try, then the edit.
        for skip in [0, 1] {
            let when = When::asked("PATCH", "fieldManager=kscale").after(skip);
            proxy.inject(when.times(1), fault.clone());
        }
        proxy.inject(When::asked("POST", "accessreviews").times(1), fault.clone());
        let ran = switch_through(&proxy, &namespace, &TO_KPA);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{fault:?}");
        assert!(is_switched(plane, &object));
    }
    Ok(())
}

/// How many requests a run has before it asks for anything to be changed, and how many there are.
fn requests(plane: &ControlPlane) -> Result<std::ops::Range<usize>, kscale_control_plane::Error> {
    let (namespace, _) = one(plane)?;
    let proxy = FaultProxy::before(plane)?;
    let ran = switch_through(&proxy, &namespace, &TO_KPA);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let asked = proxy.asked();
    let first = asked
        .iter()
        .position(|asked| asked.method != "GET")
        .unwrap();
    Ok(first - 1..asked.len())
}

fn cut(plane: &ControlPlane) -> Outcome {
    let requests = requests(plane)?;
    thread::scope(|scope| {
        for number in requests {
            for fault in [Fault::DropBefore, Fault::DropAfter] {
                scope.spawn(move || {
                    let (namespace, object) = one(plane).unwrap();
                    let proxy = FaultProxy::before(plane).unwrap();
                    proxy.inject(When::any("").after(number), fault.clone());
                    let ran = switch_through(&proxy, &namespace, &TO_KPA);
                    let whole = is_switched(plane, &object);
                    let told = ran.stderr.as_str();
                    assert!(
                        ran.code == 2 && told.contains("error: ") || whole,
                        "cut at request {number}: exit {}, {told}",
                        ran.code
                    );
                    completed(plane, &namespace, number);
                });
            }
        }
    });
    Ok(())
}

/// The same command again, on a network that works.
fn completed(plane: &ControlPlane, namespace: &str, number: usize) {
    let again = switch(plane, namespace, &TO_KPA);
    assert_eq!(again.code, 0, "after request {number}: {}", again.stderr);
    let object = super::ground::bert(namespace);
    assert!(is_switched(plane, &object));
    let kept = records(plane, namespace).len();
    assert!(kept <= 2, "after request {number}: {kept} records");
}

fn killed(plane: &ControlPlane) -> Outcome {
    let requests = requests(plane)?;
    let (all, killed) = (requests.len(), AtomicUsize::new(0));
    let killed = &killed;
    thread::scope(|scope| {
        for number in requests {
            scope.spawn(move || {
                let (namespace, object) = one(plane).unwrap();
                let proxy = FaultProxy::before(plane).unwrap();
                let slow = Fault::Slow(Duration::from_secs(600));
                proxy.inject(When::any("").after(number).times(1), slow);
                let mut child = switching(&namespace, &TO_KPA)
                    .with_kubeconfig(proxy.kubeconfig())
                    .start();
                // Nobody reads what it prints, which is no reason to end.
                drop(child.stdout.take());
                while proxy.asked().len() <= number {
                    assert!(
                        child.try_wait().unwrap().is_none(),
                        "ended before request {number}"
                    );
                    thread::sleep(Duration::from_millis(10));
                }
                // What was asked is done, and nobody hears of it.
                thread::sleep(Duration::from_millis(300));
                child.kill().unwrap();
                if child.wait().unwrap().code().is_none() {
                    killed.fetch_add(1, Ordering::Relaxed);
                }
                is_switched(plane, &object);
                completed(plane, &namespace, number);
            });
        }
    });
    let killed = killed.load(Ordering::Relaxed);
    assert_eq!(killed, all, "runs that were killed");
    Ok(())
}

fn unknown(plane: &ControlPlane) -> Outcome {
    let (namespace, object) = one(plane)?;
    let proxy = FaultProxy::before(plane)?;
    let edit = When::asked("PATCH", "fieldManager=kscale").after(1);
    proxy.inject(edit, Fault::DropAfter);
    // Nor can the object be asked: it is read once before the plan.
    let read = When::asked("GET", "/inferenceservices/bert").after(2);
    proxy.inject(read, Fault::DropBefore);
    let ran = switch_through(&proxy, &namespace, &TO_KPA);
    assert_eq!(ran.code, 2);
    let told = ran
        .stderr
        .replace(&namespace, "NS")
        .replace(proxy.server(), "SERVER");
    insta::assert_snapshot!(told, @"
    error: whether isvc/bert in namespace NS was changed is not known: SERVER closed the connection without an answer
    hint: is it an API server, and does its address start with the right one of http:// and https://?
    hint: the same command again completes it, or says how it is
    ");
    assert!(is_switched(plane, &object));
    Ok(())
}
