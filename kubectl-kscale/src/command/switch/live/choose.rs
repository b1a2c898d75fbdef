//! Which objects are switched, and which cannot be.

use kscale_rules::switch::{PlanList, RefusalReason, RefusedPlan, list};
use serde_json::Value;

use super::ground::{Aim, Errand, Ground};
use crate::cli::Switch;
use crate::error::Error;
use crate::render::{Messages, Screen};
use crate::selection::{Selection, Targets};
use crate::snapshot::{Snapshot, is_of_kind};

/// What is done to what was selected.
pub(super) struct Chosen {
    /// What is to be changed.
    pub(super) errands: Vec<Errand>,
    /// What cannot be, or is as wished already.
    pub(super) refused: Vec<RefusedPlan>,
    /// How many are left out, since another object must be changed instead.
    left_out: usize,
}

/// The objects that are selected; graphs are none of them.
pub(super) fn picked<'a>(
    selection: &Selection,
    snapshot: &'a Snapshot,
) -> Result<Vec<&'a Value>, Error> {
    let mut picked = selection.pick(snapshot)?;
    picked.retain(|object| !is_of_kind(object, "serving.kserve.io", "InferenceGraph"));
    if picked.is_empty() {
        return Err(selection.nothing());
    }
    Ok(picked)
}

/// Plans for each.
pub(super) fn plan(
    ground: &Ground<'_>,
    objects: Vec<Value>,
    aim: &Aim,
    arguments: &Switch,
) -> Result<Chosen, Error> {
    let named = Targets::parse(&arguments.targets)?.has_names();
    let mut chosen = Chosen {
        errands: Vec::new(),
        refused: Vec::new(),
        left_out: 0,
    };
    for object in objects {
        match ground.errand(object, aim.clone()) {
            Ok(errand) => chosen.errands.push(errand),
            // Whoever selects many gets what owns them selected by itself.
            Err(one) if !named && one.refusal.reason == RefusalReason::ChangeElsewhere => {
                chosen.left_out += 1;
            }
            Err(one) => chosen.refused.push(*one),
        }
    }
    Ok(chosen)
}

impl Chosen {
    /// As data.
    pub(super) fn list(&self, ground: &Ground<'_>) -> PlanList {
        let items = self.errands.iter().map(|errand| errand.plan.clone());
        list(items.collect(), self.refused.clone(), &ground.facts)
    }

    /// Where what was selected is changed by another object.
    pub(super) fn say_what_is_left_out(&self, screen: Screen) {
        let count = self.left_out;
        if count == 0 {
            return;
        }
        let mut messages = Messages::new();
        let services = if count == 1 {
            "Knative Service is"
        } else {
            "Knative Services are"
        };
        messages.note(&format!(
            "{count} {services} made by KServe and left out: their InferenceServices are switched instead"
        ));
        screen.tell(&messages.into_text());
    }
}
