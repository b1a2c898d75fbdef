//! The edit of one object: what it was is kept, then it is changed, whatever others do to it meanwhile.

use std::time::Duration;

use kscale_rules::switch::{Plan, Record, Wish};
use serde_json::Value;

use super::again::{Again, again, changed};
use super::ground::{Aim, Errand, place, read};
use super::ledger::State;
use super::one::{Failed, Work};
use super::rehearse::refused;
use super::requests::{Doomed, doomed, edits};
use super::verdict::is_for_people;
use super::words::{self, label};
use crate::cli::PlanFormat;
use crate::cluster::{Failure, Persist, Why};
use crate::command::extension::confirmed;
use crate::error::Error;
use crate::render::{self, Messages};
use crate::switching::edit;
use crate::switching::record::{self, Kept};

/// How often an object may change under one's hands.
const TRIES: usize = 20;

/// Before it is tried again: whoever writes it is at it.
const PAUSE: Duration = Duration::from_millis(50);

/// An edit that was made.
pub(super) struct Made {
    /// The object as the edit has made it.
    pub(super) object: Value,
    /// What was done in the end: a plan may have been made anew.
    pub(super) errand: Errand,
    /// Under what it is kept; none where it could not be.
    pub(super) kept: Option<Kept>,
    /// What is to be deleted now.
    pub(super) doomed: Vec<Doomed>,
}

impl Made {
    /// That it be as it was.
    pub(super) fn back(&self, keep_capacity: Option<bool>) -> Aim {
        let number = self.kept.as_ref().map_or(0, |kept| kept.number);
        let record = match &self.kept {
            Some(kept) => kept.record.clone(),
            None => record_of(&self.errand.plan),
        };
        let wish = Wish {
            keep_capacity,
            allow_findings: true,
            ..Wish::default()
        };
        Aim::Undo(number, vec![record], wish)
    }
}

fn record_of(plan: &Plan) -> Record {
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
    Record::of(plan, &now.to_string())
}

fn not_changed(error: Error) -> Failed {
    Failed {
        what: "not changed",
        error,
    }
}

