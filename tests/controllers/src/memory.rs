//! What the controllers remember between two looks.

use std::collections::BTreeMap;
use std::time::Instant;

use kscale_rules::facts::Facts;
use kscale_rules::kserve::sequence::KeptDeployment;

use crate::script::Pods;

/// What is remembered, by uids where it is of objects.
#[derive(Default)]
pub(crate) struct Memory {
    number: u64,
    /// Events that were written: their names, and how often.
    pub(crate) events: BTreeMap<String, (String, u64)>,
    /// When a pod was seen first, and what is to become of it.
    pub(crate) pods: BTreeMap<String, (Instant, Pods)>,
    /// When an HPA has its next look.
    pub(crate) hpas: BTreeMap<String, Instant>,
    /// When a revision of the KPA class lost its traffic.
    pub(crate) drains: BTreeMap<String, Instant>,
    /// KServe's Deployments of Standard mode, by namespace and name.
    pub(crate) deployments: BTreeMap<(String, String), KeptDeployment>,
    /// Failures in a row, and when the next try is.
    pub(crate) backoff: BTreeMap<String, (u32, Instant)>,
    /// What is known of the cluster, and since when.
    pub(crate) facts: Option<(Instant, Facts)>,
}

impl Memory {
    /// A number that nothing else has.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.number += 1;
        // Other controllers on the same API server count from elsewhere.
        self.number ^ (u64::from(std::process::id()) << 20)
    }
}
