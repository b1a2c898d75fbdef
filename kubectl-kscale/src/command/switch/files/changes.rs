//! The plans, and the texts that come of them.

use std::path::PathBuf;
use std::sync::Arc;

use kscale_rules::explain::explain;
use kscale_rules::explain::types::ObjectRef;
use kscale_rules::facts::Facts;
use kscale_rules::observed::{Index, observe};
use kscale_rules::switch::{
    Plan, PlanList, Refusal, RefusalReason, RefusedPlan, Replaced, Wish, list, patch, plan,
    replaced, restored,
};
use serde_json::{Map, Value};

use super::choose::{Chosen, place};
use super::read::{Manifests, path};
use crate::cli::Switch;
use crate::command::session::{Session, names_namespace};
use crate::command::switch::wish;
use crate::edit::{DocumentEdit, Prepared, apply};
use crate::error::{Error, Outcome};
use crate::facts::text;
use crate::input::{Document, Source};

/// Everything that was worked out.
pub(super) struct Changes<'a> {
    pub(super) plans: PlanList,
    /// The sources that hold an object that is meant.
    pub(super) sources: Vec<Changed>,
    /// Whether all that is meant can be changed, and nothing speaks against it.
    pub(super) stands: bool,
    arguments: &'a Switch,
}

/// A source, and what becomes of it.
pub(super) struct Changed {
    pub(super) source: Arc<Source>,
    /// None of standard input and of an address.
    pub(super) path: Option<PathBuf>,
    pub(super) after: String,
}

impl Changed {
    /// Whether its text is another one.
    pub(super) fn differs(&self) -> bool {
        *self.after != **self.source.text()
    }
}

/// What is to be done in one document.
struct Edit<'a> {
    number: usize,
    document: &'a Document,
    patch: Vec<Value>,
}

impl<'a> Changes<'a> {
    /// Plans every object that is meant, and edits its text. Nothing is written.
    pub(super) fn work_out(
        arguments: &'a Switch,
        manifests: &mut Manifests<'_>,
        chosen: &[Chosen],
    ) -> Self {
        let facts = manifests
            .known
            .facts(&arguments.facts, manifests.documents());
        let mut session = std::mem::take(&mut manifests.session);
        let (mut plans, mut refused, mut edits) = (Vec::new(), Vec::new(), Vec::new());
        let planner = Planner {
            arguments,
            wish: wish(arguments),
            facts: &facts,
            manifests,
            namespace_assumed: session.namespace_assumed,
        };
        for one in chosen {
            let Some((document, written)) = planner.of(*one) else {
                continue;
            };
            match planner.plan(document) {
                Ok(plan) => {
                    edits.push(Edit {
                        number: one.number,
                        document,
                        patch: as_written(written, &plan),
                    });
                    plans.push(plan);
                }
                Err(refusal) => {
                    let object = reference(document, planner.namespace_assumed);
                    let one = RefusedPlan { object, refusal };
                    tell_refusal(&mut session, document, &one);
                    refused.push(one);
                }
            }
        }
        planner.capacity(&mut session, &plans);
        let mut sources = texts(manifests, chosen, &edits, &mut session);
        let blocked = plans.iter().any(|plan: &Plan| !plan.blocked.is_empty());
        let stands =
            session.outcome == Outcome::Clean && (!blocked || arguments.roll.allow_findings);
        sources.retain(|one| stands || one.differs());
        manifests.session = session;
        Self {
            plans: list(plans, refused, &facts),
            sources,
            stands,
            arguments,
        }
    }

    /// Whether no text is another one.
    pub(super) fn is_empty(&self) -> bool {
        !self.sources.iter().any(Changed::differs)
    }

    /// Writes the files, after all of them have been prepared. Gives the names of those that were written.
    pub(super) fn write(&mut self, session: &mut Session) -> Vec<String> {
        let mut prepared = Vec::new();
        let changed = self.sources.iter().filter(|one| one.differs());
        for one in changed {
            let Some(path) = &one.path else {
                continue;
            };
            match Prepared::new(path, one.source.text(), &one.after) {
                Ok(ready) => prepared.push((one.source.name().to_string(), ready)),
                Err(error) => {
                    session.outcome = Outcome::Failed;
                    session.messages.error(&Error::input(error.to_string()));
                }
            }
        }
        if session.outcome != Outcome::Clean {
            self.stands = false;
            let nothing = Error::input("nothing was written").hint("every file is as it was");
            session.messages.error(&nothing);
            return Vec::new();
        }
        let mut written = Vec::new();
        for (name, ready) in prepared {
            match ready.commit() {
                Ok(()) => written.push(name),
                Err(error) => {
                    session.outcome = Outcome::Failed;
                    let error = Error::input(error.to_string()).hint("it is as it was");
                    session.messages.error(&error);
                }
            }
        }
        written
    }

    /// Whether findings are no reason to refuse.
    pub(super) fn findings_are_allowed(&self) -> bool {
        self.arguments.roll.allow_findings
    }
}

/// In a manifest, what is new starts with its own number of pods: how many run now is another one tomorrow.
fn wish(arguments: &Switch) -> Wish {
    let mut wish = wish::of(&arguments.wish, &arguments.roll);
    wish.keep_capacity = Some(wish.keep_capacity.unwrap_or(false));
    wish
}

struct Planner<'a> {
    arguments: &'a Switch,
    wish: Wish,
    facts: &'a Facts,
    manifests: &'a Manifests<'a>,
    namespace_assumed: bool,
}

