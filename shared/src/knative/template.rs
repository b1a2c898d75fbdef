//! What Knative's webhook refuses in a revision template.
//!
//! Source: knative/serving 1.23: pkg/apis/serving/v1/{revision_defaults,revision_validation}.go,
//! pkg/apis/serving/metadata_validation.go; knative.dev/networking, pkg/apis/networking/metadata_validation.go.

use serde_json::Value;

use super::annotations::{
    Annotations, Key, PROGRESS_DEADLINE, QUEUE_CPU_LIMIT, QUEUE_CPU_REQUEST, QUEUE_MEMORY_LIMIT,
    QUEUE_MEMORY_REQUEST, QUEUE_RESOURCE_PERCENTAGE, QUEUE_STORAGE_LIMIT, QUEUE_STORAGE_REQUEST,
};
use super::config_defaults::DefaultsConfig;
use super::configs::Configs;
use super::field_error::FieldErrors;
use super::release::{Behaviour, KnativeVersion};
use super::{pod_spec, validate};
use crate::go::{self, Duration};
use crate::kubernetes::{Quantity, names};

/// A revision template, as far as it is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Template<'a> {
    /// `metadata.annotations`.
    pub annotations: &'a Annotations,
    /// `metadata.name`, empty if there is none.
    pub name: &'a str,
    /// `metadata.generateName`, empty if there is none.
    pub generate_name: &'a str,
    /// `spec.containerConcurrency`.
    pub container_concurrency: Option<i64>,
    /// `spec.timeoutSeconds`.
    pub timeout_seconds: Option<i64>,
    /// `spec`, to look into the pod; `None` leaves the pod unchecked.
    pub pod: Option<&'a Value>,
}

/// Name and `generateName` of the Service that a template belongs to; empty where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parent<'a> {
    /// `metadata.name`.
    pub name: &'a str,
    /// `metadata.generateName`.
    pub generate_name: &'a str,
}

/// Requests at once per pod after defaulting: the template's own, else the cluster's.
#[must_use]
pub fn effective_concurrency(concurrency: Option<i64>, defaults: &DefaultsConfig) -> i64 {
    concurrency.unwrap_or(defaults.container_concurrency)
}

/// What is wrong with a template that is created, after defaulting; paths start at the template.
///
/// Upstream bounds only the timeout: `responseStartTimeoutSeconds` and `idleTimeoutSeconds` pass whatever they are.
#[must_use]
pub fn validate_template(
    template: &Template<'_>,
    parent: Parent<'_>,
    configs: &Configs,
) -> FieldErrors {
    let mut spec = FieldErrors::default();
    if let Some(pod) = template.pod {
        pod_spec::validate(pod, configs, &mut spec);
    }
    // Unset and 0 become the cluster's default; the ConfigMap may hold a negative one.
    let written = template.timeout_seconds.filter(|timeout| *timeout != 0);
    let timeout = written.unwrap_or(configs.defaults.revision_timeout_seconds);
    let longest = configs.defaults.max_revision_timeout_seconds;
    if timeout < 0 || timeout > longest {
        spec.out_of_bounds(timeout, 0, longest, "timeoutSeconds");
    }
    let concurrency = effective_concurrency(template.container_concurrency, &configs.defaults);
    check_concurrency(concurrency, &configs.defaults, "", &mut spec);

    let mut annotations = validate::validate_annotations(&configs.autoscaler, template.annotations);
    let release = configs.release();
    if release.has(Behaviour::NetworkingKeys) {
        networking_keys(template.annotations, &mut annotations);
    }
    queue_resources(template.annotations, release, &mut annotations);
    if release.has(Behaviour::ProgressDeadline) {
        whole_positive_seconds(
            template.annotations,
            PROGRESS_DEADLINE,
            "progress-deadline",
            &mut annotations,
        );
    }

    let mut errors = spec.via("spec");
    errors.also(annotations.via("metadata.annotations"));
    names_of(template, parent, &mut errors);
    errors
}

/// The bounds of `containerConcurrency`; `prefix` is put before the field's name.
pub(super) fn check_concurrency(
    value: i64,
    defaults: &DefaultsConfig,
    prefix: &str,
    errors: &mut FieldErrors,
) {
    let lowest = i64::from(!defaults.allow_container_concurrency_zero);
    let highest = defaults.container_concurrency_max_limit;
    if value < lowest || value > highest {
        errors.out_of_bounds(
            value,
            lowest,
            highest,
            &format!("{prefix}containerConcurrency"),
        );
    }
}

/// Checks a duration that must be positive and without fractions of a second. An empty text counts as none.
pub(super) fn whole_positive_seconds(
    annotations: &Annotations,
    key: Key,
    name: &str,
    errors: &mut FieldErrors,
) {
    let Some((key, value)) = key.get(annotations).filter(|(_, value)| !value.is_empty()) else {
        return;
    };
    match go::parse_duration(value) {
        Err(_) => errors.invalid(value, key),
        Ok(span) if !span.is_whole_seconds() => {
            errors.add(format!("{name}={value} is not at second precision"), &[key]);
        }
        Ok(span) if span < Duration::ZERO => {
            errors.add(format!("{name}={value} must be positive"), &[key]);
        }
        Ok(_) => {}
    }
}

