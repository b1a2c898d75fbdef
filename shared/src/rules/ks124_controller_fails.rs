//! See [`KS124`].

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
    KS124: "controller-fails", Error, "KServe's controller fails, or crashes, on the object",
    Check::Workload(check)
}

fn check(_case: &Case<'_>, _findings: &mut Findings<'_>) {}
