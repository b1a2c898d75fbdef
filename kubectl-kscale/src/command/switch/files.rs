//! `switch -f`: manifests.

use crate::cli::Switch;
use crate::error::{Error, Outcome};
use crate::render::Screen;

/// Changes manifests, and nothing in the cluster.
pub(super) fn run(_arguments: &Switch, _screen: Screen) -> Result<Outcome, Error> {
    Err(Error::usage("not yet"))
}
