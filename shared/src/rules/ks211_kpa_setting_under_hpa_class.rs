//! See [`KS211`].

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
    KS211: "kpa-setting-under-hpa-class", Warning, "a setting of Knative's own autoscaler under the HPA class",
    Check::Inert(advise)
}

fn advise(_inert: &Inert<'_>) -> Option<Advice> {
    Some(Advice::help(""))
}
