//! See [`KS903`]. Comments are for hosts to read: nothing here sees a file.

use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds a code in a comment `# kscale: ignore[…]` for which nothing was found on the line that it covers: its own, or,
    /// where it stands alone, the next one that is not a comment. Rules that are switched off do not count.
    ///
    /// ## Why it matters
    ///
    /// The comment has outlived what it was for, or stands in the wrong place. Left there, it hides the next finding.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     # kscale: ignore[KS401] the cluster has pod-level resources
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: only people know what the comment was for.
    ///
    /// ## References
    ///
    /// - kscale, `docs/lint.md`: how findings are suppressed
    KS903: "unused-suppression", Warning,
    "a comment that suppresses a rule which finds nothing there",
    Check::Host
}
