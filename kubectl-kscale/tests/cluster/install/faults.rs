//! `install` on a bad day: every failure is passed over or told, and the next run completes what was begun.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use kscale_control_plane::{ControlPlane, Fault, FaultProxy, When};
use libtest_mimic::Trial;

use super::ground::{assert_installed, deployment, install_through, kept, knative, service};
use crate::plane::{Outcome, on_shared};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("install::passes_over_what_passes", passing),
        on_shared("install::completes_after_any_failure", failing),
        on_shared("install::completes_after_being_killed", killed),
        on_shared("install::tells_what_cannot_be_read", unreadable),
    ]
}

const BOTH: [&str; 2] = ["/deployments/autoscaler-hpa?", "/services/autoscaler-hpa?"];

fn passing(plane: &ControlPlane) -> Outcome {
    let faults = [
        Fault::Status(409),
        Fault::Status(500),
        Fault::Status(503),
        Fault::TooMany(0),
        Fault::DropBefore,
        Fault::DropAfter,
    ];
    for fault in faults {
        let namespace = knative(plane, "1.23.0")?;
        let proxy = FaultProxy::before(plane)?;
        for path in BOTH {
            proxy.inject(When::asked("PATCH", path).times(1), fault.clone());
            // The first is only tried.
            proxy.inject(When::asked("PATCH", path).after(1).times(1), fault.clone());
        }
        if !matches!(fault, Fault::Status(409)) {
            let review = When::asked("POST", "/selfsubjectaccessreviews").times(1);
            proxy.inject(review, fault.clone());
        }
        let ran = install_through(&proxy, &namespace, &["-y"]);
        assert_eq!(ran.code, 0, "{fault:?}: {}", ran.stderr);
        assert!(
            !ran.stdout.contains('×') && !ran.stdout.contains("whether you may"),
            "{fault:?}"
        );
        assert_installed(plane, &namespace, "1.23.0");
    }
    Ok(())
}

fn failing(plane: &ControlPlane) -> Outcome {
    let mut said = Vec::new();
    for (fault, code) in [
        (Fault::Status(403), 3),
        (Fault::Status(409), 3),
        (Fault::Status(422), 3),
        (Fault::Status(404), 2),
        (Fault::Status(500), 2),
        (Fault::DropBefore, 2),
    ] {
        let namespace = knative(plane, "1.23.0")?;
        let proxy = FaultProxy::before(plane)?;
        // Let through while it is only tried.
        proxy.inject(When::asked("PATCH", BOTH[1]).after(1), fault.clone());
        let ran = install_through(&proxy, &namespace, &["-y"]);
        assert_eq!(ran.code, code, "{fault:?}: {}", ran.stderr);
        said.push(
            ran.stderr
                .lines()
                .next()
                .unwrap()
                .replace(proxy.server(), "SERVER"),
        );
        assert!(
            ran.stderr
                .ends_with("hint: install again completes what was begun\n"),
            "{}",
            ran.stderr
        );
        plane.read(&deployment(&namespace))?;
        assert!(plane.read(&service(&namespace)).is_err());
        proxy.heal();
        proxy.forget();
        let ran = install_through(&proxy, &namespace, &["-y"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(
            kept(&proxy),
            ["PATCH services"],
            "what is there is left alone"
        );
        assert_installed(plane, &namespace, "1.23.0");
    }
    insta::assert_snapshot!(said.join("\n").replace("127.0.0.1", "HOST"), @"
    error: service/autoscaler-hpa was not applied: the proxy forbids this request
    error: service/autoscaler-hpa was not applied: the object has been modified; please apply your changes to the latest version and try again
    error: service/autoscaler-hpa was not applied: the proxy makes this object an invalid one
    error: service/autoscaler-hpa was not applied: the proxy finds nothing
    error: service/autoscaler-hpa was not applied: Internal error occurred: the proxy makes one
    error: service/autoscaler-hpa was not applied: SERVER closed the connection without an answer
    ");
    Ok(())
}

/// Killed while the request is on its way that is the `number`th to be kept.
fn killed(plane: &ControlPlane) -> Outcome {
    for (number, path) in BOTH.into_iter().enumerate() {
        let namespace = knative(plane, "1.23.0")?;
        let proxy = FaultProxy::before(plane)?;
        let slow = Fault::Slow(Duration::from_secs(3600));
        proxy.inject(When::asked("PATCH", path).after(1), slow);
        let arguments = [
            "install",
            "-y",
            "--wait=false",
            "--knative-namespace",
            &namespace,
        ];
        let mut child = Command::new(env!("CARGO_BIN_EXE_kubectl-kscale"))
            .args(arguments)
            .env("KUBECONFIG", proxy.kubeconfig())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        while kept(&proxy).len() <= number {
            assert!(
                child.try_wait()?.is_none(),
                "it ended before it could be killed"
            );
            thread::sleep(Duration::from_millis(10));
        }
        child.kill()?;
        child.wait()?;
        proxy.heal();
        let ran = install_through(&proxy, &namespace, &["-y"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_installed(plane, &namespace, "1.23.0");
    }
    Ok(())
}

fn unreadable(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let proxy = FaultProxy::before(plane)?;
    for path in [
        "/knativeservings",
        "/apiservices/",
        "/v1alpha1/podautoscalers",
    ] {
        proxy.inject(When::asked("GET", path), Fault::NoSuchApi);
    }
    proxy.inject(
        When::asked("GET", "/customresourcedefinitions/"),
        Fault::Status(403),
    );
    proxy.inject(When::asked("GET", "/configmaps"), Fault::Status(500));
    let ran = install_through(&proxy, &namespace, &["-y"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("‼ Knative's ConfigMaps could not be read: "),
        "{}",
        ran.stdout
    );
    assert_installed(plane, &namespace, "1.23.0");
    proxy.heal();
    proxy.inject(When::asked("GET", "/deployments"), Fault::Status(500));
    let ran = install_through(&proxy, &namespace, &["-y"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr
            .starts_with("error: which Knative runs cannot be told: "),
        "{}",
        ran.stderr
    );
    proxy.heal();
    proxy.inject(When::any(""), Fault::Status(401));
    let ran = install_through(&proxy, &namespace, &["-y"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    proxy.heal();
    proxy.inject(
        When::any(""),
        Fault::Foreign(200, "<html>log in</html>".to_owned()),
    );
    let ran = install_through(&proxy, &namespace, &["-y"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 2), "{}", ran.stderr);
    Ok(())
}
