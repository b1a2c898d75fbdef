//! What things are called in what is said around a plan.

use kscale_rules::explain::types::ObjectRef;
use kscale_rules::switch::{Plan, Purpose};

use crate::facts::text;
use crate::switching::address::short;
use crate::switching::cleanup::Idle;

/// `isvc/a and isvc/b in namespace ml`
pub(super) fn labels(objects: &[&ObjectRef]) -> String {
    let namespace = objects.first().map_or("", |first| &first.namespace);
    if objects.iter().all(|one| one.namespace == namespace) {
        let names: Vec<String> = objects.iter().map(|one| short(one)).collect();
        return format!("{} in namespace {namespace}", several(&names));
    }
    let names: Vec<String> = objects.iter().map(|one| label(one)).collect();
    several(&names)
}

/// `isvc/bert in namespace ml`
pub(super) fn label(object: &ObjectRef) -> String {
    format!("{} in namespace {}", short(object), object.namespace)
}

/// `Switch isvc/bert in namespace ml to hpa`
pub(super) fn intent(plans: &[&Plan]) -> String {
    let (what, purpose) = match plans {
        [] => return "Change nothing".to_owned(),
        [plan] => (label(&plan.object), &plan.purpose),
        [plan, ..] => (format!("{} objects", plans.len()), &plan.purpose),
    };
    match purpose {
        Purpose::Switch { to } => format!("Switch {what} to {}", to.as_str()),
        Purpose::Undo { revision } if plans.len() == 1 => {
            format!("Take {what} back to before revision {revision}")
        }
        Purpose::Undo { .. } => format!("Take {what} back"),
    }
}

/// `switched to hpa`
pub(super) fn done(purpose: &Purpose) -> String {
    match purpose {
        Purpose::Switch { to } => format!("switched to {}", to.as_str()),
        Purpose::Undo { revision } => format!("taken back to before revision {revision}"),
    }
}

/// What is to scale afterwards: `hpa`, or what did before.
pub(super) fn successor(purpose: &Purpose) -> &str {
    match purpose {
        Purpose::Switch { to } => to.as_str(),
        Purpose::Undo { .. } => "what scaled it before",
    }
}

/// `isvc/bert -n ml`
fn argument(object: &ObjectRef) -> String {
    format!("{} -n {}", short(object), object.namespace)
}

/// `kubectl kscale explain isvc/bert -n ml`
pub(super) fn explain(object: &ObjectRef) -> String {
    format!("kubectl kscale explain {}", argument(object))
}

/// `kubectl kscale undo isvc/bert -n ml`
pub(super) fn undo(object: &ObjectRef) -> String {
    format!("kubectl kscale undo {}", argument(object))
}

/// `old revision bert-predictor-00001, 2 pods`
pub(super) fn idle(idle: &Idle) -> String {
    let name = text(&idle.revision, "/metadata/name");
    let pods = if idle.pods == 1 { "pod" } else { "pods" };
    format!("old revision {name}, {} {pods}", idle.pods)
}

/// `isvc/a, isvc/b and 10 others`
fn several(names: &[String]) -> String {
    const SHOWN: usize = 5;
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if names.len() <= SHOWN => format!("{} and {last}", first.join(", ")),
        _ => format!(
            "{} and {} others",
            names[..SHOWN - 1].join(", "),
            names.len() + 1 - SHOWN
        ),
    }
}

/// `300 s`
pub(super) fn span(limit: std::time::Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_a_few_are_named() {
        let names: Vec<String> = (1..=7).map(|number| format!("isvc/{number}")).collect();
        assert_eq!(several(&names[..1]), "isvc/1");
        assert_eq!(several(&names[..3]), "isvc/1, isvc/2 and isvc/3");
        assert_eq!(
            several(&names),
            "isvc/1, isvc/2, isvc/3, isvc/4 and 3 others"
        );
    }
}
