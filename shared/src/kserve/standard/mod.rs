//! What the controller makes in Standard mode: Deployment, Service, and the autoscaler of the class.
//! Source: kserve/kserve 0.11–0.20, `reconcilers/raw/raw_kube_reconciler.go`, `reconcilers/autoscaler/autoscaler_reconciler.go`,
//! `reconcilers/deployment/deployment_reconciler.go`.

pub mod hpa;
pub mod keda;

use std::collections::BTreeMap;

use super::annotations::{AUTOSCALER_CLASS, DEPLOYMENT_MODE, STOP};
use super::config::KserveConfig;
use super::mode::{normalise, standard_word};
use super::outcome::{Failure, Hpa, RefusedBy, StandardOutcome};
use super::release::{Behaviour, Release};
use crate::knative::annotations::Annotations;
use crate::kubernetes::names::dns1123_subdomain_errors;
use crate::kubernetes::pod::ContainerRequests;
use crate::manifest::Extension;

/// What a Standard workload is made from.
pub struct Workload<'a> {
    /// The name of its objects.
    pub name: &'a str,
    /// The namespace.
    pub namespace: &'a str,
    /// Its effective annotations.
    pub annotations: &'a Annotations,
    /// Its scaling fields.
    pub extension: &'a Extension<'a>,
    /// Its containers.
    pub containers: &'a [ContainerRequests],
    /// The names of the additional Services and Deployments of a service over several nodes.
    pub workers: Option<Workers>,
    /// KServe's ConfigMap.
    pub config: &'a KserveConfig,
    /// The release.
    pub release: Release,
}

/// The additional objects of a service over several nodes.
pub struct Workers {
    /// Services, after the main one.
    pub services: Vec<String>,
    /// Deployments, after the main one.
    pub deployments: Vec<String>,
}

/// What became of a Standard workload.
pub struct Made {
    /// The objects created, in order, as `Kind.group/name`.
    pub created: Vec<String>,
    /// The outcome; none where the controller fails before it makes anything.
    pub outcome: Option<StandardOutcome>,
    /// Whether the annotation `stop` keeps it from running.
    pub stopped: bool,
    /// Why it fails: a text without the controller's own words before it, and whether it failed while preparing.
    pub failure: Option<(Failure, Stage)>,
}

/// How far the controller got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before anything was sent.
    Preparing,
    /// While sending.
    Sending,
}

