//! How many replicas one metric asks for.
//!
//! Source: replica_calculator.go.

use std::collections::BTreeSet;

use super::group::{self, Groups};
use super::observed::{PodUsage, PodValue, Reading};
use super::plan::{Flags, Tolerances};
use super::pods::Pod;
use super::requests;
use super::samples::{self, Samples};
use super::utilisation::{self, Values};
use crate::go;

/// The arithmetic of the controller for one metric.
#[derive(Debug, Clone, Copy)]
pub struct Calculator<'a> {
    /// Flags of the controller; its tolerance is not looked at here.
    pub flags: &'a Flags,
    /// How far a ratio may be off 1 before anything is done.
    pub tolerances: Tolerances,
    /// Now, in milliseconds.
    pub now_ms: i64,
    /// The pods that the selector finds.
    pub pods: &'a [Pod],
}

/// What a metric asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calculated {
    /// Replicas, before any limit; can be negative for a metric that is.
    pub replicas: i32,
    /// Percent of the requests, for a target that is one.
    pub utilization: Option<i32>,
    /// The current value in thousandths, an average or a total as the target is.
    pub usage_milli: i64,
}

/// Why a metric asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The controller's words.
    pub message: String,
    /// The current value in thousandths where it was known, else 0.
    pub usage_milli: i64,
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self {
            message,
            usage_milli: 0,
        }
    }
}

/// Which resource of which container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceQuery<'a> {
    /// `cpu` or `memory`.
    pub resource: &'a str,
    /// One container; all if none.
    pub container: Option<&'a str>,
}

const NO_PODS: &str = "no pods returned by selector while calculating replica count";
const NO_METRICS: &str = "did not receive metrics for targeted pods (pods might be unready)";

/// The figures that count at first, and the pods that have none.
struct Counted<'a> {
    values: Values<'a>,
    groups: Groups<'a>,
}

impl<'a> Calculator<'a> {
    /// For a target in percent of the requests; upstream `GetResourceReplicas`.
    ///
    /// # Errors
    /// No metrics, no pods, or a container without a request.
    pub fn resource_replicas(
        &self,
        current: i32,
        target_percent: i32,
        query: ResourceQuery<'_>,
        reading: &'a Reading<PodUsage>,
    ) -> Result<Calculated, Failure> {
        let counted = self.count(self.resource_samples(query, reading)?, query.resource)?;
        let requests = requests::requests(self.pods, query.container, query.resource)?;
        let ratio =
            |values: &Values<'_>| utilisation::of_requests(values, &requests, target_percent);
        let first = ratio(&counted.values)?;
        let percent = i64::from(target_percent.max(100));
        let full = |pod: &str| {
            let request = requests.get(pod).copied().unwrap_or(0);
            request.wrapping_mul(percent).wrapping_div(100)
        };
        let failed = |message| Failure {
            message,
            usage_milli: first.average_milli,
        };
        let replicas = self
            .settle(current, counted, first.ratio, full, |values| {
                Ok(ratio(values)?.ratio)
            })
            .map_err(failed)?;
        Ok(Calculated {
            replicas,
            utilization: Some(first.percent),
            usage_milli: first.average_milli,
        })
    }

    /// For a target in thousandths a pod; upstream `GetRawResourceReplicas`.
    ///
    /// # Errors
    /// No metrics or no pods.
    pub fn raw_resource_replicas(
        &self,
        current: i32,
        target_milli: i64,
        query: ResourceQuery<'_>,
        reading: &'a Reading<PodUsage>,
    ) -> Result<Calculated, Failure> {
        let samples = self.resource_samples(query, reading)?;
        self.plain(current, target_milli, samples, query.resource)
    }

    /// For a metric of each pod, and a target in thousandths a pod; upstream `GetMetricReplicas`.
    ///
    /// # Errors
    /// No metrics or no pods.
    pub fn pods_metric_replicas(
        &self,
        current: i32,
        target_milli: i64,
        name: &str,
        reading: &'a Reading<PodValue>,
    ) -> Result<Calculated, Failure> {
        let samples = samples::pods(reading)
            .map_err(|error| format!("unable to get metric {name}: {error}"))?;
        self.plain(current, target_milli, samples, "")
    }

