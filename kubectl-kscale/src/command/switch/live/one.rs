//! Carrying out one plan: edit, deletions, watch, and what comes after.

use std::io::{self, IsTerminal};
use std::time::Duration;

use kscale_rules::switch::{Plan, RefusalReason};

use super::carry_out::Run;
use super::ground::{Errand, Ground, read};
use super::ledger::{Ledger, State};
use super::make::Made;
use super::tidy;
use super::words::{self, label};
use crate::cluster::Persist;
use crate::error::Error;
use crate::render::{Ink, Paper};
use crate::switching::progress::{self, Ended, Note};
use crate::switching::record;

/// How long KServe is given to write a change, before what it makes superfluous is deleted all the same.
const TO_BE_TAKEN_IN: Duration = Duration::from_secs(30);

/// What all objects of a run have in common.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) ground: &'a Ground<'a>,
    pub(super) ledger: &'a Ledger,
    /// Held by whoever asks, so that two questions do not stand on the terminal at once.
    pub(super) asking: &'a tokio::sync::Mutex<()>,
    /// How many objects there are.
    pub(super) count: usize,
    /// The namespaces in which nothing can be kept.
    pub(super) unkept: &'a std::collections::BTreeMap<String, String>,
}

/// Why one object is not done.
pub(super) struct Failed {
    /// In a few words, for the table.
    pub(super) what: &'static str,
    /// In full.
    pub(super) error: Error,
}

/// With the words of the table.
pub(super) fn failed(what: &'static str) -> impl FnOnce(Error) -> Failed {
    move |error| Failed { what, error }
}

