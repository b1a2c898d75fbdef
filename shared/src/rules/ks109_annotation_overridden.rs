//! See [`KS109`].

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
    KS109: "annotation-overridden", Warning, "an annotation of the object that one of the component overrides",
    Check::Inert(advise)
}

fn advise(_inert: &Inert<'_>) -> Option<Advice> {
    Some(Advice::help(""))
}
