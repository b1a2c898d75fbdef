//! When `install` does not install: who says no, and what to do.

use kscale_control_plane::ControlPlane;
use libtest_mimic::Trial;
use serde_json::json;

use super::ground::{LABEL, assert_absent, fill, install, installing, knative, program};
use crate::plane::{Asking, Outcome, on_fresh, on_shared};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_fresh("install::says_that_knative_is_not_there", knative_absent),
        on_fresh("install::lists_everything_that_is_missing_at_once", missing),
        on_shared(
            "install::does_nothing_where_nobody_can_be_asked",
            nobody_asked,
        ),
        on_shared("install::leaves_to_the_operator_what_is_its_own", operated),
        on_shared("install::says_which_permissions_are_missing", forbidden),
        on_shared("install::acts_as_whom_it_is_told_to", acts_as),
        on_shared("install::guesses_no_release", no_release),
        on_shared("install::takes_only_the_extension_for_it", foreign_manifest),
    ]
}

fn knative_absent(plane: &ControlPlane) -> Outcome {
    let ran = install(plane, "knative-serving", &["-y"]);
    insta::assert_snapshot!(ran.refused(), @"
    error: Knative Serving is not installed in this cluster
    hint: install it first: https://knative.dev/docs/install/; KServe uses it where the mode is Knative, also called Serverless
    hint: is it in another namespace? then give --knative-namespace
    ");
    plane.install_own_crds()?;
    let namespace = plane.namespace()?;
    let ran = install(plane, &namespace, &["-y"]);
    let stderr = ran.refused().replace(&namespace, "NAMESPACE");
    insta::assert_snapshot!(stderr, @"
    error: no program of Knative Serving runs in namespace NAMESPACE
    hint: is it in another namespace? then give --knative-namespace
    hint: its CustomResourceDefinitions are there: its serving-core.yaml may be missing
    ");
    Ok(())
}

fn missing(plane: &ControlPlane) -> Outcome {
    plane.ensure_namespace("knative-serving")?;
    plane.create(&program("knative-serving", "controller", "1.23.0"))?;
    let ran = install(plane, "knative-serving", &["-y"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stderr, @"
    error: nothing was changed: ServiceAccount controller is missing; CustomResourceDefinition podautoscalers.autoscaling.internal.knative.dev is missing; CustomResourceDefinition metrics.autoscaling.internal.knative.dev is missing; CustomResourceDefinition serverlessservices.networking.internal.knative.dev is missing
    hint: install again once that is there
    ");
    assert!(
        ran.stdout
            .contains("‼ the extension exits without ConfigMap config-autoscaler, "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("‼ APIService v1beta1.metrics.k8s.io is missing\n"),
        "{}",
        ran.stdout
    );
    assert_absent(plane, "knative-serving");
    Ok(())
}

fn nobody_asked(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let ran = install(plane, &namespace, &[]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stdout.contains("\n+kind: Deployment\n"),
        "it shows what it would do: {}",
        ran.stdout
    );
    insta::assert_snapshot!(ran.stderr, @"
    error: nothing was changed: there is no terminal to ask on
    hint: give --yes to go ahead without a question, or --dry-run=server to only try it
    ");
    assert_absent(plane, &namespace);
    Ok(())
}

fn operated(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let mut serving = json!({
        "apiVersion": "operator.knative.dev/v1beta1", "kind": "KnativeServing",
        "metadata": {"name": "own", "namespace": namespace}, "spec": {},
    });
    plane.create(&serving)?;
    serving["status"] = json!({"version": "1.23.0", "conditions": []});
    plane.replace_status(&serving)?;
    let ran = install(plane, &namespace, &["-y"]);
    let stdout = ran.clean().replace(&namespace, "NAMESPACE");
    insta::assert_snapshot!(stdout, @"
    Knative Serving 1.23.0 is managed by the Knative operator: KnativeServing own in namespace NAMESPACE
    It installs the HPA extension itself, of its own version, so nothing was changed.
    Deployment autoscaler-hpa is not there: the operator has not come that far, or cannot.
      kubectl -n NAMESPACE get knativeserving own -o yaml
      kubectl -n NAMESPACE get deployment autoscaler-hpa
    ");
    plane.create(&program(&namespace, "autoscaler-hpa", "1.23.0"))?;
    plane.make_available(&namespace, "autoscaler-hpa")?;
    let stdout = install(plane, &namespace, &["-y", "--version", "1.22.0"]).clean();
    assert!(
        stdout.contains("\nDeployment autoscaler-hpa 1.23.0 is available.\n"),
        "{stdout}"
    );
    // Nothing is printed for a program to apply.
    let ran = install(plane, &namespace, &["--dry-run=server", "-o", "yaml"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 0));
    Ok(())
}

fn forbidden(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let user = plane.user()?;
    let file = plane.kubeconfig_of(&user)?;
    let ran = || {
        installing(&namespace, &["-y", "--wait=false"])
            .with_kubeconfig(&file)
            .run()
    };
    let first = ran();
    assert_eq!(first.code, 3, "{}", first.stderr);
    let said = "error: which Knative runs cannot be told: deployments.apps is forbidden: ";
    assert!(first.stderr.starts_with(said), "{}", first.stderr);
    let rule = |group: &str, resources: &[&str], verbs: &[&str]| json!({"apiGroups": [group], "resources": resources, "verbs": verbs});
    let read = [rule("apps", &["deployments"], &["list", "get"])];
    plane.grant(&user, Some(&namespace), &read)?;
    let second = ran();
    assert_eq!(second.code, 3, "{}", second.stderr);
    insta::assert_snapshot!(second.stderr.replace(&namespace, "NAMESPACE"), @"error: nothing was changed: you may not create deployments.apps in namespace NAMESPACE; you may not patch deployments.apps autoscaler-hpa in namespace NAMESPACE; you may not get services autoscaler-hpa in namespace NAMESPACE; you may not create services in namespace NAMESPACE; you may not patch services autoscaler-hpa in namespace NAMESPACE");
    let write = [
        rule("apps", &["deployments"], &["create", "patch"]),
        rule("", &["services"], &["get", "create", "patch"]),
    ];
    plane.grant(&user, Some(&namespace), &write)?;
    // What else he may not see is doubtful, and keeps nobody from installing.
    let third = ran();
    assert_eq!(third.code, 0, "{}", third.stderr);
    assert!(
        third
            .stdout
            .contains("‼ ServiceAccount controller could not be read: "),
        "{}",
        third.stdout
    );
    assert!(
        third
            .stdout
            .contains("√ API group autoscaling.internal.knative.dev\n"),
        "{}",
        third.stdout
    );
    assert!(
        third
            .stdout
            .contains("‼ you may not list pods in namespace "),
        "{}",
        third.stdout
    );
    Ok(())
}

fn acts_as(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let ran = install(plane, &namespace, &["-y", "--as", "nobody"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("User \"nobody\" cannot list resource \"deployments\""),
        "{}",
        ran.stderr
    );
    Ok(())
}

fn no_release(plane: &ControlPlane) -> Outcome {
    let mut said = Vec::new();
    for version in ["devel", "1.12.4-gke.6"] {
        let namespace = knative(plane, version)?;
        let ran = install(plane, &namespace, &["-y"]);
        assert_eq!(ran.code, 2);
        // Real definitions, where they are at hand, tell a release too, which is warned of.
        let (_, error) = ran.stderr.split_once("error: ").unwrap();
        said.push(error.to_owned());
        let ran = install(plane, &namespace, &["-y", "--version", "1.12.4"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(
            ran.stdout
                .contains("\n  ‼ the manifest is of release 1.12.4"),
            "{}",
            ran.stdout
        );
    }
    let namespace = plane.namespace()?;
    fill(plane, &namespace, "1.23.0")?;
    for name in ["controller", "autoscaler", "webhook"] {
        let unnamed = json!({"metadata": {"labels": {LABEL: null}}});
        plane.patch(&program(&namespace, name, ""), &unnamed)?;
    }
    // The definitions of the whole cluster may name a release of their own, where they are the real ones.
    let ran = install(plane, &namespace, &["--dry-run=server"]);
    let told = ran.stdout.contains("says CustomResourceDefinition");
    assert!(
        told || ran.stderr.contains("nothing says of which release it is"),
        "{}",
        ran.stderr
    );
    insta::assert_snapshot!(said.join(""), @r#"
    Deployment controller names "devel" as the version of Knative Serving, which is no release
    hint: give its serving-hpa.yaml with --from FILE
    hint: or name the release that it was built from with --version
    Knative Serving is 1.12.4-gke.6, a build of somebody's own that Knative has published no manifest for
    hint: give its serving-hpa.yaml with --from FILE
    hint: or take that of the release it follows: --version 1.12.4
    "#);
    Ok(())
}

fn foreign_manifest(plane: &ControlPlane) -> Outcome {
    let namespace = knative(plane, "1.23.0")?;
    let run = |manifest: &str| {
        let arguments = ["--from", "-", "-y", "--wait=false"];
        installing(&namespace, &arguments)
            .on(plane)
            .stdin(manifest)
            .run()
    };
    let ran = run("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n");
    insta::assert_snapshot!(ran.refused(), @"error: standard input is not the HPA extension: it holds no Deployment autoscaler-hpa; it holds no Service autoscaler-hpa; it holds Secret a, which is no part of the extension");
    assert_absent(plane, &namespace);
    let offline = [
        "--offline",
        "--version",
        "1.22.1",
        "--dry-run=client",
        "-o",
        "yaml",
    ];
    let own = install(plane, "knative-serving", &offline).clean();
    let ran = run(&own);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("the manifest is of release 1.22.1, Knative Serving of 1.23.0"),
        "{}",
        ran.stdout
    );
    Ok(())
}
