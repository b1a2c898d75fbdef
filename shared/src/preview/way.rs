//! With which release on the way a break comes, and with which later one it goes: often the way out is to upgrade further.

use super::cause::Cause;
use super::types::Change;
use crate::facts::{Fact, Facts};
use crate::kserve::{Release, milestones};

/// Fills in `since` and `until` of what breaks. `under` gives the changes under other facts than those asked for; only KServe's
/// release is varied, and only where it changes.
pub(super) fn tell(
    changes: &mut [Change],
    before: &Facts,
    after: &Facts,
    under: impl Fn(&Facts) -> Vec<Change>,
) {
    let (from, to) = (before.release(), after.release());
    if from >= to || !changes.iter().any(|change| change.breaks) {
        return;
    }
    let at = |release: Release| {
        under(
            &after
                .clone()
                .with_kserve(Fact::known(release, "comparison")),
        )
    };
    let mut releases: Vec<Release> = milestones()
        .into_iter()
        .filter(|release| *release > from && *release != to)
        .collect();
    releases.retain(|release| *release < Release::MAIN);
    let answers: Vec<(Release, Vec<Change>)> = releases
        .into_iter()
        .map(|release| (release, at(release)))
        .collect();
    let broken = changes.iter().filter(|change| change.breaks);
    let breaks: Vec<Cause> = broken.map(|change| change.cause).collect();
    // What Knative's release alone does is not told by KServe's.
    let of_knative = at(from);
    for change in changes.iter_mut().filter(|change| change.breaks) {
        let same = |all: &[Change]| {
            all.iter()
                .any(|other| other.cause == change.cause && other.component == change.component)
        };
        if same(&of_knative) {
            continue;
        }
        let earlier = answers.iter().filter(|(release, _)| *release < to);
        let mut since = to;
        for (release, all) in earlier.rev() {
            if !same(all) {
                break;
            }
            since = *release;
        }
        change.since = Some(since.to_string());
        let mut later = answers.iter().filter(|(release, _)| *release > to);
        let gone = later.find(|(_, all)| !all.iter().any(|other| breaks.contains(&other.cause)));
        change.until = gone.map(|(release, _)| release.to_string());
    }
}
