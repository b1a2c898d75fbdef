//! How the controllers behave.

use std::collections::BTreeMap;
use std::time::Duration;

/// How the controllers of one test behave. Times are those of the recordings; all of them are divided by `pace`.
#[derive(Clone, Debug)]
pub struct Script {
    /// How many times faster than recorded everything happens.
    pub pace: f64,
    /// Whether Knative's HPA extension runs.
    pub extension: bool,
    /// Whether HPAs get figures of the resource metrics API.
    pub metrics: bool,
    /// What becomes of pods that are made from now on.
    pub pods: Pods,
    /// Time from the making of a pod until it is ready.
    pub pods_ready_after: Duration,
    /// Time between two looks of an HPA.
    pub hpa_sync: Duration,
    /// How long an old revision of the KPA class keeps its pods after it lost its traffic.
    pub drain: Duration,
    /// Knative's webhook refuses every write of a Knative Service with this text.
    pub refuse: Option<String>,
    /// Who does nothing at all.
    pub frozen: Vec<Part>,
    /// The pods that the load asks for, by the name of the Knative Service or Deployment; 1 where nothing is said.
    pub load: BTreeMap<String, i64>,
}

/// What becomes of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pods {
    /// It gets ready.
    Ready,
    /// It starts and starts.
    Starting,
    /// No node takes it; the scheduler's text.
    Unschedulable(String),
    /// Its image cannot be pulled.
    ImagePull,
    /// Its model container ends again and again; what it says at its end.
    Crash(String),
    /// It is never made: the namespace's quota is used up.
    Quota,
}

/// One of those who act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// KServe's controller.
    Kserve,
    /// Knative's controller.
    Knative,
    /// Knative's autoscaler, of the KPA class.
    Autoscaler,
    /// KEDA.
    Keda,
    /// Kubernetes' HPA controller.
    Hpa,
    /// Kubernetes' Deployment controller, scheduler and kubelets.
    Pods,
    /// Kubernetes' garbage collector.
    Garbage,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            pace: 20.0,
            extension: true,
            metrics: true,
            pods: Pods::Ready,
            pods_ready_after: Duration::from_secs(3),
            hpa_sync: Duration::from_secs(15),
            drain: Duration::ZERO,
            refuse: None,
            frozen: Vec::new(),
            load: BTreeMap::new(),
        }
    }
}

impl Script {
    /// Without Knative's HPA extension.
    #[must_use]
    pub fn without_extension(mut self) -> Self {
        self.extension = false;
        self
    }

    /// Without figures for HPAs.
    #[must_use]
    pub fn without_metrics(mut self) -> Self {
        self.metrics = false;
        self
    }

    /// With this for pods that are made from now on.
    #[must_use]
    pub fn pods(mut self, pods: Pods) -> Self {
        self.pods = pods;
        self
    }

    /// As many times faster than recorded.
    #[must_use]
    pub fn pace(mut self, pace: f64) -> Self {
        self.pace = pace;
        self
    }

    /// With somebody who does nothing.
    #[must_use]
    pub fn frozen(mut self, part: Part) -> Self {
        self.frozen.push(part);
        self
    }

    pub(crate) fn acts(&self, part: Part) -> bool {
        !self.frozen.contains(&part)
    }

    /// A recorded time at this pace.
    pub(crate) fn paced(&self, time: Duration) -> Duration {
        time.div_f64(self.pace.max(0.01))
    }

    pub(crate) fn load(&self, name: &str) -> Option<i64> {
        self.load.get(name).copied()
    }
}
