//! KEDA, where something is scaled by it.

use serde_json::Value;

use super::about::checks;
use super::deployments::{Health, health};
use super::knative_serving::of_pods;
use super::report::CheckResult;
use super::view::{Told, View, annotation, condition, name_of, some_of, words};
use crate::facts::text;

checks! {
    "keda";
    INSTALLED: "installed", "KEDA is installed, which workloads ask for";
    OPERATOR: "operator", "its operator is available";
    READY: "scaledobjects", "its ScaledObjects are ready";
}

const OPERATOR_NAME: &str = "keda-operator";

/// The checks; none where nothing asks for KEDA.
pub(super) fn checks(view: &View<'_>) -> Vec<CheckResult> {
    let objects: Vec<&Value> = view.all("keda.sh", "ScaledObject").collect();
    let users = users(view);
    if objects.is_empty() && users.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    match view.crd("scaledobjects.keda.sh") {
        Told::There(_) => found.push(INSTALLED.ok("")),
        Told::Unknown(_) if !objects.is_empty() => found.push(INSTALLED.ok("")),
        Told::Unknown(why) => found.push(INSTALLED.unknown(why)),
        Told::Absent => {
            found.push(INSTALLED.error(
                format!(
                    "there is no CustomResourceDefinition scaledobjects.keda.sh; {} ask for the class keda",
                    some_of(&users)
                ),
                "install KEDA (https://keda.sh/docs/latest/deploy/) and start KServe's controller again, which looks for it once",
            ));
            return found;
        }
    }
    found.extend(operator(view));
    found.extend(ready(&objects));
    found
}

/// InferenceServices of the class keda.
fn users(view: &View<'_>) -> Vec<String> {
    view.all("serving.kserve.io", "InferenceService")
        .filter(|one| annotation(one, "serving.kserve.io/autoscalerClass") == "keda")
        .map(name_of)
        .collect()
}

/// Its namespace is the administrator's choice, so its Deployment may not have been read at all.
fn operator(view: &View<'_>) -> Option<CheckResult> {
    let mut all = view.all("apps", "Deployment");
    let operator = all.find(|one| text(one, "/metadata/name") == OPERATOR_NAME)?;
    let name = name_of(operator);
    let namespace = text(operator, "/metadata/namespace");
    Some(match health(operator) {
        Health::Available(available, wanted) => {
            OPERATOR.ok(format!("{name}, {available} of {wanted} replicas"))
        }
        Health::ScaledToZero => OPERATOR.error(
            format!("{name} is scaled to zero: nothing of class keda scales"),
            format!("kubectl scale deployment -n {namespace} {OPERATOR_NAME} --replicas 1"),
        ),
        Health::Unavailable(why) => OPERATOR.error(
            format!("{name}: {why}{}", of_pods(view, operator)),
            format!("kubectl logs -n {namespace} deployment/{OPERATOR_NAME}"),
        ),
        Health::Unknown => OPERATOR.unknown(format!("Deployment {name} has no status")),
    })
}

fn ready(objects: &[&Value]) -> Option<CheckResult> {
    if objects.is_empty() {
        return None;
    }
    let bad = objects.iter().filter_map(|object| {
        let ready = condition(object, "Ready")?;
        let is_ready = text(ready, "/status") == "True";
        (!is_ready).then(|| format!("{}: {}", name_of(object), words(ready)))
    });
    let bad: Vec<String> = bad.collect();
    if bad.is_empty() {
        return Some(READY.ok(format!("{0} of {0}", objects.len())));
    }
    Some(READY.warning(
        some_of(&bad),
        "kubectl describe scaledobject tells more of each",
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::report::State;
    use super::super::tests::{deployment, named, report, states};

    fn of_class_keda() -> Value {
        json!({
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {"name": "bert", "namespace": "ml", "annotations": {"serving.kserve.io/autoscalerClass": "keda"}},
        })
    }

    fn scaled_object(ready: &str) -> Value {
        json!({
            "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject",
            "metadata": {"name": "bert", "namespace": "ml"},
            "status": {"conditions": [{"type": "Ready", "status": ready, "reason": "TriggerError", "message": "no such host"}]},
        })
    }

    #[test]
    fn without_a_workload_that_asks_for_it_there_is_no_line() {
        let report = report(&[deployment("keda", "keda-operator", "2.16.0")]);
        assert!(report.categories.iter().all(|one| one.name != "keda"));
    }

    #[test]
    fn a_class_without_keda_is_an_error() {
        let without =
            json!({"apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot", "groups": []});
        let told = named(&[without, of_class_keda()], "keda/installed");
        assert_eq!(told.state, State::Error);
        assert!(told.message.contains("ml/bert"), "{}", told.message);
        assert_eq!(
            states(&[of_class_keda()], "keda/installed"),
            [State::Skipped]
        );
    }

    #[test]
    fn its_operator_and_its_objects_say_how_they_are() {
        let mut objects = vec![
            scaled_object("False"),
            deployment("keda", "keda-operator", "2.16.0"),
        ];
        assert_eq!(states(&objects, "keda/installed"), [State::Ok]);
        assert_eq!(states(&objects, "keda/operator"), [State::Ok]);
        let told = named(&objects, "keda/scaledobjects");
        assert_eq!(
            (told.state, told.message.as_str()),
            (State::Warning, "ml/bert: TriggerError: no such host")
        );
        objects[0] = scaled_object("True");
        objects[1]["spec"]["replicas"] = json!(0);
        assert_eq!(states(&objects, "keda/scaledobjects"), [State::Ok]);
        assert_eq!(states(&objects, "keda/operator"), [State::Error]);
    }
}
