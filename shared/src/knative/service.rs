//! A Knative Service: what its webhook refuses, and the revision that comes of it.
//!
//! Source: knative/serving 1.23: pkg/apis/serving/v1/{service_defaults,service_validation}.go,
//! pkg/apis/serving/metadata_validation.go, pkg/reconciler/configuration/resources/revision.go.

use serde_json::Value;

use super::annotations::{AUTOSCALING_GROUP, Annotations, ROLLOUT_DURATION};
use super::child_name::child_name;
use super::configs::Configs;
use super::field_error::FieldErrors;
use super::pod_autoscaler::{PodAutoscaler, Revision, predict_pod_autoscaler};
use super::release::{Behaviour, KnativeVersion};
use super::service_decode::{annotations, text};
use super::template::{self, Parent, Template};
use super::traffic;
use crate::go;
use crate::kubernetes::names;

pub use super::service_decode::decode_error;

/// A Service, as far as it is looked at; what KServe builds fits without any JSON.
#[derive(Debug, Clone, Copy)]
pub struct Service<'a> {
    /// `metadata.name`.
    pub name: &'a str,
    /// `metadata.generateName`, empty if there is none.
    pub generate_name: &'a str,
    /// `metadata.annotations`.
    pub annotations: &'a Annotations,
    /// `spec.template`.
    pub template: Template<'a>,
    /// `spec.traffic`; empty sends all to the latest revision.
    pub traffic: &'a [Value],
}

impl Service<'_> {
    /// Why the webhook refuses to create the Service, to the letter; `None` if it accepts it.
    #[must_use]
    pub fn validate(&self, configs: &Configs) -> Option<String> {
        let mut errors = self.metadata(configs.release()).via("metadata");
        let parent = Parent {
            name: self.name,
            generate_name: self.generate_name,
        };
        errors.also(
            template::validate_template(&self.template, parent, configs).via("spec.template"),
        );
        errors.also(traffic::validate(self.traffic).via("spec.traffic"));
        errors.into_text()
    }

    fn metadata(&self, release: KnativeVersion) -> FieldErrors {
        let mut errors = FieldErrors::default();
        self.names(&mut errors);
        let mut found = FieldErrors::default();
        for key in self
            .annotations
            .keys()
            .filter(|key| key.starts_with(AUTOSCALING_GROUP))
        {
            let details = "autoscaling annotations must be put under \"spec.template.metadata.annotations\" to work";
            found.add_detailed(
                format!("invalid key name {}", go::quote(key)),
                &[""],
                details,
            );
        }
        let camel_case = release.has(Behaviour::CamelCaseKeys);
        let rollout = if camel_case {
            "rolloutDuration"
        } else {
            "rollout-duration"
        };
        template::whole_positive_seconds(
            self.annotations,
            ROLLOUT_DURATION.at(release),
            rollout,
            &mut found,
        );
        errors.also(found.via("annotations"));
        errors
    }

    /// Only the first thing wrong with the names is told.
    fn names(&self, errors: &mut FieldErrors) {
        let list = |messages: Vec<String>| format!("[{}]", messages.join(" "));
        if !self.generate_name.is_empty() {
            let messages = names::dns1035_label_errors(self.generate_name, true);
            if !messages.is_empty() {
                return errors.add(
                    format!("not a DNS 1035 label prefix: {}", list(messages)),
                    &["generateName"],
                );
            }
        }
        if !self.name.is_empty() {
            let messages = names::dns1035_label_errors(self.name, false);
            if !messages.is_empty() {
                return errors.add(
                    format!("not a DNS 1035 label: {}", list(messages)),
                    &["name"],
                );
            }
        }
        if self.name.is_empty() && self.generate_name.is_empty() {
            errors.add("name or generateName is required", &["name"]);
        }
    }

    /// The name of the revision made of this generation of the Service; the first generation is 1.
    #[must_use]
    pub fn revision_name(&self, generation: u64) -> String {
        if self.template.name.is_empty() {
            child_name(self.name, &format!("-{generation:05}"))
        } else {
            self.template.name.to_owned()
        }
    }

    /// The PodAutoscaler of the first revision of the Service.
    #[must_use]
    pub fn predict(&self, configs: &Configs) -> PodAutoscaler {
        let name = self.revision_name(1);
        let concurrency =
            template::effective_concurrency(self.template.container_concurrency, &configs.defaults);
        let revision = Revision {
            name: &name,
            annotations: self.template.annotations,
            container_concurrency: concurrency,
            reachable: true,
        };
        predict_pod_autoscaler(&revision, configs)
    }
}

