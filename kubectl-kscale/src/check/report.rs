//! What `check -o json` prints: part of the contract `kscale.dev/v1alpha1`.

use kscale_rules::explain::API_VERSION;
use kscale_rules::facts::FactsSource;
use schemars::JsonSchema;
use serde::Serialize;

/// What all checks of a cluster found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckReport {
    /// Always `kscale.dev/v1alpha1`.
    pub(crate) api_version: String,
    /// Always `CheckReport`.
    pub(crate) kind: String,
    /// Whether a live cluster was asked, or files.
    pub(crate) source: FactsSource,
    /// Whether only what `install` needs was looked at (`--pre`).
    pub(crate) pre: bool,
    /// Whether no check is in state `error`.
    pub(crate) success: bool,
    /// How many checks are in which state.
    pub(crate) summary: CheckSummary,
    /// The categories, in the order in which one thing rests on another.
    pub(crate) categories: Vec<CheckCategory>,
}

/// How many checks are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckSummary {
    /// It holds.
    pub(crate) ok: usize,
    /// Nothing to judge, but to know.
    pub(crate) info: usize,
    /// It does not hold, and nothing is broken by that yet.
    pub(crate) warning: usize,
    /// It does not hold, and something does not work.
    pub(crate) error: usize,
    /// Nobody knows.
    pub(crate) skipped: usize,
}

/// Checks of one part of the cluster.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckCategory {
    /// Its name, the first half of its checks' ids.
    pub(crate) name: String,
    /// Its checks.
    pub(crate) checks: Vec<CheckResult>,
}

/// What one check found. A check may be there several times, once for each thing it looked at.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckResult {
    /// `category/slug`; the same for ever.
    pub(crate) id: String,
    /// What holds where the check passes.
    pub(crate) description: String,
    /// How it went.
    pub(crate) state: State,
    /// What was seen; empty where there is nothing to add.
    pub(crate) message: String,
    /// What to do; empty where nothing is to be done.
    pub(crate) hint: String,
    /// Where to read more.
    pub(crate) docs: String,
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// It holds
    Ok,
    /// Nothing to judge, but to know
    Info,
    /// It does not hold, and nothing is broken by that yet
    Warning,
    /// It does not hold, and something does not work
    Error,
    /// Nobody knows
    Skipped,
}

impl CheckReport {
    /// A report of categories; those without a check are left out.
    pub(super) fn new(source: FactsSource, pre: bool, mut categories: Vec<CheckCategory>) -> Self {
        categories.retain(|category| !category.checks.is_empty());
        let mut summary = CheckSummary::default();
        for check in categories.iter().flat_map(|category| &category.checks) {
            *summary.count(check.state) += 1;
        }
        Self {
            api_version: API_VERSION.to_owned(),
            kind: "CheckReport".to_owned(),
            source,
            pre,
            success: summary.error == 0,
            summary,
            categories,
        }
    }

    /// The ids of the checks in state `error`, in order.
    pub(crate) fn failing(&self) -> impl Iterator<Item = &str> {
        let checks = self.categories.iter().flat_map(|one| &one.checks);
        checks
            .filter(|check| check.state == State::Error)
            .map(|check| check.id.as_str())
    }
}

impl CheckSummary {
    fn count(&mut self, state: State) -> &mut usize {
        match state {
            State::Ok => &mut self.ok,
            State::Info => &mut self.info,
            State::Warning => &mut self.warning,
            State::Error => &mut self.error,
            State::Skipped => &mut self.skipped,
        }
    }
}
