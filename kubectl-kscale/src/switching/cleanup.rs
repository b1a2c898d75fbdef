//! Old revisions of the HPA class that get no traffic: each keeps a pod for good.

mod unused;

use futures::future::try_join_all;
use serde_json::Value;

use super::address;
use crate::cluster::{Cascade, Cluster, Failure, Persist, Why};
use crate::facts::text;
use unused::{Users, is_unused, label};

const OF_KSERVE: &str = "serving.kserve.io/inferenceservice";
const OF_SERVICE: &str = "serving.knative.dev/service";

/// How often a revision is looked at again that somebody writes just now.
const LOOKS: usize = 5;

/// An old revision that nothing needs.
#[derive(Clone, Debug)]
pub(crate) struct Idle {
    /// The Revision.
    pub(crate) revision: Value,
    /// How many pods it keeps.
    pub(crate) pods: i64,
}

/// The Revisions of the HPA class that belong to `object` and are neither routed, nor tagged, nor the latest that was created or is
/// ready. What cannot be told from what can be read is an error: nothing is deleted on a guess.
pub(crate) async fn idle(cluster: &Cluster, object: &Value) -> Result<Vec<Idle>, Failure> {
    let namespace = text(object, "/metadata/namespace");
    let name = text(object, "/metadata/name");
    let of = if text(object, "/kind") == "InferenceService" {
        OF_KSERVE
    } else {
        OF_SERVICE
    };
    let in_group = |api: &str, collection: &str| {
        format!("/apis/{api}/namespaces/{namespace}/{collection}?labelSelector={of}%3D{name}")
    };
    let knative = |collection: &str| in_group("serving.knative.dev/v1", collection);
    let asked = [
        knative("services"),
        knative("routes"),
        knative("revisions"),
        in_group("apps/v1", "deployments"),
    ];
    let answers = asked.iter().map(|path| all(cluster, path));
    let mut answers = try_join_all(answers).await?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let (mut services, routes, revisions, deployments) = (next(), next(), next(), next());
    let path = address::path(
        text(object, "/apiVersion"),
        text(object, "/kind"),
        namespace,
        name,
    );
    // As it is now, not as it was before it was changed.
    let object = match path {
        Some(path) => cluster.get(&path).await?,
        None => object.clone(),
    };
    let inference_service = (of == OF_KSERVE).then_some(&object);
    if inference_service.is_none() {
        services = vec![object.clone()];
    }
    let users = |service| Users {
        service,
        routes: &routes,
        inference_service,
    };
    let mut idle = Vec::new();
    for revision in revisions {
        let owner = label(&revision, OF_SERVICE).unwrap_or_default();
        let service = services
            .iter()
            .find(|one| text(one, "/metadata/name") == owner);
        if service.is_some_and(|service| is_unused(&revision, &users(service))) {
            let pods = unused::pods(&revision, &deployments);
            idle.push(Idle { revision, pods });
        }
    }
    Ok(idle)
}

/// Deletes one, unless it has come into use since.
pub(crate) async fn delete(
    cluster: &Cluster,
    idle: &Idle,
    persist: Persist,
) -> Result<(), Failure> {
    let listed = &idle.revision;
    let (namespace, name) = (
        text(listed, "/metadata/namespace"),
        text(listed, "/metadata/name"),
    );
    let path = format!("/apis/serving.knative.dev/v1/namespaces/{namespace}/revisions/{name}");
    let mut looks = 0;
    loop {
        let revision = match cluster.get(&path).await {
            Ok(revision) => revision,
            Err(failure) if failure.why == Why::Absent => return Ok(()),
            Err(failure) => return Err(failure),
        };
        if text(&revision, "/metadata/uid") != text(listed, "/metadata/uid") {
            // It is gone, and another one has its name.
            return Ok(());
        }
        if !still_unused(cluster, namespace, &revision).await? {
            let message = format!("{name} is in use again, and was left alone");
            return Err(Failure::new(Why::Conflict, message));
        }
        looks += 1;
        let deleted = cluster
            .delete_unchanged(&path, &revision, Cascade::Background, persist)
            .await;
        match deleted {
            Ok(_) => return Ok(()),
            // Its status is written now and then, and its labels when it is routed: it is looked at again.
            Err(failure) if failure.why == Why::Conflict && looks < LOOKS => {}
            Err(failure) => return Err(failure),
        }
    }
}

/// Whether nothing needs it now.
async fn still_unused(
    cluster: &Cluster,
    namespace: &str,
    revision: &Value,
) -> Result<bool, Failure> {
    let at = |api: &str, collection: &str, name: &str| {
        format!("/apis/{api}/namespaces/{namespace}/{collection}/{name}")
    };
    let knative = "serving.knative.dev/v1";
    let Some(service) = label(revision, OF_SERVICE) else {
        return Ok(false);
    };
    let routes = format!(
        "/apis/{knative}/namespaces/{namespace}/routes?labelSelector={OF_SERVICE}%3D{service}"
    );
    let routes = all(cluster, &routes).await?;
    let service = cluster.get(&at(knative, "services", service)).await?;
    let inference_service = match label(revision, OF_KSERVE) {
        Some(name) => {
            let path = at("serving.kserve.io/v1beta1", "inferenceservices", name);
            Some(cluster.get(&path).await?)
        }
        None => None,
    };
    let users = Users {
        service: &service,
        routes: &routes,
        inference_service: inference_service.as_ref(),
    };
    Ok(is_unused(revision, &users))
}

/// A list; an API that is not installed has none.
async fn all(cluster: &Cluster, path: &str) -> Result<Vec<Value>, Failure> {
    let mut objects = Vec::new();
    match cluster.list(path, |object| objects.push(object)).await {
        Err(failure) if failure.why != Why::Absent => Err(failure),
        _ => Ok(objects),
    }
}
