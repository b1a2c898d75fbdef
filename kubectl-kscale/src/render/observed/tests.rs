use kscale_rules::explain::explain;
use kscale_rules::facts::{Facts, FactsSource};
use kscale_rules::observed::{Index, observe};
use serde::Deserialize as _;
use serde_json::Value;

use super::*;

/// The section on the InferenceService of a situation, without colours.
fn shown(situation: &str, width: usize, detail: Detail) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/observed");
    let text = std::fs::read_to_string(format!("{folder}/{situation}.yaml")).unwrap();
    let objects: Vec<Value> = serde_yaml::Deserializer::from_str(&text)
        .map(|document| Value::deserialize(document).unwrap())
        .collect();
    let facts = Facts::from_objects(&objects, FactsSource::Snapshot);
    let mut item = explain(&objects[0], &facts).unwrap();
    item.observed = Some(observe(&objects[0], &item, &facts, &Index::new(&objects)));
    let mut paper = Paper::new(width);
    section(&mut paper, &item, detail);
    anstream::adapter::strip_str(&paper.into_text()).to_string()
}

fn usual(situation: &str) -> String {
    shown(situation, 80, Detail::Usual)
}

#[test]
fn a_healthy_service_takes_two_lines() {
    insta::assert_snapshot!(usual("kpa-ready"), @"

    now  ready
      serves  1 of 1 pod ready; KPA wants 1 on concurrency; revision
              bert-predictor-00001
    ");
    insta::assert_snapshot!(usual("standard-scales"), @"

    now  ready
      serves  1 of 1 pod ready; HPA wants 1 on cpu 10%/75%
    ");
}

#[test]
fn what_serves_is_told_from_what_is_predicted() {
    insta::assert_snapshot!(usual("switch-no-extension"), @"

    now  not ready yet (Ready=Unknown)
      not as predicted in Revision/bert-predictor-00001: bert-predictor-00001
      serves until bert-predictor-00002 is ready
        class kpa.autoscaling.knative.dev, predicted hpa.autoscaling.knative.dev
        metric concurrency, predicted cpu
        target 10, predicted 75
      serves  1 of 1 pod ready; KPA wants 1 on concurrency; revision
              bert-predictor-00001
      next    1 of 1 pod ready; nobody has acted on class
              hpa.autoscaling.knative.dev; revision bert-predictor-00002
      problem hpa-extension-missing
        bert-predictor-00002 waits for Knative's HPA extension, which is not
        installed; nothing ends that wait; bert-predictor-00001 goes on serving
        help: install the HPA extension (serving-hpa.yaml of Knative 1.23.0):
        bert-predictor-00002 gets ready by itself within half a minute
    ");
}

#[test]
fn revisions_that_share_requests_each_have_a_line() {
    insta::assert_snapshot!(usual("canary-2-split"), @"

    now  ready
      not as predicted in Revision/bert-predictor-00001: bert-predictor-00001 gets
      90 % of the requests beside the newest, bert-predictor-00002
        class kpa.autoscaling.knative.dev, predicted hpa.autoscaling.knative.dev
        metric concurrency, predicted cpu
        target 10, predicted 75
      serves  1 of 1 pod ready; KPA wants 1 on concurrency; revision
              bert-predictor-00001, 90 % of the requests
      serves  1 of 1 pod ready; HPA wants 1 on cpu 10%/75%; revision
              bert-predictor-00002, 10 % of the requests
      note canary-in-progress
        a canary is under way; what is predicted holds for the newest revision
        alone
        help: take canaryTrafficPercent away to finish it
    ");
}

#[test]
fn what_is_left_over_is_listed_with_how_to_free_it() {
    insta::assert_snapshot!(usual("rollback-1-just-after"), @"

    now  not ready yet (Ready=Unknown)
      serves     1 of 1 pod ready; KPA wants 1 on concurrency; revision
                 bert-predictor-00001
      next       0 of 1 pod ready; KPA wants 1 on concurrency; revision
                 bert-predictor-00003
      left over  1 of 1 pod ready; nobody has acted on class
                 hpa.autoscaling.knative.dev; revision bert-predictor-00002
      problem leftover-stuck-revision
        bert-predictor-00002 never got ready, gets no requests, and holds 1 pod
        for good: nobody scales it
        help: free them: kubectl -n ml delete revision.serving.knative.dev
        bert-predictor-00002
      waiting waiting-for-pods
        0 of 1 pod ready
    ");
}

#[test]
fn the_words_of_a_controller_are_quoted_where_they_are_all_there_is() {
    insta::assert_snapshot!(usual("hpa-refused"), @r#"

    now  not ready yet (Ready=Unknown): RevisionMissing
      next  1 of 1 pod ready; no HPA; revision bert-predictor-00001
      problem hpa-refused
        the API server refuses the HPA of bert-predictor-00001, and it is tried
        again and again
        PodAutoscaler/bert-predictor-00001: Active=False FailedCreate: Failed to create HorizontalPodAutoscaler "bert-predictor-00001".
        event InternalError on PodAutoscaler/bert-predictor-00001 (13 times): failed to create HPA: HorizontalPodAutoscaler.autoscaling "bert-predictor-00001" is invalid: spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`
        help: correct what the event names; it heals by itself within a minute
    "#);
    insta::assert_snapshot!(usual("unschedulable"), @"

    now  not ready yet (Ready=Unknown): RevisionMissing
      next  0 of 1 pod ready; KPA wants 1 on concurrency; revision
            bert-predictor-00001
      problem unschedulable
        pod bert-predictor-00001-deployment-6d8f7c9b5-x2k4p is not ready: no node
        takes it
        Pod/bert-predictor-00001-deployment-6d8f7c9b5-x2k4p: Unschedulable: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu.
        help: see what the text names: requests, accelerators, taints
    ");
}

#[test]
fn a_narrow_page_breaks_between_words() {
    insta::assert_snapshot!(shown("metrics-missing", 60, Detail::Usual), @"

    now  ready
      serves  1 of 1 pod ready; HPA cannot tell what it wants
              on cpu ?/75%; revision bert-predictor-00001
      problem metrics-missing
        bert-predictor-00001 does not scale: its HPA cannot
        read cpu (no resource metrics API is there) and only
        keeps within its bounds, which no condition Ready
        tells
        help: install metrics-server
    ");
}

#[test]
fn everything_is_there_for_who_asks() {
    insta::assert_snapshot!(shown("extension-down-new", 80, Detail::Wide), @"

    now  not ready yet (Ready=Unknown): RevisionMissing
      next  1 of 1 pod ready; nobody has acted on class
            hpa.autoscaling.knative.dev; revision bert-predictor-00001
      problem hpa-extension-unavailable
        bert-predictor-00001 waits for Knative's HPA extension, of which no pod is
        available; nothing else ends that wait
        PodAutoscaler/bert-predictor-00001: class hpa.autoscaling.knative.dev, no status
        Deployment/autoscaler-hpa: 0 of 1 available, Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.
        help: see the pods of Deployment knative-serving/autoscaler-hpa
      Service/bert-predictor generation 1, observed 1; newest revision
      bert-predictor-00001, newest that is ready none; requests: to none;
      template: class=hpa.autoscaling.knative.dev, max-scale=4, metric=cpu,
      min-scale=1, target=75
        ConfigurationsReady=Unknown
        Ready=Unknown RevisionMissing
        RoutesReady=Unknown RevisionMissing
      Revision/bert-predictor-00001 next, routing state active;
      class=hpa.autoscaling.knative.dev, max-scale=4, metric=cpu, min-scale=1,
      target=75
        True: ContainerHealthy
        Active=Unknown Deploying
        Ready=Unknown Deploying
        ResourcesAvailable=Unknown Deploying
      PodAutoscaler/bert-predictor-00001 class hpa.autoscaling.knative.dev, metric
      cpu, desired ?, actual ?, Reachable, no status
      Deployment/bert-predictor-00001-deployment 1 of 1 ready
        True: Available
    ");
}

#[test]
fn nothing_that_was_made_and_no_status_is_said() {
    insta::assert_snapshot!(usual("not-reconciled-new"), @"

    now  no status yet
      serves  nothing of it was seen in the cluster
      waiting not-reconciled-yet
        KServe has not acted on it yet: it has no status
    ");
}
