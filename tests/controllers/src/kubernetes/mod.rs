//! What Kubernetes' own controllers, its scheduler and its kubelets do.

mod deployment;
mod garbage;
mod hpa;
mod pods;
mod replica_set;

use crate::error::Error;
use crate::kinds::Kind;
use crate::scene::Scene;
use crate::script::Part;

/// One turn of all of them.
pub(crate) fn reconcile(scene: &mut Scene<'_>) -> Result<(), Error> {
    if scene.script.acts(Part::Pods) {
        for object in scene.all(Kind::Deployment) {
            deployment::reconcile(scene, &object)?;
        }
        for object in scene.all(Kind::ReplicaSet) {
            replica_set::reconcile(scene, &object)?;
        }
        for object in scene.all(Kind::Pod) {
            pods::reconcile(scene, &object)?;
        }
    }
    if scene.script.acts(Part::Hpa) {
        for object in scene.all(Kind::Hpa) {
            hpa::reconcile(scene, &object)?;
        }
    }
    if scene.script.acts(Part::Garbage) {
        garbage::collect(scene)?;
    }
    Ok(())
}
