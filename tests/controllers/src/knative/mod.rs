//! What Knative Serving's controllers do: Service, Configuration, Revision, Route, PodAutoscaler and what is behind it.
//!
//! Source: knative/serving 1.23, `pkg/reconciler/*` and `pkg/apis/*/v1*/*_lifecycle.go`, in the order that the recordings show.

mod configuration;
mod hpa_class;
mod kpa_class;
mod labeler;
mod pod_autoscaler;
mod revision;
mod route;
mod serverless_service;
mod service;

use crate::error::Error;
use crate::kinds::Kind;
use crate::scene::Scene;
use crate::script::Part;

/// One turn of all of them.
pub(crate) fn reconcile(scene: &mut Scene<'_>) -> Result<(), Error> {
    if scene.script.acts(Part::Knative) {
        for object in scene.all(Kind::KnativeService) {
            service::reconcile(scene, &object)?;
        }
        for object in scene.all(Kind::Configuration) {
            configuration::reconcile(scene, &object)?;
        }
        for object in scene.all(Kind::Revision) {
            revision::reconcile(scene, &object)?;
        }
        for object in scene.all(Kind::Route) {
            route::reconcile(scene, &object)?;
            labeler::reconcile(scene, &object)?;
        }
        for object in scene.all(Kind::ServerlessService) {
            serverless_service::reconcile(scene, &object)?;
        }
    }
    for object in scene.all(Kind::PodAutoscaler) {
        pod_autoscaler::reconcile(scene, &object)?;
    }
    Ok(())
}

/// What Knative prints where a ServerlessService has no pods behind it.
const NOT_READY: &str = "K8s Service is not ready";
