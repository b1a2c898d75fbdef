//! What Knative's webhook refuses in the traffic of a Service.
//!
//! Source: knative/serving 1.23, pkg/apis/serving/v1/{route_defaults,route_validation}.go. The names of revisions are not
//! held against Kubernetes' rules for them.

use serde_json::Value;

use super::field_error::FieldErrors;
use crate::go;
use crate::kubernetes::names;

/// What is wrong, after defaulting; paths start at `spec.traffic`.
pub(super) fn validate(traffic: &[Value]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    // Nothing written is all of it to the latest revision.
    if traffic.is_empty() {
        return errors;
    }
    let mut sum = 0i64;
    for (index, target) in traffic.iter().enumerate() {
        let at = |field: &str| format!("[{index}].{field}");
        check_target(target, &at, &mut errors);
        sum = sum.saturating_add(percent(target));
        let tag = text(target, "tag");
        if tag.is_empty() {
            continue;
        }
        let messages = names::dns1035_label_errors(tag, false);
        if !messages.is_empty() {
            // Upstream puts the index behind the field here.
            let what = format!("not a DNS 1035 label: [{}]", messages.join(" "));
            errors.invalid(what, &format!("tag[{index}]"));
        }
        if let Some(first) = traffic
            .iter()
            .take(index)
            .position(|other| text(other, "tag") == tag)
        {
            let paths = [at("tag"), format!("[{first}].tag")];
            errors.add(
                format!("Multiple definitions for {}", go::quote(tag)),
                &[&paths[0], &paths[1]],
            );
        }
    }
    if sum != 100 {
        errors.add(format!("Traffic targets sum to {sum}, want 100"), &[""]);
    }
    errors
}

fn text<'a>(target: &'a Value, key: &str) -> &'a str {
    target.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn percent(target: &Value) -> i64 {
    target.get("percent").and_then(Value::as_i64).unwrap_or(0)
}

fn check_target(target: &Value, at: &impl Fn(&str) -> String, errors: &mut FieldErrors) {
    let revision = text(target, "revisionName");
    let pinned = !revision.is_empty();
    if let Some(latest) = target.get("latestRevision").and_then(Value::as_bool)
        && latest == pinned
    {
        let revision = go::quote(revision);
        let message =
            format!("may not set revisionName {revision} when latestRevision is {latest}");
        errors.add(message, &[&at("latestRevision")]);
    }
    if !text(target, "configurationName").is_empty() {
        errors.disallowed(&[&at("configurationName")]);
    }
    let percent = percent(target);
    if !(0..=100).contains(&percent) {
        errors.out_of_bounds(percent, 0, 100, &at("percent"));
    }
    if !text(target, "url").is_empty() {
        errors.disallowed(&[&at("url")]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn targets_must_sum_up() {
        let traffic = [
            json!({"percent": 60, "latestRevision": true}),
            json!({"percent": 50, "revisionName": "a", "latestRevision": true}),
        ];
        assert_eq!(
            validate(&traffic).via("spec.traffic").to_string(),
            "Traffic targets sum to 110, want 100: spec.traffic\n\
             may not set revisionName \"a\" when latestRevision is true: spec.traffic[1].latestRevision"
        );
    }
}
