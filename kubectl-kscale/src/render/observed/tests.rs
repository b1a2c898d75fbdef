use kscale_rules::explain::{explain, list};
use kscale_rules::facts::{Facts, FactsSource};
use kscale_rules::observed::{Index, observe};
use serde::Deserialize as _;
use serde_json::Value;

use super::*;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/observed");

/// The InferenceService of a situation.
fn item(situation: &str) -> (Explanation, Facts) {
    let text = std::fs::read_to_string(format!("{FOLDER}/{situation}.yaml")).unwrap();
    let objects: Vec<Value> = serde_yaml::Deserializer::from_str(&text)
        .map(|document| Value::deserialize(document).unwrap())
        .collect();
    let facts = Facts::from_objects(&objects, FactsSource::Snapshot);
    let mut item = explain(&objects[0], &facts).unwrap();
    item.observed = Some(observe(&objects[0], &item, &facts, &Index::new(&objects)));
    (item, facts)
}

/// The section on it, without colours.
fn shown(situation: &str, width: usize, detail: Detail) -> String {
    let mut paper = Paper::new(width);
    section(&mut paper, &item(situation).0, detail);
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
        help: kubectl kscale install brings the HPA extension of Knative 1.23.0:
        bert-predictor-00002 then gets ready by itself within half a minute
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
      next  1 of 1 pod ready; no HPA was seen; revision bert-predictor-00001
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

#[test]
fn what_is_observed_is_as_the_schema_says() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../docs/schema/kscale.dev_v1alpha1.json"
    );
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let (item, facts) = item(name.trim_end_matches(".yaml"));
        let answer = serde_json::to_value(list(vec![item], &facts)).unwrap();
        assert!(answer["items"][0]["observed"].is_object(), "{name}");
        let errors: Vec<String> = schema
            .iter_errors(&answer)
            .map(|one| one.to_string())
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn no_line_is_wider_than_the_page_but_what_is_quoted() {
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        for width in [60, 80] {
            let text = shown(name.trim_end_matches(".yaml"), width, Detail::Usual);
            for line in text.lines().filter(|line| line.trim().contains(' ')) {
                let quoted = [
                    "event ",
                    "Pod/",
                    "PodAutoscaler/",
                    "Revision/",
                    "Deployment/",
                    "InferenceService/",
                ];
                let is_quoted = quoted
                    .iter()
                    .any(|start| line.trim_start().starts_with(start));
                assert!(
                    is_quoted || crate::render::paper::width(line) <= width,
                    "{name} at {width}: {line}"
                );
            }
        }
    }
}
