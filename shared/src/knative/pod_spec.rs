//! What Knative's webhook refuses in the pod of a revision template.
//!
//! Source: knative/serving 1.23, pkg/apis/serving/{k8s_validation,fieldmask}.go. Checked are the fields of the pod, and
//! number, names, images, ports and environment of its containers; not probes, volumes and security contexts. Fields that
//! the Service's CRD does not know are pruned by the API server before any webhook sees them, so they raise no error; the
//! CRDs up to 1.5 kept them.

use serde_json::Value;

use super::config_features::{Feature, FeaturesConfig};
use super::configs::Configs;
use super::field_error::FieldErrors;
use super::release::{Behaviour, KnativeVersion};
use crate::go;
use crate::kubernetes::names;

/// Fields that need a feature, sorted, and whether an empty value counts as set (a pointer, list or map in Go).
const GUARDED: [(&str, Feature, bool); 17] = [
    ("affinity", Feature::Affinity, true),
    ("dnsConfig", Feature::DnsConfig, true),
    ("dnsPolicy", Feature::DnsPolicy, false),
    ("hostAliases", Feature::HostAliases, true),
    ("hostIPC", Feature::HostIpc, false),
    ("hostNetwork", Feature::HostNetwork, false),
    ("hostPID", Feature::HostPid, false),
    ("initContainers", Feature::InitContainers, true),
    ("nodeSelector", Feature::NodeSelector, true),
    ("priorityClassName", Feature::PriorityClassName, false),
    ("runtimeClassName", Feature::RuntimeClassName, true),
    ("schedulerName", Feature::SchedulerName, false),
    ("securityContext", Feature::SecurityContext, true),
    (
        "shareProcessNamespace",
        Feature::ShareProcessNamespace,
        true,
    ),
    ("tolerations", Feature::Tolerations, true),
    (
        "topologySpreadConstraints",
        Feature::TopologySpreadConstraints,
        true,
    ),
    (
        "automountServiceAccountToken",
        Feature::MultiContainer,
        true,
    ),
];

/// Fields that no release takes, and whether an empty value counts as set. Source: knative/serving 1.5,
/// pkg/apis/serving/fieldmask.go, and the PodSpec of k8s.io/api 0.23.
const NEVER: [(&str, bool); 14] = [
    ("activeDeadlineSeconds", true),
    ("ephemeralContainers", true),
    ("hostname", false),
    ("nodeName", false),
    ("overhead", true),
    ("preemptionPolicy", true),
    ("priority", true),
    ("readinessGates", true),
    ("restartPolicy", false),
    ("serviceAccount", false),
    ("setHostnameAsFQDN", true),
    ("subdomain", false),
    ("terminationGracePeriodSeconds", true),
    // Known to nothing before 1.23 of Kubernetes; a release that does not know it cannot decode it, and refuses it too.
    ("os", true),
];

/// Whether a field of the pod is one that no release takes.
pub(super) fn is_never_allowed(field: &str) -> bool {
    NEVER.iter().any(|(never, _)| *never == field)
}

/// Ports of queue-proxy.
const RESERVED_PORTS: [i64; 6] = [8008, 8012, 8013, 8022, 9090, 9091];
const RESERVED_VARIABLES: [&str; 4] = ["PORT", "K_SERVICE", "K_CONFIGURATION", "K_REVISION"];

/// Adds what is wrong; paths start at the template's `spec`.
pub(super) fn validate(pod: &Value, configs: &Configs, errors: &mut FieldErrors) {
    let (features, release) = (&configs.features, configs.release());
    fields(pod, features, release, errors);
    let init = list(pod, "initContainers");
    if !init.is_empty() && !features.is_enabled(Feature::InitContainers) {
        errors.add(
            format!(
                "pod spec support for init-containers is off, but found {} init containers",
                init.len()
            ),
            &[],
        );
    }
    let containers = list(pod, "containers");
    if !release.has(Behaviour::PortsPerContainer) {
        ports_of_all(containers, errors);
    }
    match containers {
        [] => errors.missing("containers"),
        [one] => container(one, true, false, release, errors, "containers[0]"),
        many => several(many, features, release, errors),
    }
    let account = text(pod, "serviceAccountName");
    if !account.is_empty() {
        for message in names::dns1123_subdomain_errors(account) {
            errors.add_detailed(
                format!("invalid value: {account}"),
                &["serviceAccountName"],
                message,
            );
        }
    }
}

