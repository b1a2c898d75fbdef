//! What `lint -o json` and `rules -o json` print: part of the contract `kscale.dev/v1alpha1`.

use serde::Serialize;

use super::{RULES, Rule};
use crate::explain::{API_VERSION, FactsSummary, Finding, ObjectRef, Severity};

/// What rules find in any number of objects.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FindingList {
    /// Always `kscale.dev/v1alpha1`.
    pub api_version: String,
    /// Always `FindingList`.
    pub kind: String,
    /// What the findings rest on.
    pub facts: FactsSummary,
    /// Their numbers.
    pub summary: Summary,
    /// What could not be read, and so was not judged.
    pub unreadable: Vec<Unreadable>,
    /// One entry for each object that was judged, in the order in which they were given.
    pub items: Vec<ObjectFindings>,
}

/// What rules find in one object.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObjectFindings {
    /// The object.
    pub object: ObjectRef,
    /// What was found and not suppressed, in the order of the file.
    pub findings: Vec<Finding>,
}

/// Numbers of findings, and of what they were looked for in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
    /// Findings that a comment suppresses; they are in no other number.
    pub suppressed: usize,
    /// Findings that `--fix` would mend.
    pub fixable: usize,
    /// Findings that only `--fix --unsafe-fixes` would mend.
    pub fixable_unsafe: usize,
    /// Findings that were mended.
    pub fixed: usize,
    /// Objects that were judged.
    pub objects: usize,
    /// Files, streams and addresses that were read.
    pub files: usize,
    /// Documents of kinds that no rule looks at.
    pub passed_over: usize,
}

/// A file, or a document in it, that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unreadable {
    /// The file, address or stream.
    pub source: String,
    /// The line, from 1, where one is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column in that line, in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do; empty where there is nothing to add.
    pub help: String,
}

/// All rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleList {
    /// Always `kscale.dev/v1alpha1`.
    pub api_version: String,
    /// Always `RuleList`.
    pub kind: String,
    /// One entry a rule, in the order of the codes.
    pub items: Vec<RuleEntry>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleEntry {
    /// Its code, which never changes its meaning.
    pub code: String,
    /// Its name.
    pub slug: String,
    /// How bad its findings are at the worst.
    pub severity: Severity,
    /// What it finds.
    pub summary: String,
    /// Where its page is published.
    pub docs: String,
    /// The page, as Markdown without its title.
    pub page: String,
}

/// Rules that answer one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// How their codes begin: `KS1`.
    pub prefix: &'static str,
    /// The question, in a few words.
    pub title: &'static str,
}

/// The groups, in the order of the codes.
pub const GROUPS: [Group; 9] = [
    group("KS1", "Which autoscaler"),
    group("KS2", "Metric and target"),
    group("KS3", "Bounds and scale to zero"),
    group("KS4", "Resources and metrics supply"),
    group("KS5", "Cluster and extension"),
    group("KS6", "ConfigMaps"),
    group("KS7", "Revisions and rollouts"),
    group("KS8", "Advice"),
    group("KS9", "What is said to kscale itself"),
];

const fn group(prefix: &'static str, title: &'static str) -> Group {
    Group { prefix, title }
}

impl Group {
    /// Its rules.
    pub fn rules(self) -> impl Iterator<Item = &'static Rule> {
        let of_it = move |rule: &&'static Rule| rule.code.starts_with(self.prefix);
        RULES.iter().copied().filter(of_it)
    }
}

/// The rules given, as data.
pub fn list<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> RuleList {
    RuleList {
        api_version: API_VERSION.to_owned(),
        kind: "RuleList".to_owned(),
        items: rules.into_iter().map(entry).collect(),
    }
}

fn entry(rule: &Rule) -> RuleEntry {
    RuleEntry {
        code: rule.code.to_owned(),
        slug: rule.slug.to_owned(),
        severity: rule.severity,
        summary: rule.summary.to_owned(),
        docs: rule.url(),
        page: rule.page(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_in_one_group_and_no_group_is_empty() {
        let grouped: usize = GROUPS.iter().map(|group| group.rules().count()).sum();
        assert_eq!(grouped, RULES.len());
        for group in GROUPS {
            assert!(group.rules().next().is_some(), "{}", group.prefix);
        }
    }
}
