//! `spec.<component>.autoScaling`.
//! Source: kserve/kserve 0.20, `pkg/apis/serving/v1beta1/component.go` and `metric_quantity.go`.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::decode::{DecodeError, Fields};
use crate::kserve::{Behaviour, Release};
use crate::kubernetes::Quantity;

/// `autoScaling`: several metrics for a plain HPA or a KEDA ScaledObject.
#[derive(Clone, Debug, Default)]
pub struct AutoScaling<'a> {
    /// `metrics`, in order.
    pub metrics: Vec<Metric<'a>>,
    /// `behavior.scaleUp.stabilizationWindowSeconds`.
    pub scale_up_window: Option<i64>,
    /// `behavior.scaleDown.stabilizationWindowSeconds`.
    pub scale_down_window: Option<i64>,
    /// Whether `behavior` is written at all.
    pub has_behavior: bool,
}

/// One entry of `metrics`.
#[derive(Clone, Debug)]
pub struct Metric<'a> {
    /// `type`: Resource, External or PodMetric, or whatever was written.
    pub kind: &'a str,
    /// `resource`.
    pub resource: Option<ResourceMetric<'a>>,
    /// `external`.
    pub external: Option<ExternalMetric<'a>>,
    /// `podmetric`.
    pub pod: Option<PodMetric<'a>>,
}

/// `resource` of a metric.
#[derive(Clone, Debug)]
pub struct ResourceMetric<'a> {
    /// `name`: cpu or memory.
    pub name: &'a str,
    /// `target`.
    pub target: Target<'a>,
}

/// `external` of a metric.
#[derive(Clone, Debug)]
pub struct ExternalMetric<'a> {
    /// `metric.backend`: prometheus or graphite.
    pub backend: &'a str,
    /// `metric.serverAddress`.
    pub server_address: &'a str,
    /// `metric.query`.
    pub query: &'a str,
    /// `metric.namespace`.
    pub namespace: &'a str,
    /// `authenticationRef.authModes`, when `authenticationRef` is written.
    pub auth_modes: Option<&'a str>,
    /// `authenticationRef.authenticationRef.name`.
    pub auth_name: &'a str,
    /// `target`.
    pub target: Target<'a>,
}

/// `podmetric` of a metric.
#[derive(Clone, Debug)]
pub struct PodMetric<'a> {
    /// `metric.backend`: opentelemetry.
    pub backend: &'a str,
    /// `metric.serverAddress`.
    pub server_address: &'a str,
    /// `metric.query`.
    pub query: &'a str,
    /// Whether `metric.metricNames` names anything.
    pub names_metrics: bool,
    /// `metric.operationOverTime`.
    pub operation_over_time: &'a str,
    /// `target`.
    pub target: Target<'a>,
}

/// `target` of a metric.
#[derive(Clone, Debug, Default)]
pub struct Target<'a> {
    /// `type`: Utilization, Value or AverageValue; empty when absent.
    pub kind: &'a str,
    /// `value`.
    pub value: Option<QuantityText<'a>>,
    /// `averageValue`.
    pub average_value: Option<QuantityText<'a>>,
    /// `averageUtilization`, in percent.
    pub average_utilization: Option<i64>,
}

/// A quantity that remembers how it was written, since KEDA is given the text and the HPA the number.
#[derive(Clone, Debug)]
pub struct QuantityText<'a> {
    /// As written.
    pub text: Cow<'a, str>,
    /// As a quantity.
    pub quantity: Quantity,
}

