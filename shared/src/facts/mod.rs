//! What is known of the cluster. Every fact is known, with where from, or assumed, with why.

mod apis;
mod fact;
mod knative;
mod objects;
mod runtime;
mod scaler;
mod snapshot;
mod versions;

use std::collections::BTreeMap;

pub use crate::knative::release::KnativeVersion;
pub use fact::{Fact, FactsSource, Provenance};
pub use runtime::{Runtime, RuntimeChoice, choose as choose_runtime};
pub use scaler::{Scaler, ScalerKind};
pub use snapshot::{KubernetesVersion, Unread};

use knative::KnativeData;
use serde_json::Value;

use crate::knative::config_autoscaler::AutoscalerConfig;
use crate::knative::configs::Configs;
use crate::kserve::{KserveConfig, Release};
use crate::manifest::ModelSource;

/// The data of a ConfigMap.
pub type Data = BTreeMap<String, String>;

/// Everything a prediction wants to know of the cluster.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Where the facts come from on the whole.
    pub source: FactsSource,
    /// The KServe release.
    pub kserve: Fact<Release>,
    /// The Knative Serving release; its ConfigMaps are read as it reads them, so [`Self::with_knative`] sets it.
    pub knative: Fact<KnativeVersion>,
    /// A sentence that says which releases were found, where the parts of Knative are of several: it is being upgraded.
    pub knative_upgrade: Option<String>,
    /// `inferenceservice-config`, as the KServe release reads it.
    pub kserve_config: Fact<KserveConfig>,
    /// `config-autoscaler`, as the Knative release reads it.
    pub config_autoscaler: Fact<ConfigAutoscaler>,
    /// The ConfigMaps of Knative as the webhook of its release has parsed them; an error is the text of the first that does
    /// not parse, in the order of the fields of [`Configs`].
    pub knative_configs: Result<Configs, String>,
    /// Where `config-defaults` comes from.
    pub config_defaults: Provenance,
    /// Where `config-deployment` comes from.
    pub config_deployment: Provenance,
    /// Whether Knative Serving is installed.
    pub knative_installed: Fact<bool>,
    /// Whether Knative's HPA extension runs; none means that nobody said.
    pub hpa_extension: Fact<Option<bool>>,
    /// The release of that extension, where its Deployment says so.
    pub hpa_extension_release: Option<KnativeVersion>,
    /// Whether an operator's KnativeServing was seen: it owns Knative's ConfigMaps then.
    pub knative_operated: bool,
    /// Whether KEDA is installed; none means that nobody said.
    pub keda_installed: Fact<Option<bool>>,
    /// Whether the resource metrics API answers; none means that nobody said.
    pub metrics_api: Fact<Option<bool>>,
    /// Whether the custom metrics API answers; none means that nobody said.
    pub custom_metrics_api: Fact<Option<bool>>,
    /// The release of Kubernetes; none means that nobody said.
    pub kubernetes: Fact<Option<KubernetesVersion>>,
    /// What could not be read, so that it is assumed.
    pub unread: Vec<Unread>,
    /// The ServingRuntimes and ClusterServingRuntimes.
    pub runtimes: Vec<Runtime>,
    /// Whether there may be runtimes beside those that were seen. So it is where they stand among manifests: a folder with
    /// one runtime in it does not say that the cluster has no other.
    pub more_runtimes: bool,
    /// The autoscalers of Deployments that were seen.
    pub scalers: Vec<Scaler>,
    config_data: Data,
    knative_data: KnativeData,
}

/// What is known of `config-autoscaler`.
#[derive(Clone, Debug, PartialEq)]
pub enum ConfigAutoscaler {
    /// It is there.
    Data {
        /// Its `data`.
        data: Data,
        /// What Knative makes of it.
        parsed: Result<Box<AutoscalerConfig>, String>,
    },
    /// It is known not to be there.
    Missing,
}

impl Default for Facts {
    fn default() -> Self {
        Self::shipped()
    }
}

impl Facts {
    /// The shipped defaults: newest releases, ConfigMaps as they are installed, every one of them assumed.
    #[must_use]
    pub fn shipped() -> Self {
        let nothing = "no cluster facts were given";
        let shipped = "the ConfigMap as shipped";
        let mut facts = Self {
            source: FactsSource::Defaults,
            kserve: Fact::assumed(Release::NEWEST, "the newest release"),
            knative: Fact::assumed(KnativeVersion::NEWEST, "the newest release"),
            knative_upgrade: None,
            kserve_config: Fact::assumed(
                KserveConfig::read(&Data::new(), Release::NEWEST),
                shipped,
            ),
            config_autoscaler: Fact::assumed(
                ConfigAutoscaler::Data {
                    data: Data::new(),
                    parsed: Ok(Box::default()),
                },
                shipped,
            ),
            knative_configs: Ok(Configs::default()),
            config_defaults: Provenance::Assumed(shipped.to_owned()),
            config_deployment: Provenance::Assumed(shipped.to_owned()),
            knative_installed: Fact::assumed(true, nothing),
            hpa_extension: Fact::assumed(None, nothing),
            hpa_extension_release: None,
            knative_operated: false,
            keda_installed: Fact::assumed(None, nothing),
            metrics_api: Fact::assumed(None, nothing),
            custom_metrics_api: Fact::assumed(None, nothing),
            kubernetes: Fact::assumed(None, nothing),
            unread: Vec::new(),
            runtimes: Vec::new(),
            more_runtimes: false,
            scalers: Vec::new(),
            config_data: Data::new(),
            knative_data: KnativeData::default(),
        };
        facts.read_kserve_config();
        facts
    }

    /// Facts from plain Kubernetes objects, `List`s among them; what they do not tell is assumed. Objects of other kinds
    /// are passed over.
    #[must_use]
    pub fn from_objects<'a>(
        objects: impl IntoIterator<Item = &'a Value>,
        source: FactsSource,
    ) -> Self {
        let mut facts = Self::shipped();
        facts.source = source;
        objects::read(&mut facts, objects);
        facts
    }

    /// The same facts under another KServe release; KServe's ConfigMap is read again as that release reads it.
    #[must_use]
    pub fn with_kserve(mut self, release: Fact<Release>) -> Self {
        self.kserve = release;
        self.read_kserve_config();
        self
    }

    /// The runtime of a model, as far as the runtimes are known.
    #[must_use]
    pub fn runtime_of(
        &self,
        model: &ModelSource<'_>,
        namespace: &str,
        multi_node: bool,
    ) -> RuntimeChoice<'_> {
        match choose_runtime(&self.runtimes, model, namespace, multi_node) {
            RuntimeChoice::None if self.more_runtimes => RuntimeChoice::Unknown,
            choice => choice,
        }
    }

    /// The KServe release.
    #[must_use]
    pub fn release(&self) -> Release {
        self.kserve.value
    }

    /// Sets the whole `data` of `inferenceservice-config`.
    pub fn set_kserve_config(&mut self, data: Data, provenance: Provenance) {
        self.config_data = data;
        self.kserve_config.provenance = provenance;
        self.kserve_config.value = KserveConfig::read(&self.config_data, self.kserve.value);
    }

    fn read_kserve_config(&mut self) {
        if !self.kserve_config.provenance.is_known() {
            self.config_data = KserveConfig::shipped_data(self.kserve.value);
        }
        self.kserve_config.value = KserveConfig::read(&self.config_data, self.kserve.value);
    }
}
