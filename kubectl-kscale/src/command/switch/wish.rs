//! From flags to a wish.

use kscale_rules::switch::Wish;

use crate::cli::{RollArgs, WishArgs};

/// What the flags wish.
pub(super) fn of(wish: &WishArgs, roll: &RollArgs) -> Wish {
    Wish {
        to: wish.to.into(),
        metric: wish.metric.clone(),
        target: wish.target.clone(),
        min: wish.min.map(i64::from),
        max: wish.max.map(i64::from),
        window: wish.window.clone(),
        query: wish.query.clone(),
        server_address: wish.server_address.clone(),
        components: wish.components.iter().map(|one| (*one).into()).collect(),
        keep_capacity: roll.keep_capacity,
        allow_findings: roll.allow_findings,
    }
}
