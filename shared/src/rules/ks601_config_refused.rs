//! See [`KS601`].

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
    KS601: "config-refused", Error, "a ConfigMap that Knative or KServe cannot read",
    Check::Bystander(check)
}

fn check(_object: &Bystander<'_>, _findings: &mut Findings<'_>) {}
