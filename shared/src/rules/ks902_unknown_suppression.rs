//! See [`KS902`]. Comments are for hosts to read: nothing here sees a file.

use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds a comment that begins with `# kscale:` and is not understood: a code that no rule has, or another form than
    /// `ignore[CODE, CODE] reason`.
    ///
    /// ## Why it matters
    ///
    /// It reads as if something were suppressed, and nothing is.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   # kscale: ignore[KS999] that rule annoys us
    ///   predictor:
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
    KS902: "unknown-suppression", Warning,
    "a comment for kscale that suppresses nothing, because it names no rule",
    Check::Host
}
