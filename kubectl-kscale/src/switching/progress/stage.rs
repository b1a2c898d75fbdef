//! What has come about of a change, and what has not yet.

use std::collections::BTreeMap;

/// A part of the way from an edit to the new autoscaler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// The controller has written the change into what it makes
    Edit,
    /// The new Revision is created
    Revision,
    /// What scales is there: PodAutoscaler, ScaledObject, or no autoscaler any more
    Scaler,
    /// The HPA is there
    Hpa,
    /// The HPA reads its metric
    Active,
    /// The pods are ready
    Pods,
    /// The new Revision is ready
    Ready,
    /// Requests go to the new Revision
    Traffic,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It has come about.
    Done,
    /// It has not, and nothing depends on it any more: it is waited for a while.
    Late,
    /// It has not.
    Open,
}

/// What is said when something comes about. A line of the same key is said again only for a higher rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) rank: i64,
    pub(super) text: String,
}

impl Line {
    /// A line that is said once.
    pub(super) fn once(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            key: text.clone(),
            rank: 0,
            text,
        }
    }

    /// A line that is said again as the number grows.
    pub(super) fn counted(key: impl Into<String>, rank: i64, text: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            rank,
            text: text.into(),
        }
    }
}

/// One step of one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stage {
    pub(super) step: Step,
    pub(super) state: State,
    /// What is to be said of it so far.
    pub(super) line: Option<Line>,
    /// What is not there yet, in a sentence without a full stop; empty where it is done.
    pub(super) open: String,
}

impl Stage {
    /// One that has come about.
    pub(super) fn done(step: Step, line: impl Into<Option<Line>>) -> Self {
        Self {
            step,
            state: State::Done,
            line: line.into(),
            open: String::new(),
        }
    }

    /// One that has not.
    pub(super) fn open(step: Step, open: impl Into<String>) -> Self {
        Self {
            step,
            state: State::Open,
            line: None,
            open: open.into(),
        }
    }

    /// One that has not, and on which nothing depends.
    pub(super) fn late(step: Step, open: impl Into<String>) -> Self {
        Self {
            state: State::Late,
            ..Self::open(step, open)
        }
    }

    /// Says how far it is.
    pub(super) fn saying(self, line: Line) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }
}

/// How far a change is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Every step of every component, in the order in which they come about.
    pub(super) stages: Vec<Stage>,
}

impl Standing {
    /// Whether nothing is waited for any more.
    pub(super) fn is_done(&self) -> bool {
        self.stages.iter().all(|one| one.state == State::Done)
    }

    /// Whether all has come about on which anything depends.
    pub(super) fn is_over(&self) -> bool {
        self.stages.iter().all(|one| one.state != State::Open)
    }

    /// What is not there yet.
    pub(super) fn open(&self) -> impl Iterator<Item = &str> {
        let open = self.stages.iter().filter(|one| one.state != State::Done);
        open.map(|one| one.open.as_str())
            .filter(|text| !text.is_empty())
    }
}

/// What was said so far.
#[derive(Debug, Default)]
pub(super) struct Told {
    ranks: BTreeMap<String, i64>,
}

impl Told {
    /// The lines that are news.
    pub(super) fn news<'a>(&mut self, standing: &'a Standing) -> Vec<&'a str> {
        let mut news = Vec::new();
        for line in standing
            .stages
            .iter()
            .filter_map(|stage| stage.line.as_ref())
        {
            let known = self.ranks.get(&line.key);
            if known.is_none_or(|rank| *rank < line.rank) {
                self.ranks.insert(line.key.clone(), line.rank);
                news.push(line.text.as_str());
            }
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pods(ready: i64) -> Standing {
        let line = Line::counted("pods", ready, format!("{ready} of 4 pods"));
        Standing {
            stages: vec![
                Stage::done(Step::Revision, Line::once("created")),
                Stage::open(Step::Pods, "").saying(line),
            ],
        }
    }

    #[test]
    fn each_line_is_said_once_and_numbers_only_grow() {
        let mut told = Told::default();
        assert_eq!(told.news(&pods(1)), ["created", "1 of 4 pods"]);
        assert_eq!(told.news(&pods(1)), [""; 0]);
        assert_eq!(told.news(&pods(3)), ["3 of 4 pods"]);
        assert_eq!(told.news(&pods(2)), [""; 0]);
        assert_eq!(told.news(&pods(4)), ["4 of 4 pods"]);
    }
}
