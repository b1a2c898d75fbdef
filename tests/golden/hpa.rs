//! Lines of kinds `hpa_trace` and `hpa_calc`: the HorizontalPodAutoscaler controller over many syncs, and one call of its
//! replica calculator.

use std::collections::BTreeMap;

use kscale_rules::kubernetes::hpa::HpaSpec;
use kscale_rules::kubernetes::{default_hpa, validate_hpa};
use kscale_rules::simulate::hpa::{
    Condition, ConditionType, CurrentMetric, Event, Flags, Observed, Outcome, Plan, Scale,
    ScaleEvent, State, sync,
};
use serde::Deserialize;
use serde_json::{Value, json};

use self::input::{ContainerLine, Context, ControllerLine, Seen, millis, plan, read, seconds};
use crate::agreement::Agreement;

mod calc;
mod input;

pub(crate) fn check_trace(line: &Value, agreement: &mut Agreement) {
    let problem = trace(line, agreement).err();
    agreement.compare("readable", &Value::Null, &json!(problem));
}

pub(crate) fn check_calc(line: &Value, agreement: &mut Agreement) {
    let problem = calc::run(line, agreement).err();
    agreement.compare("readable", &Value::Null, &json!(problem));
}

fn trace(line: &Value, agreement: &mut Agreement) -> Result<(), String> {
    let (input, expected) = (&line["input"], &line["expect"]);
    let spec: HpaSpec = read(&input["hpa_spec"])?;
    let defaulted = default_hpa(&spec);
    agreement.compare(
        "hpa_spec_defaulted",
        &expected["hpa_spec_defaulted"],
        &json!(defaulted),
    );
    let errors = validate_hpa(&defaulted);
    let refused = list(expected, "apiserver_errors");
    agreement.compare("apiserver_errors", &refused, &json!(errors));
    if !errors.is_empty() {
        return Ok(());
    }
    let controller: ControllerLine = read(&input["controller"])?;
    let mut run = Run {
        plan: plan(&spec)?,
        flags: controller.flags(),
        template: read(&input["containers"])?,
        state: State::default(),
        scale_events: Vec::new(),
        shown: BTreeMap::new(),
    };
    let syncs: Vec<Sync> = read(&input["syncs"])?;
    let steps: Vec<Value> = read(&expected["steps"])?;
    agreement.compare("steps", &json!(steps.len()), &json!(syncs.len()));
    for (seen, step) in syncs.iter().zip(&steps) {
        run.step(seen, step, agreement)?;
    }
    run.end(expected, agreement);
    Ok(())
}

/// A list that is left out where it is empty.
fn list(value: &Value, key: &str) -> Value {
    value.get(key).cloned().unwrap_or_else(|| json!([]))
}

#[derive(Deserialize)]
struct Sync {
    t: f64,
    spec_replicas: i32,
    status_replicas: i32,
    hpa_spec: Option<HpaSpec>,
    #[serde(default)]
    scale_update_fails: bool,
    #[serde(flatten)]
    seen: Seen,
}

struct Run {
    plan: Plan,
    flags: Flags,
    template: Vec<ContainerLine>,
    state: State,
    scale_events: Vec<Value>,
    /// The conditions after the step before.
    shown: BTreeMap<ConditionType, Condition>,
}

