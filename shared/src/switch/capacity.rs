//! That what is new starts with as many pods as run now.

use super::Scene;
use super::draft::Draft;

/// Lets what is new start with the present number of pods, where that is wished.
pub(super) fn keep(_scene: &Scene<'_>, _draft: &mut Draft) {}
