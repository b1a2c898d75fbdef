//! See [`KS302`].

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
    KS302: "max-raised-to-min", Warning, "a maxReplicas below minReplicas that is raised in silence",
    Check::Component(check)
}

fn check(_case: &Case<'_>, _scaled: &Scaled<'_>, _findings: &mut Findings<'_>) {}
