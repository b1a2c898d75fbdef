//! A change that was worked out, for people.

use kscale_rules::switch::PlanList;

use super::{Ink, Paper, span};

/// The page. `all` asks for every decision, request and pointer.
pub(super) fn page(list: &PlanList, width: usize, all: bool) -> String {
    let mut paper = Paper::new(width);
    for plan in &list.items {
        paper.entry(&[], 0, &[span(Ink::Strong, plan.object.name.clone())]);
        for change in &plan.changes {
            let text = format!(
                "{}: {} → {}",
                change.name,
                change.before.words(),
                change.after.words()
            );
            paper.entry(&[], 2, &[span(Ink::Plain, text)]);
        }
    }
    let _ = all;
    paper.into_text()
}
