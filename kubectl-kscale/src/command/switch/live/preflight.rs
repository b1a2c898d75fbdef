//! Whether the caller may do what is planned, and who else would object.

use std::collections::{BTreeMap, BTreeSet};

use kscale_rules::explain::types::ObjectRef;
use kscale_rules::switch::RequestVerb;

use super::carry_out::Run;
use super::ground::Errand;
use super::words::labels;
use crate::cluster::{Access, Cluster};
use crate::render::Messages;
use crate::switching::address;
use crate::switching::owners;

/// Questions to the API server at a time.
const AT_ONCE: usize = 32;

/// What the caller may not do.
#[derive(Debug, Default)]
pub(super) struct Denied {
    /// What stands against the change itself, a sentence each.
    pub(super) changes: Vec<String>,
    /// The namespaces in which nothing can be kept for the way back, with what is not allowed there.
    pub(super) records: BTreeMap<String, String>,
}

/// Something that must be allowed, and for what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Need {
    verb: &'static str,
    group: String,
    resource: &'static str,
    namespace: String,
    name: String,
}

impl Need {
    fn access(&self) -> Access<'_> {
        Access {
            verb: self.verb,
            group: &self.group,
            resource: self.resource,
            namespace: &self.namespace,
            name: &self.name,
        }
    }

    fn of_any(&self) -> Self {
        Self {
            name: String::new(),
            ..self.clone()
        }
    }

    fn is_for_records(&self) -> bool {
        self.resource == "controllerrevisions"
    }
}

/// Asks the API server. What it does not say is found out when it is done.
pub(super) async fn denied(run: &Run<'_>, errands: &[Errand]) -> Denied {
    let needs = needs(errands, run.roll.cleanup);
    // Who may do it to all of a namespace is asked once for all of them.
    let any: BTreeSet<Need> = needs.iter().map(Need::of_any).collect();
    let not_any = refused(run.cluster, any.into_iter().collect()).await;
    let single: Vec<Need> = needs
        .into_iter()
        .filter(|need| not_any.iter().any(|(one, _)| *one == need.of_any()))
        .collect();
    let mut denied = Denied::default();
    for (need, words) in refused(run.cluster, single).await {
        if need.is_for_records() {
            denied.records.entry(need.namespace).or_insert(words);
        } else {
            denied.changes.push(format!("you may not {words}"));
        }
    }
    denied
}

fn needs(errands: &[Errand], cleanup: bool) -> BTreeSet<Need> {
    let mut needs = BTreeSet::new();
    for plan in errands.iter().map(|errand| &errand.plan) {
        for request in &plan.requests {
            let Some((group, resource)) = address::resource(&request.api_version, &request.kind)
            else {
                continue;
            };
            let verb = match request.verb {
                RequestVerb::Patch => "patch",
                RequestVerb::Delete => "delete",
            };
            needs.insert(Need {
                verb,
                group: group.to_owned(),
                resource,
                namespace: request.namespace.clone(),
                name: request.name.clone(),
            });
        }
        let mut add = |verb, group: &str, resource| {
            needs.insert(Need {
                verb,
                group: group.to_owned(),
                resource,
                namespace: plan.object.namespace.clone(),
                name: String::new(),
            });
        };
        for verb in ["create", "list"] {
            add(verb, "apps", "controllerrevisions");
        }
        if cleanup {
            add("delete", "serving.knative.dev", "revisions");
        }
    }
    needs
}

/// Those that are not allowed, in words.
async fn refused(cluster: &Cluster, needs: Vec<Need>) -> Vec<(Need, String)> {
    let mut refused = Vec::new();
    for some in needs.chunks(AT_ONCE) {
        let accesses: Vec<Access<'_>> = some.iter().map(Need::access).collect();
        let answers = cluster.may_each(&accesses).await;
        for (need, answer) in some.iter().zip(answers) {
            let Ok(permission) = answer else { continue };
            if permission.allowed {
                continue;
            }
            let mut words = need.access().words();
            if !permission.reason.is_empty() {
                words.push_str(&format!(" ({})", permission.reason));
            }
            refused.push((need.clone(), words));
        }
    }
    refused
}

/// Warns of whoever applies the objects from elsewhere, and will do so again.
pub(super) fn warn_of_owners(run: &Run<'_>, errands: &[Errand]) {
    // By name and help: of two hundred objects, one line is enough.
    let mut owned: BTreeMap<(String, String), Vec<(&ObjectRef, String)>> = BTreeMap::new();
    for errand in errands {
        for owner in owners::of(&errand.object) {
            let objects = owned.entry((owner.name, owner.help)).or_default();
            objects.push((&errand.plan.object, owner.evidence));
        }
    }
    let mut messages = Messages::new();
    for ((name, help), objects) in owned {
        let names: Vec<&ObjectRef> = objects.iter().map(|(object, _)| *object).collect();
        let is = if names.len() == 1 { "is" } else { "are" };
        let evidence = objects.first().map_or("", |(_, evidence)| evidence);
        messages.doubt(
            &format!("{} {is} applied by {name} ({evidence})", labels(&names)),
            &help,
        );
    }
    run.screen.tell(&messages.into_text());
}
