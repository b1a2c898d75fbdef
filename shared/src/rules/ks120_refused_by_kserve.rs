//! See [`KS120`].

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
    KS120: "refused-by-kserve", Error, "KServe's webhook refuses the object",
    Check::Workload(check)
}

fn check(_case: &Case<'_>, _findings: &mut Findings<'_>) {}
