//! What happens, step by step.

mod knative;
mod standard;

use super::judge::Case;
use super::types::{Plan, RequestVerb, Step};

/// The story of a plan.
pub(super) fn all(case: &Case<'_>, plan: &Plan) -> Vec<Step> {
    let mut story = Story::default();
    let object = &case.scene.explanation.object;
    let edits = plan
        .requests
        .iter()
        .any(|one| one.verb == RequestVerb::Patch);
    if edits {
        story.tell(
            "kscale",
            format!(
                "changes {} {} in one request, if nobody has changed it meanwhile",
                object.kind, object.name
            ),
        );
    }
    if case.stopped {
        story.tell(
            "KServe",
            "makes nothing as long as the service is stopped; what follows happens when it is started",
        );
    }
    let standard = case.after.components.iter().any(|one| {
        let class = one.class.as_deref();
        class.is_some_and(|class| !class.contains('.'))
    });
    if standard {
        standard::tell(case, plan, &mut story);
    } else {
        knative::tell(case, plan, &mut story);
    }
    story.steps
}

/// The steps so far.
#[derive(Default)]
struct Story {
    steps: Vec<Step>,
}

impl Story {
    /// Adds a step, unless it was told.
    fn tell(&mut self, by: &str, what: impl Into<String>) {
        let step = Step {
            by: by.to_owned(),
            what: what.into(),
        };
        if !self.steps.contains(&step) {
            self.steps.push(step);
        }
    }
}

/// Names in a row: `a`, `a and b`, `a, b and c`.
fn row(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
