//! Several plans: one table, and what they share.

use std::collections::BTreeMap;

use kscale_rules::explain::ObjectRef;
use kscale_rules::switch::{Plan, RefusalReason, RefusedPlan, RequestVerb, Rolled};

use super::super::list::target;
use super::super::paper::{GLUE, Ink, Paper, Span, span, width};
use super::super::table::{Cell, Table};
use super::says::{self, Saying};
use super::{Place, Style, entry, number, one, short, turn};
use crate::check::State;

/// How much of a kind is said: of hundreds of objects, each may have something of its own.
const SAID: usize = 6;

/// What stands in the place of the number of risks.
const BLOCKED: &str = "blocked";

/// How many objects about which the same is said are named.
const NAMED: usize = 4;

/// Writes the table, and below it what is said of them.
pub(super) fn write(paper: &mut Paper, plans: &[Plan], style: Style) {
    if plans.is_empty() {
        return;
    }
    let blocked = plans.iter().filter(|plan| !plan.blocked.is_empty()).count();
    let mut head = vec![span(
        Ink::Strong,
        number(count(plans.len()), "object", "objects"),
    )];
    if let [namespace] = namespaces(plans).as_slice()
        && !namespace.is_empty()
    {
        head.push(span(Ink::Plain, format!(" in {namespace}")));
    }
    if blocked > 0 {
        head.push(span(Ink::Plain, ", "));
        head.push(span(Ink::Bad, format!("{blocked}{GLUE}blocked")));
    }
    paper.entry(&[], 0, &head);
    paper.blank();
    table(paper, plans);
    paper.blank();
    costs(paper, plans);
    sayings(paper, plans, style);
    let by_hand = plans.iter().flat_map(|plan| &plan.requests);
    let by_hand = by_hand.filter(|one| one.verb == RequestVerb::Delete);
    let by_hand = count(by_hand.count());
    if by_hand > 0 && style.place == Place::Files {
        let text = format!(
            "once they are applied, {} must be deleted by hand: -o wide has the commands",
            number(by_hand, "object", "objects")
        );
        entry(paper, "then", [span(Ink::Plain, text)]);
    }
    let details = "every decision, request and step: -o wide";
    paper.entry(&[], 0, &[span(Ink::Dim, details)]);
}

