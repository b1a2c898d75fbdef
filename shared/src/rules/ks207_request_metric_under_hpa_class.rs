//! See [`KS207`].

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
    KS207: "request-metric-under-hpa-class", Error, "concurrency or rps as the metric of Knative's HPA class",
    Check::Component(check)
}

fn check(_case: &Case<'_>, _scaled: &Scaled<'_>, _findings: &mut Findings<'_>) {}
