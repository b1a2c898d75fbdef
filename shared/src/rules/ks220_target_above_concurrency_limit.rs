//! See [`KS220`].

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
    KS220: "target-above-concurrency-limit", Warning, "a target above containerConcurrency, which caps it",
    Check::Component(check)
}

fn check(_case: &Case<'_>, _scaled: &Scaled<'_>, _findings: &mut Findings<'_>) {}
