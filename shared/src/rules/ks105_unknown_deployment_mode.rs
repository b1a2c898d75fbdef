//! See [`KS105`].

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
    KS105: "unknown-deployment-mode", Error, "a deployment mode that KServe does not know",
    Check::Inert(advise)
}

fn advise(_inert: &Inert<'_>) -> Option<Advice> {
    Some(Advice::help(""))
}