impl Workload<'_> {
    /// Makes the objects of the workload.
    #[must_use]
    pub fn make(&self) -> Made {
        let nothing = |failure| Made {
            created: Vec::new(),
            outcome: None,
            stopped: false,
            failure,
        };
        let prepared = match self.prepare() {
            Ok(prepared) => prepared,
            Err(failure) => return nothing(Some((failure, Stage::Preparing))),
        };
        let stop = self
            .annotations
            .get(STOP)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if stop && self.release.has(Behaviour::StopStandard) {
            return Made {
                stopped: true,
                ..nothing(None)
            };
        }
        self.send(prepared)
    }

    /// The class in effect: the annotation, or `hpa`.
    fn class(&self) -> &str {
        self.annotations
            .get(AUTOSCALER_CLASS)
            .map_or("hpa", String::as_str)
    }

    fn prepare(&self) -> Result<Prepared, Failure> {
        let collector = self.collector()?;
        let scaler = self.scaler()?;
        self.host()?;
        self.mode()?;
        Ok(Prepared { collector, scaler })
    }

    /// Whether an OpenTelemetry collector is made. The class is not asked.
    fn collector(&self) -> Result<bool, Failure> {
        let metrics = self
            .extension
            .auto_scaling
            .iter()
            .flat_map(|scaling| &scaling.metrics);
        let mut makes = false;
        for metric in metrics.filter(|metric| metric.kind == "PodMetric") {
            let pod = metric.pod.as_ref().ok_or_else(Failure::nil_pointer)?;
            let counts = pod.names_metrics || self.release.has(Behaviour::OtelPerMetric);
            makes |= pod.backend == "opentelemetry" && counts;
        }
        Ok(makes)
    }

    fn scaler(&self) -> Result<Scaler, Failure> {
        let release = self.release;
        let class = self.class();
        let on_hpa_path = match class {
            "hpa" => true,
            "external" => release.has(Behaviour::ClassExternal),
            "none" => release.has(Behaviour::ClassNone),
            _ => false,
        };
        if on_hpa_path {
            // The HPA is built, and may crash the controller, for the classes that do not use it too.
            let built = hpa::build(self.name, self.extension, self.annotations, release)?;
            return Ok(if class == "hpa" {
                Scaler::Hpa(Box::new(built))
            } else {
                Scaler::None
            });
        }
        if class == "keda" && release.has(Behaviour::ClassKeda) {
            let scaled = keda::Scaled {
                name: self.name,
                namespace: self.namespace,
                extension: self.extension,
                config: self.config,
                release,
            };
            return scaled.build().map(Scaler::Keda);
        }
        let text = if release.has(Behaviour::NamelessClassError) {
            "unknown autoscaler class type.".to_owned()
        } else {
            format!("unknown autoscaler class type: {class}")
        };
        Err(Failure::new(RefusedBy::Kserve, "", &text))
    }

    /// The workload's host name, which must be a DNS name.
    fn host(&self) -> Result<(), Failure> {
        let host = format!("{}-{}.example.com", self.name, self.namespace);
        let errors = dns1123_subdomain_errors(&host);
        if errors.is_empty() {
            return Ok(());
        }
        let what = errors.join(", ");
        let text = format!(
            "failed creating host name: invalid domain name \"{host}\": url: Invalid value: \"{host}\": {what}"
        );
        Err(Failure::new(RefusedBy::Kserve, "", &text))
    }

    /// The mode annotation is read once more here, from the merged annotations, and without falling back to the default.
    fn mode(&self) -> Result<(), Failure> {
        let written = self
            .annotations
            .get(DEPLOYMENT_MODE)
            .map_or("", String::as_str);
        if !refuses_mode(written, self.release) {
            return Ok(());
        }
        let word = normalise(written);
        let text = format!("unsupported deployment mode for workload: {word}");
        Err(Failure::new(RefusedBy::Kserve, "", &text))
    }

    fn send(&self, prepared: Prepared) -> Made {
        let mut created = self.basic_objects(prepared.collector);
        let mut outcome = StandardOutcome {
            class: self.class().to_owned(),
            replicas: self.replicas(),
            hpa: None,
            scaled_object: None,
            keda_errors: BTreeMap::new(),
        };
        let mut failure = None;
        match prepared.scaler {
            Scaler::None => {}
            Scaler::Hpa(spec) => {
                created.push(format!("HorizontalPodAutoscaler.autoscaling/{}", self.name));
                let hpa = Hpa::of(*spec);
                failure = refused_hpa(self.name, &hpa).map(|failure| (failure, Stage::Sending));
                outcome.hpa = Some(hpa);
            }
            Scaler::Keda(spec) => {
                created.push(format!("ScaledObject.keda.sh/{}", self.name));
                outcome.keda_errors = keda::webhook_errors(&spec, self.containers);
                outcome.scaled_object = Some(spec);
            }
        }
        Made {
            created,
            outcome: Some(outcome),
            stopped: false,
            failure,
        }
    }

    fn basic_objects(&self, collector: bool) -> Vec<String> {
        let name = self.name;
        let workers = self.workers.as_ref();
        let mut services = vec![format!("Service/{name}")];
        services.extend(
            workers
                .into_iter()
                .flat_map(|w| w.services.iter().map(|s| format!("Service/{s}"))),
        );
        let mut deployments = vec![format!("Deployment.apps/{name}")];
        deployments.extend(
            workers
                .into_iter()
                .flat_map(|w| w.deployments.iter().map(|d| format!("Deployment.apps/{d}"))),
        );
        let collector =
            collector.then(|| format!("OpenTelemetryCollector.opentelemetry.io/{name}"));
        if self.release.has(Behaviour::ServiceFirst) {
            services
                .into_iter()
                .chain(collector)
                .chain(deployments)
                .collect()
        } else {
            collector
                .into_iter()
                .chain(deployments)
                .chain(services)
                .collect()
        }
    }

    /// `spec.replicas` of the Deployment: only the class without an autoscaler sets it, and only from minReplicas.
    fn replicas(&self) -> Option<i64> {
        let fixed = fixes_replicas(self.annotations, self.release);
        self.extension.min_replicas.filter(|_| fixed)
    }
}

/// Whether KServe itself sets the replicas of a Deployment. The default class never does, so the annotation itself is asked.
pub(super) fn fixes_replicas(annotations: &Annotations, release: Release) -> bool {
    match annotations.get(AUTOSCALER_CLASS).map(String::as_str) {
        Some("none") => release.has(Behaviour::ClassNone),
        Some("external") => release.has(Behaviour::ExternalSetsReplicas),
        _ => false,
    }
}

/// Whether the mode annotation, as written, keeps a workload of Standard mode from being made.
#[must_use]
pub fn refuses_mode(written: &str, release: Release) -> bool {
    let fits = written.is_empty() || normalise(written) == standard_word(release);
    !fits && release.has(Behaviour::ComponentModeCheck)
}

struct Prepared {
    collector: bool,
    scaler: Scaler,
}

enum Scaler {
    None,
    Hpa(Box<crate::kubernetes::hpa::HpaSpec>),
    Keda(serde_json::Value),
}

/// The API server's refusal of an HPA, in the words of its `Invalid` error.
pub(super) fn refused_hpa(name: &str, hpa: &Hpa) -> Option<Failure> {
    let list = match hpa.errors.as_slice() {
        [] => return None,
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    let text = format!("HorizontalPodAutoscaler.autoscaling \"{name}\" is invalid: {list}");
    Some(Failure::new(RefusedBy::Kubernetes, "", &text))
}
