//! See [`KS901`]. Comments are for hosts to read: nothing here sees a file.

use super::rule::{Check, rule};

rule! {
    /// ## What it does
    ///
    /// Finds a comment `# kscale: ignore[…]` with nothing behind the bracket. It suppresses all the same.
    ///
    /// ## Why it matters
    ///
    /// Whoever comes across the comment next cannot tell whether it still holds, and keeps it for ever.
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
    ///     # kscale: ignore[KS401]
    ///     resources:
    ///       requests:
    ///         cpu: 100m
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
    ///     # kscale: ignore[KS401] the cluster has pod-level resources, see ADR 12
    ///     resources:
    ///       requests:
    ///         cpu: 100m
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
    KS901: "suppression-without-reason", Warning,
    "a comment that suppresses findings and gives no reason",
    Check::Host
}
