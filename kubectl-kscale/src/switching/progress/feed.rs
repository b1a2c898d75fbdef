//! What a workload consists of, as it changes: one watch a kind, of this workload's objects alone.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::stream::{LocalBoxStream, SelectAll, StreamExt as _, select_all, unfold};
use serde_json::Value;

use super::goal::Goal;
use super::seen::Seen;
use crate::cluster::{Cluster, Event, Failure, Watch, Why};
use crate::facts::text;
use crate::snapshot::{Place, Scope};

/// Before a list that could not be read is read again.
const AGAIN: Duration = Duration::from_secs(2);

/// What happens to the objects of one kind.
enum Change {
    /// Nothing.
    Nothing,
    /// All of them; what is not among them is gone.
    All(Vec<Value>),
    /// One is new, or changed.
    Put(Value),
    /// One is gone.
    Gone(Value),
    /// They cannot be read.
    Unread(Failure),
    /// The API server is not heard of for the moment.
    Lost(Failure),
}

/// The watches of a workload.
pub(super) struct Feed {
    changes: SelectAll<LocalBoxStream<'static, (usize, Change)>>,
    kinds: Vec<&'static str>,
    /// Kinds that were read, or that cannot be.
    known: BTreeSet<usize>,
    /// All that is seen.
    pub(super) seen: Seen,
}

/// What came in.
pub(super) enum News {
    /// Something changed.
    Changed,
    /// The API server is not heard of, and why.
    Lost(String),
    /// Nothing that matters.
    Nothing,
}

impl Feed {
    /// Begins to watch what belongs to a workload.
    pub(super) fn new(cluster: &Cluster, goal: &Goal) -> Self {
        let places = scope(goal).places();
        let kinds = places.iter().map(|place| place.kind).collect();
        let streams = places.into_iter().enumerate().map(|(number, place)| {
            let changes = changes(cluster.clone(), place);
            changes.map(move |change| (number, change)).boxed_local()
        });
        Self {
            changes: select_all(streams),
            kinds,
            known: BTreeSet::new(),
            seen: Seen::default(),
        }
    }

    /// Whether all was read once that can be.
    pub(super) fn is_complete(&self) -> bool {
        self.known.len() == self.kinds.len()
    }

    /// Waits for the next change. Dropping the future loses nothing.
    ///
    /// # Errors
    /// The API server does not know the caller any more.
    pub(super) async fn next(&mut self) -> Result<News, Failure> {
        let Some((number, change)) = self.changes.next().await else {
            return std::future::pending().await;
        };
        let kind = self.kinds.get(number).copied().unwrap_or_default();
        let name = |object: &Value| text(object, "/metadata/name").to_owned();
        match change {
            Change::Nothing => return Ok(News::Nothing),
            Change::Lost(failure) => return Ok(News::Lost(failure.message)),
            Change::Unread(failure) if failure.why == Why::Unauthorized => return Err(failure),
            // A kind that is not installed has no objects.
            Change::Unread(failure) if failure.why == Why::Absent => {
                self.known.insert(number);
            }
            Change::Unread(failure) => {
                self.known.insert(number);
                self.seen.unread.insert(kind.to_owned(), failure.message);
            }
            Change::All(objects) => {
                self.known.insert(number);
                self.seen.unread.remove(kind);
                self.seen.keep(kind, &objects.iter().map(name).collect());
                objects.into_iter().for_each(|object| self.seen.put(object));
            }
            Change::Put(object) => self.seen.put(object),
            Change::Gone(object) => self.seen.take(kind, &name(&object)),
        }
        Ok(News::Changed)
    }
}

/// What belongs to a workload.
pub(super) fn scope(goal: &Goal) -> Scope {
    let (kind, label) = if goal.kind == "InferenceService" {
        ("InferenceService", "serving.kserve.io/inferenceservice")
    } else {
        ("Service", "serving.knative.dev/service")
    };
    Scope::Labelled {
        namespace: goal.namespace.clone(),
        selector: format!("{label}={}", goal.name),
        of: (kind, goal.name.clone()),
    }
}

/// A watch, and what was listed of its objects so far.
struct Source {
    cluster: Cluster,
    /// Where the kind may be, the next one last.
    paths: Vec<String>,
    path: String,
    watch: Watch,
    listed: Vec<Value>,
    complete: bool,
    pause: bool,
}

fn changes(cluster: Cluster, place: Place) -> impl futures::Stream<Item = Change> {
    let mut paths = place.paths;
    paths.reverse();
    let path = paths.pop().unwrap_or_default();
    let source = Source {
        watch: cluster.watch(path.clone()),
        cluster,
        paths,
        path,
        listed: Vec::new(),
        complete: false,
        pause: false,
    };
    unfold(source, |mut source| async move {
        let change = source.next().await?;
        Some((change, source))
    })
}

impl Source {
    async fn next(&mut self) -> Option<Change> {
        if std::mem::take(&mut self.pause) {
            tokio::time::sleep(AGAIN).await;
        }
        if self.path.is_empty() {
            return None;
        }
        let failure = match self.watch.next().await {
            Ok(event) => return Some(self.took(event)),
            Err(failure) => failure,
        };
        let passing = failure.why.is_passing() || failure.why == Why::Gone;
        if failure.why == Why::Absent && !self.complete {
            // Of another version, or not there at all.
            self.path = self.paths.pop().unwrap_or_default();
            if self.path.is_empty() {
                return Some(Change::Unread(failure));
            }
        } else if !passing && !self.complete {
            self.path = String::new();
            return Some(Change::Unread(failure));
        } else {
            // Whoever may list and not watch is shown lists.
            self.pause = true;
        }
        self.watch = self.cluster.watch(self.path.clone());
        if failure.why == Why::Unauthorized {
            return Some(Change::Unread(failure));
        }
        Some(if passing {
            Change::Lost(failure)
        } else {
            Change::Nothing
        })
    }

    fn took(&mut self, event: Event) -> Change {
        match event {
            Event::Restarted => {
                self.listed.clear();
                Change::Nothing
            }
            Event::Listed(mut objects) => {
                self.listed.append(&mut objects);
                Change::Nothing
            }
            Event::Complete => {
                self.complete = true;
                Change::All(std::mem::take(&mut self.listed))
            }
            Event::Applied(object) => Change::Put(object),
            Event::Deleted(object) => Change::Gone(object),
            Event::Lost(failure) => Change::Lost(failure),
        }
    }
}
