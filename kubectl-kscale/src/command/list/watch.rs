//! `list -w`: after the list, each line that changes.

use crate::cli;
use crate::error::{Error, Outcome};
use crate::render::Screen;

/// Never ends by itself.
pub(super) async fn run(_arguments: &cli::List, _screen: Screen) -> Result<Outcome, Error> {
    Err(Error::usage("not yet"))
}
