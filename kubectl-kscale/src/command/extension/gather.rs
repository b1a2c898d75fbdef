//! Everything that decides on the extension, read from a cluster in one go.

use futures::future::join_all;
use serde_json::{Value, json};

use super::sight::{Sight, label, label_of_all};
use super::users;
use crate::cluster::{Cluster, Failure, Why};
use crate::error::Error;
use crate::release::NAME;
use crate::snapshot::{Snapshot, Unread};

/// Without these the extension ends or does nothing; the first says that Knative is there.
pub(in crate::command) const CRDS: [&str; 4] = [
    "services.serving.knative.dev",
    "podautoscalers.autoscaling.internal.knative.dev",
    "metrics.autoscaling.internal.knative.dev",
    "serverlessservices.networking.internal.knative.dev",
];

/// The APIService of CPU and memory.
pub(in crate::command) const METRICS: &str = "v1beta1.metrics.k8s.io";

/// Something to read: one object, or all of a kind.
struct Wanted {
    what: String,
    kind: &'static str,
    path: String,
    how: How,
}

#[derive(Clone, Copy)]
enum How {
    Whole,
    Metadata,
    List,
}

/// Reads it. What may not be read is unread; an API server that cannot be talked to is an error.
pub(in crate::command) async fn gather(cluster: &Cluster, namespace: &str) -> Result<Sight, Error> {
    let wanted = wanted(namespace);
    let (server, read, autoscalers) = futures::join!(
        server(cluster),
        join_all(wanted.iter().map(|one| one.read(cluster))),
        users::gather(cluster),
    );
    let mut snapshot = Snapshot {
        live: true,
        objects: Vec::new(),
        unread: Vec::new(),
    };
    let mut all = vec![("what the API server says of itself".to_owned(), server)];
    all.extend(wanted.into_iter().map(|one| one.what).zip(read));
    all.push((label_of_all("PodAutoscaler", ""), autoscalers));
    for (what, read) in all {
        match read {
            Ok(objects) => snapshot.objects.extend(objects),
            Err(failure) if failure.why == Why::Absent => {}
            Err(failure) if failure.why == Why::Unauthorized => {
                return Err(cluster.unusable(&failure));
            }
            Err(failure) if is_of_the_cluster(failure.why) => {
                return Err(failure.error(&format!("{} cannot be asked", cluster.server())));
            }
            Err(failure) => snapshot.unread.push(Unread {
                what,
                why: failure.message,
            }),
        }
    }
    Ok(Sight {
        snapshot,
        namespace: namespace.to_owned(),
    })
}

/// Whether everything else would fail, too.
fn is_of_the_cluster(why: Why) -> bool {
    matches!(why, Why::Unreachable | Why::Nonsense)
}

fn wanted(namespace: &str) -> Vec<Wanted> {
    let core = format!("/api/v1/namespaces/{namespace}");
    let one = |kind, namespace: &str, name: &str, path: String, how| Wanted {
        what: label(kind, namespace, name),
        kind,
        path,
        how,
    };
    let list = |kind, namespace: &str, path: String| Wanted {
        what: label_of_all(kind, namespace),
        kind,
        path,
        how: How::List,
    };
    let account = format!("{core}/serviceaccounts/controller");
    let service = format!("{core}/services/{NAME}");
    let deployments = format!("/apis/apps/v1/namespaces/{namespace}/deployments");
    let metrics = format!("/apis/apiregistration.k8s.io/v1/apiservices/{METRICS}");
    let operators = "/apis/operator.knative.dev/v1beta1/knativeservings".to_owned();
    let mut wanted = vec![
        one("Namespace", "", namespace, core.clone(), How::Whole),
        one(
            "ServiceAccount",
            namespace,
            "controller",
            account,
            How::Whole,
        ),
        one("Service", namespace, NAME, service, How::Whole),
        one("APIService", "", METRICS, metrics, How::Whole),
        list("Deployment", namespace, deployments),
        list("ConfigMap", namespace, format!("{core}/configmaps")),
        list("KnativeServing", "", operators),
    ];
    wanted.extend(CRDS.map(|name| {
        let path = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}");
        one("CustomResourceDefinition", "", name, path, How::Metadata)
    }));
    wanted
}

impl Wanted {
    async fn read(&self, cluster: &Cluster) -> Result<Vec<Value>, Failure> {
        match self.how {
            How::Whole => Ok(vec![cluster.get(&self.path).await?]),
            How::Metadata => {
                let mut object = cluster.get_metadata(&self.path).await?;
                // What is asked for by its metadata does not say of what it is.
                object["apiVersion"] = "apiextensions.k8s.io/v1".into();
                object["kind"] = self.kind.into();
                Ok(vec![object])
            }
            How::List => {
                let mut objects = Vec::new();
                cluster
                    .list(&self.path, |object| objects.push(object))
                    .await?;
                Ok(objects)
            }
        }
    }
}

/// The version of the API server and the APIs that it has, as a snapshot tells them.
async fn server(cluster: &Cluster) -> Result<Vec<Value>, Failure> {
    let (version, groups) = futures::join!(cluster.get("/version"), cluster.get("/apis"));
    let versions = |group: &Value| -> Vec<Value> {
        let all = group.get("versions").and_then(Value::as_array);
        let names = all
            .into_iter()
            .flatten()
            .filter_map(|one| one.get("version"));
        names.cloned().collect()
    };
    let groups = groups?;
    let groups = groups.get("groups").and_then(Value::as_array);
    let groups: Vec<Value> = groups
        .into_iter()
        .flatten()
        .map(|group| json!({"name": group.get("name"), "versions": versions(group)}))
        .collect();
    Ok(vec![json!({
        "apiVersion": "kscale.dev/v1alpha1",
        "kind": "Snapshot",
        "serverVersion": version?,
        "groups": groups,
    })])
}
