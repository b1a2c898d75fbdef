//! See [`KS123`].

use super::case::Case;
use super::findings::Findings;
use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// ## Why it matters
    ///
    /// ## Example
    ///
    /// ## Use instead
    ///
    /// ## Fix safety
    ///
    /// ## References
    KS123: "refused-by-keda", Error, "KEDA's webhook refuses the ScaledObject",
    Check::Workload(check)
}

fn check(_case: &Case<'_>, _findings: &mut Findings<'_>) {}
