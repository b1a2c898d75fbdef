//! See [`KS602`].

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
    KS602: "unknown-config-key", Warning, "a key in a ConfigMap that nothing reads",
    Check::Bystander(check)
}

fn check(_object: &Bystander<'_>, _findings: &mut Findings<'_>) {}
