//! See [`KS703`].

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
    KS703: "class-changed-in-place", Error, "another class on an existing Revision or PodAutoscaler",
    Check::Bystander(check)
}

fn check(_object: &Bystander<'_>, _findings: &mut Findings<'_>) {}
