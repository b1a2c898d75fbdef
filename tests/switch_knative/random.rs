//! Random wishes of random inputs, with random numbers of pods that run.

use kscale_rules::explain::Explanation;
use kscale_rules::observed::{
    Observation, ObservedComponent, ObservedDeployment, ObservedRevision, ObservedScaling, Role,
};
use kscale_rules::switch::{Destination, Rolled, Wish, plan};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::corpus::{self, Subject};
use crate::held::{self, Tried};

/// A wish for an autoscaler, with a target that its metric takes.
fn wishes() -> impl Strategy<Value = Wish> {
    let kpa = (
        select(vec![None, Some("concurrency"), Some("rps")]),
        select(vec![None, Some("5"), Some("40")]),
    )
        .prop_map(|(metric, target)| (Destination::Kpa, metric, target));
    let targets = vec![
        (None, None),
        (Some("cpu"), None),
        (Some("cpu"), Some("60%")),
        (Some("memory"), Some("1Gi")),
        (Some("memory"), Some("64Mi")),
        (Some("memory"), None),
        (Some("queue_length"), Some("12")),
    ];
    let hpa = select(targets).prop_map(|(metric, target)| (Destination::Hpa, metric, target));
    let bounds = (
        proptest::option::of(0i64..4),
        proptest::option::of(1i64..7),
        select(vec![None, None, Some("30s"), Some("5m0s")]),
        proptest::option::of(any::<bool>()),
    );
    (prop_oneof![kpa, hpa], bounds).prop_map(|((to, metric, target), (min, max, window, keep))| {
        Wish {
            to,
            metric: metric.map(str::to_owned),
            target: target.map(str::to_owned),
            min,
            max,
            window: window.map(str::to_owned),
            keep_capacity: keep,
            ..Wish::default()
        }
    })
}

/// The explanation with so many pods of each component.
fn seen(explanation: &Explanation, pods: i64) -> Explanation {
    let components = explanation.components.iter().map(|one| ObservedComponent {
        name: one.name.clone(),
        revisions: vec![ObservedRevision {
            name: "m-00001".to_owned(),
            role: Role::Serving,
            percent: Some(100),
            scaling: ObservedScaling {
                deployment: Some(ObservedDeployment {
                    replicas: pods,
                    ready: pods,
                    ..ObservedDeployment::default()
                }),
                ..ObservedScaling::default()
            },
            ..ObservedRevision::default()
        }],
        ..ObservedComponent::default()
    });
    Explanation {
        observed: Some(Observation {
            components: components.collect(),
            ..Observation::default()
        }),
        ..explanation.clone()
    }
}

/// What is new starts with as many pods as run now, as far as its upper bound lets it.
fn keeps_capacity(subject: &Subject, wish: &Wish, pods: i64) -> Result<(), String> {
    let Ok(plan) = plan(&subject.object, &subject.explanation, &subject.facts, wish) else {
        return Ok(());
    };
    // What is refused has no bounds that could be told.
    let is_refused = plan
        .blocked
        .iter()
        .any(|text| text.contains("would refuse"));
    if is_refused {
        return Ok(());
    }
    for roll in plan
        .rolls
        .iter()
        .filter(|roll| roll.what == Rolled::Revision)
    {
        let after = plan.changes.iter().find(|one| one.name == roll.component);
        let max = match after {
            Some(change) => change.after.max_replicas,
            None => {
                let mut all = subject.explanation.components.iter();
                all.find(|one| one.name == roll.component)
                    .and_then(|one| one.max_replicas)
            }
        };
        let wanted = max.map_or(pods, |max| pods.min(max));
        let start = roll.starts_with.unwrap_or_default();
        if wish.keep_capacity != Some(false) && start < wanted {
            return Err(format!(
                "the {} starts with {start} and not {wanted}",
                roll.component
            ));
        }
    }
    Ok(())
}

#[test]
fn random_wishes_hold_too() {
    let subjects = corpus::subjects();
    let mut planned = 0;
    let config = Config {
        cases: 400,
        failure_persistence: None,
        ..Config::default()
    };
    // The same ones in every run: whoever changes something else is not to meet a new case.
    let always = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, always);
    let inputs = (any::<Index>(), any::<Index>(), wishes(), 0i64..9);
    let tried = runner.run(&inputs, |(which, part, wish, pods)| {
        let chosen = which.get(&subjects);
        let components = part.get(&crate::choices(&chosen.kinds)).clone();
        let wish = Wish { components, ..wish };
        let subject = Subject {
            explanation: seen(&chosen.explanation, pods),
            ..chosen.clone()
        };
        let fail = |what: String| TestCaseError::fail(format!("{}: {what}", subject.id));
        held::hold(&subject, &wish).map_err(fail)?;
        keeps_capacity(&subject, &wish, pods).map_err(fail)
    });
    if let Err(error) = tried {
        panic!("{error}");
    }
    // The same wish of all inputs, so that it is known that some are planned.
    let wish = Wish {
        to: Destination::Hpa,
        max: Some(6),
        window: Some("30s".to_owned()),
        ..Wish::default()
    };
    for chosen in subjects.iter().take(60) {
        planned += usize::from(matches!(held::hold(chosen, &wish), Ok(Tried::Planned)));
    }
    assert!(planned > 10, "only {planned} are planned");
}
