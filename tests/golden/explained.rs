//! What users read: the explanation, not only the prediction behind it, held against the corpus.

use kscale_rules::explain::{Autoscaler, ComponentExplanation, Explanation};
use serde_json::{Value, json};

use crate::agreement::Agreement;

const NULL: &Value = &Value::Null;
const KPA: &str = "kpa.autoscaling.knative.dev";
const KNATIVE_SERVICE: &str = "Service.serving.knative.dev";
/// The kinds by which KServe has something scaled.
const SCALING: [&str; 3] = [
    KNATIVE_SERVICE,
    "HorizontalPodAutoscaler.autoscaling",
    "ScaledObject.keda.sh",
];

/// Compares the verdict on one component.
pub(crate) fn component(
    expected: &Value,
    explained: &ComponentExplanation,
    agreement: &mut Agreement,
) {
    let wanted = Wanted::of(expected);
    let class = explained.class.as_deref().unwrap_or_default();
    let expected_class = expected["class"].as_str().unwrap_or_default();
    agreement.compare("explained class", &json!(expected_class), &json!(class));
    let autoscaler = match explained.autoscaler {
        // Whether it was stopped stands in the corpus only as what is not there.
        Autoscaler::Stopped if wanted.nothing => json!("unmanaged"),
        autoscaler => json!(autoscaler),
    };
    agreement.compare("explained autoscaler", &wanted.autoscaler, &autoscaler);
    agreement.compare("explained metric", &wanted.metric, &metric(explained));
    agreement.compare("explained target", &wanted.target, &target(explained));
    let bounds = json!([explained.min_replicas, explained.max_replicas]);
    agreement.compare("explained bounds", &wanted.bounds, &bounds);
    agreement.compare(
        "explained failure",
        expected.get("reconcile_error").unwrap_or(NULL),
        &json!(explained.failure),
    );
}

/// Compares which of the objects that scale something KServe is said to create.
pub(crate) fn creates<'a>(
    expected: &Value,
    explained: impl Iterator<Item = &'a ComponentExplanation>,
    agreement: &mut Agreement,
) {
    let mut made: Vec<String> = Vec::new();
    for component in explained {
        let knative = component.creates.iter().any(is_knative_service);
        let kind = |object: &Value| match object["kind"].as_str().unwrap_or_default() {
            "Service" => KNATIVE_SERVICE,
            // The HPA of a revision is made by Knative.
            "HorizontalPodAutoscaler" if !knative => SCALING[1],
            "ScaledObject" => SCALING[2],
            _ => "",
        };
        let named = |object| format!("{}/{}", kind(object), text(&object["name"]));
        made.extend(component.creates.iter().map(named));
    }
    let mut made: Vec<&str> = made.iter().map(String::as_str).filter(scales).collect();
    let created = expected["created"].as_array().into_iter().flatten();
    let mut created: Vec<&str> = created.filter_map(Value::as_str).filter(scales).collect();
    made.sort_unstable();
    created.sort_unstable();
    agreement.compare("explained creates", &json!(created), &json!(made));
}

/// Compares who refuses, and with what text. `components` are the corpus's, in the order in which they are reconciled.
pub(crate) fn admission(
    webhook_error: &Value,
    schema_errors: &[&str],
    components: &[&Value],
    explained: &Explanation,
    agreement: &mut Agreement,
) {
    let admission = &explained.admission;
    agreement.compare(
        "explained admission.kserve",
        webhook_error,
        &json!(admission.kserve),
    );
    let knative = components.iter().find_map(|component| {
        let text = component["knative_error"].as_str()?;
        let error = component["reconcile_error"].as_str()?;
        error.ends_with(text).then(|| {
            format!(
                "admission webhook \"validation.webhook.serving.knative.dev\" denied the request: validation failed: {text}"
            )
        })
    });
    agreement.compare(
        "explained admission.knative",
        &json!(knative),
        &json!(admission.knative),
    );
    let mut texts: Vec<&str> = schema_errors.to_vec();
    if texts.is_empty() {
        let errors = components
            .iter()
            .filter(|component| component["knative"].is_null())
            .map(|component| &component["hpa_after_apiserver"]["errors"]);
        let first = errors.filter_map(Value::as_array).find(|it| !it.is_empty());
        texts.extend(first.into_iter().flatten().filter_map(Value::as_str));
    }
    let kubernetes = admission.kubernetes.as_deref();
    let said = kubernetes.is_some_and(|text| texts.iter().all(|one| text.contains(one)));
    agreement.compare(
        "explained admission.kubernetes",
        &json!(!texts.is_empty()),
        &json!(if texts.is_empty() {
            kubernetes.is_some()
        } else {
            said
        }),
    );
    let keda: Vec<&Value> = components
        .iter()
        .flat_map(|component| keda_refusals(component))
        .collect();
    let actual = admission.keda.as_deref();
    let among = actual.is_some_and(|text| keda.contains(&&json!(text)));
    agreement.compare(
        "explained admission.keda",
        &json!(!keda.is_empty()),
        &json!(if keda.is_empty() {
            actual.is_some()
        } else {
            among
        }),
    );
}

