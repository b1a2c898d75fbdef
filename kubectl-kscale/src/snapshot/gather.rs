//! A snapshot of a live cluster.

use std::collections::HashSet;

use futures::StreamExt as _;
use serde_json::Value;

use super::about::{About, Absent};
use super::request::Request;
use super::wanted::{self, Wanted, named};
use super::{Snapshot, trim};
use crate::cluster::{Cluster, Failure, Why};
use crate::error::Error;
use crate::facts::text;

/// The Deployment of Knative's HPA extension.
const EXTENSION: &str = "autoscaler-hpa";

/// Requests at a time: more only wait for each other in the API server.
const AT_ONCE: usize = 24;

/// Manifests beyond this are judged without their state before: a request each would take longer than anybody waits.
const MOST: usize = 1000;

/// Asks for everything at once, each once. What the caller may not read is noted, and assumed later; a cluster that does not
/// answer, or that does not know the caller, is an error.
pub(crate) async fn gather(cluster: &Cluster, wanted: &Wanted) -> Result<Snapshot, Error> {
    let mut about = About {
        taken_at: jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
        namespaces: wanted.namespaces(),
        ..About::default()
    };
    let mut objects = vec![Value::Null];
    let answers = answers(cluster, wanted.requests()).await;
    let is_silent = answers.iter().all(|(_, answer)| is(answer, &[Why::Slow]));
    for (request, answer) in answers {
        if let Err(failure) = &answer
            && (is_silent || is(&answer, &[Why::Unreachable, Why::Unauthorized]))
        {
            return Err(cluster.unusable(failure));
        }
        request.take(answer, &mut about, &mut objects);
    }
    each_once(&mut objects);
    // The list of its neighbours was read, so it is known not to be among them.
    let of_extension = |object: &Value| text(object, "/metadata/name") == EXTENSION;
    let read = !about
        .unread
        .iter()
        .any(|one| one.what == wanted::DEPLOYMENTS);
    if read && !objects.iter().any(of_extension) {
        about.absent.push(Absent {
            kind: "Deployment".to_owned(),
            namespace: "knative-serving".to_owned(),
            name: EXTENSION.to_owned(),
        });
    }
    objects.iter_mut().for_each(trim::object);
    objects[0] = about.document();
    Ok(Snapshot {
        objects,
        unread: about.unread,
        live: true,
    })
}

/// What is in the cluster under the names of `manifests`: the state before they are applied. `namespace` is that of those
/// which name none. What is not there, or may not be read, is left out. Nothing is trimmed: every field is compared.
pub(crate) async fn before(cluster: &Cluster, manifests: &[&Value], namespace: &str) -> Vec<Value> {
    let requests = manifests.iter().filter_map(|object| {
        let own = text(object, "/metadata/namespace");
        let namespace = if own.is_empty() { namespace } else { own };
        named(object, namespace)
    });
    let answers = answers(cluster, requests.take(MOST).collect()).await;
    let found = answers.into_iter().filter_map(|(_, answer)| answer.ok());
    found.flatten().collect()
}

fn is(answer: &Result<Vec<Value>, Failure>, whys: &[Why]) -> bool {
    matches!(answer, Err(failure) if whys.contains(&failure.why))
}

/// What belongs to Knative itself is read for the facts, and once more among all there is.
fn each_once(objects: &mut Vec<Value>) {
    let mut seen = HashSet::new();
    objects.retain(|object| {
        let part = |pointer: &str| text(object, pointer).to_owned();
        let group = part("/apiVersion");
        let group = group
            .split_once('/')
            .map_or("", |(group, _)| group)
            .to_owned();
        let key = ["/kind", "/metadata/namespace", "/metadata/name"].map(part);
        object.is_null() || seen.insert((group, key))
    });
}

type Answer = (Request, Result<Vec<Value>, Failure>);

/// The answers, in the order of the requests.
async fn answers(cluster: &Cluster, requests: Vec<Request>) -> Vec<Answer> {
    let each = requests.into_iter().map(|request| async move {
        let answer = request.send(cluster).await;
        (request, answer)
    });
    futures::stream::iter(each)
        .buffered(AT_ONCE)
        .collect()
        .await
}