impl Work<'_> {
    /// Makes the edit of the object with a number.
    pub(super) async fn make(&self, number: usize, mut errand: Errand) -> Result<Made, Failed> {
        let mut asked = false;
        for _ in 0..TRIES {
            let plan = &errand.plan;
            let doomed = doomed(self.run.cluster, plan)
                .await
                .map_err(|failure| not_changed(refused(self.run.cluster, plan, failure)))?;
            let Some(patch) = edits(plan) else {
                return Ok(Made {
                    object: errand.object.clone(),
                    errand,
                    kept: None,
                    doomed,
                });
            };
            let kept = self.keep(&errand).await.map_err(not_changed)?;
            self.ledger.note(number, State::Sent);
            let path = place(&plan.object)
                .map_err(|failure| not_changed(refused(self.run.cluster, plan, failure)))?;
            let version = edit::version(&plan.before);
            let applied = edit::apply(self.run.cluster, &path, patch, version, Persist::Yes).await;
            let next = match applied {
                Ok(object) => Next::Made(object),
                Err(failure) if failure.why == Why::Conflict => {
                    self.after_conflict(&errand, kept.as_ref(), &mut asked, failure)
                        .await?
                }
                Err(failure) => {
                    Next::Made(self.after_failure(&errand, kept.as_ref(), failure).await?)
                }
            };
            match next {
                Next::Made(object) => {
                    return Ok(Made {
                        object,
                        errand,
                        kept,
                        doomed,
                    });
                }
                Next::Again(new) => errand = *new,
            }
            tokio::time::sleep(PAUSE).await;
        }
        let message = format!(
            "{} changes faster than it can be changed",
            label(&errand.plan.object)
        );
        Err(not_changed(
            Error::refused(message).hint("try again once nobody else writes it all the time"),
        ))
    }

    /// Keeps what is replaced; none where the caller may not.
    async fn keep(&self, errand: &Errand) -> Result<Option<Kept>, Error> {
        let object = &errand.plan.object;
        if self.unkept.contains_key(&object.namespace) {
            return Ok(None);
        }
        let record = record_of(&errand.plan);
        match record::keep(self.run.cluster, &errand.object, &record).await {
            Ok(kept) => {
                let mut messages = Messages::new();
                kept.notes.iter().for_each(|note| messages.note(note));
                self.run.screen.tell(&messages.into_text());
                Ok(Some(kept))
            }
            Err(failure) if failure.why == Why::Forbidden => {
                warn_unkept(self, &errand.plan, &failure.message);
                Ok(None)
            }
            Err(failure) => Err(failure.error(&format!(
                "{} was not changed, since what it is now cannot be kept",
                label(object)
            ))),
        }
    }

    /// Forgets what was kept for an edit that was not made.
    async fn forget(&self, object: &Value, kept: Option<&Kept>) {
        if let Some(kept) = kept {
            // What stays by mistake is told apart by undo, and is no reason to fail.
            let _ = record::forget(self.run.cluster, object, kept).await;
        }
    }

    async fn after_conflict(
        &self,
        errand: &Errand,
        kept: Option<&Kept>,
        asked: &mut bool,
        failure: Failure,
    ) -> Result<Next, Failed> {
        let plan = &errand.plan;
        let seen = again(self.run, self.ground, errand).await;
        let seen = seen.map_err(|_| not_changed(refused(self.run.cluster, plan, failure)))?;
        match seen {
            Again::Settled(object) => Ok(Next::Made(object)),
            Again::Same(new) => {
                self.forget(&new.object, kept).await;
                Ok(Next::Again(Box::new(new)))
            }
            Again::Other(new) => {
                self.forget(&new.object, kept).await;
                self.other(errand, &new, *asked).await.map_err(not_changed)?;
                *asked = true;
                Ok(Next::Again(Box::new(new)))
            }
            Again::Refused(refusal) => Err(not_changed(
                Error::refused(format!(
                    "{} was changed by somebody else meanwhile, and cannot be switched any more: {}",
                    label(&plan.object),
                    refusal.message
                ))
                .hint(refusal.help),
            )),
        }
    }

    /// Shows what is another thing now than what was shown before, and asks once more where somebody can be asked.
    async fn other(&self, errand: &Errand, new: &Errand, asked: bool) -> Result<(), Error> {
        let run = self.run;
        let object = label(&new.plan.object);
        let _asking = self.asking.lock().await;
        let mut messages = Messages::new();
        messages.doubt(
            &format!("{object} was changed by somebody else meanwhile, so that something else would be done than was shown"),
            "",
        );
        for line in changed(&errand.object, &new.object) {
            messages.note(&format!("  {line}"));
        }
        run.screen.tell(&messages.into_text());
        let plans =
            kscale_rules::switch::list(vec![new.plan.clone()], Vec::new(), &self.ground.facts);
        let text = render::plan(PlanFormat::Text, &plans, run.screen.width())?;
        if is_for_people(run.output) {
            run.screen.print(&text)?;
        } else {
            run.screen.tell(&text);
        }
        let not = || {
            Error::refused(format!(
                "{object} was not changed: what would be done is not what was shown"
            ))
            .hint("look at the plan above, then give the same command again")
        };
        let blocked = !new.plan.blocked.is_empty() && !run.roll.allow_findings;
        if asked || blocked || run.change.yes {
            return Err(not());
        }
        let question = format!("{} all the same?", words::intent(&[&new.plan]));
        if confirmed(run.screen, &question).await? {
            return Ok(());
        }
        Err(Error::usage(format!(
            "{object} was not changed, as you wish"
        )))
    }

    /// No answer, or one that says no. The object tells what came of it.
    async fn after_failure(
        &self,
        errand: &Errand,
        kept: Option<&Kept>,
        failure: Failure,
    ) -> Result<Value, Failed> {
        let plan = &errand.plan;
        if !failure.why.is_passing() {
            self.forget(&errand.object, kept).await;
            return Err(not_changed(refused(self.run.cluster, plan, failure)));
        }
        let patch = edits(plan).unwrap_or_default();
        match read(self.run.cluster, &plan.object).await {
            Ok(object) if edit::holds(&object, patch) => Ok(object),
            // What took too long may come to its end yet.
            Ok(_) if failure.why == Why::Slow => Err(unknown(plan, failure)),
            Ok(object) => {
                self.forget(&object, kept).await;
                Err(not_changed(refused(self.run.cluster, plan, failure)))
            }
            Err(_) => Err(unknown(plan, failure)),
        }
    }
}

/// How it goes on after an edit was sent.
enum Next {
    /// It is as it is wished.
    Made(Value),
    /// It is to be sent again, for another version.
    Again(Box<Errand>),
}

fn unknown(plan: &Plan, failure: Failure) -> Failed {
    let what = format!("whether {} was changed is not known", label(&plan.object));
    Failed {
        what: "not known whether changed",
        error: failure
            .error(&what)
            .hint("the same command again completes it, or says how it is"),
    }
}

fn warn_unkept(work: &Work<'_>, plan: &Plan, why: &str) {
    let mut messages = Messages::new();
    messages.doubt(
        &format!(
            "undo will not know of this change of {}: {why}",
            label(&plan.object)
        ),
        &format!(
            "to go back by hand: {}",
            record::command_back(work.run.cluster, plan)
        ),
    );
    work.run.screen.tell(&messages.into_text());
}
