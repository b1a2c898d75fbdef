//! What a `Snapshot` document tells beside the objects: what is known not to be there, what could not be read, and the
//! release of Kubernetes.

use serde_json::Value;

use super::fact::{Fact, Provenance};
use super::{Data, Facts};

/// Something that could not be read, so that it is assumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Such as `ConfigMap knative-serving/config-autoscaler`.
    pub what: String,
    /// What the API server said.
    pub why: String,
}

impl Unread {
    /// `ConfigMap … could not be read: …`
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{} could not be read: {}", self.what, self.why)
    }
}

/// A release of Kubernetes: 1 and 36.
pub type KubernetesVersion = (u32, u32);

/// What could not be read.
pub(super) fn unread(document: &Value) -> impl Iterator<Item = Unread> {
    let all = document.get("unread").and_then(Value::as_array);
    all.into_iter().flatten().map(|one| Unread {
        what: text(one, "what").to_owned(),
        why: text(one, "why").to_owned(),
    })
}

/// Writes down the ConfigMaps that are known not to be there; what is left are the names of absent Deployments of Knative.
pub(super) fn absent<'a>(facts: &mut Facts, document: &'a Value) -> Vec<&'a str> {
    let all = document.get("absent").and_then(Value::as_array);
    let mut deployments = Vec::new();
    for one in all.into_iter().flatten() {
        let (namespace, name) = (text(one, "namespace"), text(one, "name"));
        let provenance = Provenance::Known(format!("there is no ConfigMap {namespace}/{name}"));
        match (text(one, "kind"), name) {
            ("ConfigMap", "config-autoscaler") => facts.keep_config_autoscaler(None, provenance),
            ("ConfigMap", _) if namespace == "knative-serving" => {
                facts.keep_knative_config(name, Data::new(), provenance);
            }
            ("Deployment", _) if namespace == "knative-serving" => deployments.push(name),
            _ => {}
        }
    }
    deployments
}

impl Facts {
    /// Sets the release of Kubernetes from what `GET /version` answers; anything else is passed over.
    pub(super) fn set_kubernetes(&mut self, version: Option<&Value>) {
        let part = |key: &str| {
            let digits = text(version?, key).trim_end_matches('+');
            digits.parse::<u32>().ok()
        };
        if let (Some(major), Some(minor)) = (part("major"), part("minor")) {
            self.kubernetes = Fact::known(Some((major, minor)), "the API server");
        }
    }
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::{ConfigAutoscaler, Facts, FactsSource};

    fn facts(objects: &[Value]) -> Facts {
        Facts::from_objects(objects, FactsSource::Snapshot)
    }

    fn snapshot(groups: &[&str]) -> Value {
        let groups: Vec<Value> = groups
            .iter()
            .map(|name| json!({"name": name, "versions": ["v1"]}))
            .collect();
        json!({"apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot", "groups": groups})
    }

    #[test]
    fn groups_tell_what_is_installed_where_no_object_does() {
        let with = facts(&[snapshot(&[
            "apps",
            "serving.knative.dev",
            "keda.sh",
            "metrics.k8s.io",
        ])]);
        assert_eq!(
            (
                with.knative_installed.value,
                with.knative_installed.is_known()
            ),
            (true, true)
        );
        assert_eq!(
            (with.keda_installed.value, with.metrics_api.value),
            (Some(true), Some(true))
        );
        assert_eq!(with.custom_metrics_api.value, Some(false));
        let without = facts(&[snapshot(&["apps"])]);
        assert_eq!(
            (
                without.knative_installed.value,
                without.keda_installed.value
            ),
            (false, Some(false))
        );
        assert_eq!(without.metrics_api.value, Some(false));
        let nothing = facts(&[]);
        assert!(!nothing.knative_installed.is_known() && !nothing.metrics_api.is_known());
    }

    #[test]
    fn a_metrics_api_that_is_listed_and_down_does_not_answer() {
        let service = json!({
            "kind": "APIService",
            "metadata": {"name": "v1beta1.metrics.k8s.io"},
            "status": {"conditions": [{"type": "Available", "status": "False"}]},
        });
        let facts = facts(&[snapshot(&["metrics.k8s.io"]), service]);
        assert_eq!(facts.metrics_api.value, Some(false));
    }

    #[test]
    fn api_services_tell_groups_only_where_all_are_given() {
        let named = |name: &str| json!({"kind": "APIService", "metadata": {"name": name}});
        let some = facts(&[named("v1beta1.metrics.k8s.io")]);
        assert!(!some.keda_installed.is_known() && !some.knative_installed.is_known());
        let all = facts(&[named("v1.apps"), named("v1.serving.knative.dev")]);
        assert_eq!(
            (all.knative_installed.value, all.keda_installed.value),
            (true, Some(false))
        );
        assert_eq!(all.custom_metrics_api.value, Some(false));
    }

    #[test]
    fn what_is_absent_is_known_not_to_be_there() {
        let document = json!({
            "apiVersion": "kscale.dev/v1alpha1",
            "kind": "Snapshot",
            "serverVersion": {"major": "1", "minor": "32+", "gitVersion": "v1.32.2-gke.1"},
            "absent": [
                {"kind": "ConfigMap", "namespace": "knative-serving", "name": "config-autoscaler"},
                {"kind": "Deployment", "namespace": "knative-serving", "name": "autoscaler-hpa"},
            ],
        });
        let facts = facts(&[document]);
        assert_eq!(facts.kubernetes.value, Some((1, 32)));
        assert_eq!(
            (facts.hpa_extension.value, facts.hpa_extension.is_known()),
            (Some(false), true)
        );
        assert_eq!(facts.config_autoscaler.value, ConfigAutoscaler::Missing);
        assert!(facts.config_autoscaler.is_known());
    }

    #[test]
    fn recordings_name_crds_and_the_server_in_documents_of_their_own() {
        let crds = json!({"kind": "CRDNames", "items": [
            {"name": "services.serving.knative.dev", "labels": {"app.kubernetes.io/version": "1.22.1"}},
        ]});
        let server = json!({"kind": "ServerVersion", "version": {"major": "1", "minor": "36"}});
        let facts = facts(&[crds, server]);
        assert_eq!(
            (facts.knative_installed.value, facts.keda_installed.value),
            (true, Some(false))
        );
        assert_eq!(facts.knative.value.to_string(), "1.22.1");
        assert_eq!(facts.kubernetes.value, Some((1, 36)));
    }
}
