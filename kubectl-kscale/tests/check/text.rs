//! What people see.

use crate::data::check;

/// Without the links, which are as long as they are.
fn page(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("see https://"));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_fails_says_what_was_seen_and_what_to_do() {
    let ran = check("no-extension", &["-o", "short"]).run();
    insta::assert_snapshot!(ran.stdout, @"
    hpa-extension
    -------------
    × the HPA extension of Knative is installed
        there is no Deployment knative-serving/autoscaler-hpa:
        ml/bert-predictor-00001 of class hpa.autoscaling.knative.dev waits for it,
        and without it for ever
        hint: kubectl kscale install
        see https://github.com/kscale/kscale/blob/main/docs/check.md#hpa-extensionpresent

    permissions
    -----------
    ? the caller may read what explain, list and check look at: unknown, because a
      snapshot tells nothing of the caller

    × something does not work: 1 failed, 18 passed, 3 to know, 1 unknown
    ");
}

#[test]
fn where_the_locale_has_no_such_signs_there_are_words() {
    let ran = check("no-extension", &["-o", "short"])
        .env("LC_ALL", "C")
        .run();
    insta::assert_snapshot!(page(&ran.stdout), @"
    hpa-extension
    -------------
    [fail] the HPA extension of Knative is installed
        there is no Deployment knative-serving/autoscaler-hpa:
        ml/bert-predictor-00001 of class hpa.autoscaling.knative.dev waits for it,
        and without it for ever
        hint: kubectl kscale install

    permissions
    -----------
    [skip] the caller may read what explain, list and check look at: unknown,
           because a snapshot tells nothing of the caller

    [fail] something does not work: 1 failed, 18 passed, 3 to know, 1 unknown
    ");
    assert!(ran.stdout.is_ascii());
}

#[test]
fn the_first_variable_of_the_locale_that_is_set_counts() {
    let signs = |pairs: &[(&str, &str)]| {
        let mut run = check("healthy", &[]);
        for (name, value) in pairs {
            run = run.env(name, value);
        }
        run.run().stdout.contains('√')
    };
    assert!(signs(&[
        ("LC_ALL", ""),
        ("LC_CTYPE", "C.UTF-8"),
        ("LANG", "C")
    ]));
    assert!(!signs(&[
        ("LC_ALL", "C"),
        ("LC_CTYPE", "C.UTF-8"),
        ("LANG", "C.UTF-8")
    ]));
    assert!(!signs(&[("LC_ALL", ""), ("LC_CTYPE", ""), ("LANG", "")]));
}

#[test]
fn everything_is_shown_for_people() {
    insta::assert_snapshot!(check("healthy", &[]).run().clean(), @"
    kubernetes
    ----------
    √ Kubernetes is new enough for this Knative: it is v1.34.1, and Knative 1.21.2
      needs v1.33.0
    √ the autoscaling API is served that HPAs are made in: autoscaling/v2 for the
      HPA extension of Knative 1.21.2, autoscaling/v2 for KServe in Standard mode

    knative-serving
    ---------------
    √ Knative Serving is installed
    √ every part of it is of one release: 1.21.2, say all 6 parts that name one
    √ its release is one that kscale knows: 1.21.2
    i it is not managed by the Knative operator: there is no KnativeServing
    √ its Deployments are available: 4 of 4: activator, autoscaler, controller,
      webhook

    config-autoscaler
    -----------------
    √ the ConfigMap config-autoscaler is there
    √ Knative can read it: as Knative 1.21.2 reads it
    √ every key in it has the effect that it seems to have
    √ it sets nothing otherwise than Knative does by itself
    √ Knative can read its other ConfigMaps: config-defaults, config-deployment,
      config-features

    hpa-extension
    -------------
    √ the HPA extension of Knative is installed
    √ it is of the release that the controller is of: 1.21.2
    √ it runs: 1 of 1 replicas
    √ its pods are ready
    √ no workload of the HPA class waits for it: 1 of 1 have a status
    √ every class that a workload asks for has somebody who acts on it

    metrics
    -------
    √ the resource metrics API answers (cpu, memory): APIService
      v1beta1.metrics.k8s.io is available
    √ HPAs get the numbers that they ask for

    kserve
    ------
    √ KServe is installed
    √ its controller is available: kserve/kserve-controller-manager, 1 of 1 replicas
    √ its release is one that kscale knows: 0.15.2, by the image of Deployment
      kserve-controller-manager
    √ KServe can read its ConfigMap: kserve/inferenceservice-config
    √ what runs an InferenceService that names no mode is there: the default mode is
      Serverless
    i the definition of InferenceServices is the full one: the API server refuses
      wrong types, and drops fields that it does not know
    √ there are runtimes for models: 1 of 1 ClusterServingRuntimes

    permissions
    -----------
    ? the caller may read what explain, list and check look at: unknown, because a
      snapshot tells nothing of the caller

    √ nothing fails: 25 passed, 2 to know, 1 unknown
    ");
}

#[test]
fn before_install_only_what_it_needs_is_shown() {
    let ran = check("no-extension", &["--pre"]).run();
    insta::assert_snapshot!(ran.clean(), @"
    kubernetes
    ----------
    √ Kubernetes is new enough for this Knative: it is v1.34.1, and Knative 1.21.2
      needs v1.33.0
    √ the autoscaling API is served that HPAs are made in: autoscaling/v2 for the
      HPA extension of Knative 1.21.2

    knative-serving
    ---------------
    √ Knative Serving is installed
    √ its namespace is there: knative-serving
    √ every part of it is of one release: 1.21.2, say all 6 parts that name one
    √ its release is one that kscale knows: 1.21.2
    i it is not managed by the Knative operator: there is no KnativeServing

    metrics
    -------
    √ the resource metrics API answers (cpu, memory): APIService
      v1beta1.metrics.k8s.io is available

    permissions
    -----------
    ? the caller may read what explain, list and check look at: unknown, because a
      snapshot tells nothing of the caller

    √ nothing fails: 7 passed, 1 to know, 1 unknown
    ");
}

#[test]
fn short_says_nothing_of_what_passes() {
    let text = check("healthy", &["-o", "short"]).run().clean();
    assert!(
        !text.contains("is installed") && !text.contains("full one"),
        "{text}"
    );
    assert!(
        text.ends_with("√ nothing fails: 25 passed, 2 to know, 1 unknown\n"),
        "{text}"
    );
}

#[test]
fn what_acts_on_a_terminal_is_spelled_out() {
    let evil = "\
apiVersion: autoscaling.internal.knative.dev/v1alpha1
kind: PodAutoscaler
metadata: {name: a, namespace: ml, annotations: {autoscaling.knative.dev/class: \"\\e[2Jhpa\"}}
";
    let ran = check("healthy", &["--facts", "-"]).stdin(evil).run();
    assert!(
        ran.stdout.contains("\\u{1b}[2Jhpa") && !ran.stdout.contains('\u{1b}'),
        "{}",
        ran.stdout
    );
}