impl Run {
    fn step(
        &mut self,
        sync_line: &Sync,
        expected: &Value,
        agreement: &mut Agreement,
    ) -> Result<(), String> {
        if let Some(edited) = &sync_line.hpa_spec {
            self.plan = plan(edited)?;
        }
        let now_ms = millis(sync_line.t);
        let context = Context {
            seen: &sync_line.seen,
            template: &self.template,
            expected,
            now_ms,
        };
        let (pods, readings) = (context.pods(), context.readings(&self.plan));
        let refused = || context.told("; error: ").unwrap_or_default();
        let scale = Scale {
            spec_replicas: sync_line.spec_replicas,
            status_replicas: sync_line.status_replicas,
        };
        let observed = Observed {
            now_ms,
            scale: Ok(scale),
            pods: &pods,
            readings: &readings,
            scale_update_error: sync_line.scale_update_fails.then(refused),
        };
        let outcome = sync(&self.plan, &self.flags, &mut self.state, &observed);
        self.compare(&outcome, expected, agreement);
        if let Some(to) = outcome.scale_to {
            let message = outcome.events.last().map(|event| event.message.as_str());
            let change = json!([seconds(now_ms), scale.spec_replicas, to, message]);
            self.scale_events.push(change);
        }
        Ok(())
    }

    fn compare(&mut self, outcome: &Outcome, expected: &Value, agreement: &mut Agreement) {
        let status = &outcome.status;
        let events: Vec<_> = outcome.events.iter().map(event).collect();
        let metrics = metrics(&status.current_metrics, &expected["metrics"]);
        for (field, actual) in [
            ("proposal", json!(outcome.proposal)),
            ("scale_to", json!(outcome.scale_to)),
            ("desired", json!(status.desired_replicas)),
            ("error", json!(outcome.error)),
        ] {
            agreement.compare(field, &expected[field], &actual);
        }
        agreement.compare("metrics", &list(expected, "metrics"), &metrics);
        agreement.compare("events", &list(expected, "events"), &json!(events));
        let conditions = expected.get("conditions").cloned();
        let conditions = conditions.unwrap_or_else(|| json!({}));
        agreement.compare("conditions", &conditions, &self.changed(outcome));
    }

    fn changed(&mut self, outcome: &Outcome) -> Value {
        let now = &outcome.status.conditions;
        let changed: serde_json::Map<_, _> = now
            .iter()
            .filter(|(kind, condition)| self.shown.get(kind) != Some(condition))
            .map(|(kind, condition)| {
                let status = if condition.status { "True" } else { "False" };
                let words = json!([status, condition.reason, condition.message]);
                (kind.as_str().to_owned(), words)
            })
            .collect();
        self.shown = now.clone();
        changed.into()
    }

    fn end(&self, expected: &Value, agreement: &mut Agreement) {
        agreement.compare(
            "scale_events",
            &list(expected, "scale_events"),
            &json!(self.scale_events),
        );
        let state = &self.state;
        let events = |events: &[ScaleEvent]| -> Vec<Value> {
            let pair = events.iter().map(|e| json!([seconds(e.at_ms), e.change]));
            pair.collect()
        };
        let recommendations: Vec<_> = state
            .recommendations
            .iter()
            .map(|r| json!([seconds(r.at_ms), r.replicas]))
            .collect();
        let memory = json!({
            "recommendations": recommendations,
            "scale_up_events": events(&state.scale_up_events),
            "scale_down_events": events(&state.scale_down_events),
        });
        agreement.compare("final_state", &expected["final_state"], &memory);
    }
}

fn event(event: &Event) -> Value {
    json!([event.kind.as_str(), event.reason, event.message])
}

/// In the words of the corpus. It does not always name the container.
fn metrics(metrics: &[Option<CurrentMetric>], expected: &Value) -> Value {
    let described = metrics.iter().enumerate().map(|(index, metric)| {
        let Some(metric) = metric else {
            return Value::Null;
        };
        let mut value = json!({"name": metric.name});
        if let Some(percent) = metric.average_utilization {
            value["utilization"] = json!(percent);
        }
        if let Some(average) = &metric.average_value {
            value["average_value"] = json!(average);
            value["average_milli"] = json!(average.milli_value());
        }
        if let Some(total) = &metric.value {
            value["value"] = json!(total);
            value["value_milli"] = json!(total.milli_value());
        }
        if expected[index].get("container").is_some() {
            value["container"] = json!(metric.container);
        }
        value
    });
    described.collect()
}