    fn resource_samples<'r>(
        &self,
        query: ResourceQuery<'_>,
        reading: &'r Reading<PodUsage>,
    ) -> Result<Samples<'r>, String> {
        let resource = query.resource;
        samples::resource(reading, resource, query.container)
            .map_err(|error| format!("unable to get metrics for resource {resource}: {error}"))
    }

    /// Upstream `calcPlainMetricReplicas`.
    fn plain(
        &self,
        current: i32,
        target_milli: i64,
        samples: Samples<'a>,
        resource: &str,
    ) -> Result<Calculated, Failure> {
        let counted = self.count(samples, resource)?;
        let (ratio, usage_milli) = utilisation::of_target(&counted.values, target_milli);
        let again = |values: &Values<'_>| Ok(utilisation::of_target(values, target_milli).0);
        let replicas = self.settle(current, counted, ratio, |_| target_milli, again)?;
        Ok(Calculated {
            replicas,
            utilization: None,
            usage_milli,
        })
    }

    /// Leaves out the figures of pods that are unready or ignored.
    fn count(&self, samples: Samples<'a>, resource: &str) -> Result<Counted<'a>, String> {
        if self.pods.is_empty() {
            return Err(NO_PODS.to_owned());
        }
        let cpu = resource == "cpu";
        let groups = group::group(self.pods, &samples, cpu, self.flags, self.now_ms);
        let values: Values<'a> = samples
            .into_iter()
            .filter(|(pod, _)| !groups.ignored.contains(pod) && !groups.unready.contains(pod))
            .map(|(pod, sample)| (pod, sample.milli))
            .collect();
        if values.is_empty() {
            return Err(NO_METRICS.to_owned());
        }
        Ok(Counted { values, groups })
    }

    /// From the first ratio to replicas: pods without figures are filled in against the direction of the change, and
    /// where that turns it round nothing is done.
    ///
    /// `full`: what a pod without a metric is held to use when scaling down. `again`: the ratio of other figures.
    fn settle(
        &self,
        current: i32,
        counted: Counted<'a>,
        ratio: f64,
        full: impl Fn(&str) -> i64,
        again: impl Fn(&Values<'_>) -> Result<f64, String>,
    ) -> Result<i32, String> {
        let Counted { mut values, groups } = counted;
        let up_with_unready = !groups.unready.is_empty() && ratio > 1.0;
        if !up_with_unready && groups.missing.is_empty() {
            return Ok(if self.tolerances.is_within(ratio) {
                current
            } else {
                go::float_to_i32((ratio * groups.ready as f64).ceil())
            });
        }
        if ratio < 1.0 {
            values.extend(groups.missing.iter().map(|pod| (*pod, full(pod))));
        } else if ratio > 1.0 {
            fill_with_nothing(&mut values, &groups.missing);
        }
        if up_with_unready {
            fill_with_nothing(&mut values, &groups.unready);
        }
        let new_ratio = again(&values)?;
        let turned = (ratio < 1.0 && new_ratio > 1.0) || (ratio > 1.0 && new_ratio < 1.0);
        if self.tolerances.is_within(new_ratio) || turned {
            return Ok(current);
        }
        let replicas = go::float_to_i32((new_ratio * values.len() as f64).ceil());
        let against =
            (new_ratio < 1.0 && replicas > current) || (new_ratio > 1.0 && replicas < current);
        Ok(if against { current } else { replicas })
    }

    /// For an external metric with a target for all pods together; upstream `GetExternalMetricReplicas`.
    ///
    /// `metric`: namespace, name and selector, as they stand in an error.
    ///
    /// # Errors
    /// No metrics or no pods.
    pub fn external_replicas(
        &self,
        current: i32,
        target_milli: i64,
        metric: &str,
        reading: &Reading<i64>,
    ) -> Result<Calculated, Failure> {
        let mut usage = 0i64;
        for value in series(metric, reading)? {
            // Only an overflow upwards is caught.
            match usage.checked_add(*value) {
                None if *value > 0 => {
                    usage = i64::MAX;
                    break;
                }
                _ => usage = usage.wrapping_add(*value),
            }
        }
        let ratio = usage as f64 / target_milli as f64;
        let replicas = self.of_ready(current, ratio).map_err(|message| Failure {
            message,
            usage_milli: usage,
        })?;
        Ok(Calculated {
            replicas,
            utilization: None,
            usage_milli: usage,
        })
    }

    /// Upstream `getUsageRatioReplicaCount`.
    fn of_ready(&self, current: i32, ratio: f64) -> Result<i32, String> {
        if current == 0 {
            return Ok(go::float_to_i32(ratio.ceil()));
        }
        if self.tolerances.is_within(ratio) {
            return Ok(current);
        }
        if self.pods.is_empty() {
            return Err(format!("unable to calculate ready pods: {NO_PODS}"));
        }
        let ready = self.pods.iter().filter(|pod| pod.is_ready()).count();
        let replicas = ratio * ready as f64;
        Ok(if replicas > f64::from(i32::MAX) {
            i32::MAX
        } else {
            go::float_to_i32(replicas.ceil())
        })
    }

    /// For an external metric with a target for each pod; upstream `GetExternalPerPodMetricReplicas`.
    ///
    /// `status_replicas`: how many pods there are. `metric`: as for [`Self::external_replicas`].
    ///
    /// # Errors
    /// No metrics.
    pub fn external_per_pod_replicas(
        &self,
        status_replicas: i32,
        target_milli: i64,
        metric: &str,
        reading: &Reading<i64>,
    ) -> Result<Calculated, Failure> {
        let mut usage = 0i64;
        for value in series(metric, reading)? {
            usage = usage.wrapping_add(*value);
            // Taken for an overflow, though it may be a negative metric.
            if usage < 0 {
                usage = i64::MAX;
                break;
            }
        }
        let (total, target) = (usage as f64, target_milli as f64);
        let mut replicas = status_replicas;
        if !self
            .tolerances
            .is_within(total / (target * f64::from(status_replicas)))
        {
            let wanted = (total / target).ceil();
            replicas = if wanted > f64::from(i32::MAX) {
                i32::MAX
            } else {
                go::float_to_i32(wanted)
            };
        }
        let usage_milli = if total >= i64::MAX as f64 {
            i64::MAX
        } else {
            go::float_to_i64((total / f64::from(status_replicas)).ceil())
        };
        Ok(Calculated {
            replicas,
            utilization: None,
            usage_milli,
        })
    }
}

fn series<'r>(metric: &str, reading: &'r Reading<i64>) -> Result<&'r [i64], String> {
    samples::external(reading)
        .map_err(|error| format!("unable to get external metric {metric}: {error}"))
}

fn fill_with_nothing<'a>(values: &mut Values<'a>, pods: &BTreeSet<&'a str>) {
    values.extend(pods.iter().map(|pod| (*pod, 0)));
}
