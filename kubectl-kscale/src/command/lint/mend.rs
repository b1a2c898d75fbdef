//! Fixes, pass after pass, until nothing changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::is_mendable;
use super::run::Run;
use crate::edit::save;
use crate::error::{Error, Outcome};
use crate::input::{InputArg, Source};
use crate::lint::{Report, fix};

/// One fix may uncover another; two that undo each other must not go on for ever.
const MAX_PASSES: usize = 10;

/// Sources that fixes changed, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Changes(BTreeMap<usize, Change>);

/// One of them.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) number: usize,
    /// What was read.
    pub(super) before: Arc<Source>,
    fixed: usize,
}

/// Applies fixes to what was read, and judges again. Nothing is written.
pub(super) fn mend(run: &mut Run<'_>, mut report: Report) -> (Report, Changes) {
    let unsafe_too = run.arguments.fixes.unsafe_fixes;
    let mut changes = Changes::default();
    let mut refused = BTreeSet::new();
    for _ in 0..MAX_PASSES {
        let mendable: Vec<bool> = run
            .given
            .iter()
            .map(|given| is_mendable(given.input.as_ref()))
            .collect();
        let (mended, reasons) = fix(&run.given, &report.items, unsafe_too);
        refused.extend(reasons);
        let mended: Vec<_> = mended
            .into_iter()
            .filter(|one| mendable[one.number])
            .collect();
        if mended.is_empty() {
            break;
        }
        for one in mended {
            changes.add(run, one.number, one.fixed);
            run.replace(one.number, &one.text);
        }
        report = run.report();
    }
    for reason in refused {
        run.session.messages.doubt(
            &format!("a fix was not applied: {reason}"),
            "mend it by hand",
        );
    }
    (report, changes)
}

impl Changes {
    fn add(&mut self, run: &Run<'_>, number: usize, fixed: usize) {
        let Some(source) = run
            .given
            .get(number)
            .and_then(|given| given.loaded.sources.first())
        else {
            return;
        };
        let change = self.0.entry(number).or_insert_with(|| Change {
            number,
            before: Arc::clone(source),
            fixed: 0,
        });
        change.fixed += fixed;
    }

    /// Whether nothing changed.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order of the sources.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Change> {
        self.0.values()
    }

    /// How many fixes are in them.
    pub(super) fn fixed(&self) -> usize {
        self.iter().map(|change| change.fixed).sum()
    }

    /// `would fix 3 findings in 2 files, 1 more with --unsafe-fixes`
    pub(super) fn would(&self, left: &Report) -> String {
        let count = |count: usize, one: &str, many: &str| {
            format!("{count} {}", if count == 1 { one } else { many })
        };
        if self.is_empty() {
            return match left.summary.fixable_unsafe {
                0 => "nothing to fix".to_owned(),
                more => format!("nothing to fix, {more} with --unsafe-fixes"),
            };
        }
        let mut text = format!(
            "would fix {} in {}",
            count(self.fixed(), "finding", "findings"),
            count(self.0.len(), "file", "files")
        );
        if left.summary.fixable_unsafe > 0 {
            text.push_str(&format!(
                ", {} more with --unsafe-fixes",
                left.summary.fixable_unsafe
            ));
        }
        text
    }

    /// Writes files. Gives how many fixes are in them; why others are not is said beside the report. What could not be
    /// written is put back to what it was.
    pub(super) fn save(&self, run: &mut Run<'_>) -> usize {
        let mut fixed = 0;
        let mut written = BTreeSet::new();
        for change in self.iter() {
            let Some(InputArg::Path(path)) = run.given[change.number].input.clone() else {
                fixed += change.fixed;
                continue;
            };
            // Who names a file twice, by a link or in full, gets it mended once.
            let file = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            if !written.insert(file) {
                continue;
            }
            match save(&path, change.before.text(), &run.text(change.number)) {
                Ok(()) => fixed += change.fixed,
                Err(error) => {
                    run.replace(change.number, change.before.text());
                    run.session.outcome = Outcome::Failed;
                    let error = Error::input(error.to_string()).hint("it is as it was");
                    run.session.messages.error(&error);
                }
            }
        }
        fixed
    }
}