impl Work<'_> {
    /// All of it for the object with a number. What goes wrong is said at once. Whether all went well.
    pub(super) async fn carry(&self, number: usize, errand: Errand) -> bool {
        let Err(Failed { what, error }) = self.attempt(number, errand).await else {
            return true;
        };
        self.run.screen.progress("");
        self.ledger.complain(&error);
        let outcome = error.outcome();
        self.ledger.note(number, State::Failed { what, outcome });
        false
    }

    async fn attempt(&self, number: usize, errand: Errand) -> Result<(), Failed> {
        let made = self.make(number, errand).await?;
        self.ledger.note(number, State::Changed);
        self.delete_doomed(&made).await?;
        let plan = &made.errand.plan;
        let done = words::done(&plan.purpose);
        if self.run.change.wait {
            let notes = self.follow(&made).await?;
            self.say(plan, &done, &notes);
            self.clean(plan).await?;
        } else {
            let text = format!("{done}; whether it takes over is not waited for");
            self.say(plan, &text, &[]);
        }
        self.ledger.note(number, State::Done(done));
        Ok(())
    }

    /// What was done, and where one can go from here.
    fn say(&self, plan: &Plan, done: &str, notes: &[Note]) {
        let text = format!("{} {done}", label(&plan.object));
        self.ledger.say(Ink::Good, &text);
        let cleans = self.run.roll.cleanup;
        for note in notes.iter().filter(|note| !(cleans && note.of_leftover)) {
            self.ledger.say(Ink::Plain, &note.text);
        }
        if self.count == 1 && !self.run.change.wait {
            let text = format!("How far it is: {}", words::explain(&plan.object));
            self.ledger.line(&text);
        }
    }

    async fn delete_doomed(&self, made: &Made) -> Result<(), Failed> {
        if !made.doomed.is_empty() {
            let limit = self.run.change.timeout.min(TO_BE_TAKEN_IN);
            let plan = &made.errand.plan;
            let waited = progress::taken_in(self.run.cluster, plan, &made.object, limit).await;
            waited.map_err(failed("changed, cannot be watched"))?;
        }
        for doomed in &made.doomed {
            let deleted = doomed.delete(self.run.cluster, Persist::Yes).await;
            deleted.map_err(|failure| Failed {
                what: "changed, not completed",
                error: failure
                    .error(&format!(
                        "{} was changed, and {} was not deleted",
                        label(&made.errand.plan.object),
                        doomed.name
                    ))
                    .hint("the same command again deletes it"),
            })?;
        }
        Ok(())
    }

    /// Watches until the new autoscaler has taken over; what there is to say of it.
    async fn follow(&self, made: &Made) -> Result<Vec<Note>, Failed> {
        let plan = &made.errand.plan;
        let limit = self.run.change.timeout;
        let mut tell = self.teller(plan);
        let watched = progress::watch(self.run.cluster, plan, &made.object, limit, &mut tell).await;
        let ended = watched.map_err(failed("changed, cannot be watched"))?;
        let reasons = match ended {
            Ended::TakenOver(notes) => return Ok(notes),
            Ended::NotReady { may_come, reasons } => self.not_ready(plan, may_come, reasons),
        };
        if !self.run.roll.rollback_on_failure {
            return Err(Failed {
                what: "changed, not taken over",
                error: reasons.hint(self.way_back(made)),
            });
        }
        self.ledger.complain(&reasons);
        Err(self.take_back(made).await)
    }

    fn not_ready(&self, plan: &Plan, may_come: bool, reasons: Vec<String>) -> Error {
        let what = match may_come {
            true => format!(
                "has not taken over within {}",
                words::span(self.run.change.timeout)
            ),
            false => "does not take over".to_owned(),
        };
        let mut reasons = reasons.into_iter();
        let first = reasons
            .next()
            .map_or_else(String::new, |first| format!(": {first}"));
        let message = format!(
            "{} was changed, and {} {what}{first}",
            label(&plan.object),
            words::successor(&plan.purpose)
        );
        reasons.fold(Error::timed_out(message), Error::hint)
    }

    fn way_back(&self, made: &Made) -> String {
        let object = &made.errand.plan.object;
        match made.kept {
            Some(_) => format!("to go back: {}", words::undo(object)),
            None => format!(
                "to go back: {}",
                record::command_back(self.run.cluster, &made.errand.plan)
            ),
        }
    }

    /// Takes back what has not taken over. There is no good end to that: it says how it went.
    async fn take_back(&self, made: &Made) -> Failed {
        let object = &made.errand.plan.object;
        let told = |what: &str| format!("{} {what}", label(object));
        match self.undo(made).await {
            Ok(None) => Failed {
                what: "taken back",
                error: Error::timed_out(told("was taken back, and is scaled as before")),
            },
            Ok(Some(reasons)) => Failed {
                what: "taken back, not ready",
                error: Error::timed_out(format!(
                    "{}: {}",
                    told("was taken back, and what scaled it before has not taken over"),
                    reasons.join("; ")
                )),
            },
            Err(Failed { error, .. }) => {
                self.ledger.complain(&error);
                Failed {
                    what: "changed, not taken back",
                    error: Error::timed_out(told("could not be taken back"))
                        .hint(self.way_back(made)),
                }
            }
        }
    }

    /// Why what was there before has not taken over again; none where it has.
    async fn undo(&self, made: &Made) -> Result<Option<Vec<String>>, Failed> {
        let plan = &made.errand.plan;
        let error = |error: Error| Failed {
            what: "changed, not taken back",
            error,
        };
        let object = read(self.run.cluster, &plan.object).await;
        let object = object.map_err(|failure| error(failure.error("it cannot be read")))?;
        // What is around it has changed since.
        let known = super::around(self.run.cluster, &plan.object)
            .await
            .map_err(error)?;
        let ground = Ground::new(&known, &self.ground.arguments);
        let errand = match ground.errand(object, made.back(self.run.roll.keep_capacity)) {
            Ok(errand) => errand,
            Err(refused) if refused.refusal.reason == RefusalReason::AlreadySo => return Ok(None),
            Err(refused) => return Err(error(Error::refused(refused.refusal.message))),
        };
        let work = Work {
            ground: &ground,
            ..*self
        };
        let back = work.make(usize::MAX, errand).await?;
        work.delete_doomed(&back).await?;
        let plan = &back.errand.plan;
        let limit = self.run.change.timeout;
        let mut tell = self.teller(plan);
        let watched = progress::watch(self.run.cluster, plan, &back.object, limit, &mut tell).await;
        Ok(match watched.map_err(error)? {
            Ended::TakenOver(_) => None,
            Ended::NotReady { reasons, .. } => Some(reasons),
        })
    }

    /// Tells how far something has come, where somebody looks.
    fn teller(&self, plan: &Plan) -> impl FnMut(&str) + use<> {
        let (screen, listened) = (self.run.screen, io::stderr().is_terminal());
        let whose = label(&plan.object);
        move |line| {
            if listened {
                let mut paper = Paper::new(screen.width());
                let text = format!("{whose}: {line}");
                paper.entry(&[], 0, &[crate::render::span(Ink::Dim, text)]);
                screen.tell(&paper.into_text());
            }
        }
    }

    /// Deletes old revisions of the HPA class, where that is wished.
    async fn clean(&self, plan: &Plan) -> Result<(), Failed> {
        if !self.run.roll.cleanup {
            return Ok(());
        }
        let object = &plan.object;
        let say = |text: &str| self.ledger.say(Ink::Plain, text);
        let deleted = tidy::delete(self.run.cluster, object, say).await;
        deleted.map_err(|failure| Failed {
            what: "switched, not cleaned up",
            error: failure
                .error(&format!(
                    "{} is switched, and its old revisions are not deleted",
                    label(object)
                ))
                .hint("the same command again deletes them"),
        })
    }
}
