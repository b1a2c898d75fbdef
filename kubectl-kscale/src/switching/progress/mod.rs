//! How far the new autoscaler has come.
//!
//! What belongs to the workload is watched ([`feed`]), held against what the plan is to lead to ([`goal`]), and judged step by step
//! ([`knative`], [`standard`]), without a request or a clock. Why nothing comes is told by what is observed of the workload
//! ([`diagnosis`]).

mod diagnosis;
mod feed;
mod goal;
mod hpa;
mod knative;
mod seen;
mod stage;
mod standard;
#[cfg(test)]
mod tests;
mod written;

use std::time::{Duration, Instant};

use kscale_rules::facts::{Facts, FactsSource};
use kscale_rules::switch::Plan;
use serde_json::Value;

use crate::cluster::{Cluster, Failure};
use crate::error::Error;
use crate::snapshot::{self, Wanted};
use diagnosis::Diagnosis;
use feed::{Feed, News};
use goal::{Goal, What};
use seen::Seen;
use stage::{Standing, State, Step, Told};
use written::Written;

/// How long something must have been in the way before it is believed in: as long as controllers are at work, much is missing that
/// comes a moment later.
const SETTLED: Duration = Duration::from_secs(10);

/// How long is waited for what nothing depends on, such as the first figures of new pods.
const PATIENCE: Duration = Duration::from_secs(120);

/// After a change, others are waited for: they come in swarms.
const SWARM: Duration = Duration::from_millis(100);

/// Between two looks at the clock.
const EVERY: Duration = Duration::from_secs(1);

/// How watching ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The new autoscaler scales every component that was changed; what there is to say of it, a sentence each.
    TakenOver(Vec<Note>),
    /// It does not, in time or ever.
    NotReady {
        /// Whether waiting longer may help.
        may_come: bool,
        /// Why, most important first: conditions, events and pods in their exact words.
        reasons: Vec<String>,
    },
}

/// What there is to say although the change has come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// In a sentence.
    pub(crate) text: String,
    /// Whether it is about an old revision that keeps pods for good.
    pub(crate) of_leftover: bool,
}

impl Note {
    fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            of_leftover: false,
        }
    }
}

/// Watches until the new autoscaler of `plan` has taken over. `changed` is the object as it was when the edit was made. `tell` gets a
/// line wherever something has come about: a revision is created, is ready, traffic has moved, …
pub(crate) async fn watch(
    cluster: &Cluster,
    plan: &Plan,
    changed: &Value,
    limit: Duration,
    tell: &mut dyn FnMut(&str),
) -> Result<Ended, Error> {
    let mut vigil = Vigil::begin(cluster, plan, changed, limit).await?;
    if vigil.goal.awaited.is_empty() {
        return Ok(Ended::TakenOver(stopped(&vigil.goal)));
    }
    vigil.keep(tell).await
}

/// Waits until the controller has written the change into what it makes, and no longer than `limit`. Before that, it may make again
/// what is deleted: it acts on what it has read, which may be of before the change.
pub(crate) async fn taken_in(
    cluster: &Cluster,
    plan: &Plan,
    changed: &Value,
    limit: Duration,
) -> Result<(), Error> {
    let mut vigil = Vigil::begin(cluster, plan, changed, limit).await?;
    let is_open = |one: &stage::Stage| one.step == Step::Edit && one.state == State::Open;
    loop {
        vigil.wait(&mut |_| {}).await?;
        let standing = judge(&vigil.goal, &vigil.feed.seen);
        let is_written = vigil.feed.is_complete() && !standing.stages.iter().any(is_open);
        if is_written || vigil.end.is_some_and(|end| Instant::now() >= end) {
            return Ok(());
        }
    }
}
/// How far the objects of a workload are.
fn judge(goal: &Goal, seen: &Seen) -> Standing {
    let stages = goal.awaited.iter().flat_map(|one| match &one.what {
        What::Knative(wanted) => knative::stages(goal, &one.component, wanted, seen),
        What::Standard(wanted) => standard::stages(wanted, seen),
    });
    Standing {
        stages: stages.collect(),
    }
}

/// What is to be said where nothing is waited for.
fn stopped(goal: &Goal) -> Vec<Note> {
    let each = goal.stopped.iter();
    let told =
        |name| format!("{name} is stopped: the change takes effect when it is started again");
    each.map(|name| Note::new(told(name))).collect()
}

/// What is known of the cluster. It is asked again where it does not answer for a moment.
async fn around(cluster: &Cluster, end: Option<Instant>) -> Result<Vec<Value>, Error> {
    loop {
        match snapshot::gather(cluster, &Wanted::default()).await {
            Ok(snapshot) => return Ok(snapshot.objects),
            Err(error) if end.is_some_and(|end| Instant::now() >= end) => return Err(error),
            Err(error) if error.outcome() == crate::error::Outcome::Refused => return Err(error),
            Err(_) => tokio::time::sleep(EVERY).await,
        }
    }
}

fn facts_of(objects: &[Value]) -> Facts {
    Facts::from_objects(objects, FactsSource::Cluster)
}

fn now() -> String {
    let now = jiff::Timestamp::now();
    now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// One workload that is watched.
struct Vigil<'a> {
    cluster: &'a Cluster,
    goal: Goal,
    written: Written,
    feed: Feed,
    around: Vec<Value>,
    began: Instant,
    end: Option<Instant>,
    told: Told,
    /// What is in the way, and since when.
    in_the_way: Option<(Vec<String>, Instant)>,
    /// Since when only such is missing on which nothing depends.
    over: Option<Instant>,
    lost: bool,
}

