//! See [`KS605`].

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
    KS605: "config-key-without-effect-on-models", Info, "a default of the cluster that KServe's workloads never get",
    Check::Bystander(check)
}

fn check(_object: &Bystander<'_>, _findings: &mut Findings<'_>) {}
