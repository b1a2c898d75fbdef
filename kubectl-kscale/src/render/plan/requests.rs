//! What is sent, request by request.

use kscale_rules::switch::{Plan, PlannedRequest, RequestVerb};
use serde_json::Value;

use super::super::paper::{Ink, Paper, span};
use super::{HANG, entry};

/// Every request with its JSON Patch, and the patch that takes it back.
pub(super) fn write(paper: &mut Paper, plan: &Plan) {
    for request in &plan.requests {
        let verb = match request.verb {
            RequestVerb::Patch => "patch",
            RequestVerb::Delete => "delete",
        };
        let what = format!(
            "{verb} {} {} in {} ({})",
            request.kind, request.name, request.namespace, request.api_version
        );
        let mut body = vec![span(Ink::Plain, what)];
        if !request.why.is_empty() {
            body.push(span(Ink::Dim, format!(": {}", request.why)));
        }
        entry(paper, "request", body);
        operations(paper, &request.patch);
    }
    if !plan.undo.is_empty() {
        let text = "the JSON Patch that takes the object back";
        entry(paper, "undo", [span(Ink::Dim, text)]);
        operations(paper, &plan.undo);
    }
}

/// `replace /spec/predictor/maxReplicas 3`, whole and on one line: pointers are copied.
fn operations(paper: &mut Paper, patch: &[Value]) {
    for operation in patch {
        let text = |key: &str| operation.get(key).and_then(Value::as_str);
        let mut line = format!(
            "{} {}",
            text("op").unwrap_or_default(),
            text("path").unwrap_or_default()
        );
        if let Some(value) = operation.get("value") {
            line.push_str(&format!(" {value}"));
        }
        paper.verbatim(HANG + 2, Ink::Plain, &line);
    }
}

/// What somebody must do in the cluster once the manifests are applied there.
pub(super) fn by_hand(paper: &mut Paper, plan: &Plan) {
    let deletions = plan.requests.iter();
    for request in deletions.filter(|one| one.verb == RequestVerb::Delete) {
        let mut text = format!("once it is applied, delete the {}", request.kind);
        if !request.why.is_empty() {
            text.push_str(&format!(" ({})", request.why));
        }
        text.push(':');
        entry(paper, "then", [span(Ink::Plain, text)]);
        paper.verbatim(HANG, Ink::Strong, &command(request));
    }
}

/// `kubectl delete horizontalpodautoscaler.autoscaling bert-predictor -n ml`
fn command(request: &PlannedRequest) -> String {
    let kind = request.kind.to_lowercase();
    let group = request.api_version.split_once('/');
    let resource = group.map_or_else(|| kind.clone(), |(group, _)| format!("{kind}.{group}"));
    let mut command = format!("kubectl delete {resource} {}", request.name);
    if !request.namespace.is_empty() {
        command.push_str(&format!(" -n {}", request.namespace));
    }
    command
}
