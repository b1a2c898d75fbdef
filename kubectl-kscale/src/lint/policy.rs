//! Which rules count, and how bad a finding must be.

use kscale_rules::rules::{RULES, Rule, find};

use super::config::Config;
use crate::cli::{Checks, FailOn};
use crate::error::Error;

/// Rules by code, by the beginning of codes, or by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selector {
    /// A code, or the beginning of codes; in upper case.
    prefix: String,
}

impl Selector {
    /// None where no rule is meant by it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let upper = text.to_ascii_uppercase();
        let prefix = if upper == "ALL" {
            "KS".to_owned()
        } else if let Some(rule) = find(text) {
            rule.code.to_owned()
        } else {
            upper
        };
        let any =
            prefix.starts_with("KS") && RULES.iter().any(|rule| rule.code.starts_with(&prefix));
        any.then_some(Self { prefix })
    }
}

/// What to do where a selector means no rule.
pub(crate) const UNKNOWN_HINT: &str = "give a code such as KS101, the beginning of codes such as KS1, or a name; see `kubectl kscale rules`";

/// Which rules count, and how bad a finding must be.
#[derive(Debug)]
pub(crate) struct Policy {
    counts: Vec<bool>,
    config: Option<Config>,
    fail_on: FailOn,
}

impl Policy {
    /// From the command line, laid over the file.
    pub(crate) fn new(checks: &Checks, config: Option<Config>) -> Result<Self, Error> {
        let select = parse("--select", &checks.select)?;
        let mut ignore = parse("--ignore", &checks.ignore)?;
        let mut selected = select;
        let mut fail_on = checks.fail_on;
        if let Some(config) = &config {
            if selected.is_empty() {
                selected.clone_from(&config.select);
                ignore.extend(config.ignore.iter().cloned());
            }
            fail_on = fail_on.or(config.fail_on);
        }
        Ok(Self {
            counts: RULES
                .iter()
                .map(|rule| counts(rule, &selected, &ignore))
                .collect(),
            config,
            fail_on: fail_on.unwrap_or_default(),
        })
    }

    /// Which rules count in a source, one entry a rule of [`RULES`].
    pub(crate) fn within(&self, path: Option<&std::path::Path>) -> Vec<bool> {
        let mut counts = self.counts.clone();
        let ignored = path.zip(self.config.as_ref());
        for selector in ignored
            .into_iter()
            .flat_map(|(path, config)| config.ignored_in(path))
        {
            for (count, rule) in counts.iter_mut().zip(RULES) {
                *count &= !rule.code.starts_with(&selector.prefix);
            }
        }
        counts
    }

    /// Where the line is drawn.
    pub(crate) fn fail_on(&self) -> FailOn {
        self.fail_on
    }
}

/// Whether a rule counts by [`Policy::within`].
pub(super) fn is_in(counts: &[bool], code: &str) -> bool {
    let at = RULES.binary_search_by(|rule| rule.code.cmp(code));
    at.is_ok_and(|at| counts.get(at).copied().unwrap_or(false))
}

fn parse(flag: &str, texts: &[String]) -> Result<Vec<Selector>, Error> {
    let selectors = texts.iter().filter(|text| !text.trim().is_empty());
    selectors
        .map(|text| {
            Selector::parse(text).ok_or_else(|| {
                Error::usage(format!("{flag}: no rule is meant by {text}")).hint(UNKNOWN_HINT)
            })
        })
        .collect()
}

/// The longer beginning counts; of two alike, the one that ignores. Without any that selects, all are selected.
fn counts(rule: &Rule, select: &[Selector], ignore: &[Selector]) -> bool {
    let longest = |selectors: &[Selector]| {
        selectors
            .iter()
            .filter(|one| rule.code.starts_with(&one.prefix))
            .map(|one| one.prefix.len())
            .max()
    };
    let selected = if select.is_empty() {
        Some(0)
    } else {
        longest(select)
    };
    selected.is_some_and(|selected| longest(ignore).is_none_or(|ignored| selected > ignored))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selectors(texts: &[&str]) -> Vec<Selector> {
        texts
            .iter()
            .map(|text| Selector::parse(text).unwrap())
            .collect()
    }

    fn counted(select: &[&str], ignore: &[&str], code: &str) -> bool {
        let rule = find(code).unwrap();
        counts(rule, &selectors(select), &selectors(ignore))
    }

    #[test]
    fn rules_are_meant_by_code_beginning_and_name() {
        assert!(counted(&[], &[], "KS401"));
        assert!(counted(&["ks401"], &[], "KS401"));
        assert!(counted(&["resources-beside-the-model"], &[], "KS401"));
        assert!(counted(&["KS4"], &[], "KS401") && !counted(&["KS4"], &[], "KS101"));
        assert!(counted(&["all"], &[], "KS101"));
        for nothing in ["", "K", "KS0", "KS4011", "unheard-of", "4"] {
            assert_eq!(Selector::parse(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn the_longer_beginning_counts() {
        assert!(!counted(&[], &["KS4"], "KS401"));
        assert!(counted(&["KS401"], &["KS4"], "KS401"));
        assert!(!counted(&["KS4"], &["KS401"], "KS401"));
        assert!(!counted(&["KS401"], &["KS401"], "KS401"));
    }
}
