//! The recorded outcome of one line.

use serde_json::Value;

use super::{MODE, NULL, list};

/// The outcome of one line.
pub(crate) struct Outcome<'a> {
    pub(super) line: &'a Value,
    pub(super) expect: &'a Value,
}

impl<'a> Outcome<'a> {
    pub(crate) fn of(line: &'a Value) -> Self {
        let expect = &line["expect"];
        Self { line, expect }
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.expect.get(key).and_then(Value::as_str)
    }

    /// Whether it is refused, on creation or on an update.
    pub(super) fn refused(&self, key: &str) -> bool {
        let errors = self.expect["schema_after_webhook"]["errors"].as_array();
        let mut errors = errors.into_iter().flatten().filter_map(Value::as_str);
        self.text("decode_error").is_some()
            || self.text(key).is_some()
            || errors.any(|error| error.starts_with("spec."))
    }

    /// Whether the controller makes nothing, with `disable-auto-update`, though its components would make something; none
    /// where the line does not tell of the controller.
    pub(super) fn is_left_alone(&self) -> Option<bool> {
        let annotations = &self.line["input"]["metadata"]["annotations"];
        if annotations["serving.kserve.io/disable-auto-update"] != "true" {
            return Some(false);
        }
        let controller = self.expect.get("controller")?;
        let made = list(&controller["created"]).count();
        Some(made == 0 && controller["error"].is_null())
    }

    /// The way that the controller takes: told by what it makes, where it makes anything.
    pub(super) fn mode(&self) -> &str {
        if self.text("mode") == Some("ModelMesh") {
            return "ModelMesh";
        }
        let components = self.components();
        let created = components
            .iter()
            .flat_map(|(_, component)| list(&component["created"]));
        for object in created {
            match object.split('/').next().unwrap_or_default() {
                "Service.serving.knative.dev" => return "Knative",
                "Deployment.apps" => return "Standard",
                _ => {}
            }
        }
        match self.text("mode").unwrap_or_default() {
            "RawDeployment" | "Standard" => "Standard",
            _ => "Knative",
        }
    }

    pub(super) fn components(&self) -> Vec<(&str, &Value)> {
        let map = self.expect.get("components").and_then(Value::as_object);
        let map = map.into_iter().flatten();
        map.map(|(name, value)| (name.as_str(), value)).collect()
    }

    pub(super) fn component(&self, name: &str) -> Option<&Value> {
        self.expect.get("components")?.get(name)
    }

    /// The components that are written, whether the controller gets to them or not.
    pub(super) fn written(&self) -> Vec<&str> {
        let spec = self.line["input"].get("spec").unwrap_or(NULL);
        ["predictor", "transformer", "explainer"]
            .into_iter()
            .filter(|name| spec.get(*name).is_some_and(Value::is_object))
            .collect()
    }

    pub(super) fn stamped_mode(&self) -> Option<&Value> {
        let annotations = self.expect["defaulted_annotations"].as_object();
        annotations.and_then(|annotations| annotations.get(MODE))
    }

    /// How many requests at a time a revision of the component takes, after Knative's defaulting.
    pub(super) fn concurrency(&self, component: &Value) -> i64 {
        let own = component["ksvc_container_concurrency"].as_i64();
        let defaults = &self.line["cluster"]["config_defaults"]["container-concurrency"];
        let cluster = defaults.as_str().and_then(|text| text.parse().ok());
        own.or(cluster).unwrap_or_default()
    }
}
