//! Several plans on one page.

use super::sample::{list, many, simple, stuck};
use super::{fits, text};

#[test]
fn several_are_one_table_and_what_they_share() {
    insta::assert_snapshot!(text(&many(), 80), @"
    3 objects in ml, 1 blocked

    OBJECT        NOW → THEN                  ROLLS      EXTRA            RISKS
    isvc/bert     kpa → knative-hpa cpu 80%   revision   3 pods, 3 GPUs   -
    isvc/embed    kpa → knative-hpa cpu 80%   revision   3 pods, 3 GPUs   blocked
    isvc/ranker   kpa → knative-hpa cpu 80%   revision   -                1

    costs    up to 6 pods more while all roll, 6 GPUs
    blocked  × Knative's HPA extension does not run: nothing makes an HPA
               (isvc/embed)
               hint: install it: kubectl kscale install
             mend that first; --allow-findings carries it out all the same
    needs    ? whether the resource metrics API is served is not known (isvc/embed)
               hint: kubectl kscale check tells
    risks    ‼ revisions of the HPA class keep a pod for good, also when nothing is
               routed to them (KS703) (isvc/embed, isvc/ranker)
               hint: --cleanup deletes them once the new one has taken over
    every decision, request and step: -o wide

    √ isvc/a, isvc/b: it is scaled by hpa as wished already
    × isvc/c: its upper bound is not known, and hpa needs one
      hint: give --max
    ");
}

#[test]
fn where_a_table_is_too_wide_each_gets_a_paragraph() {
    let page = text(&many(), 60);
    fits(&page, 60);
    insta::assert_snapshot!(page, @"
    3 objects in ml, 1 blocked

      isvc/bert: kpa → knative-hpa cpu 80%; rolls revision;
      extra 3 pods, 3 GPUs
      isvc/embed: kpa → knative-hpa cpu 80%; rolls revision;
      extra 3 pods, 3 GPUs; blocked
      isvc/ranker: kpa → knative-hpa cpu 80%; rolls revision;
      risks 1

    costs    up to 6 pods more while all roll, 6 GPUs
    blocked  × Knative's HPA extension does not run: nothing
               makes an HPA (isvc/embed)
               hint: install it: kubectl kscale install
             mend that first; --allow-findings carries it out
             all the same
    needs    ? whether the resource metrics API is served is not
               known (isvc/embed)
               hint: kubectl kscale check tells
    risks    ‼ revisions of the HPA class keep a pod for good,
               also when nothing is routed to them (KS703)
               (isvc/embed, isvc/ranker)
               hint: --cleanup deletes them once the new one has
               taken over
    every decision, request and step: -o wide

    √ isvc/a, isvc/b: it is scaled by hpa as wished already
    × isvc/c: its upper bound is not known, and hpa needs one
      hint: give --max
    ");
}

#[test]
fn namespaces_are_told_where_there_are_several() {
    let mut list = many();
    "search".clone_into(&mut list.items[2].object.namespace);
    list.refused.clear();
    insta::assert_snapshot!(text(&list, 100), @"
    3 objects, 1 blocked

    NAMESPACE   OBJECT        NOW → THEN                  ROLLS      EXTRA            RISKS
    ml          isvc/bert     kpa → knative-hpa cpu 80%   revision   3 pods, 3 GPUs   -
    ml          isvc/embed    kpa → knative-hpa cpu 80%   revision   3 pods, 3 GPUs   blocked
    search      isvc/ranker   kpa → knative-hpa cpu 80%   revision   -                1

    costs    up to 6 pods more while all roll, 6 GPUs
    blocked  × Knative's HPA extension does not run: nothing makes an HPA (isvc/embed)
               hint: install it: kubectl kscale install
             mend that first; --allow-findings carries it out all the same
    needs    ? whether the resource metrics API is served is not known (isvc/embed)
               hint: kubectl kscale check tells
    risks    ‼ revisions of the HPA class keep a pod for good, also when nothing is routed to them
               (KS703) (isvc/embed, isvc/ranker)
               hint: --cleanup deletes them once the new one has taken over
    every decision, request and step: -o wide
    ");
    insta::assert_snapshot!(text(&list, 60), @"
    3 objects, 1 blocked

      isvc/bert in ml: kpa → knative-hpa cpu 80%; rolls
      revision; extra 3 pods, 3 GPUs
      isvc/embed in ml: kpa → knative-hpa cpu 80%; rolls
      revision; extra 3 pods, 3 GPUs; blocked
      isvc/ranker in search: kpa → knative-hpa cpu 80%; rolls
      revision; risks 1

    costs    up to 6 pods more while all roll, 6 GPUs
    blocked  × Knative's HPA extension does not run: nothing
               makes an HPA (isvc/embed)
               hint: install it: kubectl kscale install
             mend that first; --allow-findings carries it out
             all the same
    needs    ? whether the resource metrics API is served is not
               known (isvc/embed)
               hint: kubectl kscale check tells
    risks    ‼ revisions of the HPA class keep a pod for good,
               also when nothing is routed to them (KS703)
               (isvc/embed, isvc/ranker)
               hint: --cleanup deletes them once the new one has
               taken over
    every decision, request and step: -o wide
    ");
}

/// Each with a risk of its own, as where messages name objects.
#[test]
fn hundreds_fit_on_a_page() {
    let plan = |number: usize| {
        let mut plan = stuck();
        plan.object.name = format!("model-{number}");
        plan.risks[0].message = format!("what only model-{number} risks");
        plan
    };
    let page = text(&list((0..200).map(plan).collect()), 80);
    let below = page.lines().skip_while(|line| !line.starts_with("costs"));
    assert!(below.count() < 40, "{page}");
    assert!(page.contains("and 194 more of these: -o wide"), "{page}");
}

#[test]
fn another_target_of_the_same_autoscaler_is_told() {
    let mut plan = simple();
    plan.changes[0].before = plan.changes[0].after.clone();
    plan.changes[0].before.target.as_mut().unwrap().value = 70.into();
    let page = text(&list(vec![plan.clone(), plan]), 80);
    assert!(page.contains(" knative-hpa cpu 70% → cpu 80% "), "{page}");
}