fn list<'a>(holder: &'a Value, key: &str) -> &'a [Value] {
    holder
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn text<'a>(holder: &'a Value, key: &str) -> &'a str {
    holder.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn fields(
    pod: &Value,
    features: &FeaturesConfig,
    release: KnativeVersion,
    errors: &mut FieldErrors,
) {
    let mut disallowed: Vec<&str> = GUARDED
        .into_iter()
        .filter(|(field, feature, empty_counts)| {
            let pruned = !feature.is_known_to(release) && !release.has(Behaviour::KeepsPodFields);
            is_set(pod.get(*field), *empty_counts)
                && !pruned
                && !allowed(field, *feature, pod, features)
        })
        .map(|(field, ..)| field)
        .collect();
    if release.has(Behaviour::KeepsPodFields) {
        let never = NEVER
            .into_iter()
            .filter(|(field, empty_counts)| is_set(pod.get(*field), *empty_counts));
        disallowed.extend(never.map(|(field, _)| field));
    }
    if !disallowed.is_empty() {
        disallowed.sort_unstable();
        errors.disallowed(&disallowed);
    }
}

fn allowed(field: &str, feature: Feature, pod: &Value, features: &FeaturesConfig) -> bool {
    match field {
        // Needs no feature, but may only be switched off.
        "automountServiceAccountToken" => pod.get(field) == Some(&Value::Bool(false)),
        "securityContext" => {
            !features.is_disabled(feature) || !features.is_disabled(Feature::SecurePodDefaults)
        }
        _ => !features.is_disabled(feature),
    }
}

fn is_set(value: Option<&Value>, empty_counts: bool) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(false)) => empty_counts,
        Some(Value::String(text)) => empty_counts || !text.is_empty(),
        Some(_) => true,
    }
}

/// Ports where each container is looked at alone.
fn ports_of_several(containers: &[Value], errors: &mut FieldErrors) {
    let count: usize = containers.iter().map(|c| list(c, "ports").len()).sum();
    match count {
        0 => errors.missing("containers.ports"),
        1 => {}
        _ => errors.add("expected exactly one, got both", &["containers.ports"]),
    }
}

/// One port in all containers together.
fn ports_of_all(containers: &[Value], errors: &mut FieldErrors) {
    let count: usize = containers.iter().map(|c| list(c, "ports").len()).sum();
    let path = "containers[*].ports";
    if count == 0 && containers.len() > 1 {
        errors.missing(path);
    } else if count > 1 {
        let details = "Only a single port is allowed across all containers";
        errors.add_detailed("more than one container port is set", &[path], details);
    }
}

fn several(
    containers: &[Value],
    features: &FeaturesConfig,
    release: KnativeVersion,
    errors: &mut FieldErrors,
) {
    if !features.is_enabled(Feature::MultiContainer) {
        errors.add(
            format!(
                "multi-container is off, but found {} containers",
                containers.len()
            ),
            &[],
        );
        return;
    }
    let mut found = FieldErrors::default();
    if release.has(Behaviour::PortsPerContainer) {
        ports_of_several(containers, &mut found);
    }
    for (index, one) in containers.iter().enumerate() {
        let path = format!("containers[{index}]");
        let name = text(one, "name");
        // A container without a name gets one of its own by default.
        if release.has(Behaviour::UniqueContainerNames)
            && !name.is_empty()
            && containers
                .iter()
                .take(index)
                .any(|other| text(other, "name") == name)
        {
            found.add(
                format!("duplicate container name {}", go::quote(name)),
                &["name"],
            );
            // Upstream puts the path before everything found so far, not only before this.
            found = found.via(&path);
        }
        let serves = !list(one, "ports").is_empty();
        container(one, serves, !serves, release, &mut found, &path);
    }
    errors.also(found);
}

