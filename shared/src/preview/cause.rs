//! What an upgrade can change about a workload, the most dangerous first.

use serde::Serialize;

/// What changes. The order is that of danger; the names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Cause {
    /// KServe's ConfigMap is refused, and with it every object
    ConfigRefused,
    /// The object is refused
    Refused,
    /// Every update of the object is refused, though it could be created anew
    Locked,
    /// The controller fails
    Fails,
    /// Objects of it stay, and nobody manages them any more
    Orphaned,
    /// Another deployment mode
    Mode,
    /// It is stopped
    Stopped,
    /// Another autoscaler
    Autoscaler,
    /// The controller leaves it alone, and no edit reaches it
    NotReconciled,
    /// It goes down to no pod at all, or no longer does
    ScaleToZero,
    /// Other bounds
    Bounds,
    /// Another metric
    Metric,
    /// Another target
    Target,
    /// The autoscaler's object changes in something else
    Settings,
    /// Its pods are replaced as soon as the new release runs
    Rolled,
    /// Its pods are replaced with the next write of the object
    RolledOnUpdate,
    /// Objects beside those that scale it are made, or no longer made
    Objects,
    /// What was refused is accepted
    Accepted,
    /// What was locked can be updated
    Unlocked,
    /// The controller no longer fails
    Works,
}

impl Cause {
    /// Every cause, the most dangerous first.
    pub const ALL: [Self; 20] = [
        Self::ConfigRefused,
        Self::Refused,
        Self::Locked,
        Self::Fails,
        Self::Orphaned,
        Self::Mode,
        Self::Stopped,
        Self::Autoscaler,
        Self::NotReconciled,
        Self::ScaleToZero,
        Self::Bounds,
        Self::Metric,
        Self::Target,
        Self::Settings,
        Self::Rolled,
        Self::RolledOnUpdate,
        Self::Objects,
        Self::Accepted,
        Self::Unlocked,
        Self::Works,
    ];

    /// Whether the upgrade breaks what it changes so.
    #[must_use]
    pub fn breaks(self) -> bool {
        self <= Self::Autoscaler
    }

    /// The name, as it stands in the JSON.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::ConfigRefused => "config-refused",
            Self::Refused => "refused",
            Self::Locked => "locked",
            Self::Fails => "fails",
            Self::Orphaned => "orphaned",
            Self::Mode => "mode",
            Self::Stopped => "stopped",
            Self::Autoscaler => "autoscaler",
            Self::NotReconciled => "not-reconciled",
            Self::ScaleToZero => "scale-to-zero",
            Self::Bounds => "bounds",
            Self::Metric => "metric",
            Self::Target => "target",
            Self::Settings => "settings",
            Self::Rolled => "rolled",
            Self::RolledOnUpdate => "rolled-on-update",
            Self::Objects => "objects",
            Self::Accepted => "accepted",
            Self::Unlocked => "unlocked",
            Self::Works => "works",
        }
    }

    /// What it means, in a sentence without a full stop.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::ConfigRefused => {
                "KServe's ConfigMap is refused, and with it every write of every object"
            }
            Self::Refused => "refused: what runs goes on, and no apply of it gets through",
            Self::Locked => "locked: what runs goes on, and every update of it is refused",
            Self::Fails => "the controller fails: what runs goes on, and no change reaches it",
            Self::Orphaned => "left behind: objects stay that nobody manages any more",
            Self::Mode => "another deployment mode",
            Self::Stopped => "stopped: what runs is deleted",
            Self::Autoscaler => "another autoscaler",
            Self::NotReconciled => "left alone: edits are accepted and not acted on",
            Self::ScaleToZero => "scale to zero",
            Self::Bounds => "other bounds",
            Self::Metric => "another metric",
            Self::Target => "another target",
            Self::Settings => "other settings of the autoscaler",
            Self::Rolled => "rolled: pods are replaced once the new release runs",
            Self::RolledOnUpdate => "rolled later: the next write of the object replaces its pods",
            Self::Objects => "other objects beside those that scale it",
            Self::Accepted => "accepted: it was refused before",
            Self::Unlocked => "no longer locked against updates",
            Self::Works => "works: the controller failed before",
        }
    }

    /// What to do before upgrading; empty where nothing need be done.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::ConfigRefused => {
                "write deploy.defaultDeploymentMode in a word that the new release knows"
            }
            Self::Refused => "change what the text complains of, and apply that first",
            Self::Locked | Self::Mode => {
                "plan to delete the object and to create it anew, in the mode that it should have"
            }
            Self::Fails => "change what the text complains of, and apply that first",
            Self::Orphaned => {
                "plan to delete them after the upgrade, once what replaces them is ready"
            }
            Self::Stopped => "remove the annotation serving.kserve.io/stop from what must go on",
            Self::Autoscaler => "write down what should scale it in words that both releases read",
            Self::NotReconciled => {
                "remove the annotation serving.kserve.io/disable-auto-update from what is to be edited"
            }
            Self::ScaleToZero | Self::Bounds => {
                "write minReplicas and maxReplicas as they should be"
            }
            Self::Metric | Self::Target => {
                "write metric and target in words that both releases read"
            }
            Self::Settings => {
                "compare them under `kubectl kscale explain -o wide` for both releases"
            }
            Self::Rolled => "upgrade when there is room for a second set of pods",
            Self::RolledOnUpdate => "expect it with the first apply after the upgrade",
            Self::Objects | Self::Accepted | Self::Unlocked | Self::Works => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_in_order_and_named_as_in_the_json() {
        assert!(Cause::ALL.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(Cause::ALL.len(), Cause::Works as usize + 1);
        for cause in Cause::ALL {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.slug());
        }
    }
}
