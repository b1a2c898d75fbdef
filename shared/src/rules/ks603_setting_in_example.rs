//! See [`KS603`].

use super::case::Bystander;
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::go::{crc32_hex, trim_space};

rule! {
    /// ## What it does
    ///
    /// Finds ConfigMaps of Knative's whose `_example` was edited: its text does not fit the checksum that Knative ships
    /// with it.
    ///
    /// ## Why it matters
    ///
    /// `_example` is documentation that looks like the settings, in the place where people look for them. Nothing reads
    /// it. Knative's webhook refuses such an edit, but only on ConfigMaps that have Knative's labels; one that was made
    /// anew, or by another tool, is accepted and changes nothing.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    ///   annotations:
    ///     knative.dev/example-checksum: 79e70d0f
    /// data:
    ///   _example: |
    ///     ################################
    ///     # An example of all settings.
    ///     max-scale: "10"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    ///   annotations:
    ///     knative.dev/example-checksum: 79e70d0f
    /// data:
    ///   max-scale: "10"
    ///   _example: |
    ///     ################################
    ///     # An example of all settings.
    ///     max-scale: "0"
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: which of the settings was meant cannot be told. Move it directly below `data`, and put the text
    /// of `_example` back.
    ///
    /// ## References
    ///
    /// - knative/pkg, `configmap/example.go`, `webhook/configmaps/configmaps.go`
    /// - knative/serving 1.23, `config/core/webhooks/configmap-validation.yaml`
    KS603: "setting-in-example", Error, "settings edited inside _example, where nothing reads them",
    Check::Bystander(check)
}

const EXAMPLE: &str = "_example";
const CHECKSUM: &str = "/metadata/annotations/knative.dev~1example-checksum";

fn check(object: &Bystander<'_>, findings: &mut Findings<'_>) {
    let written = object
        .object
        .pointer(CHECKSUM)
        .and_then(serde_json::Value::as_str);
    let (Some(written), Some(example), "ConfigMap") =
        (written, object.data(EXAMPLE), object.kind())
    else {
        return;
    };
    let trimmed = trim_space(example);
    // Older releases took the text as it is.
    let sums = [joined(trimmed), trimmed.to_owned()].map(|text| crc32_hex(text.as_bytes()));
    if sums.iter().any(|sum| sum == written) {
        return;
    }
    let message = format!(
        "{EXAMPLE} was edited: nothing reads what stands there, and Knative's webhook refuses it (its checksum is {}, not {written})",
        sums[0]
    );
    let help = "put the setting directly below data, and the text of _example back as it was";
    findings.push(Report::at("/data/_example", message).advice(Advice::help(help)));
}

/// Each run of line ends becomes a backslash and an n, as Knative has it.
fn joined(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').filter(|line| !line.is_empty()).collect();
    lines.join("\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_do_not_count() {
        assert_eq!(joined("a\n\n\nb\nc"), "a\\nb\\nc");
    }

    #[test]
    fn the_text_as_older_releases_took_it_fits_too() {
        let judged = |sum: &str| {
            let object = serde_json::json!({
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {"name": "config-gc", "annotations": {"knative.dev/example-checksum": sum}},
                "data": {"_example": "a\n\nb\n"},
            });
            let found = crate::rules::judge(&object, None, &crate::facts::Facts::shipped());
            found.unwrap_or_default().len()
        };
        assert_eq!(judged(&crc32_hex(b"a\n\nb")), 0);
        assert_eq!(judged(&crc32_hex(b"a\\nb")), 0);
        assert_eq!(judged("00000000"), 1);
    }
}