impl<'a> AutoScaling<'a> {
    pub(super) fn decode(
        map: &'a Map<String, Value>,
        pointer: &str,
        release: Release,
    ) -> Result<Self, DecodeError> {
        let fields = Fields::new(Some(map), pointer, "AutoScalingSpec.autoScaling");
        let metrics = fields
            .list("metrics", "[]v1beta1.MetricsSpec")?
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let place = format!("{pointer}/metrics/{index}");
                Metric::decode(value, &place, release)
            })
            .collect::<Result<_, _>>()?;
        let mut decoded = Self {
            metrics,
            ..Self::default()
        };
        if !release.has(Behaviour::KedaWindows) {
            return Ok(decoded);
        }
        if let Some(behavior) = fields.object("behavior", "v2.HorizontalPodAutoscalerBehavior")? {
            decoded.has_behavior = true;
            let at = format!("{pointer}/behavior");
            let rules = Fields::new(Some(behavior), &at, "AutoScalingSpec.behavior");
            decoded.scale_up_window = window(&rules, "scaleUp", &at)?;
            decoded.scale_down_window = window(&rules, "scaleDown", &at)?;
        }
        Ok(decoded)
    }
}

fn window(rules: &Fields<'_, '_>, name: &str, at: &str) -> Result<Option<i64>, DecodeError> {
    let map = rules.object(name, "v2.HPAScalingRules")?;
    let place = format!("{at}/{name}");
    Fields::new(map, &place, "HPAScalingRules.behavior").integer("stabilizationWindowSeconds", 32)
}

impl<'a> Metric<'a> {
    fn decode(value: &'a Value, pointer: &str, release: Release) -> Result<Self, DecodeError> {
        let map = match value {
            Value::Null => None,
            Value::Object(map) => Some(map),
            _ => {
                return Err(DecodeError {
                    text: "json: cannot unmarshal value into Go struct field AutoScalingSpec.metrics of type v1beta1.MetricsSpec".to_owned(),
                    pointer: pointer.to_owned(),
                });
            }
        };
        let fields = Fields::new(map, pointer, "MetricsSpec.metrics");
        let resource = fields.object("resource", "v1beta1.ResourceMetricSource")?;
        let external = fields.object("external", "v1beta1.ExternalMetricSource")?;
        let pod = fields.object("podmetric", "v1beta1.PodMetricSource")?;
        Ok(Self {
            kind: fields
                .string("type", "v1beta1.MetricSourceType")?
                .unwrap_or_default(),
            resource: resource
                .map(|map| ResourceMetric::decode(map, &format!("{pointer}/resource"), release))
                .transpose()?,
            external: external
                .map(|map| ExternalMetric::decode(map, &format!("{pointer}/external"), release))
                .transpose()?,
            pod: pod
                .map(|map| PodMetric::decode(map, &format!("{pointer}/podmetric"), release))
                .transpose()?,
        })
    }
}

impl<'a> ResourceMetric<'a> {
    fn decode(
        map: &'a Map<String, Value>,
        pointer: &str,
        release: Release,
    ) -> Result<Self, DecodeError> {
        let fields = Fields::new(Some(map), pointer, "ResourceMetricSource.resource");
        Ok(Self {
            name: fields
                .string("name", "v1beta1.ResourceMetric")?
                .unwrap_or_default(),
            target: Target::decode(&fields, pointer, release)?,
        })
    }
}

impl<'a> ExternalMetric<'a> {
    fn decode(
        map: &'a Map<String, Value>,
        pointer: &str,
        release: Release,
    ) -> Result<Self, DecodeError> {
        let fields = Fields::new(Some(map), pointer, "ExternalMetricSource.external");
        let at = format!("{pointer}/metric");
        let metric = Fields::new(
            fields.object("metric", "v1beta1.ExternalMetrics")?,
            &at,
            "ExternalMetrics.metric",
        );
        let text = |name| Ok(metric.string(name, "string")?.unwrap_or_default());
        let auth = if release.has(Behaviour::KedaWindows) {
            fields.object("authenticationRef", "v1beta1.ExtMetricAuthentication")?
        } else {
            None
        };
        let auth_at = format!("{pointer}/authenticationRef");
        let auth_fields = Fields::new(auth, &auth_at, "ExtMetricAuthentication.authenticationRef");
        let name_at = format!("{auth_at}/authenticationRef");
        let name = Fields::new(
            auth_fields.object("authenticationRef", "v1beta1.AuthenticationRef")?,
            &name_at,
            "AuthenticationRef.authenticationRef",
        );
        Ok(Self {
            backend: text("backend")?,
            server_address: text("serverAddress")?,
            query: text("query")?,
            namespace: text("namespace")?,
            auth_modes: auth
                .map(|_| auth_fields.string("authModes", "string"))
                .transpose()?
                .map(Option::unwrap_or_default),
            auth_name: name.string("name", "string")?.unwrap_or_default(),
            target: Target::decode(&fields, pointer, release)?,
        })
    }
}

