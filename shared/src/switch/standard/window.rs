//! `--window`: for how long fewer pods must do before pods go.

use super::super::Scene;
use super::super::draft::Draft;
use super::super::refusal::not_possible;
use super::super::types::Refusal;
use super::part::Part;
use crate::go::parse_duration;
use crate::kserve::Behaviour;

/// The most that Kubernetes takes.
const MOST: i64 = 3600;

/// Writes it where KServe passes it on to KEDA. Whether anything was wished.
pub(super) fn edit(scene: &Scene<'_>, part: &Part<'_>, draft: &mut Draft) -> Result<bool, Refusal> {
    let Some(text) = &scene.wish.window else {
        return Ok(false);
    };
    let release = scene.facts.release();
    if !release.has(Behaviour::KedaWindows) {
        return Err(not_possible(
            format!("--window has no effect: KServe {release} passes none on to KEDA"),
            "leave --window away",
        ));
    }
    let wrong = || {
        not_possible(
            format!("--window {text} is no span of whole seconds up to an hour"),
            "write it like 60s or 5m",
        )
    };
    let span = parse_duration(text).map_err(|_| wrong())?;
    if !span.is_whole_seconds() {
        return Err(wrong());
    }
    #[allow(
        clippy::cast_possible_truncation,
        reason = "it is whole, and an hour at most counts"
    )]
    let seconds = span.seconds() as i64;
    if !(0..=MOST).contains(&seconds) {
        return Err(wrong());
    }
    let at = part.at("autoScaling/behavior/scaleDown/stabilizationWindowSeconds");
    draft.set(&at, seconds);
    Ok(true)
}