/// A Service out of JSON, with the annotations that [`Service`] borrows.
#[derive(Debug, Clone)]
pub struct ParsedService<'a> {
    annotations: Annotations,
    template_annotations: Annotations,
    service: &'a Value,
}

impl<'a> ParsedService<'a> {
    /// Reads a Service. Values of a wrong type count as absent; [`decode_error`] tells of those that Go refuses.
    #[must_use]
    pub fn new(service: &'a Value) -> Self {
        let metadata = |holder: &'a Value| annotations(holder.pointer("/metadata/annotations"));
        let template = service.pointer("/spec/template").unwrap_or(&Value::Null);
        Self {
            annotations: metadata(service),
            template_annotations: metadata(template),
            service,
        }
    }

    /// The Service as the rest of the chain takes it.
    #[must_use]
    pub fn service(&self) -> Service<'_> {
        let number = |key: &str| {
            self.service
                .pointer("/spec/template/spec")
                .and_then(|s| s.get(key)?.as_i64())
        };
        Service {
            name: text(self.service, "/metadata/name"),
            generate_name: text(self.service, "/metadata/generateName"),
            annotations: &self.annotations,
            template: Template {
                annotations: &self.template_annotations,
                name: text(self.service, "/spec/template/metadata/name"),
                generate_name: text(self.service, "/spec/template/metadata/generateName"),
                container_concurrency: number("containerConcurrency"),
                timeout_seconds: number("timeoutSeconds"),
                pod: Some(
                    self.service
                        .pointer("/spec/template/spec")
                        .unwrap_or(&Value::Null),
                ),
            },
            traffic: self
                .service
                .pointer("/spec/traffic")
                .and_then(Value::as_array)
                .map_or(&[], Vec::as_slice),
        }
    }
}

/// Why the webhook refuses to create a Service, to the letter; `None` if it accepts it.
#[must_use]
pub fn validate_service(service: &Value, configs: &Configs) -> Option<String> {
    ParsedService::new(service).service().validate(configs)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn autoscaling_annotations_belong_on_the_template() {
        let service = json!({
            "metadata": {"name": "app", "annotations": {
                "autoscaling.knative.dev/min-scale": "1", "serving.knative.dev/rollout-duration": "1500ms"}},
            "spec": {"template": {"metadata": {"name": "other", "annotations": {
                "autoscaling.knative.dev/metric": "cpu", "queue.sidecar.serving.knative.dev/cpu-resource-request": "x"}},
                "spec": {"containerConcurrency": -1, "timeoutSeconds": 601, "containers": [{"image": "i"}]}}}
        });
        assert_eq!(
            validate_service(&service, &Configs::default()).unwrap(),
            "expected 0 <= -1 <= 1000: spec.template.spec.containerConcurrency\n\
             expected 0 <= 601 <= 600: spec.template.spec.timeoutSeconds\n\
             invalid key name \"autoscaling.knative.dev/min-scale\": metadata.annotations\n\
             autoscaling annotations must be put under \"spec.template.metadata.annotations\" to work\n\
             invalid value: \"other\" must have prefix \"app-\": spec.template.metadata.name\n\
             invalid value: cpu: spec.template.metadata.annotations.autoscaling.knative.dev/metric\n\
             invalid value: x: spec.template.metadata.annotations.[queue.sidecar.serving.knative.dev/cpu-resource-request]\n\
             rollout-duration=1500ms is not at second precision: metadata.annotations.serving.knative.dev/rollout-duration"
        );
    }

    #[test]
    fn a_revision_is_numbered_or_named() {
        let service = json!({"metadata": {"name": "app"}});
        assert_eq!(
            ParsedService::new(&service).service().revision_name(12),
            "app-00012"
        );
        let service = json!({"metadata": {"name": "app"}, "spec": {"template": {"metadata": {"name": "app-v1"}}}});
        assert_eq!(
            ParsedService::new(&service).service().revision_name(12),
            "app-v1"
        );
    }
}
