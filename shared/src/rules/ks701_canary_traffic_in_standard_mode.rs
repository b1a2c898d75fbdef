//! See [`KS701`].

use super::case::Inert;
use super::findings::Advice;
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
    KS701: "canary-traffic-in-standard-mode", Warning, "canaryTrafficPercent in Standard mode",
    Check::Inert(advise)
}

fn advise(_inert: &Inert<'_>) -> Option<Advice> {
    Some(Advice::help(""))
}
