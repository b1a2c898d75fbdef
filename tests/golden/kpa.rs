//! Lines of kind `kpa_trace` and `kpa_full`: a load, and what Knative's own autoscaler did with it.

use std::collections::BTreeMap;

use kscale_rules::go::Duration;
use kscale_rules::knative::{Configs, PodAutoscaler, Revision, predict_pod_autoscaler};
use kscale_rules::simulate::kpa::{
    Activity, Decider, Mode, Pods, Policy, Reconciler, Settings, Stat, Time, progress_deadline,
    scaler::apply_bounds,
};
use serde_json::{Value, json};

use crate::agreement::Agreement;
use crate::configs::read_configs;

/// When every line begins.
const BASE: Time = Time::from_unix(1_700_000_000);
/// The corpus grants this much to the excess burst capacity, a float that is cut.
const EXCESS_TOLERANCE: i64 = 1;

/// A line, read, and what is predicted of its settings.
struct Line<'a> {
    input: &'a Value,
    expected: &'a Value,
    annotations: BTreeMap<String, String>,
    configs: Configs,
    pa: PodAutoscaler,
    settings: Settings,
}

/// Reads a line and compares what does not change with time; `None` if nothing is left to compare.
fn read<'a>(line: &'a Value, agreement: &mut Agreement) -> Option<Line<'a>> {
    let (input, expected) = (&line["input"], &line["expect"]);
    let configs = read_configs(&line["cluster"]);
    agreement.compare(
        "config_error",
        &expected["config_error"],
        &json!(configs.as_ref().err()),
    );
    let configs = configs.ok()?;
    let annotations: BTreeMap<String, String> = input["annotations"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    let revision = Revision {
        name: "app-00001",
        annotations: &annotations,
        container_concurrency: input["container_concurrency"].as_i64().unwrap_or_default(),
        reachable: input["unreachable"] != json!(true),
    };
    let pa = predict_pod_autoscaler(&revision, &configs);
    agreement.compare("bounds", &expected["bounds"], &json!(pa.bounds));
    agreement.compare("kpa", &expected["kpa"], &json!(pa.kpa));
    let settings = Settings::new(pa.kpa.as_ref()?, revision.reachable);
    Some(Line {
        input,
        expected,
        annotations,
        configs,
        pa,
        settings,
    })
}

impl Line<'_> {
    fn load(&self, second: i64) -> Option<f64> {
        self.input["load"][usize::try_from(second - 1).ok()?].as_f64()
    }

    fn number(&self, field: &str) -> i32 {
        let number = self.input[field].as_i64().unwrap_or_default();
        i32::try_from(number).unwrap_or(i32::MAX)
    }

    /// Compares what holds at one time; the time stands beside it, for whoever reads a difference.
    fn compare(
        &self,
        agreement: &mut Agreement,
        field: &'static str,
        second: i64,
        index: usize,
        actual: &Value,
    ) {
        let all = &self.expected[field];
        let expected = match all.as_str() {
            // One letter a second.
            Some(letters) => json!(letters.get(index..=index)),
            None => all[index].clone(),
        };
        let near = field == "ebc"
            && expected
                .as_i64()
                .zip(actual.as_i64())
                .is_some_and(|(a, b)| (a - b).abs() <= EXCESS_TOLERANCE);
        let actual = if near { &expected } else { actual };
        agreement.compare(field, &json!([second, expected]), &json!([second, actual]));
    }
}

fn at(second: i64) -> Time {
    BASE + Duration::from_secs(second)
}

pub(crate) fn check_trace(line: &Value, agreement: &mut Agreement) {
    let Some(line) = read(line, agreement) else {
        return;
    };
    let mut decider = Decider::new(line.settings.clone(), line.number("initial_ready"), BASE);
    let mut recorded = 0;
    let times = line.expected["t"].as_array().map_or(&[][..], Vec::as_slice);
    for (index, second) in times.iter().enumerate() {
        let second = second.as_i64().unwrap_or_default();
        while recorded < second {
            recorded += 1;
            if let Some(load) = line.load(recorded) {
                decider.record(at(recorded), Stat::of(load));
            }
        }
        let ready = line.expected["ready"][index].as_i64().unwrap_or_default();
        let metric = &line.settings.kpa.scaling_metric;
        let observed = decider.collector.observe(metric, at(second));
        let tick = decider.tick(at(second), i32::try_from(ready).unwrap_or(i32::MAX));
        let desired = if tick.valid {
            decider.status.desired
        } else {
            0
        };
        let bounded = apply_bounds(line.pa.bounds.min, line.pa.bounds.max, desired);
        for (field, actual) in [
            ("valid", json!(tick.valid)),
            ("desired", json!(desired)),
            ("bounded", json!(bounded)),
            ("ebc", json!(decider.status.excess_burst_capacity)),
            ("panicking", json!(decider.autoscaler.is_panicking())),
        ] {
            line.compare(agreement, field, second, index, &actual);
        }
        for (field, value) in [
            ("stable", observed.map(|observed| observed.stable)),
            ("panic", observed.map(|observed| observed.panic)),
        ] {
            compare_average(&line, agreement, field, second, index, value);
        }
    }
}

