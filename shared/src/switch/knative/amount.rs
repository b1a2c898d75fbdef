//! What a target says, read in the unit of its metric.

use super::refused;
use crate::go;
use crate::kubernetes::Quantity;
use crate::switch::types::{Refusal, RefusalReason};

const MEBIBYTE: i64 = 1 << 20;

/// The least target that Knative accepts.
const LEAST: f64 = 0.01;

/// A target, in the unit of its metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::switch) struct Amount(f64);

impl Amount {
    /// So many.
    pub(super) fn of(number: i64) -> Self {
        Self(number as f64)
    }

    /// Reads a target of the HPA class.
    pub(super) fn of_hpa(metric: &str, text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        match metric {
            "cpu" => percent(text),
            "memory" => mebibytes(text),
            _ => whole(metric, text),
        }
    }

    /// Reads a target of Knative's own autoscaler.
    pub(super) fn of_kpa(metric: &str, text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let unit = if metric == "rps" {
            "requests a second, a pod"
        } else {
            "requests at the same time, a pod"
        };
        if text.ends_with('%') {
            return Err(refused(
                RefusalReason::NotPossible,
                format!("{text} is no target of {metric}, which counts {unit}"),
                format!(
                    "write a number, such as --target 10; {ANNOTATION} says what share of it is aimed for"
                ),
            ));
        }
        match go::parse_float(text) {
            Ok(number) if number.is_finite() && number >= LEAST => Ok(Self(number)),
            _ => Err(refused(
                RefusalReason::NotPossible,
                format!(
                    "{text} is no target of {metric}, which counts {unit}: a number from {LEAST} on"
                ),
                "write a number, such as --target 10".to_owned(),
            )),
        }
    }

    /// As a number that a field takes; none of a fraction.
    pub(super) fn whole(self) -> Option<i64> {
        let fits = self.0.fract() == 0.0 && self.0.abs() <= f64::from(i32::MAX);
        fits.then(|| go::float_to_i64(self.0))
    }

    /// As an annotation says it.
    pub(in crate::switch) fn text(self) -> String {
        match self.whole() {
            Some(number) => number.to_string(),
            None => self.0.to_string(),
        }
    }

    /// Whether an annotation says the same.
    pub(super) fn is(self, written: Option<f64>) -> bool {
        written == Some(self.0)
    }
}

const ANNOTATION: &str = "autoscaling.knative.dev/target-utilization-percentage";

fn percent(text: &str) -> Result<Amount, Refusal> {
    let bare = text.strip_suffix('%').unwrap_or(text).trim();
    match bare.parse::<i64>() {
        Ok(number) if (1..=100).contains(&number) => Ok(Amount::of(number)),
        _ => Err(refused(
            RefusalReason::NotPossible,
            format!(
                "{text} is no target of cpu, which is a whole percentage from 1 to 100 of what the pod requests"
            ),
            "write a percentage that a busy pod has, such as --target 80%".to_owned(),
        )),
    }
}

fn mebibytes(text: &str) -> Result<Amount, Refusal> {
    let help =
        "write the memory that a pod should use on average, such as --target 1500Mi".to_owned();
    let reason = RefusalReason::NotPossible;
    if text.ends_with('%') {
        let message = format!(
            "{text} is no target of memory: Knative's HPA class counts MiB of the whole pod, and no percentage"
        );
        return Err(refused(reason, message, help));
    }
    if go::parse_float(text).is_ok() {
        let message = format!(
            "{text} is no target of memory as it stands: {text} MiB and {text} % look the same, and Knative's HPA class counts MiB"
        );
        return Err(refused(reason, message, help));
    }
    let Ok(quantity) = Quantity::parse(text) else {
        return Err(refused(
            reason,
            format!("{text} is no amount of memory"),
            help,
        ));
    };
    let bytes = quantity.value();
    let whole = bytes / MEBIBYTE;
    if bytes % MEBIBYTE != 0 || whole < 1 || whole > i64::from(i32::MAX) {
        let near = whole.clamp(1, i32::MAX.into());
        let message =
            format!("{text} is no target of memory: Knative's HPA class counts whole MiB");
        return Err(refused(reason, message, format!("write --target {near}Mi")));
    }
    Ok(Amount::of(whole))
}

fn whole(metric: &str, text: &str) -> Result<Amount, Refusal> {
    match text.parse::<i32>() {
        Ok(number) if number >= 1 => Ok(Amount::of(number.into())),
        _ => Err(refused(
            RefusalReason::NotPossible,
            format!(
                "{text} is no target of {metric}: Knative's HPA class takes whole numbers of a custom metric, from 1 on"
            ),
            "write how much of it a pod is to have on average, such as --target 10".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hpa(metric: &str, text: &str) -> Result<String, String> {
        let amount = Amount::of_hpa(metric, text);
        amount.map(Amount::text).map_err(|refusal| refusal.message)
    }

    fn kpa(metric: &str, text: &str) -> Option<String> {
        Amount::of_kpa(metric, text).ok().map(Amount::text)
    }

    #[test]
    fn a_target_is_read_in_the_unit_of_its_metric() {
        assert_eq!(hpa("cpu", "80").as_deref(), Ok("80"));
        assert_eq!(hpa("cpu", "80%").as_deref(), Ok("80"));
        assert_eq!(hpa("memory", "500Mi").as_deref(), Ok("500"));
        assert_eq!(hpa("memory", "2Gi").as_deref(), Ok("2048"));
        assert_eq!(hpa("queue_length", "30").as_deref(), Ok("30"));
        assert_eq!(kpa("concurrency", "10").as_deref(), Some("10"));
        assert_eq!(kpa("rps", "2.5").as_deref(), Some("2.5"));
    }

    #[test]
    fn what_means_something_else_is_refused() {
        for text in ["0", "101", "80.5", "0.8", "500Mi", ""] {
            assert!(hpa("cpu", text).is_err(), "{text}");
        }
        for text in ["500", "80%", "500k", "0Mi", "many"] {
            assert!(hpa("memory", text).is_err(), "{text}");
        }
        for text in ["0.5", "10%", "0", "1k"] {
            assert!(hpa("queue_length", text).is_err(), "{text}");
        }
        for text in ["80%", "0", "NaN", "Inf", "500Mi"] {
            assert_eq!(kpa("concurrency", text), None, "{text}");
        }
    }

    #[test]
    fn the_refusal_says_what_to_write() {
        let help = |text: &str| Amount::of_hpa("memory", text).unwrap_err().help;
        assert_eq!(help("500M"), "write --target 476Mi");
        assert!(help("80%").contains("1500Mi"));
    }
}
