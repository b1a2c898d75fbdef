//! One row: one component of one workload.

use kscale_rules::explain::types::{Explanation, FactsSummary, Severity, Target};
use kscale_rules::explain::{API_VERSION, Autoscaler, explain, list};
use kscale_rules::facts::Facts;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::Now;
use crate::facts::text;

/// What `-o json` prints.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkloadList {
    /// Always `kscale.dev/v1alpha1`.
    pub(crate) api_version: String,
    /// Always `WorkloadList`.
    pub(crate) kind: String,
    /// What the list rests on.
    pub(crate) facts: FactsSummary,
    /// One entry a component.
    pub(crate) items: Vec<Row>,
}

impl WorkloadList {
    pub(crate) fn new(items: Vec<Row>, facts: &Facts) -> Self {
        Self {
            api_version: API_VERSION.to_owned(),
            kind: "WorkloadList".to_owned(),
            facts: list(Vec::new(), facts).facts,
            items,
        }
    }
}

/// What scales one component of a workload.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    /// `apiVersion` of the workload.
    pub(crate) api_version: String,
    /// `kind` of the workload.
    pub(crate) kind: String,
    /// `metadata.namespace`
    pub(crate) namespace: String,
    /// `metadata.name`
    pub(crate) name: String,
    /// predictor, transformer, explainer, the name of a canary, router, or service; empty where the workload is refused.
    pub(crate) component: String,
    /// The deployment mode of KServe; null for a Knative Service.
    pub(crate) mode: Option<String>,
    /// What scales it; null where the workload is refused.
    pub(crate) autoscaler: Option<Autoscaler>,
    /// The class in effect.
    pub(crate) class: Option<String>,
    /// The metric.
    pub(crate) metric: Option<String>,
    /// The target of that metric.
    pub(crate) target: Option<Target>,
    /// The lower bound.
    pub(crate) min_replicas: Option<i64>,
    /// The upper bound; null means unbounded, or that nothing bounds it.
    pub(crate) max_replicas: Option<i64>,
    /// The pods there are now; null where nothing tells.
    pub(crate) now: Option<i64>,
    /// The status of the workload's condition Ready; null where it has none.
    pub(crate) ready: Option<String>,
    /// The codes of what rules find in the whole workload.
    pub(crate) findings: Vec<String>,
    /// How many of these are errors.
    pub(crate) errors: usize,
    /// How many of these are warnings.
    pub(crate) warnings: usize,
    /// That it is gone; only said with -w.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub(crate) deleted: bool,
}

/// Which rows are meant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Only these; empty means all.
    pub(crate) autoscalers: Vec<Autoscaler>,
    /// Only those with findings.
    pub(crate) findings: bool,
}

impl Filter {
    fn wants(&self, row: &Row) -> bool {
        let scaled = |autoscaler| self.autoscalers.contains(&autoscaler);
        (self.autoscalers.is_empty() || row.autoscaler.is_some_and(scaled))
            && (!self.findings || !row.findings.is_empty())
    }
}

/// The rows of a workload; `now` is left out of them, to be filled in by [`Row::count`].
pub(crate) fn rows(object: &Value, facts: &Facts, filter: &Filter) -> Vec<Row> {
    let Some(explanation) = explain(object, facts) else {
        return Vec::new();
    };
    let whole = whole(object, &explanation);
    let mut rows = Vec::new();
    for component in explanation.components {
        rows.push(Row {
            component: component.name,
            autoscaler: Some(component.autoscaler),
            class: component.class,
            metric: component.metric,
            target: component.target,
            min_replicas: component.min_replicas,
            max_replicas: component.max_replicas,
            ..whole.clone()
        });
    }
    if rows.is_empty() {
        rows.push(whole);
    }
    rows.retain(|row| filter.wants(row));
    rows
}

/// What all rows of a workload have in common.
fn whole(object: &Value, explanation: &Explanation) -> Row {
    let count = |severity| {
        let findings = explanation.findings.iter();
        findings.filter(|one| one.severity == severity).count()
    };
    let conditions = object.pointer("/status/conditions");
    let mut conditions = conditions.and_then(Value::as_array).into_iter().flatten();
    let ready = conditions.find(|condition| text(condition, "/type") == "Ready");
    let codes = explanation.findings.iter().map(|one| one.code.clone());
    Row {
        api_version: explanation.object.api_version.clone(),
        kind: explanation.object.kind.clone(),
        namespace: explanation.object.namespace.clone(),
        name: explanation.object.name.clone(),
        component: String::new(),
        mode: explanation.deployment_mode.clone(),
        autoscaler: None,
        class: None,
        metric: None,
        target: None,
        min_replicas: None,
        max_replicas: None,
        now: None,
        ready: ready.map(|ready| text(ready, "/status").to_owned()),
        findings: codes.collect(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        deleted: false,
    }
}

impl Row {
    /// The same of a component that is gone.
    pub(crate) fn gone(&self) -> Self {
        Self {
            deleted: true,
            now: None,
            ..self.clone()
        }
    }

    /// Fills in how many pods there are.
    pub(crate) fn count(&mut self, now: &Now) {
        self.now = now.of(&self.namespace, &self.kind, &self.name, &self.component);
    }
}
