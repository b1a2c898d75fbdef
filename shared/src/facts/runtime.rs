//! ServingRuntimes: which one a model gets, and what it brings along.
//! Source: kserve/kserve 0.20, `pkg/apis/serving/v1beta1/predictor_model.go` `GetSupportingRuntimes`.

use serde_json::Value;

use crate::knative::annotations::Annotations;
use crate::kserve::defaulter::owned;
use crate::manifest::ModelSource;

/// A ServingRuntime or ClusterServingRuntime.
#[derive(Clone, Debug, PartialEq)]
pub struct Runtime {
    /// Its name.
    pub name: String,
    /// Its namespace; none for a ClusterServingRuntime.
    pub namespace: Option<String>,
    /// `spec.annotations`
    pub annotations: Annotations,
    /// `spec.containers`
    pub containers: Vec<Value>,
    formats: Vec<Format>,
    disabled: bool,
    multi_node: bool,
    protocols: Vec<String>,
    created: String,
}

#[derive(Clone, Debug, PartialEq)]
struct Format {
    name: String,
    version: Option<String>,
    auto_select: bool,
    priority: Option<i64>,
}

/// Which runtime a model gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RuntimeChoice<'a> {
    /// This one.
    Known(&'a Runtime),
    /// No runtime is known; what all built-in ones have in common is assumed.
    Unknown,
    /// Runtimes are known and none of them fits.
    None,
}

impl Runtime {
    /// Reads a ServingRuntime or ClusterServingRuntime; none if it has no name.
    #[must_use]
    pub fn from_object(object: &Value) -> Option<Self> {
        let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let metadata = object.get("metadata")?;
        let spec = object.get("spec")?;
        let list = |key: &str| {
            spec.get(key)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let cluster = object.get("kind").and_then(Value::as_str) == Some("ClusterServingRuntime");
        let flag =
            |value: &Value, key: &str| value.get(key).and_then(Value::as_bool).unwrap_or_default();
        Some(Self {
            name: text(metadata, "name")?,
            namespace: if cluster {
                None
            } else {
                text(metadata, "namespace").or_else(|| Some(String::new()))
            },
            annotations: spec
                .get("annotations")
                .and_then(Value::as_object)
                .map(owned)
                .unwrap_or_default(),
            containers: list("containers"),
            formats: list("supportedModelFormats")
                .iter()
                .filter_map(|format| {
                    Some(Format {
                        name: text(format, "name")?,
                        version: text(format, "version"),
                        auto_select: flag(format, "autoSelect"),
                        priority: format.get("priority").and_then(Value::as_i64),
                    })
                })
                .collect(),
            disabled: flag(spec, "disabled"),
            multi_node: spec.get("workerSpec").is_some_and(Value::is_object),
            protocols: list("protocolVersions")
                .iter()
                .filter_map(|p| Some(p.as_str()?.to_owned()))
                .collect(),
            created: text(metadata, "creationTimestamp").unwrap_or_default(),
        })
    }

    fn speaks(&self, protocol: &str) -> bool {
        self.protocols.is_empty() || self.protocols.iter().any(|one| one == protocol)
    }

    /// What KServe says of a model that asks for this runtime by name but cannot have it; the same text since 0.11.
    /// Source: kserve/kserve 0.20, `components/predictor.go` `reconcileModel`.
    #[must_use]
    pub fn refusal(&self, model: &ModelSource<'_>) -> Option<String> {
        let what = if self.disabled {
            "is disabled"
        } else if protocol(model).is_some_and(|protocol| !self.speaks(protocol)) {
            "does not support specified protocol version"
        } else if !self.formats.iter().any(|format| format.is_of(model)) {
            "does not support specified framework/version"
        } else {
            return None;
        };
        Some(format!("specified runtime {} {what}", self.name))
    }

    /// The priority with which it takes a model by itself; none if it does not.
    fn takes(&self, model: &ModelSource<'_>, multi_node: bool) -> Option<i64> {
        let speaks = self.speaks(protocol(model).unwrap_or("v1"));
        if self.disabled || self.multi_node != multi_node || !speaks {
            return None;
        }
        let fits = |format: &&Format| format.auto_select && format.is_of(model);
        let priority = |format: &Format| format.priority.unwrap_or_default();
        self.formats.iter().filter(fits).map(priority).max()
    }
}

impl Format {
    fn is_of(&self, model: &ModelSource<'_>) -> bool {
        let format = model.fields.get("modelFormat");
        let version = format.and_then(|format| format.get("version")?.as_str());
        self.name == model.format && (version.is_none() || version == self.version.as_deref())
    }
}

fn protocol<'a>(model: &ModelSource<'a>) -> Option<&'a str> {
    model.fields.get("protocolVersion")?.as_str()
}

/// The runtime of a model: the one it names, else the best that takes its format by itself; those of the namespace first.
#[must_use]
pub fn choose<'a>(
    runtimes: &'a [Runtime],
    model: &ModelSource<'_>,
    namespace: &str,
    multi_node: bool,
) -> RuntimeChoice<'a> {
    if runtimes.is_empty() {
        return RuntimeChoice::Unknown;
    }
    let local = |runtime: &&Runtime| runtime.namespace.as_deref() == Some(namespace);
    let cluster = |runtime: &&Runtime| runtime.namespace.is_none();
    if let Some(name) = model.fields.get("runtime").and_then(Value::as_str) {
        let named = |runtime: &&Runtime| runtime.name == name;
        let found = runtimes.iter().filter(local).find(named);
        let found = found.or_else(|| runtimes.iter().filter(cluster).find(named));
        return found.map_or(RuntimeChoice::None, RuntimeChoice::Known);
    }
    let mut candidates: Vec<(bool, i64, &Runtime)> = runtimes
        .iter()
        .filter(|runtime| local(runtime) || cluster(runtime))
        .filter_map(|runtime| {
            Some((
                runtime.namespace.is_none(),
                runtime.takes(model, multi_node)?,
                runtime,
            ))
        })
        .collect();
    // Those of the namespace first; then the highest priority; then the youngest; then by name.
    candidates.sort_by(|a, b| {
        let by_age = b.2.created.cmp(&a.2.created);
        a.0.cmp(&b.0)
            .then(b.1.cmp(&a.1))
            .then(by_age)
            .then(a.2.name.cmp(&b.2.name))
    });
    candidates
        .first()
        .map_or(RuntimeChoice::None, |(_, _, runtime)| {
            RuntimeChoice::Known(runtime)
        })
}
