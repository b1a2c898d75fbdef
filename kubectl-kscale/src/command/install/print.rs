//! What `install` says.

use std::io::{self, IsTerminal};

use serde_json::{Value, json};

use super::super::extension::User;
use super::plan::{Change, Step, Taken};
use super::preflight::{Mark, Verdict};
use crate::cli::{DryRun, ObjectFormat};
use crate::error::Error;
use crate::release::{Manifest, NAME, Named, Operator, Running};
use crate::render::{self, Ink, Messages, Paper, Screen, span};

/// A warning to standard error.
pub(super) fn doubt(screen: Screen, message: &str, hint: &str) {
    let mut messages = Messages::new();
    messages.doubt(message, hint);
    screen.tell(&messages.into_text());
}

fn sentence(paper: &mut Paper, text: &str) {
    paper.entry(&[], 0, &[span(Ink::Plain, text)]);
}

/// What would be installed, where no cluster is asked.
pub(super) fn without_cluster(manifest: &Manifest, width: usize) -> String {
    let mut paper = Paper::new(width);
    let release = manifest.release;
    sentence(
        &mut paper,
        &format!(
            "{NAME} {release} would be applied (client dry run): {}",
            manifest.origin
        ),
    );
    paper.verbatim(2, Ink::Plain, manifest.image());
    paper.entry(&[], 0, &[span(Ink::Dim, "the objects: -o yaml")]);
    paper.into_text()
}

/// Objects for programs, in the order in which they are applied.
pub(super) fn objects(format: ObjectFormat, objects: &[&Value]) -> Result<String, Error> {
    match format {
        ObjectFormat::Json => render::pretty(
            &json!({"apiVersion": "v1", "kind": "List", "items": objects.iter().map(|object| shown(object)).collect::<Vec<_>>()}),
        ),
        ObjectFormat::Name => Ok(super::super::extension::NAMES
            .map(|name| format!("{name}\n"))
            .concat()),
        ObjectFormat::Text | ObjectFormat::Yaml => {
            let documents: Result<Vec<String>, Error> = objects
                .iter()
                .map(|object| render::yaml(&shown(object)))
                .collect();
            Ok(documents?.join("---\n"))
        }
    }
}

/// As kubectl shows objects: who owns which field is left out.
fn shown(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
    object
}

/// Which Knative runs.
pub(super) fn found(running: &Running, namespace: &str, width: usize) -> String {
    let mut paper = Paper::new(width);
    let text = match running {
        Running::Found { version, by, .. } => {
            format!("Knative Serving {version} runs in namespace {namespace}, says {by}")
        }
        _ => format!("Knative Serving runs in namespace {namespace}"),
    };
    sentence(&mut paper, &text);
    paper.into_text()
}

/// That not everything tells the same version.
pub(super) fn disagreement(screen: Screen, running: &Running) {
    let Running::Found {
        version,
        by,
        others,
        upgrading,
    } = running
    else {
        return;
    };
    if others.is_empty() {
        return;
    }
    let others: Vec<String> = others
        .iter()
        .map(|(what, version)| format!("{what} {version}"))
        .collect();
    let message = format!(
        "not everything tells the same version of Knative Serving: {by} {version}, {}",
        others.join(", ")
    );
    let hint = if *upgrading {
        "programs of several versions run, so an upgrade seems to be under way: install again once it is through"
    } else {
        "what runs counts; what is of another version was left behind, or changed by hand"
    };
    doubt(screen, &message, hint);
}

/// That the operator is at work, and where to look.
pub(super) fn operated(
    sentence_of: &str,
    operator: &Operator,
    extension: Option<(&Value, Option<Named>)>,
    width: usize,
) -> String {
    let mut paper = Paper::new(width);
    sentence(&mut paper, sentence_of);
    sentence(
        &mut paper,
        "It installs the HPA extension itself, of its own version, so nothing was changed.",
    );
    let state = match extension {
        Some((deployment, version)) => {
            let of = version.map_or_else(String::new, |version| format!(" {version}"));
            let how = match super::rollout::judge(deployment) {
                super::rollout::Rollout::Available => "is available".to_owned(),
                super::rollout::Rollout::Pending(how) | super::rollout::Rollout::Failed(how) => {
                    format!("is not available: {how}")
                }
            };
            format!("Deployment {NAME}{of} {how}.")
        }
        None => format!(
            "Deployment {NAME} is not there: the operator has not come that far, or cannot."
        ),
    };
    sentence(&mut paper, &state);
    let Operator {
        namespace, name, ..
    } = operator;
    paper.verbatim(
        2,
        Ink::Dim,
        &format!("kubectl -n {namespace} get knativeserving {name} -o yaml"),
    );
    paper.verbatim(
        2,
        Ink::Dim,
        &format!("kubectl -n {namespace} get deployment {NAME}"),
    );
    paper.into_text()
}

