//! Predictor, transformer and explainer: what all three have in common.
//! Source: kserve/kserve 0.20, `pkg/apis/serving/v1beta1/component.go`, `ComponentExtensionSpec`.

use serde_json::{Map, Value};

use super::autoscaling::AutoScaling;
use super::decode::{DecodeError, Fields};
use super::inference_service::ModelSource;
use crate::kserve::{Behaviour, Release};

/// Which component of an InferenceService.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ComponentKind {
    /// `spec.predictor`
    Predictor,
    /// `spec.transformer`
    Transformer,
    /// `spec.explainer`
    Explainer,
}

impl ComponentKind {
    /// The word that stands in the manifest, in object names and in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Predictor => "predictor",
            Self::Transformer => "transformer",
            Self::Explainer => "explainer",
        }
    }

    /// Go's path to the inlined extension fields, as decoding errors print it.
    fn go_path(self) -> &'static str {
        match self {
            Self::Predictor => "PredictorSpec.spec.predictor.ComponentExtensionSpec",
            Self::Transformer => "TransformerSpec.spec.transformer.ComponentExtensionSpec",
            Self::Explainer => "ExplainerSpec.spec.explainer.ComponentExtensionSpec",
        }
    }

    /// The JSON pointer of the component.
    #[must_use]
    pub fn pointer(self) -> &'static str {
        match self {
            Self::Predictor => "/spec/predictor",
            Self::Transformer => "/spec/transformer",
            Self::Explainer => "/spec/explainer",
        }
    }
}

/// One component as written.
#[derive(Clone, Debug)]
pub struct Component<'a> {
    /// Which one.
    pub kind: ComponentKind,
    /// Where it stands: `/spec/predictor`, or inside `/spec/canary/N`.
    pub pointer: String,
    /// All its fields, the pod's among them.
    pub fields: &'a Map<String, Value>,
    /// The fields that have to do with scaling.
    pub extension: Extension<'a>,
    /// The model of a predictor, whichever field it is written under; none for custom containers.
    pub model: Option<ModelSource<'a>>,
    /// How many framework fields are written, `model` not counted.
    pub framework_count: usize,
}

/// The scaling fields of a component. A field that the release does not know is as if absent.
#[derive(Clone, Debug, Default)]
pub struct Extension<'a> {
    /// `minReplicas`
    pub min_replicas: Option<i64>,
    /// `maxReplicas`; 0 and absent are the same.
    pub max_replicas: i64,
    /// `scaleTarget`
    pub scale_target: Option<i64>,
    /// `scaleMetric`
    pub scale_metric: Option<&'a str>,
    /// `scaleMetricType`: read by nothing.
    pub scale_metric_type: Option<&'a str>,
    /// `autoScaling`
    pub auto_scaling: Option<AutoScaling<'a>>,
    /// `containerConcurrency`
    pub container_concurrency: Option<i64>,
    /// `timeout`, in seconds
    pub timeout: Option<i64>,
    /// `canaryTrafficPercent`
    pub canary_traffic_percent: Option<i64>,
    /// `logger`
    pub logger: Option<&'a Map<String, Value>>,
    /// `batcher`
    pub batcher: Option<&'a Map<String, Value>>,
    /// `annotations`
    pub annotations: Option<&'a Map<String, Value>>,
    /// Whether `deploymentStrategy` is written.
    pub has_deployment_strategy: bool,
}

impl<'a> Component<'a> {
    pub(super) fn decode(
        kind: ComponentKind,
        pointer: String,
        fields: &'a Map<String, Value>,
        release: Release,
    ) -> Result<Self, DecodeError> {
        let extension = Extension::decode(fields, &pointer, kind.go_path(), release)?;
        Ok(Self::new(kind, pointer, fields, extension))
    }

    /// A component of fields that are known to decode.
    #[must_use]
    pub fn new(
        kind: ComponentKind,
        pointer: String,
        fields: &'a Map<String, Value>,
        extension: Extension<'a>,
    ) -> Self {
        let (model, framework_count) = match kind {
            ComponentKind::Predictor => (ModelSource::of(fields), ModelSource::frameworks(fields)),
            ComponentKind::Transformer | ComponentKind::Explainer => (None, 0),
        };
        Self {
            kind,
            pointer,
            fields,
            extension,
            model,
            framework_count,
        }
    }

    /// One of the component's own annotations, of `spec.<component>.annotations`.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&'a str> {
        self.extension.annotations?.get(key)?.as_str()
    }
}

impl<'a> Extension<'a> {
    pub(super) fn decode(
        map: &'a Map<String, Value>,
        pointer: &str,
        go: &str,
        release: Release,
    ) -> Result<Self, DecodeError> {
        let fields = Fields::new(Some(map), pointer, go);
        let new_fields = release.has(Behaviour::AutoScalingField);
        let bits = if new_fields { 32 } else { 64 };
        let mut extension = Self {
            min_replicas: fields.integer("minReplicas", bits)?,
            max_replicas: fields.integer("maxReplicas", bits)?.unwrap_or_default(),
            scale_target: fields.integer("scaleTarget", bits)?,
            scale_metric: fields.string("scaleMetric", "v1beta1.ScaleMetric")?,
            container_concurrency: fields.integer("containerConcurrency", 64)?,
            timeout: fields.integer("timeout", 64)?,
            canary_traffic_percent: fields.integer("canaryTrafficPercent", 64)?,
            logger: fields.object("logger", "v1beta1.LoggerSpec")?,
            batcher: fields.object("batcher", "v1beta1.Batcher")?,
            annotations: fields.strings("annotations")?,
            ..Self::default()
        };
        if new_fields {
            extension.scale_metric_type =
                fields.string("scaleMetricType", "v1beta1.MetricTargetType")?;
            let place = format!("{pointer}/autoScaling");
            extension.auto_scaling = fields
                .object("autoScaling", "v1beta1.AutoScalingSpec")?
                .map(|map| AutoScaling::decode(map, &place, release))
                .transpose()?;
        }
        if release.has(Behaviour::DeploymentStrategy) {
            extension.has_deployment_strategy = fields
                .object("deploymentStrategy", "v1.DeploymentStrategy")?
                .is_some();
        }
        Ok(extension)
    }
}
