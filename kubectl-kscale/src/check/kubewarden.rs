//! Kubewarden and our policy, where they are installed.

use serde_json::Value;

use super::about::checks;
use super::report::CheckResult;
use super::view::{Told, View, name_of, words};
use crate::facts::text;

checks! {
    "kubewarden";
    POLICY: "policy", "kscale's policy is deployed";
    ACTIVE: "active", "it is active";
    MODE: "mode", "what it does with what it finds";
}

const GROUP: &str = "policies.kubewarden.io";

/// The checks; none where Kubewarden is not installed, or nobody told.
pub(super) fn checks(view: &View<'_>) -> Vec<CheckResult> {
    const KINDS: [&str; 4] = [
        "ClusterAdmissionPolicy",
        "AdmissionPolicy",
        "ClusterAdmissionPolicyGroup",
        "AdmissionPolicyGroup",
    ];
    let ours = KINDS
        .iter()
        .flat_map(|kind| view.all(GROUP, kind))
        .filter(|one| is_ours(one));
    let ours: Vec<&Value> = ours.collect();
    if ours.is_empty() {
        let installed = view.crd("clusteradmissionpolicies.policies.kubewarden.io");
        if !matches!(installed, Told::There(_)) {
            return Vec::new();
        }
        return match view.list(GROUP, "ClusterAdmissionPolicy") {
            Told::Unknown(why) => vec![POLICY.unknown(why)],
            Told::There(all) if all.is_empty() && !view.is_live() => {
                vec![POLICY.unknown("no ClusterAdmissionPolicy was given")]
            }
            _ => vec![POLICY.info("Kubewarden is installed, and no ClusterAdmissionPolicy is made of a module named kscale")],
        };
    }
    ours.into_iter().flat_map(policy).collect()
}

/// Modules are named by where they are kept, which everybody chooses; ours keeps its name.
fn is_ours(policy: &Value) -> bool {
    let of = |module: &str| module.to_lowercase().contains("kscale");
    let members = policy.pointer("/spec/policies").and_then(Value::as_object);
    let mut members = members.into_iter().flatten();
    of(text(policy, "/spec/module")) || members.any(|(_, member)| of(text(member, "/module")))
}

fn policy(policy: &Value) -> Vec<CheckResult> {
    let name = name_of(policy);
    let kind = text(policy, "/kind");
    let mut found = vec![POLICY.ok(format!("{kind} {name}"))];
    let hint = format!(
        "kubectl describe {} {}",
        kind.to_lowercase(),
        text(policy, "/metadata/name")
    );
    found.push(match text(policy, "/status/policyStatus") {
        "active" => ACTIVE.ok(name.clone()),
        "" => ACTIVE.unknown(format!("{name} has no status")),
        status => {
            let conditions = policy
                .pointer("/status/conditions")
                .and_then(Value::as_array);
            let mut conditions = conditions.into_iter().flatten();
            let bad = conditions.find(|one| text(one, "/status") == "False");
            let why = bad.map_or_else(String::new, |one| format!(" ({})", words(one)));
            ACTIVE.warning(
                format!("{name} is {status}{why}: it judges nothing yet"),
                hint,
            )
        }
    });
    let mode = match text(policy, "/status/mode") {
        "" | "unknown" => text(policy, "/spec/mode"),
        mode => mode,
    };
    found.push(MODE.info(match mode {
        "monitor" => format!("policy {name} monitors: what it finds is only reported"),
        _ => format!("policy {name} protects: what it finds is refused"),
    }));
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::report::State;
    use super::super::tests::{named, report, states};

    fn crd() -> Value {
        json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "clusteradmissionpolicies.policies.kubewarden.io"},
        })
    }

    fn policy(module: &str, status: &str, mode: &str) -> Value {
        json!({
            "apiVersion": "policies.kubewarden.io/v1", "kind": "ClusterAdmissionPolicy",
            "metadata": {"name": "autoscaling"},
            "spec": {"module": module, "mode": mode},
            "status": {"policyStatus": status, "conditions": [
                {"type": "PolicyActive", "status": "False", "reason": "PolicyServerSecretNotFound"},
            ]},
        })
    }

    const OURS: &str = "registry://ghcr.io/kscale/policies/kscale:v0.1.0";

    #[test]
    fn without_kubewarden_there_is_no_line() {
        assert!(
            report(&[])
                .categories
                .iter()
                .all(|one| one.name != "kubewarden")
        );
        assert_eq!(
            states(
                &[crd(), policy("registry://a/b:v1", "active", "protect")],
                "kubewarden/policy"
            ),
            [State::Info]
        );
    }

    #[test]
    fn a_policy_that_is_not_active_judges_nothing() {
        assert_eq!(
            states(&[policy(OURS, "active", "protect")], "kubewarden/active"),
            [State::Ok]
        );
        let told = named(&[policy(OURS, "pending", "protect")], "kubewarden/active");
        assert_eq!(told.state, State::Warning);
        assert_eq!(
            told.message,
            "autoscaling is pending (PolicyServerSecretNotFound): it judges nothing yet"
        );
    }

    #[test]
    fn its_mode_says_what_comes_of_a_finding() {
        let mode = |mode| named(&[policy(OURS, "active", mode)], "kubewarden/mode").message;
        assert!(mode("monitor").ends_with("only reported"));
        assert!(mode("protect").ends_with("refused"));
    }
}
