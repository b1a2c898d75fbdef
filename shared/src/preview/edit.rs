//! A small edit before the upgrade that keeps it from breaking a workload: found by trying, so that no advice is given that
//! does not help.

use serde_json::Value;

use super::cause::Cause;
use super::stored;
use super::types::Change;
use crate::facts::Facts;
use crate::kserve::annotations::DEPLOYMENT_MODE;
use crate::kserve::{Behaviour, modern_mode, predict};

/// What to do with the annotation of the deployment mode, if that keeps everything from breaking, changes nothing now, and is
/// accepted now. `under` gives the changes of the edited object.
pub(super) fn that_helps(
    value: &Value,
    changes: &[Change],
    before: &Facts,
    under: impl Fn(&Value) -> Vec<Change>,
) -> Option<String> {
    let of_mode = |change: &Change| {
        matches!(
            change.cause,
            Cause::Locked | Cause::Mode | Cause::Orphaned | Cause::Fails
        )
    };
    if !changes.iter().any(of_mode) {
        return None;
    }
    let now = predict(value, before).ok()?;
    let mode = modern_mode(&now.mode.word).to_owned();
    let (new, old) = match mode.as_str() {
        "Standard" => ("Standard", "RawDeployment"),
        "Knative" => ("Knative", "Serverless"),
        _ => return None,
    };
    // An unknown word may be right by chance, as the cluster's default.
    let words = if before.release().has(Behaviour::NewModeNames) {
        [Some(new), Some(old), None]
    } else {
        [Some(old), Some(new), None]
    };
    words.iter().find_map(|word| {
        let mut edited = value.clone();
        stored::annotate(&mut edited, DEPLOYMENT_MODE, *word);
        let then = predict(&edited, before).ok()?;
        let harmless = then.webhook_error().is_none() && modern_mode(&then.mode.word) == mode;
        let breaks = harmless.then(|| under(&edited))?;
        let mends = !breaks.iter().any(|change| change.breaks);
        mends.then(|| match word {
            Some(word) => format!(
                "write {word} into the annotation {DEPLOYMENT_MODE} first, which replaces its pods"
            ),
            None => {
                format!("remove the annotation {DEPLOYMENT_MODE} first, which replaces its pods")
            }
        })
    })
}
