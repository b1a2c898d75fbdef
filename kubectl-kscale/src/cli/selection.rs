//! Which workloads of a cluster or of a snapshot are meant: kubectl's own flags.

use clap::Args;

use crate::selector::LabelSelector;

/// Which workloads.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Selection")]
pub(crate) struct SelectionArgs {
    /// Of all namespaces
    #[arg(short = 'A', long)]
    pub(crate) all_namespaces: bool,

    /// Only what carries these labels, such as app=bert,tier in (gold,silver)
    #[arg(short = 'l', long, value_name = "SELECTOR", value_parser = LabelSelector::parse)]
    pub(crate) selector: Option<LabelSelector>,
}

impl SelectionArgs {
    /// Whether anything is selected by more than the namespace.
    pub(crate) fn is_given(&self) -> bool {
        self.all_namespaces || self.selector.is_some()
    }
}
