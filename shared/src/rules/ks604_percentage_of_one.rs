//! See [`KS604`].

use super::case::Bystander;
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
    KS604: "percentage-of-one", Warning, "a target percentage of 1, which means 100 %",
    Check::Bystander(check)
}

fn check(_object: &Bystander<'_>, _findings: &mut Findings<'_>) {}
