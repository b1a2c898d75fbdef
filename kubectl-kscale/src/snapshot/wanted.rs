//! What is asked of a cluster: the one list of what facts are told by, and of what belongs to workloads.

use serde_json::Value;

use super::is_of_kind;
use super::request::Request;
use crate::facts::text;

/// What to gather.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The workloads, with everything that belongs to them.
    pub(crate) scope: Scope,
    /// Whether what `check` looks at beside is wanted, too: in a snapshot, which `check` reads as well.
    pub(crate) health: bool,
}

/// Which workloads.
#[derive(Clone, Debug, Default)]
pub(crate) enum Scope {
    /// None: facts alone.
    #[default]
    Facts,
    /// What carries a label, in one namespace: one workload with its children.
    Labelled {
        /// The namespace.
        namespace: String,
        /// A label selector, such as `serving.kserve.io/inferenceservice=bert`.
        selector: String,
        /// The collection and the name of the workload itself, which does not carry the label.
        of: (&'static str, String),
    },
    /// All of some namespaces.
    Namespaces(Vec<String>),
    /// All there are.
    All,
    /// Of some namespace, or of all, what tells who is scaled by what, and nothing below that: neither Pods nor Revisions.
    Scaled(Option<String>),
}

/// Where the objects of a kind are listed.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The kind.
    pub(crate) kind: &'static str,
    /// Paths of collections, asked one after the other until one is there.
    pub(crate) paths: Vec<String>,
}

const INFERENCE_SERVICES: &str = "/apis/serving.kserve.io/v1beta1/{ns}inferenceservices";
const INFERENCE_GRAPHS: &str = "/apis/serving.kserve.io/v1alpha1/{ns}inferencegraphs";
const KNATIVE_SERVICES: &str = "/apis/serving.knative.dev/v1/{ns}services";

/// The collection of a kind of workload, by its kind; `{ns}` is where the namespace goes.
fn collection(kind: &str) -> Option<(&'static str, &'static str)> {
    match kind {
        "InferenceService" => Some(("InferenceService", INFERENCE_SERVICES)),
        "InferenceGraph" => Some(("InferenceGraph", INFERENCE_GRAPHS)),
        "Service" => Some(("Service", KNATIVE_SERVICES)),
        _ => None,
    }
}

/// The kinds of workloads, and what controllers make for them. Where an API has several versions, the newer is asked first.
const WORKLOADS: &[(&str, &[&str])] = &[
    ("InferenceService", &[INFERENCE_SERVICES]),
    ("InferenceGraph", &[INFERENCE_GRAPHS]),
    ("Service", &[KNATIVE_SERVICES]),
    ("Revision", &["/apis/serving.knative.dev/v1/{ns}revisions"]),
    (
        "PodAutoscaler",
        &["/apis/autoscaling.internal.knative.dev/v1alpha1/{ns}podautoscalers"],
    ),
    (
        "Metric",
        &["/apis/autoscaling.internal.knative.dev/v1alpha1/{ns}metrics"],
    ),
    (
        "HorizontalPodAutoscaler",
        &[
            "/apis/autoscaling/v2/{ns}horizontalpodautoscalers",
            "/apis/autoscaling/v2beta2/{ns}horizontalpodautoscalers",
        ],
    ),
    (
        "ScaledObject",
        &["/apis/keda.sh/v1alpha1/{ns}scaledobjects"],
    ),
    ("Deployment", &["/apis/apps/v1/{ns}deployments"]),
    ("Pod", &["/api/v1/{ns}pods"]),
];

/// Of these, what [`Scope::Scaled`] wants.
const SCALED: [&str; 4] = [
    "InferenceService",
    "PodAutoscaler",
    "HorizontalPodAutoscaler",
    "ScaledObject",
];

/// Events carry no labels, so that those of a whole namespace are asked for. What is normal is no cause of anything.
const EVENTS: (&str, &[&str]) = ("Event", &["/api/v1/{ns}events?fieldSelector=type!=Normal"]);

/// Runtimes of namespaces: facts, and asked for where workloads are.
const RUNTIMES: (&str, &[&str]) = (
    "ServingRuntime",
    &["/apis/serving.kserve.io/v1alpha1/{ns}servingruntimes"],
);

const CONFIG_MAPS: [&str; 4] = [
    "config-autoscaler",
    "config-defaults",
    "config-deployment",
    "config-features",
];

const DEFINITIONS: [&str; 5] = [
    "services.serving.knative.dev",
    "podautoscalers.autoscaling.internal.knative.dev",
    "scaledobjects.keda.sh",
    "clusteradmissionpolicies.policies.kubewarden.io",
    "knativeservings.operator.knative.dev",
];

