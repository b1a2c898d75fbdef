//! What can go wrong with it in Knative mode.

mod bounds;
mod old;
mod start;
mod traffic;

use serde_json::Value;

use super::super::judge::Case;
use super::super::present;
use super::super::types::{Plan, Risk, Roll, Rolled};
use crate::explain::{ComponentExplanation, Workload};
use crate::kserve::annotations::DISABLE_AUTO_UPDATE;
use crate::manifest::child;

/// All of them.
pub(super) fn all(case: &Case<'_>, plan: &Plan) -> Vec<Risk> {
    let mut risks = Vec::new();
    for roll in &plan.rolls {
        let find = |list: &'_ [ComponentExplanation]| {
            list.iter().position(|one| one.name == roll.component)
        };
        let before = &case.scene.explanation.components;
        let after = &case.after.components;
        let (Some(old), Some(new)) = (find(before), find(after)) else {
            continue;
        };
        let subject = Subject {
            case,
            plan,
            roll,
            before: &before[old],
            after: &after[new],
        };
        if roll.what == Rolled::Revision {
            subject.all(&mut risks);
        }
    }
    not_applied(case, &mut risks);
    risks
}

/// One component that gets another Revision.
struct Subject<'a> {
    case: &'a Case<'a>,
    plan: &'a Plan,
    roll: &'a Roll,
    before: &'a ComponentExplanation,
    after: &'a ComponentExplanation,
}

impl Subject<'_> {
    fn all(&self, risks: &mut Vec<Risk>) {
        start::all(self, risks);
        bounds::all(self, risks);
        traffic::all(self, risks);
        old::all(self, risks);
    }

    fn risk(&self, slug: &str, rule: Option<&str>, message: String, help: String) -> Risk {
        Risk {
            slug: slug.to_owned(),
            rule: rule.map(str::to_owned),
            component: Some(self.roll.component.clone()),
            message,
            help,
        }
    }

    /// Whether it is a Knative Service of its own.
    fn is_service(&self) -> bool {
        matches!(
            Workload::of(self.case.edited),
            Some(Workload::KnativeService)
        )
    }

    /// Where the annotations of its Revisions are written, the nearest first.
    fn annotations(&self) -> Vec<String> {
        if self.is_service() {
            return vec!["/spec/template/metadata/annotations".to_owned()];
        }
        let own = format!("/spec/{}/annotations", self.roll.component);
        vec![own, "/metadata/annotations".to_owned()]
    }

    /// An annotation of its Revisions, as it is to be.
    fn annotation(&self, key: &str) -> Option<&str> {
        let places = self.annotations();
        let mut found = places
            .iter()
            .filter_map(|place| self.case.edited.pointer(&child(place, key))?.as_str());
        found.next()
    }

    /// A field of the component as it is to be.
    fn field(&self, name: &str) -> Option<&Value> {
        let pointer = format!("/spec/{}/{name}", self.roll.component);
        self.case.edited.pointer(&pointer)
    }

    /// The name of the Revision that serves now, where anybody looked.
    fn serving(&self) -> Option<&str> {
        let component = present::component(self.case.scene.explanation, &self.roll.component)?;
        Some(present::serving(component)?.name.as_str())
    }

    /// How the lower bound is written here.
    fn min_field(&self) -> &'static str {
        if self.is_service() {
            "min-scale"
        } else {
            "minReplicas"
        }
    }
}

/// KServe leaves what is there as it is.
fn not_applied(case: &Case<'_>, risks: &mut Vec<Risk>) {
    let at = child("/metadata/annotations", DISABLE_AUTO_UPDATE);
    let is_frozen = super::super::made::Made::of(case.edited, case.scene.facts).is_frozen;
    if is_frozen && case.edited.pointer(&at).is_some() {
        risks.push(Risk {
            slug: "edit-not-applied".to_owned(),
            rule: Some("KS702".to_owned()),
            component: None,
            message: format!(
                "KServe does not apply it while the service is ready and has {DISABLE_AUTO_UPDATE}"
            ),
            help: "take the annotation away first".to_owned(),
        });
    }
}
