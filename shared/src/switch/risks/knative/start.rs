//! How what is new starts.

use super::super::super::types::{Purpose, Risk};
use super::Subject;
use crate::go::{self, Duration};
use crate::knative::annotations::{INITIAL_SCALE, PROGRESS_DEADLINE};
use crate::knative::release::Behaviour;

/// Knative's own deadline, in seconds.
const DEADLINE: f64 = 600.0;

pub(super) fn all(subject: &Subject<'_>, risks: &mut Vec<Risk>) {
    risks.extend(starts_small(subject));
    risks.extend(must_all_be_ready(subject));
    risks.extend(short_deadline(subject));
    risks.extend(rolls_along(subject));
}

/// It takes all requests with fewer pods than serve them now.
fn starts_small(subject: &Subject<'_>) -> Option<Risk> {
    let start = subject.roll.starts_with?;
    let max = subject.after.max_replicas;
    let s = if start == 1 { "" } else { "s" };
    let help = format!(
        "let it start with as many with --keep-capacity, or raise {} with --min",
        subject.min_field()
    );
    let message = match subject.roll.pods {
        Some(pods) if pods <= start => return None,
        Some(pods) => {
            let capped = max.is_some_and(|max| max == start && max < pods);
            let end = if capped { ", its upper bound" } else { "" };
            format!(
                "the new Revision takes all requests with {start} pod{s}{end}, and {pods} run now"
            )
        }
        // As many as it is ever to have are there from the start.
        None if max == Some(start) || subject.before.max_replicas == Some(1) => return None,
        None => format!(
            "the new Revision takes all requests with {start} pod{s}, and nobody looked how many run now"
        ),
    };
    Some(subject.risk("starts-small", Some("KS706"), message, help))
}

/// Every one of the pods that it starts with must be ready before it gets any request.
fn must_all_be_ready(subject: &Subject<'_>) -> Option<Risk> {
    let start = subject.roll.starts_with.filter(|start| *start > 1)?;
    let keys = [Some(INITIAL_SCALE.canonical), INITIAL_SCALE.alias];
    let mut keys = keys.into_iter().flatten();
    keys.find_map(|key| subject.annotation(key))?;
    let minutes = deadline(subject).seconds() / 60.0;
    let message = format!(
        "all {start} pods of the new Revision must be ready, within {minutes:.0} minutes, before it gets any request: the nodes need room for them beside the old ones"
    );
    let help =
        "where there is no such room, start with fewer with --keep-capacity=false".to_owned();
    Some(subject.risk("needs-room", None, message, help))
}

/// A deadline below Knative's own, which a large model may not meet.
fn short_deadline(subject: &Subject<'_>) -> Option<Risk> {
    let seconds = deadline(subject).seconds();
    if seconds >= DEADLINE {
        return None;
    }
    let message = format!(
        "the new Revision is given up unless it is ready within {seconds} s; the old one goes on serving then"
    );
    let help = format!(
        "raise {} where the model loads longer",
        PROGRESS_DEADLINE.canonical
    );
    Some(subject.risk("short-deadline", None, message, help))
}

/// How long a Revision may take to get ready.
fn deadline(subject: &Subject<'_>) -> Duration {
    let configs = subject.case.scene.facts.knative_configs.as_ref();
    let Ok(configs) = configs else {
        return Duration::from_secs(600);
    };
    let written = subject
        .annotation(PROGRESS_DEADLINE.canonical)
        .filter(|_| configs.release().has(Behaviour::ProgressDeadline))
        .and_then(|text| go::parse_duration(text).ok());
    written.unwrap_or(configs.deployment.progress_deadline)
}

/// A component that nobody wished to change, and that gets another Revision all the same.
fn rolls_along(subject: &Subject<'_>) -> Option<Risk> {
    let is_switch = matches!(subject.plan.purpose, Purpose::Switch { .. });
    let wished = &subject.case.scene.wish.components;
    let is_wished = wished
        .iter()
        .any(|one| one.as_str() == subject.roll.component);
    let changes = subject
        .plan
        .changes
        .iter()
        .any(|one| one.name == subject.roll.component);
    if !is_switch || is_wished || changes {
        return None;
    }
    let message = format!(
        "the {} gets another Revision too, though it is scaled as before: {}",
        subject.roll.component, subject.roll.why
    );
    Some(subject.risk("rolls-along", None, message, String::new()))
}
