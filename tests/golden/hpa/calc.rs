//! Lines of kind `hpa_calc`: one call of the replica calculator.

use kscale_rules::simulate::hpa::{Calculator, ResourceQuery, Tolerances, selector_text};
use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{Context, ControllerLine, NAMESPACE, Seen, read};
use crate::agreement::Agreement;

/// Names of the metrics that the corpus asks for.
const PODS_METRIC: &str = "requests";
const EXTERNAL_METRIC: &str = "queue";
/// Any instant that leaves room for the ages.
const NOW_MS: i64 = 1_000_000_000_000;

#[derive(Deserialize)]
struct Call {
    #[serde(rename = "fn")]
    function: Function,
    current_replicas: i32,
    target: i64,
    #[serde(default)]
    resource: String,
    container: Option<String>,
    tolerance_up: f64,
    tolerance_down: f64,
    #[serde(flatten)]
    seen: Seen,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[expect(clippy::enum_variant_names, reason = "the names of upstream")]
enum Function {
    GetResourceReplicas,
    GetRawResourceReplicas,
    GetMetricReplicas,
    GetExternalMetricReplicas,
    GetExternalPerPodMetricReplicas,
}

impl Function {
    const fn name(self) -> &'static str {
        match self {
            Self::GetResourceReplicas => "GetResourceReplicas",
            Self::GetRawResourceReplicas => "GetRawResourceReplicas",
            Self::GetMetricReplicas => "GetMetricReplicas",
            Self::GetExternalMetricReplicas => "GetExternalMetricReplicas",
            Self::GetExternalPerPodMetricReplicas => "GetExternalPerPodMetricReplicas",
        }
    }
}

/// Calls the function that the line names.
pub(super) fn run(line: &Value, agreement: &mut Agreement) -> Result<(), String> {
    let (input, expected) = (&line["input"], &line["expect"]);
    let call: Call = read(&input["calc"])?;
    let controller: ControllerLine = read(&input["controller"])?;
    let template: Vec<_> = read(&input["containers"])?;
    let context = Context {
        seen: &call.seen,
        template: &template,
        expected,
        now_ms: NOW_MS,
    };
    let (flags, pods) = (controller.flags(), context.pods());
    let calculator = Calculator {
        flags: &flags,
        tolerances: Tolerances {
            down: call.tolerance_down,
            up: call.tolerance_up,
        },
        now_ms: NOW_MS,
        pods: &pods,
    };
    let actual = answer(&call, &calculator, &context)?;
    agreement.compare(call.function.name(), expected, &actual);
    Ok(())
}

fn answer(
    call: &Call,
    calculator: &Calculator<'_>,
    context: &Context<'_>,
) -> Result<Value, String> {
    let query = ResourceQuery {
        resource: &call.resource,
        container: call.container.as_deref().filter(|name| !name.is_empty()),
    };
    let selector = selector_text(Some(&json!({})));
    let metric = format!("{NAMESPACE}/{EXTERNAL_METRIC}/{selector}");
    let (usage, values, series) = (context.resource(), context.custom(), context.external());
    let (current, target) = (call.current_replicas, call.target);
    let result = match call.function {
        Function::GetResourceReplicas => {
            let percent = i32::try_from(target).map_err(|error| error.to_string())?;
            calculator.resource_replicas(current, percent, query, &usage)
        }
        Function::GetRawResourceReplicas => {
            calculator.raw_resource_replicas(current, target, query, &usage)
        }
        Function::GetMetricReplicas => {
            calculator.pods_metric_replicas(current, target, PODS_METRIC, &values)
        }
        Function::GetExternalMetricReplicas => {
            calculator.external_replicas(current, target, &metric, &series)
        }
        Function::GetExternalPerPodMetricReplicas => {
            calculator.external_per_pod_replicas(current, target, &metric, &series)
        }
    };
    let (replicas, usage_milli, utilization) = match &result {
        Ok(found) => (found.replicas, found.usage_milli, found.utilization),
        Err(failure) => (0, failure.usage_milli, Some(0)),
    };
    let mut answer = json!({"replicas": replicas, "usage_milli": usage_milli});
    if call.function == Function::GetResourceReplicas {
        answer["utilization"] = json!(utilization);
    }
    if let Err(failure) = result {
        answer["error"] = json!(failure.message);
    }
    Ok(answer)
}
