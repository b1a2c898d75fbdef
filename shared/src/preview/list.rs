//! The whole answer about several workloads.

use std::collections::BTreeMap;

use super::cause::Cause;
use super::types::{CauseSummary, PreviewFacts, PreviewList, Previewed, Summary};
use super::upgrade::{self, KubernetesStep};
use crate::explain;
use crate::facts::Facts;

/// What is taken for granted of every upgrade.
const KEPT: [&str; 2] = [
    "the ConfigMaps of KServe and Knative stay as they are: what is only assumed of them is that of each release as shipped",
    "the ServingRuntimes stay as they are: other images or arguments replace the pods of their models",
];

/// Puts an answer together from what [`super::preview()`] says of each workload, those without any change among them.
#[must_use]
pub fn list(
    workloads: Vec<Previewed>,
    before: &Facts,
    after: &Facts,
    to: &KubernetesStep,
) -> PreviewList {
    let mut summary = Summary {
        workloads: workloads.len(),
        ..Summary::default()
    };
    let mut counts: BTreeMap<Cause, usize> = BTreeMap::new();
    let items: Vec<Previewed> = workloads
        .into_iter()
        .filter(|workload| !workload.changes.is_empty())
        .collect();
    for item in &items {
        summary.changed += 1;
        summary.broken += usize::from(item.changes.iter().any(|change| change.breaks));
        let mut causes: Vec<Cause> = item.changes.iter().map(|change| change.cause).collect();
        causes.dedup();
        for cause in causes {
            *counts.entry(cause).or_default() += 1;
        }
    }
    let mut assumed = explain::list(Vec::new(), before).facts.assumed;
    assumed.extend(KEPT.map(str::to_owned));
    PreviewList {
        api_version: explain::API_VERSION.to_owned(),
        kind: "PreviewList".to_owned(),
        facts: PreviewFacts {
            source: before.source,
            assumed,
        },
        upgrade: upgrade::steps(before, after, to),
        notes: upgrade::notes(before, after, to),
        summary,
        causes: counts
            .into_iter()
            .map(|(cause, workloads)| CauseSummary {
                cause,
                breaks: cause.breaks(),
                title: cause.title(),
                help: cause.help(),
                workloads,
            })
            .collect(),
        items,
    }
}