const API_SERVICES: [&str; 3] = [
    "v1beta1.metrics.k8s.io",
    "v1beta1.custom.metrics.k8s.io",
    "v1beta2.custom.metrics.k8s.io",
];

impl Wanted {
    /// All requests, in the order in which a snapshot has the answers.
    pub(super) fn requests(&self) -> Vec<Request> {
        let mut requests = facts();
        if self.health {
            requests.extend(health());
        }
        requests.extend(runtimes(&self.scope));
        requests.extend(workloads(&self.scope));
        requests
    }

    /// The namespaces whose workloads are read; none means all of them.
    pub(super) fn namespaces(&self) -> Option<Vec<String>> {
        match &self.scope {
            Scope::Facts => Some(Vec::new()),
            Scope::Labelled { namespace, .. } => Some(vec![namespace.clone()]),
            Scope::Namespaces(names) => Some(names.clone()),
            Scope::All => None,
            Scope::Scaled(namespace) => namespace.as_ref().map(|one| vec![one.clone()]),
        }
    }
}

const KSERVE_DEFINITION: &str = "inferenceservices.serving.kserve.io";

/// The Deployments of Knative, in words.
pub(super) const DEPLOYMENTS: &str = "Deployments of knative-serving";

/// What facts are told by.
fn facts() -> Vec<Request> {
    const KNATIVE: &str = "knative-serving";
    let mut requests = vec![
        Request::version(),
        Request::groups(),
        Request::object(
            "Namespace",
            "",
            KNATIVE,
            &["/api/v1/namespaces/knative-serving"],
        ),
    ];
    requests.extend(API_SERVICES.map(api_service));
    requests.extend(CONFIG_MAPS.map(|name| {
        let path = format!("/api/v1/namespaces/{KNATIVE}/configmaps/{name}");
        Request::object("ConfigMap", KNATIVE, name, &[&path])
    }));
    requests.push(Request::list(
        "Deployment",
        DEPLOYMENTS,
        &["/apis/apps/v1/namespaces/knative-serving/deployments"],
    ));
    requests.push(Request::list(
        "Pod",
        "Pods of knative-serving",
        &["/api/v1/namespaces/knative-serving/pods"],
    ));
    let operators = "/apis/operator.knative.dev/v1beta1/knativeservings";
    requests.push(Request::list(
        "KnativeServing",
        "KnativeServings",
        &[operators],
    ));
    requests.push(somewhere(
        "Deployment",
        "/apis/apps/v1",
        "deployments",
        "kserve-controller-manager",
    ));
    requests.push(somewhere(
        "ConfigMap",
        "/api/v1",
        "configmaps",
        "inferenceservice-config",
    ));
    let runtimes = "/apis/serving.kserve.io/v1alpha1/clusterservingruntimes";
    requests.push(Request::list(
        "ClusterServingRuntime",
        "ClusterServingRuntimes",
        &[runtimes],
    ));
    requests
}

/// What `check` looks at beside. The list of APIs tells who explains that something is installed; definitions tell more, and
/// cost a request each.
fn health() -> Vec<Request> {
    let path =
        format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{KSERVE_DEFINITION}");
    let policies = "/apis/policies.kubewarden.io/v1/clusteradmissionpolicies";
    let mut requests = vec![api_service("v1beta1.external.metrics.k8s.io")];
    requests.extend(DEFINITIONS.map(definition));
    // The whole of it: only its schema tells the full flavour from the minimal one.
    requests.push(Request::object(
        "CustomResourceDefinition",
        "",
        KSERVE_DEFINITION,
        &[&path],
    ));
    requests.push(Request::list(
        "ClusterAdmissionPolicy",
        "ClusterAdmissionPolicies",
        &[policies],
    ));
    requests
}

fn api_service(name: &str) -> Request {
    let path = format!("/apis/apiregistration.k8s.io/v1/apiservices/{name}");
    Request::object("APIService", "", name, &[&path])
}

fn definition(name: &str) -> Request {
    let path = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}");
    Request::metadata(
        "CustomResourceDefinition",
        "apiextensions.k8s.io/v1",
        name,
        &path,
    )
}

/// An object of KServe's: in its usual namespace, else wherever it is.
fn somewhere(kind: &'static str, api: &str, collection: &str, name: &str) -> Request {
    let usual = format!("{api}/namespaces/kserve/{collection}/{name}");
    let anywhere = format!("{api}/{collection}?fieldSelector=metadata.name={name}");
    Request::object(kind, "", name, &[&usual, &anywhere])
}