fn namespaces(plans: &[Plan]) -> Vec<&str> {
    let all = plans.iter().map(|plan| plan.object.namespace.as_str());
    let all: std::collections::BTreeSet<&str> = all.collect();
    all.into_iter().collect()
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// As a table where that fits, else a paragraph an object.
fn table(paper: &mut Paper, plans: &[Plan]) {
    let with_namespace = namespaces(plans).len() > 1;
    let mut headers = vec!["OBJECT", "NOW → THEN", "ROLLS", "EXTRA", "RISKS"];
    if with_namespace {
        headers.insert(0, "NAMESPACE");
    }
    let rows: Vec<Vec<Cell>> = plans.iter().map(|plan| row(plan, with_namespace)).collect();
    let mut table = Table::new(headers);
    let text = table.page(&rows, true);
    let plain = anstream::adapter::strip_str(&text).to_string();
    if plain.lines().all(|line| width(line) <= paper.width()) {
        return paper.append(&text);
    }
    for (plan, row) in plans.iter().zip(&rows) {
        paragraph(
            paper,
            plan,
            &row[usize::from(with_namespace)..],
            with_namespace,
        );
    }
}

fn row(plan: &Plan, with_namespace: bool) -> Vec<Cell> {
    let mut cells = vec![
        (Ink::Strong, short(&plan.object)),
        (Ink::Plain, aims(plan)),
        (Ink::Plain, rolls(plan)),
        (Ink::Plain, extra(plan)),
        (one::ink(plan), risks(plan)),
    ];
    if with_namespace {
        cells.insert(0, (Ink::Plain, or_dash(plan.object.namespace.clone())));
    }
    for (_, text) in &mut cells {
        *text = text.replace(GLUE, " ");
    }
    cells
}

fn paragraph(paper: &mut Paper, plan: &Plan, cells: &[Cell], with_namespace: bool) {
    let [label, rest @ ..] = cells else {
        return;
    };
    let mut head = vec![span(label.0, label.1.replace(' ', &GLUE.to_string()))];
    let with_namespace = with_namespace && !plan.object.namespace.is_empty();
    if with_namespace {
        head.push(span(Ink::Dim, format!(" in {}", plan.object.namespace)));
    }
    let words = ["", "rolls ", "extra ", "risks "];
    for ((ink, text), word) in rest.iter().zip(words).filter(|((_, text), _)| text != "-") {
        let separator = if head.len() > 1 + usize::from(with_namespace) {
            "; "
        } else {
            ": "
        };
        head.push(span(Ink::Plain, separator));
        if text != BLOCKED {
            head.push(span(Ink::Dim, word));
        }
        head.push(span(*ink, text));
    }
    paper.entry(&[], 2, &head);
}

/// `kpa → knative-hpa cpu 80%`, `knative-hpa cpu 70% → cpu 80%`
fn aims(plan: &Plan) -> String {
    let (before, after) = (aim(plan, false), aim(plan, true));
    let names = turn(plan);
    let same = names.split_once(", set otherwise").map(|(name, _)| name);
    match same {
        Some(name) if before != after => format!("{name} {before} → {after}"),
        Some(_) => names,
        None => format!("{names} {after}").trim_end().to_owned(),
    }
}

/// What its components are scaled on: `cpu 80%`
fn aim(plan: &Plan, after: bool) -> String {
    let mut aims: Vec<String> = Vec::new();
    for change in &plan.changes {
        let scaling = if after { &change.after } else { &change.before };
        let metric = scaling.metric.as_deref().unwrap_or_default();
        let aim = scaling.target.as_ref().map(target).unwrap_or_default();
        let aim = format!("{metric} {aim}").trim().to_owned();
        if !aim.is_empty() && !aims.contains(&aim) {
            aims.push(aim);
        }
    }
    aims.join(", ")
}

fn rolls(plan: &Plan) -> String {
    let has = |what: Rolled| plan.rolls.iter().any(|roll| roll.what == what);
    let words = [
        has(Rolled::Revision).then_some("revision"),
        has(Rolled::Pods).then_some("pods"),
    ];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    or_dash(words.join(", "))
}

/// `3 pods, 3 GPUs`: the resources of which a node has few.
fn extra(plan: &Plan) -> String {
    let pods: i64 = plan.costs.iter().map(|cost| cost.extra_pods).sum();
    let mut words = Vec::new();
    if pods > 0 {
        words.push(number(pods, "pod", "pods"));
    }
    let devices = devices(std::slice::from_ref(plan));
    words.extend(devices.iter().map(|(name, count)| device(name, *count)));
    or_dash(words.join(", "))
}

fn devices(plans: &[Plan]) -> BTreeMap<&str, i64> {
    let mut devices: BTreeMap<&str, i64> = BTreeMap::new();
    let requests = plans.iter().flat_map(|plan| &plan.costs);
    for (name, quantity) in requests.flat_map(|cost| &cost.requests) {
        // Devices are counted in whole numbers; their names have a domain.
        if let Some(count) = quantity.parse::<i64>().ok().filter(|_| name.contains('/')) {
            *devices.entry(name).or_default() += count;
        }
    }
    devices
}

fn device(name: &str, count: i64) -> String {
    let short = name.rsplit('/').next().unwrap_or(name);
    match short {
        "gpu" => number(count, "GPU", "GPUs"),
        other => number(count, other, other),
    }
}

fn risks(plan: &Plan) -> String {
    if !plan.blocked.is_empty() {
        return BLOCKED.to_owned();
    }
    match says::against(plan) {
        0 => "-".to_owned(),
        count => count.to_string(),
    }
}

fn or_dash(text: String) -> String {
    if text.is_empty() {
        "-".to_owned()
    } else {
        text
    }
}

fn costs(paper: &mut Paper, plans: &[Plan]) {
    let costs = plans.iter().flat_map(|plan| &plan.costs);
    let pods: i64 = costs.map(|cost| cost.extra_pods).sum();
    if pods == 0 {
        return;
    }
    let mut text = format!("up to {} more while all roll", number(pods, "pod", "pods"));
    for (name, count) in devices(plans) {
        text.push_str(&format!(", {}", device(name, count)));
    }
    entry(paper, "costs", [span(Ink::Plain, text)]);
}

/// What is said of several stands once.
fn sayings(paper: &mut Paper, plans: &[Plan], style: Style) {
    let mut all: Vec<(Saying, Vec<&ObjectRef>)> = Vec::new();
    for plan in plans {
        let blocked = plan.blocked.iter().map(|why| says::blocked(plan, why));
        for saying in blocked.chain(says::of(plan, false, style.blind)) {
            match all.iter_mut().find(|(other, _)| *other == saying) {
                Some((_, objects)) if objects.last() == Some(&&plan.object) => {}
                Some((_, objects)) => objects.push(&plan.object),
                None => all.push((saying, vec![&plan.object])),
            }
        }
    }
    for label in ["blocked", "needs", "risks", "finds"] {
        let of_label = all.iter().filter(|(saying, _)| saying.label == label);
        let mut first = true;
        let more = of_label.clone().count().saturating_sub(SAID);
        for (saying, objects) in of_label.take(SAID) {
            let of = (objects.len() < plans.len()).then(|| named(objects));
            saying.write(paper, if first { label } else { "" }, of.as_deref(), style);
            first = false;
        }
        if more > 0 {
            let text = format!("and {more} more of these: -o wide");
            entry(paper, "", [span(Ink::Dim, text)]);
        }
        if label == "blocked" && !first {
            says::way_out(paper, style);
        }
    }
}

/// `isvc/a, isvc/b and 3 more`
fn named(objects: &[&ObjectRef]) -> String {
    let names: Vec<String> = objects.iter().take(NAMED).map(|one| short(one)).collect();
    match objects.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// Objects for which there is no plan, together where the same is said of them.
pub(super) fn refused(paper: &mut Paper, all: &[RefusedPlan], style: Style) {
    let mut alike: Vec<(&RefusedPlan, Vec<&ObjectRef>)> = Vec::new();
    // What manifests cannot become is told with its place.
    let told = |one: &&RefusedPlan| {
        style.place == Place::Cluster || one.refusal.reason == RefusalReason::AlreadySo
    };
    for one in all.iter().filter(told) {
        match alike
            .iter_mut()
            .find(|(first, _)| first.refusal == one.refusal)
        {
            Some((_, objects)) => objects.push(&one.object),
            None => alike.push((one, vec![&one.object])),
        }
    }
    for (one, objects) in &alike {
        let refusal = &one.refusal;
        let (state, ink) = match refusal.reason {
            RefusalReason::AlreadySo => (State::Ok, Ink::Dim),
            _ => (State::Error, Ink::Plain),
        };
        let (mark_ink, mark) = style.marks.of_state(state);
        let start = [span(mark_ink, format!("{mark} "))];
        let hang = start.iter().map(Span::width).sum();
        let body = [
            span(Ink::Strong, named(objects)),
            span(ink, format!(": {}", refusal.message)),
        ];
        paper.entry(&start, hang, &body);
        if !refusal.help.is_empty() {
            let help = [span(Ink::Dim, "hint: "), span(Ink::Plain, &refusal.help)];
            paper.entry(&[], hang, &help);
        }
    }
}
