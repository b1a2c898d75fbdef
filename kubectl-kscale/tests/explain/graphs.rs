//! InferenceGraphs, whose router is what is scaled.

use serde_json::Value;

use crate::process::{explain, fixture};

/// What is said of one of the fixture's graphs, under a known release.
fn said(name: &str) -> String {
    let arguments = [
        "-f",
        &fixture("graphs.yaml"),
        "-o",
        "wide",
        "--kserve-version",
        "0.20.0",
    ];
    let text = explain(&arguments).columns(100).run().clean();
    let title = format!("{name}  InferenceGraph");
    let from = text.find(&title).unwrap();
    let rest = &text[from..];
    let ends = [
        "\n\nhpa  Inf",
        "\n\nkeda  Inf",
        "\n\nrefused  Inf",
        "\n\nstopped  Inf",
        "\n\nfor  ",
    ];
    let until = ends.iter().filter_map(|end| rest.find(end)).min();
    rest[..until.unwrap_or(rest.len())].to_owned()
}

#[test]
fn the_example_is_scaled_by_knative() {
    let text = explain(&["-f", "examples/inference-graph.yaml"])
        .run()
        .clean();
    insta::assert_snapshot!(text, @"
    ensemble  InferenceGraph  Knative mode  examples/inference-graph.yaml

      router  Knative KPA on concurrency: 50 at a time per pod, aims at 35; 1 to 4
              pods, never to zero

      why
       1  deploymentMode   Knative
          ConfigMap inferenceservice-config, defaultDeploymentMode (assumed)
       2  class            kpa.autoscaling.knative.dev
          KServe controller default
       3  metric           concurrency
          spec.scaleMetric, line 9
       4  target           50
          spec.scaleTarget, line 10
       5  effectiveTarget  35
          Knative default, container-concurrency-target-percentage (assumed)
       6  minReplicas      1
          spec.minReplicas, line 7
       7  maxReplicas      4
          spec.maxReplicas, line 8

      other releases of KServe
        0.11.0 until 0.15.1
          router: target 100 instead of 50; router: maxReplicas unbounded instead of
          4

    for      KServe 0.20.0, Knative 1.23.0
    assumed  KServe is 0.20.0, the newest release known; Knative Serving is 1.23.0,
             the newest release known; inferenceservice-config is as shipped: the
             default mode is Knative; config-autoscaler is as shipped;
             config-defaults is as shipped; config-deployment is as shipped; Knative
             Serving is installed; ServingRuntimes request 1 cpu and 2Gi and bring
             no annotations, as all built-in ones; the InferenceServices of an
             InferenceGraph are ready, and the graph is new; objects without a
             namespace go to default
    ");
}

#[test]
fn standard_mode_makes_an_hpa_and_corrects_what_no_webhook_refuses() {
    insta::assert_snapshot!(said("hpa"), @"
    hpa  InferenceGraph  serving.kserve.io/v1alpha1  Standard mode
      kubectl-kscale/tests/fixtures/graphs.yaml

      router  HPA on cpu at 80 % of requests; always 5 pods, never to zero

      why
       1  deploymentMode  Standard
          annotation serving.kserve.io/deploymentMode, line 7
          /metadata/annotations/serving.kserve.io~1deploymentMode
          KServe makes a Deployment and its autoscaler
       2  class           hpa
          KServe controller default
          KServe makes a HorizontalPodAutoscaler
       3  metric          cpu
          Kubernetes API server default
          KServe sends an HPA without metrics for rps; the API server puts cpu at 80 %
       4  requests        hpa 100m
          ConfigMap inferenceservice-config, router (assumed)
          the percentage is of what all containers request together
       5  minReplicas     5
          spec.minReplicas, line 10 /spec/minReplicas
          never fewer pods
       6  maxReplicas     5
          spec.maxReplicas, line 11 /spec/maxReplicas
          raised to minReplicas: it never scales

      without effect
        spec.timeout = 30, line 14 /spec/timeout
          only a Knative Service gets it; the Deployment of Standard mode has none [KS402]
        annotation autoscaling.knative.dev/target = 5, line 8
        /metadata/annotations/autoscaling.knative.dev~1target
          only Knative mode reads it; in Standard mode the class is serving.kserve.io/autoscalerClass
          [KS102]
        spec.scaleMetric = rps, line 12 /spec/scaleMetric
          KServe's HPA knows no rps and scales on cpu at 80 % [KS202]
        spec.scaleTarget = 50, line 13 /spec/scaleTarget
          KServe's HPA knows no rps and scales on cpu at 80 % [KS202]
        spec.maxReplicas = 2, line 11 /spec/maxReplicas
          less than minReplicas: KServe raises it to 5 [KS302]

      creates
        Deployment  apps/v1
          name: hpa
        HorizontalPodAutoscaler  autoscaling/v2
          name: hpa
          spec:
            behavior:
              scaleDown:
                policies:
                - periodSeconds: 15
                  type: Percent
                  value: 100
                selectPolicy: Max
              scaleUp:
                policies:
                - periodSeconds: 15
                  type: Pods
                  value: 4
                - periodSeconds: 15
                  type: Percent
                  value: 100
                selectPolicy: Max
                stabilizationWindowSeconds: 0
            maxReplicas: 5
            metrics:
            - resource:
                name: cpu
                target:
                  averageUtilization: 80
                  type: Utilization
              type: Resource
            minReplicas: 5
            scaleTargetRef:
              apiVersion: apps/v1
              kind: Deployment
              name: hpa

      findings
        error KS102 knative-annotation-in-standard-mode, line 8
          help: use the field scaleTarget
        error KS202 request-metric-in-standard-mode, line 12
          help: create the service in Knative mode to scale on rps, or set scaleMetric to cpu or memory
          with a scaleTarget in percent
        warning KS302 max-raised-to-min, line 11
          help: write a maxReplicas above minReplicas, or lower minReplicas
        warning KS402 field-lost-on-the-way, line 14
          help: remove it; routerTimeouts holds in both modes
    ");
}

#[test]
fn the_class_keda_is_refused_for_want_of_triggers() {
    insta::assert_snapshot!(said("keda"), @r#"
    keda  InferenceGraph  serving.kserve.io/v1alpha1  Standard mode
      kubectl-kscale/tests/fixtures/graphs.yaml:21

      router  nothing scales it: refused by KEDA

      why
       1  deploymentMode  Standard
          annotation serving.kserve.io/deploymentMode, line 26
          /metadata/annotations/serving.kserve.io~1deploymentMode
          KServe makes a Deployment and its autoscaler
       2  class           keda
          annotation serving.kserve.io/autoscalerClass, line 27
          /metadata/annotations/serving.kserve.io~1autoscalerClass
          KServe makes a KEDA ScaledObject; KEDA must be installed
       3  metric          –
          KServe controller
          triggers are made from autoScaling.metrics only, and there are none
       4  minReplicas     1
          KServe default
          never fewer pods
       5  maxReplicas     4
          spec.maxReplicas, line 29 /spec/maxReplicas
          never more pods
       6  leftHpa         kept
          KServe controller
          an HPA from before is not deleted, and KEDA then refuses the ScaledObject on its account

      refused  by KEDA
        no triggers defined in the ScaledObject/ScaledJob

      failure  on router, as the controller reports it
        fails to reconcile inference graph raw deployment: fails to reconcile inference graph raw: admission webhook "vscaledobject.kb.io" denied the request: no triggers defined in the ScaledObject/ScaledJob

      without effect
        spec.scaleMetric = cpu, line 30 /spec/scaleMetric
          the class keda scales on autoScaling.metrics only, which a graph does not have [KS216]

      creates
        Deployment  apps/v1
          name: keda
        ScaledObject  keda.sh/v1alpha1
          name: keda
          spec:
            advanced:
              horizontalPodAutoscalerConfig:
                behavior:
                  scaleDown:
                    stabilizationWindowSeconds: 300
                  scaleUp:
                    stabilizationWindowSeconds: 0
              scalingModifiers: {}
            maxReplicaCount: 4
            minReplicaCount: 1
            scaleTargetRef:
              name: keda
            triggers: null

      findings
        error KS123 refused-by-keda, line 28
          KEDA refuses the ScaledObject that is made of it: no triggers defined in the
          ScaledObject/ScaledJob
          help: choose another class: an InferenceGraph has no field for KEDA's metrics
        error KS216 field-under-keda, line 30
          help: write it as an entry of autoScaling.metrics
    "#);
}

#[test]
fn refusals_of_both_webhooks_are_told() {
    insta::assert_snapshot!(said("refused"), @r#"
    refused  InferenceGraph  serving.kserve.io/v1alpha1  Knative mode
      kubectl-kscale/tests/fixtures/graphs.yaml:37

      router  nothing scales it: refused by KServe

      why
       1  deploymentMode  Knative
          ConfigMap inferenceservice-config, defaultDeploymentMode (assumed)
          KServe makes a Knative Service
       2  class           kpa.autoscaling.knative.dev
          KServe controller default
          sent to Knative as the annotation autoscaling.knative.dev/class
       3  minReplicas     5
          spec.minReplicas, line 44 /spec/minReplicas
          sent to Knative as the annotation autoscaling.knative.dev/min-scale
       4  maxReplicas     2
          spec.maxReplicas, line 45 /spec/maxReplicas
          sent to Knative as the annotation autoscaling.knative.dev/max-scale

      refused  by KServe
        InferenceGraph[refused] Node[root] splitter node: the sum of traffic weights for all routing targets should be 100

      refused  by Knative, if KServe let it through
        admission webhook "validation.webhook.serving.knative.dev" denied the request: validation failed: max-scale=2 is less than min-scale=5: spec.template.metadata.annotations.autoscaling.knative.dev/max-scale, spec.template.metadata.annotations.autoscaling.knative.dev/min-scale

      failure  on router, as the controller reports it
        fails to reconcile inference graph ksvc: admission webhook "validation.webhook.serving.knative.dev" denied the request: validation failed: max-scale=2 is less than min-scale=5: spec.template.metadata.annotations.autoscaling.knative.dev/max-scale, spec.template.metadata.annotations.autoscaling.knative.dev/min-scale

      without effect
        annotation autoscaling.knative.dev/min-scale = 4, line 42
        /metadata/annotations/autoscaling.knative.dev~1min-scale
          KServe writes it itself: minReplicas of the graph, or 1 where there is none [KS306]

      creates
        Service  serving.knative.dev/v1
          name: refused
          templateAnnotations:
            autoscaling.knative.dev/class: kpa.autoscaling.knative.dev
            autoscaling.knative.dev/max-scale: "2"
            autoscaling.knative.dev/min-scale: "5"

      findings
        error KS120 refused-by-kserve, line 46
          KServe refuses the object: InferenceGraph[refused] Node[root] splitter node: the sum of
          traffic weights for all routing targets should be 100
          help: mend the node that the text names
        error KS121 refused-by-knative, line 45
          Knative refuses the Service: max-scale=2 is less than min-scale=5:
          spec.template.metadata.annotations.autoscaling.knative.dev/max-scale,
          spec.template.metadata.annotations.autoscaling.knative.dev/min-scale
          help: write a value that Knative accepts
        warning KS306 stripped-annotation, line 42
          help: remove it: minReplicas says what counts

      other releases of Knative
        1.0.0 until 1.1.0
          Knative accepts it
          router: autoscaler kpa instead of unmanaged
          router: metric concurrency instead of none
          router: target 100 instead of none
          router: minReplicas 0 instead of unbounded
          router: scaleToZero true instead of false
    "#);
}

#[test]
fn a_stopped_graph_runs_nothing() {
    insta::assert_snapshot!(said("stopped"), @"
    stopped  InferenceGraph  serving.kserve.io/v1alpha1  Standard mode
      kubectl-kscale/tests/fixtures/graphs.yaml:53

      router  stopped: no pod runs

      why
       1  deploymentMode  Standard
          annotation serving.kserve.io/deploymentMode, line 58
          /metadata/annotations/serving.kserve.io~1deploymentMode
          KServe makes a Deployment and its autoscaler
       2  stop            true
          annotation serving.kserve.io/stop, line 59 /metadata/annotations/serving.kserve.io~1stop
          KServe deletes the router's Deployment and Service; an HPA that it has made stays, since
          KServe deletes those of InferenceServices only
    ");
}

#[test]
fn all_is_there_for_programs_too() {
    let arguments = ["-f", &fixture("graphs.yaml"), "-o", "json"];
    let text = explain(&arguments).run().clean();
    let answer: Value = serde_json::from_str(&text).unwrap();
    let routers: Vec<_> = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let router = &item["components"][0];
            let of = |key: &str| router[key].as_str().unwrap_or("null").to_owned();
            [of("name"), of("autoscaler"), of("class")].join(" ")
        })
        .collect();
    insta::assert_snapshot!(routers.join("\n"), @"
    router hpa hpa
    router unmanaged keda
    router unmanaged kpa.autoscaling.knative.dev
    router stopped null
    ");
    assert_eq!(
        answer["items"][1]["admission"]["keda"],
        "no triggers defined in the ScaledObject/ScaledJob"
    );
}

#[test]
fn names_are_those_of_kubectl() {
    let text = explain(&["-f", "examples/inference-graph.yaml", "-o", "name"])
        .run()
        .clean();
    assert_eq!(text, "inferencegraph.serving.kserve.io/ensemble\n");
}
