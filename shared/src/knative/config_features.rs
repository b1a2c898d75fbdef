//! ConfigMap `config-features`: which parts of a pod spec a Knative Service may use.
//!
//! Source: knative/serving 1.23, pkg/apis/config/features.go.

use std::collections::BTreeMap;

use super::release::{Behaviour, KnativeVersion};

/// The state of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// On.
    Enabled,
    /// Off, but what uses it is accepted.
    Allowed,
    /// Off.
    Disabled,
    /// Secure defaults without the ban on root; for `secure-pod-defaults` only.
    AllowRootBounded,
}

/// A feature that validation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the ConfigMap key of its name")]
pub enum Feature {
    MultiContainer,
    QueueProxyResourceDefaults,
    SecurePodDefaults,
    Affinity,
    DnsConfig,
    DnsPolicy,
    HostAliases,
    HostIpc,
    HostNetwork,
    HostPid,
    InitContainers,
    NodeSelector,
    PriorityClassName,
    RuntimeClassName,
    SchedulerName,
    SecurityContext,
    ShareProcessNamespace,
    Tolerations,
    TopologySpreadConstraints,
}

const KEYS: [(Feature, &str); 19] = [
    (Feature::MultiContainer, "multi-container"),
    (
        Feature::QueueProxyResourceDefaults,
        "queueproxy.resource-defaults",
    ),
    (Feature::SecurePodDefaults, "secure-pod-defaults"),
    (Feature::Affinity, "kubernetes.podspec-affinity"),
    (Feature::DnsConfig, "kubernetes.podspec-dnsconfig"),
    (Feature::DnsPolicy, "kubernetes.podspec-dnspolicy"),
    (Feature::HostAliases, "kubernetes.podspec-hostaliases"),
    (Feature::HostIpc, "kubernetes.podspec-hostipc"),
    (Feature::HostNetwork, "kubernetes.podspec-hostnetwork"),
    (Feature::HostPid, "kubernetes.podspec-hostpid"),
    (
        Feature::InitContainers,
        "kubernetes.podspec-init-containers",
    ),
    (Feature::NodeSelector, "kubernetes.podspec-nodeselector"),
    (
        Feature::PriorityClassName,
        "kubernetes.podspec-priorityclassname",
    ),
    (
        Feature::RuntimeClassName,
        "kubernetes.podspec-runtimeclassname",
    ),
    (Feature::SchedulerName, "kubernetes.podspec-schedulername"),
    (
        Feature::SecurityContext,
        "kubernetes.podspec-securitycontext",
    ),
    (
        Feature::ShareProcessNamespace,
        "kubernetes.podspec-shareprocessnamespace",
    ),
    (Feature::Tolerations, "kubernetes.podspec-tolerations"),
    (
        Feature::TopologySpreadConstraints,
        "kubernetes.podspec-topologyspreadconstraints",
    ),
];

/// What `config-features` says, with defaults for what it does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeaturesConfig([Flag; KEYS.len()]);

impl Default for FeaturesConfig {
    fn default() -> Self {
        let mut flags = [Flag::Disabled; KEYS.len()];
        flags[Feature::MultiContainer as usize] = Flag::Enabled;
        Self(flags)
    }
}

impl FeaturesConfig {
    /// Reads the `data` of the ConfigMap as the newest release does. Nothing is refused: words that are not known leave the
    /// default.
    #[must_use]
    pub fn parse(data: &BTreeMap<String, String>) -> Self {
        Self::parse_at(data, KnativeVersion::NEWEST)
    }

    /// Reads the `data` of the ConfigMap as a release does; features that came later are off.
    #[must_use]
    pub fn parse_at(data: &BTreeMap<String, String>, release: KnativeVersion) -> Self {
        let mut config = Self::default();
        for (flag, (feature, key)) in config.0.iter_mut().zip(KEYS) {
            if !feature.is_known_to(release) {
                continue;
            }
            if let Some(known) = data.get(key).and_then(|word| read(feature, word, release)) {
                *flag = known;
            }
        }
        config
    }

    /// The state of a feature.
    #[must_use]
    pub fn flag(&self, feature: Feature) -> Flag {
        self.0
            .get(feature as usize)
            .copied()
            .unwrap_or(Flag::Disabled)
    }

    /// True if the feature is on.
    #[must_use]
    pub fn is_enabled(&self, feature: Feature) -> bool {
        self.flag(feature) == Flag::Enabled
    }

    /// True if the feature is neither on nor tolerated.
    #[must_use]
    pub fn is_disabled(&self, feature: Feature) -> bool {
        self.flag(feature) == Flag::Disabled
    }
}

impl Feature {
    /// Whether a release has the feature at all.
    #[must_use]
    pub fn is_known_to(self, release: KnativeVersion) -> bool {
        let since = match self {
            Self::TopologySpreadConstraints => Behaviour::TopologySpread,
            Self::DnsConfig | Self::DnsPolicy => Behaviour::Dns,
            Self::SecurePodDefaults => Behaviour::SecurePodDefaults,
            Self::QueueProxyResourceDefaults => Behaviour::QueueDefaults,
            Self::ShareProcessNamespace => Behaviour::ShareProcessNamespace,
            Self::HostIpc | Self::HostNetwork | Self::HostPid => Behaviour::HostNamespaces,
            _ => return true,
        };
        release.has(since)
    }
}

fn read(feature: Feature, word: &str, release: KnativeVersion) -> Option<Flag> {
    let middle = match feature {
        Feature::SecurePodDefaults if release.has(Behaviour::AllowRootBounded) => {
            ("allowrootbounded", Flag::AllowRootBounded)
        }
        _ => ("allowed", Flag::Allowed),
    };
    [
        ("enabled", Flag::Enabled),
        middle,
        ("disabled", Flag::Disabled),
    ]
    .into_iter()
    .find(|(name, _)| word.eq_ignore_ascii_case(name))
    .map(|(_, flag)| flag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_the_order_of_the_features() {
        assert!(
            KEYS.iter()
                .enumerate()
                .all(|(index, (feature, _))| *feature as usize == index)
        );
    }

    #[test]
    fn unknown_words_leave_the_default() {
        let data = [
            ("multi-container", "off"),
            ("kubernetes.podspec-affinity", "ALLOWED"),
        ];
        let config = FeaturesConfig::parse(
            &data
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        );
        assert!(config.is_enabled(Feature::MultiContainer));
        assert_eq!(config.flag(Feature::Affinity), Flag::Allowed);
        assert!(config.is_disabled(Feature::NodeSelector));
    }
}
