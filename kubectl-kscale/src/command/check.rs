//! `check`: whether a cluster has what autoscaling of models needs.

use std::time::{Duration, Instant};

use super::session::{Session, inputs};
use crate::check::{self, Answer, CheckReport};
use crate::cli::Check;
use crate::cluster::{Access, Cluster, wait_for};
use crate::error::{Error, Outcome};
use crate::input::{Options, load};
use crate::render::{self, Screen};
use crate::snapshot::{self, Scope, Snapshot, Wanted};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(2);

/// Looks, judges, reports.
pub(crate) fn run(arguments: &Check, screen: Screen) -> Result<Outcome, Error> {
    let mut session = Session::default();
    let report = if arguments.facts.is_empty() {
        wait_for(live(arguments, screen))?
    } else {
        check::judge(&of_files(arguments, &mut session), &[], arguments.pre)
    };
    let text = render::check(arguments.output, &report, screen.width())?;
    let written = screen.print(&text);
    screen.tell(&session.messages.into_text());
    match written {
        // Whoever reads has seen enough, which mends nothing that failed.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    let found = if report.success {
        Outcome::Clean
    } else {
        Outcome::Findings
    };
    Ok(session.outcome.max(found))
}

fn of_files(arguments: &Check, session: &mut Session) -> Snapshot {
    let loaded = load(&inputs(&arguments.facts), &Options::default());
    session.unreadable(&loaded);
    session.doubt(&loaded);
    Snapshot::of_documents(loaded.documents)
}

/// Checks a cluster, again and again with `--wait`, until nothing fails or the time is up. A cluster that does not answer for a
/// moment is a failure like any other then.
async fn live(arguments: &Check, screen: Screen) -> Result<CheckReport, Error> {
    let cluster = Cluster::connect(&arguments.cluster).await?;
    let end = arguments.wait.map(|wait| Instant::now() + wait);
    loop {
        let look = look(&cluster, arguments).await;
        let left = end.map_or(Duration::ZERO, |end| {
            end.saturating_duration_since(Instant::now())
        });
        let is_final = match &look {
            Ok(report) => report.success,
            Err(error) => error.outcome() != Outcome::Failed,
        };
        if is_final || left.is_zero() {
            screen.progress("");
            return look;
        }
        let failing = match &look {
            Ok(report) => report.failing().collect::<Vec<_>>().join(", "),
            Err(error) => error.to_string(),
        };
        screen.progress(&format!("waiting {} s more for: {failing}", left.as_secs()));
        tokio::time::sleep(EVERY.min(left)).await;
    }
}

/// One look.
async fn look(cluster: &Cluster, arguments: &Check) -> Result<CheckReport, Error> {
    let wanted = Wanted {
        scope: match &arguments.namespace {
            _ if arguments.pre => Scope::Facts,
            namespace => Scope::Scaled(namespace.clone()),
        },
        health: true,
    };
    let namespace = arguments.namespace.as_deref().unwrap_or_default();
    let (snapshot, answers) = tokio::join!(
        snapshot::gather(cluster, &wanted),
        ask(cluster, arguments.pre, namespace)
    );
    Ok(check::judge(&snapshot?, &answers, arguments.pre))
}

/// Asks what the caller may do.
async fn ask(cluster: &Cluster, pre: bool, namespace: &str) -> Vec<Answer> {
    let questions = check::questions(pre, namespace);
    let accesses: Vec<Access<'_>> = questions.iter().map(|one| one.access).collect();
    let answers = cluster.may_each(&accesses).await;
    let each = questions.iter().zip(answers);
    each.map(|(question, answer)| {
        let allowed = answer.map(|one| one.allowed);
        question.answered(allowed.map_err(|failure| failure.message))
    })
    .collect()
}
