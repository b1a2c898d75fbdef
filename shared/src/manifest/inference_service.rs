//! The InferenceService.
//! Source: kserve/kserve 0.20, `pkg/apis/serving/v1beta1/{inference_service,predictor,transformer,explainer}.go`.

use serde_json::{Map, Value};

use super::component::{Component, ComponentKind};
use super::decode::{DecodeError, Fields};
use super::pod::containers;
use crate::kserve::{Behaviour, Release};

/// The fields of a predictor that name a framework, with Go's names for them, in the order in which KServe's defaulter
/// turns them into `model`.
pub const FRAMEWORKS: [(&str, &str); 10] = [
    ("sklearn", "SKLearn"),
    ("tensorflow", "Tensorflow"),
    ("xgboost", "XGBoost"),
    ("pytorch", "PyTorch"),
    ("triton", "Triton"),
    ("onnx", "ONNX"),
    ("huggingface", "HuggingFace"),
    ("pmml", "PMML"),
    ("lightgbm", "LightGBM"),
    ("paddle", "Paddle"),
];

/// An InferenceService, decoded as one KServe release decodes it.
#[derive(Clone, Debug)]
pub struct InferenceService<'a> {
    /// `metadata.name`
    pub name: &'a str,
    /// `metadata.namespace`, or empty
    pub namespace: &'a str,
    /// `metadata.annotations`
    pub annotations: Option<&'a Map<String, Value>>,
    /// `spec.predictor`
    pub predictor: Component<'a>,
    /// `spec.transformer`
    pub transformer: Option<Component<'a>>,
    /// `spec.explainer`
    pub explainer: Option<Component<'a>>,
    /// `spec.canary`
    pub canaries: Vec<Canary<'a>>,
    /// `status.deploymentMode`, or empty
    pub status_mode: &'a str,
    /// Whether the status says that it is ready.
    pub ready: bool,
    /// Whether it is being deleted.
    pub deleting: bool,
    /// `status.components.<name>.latestRolledoutRevision` by component, where there is one
    pub status: Option<&'a Map<String, Value>>,
}

/// One entry of `spec.canary`.
#[derive(Clone, Debug)]
pub struct Canary<'a> {
    /// `predictor`
    pub predictor: Component<'a>,
    /// `trafficPercent`
    pub traffic_percent: i64,
}

/// What a predictor serves, before KServe's defaulter has turned frameworks into `model`.
#[derive(Clone, Copy, Debug)]
pub struct ModelSource<'a> {
    /// The field it is written under: `model`, `sklearn`, …
    pub field: &'a str,
    /// The model format.
    pub format: &'a str,
    /// Its fields: those of a container, and the model's own.
    pub fields: &'a Map<String, Value>,
}

impl<'a> InferenceService<'a> {
    /// Decodes a manifest.
    ///
    /// # Errors
    /// A value has a type that the API does not accept.
    pub fn decode(value: &'a Value, release: Release) -> Result<Self, DecodeError> {
        let root = Fields::new(value.as_object(), "", "InferenceService");
        let metadata = Fields::new(
            root.object("metadata", "v1.ObjectMeta")?,
            "/metadata",
            "ObjectMeta.metadata",
        );
        let spec = Fields::new(
            root.object("spec", "v1beta1.InferenceServiceSpec")?,
            "/spec",
            "InferenceServiceSpec.spec",
        );
        let status = root.object("status", "v1beta1.InferenceServiceStatus")?;
        let status_fields = Fields::new(status, "/status", "InferenceServiceStatus.status");
        let component = |kind: ComponentKind| {
            let map = spec.object(kind.as_str(), "v1beta1.ComponentSpec")?;
            map.map(|map| Component::decode(kind, kind.pointer().to_owned(), map, release))
                .transpose()
        };
        let predictor = match component(ComponentKind::Predictor)? {
            Some(predictor) => predictor,
            // Go's zero value: a predictor without any field.
            None => Component::decode(
                ComponentKind::Predictor,
                ComponentKind::Predictor.pointer().to_owned(),
                empty(),
                release,
            )?,
        };
        let status_mode = if release.has(Behaviour::StatusMode) {
            status_fields
                .string("deploymentMode", "string")?
                .unwrap_or_default()
        } else {
            ""
        };
        Ok(Self {
            name: metadata.string("name", "string")?.unwrap_or_default(),
            namespace: metadata.string("namespace", "string")?.unwrap_or_default(),
            annotations: metadata.strings("annotations")?,
            transformer: component(ComponentKind::Transformer)?,
            explainer: component(ComponentKind::Explainer)?,
            canaries: canaries(&spec, release)?,
            predictor,
            status_mode,
            ready: is_ready(status),
            deleting: metadata.get("deletionTimestamp").is_some(),
            status,
        })
    }

