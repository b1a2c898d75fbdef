//! Which records are to be taken back.

use kscale_rules::switch::{Record, Standing, Wish, standings};

use super::kept::Kept;
use super::nothing;
use crate::cli::Undo;
use crate::cluster::Cluster;
use crate::command::switch::Aim;
use crate::error::Error;

/// The newest that is in effect; with `--to-revision`, everything down to that one.
pub(super) async fn of(cluster: &Cluster, one: &Kept, arguments: &Undo) -> Result<Aim, Error> {
    let kept = &one.history.kept;
    let wish = Wish {
        keep_capacity: arguments.roll.keep_capacity,
        allow_findings: arguments.roll.allow_findings,
        ..Wish::default()
    };
    if kept.is_empty() {
        return Err(nothing::recorded(cluster, one).await);
    }
    let records = |from: usize, to: usize| -> Vec<Record> {
        let some = kept.get(from..=to).unwrap_or_default();
        some.iter().map(|kept| kept.record.clone()).collect()
    };
    let Some(number) = arguments.to_revision else {
        let numbered: Vec<(i64, &Record)> =
            kept.iter().map(|one| (one.number, &one.record)).collect();
        let all = standings(&one.object, &numbered);
        let newest = all.iter().position(Standing::is_offered);
        return match newest {
            Some(at) => Ok(Aim::Undo(kept[at].number, records(at, at), wish)),
            None => Err(nothing::in_effect(one)),
        };
    };
    // The last of those that have this number, where two switches at once got the same.
    match kept.iter().rposition(|kept| kept.number == number) {
        Some(at) => Ok(Aim::Undo(number, records(0, at), wish)),
        None => Err(nothing::of_number(one, number)),
    }
}