/// The verdict in the words of the contract, from the corpus.
struct Wanted {
    autoscaler: Value,
    metric: Value,
    target: Value,
    bounds: Value,
    nothing: bool,
}

impl Wanted {
    fn of(expected: &Value) -> Self {
        let hpa = expected["hpa_after_apiserver"].is_object();
        let class = text(&expected["class"]);
        let replicas = &expected["deployment_replicas"];
        let mut wanted = Self {
            autoscaler: json!("unmanaged"),
            metric: Value::Null,
            target: Value::Null,
            bounds: json!([null, null]),
            nothing: false,
        };
        let max = match expected["max"].as_i64() {
            Some(0) if class == KPA => NULL,
            Some(unbounded) if unbounded == i64::from(i32::MAX) && class.contains('.') => NULL,
            _ => &expected["max"],
        };
        let bounds = json!([expected["min"], max]);
        match class {
            _ if hpa => {
                wanted.autoscaler = json!(if class == "hpa" { "hpa" } else { "knative-hpa" });
                wanted.metric = expected["metric"].clone();
                wanted.target = expected["target"].clone();
                wanted.bounds = bounds;
                let errors = expected["hpa_after_apiserver"]["errors"].as_array();
                if errors.is_some_and(|errors| !errors.is_empty()) {
                    wanted.autoscaler = json!("unmanaged");
                }
            }
            "keda" => {
                if keda_refusals(expected).next().is_none() {
                    wanted.autoscaler = json!("keda");
                }
                wanted.bounds = bounds;
            }
            "none" | "external" => {
                wanted.autoscaler = json!(class);
                wanted.bounds = json!([replicas, replicas]);
            }
            KPA if !expected["bounds"].is_null() => {
                wanted.autoscaler = json!("kpa");
                wanted.metric = expected["metric"].clone();
                let resolved = &expected["resolved_kpa_target"];
                wanted.target = json!([resolved["total"], resolved["target"]]);
                wanted.bounds = bounds;
            }
            _ => wanted.nothing = true,
        }
        if !expected["reconcile_error"].is_null() {
            wanted.autoscaler = json!("unmanaged");
        }
        wanted
    }
}

/// What KEDA's webhook says. The corpus also has what only KEDA's operator would say afterwards.
fn keda_refusals(component: &Value) -> impl Iterator<Item = &Value> {
    let errors = component["keda_webhook_errors"].as_object();
    let said = errors.into_iter().flatten();
    said.filter(|(check, _)| check.starts_with("verify"))
        .map(|(_, text)| text)
}

/// KEDA's triggers are in the corpus as a whole only, and so not compared here.
fn metric(explained: &ComponentExplanation) -> Value {
    match &explained.metric {
        Some(metric) if explained.class.as_deref() != Some("keda") => json!(metric),
        _ => Value::Null,
    }
}

/// The target as the corpus writes it: of the KPA both numbers, of an HPA the text.
fn target(explained: &ComponentExplanation) -> Value {
    let Some(target) = &explained.target else {
        return Value::Null;
    };
    let unit = json!(target.unit);
    match (explained.class.as_deref(), unit.as_str()) {
        (Some("keda"), _) => Value::Null,
        (Some(KPA), _) => json!([target.value, target.effective]),
        (_, Some("percent-of-request")) => json!(format!("{}%", target.value)),
        // The API server writes every nothing as a plain 0.
        (_, Some("mebibytes-per-pod")) if target.value == 0 => json!("0"),
        (_, Some("mebibytes-per-pod")) => json!(format!("{}Mi", target.value)),
        _ => json!(
            target
                .value
                .as_str()
                .map_or_else(|| target.value.to_string(), str::to_owned)
        ),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn is_knative_service(object: &Value) -> bool {
    object["kind"] == "Service"
}

fn scales(object: &&str) -> bool {
    let kind = object.split('/').next().unwrap_or_default();
    SCALING.contains(&kind)
}
