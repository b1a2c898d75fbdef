//! Knative's ConfigMaps, from the `cluster` of a corpus line.

use std::collections::BTreeMap;

use kscale_rules::knative::{ConfigData, Configs};
use serde_json::Value;

/// The ConfigMaps as Knative reads them, or the text of the first that it refuses.
pub(crate) fn read_configs(cluster: &Value) -> Result<Configs, String> {
    let data = |key: &str| -> Option<BTreeMap<String, String>> {
        let map = cluster.get(key)?.as_object()?.iter();
        Some(
            map.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
                .collect(),
        )
    };
    let maps = [
        "config_autoscaler",
        "config_defaults",
        "config_deployment",
        "config_features",
    ]
    .map(data);
    let [autoscaler, defaults, deployment, features] = maps.each_ref().map(Option::as_ref);
    Configs::parse(&ConfigData {
        autoscaler,
        defaults,
        deployment,
        features,
    })
}