impl<'a> PodMetric<'a> {
    fn decode(
        map: &'a Map<String, Value>,
        pointer: &str,
        release: Release,
    ) -> Result<Self, DecodeError> {
        let fields = Fields::new(Some(map), pointer, "PodMetricSource.podmetric");
        let at = format!("{pointer}/metric");
        let metric = Fields::new(
            fields.object("metric", "v1beta1.PodMetrics")?,
            &at,
            "PodMetrics.metric",
        );
        let text = |name| Ok(metric.string(name, "string")?.unwrap_or_default());
        Ok(Self {
            backend: text("backend")?,
            server_address: text("serverAddress")?,
            query: text("query")?,
            names_metrics: !metric.list("metricNames", "[]string")?.is_empty(),
            operation_over_time: text("operationOverTime")?,
            target: Target::decode(&fields, pointer, release)?,
        })
    }
}

impl<'a> Target<'a> {
    fn decode(
        owner: &Fields<'a, '_>,
        pointer: &str,
        release: Release,
    ) -> Result<Self, DecodeError> {
        let at = format!("{pointer}/target");
        let fields = Fields::new(
            owner.object("target", "v1beta1.MetricTarget")?,
            &at,
            "MetricTarget.target",
        );
        Ok(Self {
            kind: fields
                .string("type", "v1beta1.MetricTargetType")?
                .unwrap_or_default(),
            value: quantity(fields.get("value"), &at, "value", release)?,
            average_value: quantity(fields.get("averageValue"), &at, "averageValue", release)?,
            average_utilization: fields.integer("averageUtilization", 32)?,
        })
    }
}

fn quantity<'a>(
    value: Option<&'a Value>,
    pointer: &str,
    name: &str,
    release: Release,
) -> Result<Option<QuantityText<'a>>, DecodeError> {
    let text = match value {
        None => return Ok(None),
        Some(Value::String(text)) => Cow::Borrowed(text.as_str()),
        // KServe's own type reads a text or 64 bits; before, any number would do.
        Some(other) if release.has(Behaviour::TextQuantities) && other.as_i64().is_none() => {
            let what = super::decode::found(other);
            return Err(DecodeError {
                text: format!(
                    "value must be string or integer: json: cannot unmarshal {what} into Go value of type int64"
                ),
                pointer: super::pointer::child(pointer, name),
            });
        }
        Some(other) => Cow::Owned(other.to_string()),
    };
    match Quantity::parse(&text) {
        Ok(quantity) => Ok(Some(QuantityText { text, quantity })),
        Err(error) => Err(DecodeError {
            text: format!("failed to parse quantity \"{text}\": {error}"),
            pointer: super::pointer::child(pointer, name),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// kserve/kserve 0.16.0, `metric_quantity.go` `UnmarshalJSON`; before, the fields were a `resource.Quantity`.
    #[test]
    fn fractions_must_be_text_since_0_16() {
        let value = json!({"metrics": [{"type": "Resource", "resource": {
            "name": "memory", "target": {"type": "AverageValue", "averageValue": 2.5},
        }}]});
        let decode = |release| AutoScaling::decode(value.as_object().unwrap(), "", release);
        assert!(decode(Release::new(0, 15, 2)).is_ok());
        assert_eq!(
            decode(Release::new(0, 16, 0)).unwrap_err().text,
            "value must be string or integer: json: cannot unmarshal number 2.5 into Go value of type int64"
        );
    }
}
