//! What an upgrade would change, for people: by cause, the most dangerous first.

use kscale_rules::preview::{Cause, CauseSummary, Change, Note, PreviewList, Previewed, Step};
use serde_json::Value;

use super::paper::{GLUE, Ink, Paper, Span, span};
use super::value::shown;

/// How many workloads of one kind of change are named, unless all are asked for.
const NAMED: usize = 6;
/// Where what belongs to a cause begins, and what belongs to that.
const CHANGE: usize = 2;
const DETAIL: usize = 4;

/// The page. `all` asks for every workload and every value.
pub(super) fn page(list: &PreviewList, width: usize, all: bool) -> String {
    let mut page = Page {
        paper: Paper::new(width),
        all,
    };
    page.summary(list);
    for note in &list.notes {
        page.note(note);
    }
    for cause in &list.causes {
        page.cause(cause, &list.items);
    }
    page.facts(list);
    page.paper.into_text()
}

struct Page {
    paper: Paper,
    all: bool,
}

/// Workloads about which the same is said.
struct Same<'a> {
    change: &'a Change,
    names: Vec<(String, &'a Change)>,
}

impl Page {
    fn summary(&mut self, list: &PreviewList) {
        let upgrade = &list.upgrade;
        let mut steps = Vec::new();
        steps.extend(step("KServe", &upgrade.kserve));
        steps.extend(step("Knative", &upgrade.knative));
        steps.extend(
            upgrade
                .kubernetes
                .iter()
                .flat_map(|one| step("Kubernetes", one)),
        );
        if steps.is_empty() {
            steps.push("nothing is upgraded".to_owned());
        }
        let title = [span(Ink::Strong, steps.join(", "))];
        self.paper.entry(&[], 0, &title);
        let summary = list.summary;
        let workloads = number(summary.workloads, "workload", "workloads");
        let rest = summary.changed - summary.broken;
        let mut counts = Vec::new();
        if summary.broken > 0 {
            counts.push(span(Ink::Bad, format!("{} would break", summary.broken)));
        }
        if rest > 0 {
            let more = if summary.broken > 0 { " more" } else { "" };
            let text = format!(
                "{rest}{more} {}",
                if rest == 1 { "changes" } else { "change" }
            );
            counts.push(span(Ink::Warn, text));
        }
        if counts.is_empty() {
            counts.push(span(Ink::Good, "nothing changes"));
        }
        let mut line = vec![span(Ink::Plain, format!("{workloads}: "))];
        for (number, count) in counts.into_iter().enumerate() {
            if number > 0 {
                line.push(span(Ink::Plain, ", "));
            }
            line.push(count);
        }
        self.paper.entry(&[], 0, &line);
    }

    fn note(&mut self, note: &Note) {
        self.paper.blank();
        let ink = if note.breaks { Ink::Bad } else { Ink::Warn };
        self.paper.entry(&[], 0, &[span(ink, &note.message)]);
        self.help(&note.help);
    }

    fn cause(&mut self, cause: &CauseSummary, items: &[Previewed]) {
        self.paper.blank();
        let count = number(cause.workloads, "workload", "workloads");
        let heading = [
            span(ink(cause.cause), cause.title),
            span(
                Ink::Dim,
                format!(" ({})", count.replace(' ', &GLUE.to_string())),
            ),
        ];
        self.paper.entry(&[], 0, &heading);
        for same in alike(cause.cause, items) {
            self.same(&same);
        }
        self.help(cause.help);
        self.ways_out(cause.cause, items);
    }

    fn same(&mut self, same: &Same<'_>) {
        let message = span(Ink::Plain, &same.change.message);
        self.paper.entry(&[], CHANGE, &[message]);
        if let Some(text) = &same.change.text {
            self.paper.verbatim(DETAIL, Ink::Bad, text);
        }
        if self.all {
            for (name, change) in &same.names {
                self.paper.entry(&[], DETAIL, &[span(Ink::Strong, name)]);
                self.value("before", &change.before);
                self.value("after", &change.after);
            }
            return;
        }
        let shown = same.names.iter().take(NAMED);
        let mut line: Vec<Span> = Vec::new();
        for (number, (name, _)) in shown.enumerate() {
            if number > 0 {
                line.push(span(Ink::Plain, ", "));
            }
            line.push(span(Ink::Strong, name.replace(' ', &GLUE.to_string())));
        }
        let more = same.names.len().saturating_sub(NAMED);
        if more > 0 {
            line.push(span(Ink::Dim, format!(" and {more} more")));
        }
        self.paper.entry(&[], DETAIL, &line);
    }