const NETWORKING_KEYS: [&str; 9] = [
    "networking.knative.dev/certificate-class",
    "networking.knative.dev/certificate.class",
    "networking.knative.dev/disable-auto-tls",
    "networking.knative.dev/disable-external-domain-tls",
    "networking.knative.dev/disableAutoTLS",
    "networking.knative.dev/http-protocol",
    "networking.knative.dev/httpOption",
    "networking.knative.dev/ingress-class",
    "networking.knative.dev/ingress.class",
];

fn networking_keys(annotations: &Annotations, errors: &mut FieldErrors) {
    let known = |key: &str| NETWORKING_KEYS.contains(&key);
    for key in annotations
        .keys()
        .filter(|key| key.starts_with("networking.knative.dev") && !known(key))
    {
        errors.add(format!("invalid key name {}", go::quote(key)), &[""]);
    }
}

/// Bounds of the deprecated percentage.
const LOWEST_SHARE: f64 = 0.1;
const HIGHEST_SHARE: f64 = 100.0;

fn queue_resources(annotations: &Annotations, release: KnativeVersion, errors: &mut FieldErrors) {
    if let Some((key, value)) = QUEUE_RESOURCE_PERCENTAGE.at(release).get(annotations) {
        // The words of deprecation that go with it are a warning only.
        match go::parse_float(value) {
            Err(_) => errors.invalid(value, &format!("[{key}]")),
            Ok(share) => {
                // NaN is within the bounds, as upstream.
                let (too_small, too_large) = (share < LOWEST_SHARE, share > HIGHEST_SHARE);
                if too_small || too_large {
                    let (share, path) = (go::format_float(share), format!("[{key}]"));
                    errors.out_of_bounds(share, LOWEST_SHARE, HIGHEST_SHARE, &path);
                }
            }
        }
    }
    if !release.has(Behaviour::QueueResources) {
        return;
    }
    for key in [
        QUEUE_CPU_REQUEST,
        QUEUE_CPU_LIMIT,
        QUEUE_MEMORY_REQUEST,
        QUEUE_MEMORY_LIMIT,
        QUEUE_STORAGE_REQUEST,
        QUEUE_STORAGE_LIMIT,
    ] {
        if let Some((key, value)) = key.get(annotations)
            && Quantity::parse(value).is_err()
        {
            errors.invalid(value, &format!("[{key}]"));
        }
    }
}

fn names_of(template: &Template<'_>, parent: Parent<'_>, errors: &mut FieldErrors) {
    let list = |messages: Vec<String>| format!("[{}]", messages.join(" "));
    if !template.generate_name.is_empty() {
        let messages = names::dns1035_label_errors(template.generate_name, true);
        if !messages.is_empty() {
            let what = format!("not a DNS 1035 label prefix: {}", list(messages));
            return errors.invalid(what, "metadata.generateName");
        }
    }
    let name = template.name;
    if name.is_empty() {
        return;
    }
    let messages = names::dns1035_label_errors(name, false);
    if !messages.is_empty() {
        return errors.invalid(
            format!("not a DNS 1035 label: {}", list(messages)),
            "metadata.name",
        );
    }
    if parent.name.is_empty() && !parent.generate_name.is_empty() {
        return errors.disallowed(&["metadata.name"]);
    }
    let prefix = format!("{}-", parent.name);
    if !name.starts_with(&prefix) {
        let what = format!(
            "{} must have prefix {}",
            go::quote(name),
            go::quote(&prefix)
        );
        errors.invalid(what, "metadata.name");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::knative::ConfigData;

    /// knative/serving 1.23, pkg/apis/config/defaults.go refuses no negative timeout; revision_defaults.go writes it, and
    /// revision_validation.go refuses it then.
    #[test]
    fn the_cluster_s_default_timeout_is_checked_too() {
        let defaults = BTreeMap::from([("revision-timeout-seconds".to_owned(), "-1".to_owned())]);
        let data = ConfigData {
            defaults: Some(&defaults),
            ..ConfigData::default()
        };
        let configs = Configs::parse(&data).unwrap();
        let annotations = Annotations::new();
        let told = |timeout_seconds| {
            let template = Template {
                annotations: &annotations,
                name: "",
                generate_name: "",
                container_concurrency: None,
                timeout_seconds,
                pod: None,
            };
            validate_template(&template, Parent::default(), &configs).into_text()
        };
        let refused = Some("expected 0 <= -1 <= 600: spec.timeoutSeconds".to_owned());
        assert_eq!(told(None), refused);
        assert_eq!(told(Some(0)), refused);
        assert_eq!(told(Some(60)), None);
    }
}
