//! One plan.

use kscale_rules::switch::{Plan, Purpose, Roll, Rolled};

use super::super::paper::{GLUE, Ink, Paper, span};
use super::super::value;
use super::says;
use super::{HANG, Place, Style, changed, entry, number, requests, short, turn};

/// Writes it.
pub(super) fn write(paper: &mut Paper, plan: &Plan, style: Style) {
    headline(paper, plan);
    changes(paper, plan);
    blocked(paper, plan, style);
    if style.place == Place::Cluster {
        paper.blank();
        changed::write(paper, &plan.before, &plan.after);
    }
    paper.blank();
    decisions(paper, plan, style);
    rolls(paper, plan, style);
    for (number, cost) in plan.costs.iter().enumerate() {
        let label = if number == 0 { "costs" } else { "" };
        entry(paper, label, [span(Ink::Plain, &cost.message)]);
    }
    let told = says::of(plan, style.all, style.blind);
    for label in ["needs", "risks", "finds"] {
        let of_label = told.iter().filter(|saying| saying.label == label);
        for (number, saying) in of_label.enumerate() {
            saying.write(paper, if number == 0 { label } else { "" }, None, style);
        }
    }
    leftovers(paper, plan, style);
    if style.place == Place::Cluster {
        steps(paper, plan);
    }
    if style.all {
        requests::write(paper, plan);
    }
    if style.place == Place::Cluster {
        way_back(paper, plan);
    } else {
        requests::by_hand(paper, plan);
    }
}

fn headline(paper: &mut Paper, plan: &Plan) {
    let mut line = vec![span(Ink::Strong, short(&plan.object))];
    if !plan.object.namespace.is_empty() {
        let namespace = plan.object.namespace.replace(' ', &GLUE.to_string());
        line.push(span(Ink::Plain, format!(" in {namespace}")));
    }
    if let Purpose::Undo { revision } = plan.purpose {
        let text = format!(", back to before revision {revision}");
        line.push(span(Ink::Plain, text));
    }
    line.push(span(Ink::Plain, ": "));
    line.push(span(Ink::Strong, turn(plan)));
    paper.entry(&[], 0, &line);
}

fn changes(paper: &mut Paper, plan: &Plan) {
    let hang = plan
        .changes
        .iter()
        .map(|change| change.name.chars().count());
    let hang = 2 + hang.max().unwrap_or_default().min(20) + 2;
    for change in &plan.changes {
        let label = [span(Ink::Dim, format!("  {} ", change.name))];
        let before = [span(Ink::Plain, change.before.words())];
        paper.entry(&label, hang, &before);
        let after = [
            span(Ink::Plain, format!("→{GLUE}")),
            span(Ink::Plain, change.after.words()),
        ];
        paper.entry(&[], hang, &after);
    }
}

/// Why it is not carried out, each with what to do.
fn blocked(paper: &mut Paper, plan: &Plan, style: Style) {
    if plan.blocked.is_empty() {
        return;
    }
    paper.blank();
    for (number, why) in plan.blocked.iter().enumerate() {
        let label = if number == 0 { "blocked" } else { "" };
        says::blocked(plan, why).write(paper, label, None, style);
    }
    says::way_out(paper, style);
}

fn decisions(paper: &mut Paper, plan: &Plan, style: Style) {
    for (number, decision) in plan.decisions.iter().enumerate() {
        let label = if number == 0 { "chosen" } else { "" };
        let mut what = String::new();
        let several = plan.changes.len() > 1 || style.all;
        if let Some(component) = decision.component.as_deref().filter(|_| several) {
            what.push_str(&format!("{component} "));
        }
        what.push_str(&decision.field);
        if decision.value.is_null() {
            what.push_str(" taken away");
        } else {
            what.push_str(&format!(" {}", value::shown(&decision.value)));
        }
        // A command is copied, so it stands on a line of its own.
        let (why, command) = match decision.why.split_once(": kubectl ") {
            Some((why, command)) => (format!("{why}:"), Some(format!("kubectl {command}"))),
            None => (decision.why.clone(), None),
        };
        let body = [
            span(Ink::Strong, what),
            span(Ink::Plain, format!(": {why}")),
        ];
        entry(paper, label, body);
        if let Some(command) = command {
            paper.verbatim(HANG, Ink::Dim, &command);
        }
    }
}

