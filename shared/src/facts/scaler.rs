//! Autoscalers that are there already. Some classes cannot come to be beside them, others go on beside them.

use serde_json::Value;

/// A HorizontalPodAutoscaler or a ScaledObject in the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaler {
    /// Which of the two.
    pub kind: ScalerKind,
    /// `metadata.namespace`
    pub namespace: String,
    /// `metadata.name`
    pub name: String,
    /// The name of the Deployment that it scales.
    pub deployment: String,
    /// Whether an InferenceService owns it: KServe has made it.
    pub of_kserve: bool,
}

/// What kind of autoscaler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalerKind {
    /// A HorizontalPodAutoscaler
    Hpa,
    /// KEDA's ScaledObject
    ScaledObject,
}

impl Scaler {
    /// Reads one; none of another kind, of one that scales no Deployment, or of an HPA that KEDA has made for a ScaledObject.
    #[must_use]
    pub fn from_object(object: &Value) -> Option<Self> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let kind = match object.get("kind")?.as_str()? {
            "HorizontalPodAutoscaler" => ScalerKind::Hpa,
            "ScaledObject" => ScalerKind::ScaledObject,
            _ => return None,
        };
        let metadata = object.get("metadata")?;
        let target = object.get("spec")?.get("scaleTargetRef")?;
        // KEDA's kind defaults to Deployment, an HPA's has no default.
        let of = target
            .get("kind")
            .and_then(Value::as_str)
            .unwrap_or("Deployment");
        let owners = metadata.get("ownerReferences").and_then(Value::as_array);
        let owned_by = |kind: &str| {
            let mut owners = owners.into_iter().flatten();
            owners.any(|owner| owner.get("kind").and_then(Value::as_str) == Some(kind))
        };
        if of != "Deployment" || owned_by("ScaledObject") {
            return None;
        }
        Some(Self {
            kind,
            namespace: text(metadata.get("namespace")).unwrap_or_default(),
            name: text(metadata.get("name"))?,
            deployment: text(target.get("name"))?,
            of_kserve: owned_by("InferenceService"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_hpa_of_kedas_stands_for_its_scaled_object() {
        let hpa = |owner: &str| {
            json!({
                "kind": "HorizontalPodAutoscaler",
                "metadata": {"name": "h", "namespace": "n", "ownerReferences": [{"kind": owner}]},
                "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "d"}},
            })
        };
        assert!(Scaler::from_object(&hpa("ScaledObject")).is_none());
        let of_kserve = Scaler::from_object(&hpa("InferenceService"));
        assert!(of_kserve.is_some_and(|one| one.of_kserve && one.deployment == "d"));
    }
}