/// Averages must be equal to the last bit once both are rounded as the corpus is.
fn compare_average(
    line: &Line<'_>,
    agreement: &mut Agreement,
    field: &'static str,
    second: i64,
    index: usize,
    actual: Option<f64>,
) {
    let actual = actual.map_or(-1.0, |value| (value * 1e9).round() / 1e9);
    let expected = line.expected[field][index].as_f64();
    agreement.compare(
        field,
        &json!([second, format!("{expected:?}")]),
        &json!([second, format!("{:?}", Some(actual))]),
    );
}

/// The pods of a `kpa_full` line: each is ready some seconds after it was made, and the youngest go first.
struct Deployment {
    made: Vec<i64>,
    lag: i64,
}

impl Deployment {
    fn scale(&mut self, replicas: i32, second: i64) {
        let replicas = usize::try_from(replicas).unwrap_or_default();
        self.made.resize(replicas, second);
    }

    fn replicas(&self) -> i32 {
        i32::try_from(self.made.len()).unwrap_or(i32::MAX)
    }

    fn ready(&self, second: i64) -> i32 {
        let ready = |made: &&i64| **made + self.lag <= second;
        i32::try_from(self.made.iter().filter(ready).count()).unwrap_or(i32::MAX)
    }
}

pub(crate) fn check_full(line: &Value, agreement: &mut Agreement) {
    let Some(line) = read(line, agreement) else {
        return;
    };
    let configs = &line.configs;
    let deadline = progress_deadline(
        &line.annotations,
        &configs.deployment,
        configs.autoscaler.release,
    );
    let policy = Policy::new(
        &line.settings,
        line.pa.bounds,
        line.pa.scale_to_zero_pod_retention,
        &configs.autoscaler,
        deadline,
    );
    let mut decider = Decider::new(line.settings.clone(), line.number("initial_ready"), BASE);
    let mut reconciler = Reconciler::new(&policy, BASE);
    let mut deployment = Deployment {
        made: vec![0; usize::try_from(line.pa.initial_scale).unwrap_or_default()],
        lag: i64::from(line.number("ready_lag_s")),
    };
    let seconds = line.input["load"].as_array().map_or(0, Vec::len);
    for (index, second) in (1..).take(seconds).enumerate() {
        if second % 2 == 0 {
            decider.tick(at(second), deployment.ready(second - 1));
        }
        let decided = decider.status;
        let pods = Pods {
            replicas: deployment.replicas(),
            ready: deployment.ready(second),
            activator_answers: true,
        };
        let outcome = reconciler.run(&policy, decided, pods, at(second));
        if let Some(replicas) = outcome.replicas {
            deployment.scale(replicas, second);
        }
        let ready = deployment.ready(second);
        if let Some(load) = line.load(second).filter(|load| ready > 0 || *load > 0.0) {
            decider.record(at(second), Stat::of(load));
            if ready == 0 {
                decider.poke(at(second), ready, Stat::of(load));
            }
        }
        for (field, actual) in [
            ("decider_desired", json!(decided.desired)),
            ("ebc", json!(decided.excess_burst_capacity)),
            ("want", json!(outcome.want)),
            ("replicas", json!(deployment.replicas())),
            ("ready", json!(ready)),
            ("sks_mode", json!(mode_letter(reconciler.sks.mode))),
            ("active", json!(activity_letter(reconciler.active.activity))),
        ] {
            line.compare(agreement, field, second, index, &actual);
        }
    }
}

fn mode_letter(mode: Mode) -> &'static str {
    match mode {
        Mode::Proxy => "P",
        Mode::Serve => "S",
    }
}

fn activity_letter(activity: Activity) -> &'static str {
    match activity {
        Activity::Active => "t",
        Activity::Activating => "u",
        Activity::Inactive => "f",
    }
}
