//! What another class leaves behind in Standard mode.

use super::super::judge::Case;
use super::super::types::Leftover;
use crate::facts::ScalerKind;

/// The autoscalers that were made for the class before.
pub(super) fn all(case: &Case<'_>) -> Vec<Leftover> {
    let remaining = case.remaining.iter();
    let told = remaining.map(|one| {
        let message = match (one.goes, one.kind) {
            (true, _) => format!(
                "KServe deletes it as soon as it sees the class {}; the pods stay as many as they are",
                one.class
            ),
            (false, ScalerKind::Hpa) => format!(
                "KServe makes what the class {} needs and leaves this one; it is deleted by this plan",
                one.class
            ),
            (false, ScalerKind::ScaledObject) => format!(
                "KServe makes what the class {} needs and leaves this one; it is deleted by this plan, and KEDA takes the HPA keda-hpa-{} away with it",
                one.class, one.name
            ),
        };
        Leftover {
            kind: one.kind_name().to_owned(),
            name: one.name.clone(),
            stays: !one.goes,
            message,
        }
    });
    told.collect()
}