fn runtimes(scope: &Scope) -> Vec<Request> {
    match scope {
        Scope::Labelled { namespace, .. } => vec![of_namespace(&RUNTIMES, namespace, "")],
        Scope::Namespaces(names) => {
            let each = names.iter().map(|name| of_namespace(&RUNTIMES, name, ""));
            each.collect()
        }
        Scope::Scaled(Some(namespace)) => vec![of_namespace(&RUNTIMES, namespace, "")],
        Scope::Facts | Scope::All | Scope::Scaled(None) => vec![everywhere(&RUNTIMES)],
    }
}

fn workloads(scope: &Scope) -> Vec<Request> {
    match scope {
        Scope::Facts => Vec::new(),
        Scope::Labelled {
            namespace,
            selector,
            of: (kind, name),
        } => {
            let mut requests = Vec::new();
            if let Some((_, collection)) = collection(kind) {
                let path = format!("{}/{name}", placed(collection, namespace));
                requests.push(Request::object(kind, namespace, name, &[&path]));
            }
            // A graph is made for nobody.
            let is_made = |child: &str| child != *kind && child != "InferenceGraph";
            let children = WORKLOADS.iter().filter(|(child, _)| is_made(child));
            requests.extend(children.map(|kind| of_namespace(kind, namespace, selector)));
            requests.push(of_namespace(&EVENTS, namespace, ""));
            requests
        }
        Scope::Namespaces(names) => {
            let each = |name: &String| {
                let kinds = WORKLOADS.iter().chain([&EVENTS]);
                let requests: Vec<_> = kinds.map(|kind| of_namespace(kind, name, "")).collect();
                requests
            };
            names.iter().flat_map(each).collect()
        }
        Scope::All => WORKLOADS.iter().chain([&EVENTS]).map(everywhere).collect(),
        Scope::Scaled(namespace) => {
            let kinds = WORKLOADS.iter().filter(|(kind, _)| SCALED.contains(kind));
            let asked = kinds.map(|kind| match namespace {
                Some(namespace) => of_namespace(kind, namespace, ""),
                None => everywhere(kind),
            });
            let operator = "/apis/apps/v1/deployments?fieldSelector=metadata.name=keda-operator";
            let operator = Request::object("Deployment", "", "keda-operator", &[operator]);
            asked.chain([operator]).collect()
        }
    }
}

impl Scope {
    /// Where the objects of one workload are listed, kind by kind; of an API with several versions, the newer first. Of another
    /// scope there are none.
    pub(crate) fn places(&self) -> Vec<Place> {
        let Self::Labelled {
            namespace,
            selector,
            of: (own, name),
        } = self
        else {
            return Vec::new();
        };
        let at = |path: &str, query: String| format!("{}?{query}", placed(path, namespace));
        let itself = format!("fieldSelector=metadata.name%3D{name}");
        let labelled = format!("labelSelector={}", selector.replace('=', "%3D"));
        WORKLOADS
            .iter()
            .filter(|(kind, _)| !matches!(*kind, "InferenceGraph" | "Metric"))
            .filter(|(kind, _)| *own == "InferenceService" || *kind != "InferenceService")
            .map(|(kind, paths)| {
                let query = if kind == own { &itself } else { &labelled };
                let paths = paths.iter().map(|path| at(path, query.clone()));
                Place {
                    kind,
                    paths: paths.collect(),
                }
            })
            .collect()
    }
}

fn of_namespace(
    (kind, paths): &(&'static str, &[&str]),
    namespace: &str,
    selector: &str,
) -> Request {
    let with = |path: &&str| {
        let path = placed(path, namespace);
        if selector.is_empty() {
            path
        } else {
            format!("{path}?labelSelector={}", selector.replace('=', "%3D"))
        }
    };
    let paths: Vec<String> = paths.iter().map(with).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    Request::list(kind, &format!("{kind}s of namespace {namespace}"), &paths)
}

fn everywhere((kind, paths): &(&'static str, &[&str])) -> Request {
    let paths: Vec<String> = paths.iter().map(|path| path.replace("{ns}", "")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    Request::list(kind, &format!("{kind}s of all namespaces"), &paths)
}

/// The path of a collection in a namespace.
fn placed(collection: &str, namespace: &str) -> String {
    collection.replace("{ns}", &format!("namespaces/{namespace}/"))
}

/// What stands in the cluster under the name of a manifest; none for what is no workload.
pub(super) fn named(manifest: &Value, namespace: &str) -> Option<Request> {
    let kind = text(manifest, "/kind");
    let name = text(manifest, "/metadata/name");
    let (kind, collection) = collection(kind)?;
    let of_core = kind == "Service" && !is_of_kind(manifest, "serving.knative.dev", kind);
    let path = format!("{}/{name}", placed(collection, namespace));
    (!name.is_empty() && !of_core).then(|| Request::object(kind, namespace, name, &[&path]))
}
