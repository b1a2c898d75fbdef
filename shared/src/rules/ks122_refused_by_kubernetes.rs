//! See [`KS122`].

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
    KS122: "refused-by-kubernetes", Error, "the API server refuses the object or its HPA",
    Check::Workload(check)
}

fn check(_case: &Case<'_>, _findings: &mut Findings<'_>) {}
