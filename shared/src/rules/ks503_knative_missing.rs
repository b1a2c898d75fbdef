//! See [`KS503`].

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
    KS503: "knative-missing", Error, "Knative mode in a cluster without Knative Serving",
    Check::Workload(check)
}

fn check(_case: &Case<'_>, _findings: &mut Findings<'_>) {}
