//! What the controller sees of the pods: their state, and what their containers request.

/// An amount of each resource that metrics.k8s.io measures; `None` where there is none, which is not the same as 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// CPU in thousandths of a core.
    pub cpu_milli: Option<i64>,
    /// Memory in thousandths of a byte, the unit that the controller counts in.
    pub memory_milli: Option<i64>,
}

impl Amounts {
    /// The amount of a resource by its name, in thousandths; `None` for any but `cpu` and `memory`.
    #[must_use]
    pub fn of(&self, resource: &str) -> Option<i64> {
        match resource {
            "cpu" => self.cpu_milli,
            "memory" => self.memory_milli,
            _ => None,
        }
    }
}

/// When a container runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// One of `spec.containers`.
    #[default]
    Main,
    /// One of `spec.initContainers` with `restartPolicy: Always`, which keeps running.
    RestartableInit,
    /// Any other of `spec.initContainers`.
    Init,
}

/// A container of a pod.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Container {
    /// The name.
    pub name: String,
    /// When it runs.
    pub role: Role,
    /// `resources.requests`.
    pub requests: Amounts,
}

/// `status.phase` of a pod.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// Not all containers have started.
    Pending,
    /// Running, ready or not.
    #[default]
    Running,
    /// All containers ended well.
    Succeeded,
    /// All containers ended, one of them badly.
    Failed,
    /// The node does not answer.
    Unknown,
}

/// `status` of the condition `Ready`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadyStatus {
    /// `True`.
    True,
    /// `False`.
    False,
    /// `Unknown`, which does not count as unready.
    Unknown,
}

/// The condition `Ready` of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ready {
    /// Whether the pod is ready.
    pub status: ReadyStatus,
    /// `lastTransitionTime`, in milliseconds.
    pub since_ms: i64,
}

/// A pod that the scale's selector finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pod {
    /// The name, unique among the pods.
    pub name: String,
    /// `status.phase`.
    pub phase: Phase,
    /// True once `metadata.deletionTimestamp` is set.
    pub deleting: bool,
    /// The condition `Ready`, if there is one.
    pub ready: Option<Ready>,
    /// `status.startTime` in milliseconds, if there is one.
    pub started_ms: Option<i64>,
    /// `spec.initContainers` and `spec.containers`; among the init containers the order counts.
    pub containers: Vec<Container>,
    /// `spec.resources.requests` of the pod itself, where it is set.
    pub pod_requests: Option<Amounts>,
}

impl Pod {
    /// Running, with the condition `Ready` true. Pods that are being deleted count.
    pub(super) fn is_ready(&self) -> bool {
        self.phase == Phase::Running
            && self
                .ready
                .is_some_and(|ready| ready.status == ReadyStatus::True)
    }
}
