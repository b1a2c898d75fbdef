//! `undo`: the way back.

use crate::cli::Undo;
use crate::error::{Error, Outcome};
use crate::render::Screen;

/// Lists what can be taken back, or takes it back.
pub(crate) fn run(_arguments: &Undo, _screen: Screen) -> Result<Outcome, Error> {
    Err(Error::usage("not yet"))
}
