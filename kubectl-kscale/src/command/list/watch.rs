//! `list -w`: after the list, each line that changes.

mod board;

use std::io;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::{LocalBoxStream, SelectAll, unfold};

use super::live::Live;
use super::shown::Shown;
use crate::cli;
use crate::cluster::{Event, Failure, Watch, Why};
use crate::error::{Error, Outcome};
use crate::list::{Row, WorkloadList};
use crate::render::{Messages, Screen};
use crate::selection::WorkloadKind;
use crate::snapshot::Scope;
use board::Board;

/// What is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// A kind of workload
    Workloads(WorkloadKind),
    /// What tells how many pods there are
    Counts,
    /// What facts are told by
    Facts,
}

type Heard = (Of, Result<Event, Failure>);

/// A change of facts seldom comes alone: an upgrade writes dozens of objects.
const SETTLING: Duration = Duration::from_millis(500);

/// Ends when nobody reads any more, or when the cluster refuses.
pub(super) async fn run(arguments: &cli::List, screen: Screen) -> Result<Outcome, Error> {
    let mut live = Live::new(arguments).await?;
    let all = matches!(live.selection.scope(), Scope::All);
    let mut printer = Printer {
        shown: Shown::new(arguments, all),
        screen,
        begun: false,
        lost: false,
    };
    let mut board = Board::default();
    loop {
        if watch(&live, &mut board, &mut printer).await? == Ending::NobodyReads {
            return Ok(Outcome::Clean);
        }
        tokio::time::sleep(SETTLING).await;
        live = Live::new(arguments).await?;
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Ending {
    NobodyReads,
    FactsChanged,
}

/// Watches everything under the same facts.
async fn watch(live: &Live, board: &mut Board, printer: &mut Printer) -> Result<Ending, Error> {
    let mut streams = streams(live);
    // Until everything was read once, nothing is printed: half of a list is none.
    let mut open = streams.len();
    let mut facts_read = 0;
    board.restart();
    while let Some((of, heard)) = streams.next().await {
        printer.heard(live, &heard);
        match (of, heard) {
            (_, Ok(Event::Lost(_))) => {}
            (Of::Facts, Ok(Event::Complete)) => {
                facts_read += 1;
                open = open.saturating_sub(1);
            }
            (Of::Facts, Ok(Event::Applied(_) | Event::Deleted(_))) if facts_read > 0 => {
                return Ok(Ending::FactsChanged);
            }
            (Of::Facts, Ok(_)) => {}
            (of, Ok(Event::Complete)) => {
                if let Of::Workloads(kind) = of {
                    board.complete(kind);
                }
                open = open.saturating_sub(1);
            }
            (Of::Workloads(kind), Ok(event)) => board.workloads(live, kind, event),
            (Of::Counts, Ok(event)) => board.counts(event),
            (Of::Workloads(kind), Err(failure)) if failure.why != Why::Absent => {
                return Err(live.failed(kind, failure));
            }
            // What is not there, or may not be read, tells nothing.
            (_, Err(_)) => open = open.saturating_sub(1),
        }
        if open == 0 && !printer.show(live, board)? {
            return Ok(Ending::NobodyReads);
        }
    }
    Err(Error::cluster("there is nothing left to watch"))
}

fn streams(live: &Live) -> SelectAll<LocalBoxStream<'static, Heard>> {
    let kinds = live.selection.kinds().into_iter();
    let workloads = kinds.map(|kind| (Of::Workloads(kind), live.path(kind)));
    let counts = live.counted().map(|path| (Of::Counts, path));
    let facts = [
        "/api/v1/namespaces/knative-serving/configmaps",
        "/apis/apps/v1/namespaces/knative-serving/deployments?labelSelector=autoscaling.knative.dev/autoscaler-provider",
        "/api/v1/namespaces/kserve/configmaps?fieldSelector=metadata.name=inferenceservice-config",
    ];
    let facts = facts.map(|path| (Of::Facts, path.to_owned()));
    let all = workloads.chain(counts).chain(facts);
    all.map(|(of, path)| stream(of, live.cluster.watch(path)))
        .collect()
}

/// The events of one list, until it fails for good.
fn stream(of: Of, watch: Watch) -> LocalBoxStream<'static, Heard> {
    let next = move |watch: Option<Watch>| async move {
        let mut watch = watch?;
        let heard = watch.next().await;
        let goes_on = heard.is_ok();
        Some(((of, heard), goes_on.then_some(watch)))
    };
    unfold(Some(watch), next).boxed_local()
}

/// Where rows go.
struct Printer {
    shown: Shown,
    screen: Screen,
    begun: bool,
    /// Whether the API server is not heard of, and this was said.
    lost: bool,
}

impl Printer {
    /// Prints what is new since the last time; whether anybody reads.
    fn show(&mut self, live: &Live, board: &mut Board) -> Result<bool, Error> {
        let changed: Vec<Row> = board.changed();
        let text = if self.begun {
            self.shown.more(&changed)?
        } else {
            self.begun = true;
            self.shown.first(&WorkloadList::new(changed, &live.facts))?
        };
        if text.is_empty() {
            return Ok(true);
        }
        match self.screen.print(&text) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            other => Ok(other.map(|()| true)?),
        }
    }

    /// Says once that the API server is not heard of, until it is again.
    fn heard(&mut self, live: &Live, heard: &Result<Event, Failure>) {
        let Ok(Event::Lost(failure)) = heard else {
            self.lost = false;
            return;
        };
        if std::mem::replace(&mut self.lost, true) {
            return;
        }
        let mut messages = Messages::new();
        let server = live.cluster.server();
        let what = format!("{server} is not heard of: {}", failure.message);
        messages.doubt(&what, "it is asked again; Ctrl-C ends this");
        self.screen.tell(&messages.into_text());
    }
}