/// What was checked, a line each.
pub(super) fn verdicts(verdicts: &[Verdict], width: usize) -> String {
    let mut paper = Paper::new(width);
    for verdict in verdicts {
        let (ink, mark) = match verdict.mark {
            Mark::Fine => (Ink::Good, "√"),
            Mark::Doubt => (Ink::Warn, "‼"),
            Mark::Fatal | Mark::Denied => (Ink::Bad, "×"),
        };
        let label = [
            span(Ink::Plain, "  "),
            span(ink, mark),
            span(Ink::Plain, " "),
        ];
        paper.entry(&label, 4, &[span(Ink::Plain, verdict.what.as_str())]);
        if !verdict.hint.is_empty() {
            paper.entry(&[], 4, &[span(Ink::Dim, format!("hint: {}", verdict.hint))]);
        }
    }
    paper.into_text()
}

/// That there is nothing to do.
pub(super) fn already(manifest: &Manifest, width: usize) -> String {
    let mut paper = Paper::new(width);
    let release = manifest.release;
    sentence(
        &mut paper,
        &format!("{NAME} {release} is already installed; nothing was changed."),
    );
    paper.into_text()
}

/// What would change.
pub(super) fn plan(
    manifest: &Manifest,
    before: Option<&Named>,
    steps: &[Step],
    taken: &Taken,
    width: usize,
) -> Result<String, Error> {
    let mut paper = Paper::new(width);
    let release = manifest.release;
    let kind = match before {
        None if steps.iter().all(|step| step.before.is_none()) => {
            format!("installs {NAME} {release}")
        }
        None => format!("completes {NAME} {release}"),
        Some(Named::Release(old)) if *old < release => {
            format!("upgrades {NAME} from {old} to {release}")
        }
        Some(Named::Release(old)) if *old > release => {
            format!("downgrades {NAME} from {old} to {release}")
        }
        Some(Named::Release(_)) => format!("changes {NAME} {release}"),
        Some(old) => format!("replaces {NAME} {old} by {release}"),
    };
    paper.blank();
    paper.entry(
        &[],
        0,
        &[span(
            Ink::Strong,
            format!("This {kind}: {}", manifest.origin),
        )],
    );
    for (owner, fields) in taken {
        let text = format!("takes over from {owner}: {}", fields.join(", "));
        paper.entry(
            &[
                span(Ink::Plain, "  "),
                span(Ink::Warn, "‼"),
                span(Ink::Plain, " "),
            ],
            4,
            &[span(Ink::Plain, text)],
        );
    }
    let mut text = paper.into_text();
    for step in steps {
        text.push_str(&step.diff()?);
    }
    Ok(text)
}

/// What was done, as kubectl says it.
pub(super) fn done(steps: &[Step], dry: DryRun) -> String {
    let suffix = match dry {
        DryRun::None => "",
        DryRun::Client => " (client dry run)",
        DryRun::Server => " (server dry run)",
    };
    let mut paper = Paper::new(usize::MAX);
    paper.blank();
    for step in steps {
        let verb = match step.change() {
            Change::Created => "created",
            Change::Changed => "configured",
            Change::Unchanged => "unchanged",
        };
        paper.verbatim(0, Ink::Plain, &format!("{} {verb}{suffix}", step.name));
    }
    paper.into_text()
}

/// That it has come up, and for whom.
pub(super) fn available(manifest: &Manifest, stuck: &[User], width: usize) -> String {
    let mut paper = Paper::new(width);
    let release = manifest.release;
    paper.entry(
        &[],
        0,
        &[span(Ink::Good, format!("{NAME} {release} is available."))],
    );
    users(
        &mut paper,
        "These were stuck without it, and should be ready within a minute:",
        stuck,
    );
    paper.into_text()
}

/// For whom it will come up.
pub(super) fn will_be_served(stuck: &[User], width: usize) -> String {
    let mut paper = Paper::new(width);
    users(&mut paper, "These are stuck until it is available:", stuck);
    paper.into_text()
}

fn users(paper: &mut Paper, title: &str, users: &[User]) {
    if users.is_empty() {
        return;
    }
    sentence(paper, title);
    for user in users {
        paper.verbatim(2, Ink::Plain, &user.words());
    }
}

/// Tells how far something is, on a terminal, whenever that has changed.
pub(super) struct Progress {
    screen: Screen,
    last: String,
}

impl Progress {
    /// Nothing told yet.
    pub(super) fn new(screen: Screen) -> Self {
        Self {
            screen,
            last: String::new(),
        }
    }

    /// What to call with how far it is.
    pub(super) fn into_fn(mut self) -> impl FnMut(&str) {
        let listened = io::stderr().is_terminal();
        move |how_far| {
            if listened && how_far != self.last {
                let mut paper = Paper::new(usize::MAX);
                paper.verbatim(0, Ink::Dim, &format!("waiting for {NAME}: {how_far}"));
                self.screen.tell(&paper.into_text());
                how_far.clone_into(&mut self.last);
            }
        }
    }
}
