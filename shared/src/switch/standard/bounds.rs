//! The bounds: nothing scales without an upper one, and not everything goes down to zero.

use super::super::Scene;
use super::super::draft::Draft;
use super::super::refusal::{missing, not_possible};
use super::super::types::Refusal;
use super::part::Part;

/// What decides about zero.
pub(super) struct Zero<'a> {
    /// Whether the autoscaler can go down to no pod.
    pub(super) possible: bool,
    /// Why it cannot.
    pub(super) why: &'a str,
    /// What could.
    pub(super) instead: &'a str,
}

/// Writes the bounds that are wished. `is_new` says whether the component is to scale otherwise than now.
pub(super) fn edit(
    scene: &Scene<'_>,
    part: &Part<'_>,
    draft: &mut Draft,
    zero: &Zero<'_>,
    is_new: bool,
) -> Result<(), Refusal> {
    let written = part.component.extension.min_replicas;
    if let Some(min) = scene.wish.min {
        if min == 0 && !zero.possible {
            return Err(not_possible(
                format!("--min 0 is not possible: {}", zero.why),
                zero.instead,
            ));
        }
        draft.set(&part.at("minReplicas"), min);
    } else if written == Some(0) && !zero.possible {
        if is_new || part.class == "keda" {
            draft.set(&part.at("minReplicas"), 1);
            draft.decide(Some(part.name()), "minReplicas", 1, zero.why);
        }
    } else if written == Some(0) && is_new && part.class == "hpa" {
        draft.set(&part.at("minReplicas"), 1);
        draft.decide(
            Some(part.name()),
            "minReplicas",
            1,
            "the 0 had no effect under the HPA; --min 0 lets KEDA go down to no pod",
        );
    }
    maximum(scene, part, draft, is_new)
}

fn maximum(
    scene: &Scene<'_>,
    part: &Part<'_>,
    draft: &mut Draft,
    is_new: bool,
) -> Result<(), Refusal> {
    let written = part.component.extension.max_replicas;
    let name = part.name();
    let min = draft.object.pointer(&part.at("minReplicas"));
    let min = min.and_then(serde_json::Value::as_i64).unwrap_or(1);
    if let Some(max) = scene.wish.max {
        if min > max {
            return Err(not_possible(
                format!("--max {max} is below the minReplicas {min} of the {name}"),
                "give --min, too",
            ));
        }
        draft.set(&part.at("maxReplicas"), max);
        return Ok(());
    }
    if written == 0 {
        let changes = is_new || scene.wish.min.is_some();
        if !changes {
            return Ok(());
        }
        return Err(missing(
            format!(
                "the {name} has no maxReplicas, which KServe takes for minReplicas: it would never scale (KS301)"
            ),
            "give --max",
        ));
    }
    if min > written {
        return Err(not_possible(
            format!(
                "the minReplicas of the {name} would be {min}, above its maxReplicas {written}"
            ),
            "give --max, too",
        ));
    }
    if part.changes_class {
        draft.decide(Some(name), "maxReplicas", written, "it is kept");
    }
    Ok(())
}
