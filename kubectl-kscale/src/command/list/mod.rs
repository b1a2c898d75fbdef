//! `list`: what scales each workload, a line a component.

mod live;
mod shown;
mod watch;

use super::known::Question;
use super::session::{DEFAULT_NAMESPACE, Session};
use crate::cli;
use crate::cluster::wait_for;
use crate::error::{Error, Outcome};
use crate::list::{Filter, Now, Row, WorkloadList, rows};
use crate::render::Screen;
use crate::selection::Selection;
use crate::snapshot::Scope;
use shown::Shown;

/// Lists, and goes on where that is asked for.
pub(super) fn run(arguments: &cli::List, screen: Screen) -> Result<Outcome, Error> {
    let mut session = Session::default();
    // Before anything is asked of anybody.
    let selection = select(arguments, DEFAULT_NAMESPACE)?;
    let question = Question::new(&arguments.facts, &arguments.cluster);
    if arguments.facts.offline && arguments.watch {
        return Err(Error::usage("--offline leaves nothing to watch"));
    }
    if let Some(known) = question.files(&mut session) {
        let facts = known.facts(&arguments.facts, std::iter::empty());
        let filter = filter(arguments);
        let picked = selection.pick(&known.snapshot)?;
        let mut now = Now::default();
        for object in &known.snapshot.objects {
            now.add(object);
        }
        let mut all: Vec<Row> = picked
            .iter()
            .flat_map(|one| rows(one, &facts, &filter))
            .collect();
        all.iter_mut().for_each(|row| row.count(&now));
        let list = WorkloadList::new(all, &facts);
        return show(arguments, screen, session, &selection, &list);
    }
    if arguments.facts.offline {
        return Err(Error::usage("--offline leaves no cluster to look into")
            .hint("--facts FILE stands for one"));
    }
    if arguments.watch {
        return wait_for(watch::run(arguments, screen));
    }
    let (selection, list, unread) = wait_for(live::list(arguments))?;
    for one in unread {
        session.messages.doubt(
            &format!("{} could not be read: {}", one.what, one.why),
            "what it would tell is assumed; kubectl kscale check says what is needed",
        );
    }
    show(arguments, screen, session, &selection, &list)
}

/// What is meant; `context` is the namespace of the kubeconfig's context.
fn select(arguments: &cli::List, context: &str) -> Result<Selection, Error> {
    let asked = arguments.namespace.as_deref();
    Selection::new(&arguments.targets, &arguments.selection, asked, context)
}

fn filter(arguments: &cli::List) -> Filter {
    Filter {
        autoscalers: arguments
            .autoscaler
            .iter()
            .map(|&name| name.into())
            .collect(),
        findings: arguments.findings,
    }
}

fn show(
    arguments: &cli::List,
    screen: Screen,
    mut session: Session,
    selection: &Selection,
    list: &WorkloadList,
) -> Result<Outcome, Error> {
    let text = Shown::new(arguments, matches!(selection.scope(), Scope::All)).page(list)?;
    let written = screen.print(&text);
    if list.items.is_empty() {
        let nothing = selection.nothing();
        session.messages.note(&nothing.to_string());
        for hint in nothing.hints() {
            session.messages.hint(hint);
        }
    }
    screen.tell(&session.messages.into_text());
    match written {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    Ok(session.outcome)
}
