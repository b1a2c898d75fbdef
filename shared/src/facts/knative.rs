//! What is known of Knative: its release, and its ConfigMaps as that release reads them.
//!
//! The release and the ConfigMaps are told in any order, so what the ConfigMaps say is kept and read again whenever one of
//! them or the release changes.

use std::collections::BTreeMap;

use super::fact::{Fact, Provenance};
use super::{ConfigAutoscaler, Data, Facts};
use crate::knative::release::KnativeVersion;
use crate::knative::{AutoscalerConfig, ConfigData, Configs};

/// The `data` of the ConfigMaps beside `config-autoscaler`; none for one that nobody gave.
#[derive(Clone, Debug, Default)]
pub(super) struct KnativeData {
    defaults: Option<Data>,
    deployment: Option<Data>,
    features: Option<Data>,
}

impl Facts {
    /// The same facts under another Knative release; Knative's ConfigMaps are read again as that release reads them.
    #[must_use]
    pub fn with_knative(mut self, version: Fact<KnativeVersion>) -> Self {
        self.knative = version;
        self.knative_upgrade = None;
        self.read_knative_configs();
        self
    }

    /// Sets `config-autoscaler`; none means it is known not to be there.
    pub fn set_config_autoscaler(&mut self, data: Option<Data>, provenance: Provenance) {
        self.keep_config_autoscaler(data, provenance);
        self.read_knative_configs();
    }

    /// Sets one of Knative's other ConfigMaps: `config-defaults`, `config-deployment` or `config-features`.
    pub fn set_knative_config(&mut self, name: &str, data: &Data, provenance: Provenance) {
        self.keep_knative_config(name, data.clone(), provenance);
        self.read_knative_configs();
    }

    /// What the ConfigMaps say, unread; one that nobody gave is none.
    #[must_use]
    pub fn knative_data(&self) -> ConfigData<'_> {
        ConfigData {
            autoscaler: self.config_autoscaler.value.data(),
            defaults: self.knative_data.defaults.as_ref(),
            deployment: self.knative_data.deployment.as_ref(),
            features: self.knative_data.features.as_ref(),
        }
    }

    /// Keeps `config-autoscaler` without reading the ConfigMaps again.
    pub(super) fn keep_config_autoscaler(&mut self, data: Option<Data>, provenance: Provenance) {
        let release = self.knative.value;
        let value = data.map_or(ConfigAutoscaler::Missing, |data| {
            ConfigAutoscaler::read(data, release)
        });
        self.config_autoscaler = Fact { value, provenance };
    }

    /// Keeps another ConfigMap without reading them again; one of any other name is passed over.
    pub(super) fn keep_knative_config(&mut self, name: &str, data: Data, provenance: Provenance) {
        match name {
            "config-defaults" => {
                self.knative_data.defaults = Some(data);
                self.config_defaults = provenance;
            }
            "config-deployment" => {
                self.knative_data.deployment = Some(data);
                self.config_deployment = provenance;
            }
            "config-features" => self.knative_data.features = Some(data),
            _ => {}
        }
    }

    /// Reads all of Knative's ConfigMaps as the release does.
    pub(super) fn read_knative_configs(&mut self) {
        let release = self.knative.value;
        self.knative_configs = Configs::parse_at(&self.knative_data(), release);
        if let ConfigAutoscaler::Data { data, parsed } = &mut self.config_autoscaler.value {
            *parsed = match &self.knative_configs {
                Ok(configs) => Ok(Box::new(configs.autoscaler.clone())),
                Err(_) => AutoscalerConfig::parse_at(data, release).map(Box::new),
            };
        }
    }
}

impl ConfigAutoscaler {
    fn read(data: Data, release: KnativeVersion) -> Self {
        Self::Data {
            parsed: AutoscalerConfig::parse_at(&data, release).map(Box::new),
            data,
        }
    }

    /// Its `data`; none where the ConfigMap is missing.
    #[must_use]
    pub fn data(&self) -> Option<&BTreeMap<String, String>> {
        match self {
            Self::Data { data, .. } => Some(data),
            Self::Missing => None,
        }
    }
}

#[cfg(test)]
mod tests;
