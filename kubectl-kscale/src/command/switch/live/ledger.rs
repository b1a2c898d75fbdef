//! What was done to which object. It is told at the end, however that comes about.

use std::cell::RefCell;

use kscale_rules::explain::types::ObjectRef;

use super::verdict::is_for_people;
use super::words::label;
use crate::cli::PlanFormat;
use crate::error::{Error, Outcome};
use crate::render::{Ink, Messages, Paper, Screen, Table, span};
use crate::switching::address::short;

/// How far an object has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing was sent that would change it.
    NotBegun,
    /// The edit is on its way.
    Sent,
    /// The edit was made; the rest is not.
    Changed,
    /// All of it was done.
    Done(String),
    /// There was nothing to do.
    AlreadySo,
    /// It cannot be done.
    NotPossible,
    /// It came to nothing, or not to its end.
    Failed {
        /// In a few words.
        what: &'static str,
        /// As the exit code tells it.
        outcome: Outcome,
    },
}

impl State {
    fn words(&self) -> (Ink, String) {
        let (ink, words) = match self {
            Self::NotBegun => (Ink::Dim, "not begun"),
            Self::Sent => (Ink::Warn, "not known: it was being changed"),
            Self::Changed => (Ink::Warn, "changed, and not watched to the end"),
            Self::Done(what) => (Ink::Good, what.as_str()),
            Self::AlreadySo => (Ink::Plain, "already so"),
            Self::NotPossible => (Ink::Bad, "cannot be switched"),
            Self::Failed { what, .. } => (Ink::Bad, *what),
        };
        (ink, words.to_owned())
    }

    fn outcome(&self) -> Outcome {
        match self {
            Self::Failed { outcome, .. } => *outcome,
            Self::NotPossible => Outcome::Failed,
            _ => Outcome::Clean,
        }
    }
}

/// The states of all objects.
pub(super) struct Ledger {
    screen: Screen,
    output: PlanFormat,
    entries: RefCell<Vec<(ObjectRef, State)>>,
    closed: RefCell<bool>,
}

impl Ledger {
    /// Of objects in their order.
    pub(super) fn new(
        screen: Screen,
        output: PlanFormat,
        entries: Vec<(ObjectRef, State)>,
    ) -> Self {
        Self {
            screen,
            output,
            entries: RefCell::new(entries),
            closed: RefCell::new(false),
        }
    }

    /// Notes how far the object with a number has come.
    pub(super) fn note(&self, number: usize, state: State) {
        if let Some(entry) = self.entries.borrow_mut().get_mut(number) {
            entry.1 = state;
        }
    }

    /// Says something about what is done: where people read the answer, it is part of that.
    pub(super) fn say(&self, ink: Ink, text: &str) {
        let mut paper = Paper::new(self.screen.width());
        paper.entry(&[], 0, &[span(ink, text)]);
        self.tell(&paper.into_text());
    }

    /// Says a line that is not broken: there is something in it that people copy.
    pub(super) fn line(&self, text: &str) {
        let mut paper = Paper::new(usize::MAX);
        paper.verbatim(0, Ink::Plain, text);
        self.tell(&paper.into_text());
    }

    /// Says why something came to nothing, at once.
    pub(super) fn complain(&self, error: &Error) {
        let mut messages = Messages::new();
        messages.error(error);
        self.screen.tell(&messages.into_text());
    }

    /// Whoever reads may have gone; what is begun is done all the same.
    fn tell(&self, text: &str) {
        if is_for_people(self.output) {
            let _ = self.screen.print(text);
        } else {
            self.screen.tell(text);
        }
    }

    /// The sum of it, and how the command ends.
    pub(super) fn close(&self) -> Outcome {
        *self.closed.borrow_mut() = true;
        let entries = self.entries.borrow();
        if entries.len() > 1 {
            self.tell(&format!("\n{}", table(&entries)));
            let left = entries.iter().any(|(_, state)| *state == State::NotBegun);
            if left {
                self.say(
                    Ink::Plain,
                    "The same command again goes on with what is not begun.",
                );
            }
        }
        let outcomes = entries.iter().map(|(_, state)| state.outcome());
        outcomes.max().unwrap_or_default()
    }
}

impl Drop for Ledger {
    /// Ctrl-C, or an error that nobody foresaw: what was done is said all the same.
    fn drop(&mut self) {
        let entries = self.entries.borrow();
        let begun = entries.iter().any(|(_, state)| {
            !matches!(
                state,
                State::NotBegun | State::AlreadySo | State::NotPossible
            )
        });
        if *self.closed.borrow() || !begun {
            return;
        }
        self.screen.progress("");
        let mut messages = Messages::new();
        if let [(object, state)] = entries.as_slice() {
            messages.note(&format!("{}: {}", label(object), state.words().1));
        } else {
            self.screen.tell(&format!("\n{}", table(&entries)));
        }
        messages.hint("the same command again completes what was begun, or says how it is");
        self.screen.tell(&messages.into_text());
    }
}

fn table(entries: &[(ObjectRef, State)]) -> String {
    let rows: Vec<Vec<_>> = entries
        .iter()
        .map(|(object, state)| {
            vec![
                (Ink::Plain, object.namespace.clone()),
                (Ink::Strong, short(object)),
                state.words(),
            ]
        })
        .collect();
    Table::new(vec!["NAMESPACE", "OBJECT", "RESULT"]).page(&rows, true)
}
