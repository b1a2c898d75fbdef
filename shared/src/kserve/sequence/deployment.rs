//! The Deployments of a workload when it is reconciled again.
//! Source: kserve/kserve 0.11–0.20, `reconcilers/deployment/deployment_reconciler.go` and `components/predictor.go`.

use std::collections::BTreeSet;

use super::objects::{KeptDeployment, Writes};
use crate::kserve::graph::{ObjectKind, Verb};

/// A Deployment as it is sent.
pub(super) struct Deployment {
    pub(super) name: String,
    /// Whether the annotation `stop` keeps it from running.
    pub(super) stopped: bool,
    /// Whether the replicas are taken from what is sent, also where that leaves them to the API server.
    pub(super) fixes_replicas: bool,
    pub(super) sent: KeptDeployment,
}

impl Deployment {
    pub(super) fn reconcile(self, writes: &mut Writes) {
        let kind = ObjectKind::Deployment;
        let Self { name, mut sent, .. } = self;
        let before = writes.after.deployments.get(&name);
        if self.stopped {
            if before.is_some() {
                writes.note(Verb::Delete, kind, &name, false);
                writes.after.deployments.remove(&name);
            }
            return;
        }
        let verb = match before {
            None => Verb::Create,
            Some(before) => {
                // With any other class the replicas are left as they are found, even if another class once fixed them.
                if !self.fixes_replicas {
                    sent.replicas = before.replicas;
                }
                if sent == *before {
                    return;
                }
                Verb::Patch
            }
        };
        writes.note(verb, kind, &name, false);
        writes.after.deployments.insert(name, sent);
    }
}

/// Deletes the Deployments with the labels of this service's predictor that are neither the stable one's nor a canary's. The
/// workers of a service over several nodes have these labels too. HPAs and ScaledObjects are not looked for.
pub(super) fn delete_orphans(service: &str, expected: &BTreeSet<String>, writes: &mut Writes) {
    let orphans: Vec<String> = writes
        .after
        .deployments
        .iter()
        .filter(|(name, kept)| kept.is_predictor_of(service) && !expected.contains(*name))
        .map(|(name, _)| name.clone())
        .collect();
    for name in orphans {
        writes.note(Verb::Delete, ObjectKind::Deployment, &name, false);
        writes.after.deployments.remove(&name);
    }
}