impl<'a> Vigil<'a> {
    async fn begin(
        cluster: &'a Cluster,
        plan: &Plan,
        changed: &Value,
        limit: Duration,
    ) -> Result<Self, Error> {
        let began = Instant::now();
        let end = began.checked_add(limit);
        let around = around(cluster, end).await?;
        let goal = Goal::of(plan, changed, &facts_of(&around));
        Ok(Self {
            feed: Feed::new(cluster, &goal),
            cluster,
            written: Written::of(plan, changed),
            goal,
            around,
            began,
            end,
            told: Told::default(),
            in_the_way: None,
            over: None,
            lost: false,
        })
    }

    async fn keep(&mut self, tell: &mut dyn FnMut(&str)) -> Result<Ended, Error> {
        loop {
            self.wait(tell).await?;
            let is_late = self.end.is_some_and(|end| Instant::now() >= end);
            if !self.feed.is_complete() {
                // However little time was given, once it is looked.
                if is_late && self.began.elapsed() >= SETTLED {
                    return Ok(self.unheard());
                }
                continue;
            }
            if let Some(why) = self.written.undone(&self.goal, &self.feed.seen) {
                return Ok(Ended::NotReady {
                    may_come: false,
                    reasons: vec![why],
                });
            }
            let standing = judge(&self.goal, &self.feed.seen);
            self.told.news(&standing).into_iter().for_each(&mut *tell);
            if let Some(ended) = self.ended(&standing, is_late).await? {
                return Ok(ended);
            }
        }
    }

    /// Waits for changes, or for the clock.
    async fn wait(&mut self, tell: &mut dyn FnMut(&str)) -> Result<(), Error> {
        let left = self.end.map_or(EVERY, |end| {
            end.saturating_duration_since(Instant::now()).min(EVERY)
        });
        // Time that is up is no reason not to look at all.
        let left = if self.feed.is_complete() { left } else { EVERY };
        let began = Instant::now();
        let mut pause = left;
        while let Ok(news) = tokio::time::timeout(pause, self.feed.next()).await {
            match news.map_err(|failure: Failure| {
                failure.error("it was changed, and cannot be watched")
            })? {
                News::Changed => {
                    self.lost = false;
                    pause = SWARM.min(left);
                }
                News::Lost(why) if !self.lost => {
                    self.lost = true;
                    tell(&format!(
                        "the API server is not heard of, and watching goes on: {why}"
                    ));
                }
                News::Lost(_) | News::Nothing => {}
            }
            // A swarm without an end is looked at, too.
            let is_late = self.end.is_some_and(|end| Instant::now() >= end);
            if self.feed.is_complete() && (is_late || began.elapsed() >= EVERY) {
                break;
            }
        }
        Ok(())
    }

    /// How it ends, if it does.
    async fn ended(&mut self, standing: &Standing, is_late: bool) -> Result<Option<Ended>, Error> {
        if standing.is_over() {
            let since = *self.over.get_or_insert_with(Instant::now);
            let enough = standing.is_done() || is_late || since.elapsed() >= PATIENCE;
            if !enough {
                return Ok(None);
            }
            let (diagnosis, _) = self.closely().await;
            return Ok(Some(Ended::TakenOver(diagnosis.notes(standing))));
        }
        self.over = None;
        if !is_late && !self.is_stuck() {
            return Ok(None);
        }
        let (diagnosis, seen) = self.closely().await;
        let may_come = diagnosis.lasting().is_empty();
        // Somebody mended it just now.
        if may_come && !is_late {
            self.around = seen;
            self.in_the_way = None;
            return Ok(None);
        }
        Ok(Some(Ended::NotReady {
            may_come,
            reasons: diagnosis.reasons(&self.goal, standing),
        }))
    }

    /// Whether the same has been in the way for a while.
    fn is_stuck(&mut self) -> bool {
        let facts = facts_of(&self.around);
        let diagnosis = Diagnosis::of(&self.goal, &self.feed.seen, &self.around, &facts, &now());
        let lasting = diagnosis.lasting();
        if lasting.is_empty() {
            self.in_the_way = None;
            return false;
        }
        match &self.in_the_way {
            Some((known, since)) if *known == lasting => since.elapsed() >= SETTLED,
            _ => {
                self.in_the_way = Some((lasting, Instant::now()));
                false
            }
        }
    }

    /// What is going on, events and the rest of the cluster read anew.
    async fn closely(&self) -> (Diagnosis, Vec<Value>) {
        let wanted = Wanted {
            scope: feed::scope(&self.goal),
            health: false,
        };
        let around = match snapshot::gather(self.cluster, &wanted).await {
            Ok(snapshot) => snapshot.objects,
            Err(_) => self.around.clone(),
        };
        let facts = facts_of(&around);
        let diagnosis = Diagnosis::of(&self.goal, &self.feed.seen, &around, &facts, &now());
        (diagnosis, around)
    }

    /// That nothing was heard of it at all.
    fn unheard(&self) -> Ended {
        Ended::NotReady {
            may_come: true,
            reasons: vec![format!(
                "{} did not answer, so how far it is is not known",
                self.cluster.server()
            )],
        }
    }
}
