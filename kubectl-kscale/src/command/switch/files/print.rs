//! What goes to standard output, and what is said beside it.

use kscale_rules::switch::RefusalReason;

use super::changes::{Changed, Changes};
use super::read::Manifests;
use super::writes;
use crate::cli::{PlanFormat, Switch};
use crate::error::Error;
use crate::input::visible;
use crate::render::{self, Screen};

/// Prints the answer, and tells the story beside it.
pub(super) fn all(
    arguments: &Switch,
    manifests: &mut Manifests<'_>,
    changes: &Changes<'_>,
    written: &[String],
    screen: Screen,
) -> Result<(), Error> {
    let answered = answer(arguments, changes, written, screen);
    let is_data = matches!(arguments.output, PlanFormat::Json | PlanFormat::Name);
    if !is_data {
        let all = arguments.output == PlanFormat::Wide;
        screen.tell(&render::plan_story(&changes.plans, screen.width(), all));
    }
    let session = &mut manifests.session;
    session.messages.passed_over(&session.passed_over);
    verdict(arguments, changes, session);
    screen.tell(&std::mem::take(&mut session.messages).into_text());
    answered
}

fn answer(
    arguments: &Switch,
    changes: &Changes<'_>,
    written: &[String],
    screen: Screen,
) -> Result<(), Error> {
    match arguments.output {
        PlanFormat::Json | PlanFormat::Name => {
            screen.print(&render::plan(
                arguments.output,
                &changes.plans,
                screen.width(),
            )?)?;
        }
        _ if !changes.stands => {}
        PlanFormat::Yaml => screen.pass(&texts(&changes.sources))?,
        PlanFormat::Text | PlanFormat::Wide if writes(arguments) => {
            let lines = written.iter();
            let lines = lines.map(|name| format!("changed {}\n", visible(name)));
            screen.print(&lines.collect::<String>())?;
        }
        PlanFormat::Text | PlanFormat::Wide => show_diff(&changes.sources, screen)?,
    }
    Ok(())
}

/// The texts one after the other, as one stream of documents.
fn texts(sources: &[Changed]) -> String {
    let mut text = String::new();
    for one in sources {
        let after = one.after.trim_start_matches('\u{feff}');
        if !text.is_empty() {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            if !after.starts_with("---") {
                text.push_str("---\n");
            }
        }
        text.push_str(if text.is_empty() { &one.after } else { after });
    }
    text
}

fn show_diff(sources: &[Changed], screen: Screen) -> Result<(), Error> {
    let mut text = String::new();
    let people = screen.is_terminal();
    for one in sources.iter().filter(|one| one.differs()) {
        let (name, before) = (one.source.name(), one.source.text());
        text.push_str(&if people {
            render::diff_page(name, before, &one.after)
        } else {
            render::diff_patch(name, before, &one.after)
        });
    }
    if people {
        screen.print(&text)?;
    } else {
        screen.pass(&text)?;
    }
    Ok(())
}

/// How it ends, in a sentence, where that is not plain from what was printed.
fn verdict(
    arguments: &Switch,
    changes: &Changes<'_>,
    session: &mut crate::command::session::Session,
) {
    let plans = &changes.plans;
    let blocked = plans.items.iter().any(|plan| !plan.blocked.is_empty());
    if blocked && !changes.findings_are_allowed() {
        let error = Error::input("nothing is changed: the outcome has an error")
            .hint("mend what is named above; --allow-findings changes it all the same");
        session.messages.error(&error);
        return;
    }
    if !changes.stands && !plans.items.is_empty() {
        let error = Error::input("nothing is changed: all that is meant is, or none of it");
        let hint = "--name, -l, -n and -f say what is meant";
        session.messages.error(&error.hint(hint));
        return;
    }
    let already = |reason: RefusalReason| reason == RefusalReason::AlreadySo;
    let all_are_so = plans.refused.iter().all(|one| already(one.refusal.reason));
    if changes.stands && changes.is_empty() && all_are_so {
        session.messages.note("nothing to change");
    } else if changes.stands && arguments.files.write && !writes(arguments) {
        session.messages.note("--dry-run: nothing was written");
    }
}
