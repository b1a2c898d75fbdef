//! See [`KS212`].

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
    KS212: "behavior-ignored", Warning, "autoScaling.behavior with KServe's HPA, which gets an empty one",
    Check::Inert(advise)
}

fn advise(_inert: &Inert<'_>) -> Option<Advice> {
    Some(Advice::help(""))
}
