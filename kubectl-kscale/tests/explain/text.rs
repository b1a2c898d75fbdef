//! What people read.

use crate::process::{explain, fixture};

#[test]
fn sixty_columns_are_enough() {
    let text = explain(&["-f", &fixture("cpu.yaml")])
        .columns(60)
        .run()
        .clean();
    insta::assert_snapshot!(text, @"
    cpu  InferenceService  Knative mode
      kubectl-kscale/tests/fixtures/cpu.yaml

      predictor  Knative HPA on cpu at 75 % of requests; 1 to 3
                 pods, never to zero

      why
       1  deploymentMode  Knative
          ConfigMap inferenceservice-config,
          defaultDeploymentMode (assumed)
       2  class           hpa.autoscaling.knative.dev
          annotation autoscaling.knative.dev/class, line 6
       3  metric          cpu
          spec.predictor.scaleMetric, line 11
       4  target          75
          spec.predictor.scaleTarget, line 12
       5  requests        kserve-container 1 + queue-proxy 25m
          pod: the runtime's requests (assumed), and what
          Knative adds
       6  minReplicas     1
          spec.predictor.minReplicas, line 9
       7  maxReplicas     3
          spec.predictor.maxReplicas, line 10

    for      KServe 0.20.0, Knative 1.23.0
    assumed  KServe is 0.20.0, the newest release known; Knative
             Serving is 1.23.0, the newest release known;
             inferenceservice-config is as shipped: the default
             mode is Knative; config-autoscaler is as shipped;
             config-defaults is as shipped; config-deployment is
             as shipped; Knative Serving is installed;
             ServingRuntimes request 1 cpu and 2Gi and bring no
             annotations, as all built-in ones; objects without
             a namespace go to default
    ");
}

#[test]
fn sources_stand_beside_their_values_where_there_is_room() {
    let text = explain(&["-f", &fixture("inert.yaml")])
        .columns(120)
        .run()
        .clean();
    insta::assert_snapshot!(text, @"
    inert  InferenceService  Knative mode  kubectl-kscale/tests/fixtures/inert.yaml

      predictor  Knative KPA on concurrency: 100 at a time per pod, aims at 70; 1 pod or more without limit, never to zero

      why
       1  deploymentMode   Knative                      annotation serving.kserve.io/deploymentMode, line 6
       2  class            kpa.autoscaling.knative.dev  KServe controller default
       3  metric           concurrency                  Knative default for this class
       4  target           100                          Knative default, container-concurrency-target-default (assumed)
       5  effectiveTarget  70                           Knative default, container-concurrency-target-percentage (assumed)
       6  minReplicas      1                            KServe default
       7  maxReplicas      unbounded                    Knative default, max-scale (assumed)

      without effect
        annotation serving.kserve.io/metric = cpu, line 8
          no KServe release reads this annotation [KS201]
        annotation serving.kserve.io/targetUtilizationPercentage = 60, line 9
          KServe reads this annotation only until 0.14; this is 0.20.0 [KS201]
        annotation serving.kserve.io/autoscalerClass = hpa, line 7
          only Standard mode reads it; in Knative mode the class is autoscaling.knative.dev/class [KS101]

      findings
        error KS101 autoscaler-class-in-knative-mode, line 7
          help: set autoscaling.knative.dev/class to hpa.autoscaling.knative.dev instead, or
          serving.kserve.io/deploymentMode to Standard
        warning KS201 dead-annotation, line 8
          help: remove it; it was for the HPA of Standard mode
        warning KS201 dead-annotation, line 9
          help: remove it; it was for the HPA of Standard mode

    for      KServe 0.20.0, Knative 1.23.0
    assumed  KServe is 0.20.0, the newest release known; Knative Serving is 1.23.0, the newest release known;
             inferenceservice-config is as shipped: the default mode is Knative; config-autoscaler is as shipped;
             config-defaults is as shipped; config-deployment is as shipped; Knative Serving is installed; ServingRuntimes
             request 1 cpu and 2Gi and bring no annotations, as all built-in ones; objects without a namespace go to default
    ");
}

#[test]
fn wide_says_everything() {
    let text = explain(&["-f", &fixture("cpu.yaml"), "-o", "wide"])
        .run()
        .clean();
    insta::assert_snapshot!(text, @r#"
    cpu  InferenceService  serving.kserve.io/v1beta1  Knative mode
      kubectl-kscale/tests/fixtures/cpu.yaml

      predictor  Knative HPA on cpu at 75 % of requests; 1 to 3 pods, never to zero

      why
       1  deploymentMode  Knative
          ConfigMap inferenceservice-config, defaultDeploymentMode (assumed)
          KServe makes a Knative Service
       2  class           hpa.autoscaling.knative.dev
          annotation autoscaling.knative.dev/class, line 6
          /metadata/annotations/autoscaling.knative.dev~1class
          a HorizontalPodAutoscaler, made by the HPA extension, which must be
          installed (serving-hpa.yaml)
       3  metric          cpu
          spec.predictor.scaleMetric, line 11 /spec/predictor/scaleMetric
          CPU, as a percentage of requests
       4  target          75
          spec.predictor.scaleTarget, line 12 /spec/predictor/scaleTarget
          75 % of what the pod's containers request
       5  requests        kserve-container 1 + queue-proxy 25m
          pod: the runtime's requests (assumed), and what Knative adds
          the percentage is of what all containers request together
       6  minReplicas     1
          spec.predictor.minReplicas, line 9 /spec/predictor/minReplicas
          never fewer pods, and never to zero
       7  maxReplicas     3
          spec.predictor.maxReplicas, line 10 /spec/predictor/maxReplicas
          never more pods

      creates
        Service  serving.knative.dev/v1
          name: cpu-predictor
          templateAnnotations:
            autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
            autoscaling.knative.dev/max-scale: "3"
            autoscaling.knative.dev/metric: cpu
            autoscaling.knative.dev/min-scale: "1"
            autoscaling.knative.dev/target: "75"
            internal.serving.kserve.io/storage-initializer-sourceuri: gs://kfserving-examples/models/sklearn/1.0/model
          traffic:
          - latestRevision: true
            percent: 100
        PodAutoscaler  autoscaling.internal.knative.dev/v1alpha1
          class: hpa.autoscaling.knative.dev
          metric: cpu
          name: cpu-predictor-00001
        HorizontalPodAutoscaler  autoscaling/v2
          name: cpu-predictor-00001
          spec:
            maxReplicas: 3
            metrics:
            - resource:
                name: cpu
                target:
                  averageUtilization: 75
                  type: Utilization
              type: Resource
            minReplicas: 1
            scaleTargetRef:
              apiVersion: apps/v1
              kind: Deployment
              name: cpu-predictor-00001-deployment

      other releases of Knative
        1.0.0 until 1.1.0
          predictor: maxReplicas unbounded instead of 3

    for      KServe 0.20.0, Knative 1.23.0
    assumed  KServe is 0.20.0, the newest release known
             Knative Serving is 1.23.0, the newest release known
             inferenceservice-config is as shipped: the default mode is Knative
             config-autoscaler is as shipped
             config-defaults is as shipped
             config-deployment is as shipped
             Knative Serving is installed
             ServingRuntimes request 1 cpu and 2Gi and bring no annotations, as all
             built-in ones
             objects without a namespace go to default
    "#);
}

#[test]
fn refusals_are_exact_and_on_a_line_of_their_own() {
    let text = explain(&["-f", &fixture("refused.yaml")])
        .columns(60)
        .run()
        .clean();
    let refusal = "\n    'MinReplicas' cannot be greater than MaxReplicas\n";
    assert!(text.contains(refusal), "{text}");
    assert!(
        text.contains("nothing scales it: refused by KServe"),
        "{text}"
    );
    let knative = text
        .lines()
        .find(|line| line.contains("denied the request"));
    assert!(
        knative.is_some_and(|line| line.ends_with("autoscaling.knative.dev/min-scale")),
        "{text}"
    );
}

#[test]
fn what_is_without_effect_says_where_and_why() {
    let text = explain(&["-f", &fixture("inert.yaml")]).run().clean();
    let (_, inert) = text.split_once("  without effect\n").unwrap();
    assert!(
        inert.contains("annotation serving.kserve.io/autoscalerClass = hpa, line 7\n      only"),
        "{text}"
    );
}

#[test]
fn no_line_but_a_refusal_is_wider_than_asked_for() {
    for columns in [60, 80, 100] {
        let text = explain(&["-f", "examples", "-f", &fixture("inert.yaml")])
            .columns(columns)
            .run()
            .stdout;
        for line in text
            .lines()
            .filter(|line| !line.contains("denied the request"))
        {
            assert!(line.chars().count() <= columns, "{columns}: {line}");
        }
    }
}

#[test]
fn a_width_that_makes_no_sense_is_not_taken() {
    for columns in ["0", "-1", "wide", ""] {
        let file = fixture("cpu.yaml");
        let text = explain(&["-f", &file])
            .env("COLUMNS", columns)
            .run()
            .clean();
        assert_eq!(text, explain(&["-f", &file]).columns(80).run().clean());
    }
    let narrow = explain(&["-f", &fixture("cpu.yaml")])
        .columns(1)
        .run()
        .clean();
    assert!(narrow.lines().count() < 100, "{narrow}");
}

#[test]
fn names_are_those_of_kubectl() {
    let text = explain(&["-f", &fixture("list.json"), "-o", "name"])
        .run()
        .stdout;
    insta::assert_snapshot!(text, @"
    inferenceservice.serving.kserve.io/one
    service.serving.knative.dev/three
    ");
}

#[test]
fn several_objects_are_told_apart_and_the_facts_said_once() {
    let file = fixture("list.json");
    let text = explain(&["-f", &file]).run().stdout;
    assert!(
        text.contains(&format!("\n\nthree  Service  {file}:8\n")),
        "{text}"
    );
    assert_eq!(text.matches("\nfor      KServe").count(), 1, "{text}");
}
