//! See [`KS221`].

use super::case::{Case, Scaled};
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
    KS221: "cpu-target-type-ignored", Error, "a cpu target in autoScaling that is no utilization",
    Check::Component(check)
}

fn check(_case: &Case<'_>, _scaled: &Scaled<'_>, _findings: &mut Findings<'_>) {}