/// What is rolled; that nothing is, in one word.
fn rolls(paper: &mut Paper, plan: &Plan, style: Style) {
    let nothing = |roll: &&Roll| roll.what == Rolled::Nothing;
    if !plan.rolls.is_empty() && plan.rolls.iter().all(|roll| nothing(&roll)) && !style.all {
        return entry(paper, "rolls", [span(Ink::Good, "nothing")]);
    }
    let shown = plan.rolls.iter().filter(|roll| style.all || !nothing(roll));
    for (number, roll) in shown.enumerate() {
        let label = if number == 0 { "rolls" } else { "" };
        let mut body = vec![
            span(Ink::Strong, &roll.component),
            span(Ink::Plain, format!(": {}", rolled(roll))),
        ];
        if !roll.why.is_empty() {
            body.push(span(Ink::Dim, format!("; {}", roll.why)));
        }
        entry(paper, label, body);
    }
}

fn rolled(roll: &Roll) -> String {
    let now = roll.pods.map(|pods| number(pods, "pod", "pods"));
    match roll.what {
        Rolled::Revision => {
            let mut text = "a new revision".to_owned();
            if let Some(starts_with) = roll.starts_with {
                let pods = number(starts_with, "pod", "pods");
                text.push_str(&format!(" that starts with {pods}"));
            }
            if let Some(now) = now {
                text.push_str(&format!(", beside {now} of now"));
            }
            text
        }
        Rolled::Pods => match now {
            Some(now) => format!("its pods are replaced, {now} now"),
            None => "its pods are replaced".to_owned(),
        },
        Rolled::Nothing => "nothing".to_owned(),
    }
}

/// What stays behind; with `all` also what goes by itself.
fn leftovers(paper: &mut Paper, plan: &Plan, style: Style) {
    let shown = plan.leftovers.iter().filter(|one| style.all || one.stays);
    for (number, one) in shown.enumerate() {
        let label = if number == 0 { "leaves" } else { "" };
        let what = format!("{} {}", one.kind, one.name);
        let body = [
            span(Ink::Strong, what.trim_end()),
            span(Ink::Plain, format!(": {}", one.message)),
        ];
        entry(paper, label, body);
    }
}

fn steps(paper: &mut Paper, plan: &Plan) {
    let digits = plan.steps.len().to_string().len();
    for (number, step) in plan.steps.iter().enumerate() {
        let label = if number == 0 { "steps" } else { "" };
        let start = [
            span(Ink::Heading, label),
            span(Ink::Plain, " ".repeat(HANG - label.len())),
            span(Ink::Dim, format!("{:>digits$}. ", number + 1)),
        ];
        let hang = HANG + digits + 2;
        let by = span(Ink::Strong, format!("{} ", step.by));
        paper.entry(&start, hang, &[by, span(Ink::Plain, &step.what)]);
    }
}

fn way_back(paper: &mut Paper, plan: &Plan) {
    let object = &plan.object;
    let mut command = format!("kubectl kscale undo {}", short(object));
    if !object.namespace.is_empty() {
        command.push_str(&format!(" -n {}", object.namespace));
    }
    // What is copied stays on one line.
    let command = command.replace(' ', &GLUE.to_string());
    entry(paper, "back", [span(Ink::Plain, command)]);
}

/// Whether anything speaks against it, for the eye: the ink of its line in a table.
pub(super) fn ink(plan: &Plan) -> Ink {
    match (plan.blocked.is_empty(), says::against(plan) == 0) {
        (false, _) => Ink::Bad,
        (true, false) => Ink::Warn,
        (true, true) => Ink::Good,
    }
}