impl Planner<'_> {
    fn of(&self, chosen: Chosen) -> Option<(&Document, &Value)> {
        let given = self.manifests.given.get(chosen.number)?;
        let document = given.loaded.documents.get(chosen.document)?;
        let written = self.manifests.written.get(chosen.number)?;
        Some((document, written.get(chosen.document)?))
    }

    fn plan(&self, document: &Document) -> Result<Plan, Refusal> {
        let object = &document.value;
        let mut explanation = explain(object, self.facts).unwrap_or_default();
        let snapshot = &self.manifests.known.snapshot;
        if snapshot.objects.iter().any(|live| is_same(live, object)) {
            let index = Index::new(&snapshot.objects).at(snapshot.taken_at());
            explanation.observed = Some(observe(object, &explanation, self.facts, &index));
        }
        explanation.object = reference(document, self.namespace_assumed);
        plan(object, &explanation, self.facts, &self.wish)
    }

    /// Asked for, and not to be had, is worth a word.
    fn capacity(&self, session: &mut Session, plans: &[Plan]) {
        let unknown = |plan: &&Plan| plan.rolls.iter().all(|roll| roll.pods.is_none());
        if self.arguments.roll.keep_capacity == Some(true)
            && plans.iter().any(|plan| unknown(&plan))
        {
            session.messages.doubt(
                "--keep-capacity has no effect where nobody says how many pods run",
                "--facts with a snapshot of the namespace tells: kubectl kscale snapshot -n NAMESPACE",
            );
        }
    }
}

fn is_same(live: &Value, object: &Value) -> bool {
    let pointers = ["/kind", "/metadata/namespace", "/metadata/name"];
    let mut pointers = pointers.into_iter();
    let group = |object: &Value| {
        text(object, "/apiVersion")
            .split('/')
            .next()
            .map(str::to_owned)
    };
    group(live) == group(object)
        && pointers.all(|pointer| text(live, pointer) == text(object, pointer))
}

fn reference(document: &Document, namespace_assumed: bool) -> ObjectRef {
    let mut object = ObjectRef::of(&document.value);
    object.origin = document.origin.to_string();
    if namespace_assumed && !names_namespace(document) {
        object.namespace.clear();
    }
    object
}

/// The JSON Patch for the object as it is written: without the namespace and the state that were added to plan it.
fn as_written(written: &Value, plan: &Plan) -> Vec<Value> {
    let turned = replaced(&plan.before, &plan.after).into_iter();
    let turned: Vec<Replaced> = turned
        .map(|one| Replaced {
            pointer: one.pointer,
            before: one.after,
            after: one.before,
        })
        .collect();
    let mut after = restored(written, &turned);
    // An annotation of the cluster kept the map from going with the last of the manifest's own.
    const ANNOTATIONS: &str = "/metadata/annotations";
    let is_empty = |object: &Value| {
        let map = object.pointer(ANNOTATIONS).and_then(Value::as_object);
        map.is_some_and(Map::is_empty)
    };
    if is_empty(&after)
        && !is_empty(written)
        && let Some(metadata) = after
            .pointer_mut("/metadata")
            .and_then(Value::as_object_mut)
    {
        metadata.remove("annotations");
    }
    patch(written, &after)
}

fn tell_refusal(session: &mut Session, document: &Document, one: &RefusedPlan) {
    if one.refusal.reason == RefusalReason::AlreadySo {
        return;
    }
    session.outcome = Outcome::Failed;
    let place = place(document, "/metadata/name");
    let message = format!("{}: {}", one.object.name, one.refusal.message);
    let mut error = Error::input(format!("{place}: {message}"));
    if !one.refusal.help.is_empty() {
        error = error.hint(one.refusal.help.clone());
    }
    session.messages.error(&error);
}

/// Edits the texts. What cannot be edited is told with its place.
fn texts(
    manifests: &Manifests<'_>,
    chosen: &[Chosen],
    edits: &[Edit<'_>],
    session: &mut Session,
) -> Vec<Changed> {
    let mut sources = Vec::new();
    for (number, given) in manifests.given.iter().enumerate() {
        let Some(source) = given.loaded.sources.first() else {
            continue;
        };
        // Whoever pipes a text through gets back what there is.
        let is_piped = path(given).is_none();
        if !is_piped && !chosen.iter().any(|one| one.number == number) {
            continue;
        }
        let of_source: Vec<&Edit<'_>> = edits.iter().filter(|one| one.number == number).collect();
        let wanted: Vec<DocumentEdit<'_>> = of_source
            .iter()
            .map(|one| DocumentEdit {
                document: one.document,
                patch: &one.patch,
            })
            .collect();
        let after = match apply(source, &wanted) {
            Ok(edited) => {
                for refusal in &edited.refused {
                    let document = of_source.get(refusal.edit).map(|one| one.document);
                    let at = document.map_or_else(String::new, |one| place(one, "/metadata/name"));
                    session.outcome = Outcome::Failed;
                    let message = format!("{at}: it cannot be edited: {}", refusal.reason);
                    let hint = "change it by hand; -o json has the edits as a JSON Patch";
                    session.messages.error(&Error::input(message).hint(hint));
                }
                edited.text
            }
            Err(error) => {
                session.outcome = Outcome::Failed;
                session.messages.error(&Error::input(error.to_string()));
                source.text().to_string()
            }
        };
        sources.push(Changed {
            source: Arc::clone(source),
            path: path(given).map(ToOwned::to_owned),
            after,
        });
    }
    sources
}
