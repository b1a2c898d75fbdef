//! What `--target` means.

use super::super::refusal::{missing, not_possible};
use super::super::types::Refusal;
use crate::kserve::{Behaviour, Release};
use crate::kubernetes::Quantity;

/// How much of a resource a pod is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    /// Percent of what its containers request.
    Percent(i64),
    /// An amount.
    Quantity(String),
}

/// The default target of cpu, in percent.
pub(super) const CPU_PERCENT: i64 = crate::kserve::standard::hpa::DEFAULT_UTILIZATION as i64;

/// The target of a resource. `component` is named in what is refused.
pub(super) fn resource(
    metric: &str,
    written: Option<&str>,
    release: Release,
) -> Result<Amount, Refusal> {
    let Some(text) = written.map(str::trim) else {
        if metric == "cpu" {
            return Ok(Amount::Percent(CPU_PERCENT));
        }
        return Err(missing(
            "memory has no default target",
            "give --target, such as 80% of what is requested, or 2Gi",
        ));
    };
    if let Some(number) = text.strip_suffix('%') {
        return percent(number.trim(), text);
    }
    let is_plain = text.parse::<f64>().is_ok();
    if metric == "cpu" {
        if is_plain {
            return percent(text, text);
        }
        return Err(not_possible(
            format!(
                "--target {text} is no percentage, and KServe passes on no other target of cpu"
            ),
            "write it as a percentage of what is requested, such as 80%",
        ));
    }
    if is_plain {
        return Err(not_possible(
            format!("--target {text} of memory may mean a percentage or an amount"),
            format!(
                "write {text}% of what is requested, or an amount such as {text}Mi or {text}Gi"
            ),
        ));
    }
    amount(text, release)
}

fn percent(number: &str, text: &str) -> Result<Amount, Refusal> {
    match number.parse::<i64>() {
        Ok(percent) if (1..=100).contains(&percent) => Ok(Amount::Percent(percent)),
        _ => Err(not_possible(
            format!(
                "--target {text} is not between 1% and 100%, and KServe's webhook takes no other percentage"
            ),
            "give a whole percentage from 1% to 100%",
        )),
    }
}

fn amount(text: &str, release: Release) -> Result<Amount, Refusal> {
    let least = Quantity::parse("1Mi");
    let parsed = Quantity::parse(text);
    let (Ok(parsed), Ok(least)) = (parsed, least) else {
        return Err(not_possible(
            format!("--target {text} is no amount of memory"),
            "write it like 2Gi or 500Mi",
        ));
    };
    if parsed < least {
        return Err(not_possible(
            format!("--target {text} is less than 1Mi, and KServe's webhook refuses that"),
            "write it like 2Gi or 500Mi",
        ));
    }
    if !release.has(Behaviour::AutoScalingField) {
        return Err(not_possible(
            format!("KServe {release} scales memory on a percentage alone"),
            "write --target as a percentage of what is requested, such as 80%",
        ));
    }
    Ok(Amount::Quantity(text.to_owned()))
}

/// The threshold of a query.
pub(super) fn threshold(metric: &str, written: Option<&str>) -> Result<String, Refusal> {
    let Some(text) = written.map(str::trim) else {
        return Err(missing(
            format!("what {metric} answers has no default target"),
            "give --target: how much of it a pod is to have",
        ));
    };
    let zero = Quantity::parse("0");
    match (Quantity::parse(text), zero) {
        (Ok(value), Ok(zero)) if value > zero => Ok(text.to_owned()),
        _ => Err(not_possible(
            format!("--target {text} is no number that {metric} could be divided by"),
            "write a number, such as 10 or 0.5",
        )),
    }
}