fn container(
    container: &Value,
    serves: bool,
    sidecar: bool,
    release: KnativeVersion,
    errors: &mut FieldErrors,
    path: &str,
) {
    let mut found = FieldErrors::default();
    if release.has(Behaviour::PortsPerContainer) && list(container, "ports").len() > 1 {
        let details = "Only a single port is allowed";
        found.add_detailed("More than one container port is set", &["ports"], details);
    }
    if text(container, "name") == "queue-proxy" {
        found.add("\"queue-proxy\" is a reserved container name", &["name"]);
    }
    for (index, variable) in list(container, "env").iter().enumerate() {
        environment(variable, sidecar, &mut found, &format!("env[{index}].name"));
    }
    if text(container, "image").is_empty() {
        found.missing("image");
    }
    if let (true, Some(port)) = (serves, list(container, "ports").first()) {
        port_of_one(port, &mut found);
    }
    let policy = text(container, "terminationMessagePolicy");
    if !matches!(policy, "" | "File" | "FallbackToLogsOnError") {
        found.invalid(policy, "terminationMessagePolicy");
    }
    errors.also(found.via(path));
}

fn environment(variable: &Value, sidecar: bool, errors: &mut FieldErrors, path: &str) {
    let name = text(variable, "name");
    if name.is_empty() {
        errors.missing(path);
    } else if RESERVED_VARIABLES.contains(&name) && !(sidecar && name == "PORT") {
        errors.add(
            format!("{} is a reserved environment variable", go::quote(name)),
            &[path],
        );
    }
}

fn port_of_one(port: &Value, errors: &mut FieldErrors) {
    let number = port
        .get("containerPort")
        .and_then(Value::as_i64)
        .unwrap_or(0);
    if RESERVED_PORTS.contains(&number) {
        let details = format!("{number} is a reserved port, please use a different value");
        errors.add_detailed(
            format!("invalid value: {number} is a reserved port"),
            &["ports.containerPort"],
            details,
        );
    }
    if !(0..=65535).contains(&number) {
        errors.out_of_bounds(number, 0, 65535, "ports.containerPort");
    }
    let protocol = text(port, "protocol");
    if !matches!(protocol, "" | "TCP") {
        errors.invalid(protocol, "ports.protocol");
    }
    let name = text(port, "name");
    if !matches!(name, "" | "h2c" | "http1") {
        let details = "Name must be empty, or one of: 'h2c', 'http1'";
        errors.add_detailed(
            format!("Port name {name} is not allowed"),
            &["ports"],
            details,
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn errors(pod: &Value) -> String {
        let mut errors = FieldErrors::default();
        validate(pod, &Configs::default(), &mut errors);
        errors.to_string()
    }

    #[test]
    fn guards_fields_by_features() {
        let pod = json!({
            "containers": [{"image": "i"}], "nodeSelector": {"a": "b"}, "affinity": {}, "hostNetwork": false,
            "automountServiceAccountToken": false, "terminationGracePeriodSeconds": 1
        });
        assert_eq!(
            errors(&pod),
            "must not set the field(s): affinity, nodeSelector"
        );
    }

    #[test]
    fn counts_containers_and_ports() {
        assert_eq!(errors(&json!({})), "missing field(s): containers");
        assert_eq!(
            errors(&json!({"containers": [{"image": "i"}, {"image": "i"}]})),
            "missing field(s): containers[*].ports"
        );
        assert_eq!(
            errors(
                &json!({"containers": [{"name": "queue-proxy", "ports": [{"containerPort": 8012, "name": "http"}]}]})
            ),
            "\"queue-proxy\" is a reserved container name: containers[0].name\n\
             Port name http is not allowed: containers[0].ports\nName must be empty, or one of: 'h2c', 'http1'\n\
             invalid value: 8012 is a reserved port: containers[0].ports.containerPort\n\
             8012 is a reserved port, please use a different value\nmissing field(s): containers[0].image"
        );
    }
}
