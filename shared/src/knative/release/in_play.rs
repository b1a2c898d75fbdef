//! Which of the dated behaviours can make a difference to an object at all, so that no release is predicted for nothing.
//!
//! The answer errs on one side only: a behaviour that is not in play changes nothing, one that is may change something.

use serde_json::Value;

use super::{BEHAVIOURS, Behaviour, KnativeVersion};
use crate::knative::annotations::{
    ACTIVATION_SCALE, AGGREGATION, AUTOSCALING, Annotations, KPA_CLASS, METRIC, PROGRESS_DEADLINE,
    QUEUE_RESOURCE_PERCENTAGE, ROLLOUT_DURATION, WINDOW,
};
use crate::knative::configs::{ConfigData, Configs};

/// A set of behaviours. What changes only words, the API version of an HPA or the cluster's burst capacity is left out: the
/// autoscaler, its metric, target and bounds stay the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InPlay(u32);

const _: () = assert!(BEHAVIOURS.len() <= 32, "a bit for every behaviour");

impl InPlay {
    /// Every behaviour.
    pub const ALL: Self = Self(u32::MAX);

    /// The behaviours in play for an object of any kind, the revision templates that come of it, and what is known of the
    /// cluster.
    #[must_use]
    pub fn of<'a>(
        object: &Value,
        templates: impl IntoIterator<Item = &'a Annotations>,
        data: &ConfigData<'_>,
        configs: &Result<Configs, String>,
    ) -> Self {
        let Ok(configs) = configs else {
            return Self::ALL;
        };
        let mut found = Self::default();
        found.look_into(object);
        for key in templates.into_iter().flat_map(Annotations::keys) {
            found.annotation(key);
        }
        if configs.autoscaler.pod_autoscaler_class == KPA_CLASS {
            // Without a class the metric is judged by this one, in every release.
            found.0 &= !bit(Behaviour::MetricOfDefaultClass);
        }
        found.config_maps(data);
        found
    }

    /// Whether a behaviour is among them.
    #[must_use]
    pub fn has(self, behaviour: Behaviour) -> bool {
        self.0 & bit(behaviour) != 0
    }

    /// The releases at which one of them changes, oldest first, [`KnativeVersion::OLDEST`] before them: between two of these
    /// every answer is the same.
    #[must_use]
    pub fn milestones(self) -> Vec<KnativeVersion> {
        let rows = BEHAVIOURS.iter().filter(|row| self.has(row.behaviour));
        let mut all: Vec<KnativeVersion> = rows
            .flat_map(|row| [Some(row.since), row.until])
            .flatten()
            .filter(|release| *release > KnativeVersion::OLDEST)
            .chain([KnativeVersion::OLDEST])
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn add(&mut self, behaviour: Behaviour) {
        self.0 |= bit(behaviour);
    }

    /// Looks at the keys of everything in an object: annotations and pod fields are told by their names, wherever they are.
    fn look_into(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    if key.contains('/') {
                        self.annotation(key);
                    } else {
                        self.field(key, value);
                        self.look_into(value);
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|value| self.look_into(value)),
            _ => {}
        }
    }

    fn annotation(&mut self, key: &str) {
        if !key.contains("knative.dev") {
            return;
        }
        let spelt_anew = AUTOSCALING
            .iter()
            .chain([&ROLLOUT_DURATION, &QUEUE_RESOURCE_PERCENTAGE])
            .any(|known| known.alias.is_some() && known.canonical == key);
        // One of its words is spelt in two ways too.
        if spelt_anew || AGGREGATION.alias == Some(key) {
            self.add(Behaviour::CamelCaseKeys);
        }
        if key == METRIC.canonical {
            self.add(Behaviour::CustomHpaMetrics);
            self.add(Behaviour::MetricOfDefaultClass);
        } else if key == WINDOW.canonical {
            self.add(Behaviour::HpaWindow);
        } else if key == ACTIVATION_SCALE.canonical {
            self.add(Behaviour::ActivationScale);
        } else if key == PROGRESS_DEADLINE.canonical {
            self.add(Behaviour::ProgressDeadline);
        } else if key.starts_with("queue.sidecar.serving.knative.dev/") {
            self.add(Behaviour::QueueResources);
        } else if key.starts_with("networking.knative.dev") {
            self.add(Behaviour::NetworkingKeys);
        }
    }

    fn field(&mut self, key: &str, value: &Value) {
        let several = value.as_array().is_some_and(|list| list.len() > 1);
        let since = match key {
            "containers" if several => {
                self.add(Behaviour::UniqueContainerNames);
                self.add(Behaviour::PortsPerContainer);
                return;
            }
            "ports" if several => return self.add(Behaviour::PortsPerContainer),
            "topologySpreadConstraints" => Behaviour::TopologySpread,
            "dnsConfig" | "dnsPolicy" => Behaviour::Dns,
            "shareProcessNamespace" => Behaviour::ShareProcessNamespace,
            "hostIPC" | "hostPID" | "hostNetwork" => Behaviour::HostNamespaces,
            _ if super::super::pod_spec::is_never_allowed(key) => Behaviour::KeepsPodFields,
            _ => return,
        };
        self.add(since);
        self.add(Behaviour::KeepsPodFields);
    }

    fn config_maps(&mut self, data: &ConfigData<'_>) {
        if let Some(map) = data.autoscaler {
            if map.contains_key("min-scale") {
                self.add(Behaviour::ClusterMinScale);
            }
            if map
                .get("pod-autoscaler-class")
                .is_some_and(|class| class.trim() != class)
            {
                self.add(Behaviour::TrimsConfigTexts);
                self.add(Behaviour::MetricOfDefaultClass);
            }
        }
        let timeouts = [
            "revision-timeout-seconds",
            "revision-response-start-timeout-seconds",
        ];
        if let Some(map) = data.defaults {
            if timeouts.iter().any(|key| map.contains_key(*key)) {
                self.add(Behaviour::ResponseTimeouts);
                self.add(Behaviour::FixedResponseTimeout);
            }
            if map.contains_key("revision-idle-timeout-seconds") {
                self.add(Behaviour::ResponseTimeouts);
            }
        }
        if data
            .features
            .is_some_and(|map| map.contains_key("secure-pod-defaults"))
        {
            self.add(Behaviour::SecurePodDefaults);
            self.add(Behaviour::AllowRootBounded);
        }
    }
}

const fn bit(behaviour: Behaviour) -> u32 {
    1 << behaviour as u32
}
