//! A workload that was stopped on purpose.

use super::Case;
use crate::observed::read::{condition, conditions, title};
use crate::observed::types::Cause;

/// `stopped`
pub(super) fn find(case: &Case<'_>, causes: &mut Vec<Cause>) {
    let conditions = conditions(case.object);
    let Some(stopped) = condition(&conditions, "Stopped").filter(|one| one.is_true()) else {
        return;
    };
    let title = title(case.object);
    let cause = Cause::note(
        "stopped",
        title.clone(),
        "it was stopped: its pods and what scales them are gone",
    );
    causes.push(
        cause
            .seen_in(&title, Some(stopped))
            .help("take away the annotation serving.kserve.io/stop to start it again"),
    );
}
