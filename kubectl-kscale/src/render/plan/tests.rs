//! What people see, on pages of 80 and of 60 columns.

mod sample;
mod several;

use kscale_rules::switch::PlanList;

use super::super::marks::Marks;
use super::{Place, Style, written};
use sample::{list, simple, stuck};

fn shown(list: &PlanList, width: usize, place: Place, all: bool) -> String {
    let style = Style {
        place,
        all,
        blind: false,
        marks: Marks::Signs,
    };
    let text = written(list, width, style);
    anstream::adapter::strip_str(&text).to_string()
}

fn text(list: &PlanList, width: usize) -> String {
    shown(list, width, Place::Cluster, false)
}

/// No line that Paper may break is wider than the page.
fn fits(text: &str, width: usize) {
    for line in text.lines() {
        let verbatim =
            line.starts_with("   ") || line.starts_with("  -") || line.starts_with("  +");
        assert!(verbatim || line.chars().count() <= width, "{line}");
    }
}

#[test]
fn a_simple_plan_is_short() {
    let page = text(&list(vec![simple()]), 80);
    fits(&page, 80);
    insta::assert_snapshot!(page, @"
    isvc/bert in ml: kpa → knative-hpa
      predictor  kpa on concurrency 10, 1 to 5 pods
                 → knative-hpa on cpu 80%, 1 to 5 pods

      @@ metadata.annotations @@
       metadata:
         annotations:
      +    autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
           owner: search
         name: bert
      @@ spec.predictor @@
               name: sklearn
             storageUri: s3://models/bert
      -    scaleTarget: 10
      +    scaleMetric: cpu
      +    scaleTarget: 80

    chosen   target 80: no --target is given, and a target of concurrency means
             nothing for the cpu
    rolls    predictor: a new revision that starts with 3 pods, beside 3 pods of
             now; the template of its Knative Service changes
    costs    up to 3 pods beside the 3 of now: 12 cpu and 3 nvidia.com/gpu more
    steps    1. kscale patches the InferenceService
             2. KServe updates the Knative Service bert-predictor
             3. Knative makes a new Revision, and moves the traffic once it is ready
    back     kubectl kscale undo isvc/bert -n ml
    ");
}

#[test]
fn a_narrow_page_says_the_same() {
    let page = text(&list(vec![simple()]), 60);
    fits(&page, 60);
    insta::assert_snapshot!(page, @"
    isvc/bert in ml: kpa → knative-hpa
      predictor  kpa on concurrency 10, 1 to 5 pods
                 → knative-hpa on cpu 80%, 1 to 5 pods

      @@ metadata.annotations @@
       metadata:
         annotations:
      +    autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
           owner: search
         name: bert
      @@ spec.predictor @@
               name: sklearn
             storageUri: s3://models/bert
      -    scaleTarget: 10
      +    scaleMetric: cpu
      +    scaleTarget: 80

    chosen   target 80: no --target is given, and a target of
             concurrency means nothing for the cpu
    rolls    predictor: a new revision that starts with 3 pods,
             beside 3 pods of now; the template of its Knative
             Service changes
    costs    up to 3 pods beside the 3 of now: 12 cpu and 3
             nvidia.com/gpu more
    steps    1. kscale patches the InferenceService
             2. KServe updates the Knative Service
                bert-predictor
             3. Knative makes a new Revision, and moves the
                traffic once it is ready
    back     kubectl kscale undo isvc/bert -n ml
    ");
}

#[test]
fn what_speaks_against_a_plan_stands_out_with_what_to_do() {
    insta::assert_snapshot!(text(&list(vec![stuck()]), 80), @"
    isvc/bert in ml: kpa → knative-hpa
      predictor  kpa on concurrency 10, 1 to 5 pods
                 → knative-hpa on cpu 80%, 1 to 5 pods

    blocked  × Knative's HPA extension does not run: nothing makes an HPA
               hint: install it: kubectl kscale install
             mend that first; --allow-findings carries it out all the same

      @@ metadata.annotations @@
       metadata:
         annotations:
      +    autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
           owner: search
         name: bert
      @@ spec.predictor @@
               name: sklearn
             storageUri: s3://models/bert
      -    scaleTarget: 10
      +    scaleMetric: cpu
      +    scaleTarget: 80

    chosen   target 80: no --target is given, and a target of concurrency means
             nothing for the cpu
    rolls    predictor: a new revision that starts with 3 pods, beside 3 pods of
             now; the template of its Knative Service changes
    costs    up to 3 pods beside the 3 of now: 12 cpu and 3 nvidia.com/gpu more
    needs    ? whether the resource metrics API is served is not known
               hint: kubectl kscale check tells
    risks    ‼ revisions of the HPA class keep a pod for good, also when nothing is
               routed to them (KS703)
               hint: --cleanup deletes them once the new one has taken over
    leaves   HorizontalPodAutoscaler bert-predictor: KServe leaves it, and it goes
             on scaling
    steps    1. kscale patches the InferenceService
             2. KServe updates the Knative Service bert-predictor
             3. Knative makes a new Revision, and moves the traffic once it is ready
    back     kubectl kscale undo isvc/bert -n ml
    ");
    insta::assert_snapshot!(text(&list(vec![stuck()]), 60), @"
    isvc/bert in ml: kpa → knative-hpa
      predictor  kpa on concurrency 10, 1 to 5 pods
                 → knative-hpa on cpu 80%, 1 to 5 pods

    blocked  × Knative's HPA extension does not run: nothing
               makes an HPA
               hint: install it: kubectl kscale install
             mend that first; --allow-findings carries it out
             all the same

      @@ metadata.annotations @@
       metadata:
         annotations:
      +    autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
           owner: search
         name: bert
      @@ spec.predictor @@
               name: sklearn
             storageUri: s3://models/bert
      -    scaleTarget: 10
      +    scaleMetric: cpu
      +    scaleTarget: 80

    chosen   target 80: no --target is given, and a target of
             concurrency means nothing for the cpu
    rolls    predictor: a new revision that starts with 3 pods,
             beside 3 pods of now; the template of its Knative
             Service changes
    costs    up to 3 pods beside the 3 of now: 12 cpu and 3
             nvidia.com/gpu more
    needs    ? whether the resource metrics API is served is not
               known
               hint: kubectl kscale check tells
    risks    ‼ revisions of the HPA class keep a pod for good,
               also when nothing is routed to them (KS703)
               hint: --cleanup deletes them once the new one has
               taken over
    leaves   HorizontalPodAutoscaler bert-predictor: KServe
             leaves it, and it goes on scaling
    steps    1. kscale patches the InferenceService
             2. KServe updates the Knative Service
                bert-predictor
             3. Knative makes a new Revision, and moves the
                traffic once it is ready
    back     kubectl kscale undo isvc/bert -n ml
    ");
}

/// Offline, what a cluster has is never known: that is one line, and no alarm.
#[test]
fn what_nobody_looked_at_is_one_line() {
    let mut plan = simple();
    plan.preconditions = stuck().preconditions.split_off(2);
    plan.preconditions.push(plan.preconditions[0].clone());
    let style = Style {
        place: Place::Files,
        all: false,
        blind: true,
        marks: Marks::Words,
    };
    let page = written(&list(vec![plan.clone()]), 80, style);
    let page = anstream::adapter::strip_str(&page).to_string();
    let needs = page.lines().skip_while(|line| !line.starts_with("needs"));
    insta::assert_snapshot!(needs.collect::<Vec<_>>().join("\n"), @"
    needs    [skip] 2 things of a cluster, at which nobody looked
                    hint: -o wide names them; a cluster or --facts tells whether
                    they are there
    ");
    let wide = Style { all: true, ..style };
    assert!(written(&list(vec![plan]), 80, wide).contains("resource metrics API"));
}

#[test]
fn wide_has_every_request_and_pointer() {
    insta::assert_snapshot!(shown(&list(vec![stuck()]), 80, Place::Cluster, true), @r#"
    isvc/bert in ml: kpa → knative-hpa
      predictor  kpa on concurrency 10, 1 to 5 pods
                 → knative-hpa on cpu 80%, 1 to 5 pods

    blocked  × Knative's HPA extension does not run: nothing makes an HPA
               hint: install it: kubectl kscale install
             mend that first; --allow-findings carries it out all the same

      @@ metadata.annotations @@
       metadata:
         annotations:
      +    autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
           owner: search
         name: bert
      @@ spec.predictor @@
               name: sklearn
             storageUri: s3://models/bert
      -    scaleTarget: 10
      +    scaleMetric: cpu
      +    scaleTarget: 80

    chosen   predictor target 80: no --target is given, and a target of concurrency
             means nothing for the cpu
    rolls    predictor: a new revision that starts with 3 pods, beside 3 pods of
             now; the template of its Knative Service changes
    costs    up to 3 pods beside the 3 of now: 12 cpu and 3 nvidia.com/gpu more
    needs    √ Knative's HPA extension runs (KS501)
             ? whether the resource metrics API is served is not known
               hint: kubectl kscale check tells
    risks    ‼ revisions of the HPA class keep a pod for good, also when nothing is
               routed to them (KS703)
               hint: --cleanup deletes them once the new one has taken over
    leaves   HorizontalPodAutoscaler bert-predictor: KServe leaves it, and it goes
             on scaling
    steps    1. kscale patches the InferenceService
             2. KServe updates the Knative Service bert-predictor
             3. Knative makes a new Revision, and moves the traffic once it is ready
    request  patch InferenceService bert in ml (serving.kserve.io/v1beta1): all
             edits in one request, so that a single revision is made
               add /metadata/annotations/autoscaling.knative.dev~1class "hpa.autoscaling.knative.dev"
               replace /spec/predictor/scaleTarget 80
               add /spec/predictor/scaleMetric "cpu"
    request  delete HorizontalPodAutoscaler bert-predictor in ml (autoscaling/v2):
             KServe leaves it behind
    undo     the JSON Patch that takes the object back
               remove /metadata/annotations/autoscaling.knative.dev~1class
               remove /spec/predictor/scaleMetric
               replace /spec/predictor/scaleTarget 10
    back     kubectl kscale undo isvc/bert -n ml

    assumed  KServe is 0.20.0, the newest release known
             Knative Serving is 1.23.0, the newest release known
             inferenceservice-config is as shipped: the default mode is Knative
             config-autoscaler is as shipped
             config-defaults is as shipped
             config-deployment is as shipped
             Knative Serving is installed
             ServingRuntimes request 1 cpu and 2Gi and bring no annotations, as all
             built-in ones
    "#);
}

#[test]
fn manifests_have_their_own_diff_and_what_is_left_to_do_by_hand() {
    insta::assert_snapshot!(shown(&list(vec![stuck()]), 80, Place::Files, false), @"
    isvc/bert in ml: kpa → knative-hpa
      predictor  kpa on concurrency 10, 1 to 5 pods
                 → knative-hpa on cpu 80%, 1 to 5 pods

    blocked  × Knative's HPA extension does not run: nothing makes an HPA
               hint: install it: kubectl kscale install

    chosen   target 80: no --target is given, and a target of concurrency means
             nothing for the cpu
    rolls    predictor: a new revision that starts with 3 pods, beside 3 pods of
             now; the template of its Knative Service changes
    costs    up to 3 pods beside the 3 of now: 12 cpu and 3 nvidia.com/gpu more
    needs    ? whether the resource metrics API is served is not known
               hint: kubectl kscale check tells
    risks    ‼ revisions of the HPA class keep a pod for good, also when nothing is
               routed to them (KS703)
               hint: --cleanup deletes them once the new one has taken over
    leaves   HorizontalPodAutoscaler bert-predictor: KServe leaves it, and it goes
             on scaling
    then     once it is applied, delete the HorizontalPodAutoscaler (KServe leaves
             it behind):
             kubectl delete horizontalpodautoscaler.autoscaling bert-predictor -n ml
    ");
}

#[test]
fn names_do_not_act_on_a_terminal() {
    let mut plan = stuck();
    let bad = "a\u{1b}[2Jb\nc";
    for text in [
        &mut plan.object.name,
        &mut plan.object.namespace,
        &mut plan.changes[0].name,
    ] {
        bad.clone_into(text);
    }
    plan.before["metadata"]["name"] = bad.into();
    plan.risks[0].message = bad.into();
    plan.blocked.push(bad.to_owned());
    plan.requests[0].name = bad.into();
    for place in [Place::Cluster, Place::Files] {
        for all in [false, true] {
            let lists = [list(vec![plan.clone()]), list(vec![plan.clone(), simple()])];
            for list in lists {
                let page = shown(&list, 80, place, all);
                assert!(!page.contains('\u{1b}') && !page.contains("b\nc"), "{page}");
                assert!(page.contains("\\u{1b}[2Jb\\nc"), "{page}");
            }
        }
    }
}
