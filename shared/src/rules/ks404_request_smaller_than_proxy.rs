//! See [`KS404`].

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
    KS404: "request-smaller-than-proxy", Warning, "a CPU request so small that queue-proxy decides",
    Check::Component(check)
}

fn check(_case: &Case<'_>, _scaled: &Scaled<'_>, _findings: &mut Findings<'_>) {}
