//! What was found, as every format prints it.

use std::sync::Arc;

use kscale_rules::explain::{API_VERSION, FactsSummary, Finding, Fix, ObjectRef, Safety, Severity};
use kscale_rules::rules::{FindingList, ObjectFindings, Summary, Unreadable};

use crate::input::{Place, Problem, Source};

/// Everything that was found.
#[derive(Debug)]
pub(crate) struct Report {
    /// What it rests on.
    pub(crate) facts: FactsSummary,
    /// The objects that were judged, in the order in which they were given.
    pub(crate) items: Vec<Item>,
    /// What could not be read.
    pub(crate) unreadable: Vec<Problem>,
    /// Numbers.
    pub(crate) summary: Summary,
}

/// What was found in one object.
#[derive(Debug)]
pub(crate) struct Item {
    /// The number of its source among those given.
    pub(crate) number: usize,
    /// The number of its document in that source.
    pub(crate) document: usize,
    pub(crate) object: ObjectRef,
    pub(crate) source: Arc<Source>,
    /// In the order of the file, the suppressed ones among them.
    pub(crate) found: Vec<Located>,
}

/// A finding and its stretch of the source.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) finding: Finding,
    /// What is underlined.
    pub(crate) mark: Place,
    /// The reason, where a comment suppresses it.
    pub(crate) suppressed: Option<String>,
}

impl Item {
    /// What counts.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &Located> {
        self.found.iter().filter(|one| one.suppressed.is_none())
    }
}

impl Located {
    /// Its fix, where that may be applied.
    pub(crate) fn fix(&self, unsafe_too: bool) -> Option<&Fix> {
        let fix = self.finding.fix.as_ref();
        fix.filter(|fix| unsafe_too || fix.safety == Safety::Safe)
    }
}

impl Report {
    /// Counts what is in it.
    pub(crate) fn count(&mut self) {
        let summary = &mut self.summary;
        for located in self.items.iter().flat_map(|item| &item.found) {
            if located.suppressed.is_some() {
                summary.suppressed += 1;
                continue;
            }
            match located.finding.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Info => summary.infos += 1,
            }
            match (located.fix(false), located.fix(true)) {
                (Some(_), _) => summary.fixable += 1,
                (None, Some(_)) => summary.fixable_unsafe += 1,
                (None, None) => {}
            }
        }
    }

    /// Whether something at or above a severity was found.
    pub(crate) fn has(&self, least: Severity) -> bool {
        let mut all = self.items.iter().flat_map(Item::findings);
        all.any(|located| located.finding.severity >= least)
    }

    /// As the contract has it.
    pub(crate) fn list(&self) -> FindingList {
        FindingList {
            api_version: API_VERSION.to_owned(),
            kind: "FindingList".to_owned(),
            facts: self.facts.clone(),
            summary: self.summary,
            unreadable: self.unreadable.iter().map(unreadable).collect(),
            items: self.items.iter().map(object_findings).collect(),
        }
    }
}

fn unreadable(problem: &Problem) -> Unreadable {
    Unreadable {
        source: problem.source.to_string(),
        line: problem.place.map(|place| place.line),
        column: problem.place.map(|place| place.column),
        message: problem.message.clone(),
        help: problem.hint.clone().unwrap_or_default(),
    }
}

fn object_findings(item: &Item) -> ObjectFindings {
    let findings = item.findings().map(|located| located.finding.clone());
    ObjectFindings {
        object: item.object.clone(),
        findings: findings.collect(),
    }
}
