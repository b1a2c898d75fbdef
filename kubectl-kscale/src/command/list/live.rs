//! The list of a live cluster. Workloads come page by page, and only their rows are kept: ten thousand of them fit
//! into memory many times over.

use std::cell::RefCell;

use futures::future::join_all;
use futures::{StreamExt as _, join};
use kscale_rules::facts::Facts;
use kube::api::ListParams;
use serde_json::Value;

use super::{filter, select};
use crate::cli;
use crate::cluster::{Cluster, Failure, Why};
use crate::error::Error;
use crate::facts;
use crate::list::{Filter, Now, Row, WorkloadList, rows};
use crate::selection::{Selection, WorkloadKind};
use crate::snapshot::{Unread, Wanted, gather};

/// Of revisions that nobody acts on.
const MOST_LOOKED_UP: usize = 500;

/// Everything that a list of a live cluster needs.
pub(super) struct Live {
    pub(super) cluster: Cluster,
    pub(super) selection: Selection,
    pub(super) facts: Facts,
    pub(super) filter: Filter,
    pub(super) unread: Vec<Unread>,
}

/// The list, once.
pub(super) async fn list(
    arguments: &cli::List,
) -> Result<(Selection, WorkloadList, Vec<Unread>), Error> {
    let live = Live::new(arguments).await?;
    let (mut all, now) = live.rows().await?;
    all.iter_mut().for_each(|row| row.count(&now));
    let list = WorkloadList::new(all, &live.facts);
    Ok((live.selection, list, live.unread))
}

impl Live {
    /// Asks for the facts, each once.
    pub(super) async fn new(arguments: &cli::List) -> Result<Self, Error> {
        let cluster = Cluster::connect(&arguments.cluster).await?;
        let selection = select(arguments, cluster.namespace())?;
        let snapshot = gather(&cluster, &Wanted::default()).await?;
        let facts = facts::gather(&arguments.facts, &snapshot, &[]);
        Ok(Self {
            cluster,
            selection,
            facts,
            filter: filter(arguments),
            unread: snapshot.unread,
        })
    }

    /// The rows in the order of the API server, and what tells how many pods there are.
    pub(super) async fn rows(&self) -> Result<(Vec<Row>, Now), Error> {
        let now = RefCell::new(Now::default());
        let counts = self.counted().into_iter().map(|path| {
            let now = &now;
            async move {
                let counted = self.cluster.list(&path, |object| {
                    now.borrow_mut().add(&object);
                });
                // How many pods there are is then unknown, and the rest of the list is none the worse.
                let _unknown = counted.await;
            }
        });
        let kinds = self.selection.kinds().into_iter();
        let workloads = kinds.map(|kind| async move {
            let mut all = Vec::new();
            let path = self.path(kind);
            let each = |object: Value| {
                if self.selection.selects(&object) {
                    all.extend(rows(&object, &self.facts, &self.filter));
                }
            };
            match self.cluster.list(&path, each).await {
                Ok(()) => Ok(all),
                // What is not installed has no objects.
                Err(Failure {
                    why: Why::Absent, ..
                }) => Ok(all),
                Err(failure) => Err(self.failed(kind, failure)),
            }
        });
        // Of several that fail the first in order is told, whichever was answered first.
        let (rows, _) = join!(join_all(workloads), join_all(counts));
        let rows = rows.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut now = now.into_inner();
        self.look_up(&mut now).await;
        Ok((rows.concat(), now))
    }

    /// The Deployments of revisions whose PodAutoscalers tell nothing, one by one: there are few, or the list has another
    /// trouble to tell of.
    async fn look_up(&self, now: &mut Now) {
        let silent = now.untold().into_iter().take(MOST_LOOKED_UP);
        let paths = silent.map(|(namespace, name)| {
            format!("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
        });
        let answers = paths.map(|path| async move { self.cluster.get(&path).await });
        let answers: Vec<_> = futures::stream::iter(answers).buffered(16).collect().await;
        for deployment in answers.into_iter().flatten() {
            now.add(&deployment);
        }
    }

    /// That workloads of a kind cannot be listed.
    pub(super) fn failed(&self, kind: WorkloadKind, failure: Failure) -> Error {
        if matches!(failure.why, Why::Unreachable | Why::Unauthorized) {
            return self.cluster.unusable(&failure);
        }
        failure.error(&format!("{}s cannot be listed", kind.name()))
    }

    /// Where a kind of workload is listed, as far as the API server can tell what is meant.
    pub(super) fn path(&self, kind: WorkloadKind) -> String {
        let mut labels = self.selection.labels();
        if kind == WorkloadKind::KnativeService && self.selection.leaves_out_what_kserve_made() {
            for label in ["inferenceservice", "inferencegraph"] {
                if !labels.is_empty() {
                    labels.push(',');
                }
                labels.push_str(&format!("!serving.kserve.io/{label}"));
            }
        }
        listed(&kind.collection(self.selection.namespace()), &labels)
    }

    /// Where what tells the numbers of pods is listed: the Deployments of Knative's revisions are left out, since their
    /// PodAutoscalers tell the same in a quarter of the bytes.
    pub(super) fn counted(&self) -> [String; 2] {
        let place = match self.selection.namespace() {
            Some(namespace) => format!("namespaces/{namespace}/"),
            None => String::new(),
        };
        let scalers =
            format!("/apis/autoscaling.internal.knative.dev/v1alpha1/{place}podautoscalers");
        let deployments = format!("/apis/apps/v1/{place}deployments");
        let of_kserve = "serving.kserve.io/inferenceservice,!serving.knative.dev/revision";
        [scalers, listed(&deployments, of_kserve)]
    }
}

/// A collection, of what carries labels; the selector is encoded as a URL wants it.
fn listed(collection: &str, labels: &str) -> String {
    if labels.is_empty() {
        return collection.to_owned();
    }
    let parameters = ListParams::default().labels(labels);
    let request = kube::core::Request::new(collection).list(&parameters);
    request.map_or_else(
        |_| collection.to_owned(),
        |request| request.uri().to_string(),
    )
}