    fn value(&mut self, label: &str, value: &Value) {
        if value.is_null() {
            return;
        }
        let label = [span(Ink::Dim, format!("      {label}"))];
        self.paper
            .entry(&label, 13, &[span(Ink::Plain, shown(value))]);
    }

    fn help(&mut self, help: &str) {
        if !help.is_empty() {
            let label = [span(Ink::Heading, "  before upgrading:")];
            self.paper.entry(&label, 20, &[span(Ink::Plain, help)]);
        }
    }

    /// An edit that helps, and the release that no longer does this. Where they differ from workload to workload, JSON tells.
    fn ways_out(&mut self, cause: Cause, items: &[Previewed]) {
        let changes = || {
            let all = items.iter().flat_map(|item| &item.changes);
            all.filter(|one| one.cause == cause)
        };
        if let Some(help) = shared(changes().map(|one| one.help.as_deref())) {
            self.paper
                .entry(&[], 20, &[span(Ink::Plain, format!("or {help}"))]);
        }
        if let Some(release) = shared(changes().map(|one| one.until.as_deref())) {
            let text = format!("or go to KServe {release} at once, which does not do this");
            self.paper.entry(&[], 20, &[span(Ink::Plain, text)]);
        }
    }

    fn facts(&mut self, list: &PreviewList) {
        self.paper.blank();
        let label = [span(Ink::Dim, "assumed")];
        if self.all {
            for (number, statement) in list.facts.assumed.iter().enumerate() {
                let label: &[Span] = if number == 0 { &label } else { &[] };
                self.paper.entry(label, 9, &[span(Ink::Dim, statement)]);
            }
            return;
        }
        let text = list.facts.assumed.join("; ");
        self.paper.entry(&label, 9, &[span(Ink::Dim, text)]);
    }
}

/// What all say, if they do.
fn shared<'a>(mut all: impl Iterator<Item = Option<&'a str>>) -> Option<&'a str> {
    let first = all.next()??;
    all.all(|one| one == Some(first)).then_some(first)
}

fn ink(cause: Cause) -> Ink {
    if cause.breaks() {
        Ink::Bad
    } else if cause >= Cause::Objects {
        Ink::Good
    } else {
        Ink::Warn
    }
}

/// The workloads of a cause, those together about which the same is said.
fn alike(cause: Cause, items: &[Previewed]) -> Vec<Same<'_>> {
    let mut found: Vec<Same<'_>> = Vec::new();
    for item in items {
        for change in item.changes.iter().filter(|change| change.cause == cause) {
            let named = (name(item, change), change);
            let same = found.iter_mut().find(|same| {
                same.change.message == change.message && same.change.text == change.text
            });
            match same {
                Some(same) => same.names.push(named),
                None => found.push(Same {
                    change,
                    names: vec![named],
                }),
            }
        }
    }
    found
}

/// `ml/bert`, with the component where there may be several.
fn name(item: &Previewed, change: &Change) -> String {
    let object = &item.object;
    let name = match (object.namespace.as_str(), object.name.as_str()) {
        (_, "") => "(no name)".to_owned(),
        ("", name) => name.to_owned(),
        (namespace, name) => format!("{namespace}/{name}"),
    };
    match change.component.as_deref() {
        None | Some("predictor" | "router" | "service") => name,
        Some(component) => format!("{name} {component}"),
    }
}

/// `KServe 0.15.2 → 0.20.0`, where it changes.
fn step(system: &str, step: &Step) -> Option<String> {
    match &step.from {
        Some(from) if *from == step.to => None,
        Some(from) => {
            Some(format!("{system} {from} → {}", step.to).replace(' ', &GLUE.to_string()))
        }
        None => Some(format!("{system} → {}", step.to).replace(' ', &GLUE.to_string())),
    }
}

fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