    /// Its components, in the order in which KServe looks at them.
    pub fn components(&self) -> impl Iterator<Item = &Component<'a>> {
        std::iter::once(&self.predictor)
            .chain(&self.transformer)
            .chain(&self.explainer)
    }

    /// An annotation of the object itself.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&'a str> {
        self.annotations?.get(key)?.as_str()
    }

    /// The revision of a component that last took all traffic, as its status tells.
    #[must_use]
    pub fn latest_rolledout_revision(&self, kind: ComponentKind) -> &'a str {
        self.status
            .and_then(|status| status.get("components")?.get(kind.as_str()))
            .and_then(|component| component.get("latestRolledoutRevision")?.as_str())
            .unwrap_or_default()
    }
}

impl<'a> ModelSource<'a> {
    /// The model among the fields of a predictor.
    pub(super) fn of(fields: &'a Map<String, Value>) -> Option<Self> {
        // The defaulter replaces `model` by the first framework it finds.
        for (field, _) in FRAMEWORKS {
            if let Some(Value::Object(model)) = fields.get(field) {
                return Some(ModelSource {
                    field,
                    format: field,
                    fields: model,
                });
            }
        }
        let model = fields.get("model")?.as_object()?;
        let format = model
            .get("modelFormat")
            .and_then(|format| format.get("name"));
        Some(ModelSource {
            field: "model",
            format: format.and_then(Value::as_str).unwrap_or_default(),
            fields: model,
        })
    }

    /// How many framework fields a predictor has.
    pub(super) fn frameworks(fields: &Map<String, Value>) -> usize {
        let is_written =
            |(field, _): &&(&str, &str)| fields.get(*field).is_some_and(|value| !value.is_null());
        FRAMEWORKS.iter().filter(is_written).count()
    }
}

impl<'a> Component<'a> {
    /// Whether a field is there and not null.
    #[must_use]
    pub fn is_written(&self, field: &str) -> bool {
        self.fields.get(field).is_some_and(|value| !value.is_null())
    }

    /// The name of a predictor (`predictor.name`), or empty.
    #[must_use]
    pub fn predictor_name(&self, release: Release) -> &'a str {
        if !release.has(Behaviour::Canary) {
            return "";
        }
        self.fields
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Whether it has containers of its own.
    #[must_use]
    pub fn has_containers(&self) -> bool {
        !containers(self.fields, "containers").is_empty()
    }

    /// Whether this is a predictor over several nodes.
    #[must_use]
    pub fn is_multi_node(&self, release: Release) -> bool {
        release.has(Behaviour::WorkerSpec) && self.is_written("workerSpec")
    }
}

fn empty() -> &'static Map<String, Value> {
    static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    &EMPTY
}

fn canaries<'a>(spec: &Fields<'a, '_>, release: Release) -> Result<Vec<Canary<'a>>, DecodeError> {
    if !release.has(Behaviour::Canary) {
        return Ok(Vec::new());
    }
    let items = spec.list("canary", "[]v1beta1.CanarySpec")?;
    let decode = |(index, item): (usize, &'a Value)| {
        let at = format!("/spec/canary/{index}");
        let fields = Fields::new(item.as_object(), &at, "CanarySpec.canary");
        let predictor = fields
            .object("predictor", "v1beta1.PredictorSpec")?
            .unwrap_or_else(|| empty());
        Ok(Canary {
            traffic_percent: fields.integer("trafficPercent", 32)?.unwrap_or_default(),
            predictor: Component::decode(
                ComponentKind::Predictor,
                format!("{at}/predictor"),
                predictor,
                release,
            )?,
        })
    };
    items.iter().enumerate().map(decode).collect()
}

fn is_ready(status: Option<&Map<String, Value>>) -> bool {
    let conditions = status
        .and_then(|status| status.get("conditions"))
        .and_then(Value::as_array);
    conditions.into_iter().flatten().any(|condition| {
        condition.get("type").and_then(Value::as_str) == Some("Ready")
            && condition.get("status").and_then(Value::as_str) == Some("True")
    })
}
