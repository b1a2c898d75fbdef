//! A setting that was accepted, and is lost on the way without a word.

use serde_json::Value;

use super::Case;
use crate::observed::read::text;
use crate::observed::types::{Cause, ObservedComponent};

/// `field-pruned`
pub(super) fn find(case: &Case<'_>, component: &ObservedComponent, causes: &mut Vec<Cause>) {
    let Some(service) = &component.service else {
        return;
    };
    let written = case
        .object
        .pointer(&format!("/spec/{}/resources", component.name));
    if text(case.object, "/kind") != "InferenceService" || written.is_none_or(Value::is_null) {
        return;
    }
    let group = "serving.knative.dev";
    let found = case
        .index
        .find(group, "Service", case.namespace, &service.name);
    if found.is_none_or(|found| found.pointer("/spec/template/spec/resources").is_some()) {
        return;
    }
    let title = format!("Service/{}", service.name);
    let message = format!(
        "spec.{}.resources is lost: the Service that KServe writes has no such field, and the API server drops it without a word",
        component.name
    );
    causes.push(
        Cause::note("field-pruned", title.clone(), message)
            .seen(format!("{title}: no spec.template.spec.resources"))
            .help(format!(
                "write the requests to spec.{}.model.resources, or those of the container",
                component.name
            )),
    );
}
