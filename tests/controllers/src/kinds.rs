//! The kinds of objects that are looked at, and how they are addressed.

/// A kind that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    InferenceService,
    KnativeService,
    Configuration,
    Revision,
    Route,
    PodAutoscaler,
    Metric,
    ServerlessService,
    Ingress,
    ScaledObject,
    Deployment,
    ReplicaSet,
    Hpa,
    Pod,
    ControllerRevision,
}

impl Kind {
    /// All, owners before what they own.
    pub(crate) const ALL: [Self; 15] = [
        Self::InferenceService,
        Self::KnativeService,
        Self::Configuration,
        Self::Revision,
        Self::Route,
        Self::PodAutoscaler,
        Self::Metric,
        Self::ServerlessService,
        Self::Ingress,
        Self::ScaledObject,
        Self::Deployment,
        Self::ReplicaSet,
        Self::Hpa,
        Self::Pod,
        Self::ControllerRevision,
    ];

    /// `apiVersion`, `kind` and plural. HPAs are asked for in the version that Kubernetes 1.20 has; where a server has it no
    /// more, [`Kind::api_version`] knows.
    const fn names(self) -> (&'static str, &'static str, &'static str) {
        const SERVING: &str = "serving.knative.dev/v1";
        const NETWORKING: &str = "networking.internal.knative.dev/v1alpha1";
        const AUTOSCALING: &str = "autoscaling.internal.knative.dev/v1alpha1";
        match self {
            Self::InferenceService => (
                "serving.kserve.io/v1beta1",
                "InferenceService",
                "inferenceservices",
            ),
            Self::KnativeService => (SERVING, "Service", "services"),
            Self::Configuration => (SERVING, "Configuration", "configurations"),
            Self::Revision => (SERVING, "Revision", "revisions"),
            Self::Route => (SERVING, "Route", "routes"),
            Self::PodAutoscaler => (AUTOSCALING, "PodAutoscaler", "podautoscalers"),
            Self::Metric => (AUTOSCALING, "Metric", "metrics"),
            Self::ServerlessService => (NETWORKING, "ServerlessService", "serverlessservices"),
            Self::Ingress => (NETWORKING, "Ingress", "ingresses"),
            Self::ScaledObject => ("keda.sh/v1alpha1", "ScaledObject", "scaledobjects"),
            Self::Deployment => ("apps/v1", "Deployment", "deployments"),
            Self::ReplicaSet => ("apps/v1", "ReplicaSet", "replicasets"),
            Self::Hpa => (
                "autoscaling/v2beta2",
                "HorizontalPodAutoscaler",
                "horizontalpodautoscalers",
            ),
            Self::Pod => ("v1", "Pod", "pods"),
            Self::ControllerRevision => ("apps/v1", "ControllerRevision", "controllerrevisions"),
        }
    }

    pub(crate) const fn kind(self) -> &'static str {
        self.names().1
    }

    /// The version that a server of this minor version of Kubernetes 1 has.
    pub(crate) fn api_version(self, minor: u32) -> &'static str {
        match self {
            Self::Hpa if minor >= 23 => "autoscaling/v2",
            _ => self.names().0,
        }
    }

    /// Where its objects stand: in one namespace, or in all.
    pub(crate) fn list(self, minor: u32, namespace: Option<&str>) -> String {
        let version = self.api_version(minor);
        let root = if version.contains('/') { "apis" } else { "api" };
        let plural = self.names().2;
        match namespace {
            Some(namespace) => format!("/{root}/{version}/namespaces/{namespace}/{plural}"),
            None => format!("/{root}/{version}/{plural}"),
        }
    }

    /// The kind that an owner reference names, if it is looked at.
    pub(crate) fn of(api_version: &str, kind: &str) -> Option<Self> {
        let group = |version: &str| {
            version
                .split_once('/')
                .map_or("", |(group, _)| group)
                .to_owned()
        };
        Self::ALL
            .into_iter()
            .find(|one| one.kind() == kind && group(one.names().0) == group(api_version))
    }
}
