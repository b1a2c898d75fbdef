//! Fields that nothing reads, in any mode.

use super::Subject;
use crate::explain::chain::Chain;
use crate::kserve::Behaviour;
use crate::rules;

/// Fields that the release reads nowhere.
pub(super) fn gather(subject: &Subject<'_>, chain: &mut Chain) {
    let release = subject.facts.release();
    subject.field(
        chain,
        &rules::KS218,
        "scaleMetricType",
        "no KServe release reads this field",
    );
    if !release.has(Behaviour::AutoScalingField) {
        let why = format!("KServe {release} does not know this field (0.15 does) and drops it");
        subject.field(chain, &rules::KS312, "autoScaling", &why);
        subject.field(chain, &rules::KS401, "resources", &why);
    }
    if !release.has(Behaviour::DeploymentStrategy) {
        let why = format!("KServe {release} does not know this field (0.13 does) and drops it");
        subject.field(chain, &rules::KS312, "deploymentStrategy", &why);
    }
}
