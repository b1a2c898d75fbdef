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

/// One turn of all of them. A Service looks whenever one of its own has changed.
pub(crate) fn reconcile(scene: &mut Scene<'_>) -> Result<(), Error> {
    if scene.script.acts(Part::Knative) {
        of_each(scene, Kind::KnativeService, service::reconcile)?;
        of_each(scene, Kind::Configuration, configuration::reconcile)?;
        of_each(scene, Kind::KnativeService, service::reconcile)?;
        of_each(scene, Kind::Route, route::reconcile)?;
        of_each(scene, Kind::KnativeService, service::reconcile)?;
        of_each(scene, Kind::Route, labeler::reconcile)?;
        of_each(scene, Kind::Revision, revision::reconcile)?;
        of_each(
            scene,
            Kind::ServerlessService,
            serverless_service::reconcile,
        )?;
    }
    of_each(scene, Kind::PodAutoscaler, pod_autoscaler::reconcile)
}

type Reconcile = fn(&mut Scene<'_>, &serde_json::Value) -> Result<(), Error>;

fn of_each(scene: &mut Scene<'_>, kind: Kind, reconcile: Reconcile) -> Result<(), Error> {
    let all = scene.all(kind);
    all.iter().try_for_each(|object| reconcile(scene, object))
}

/// What Knative prints where a ServerlessService has no pods behind it.
const NOT_READY: &str = "K8s Service is not ready";
