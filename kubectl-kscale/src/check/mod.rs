//! `check`: whether a cluster has what autoscaling of models needs.
//!
//! One file a category, each a pure function over a [`View`] of a snapshot, so that files and a live cluster are judged
//! alike. A check that does not know says so; it neither passes nor fails.

mod about;
mod config_autoscaler;
mod deployments;
mod hpa_extension;
mod keda;
mod knative_serving;
mod kserve;
mod kubernetes;
mod kubewarden;
mod metrics;
mod needs;
mod permissions;
mod report;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use permissions::{Answer, questions};
pub(crate) use report::{CheckCategory, CheckReport, CheckResult, CheckSummary, State};

use crate::snapshot::Snapshot;
use view::{Told, View};

/// Judges what was gathered. `answers` are those of the API server to [`questions`], none where it was not asked; `pre` leaves
/// out what only `install` brings.
pub(crate) fn judge(snapshot: &Snapshot, answers: &[Answer], pre: bool) -> CheckReport {
    let view = View::new(snapshot, pre);
    let mut categories = vec![
        category("kubernetes", kubernetes::checks(&view)),
        category("knative-serving", knative_serving::checks(&view)),
    ];
    let has_knative = knative_serving::is_installed(&view) != Told::Absent;
    if has_knative && !pre {
        let of_config = config_autoscaler::checks(&view);
        categories.push(category("config-autoscaler", of_config));
        categories.push(category("hpa-extension", hpa_extension::checks(&view)));
    }
    categories.push(category("metrics", metrics::checks(&view)));
    if !pre {
        categories.push(category("kserve", kserve::checks(&view)));
        categories.push(category("keda", keda::checks(&view)));
        categories.push(category("kubewarden", kubewarden::checks(&view)));
    }
    let of_caller = permissions::checks(&view, answers);
    categories.push(category("permissions", of_caller));
    CheckReport::new(snapshot.source(), pre, categories)
}

fn category(name: &str, checks: Vec<CheckResult>) -> CheckCategory {
    CheckCategory {
        name: name.to_owned(),
        checks,
    }
}
