//! KEDA's ScaledObject: paused, or failing.

use crate::observed::read::condition;
use crate::observed::types::{Cause, ObservedScaling};

/// `scaled-object-paused`, `scaled-object-failing`, `scaled-object-fallback`
pub(super) fn find(scaling: &ObservedScaling, causes: &mut Vec<Cause>) {
    let Some(scaled) = &scaling.scaled_object else {
        return;
    };
    let title = format!("ScaledObject/{}", scaled.name);
    if let Some(paused) = &scaled.paused {
        let key = paused.split('=').next().unwrap_or_default();
        causes.push(
            Cause::problem(
                "scaled-object-paused",
                title.clone(),
                "KEDA does not scale it: its ScaledObject is paused",
            )
            .seen(format!("{title}: annotation {paused}"))
            .help(format!("take the annotation {key} away")),
        );
    }
    let failing = condition(&scaled.conditions, "Ready").filter(|ready| ready.is_false());
    if let Some(ready) = failing {
        causes.push(
            Cause::problem(
                "scaled-object-failing",
                title.clone(),
                "KEDA does not get its ScaledObject to work",
            )
            .seen_in(&title, Some(ready))
            .help("see what the condition names, and the log of the KEDA operator"),
        );
    }
    let fallback = condition(&scaled.conditions, "Fallback").filter(|fallback| fallback.is_true());
    if let Some(fallback) = fallback {
        causes.push(
            Cause::problem(
                "scaled-object-fallback",
                title.clone(),
                "a trigger fails, so KEDA keeps to the fallback's number of pods",
            )
            .seen_in(&title, Some(fallback))
            .help("see the triggers' sources"),
        );
    }
}
