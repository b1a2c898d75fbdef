//! What a rule is, and the macro that defines one from its documentation.

use super::case::{Bystander, Case, Change, Inert, Scaled};
use super::findings::{Advice, Findings};
use crate::explain::{Finding, Severity};

/// A rule: one thing that a user cannot have meant.
///
/// Its documentation is its only text. What rustdoc shows on the rule's `static`, the page under `docs/rules/`, what
/// `kubectl kscale explain KS101` prints and the help in SARIF are all made from it.
#[derive(Debug)]
pub struct Rule {
    /// `KS` and three digits; never reused.
    pub code: &'static str,
    /// Its name, in words joined by hyphens.
    pub slug: &'static str,
    /// How bad it is at the worst; a finding may be less.
    pub severity: Severity,
    /// What it finds, in half a sentence.
    pub summary: &'static str,
    pub(super) doc: &'static str,
    pub(super) check: Check,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    /// Each component of a workload that something scales, or should.
    Component(fn(&Case<'_>, &Scaled<'_>, &mut Findings<'_>)),
    /// A workload as a whole.
    Workload(fn(&Case<'_>, &mut Findings<'_>)),
    /// A workload beside what it was before.
    Change(fn(&Change<'_>, &mut Findings<'_>)),
    /// Objects that are no workloads: ConfigMaps, Revisions, PodAutoscalers.
    Bystander(fn(&Bystander<'_>, &mut Findings<'_>)),
    /// What the explanation holds to be without effect, and marks with this rule. The rule adds how bad that is and what to
    /// do; none leaves it to the explanation.
    Inert(fn(&Inert<'_>) -> Option<Advice>),
    /// What only a host can see, such as comments in a file. Nothing here looks for it.
    Host,
}

/// The headings of every rule's page, in order.
pub const HEADINGS: [&str; 6] = [
    "What it does",
    "Why it matters",
    "Example",
    "Use instead",
    "Fix safety",
    "References",
];

impl Rule {
    /// The rule's page without its title, as Markdown.
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = String::with_capacity(self.doc.len());
        for line in self.doc.trim_matches('\n').lines() {
            // A doc comment's line begins with the blank after its slashes.
            page.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
            page.push('\n');
        }
        page
    }

    /// The text under one of [`HEADINGS`], without the heading; empty where the page lacks it.
    #[must_use]
    pub fn section(&self, heading: &str) -> String {
        let page = self.page();
        let sections = page.split("## ").skip(1);
        let found = sections.into_iter().find_map(|section| {
            let (title, text) = section.split_once('\n')?;
            (title.trim() == heading).then(|| text.trim().to_owned())
        });
        found.unwrap_or_default()
    }

    /// A finding of this rule, for hosts that see what nothing here can: comments in a file.
    #[must_use]
    pub fn finding(&self, message: impl Into<String>, help: impl Into<String>) -> Finding {
        Finding {
            code: self.code.to_owned(),
            slug: self.slug.to_owned(),
            severity: self.severity,
            pointer: String::new(),
            line: None,
            column: None,
            end_line: None,
            end_column: None,
            message: message.into(),
            help: help.into(),
            docs: Some(self.url()),
            fix: None,
        }
    }

    /// Whether only hosts find it: [`judge`](super::judge) never does.
    #[must_use]
    pub fn is_of_hosts(&self) -> bool {
        matches!(self.check, Check::Host)
    }

    /// Where the page is published.
    #[must_use]
    pub fn url(&self) -> String {
        let repository = env!("CARGO_PKG_REPOSITORY");
        format!("{repository}/blob/main/docs/rules/{}.md", self.code)
    }
}

/// Defines a rule: its page as doc comment, then `CODE: "slug", Severity, "summary", Check`.
macro_rules! rule {
    (
        $(#[doc = $doc:literal])*
        $code:ident: $slug:literal, $severity:ident, $summary:literal, $check:expr $(,)?
    ) => {
        $(#[doc = $doc])*
        pub static $code: $crate::rules::Rule = $crate::rules::Rule {
            code: stringify!($code),
            slug: $slug,
            severity: $crate::explain::Severity::$severity,
            summary: $summary,
            doc: concat!($($doc, "\n"),*),
            check: $check,
        };
    };
}

pub(super) use rule;
