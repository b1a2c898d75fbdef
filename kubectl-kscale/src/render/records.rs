//! `undo --list`: what can be taken back.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kscale_rules::switch::{RecordState, Replaced};
use serde_json::Value;

use super::paper::{Ink, Paper, Span, span, width};
use super::path::readable;
use super::value::shown;
use crate::input::visible;
use crate::switching::record::{Entry, SwitchRecordList, SwitchRecords};

/// Blanks between columns.
const GAP: usize = 3;

/// Where the settings of a record begin, below it.
const INDENT: usize = 4;

/// The page. `all` asks for every setting, too.
pub(super) fn page(list: &SwitchRecordList, now: Timestamp, width: usize, all: bool) -> String {
    let mut paper = Paper::new(width);
    for (number, item) in list.items.iter().enumerate() {
        if number > 0 {
            paper.blank();
        }
        let name = crate::switching::address::short(&item.object);
        if item.records.is_empty() {
            let text = format!("{name}: no switch is recorded");
            paper.entry(&[], 0, &[span(Ink::Plain, text)]);
        } else {
            if list.items.len() > 1 {
                paper.entry(&[], 0, &[span(Ink::Strong, name)]);
            }
            table(&mut paper, item, now, all);
        }
        for one in &item.unreadable {
            let text = format!("{} is left out: {}", one.name, one.why);
            paper.entry(&[], 0, &[span(Ink::Warn, text)]);
        }
    }
    paper.into_text()
}

/// One name a line.
pub(super) fn names(list: &SwitchRecordList) -> String {
    let records = list.items.iter().flat_map(|item| &item.records);
    records
        .map(|one| format!("controllerrevision.apps/{}\n", visible(&one.name)))
        .collect()
}

/// The last column is broken into lines.
fn table(paper: &mut Paper, item: &SwitchRecords, now: Timestamp, all: bool) {
    let headers = ["REVISION", "AGE", "STATE"].map(|text| (Ink::Heading, text.to_owned()));
    let rows: Vec<_> = item.records.iter().map(|one| cells(one, now)).collect();
    let lines = || std::iter::once(&headers).chain(&rows);
    let widest = |column: usize| {
        let widths = lines().map(|line: &[(Ink, String); 3]| width(&line[column].1));
        widths.max().unwrap_or_default() + GAP
    };
    let widths = [widest(0), widest(1), widest(2)];
    let hang = widths.iter().sum();
    let label = |cells: &[(Ink, String); 3]| -> Vec<Span> {
        let padded = cells.iter().zip(widths).flat_map(|((ink, text), widest)| {
            let blanks = " ".repeat(widest.saturating_sub(width(text)));
            [span(*ink, text.clone()), span(Ink::Plain, blanks)]
        });
        padded.collect()
    };
    paper.entry(&label(&headers), hang, &[span(Ink::Heading, "WHAT")]);
    for (one, cells) in item.records.iter().zip(&rows) {
        paper.entry(&label(cells), hang, &[span(Ink::Plain, what(one))]);
        for pointer in &one.standing.changed_since {
            let text = format!("{} was changed since", readable(pointer));
            paper.entry(&[], hang, &[span(Ink::Warn, text)]);
        }
        if all {
            details(paper, one);
        }
    }
}

fn cells(one: &Entry, now: Timestamp) -> [(Ink, String); 3] {
    let ink = match one.standing.state {
        RecordState::InEffect => Ink::Good,
        RecordState::ChangedSince => Ink::Warn,
        _ => Ink::Dim,
    };
    [
        (Ink::Strong, one.revision.to_string()),
        (Ink::Plain, age(&one.kept_at, now)),
        (ink, one.standing.words()),
    ]
}

/// From what to what; said once where it is the same of all components.
fn what(one: &Entry) -> String {
    let (before, after) = (&one.record.before, &one.record.after);
    let mut changes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (component, old) in before {
        let Some(new) = after.get(component) else {
            continue;
        };
        let change = format!("{old} → {new}");
        changes.entry(change).or_default().push(component);
    }
    match changes.len() {
        0 => one.record.verb.clone(),
        1 => changes.into_keys().collect(),
        _ => {
            let each = changes
                .iter()
                .map(|(change, components)| format!("{}: {change}", components.join(", ")));
            each.collect::<Vec<_>>().join("; ")
        }
    }
}

fn details(paper: &mut Paper, one: &Entry) {
    let about = format!("{} ({})", one.record.verb, one.name);
    paper.entry(&[], INDENT, &[span(Ink::Dim, about)]);
    for setting in one.record.settings() {
        let Replaced {
            pointer,
            before,
            after,
        } = setting;
        let value = |value: &Option<Value>| {
            let value = value.as_ref();
            value.map_or_else(|| "(none)".to_owned(), |value| shown(value).into_owned())
        };
        let text = format!(
            "{}: {} → {}",
            readable(pointer),
            value(before),
            value(after)
        );
        paper.entry(&[], INDENT, &[span(Ink::Dim, text)]);
    }
}

/// How long ago, as kubectl says it: two units where the larger is small, and no more than days.
fn age(at: &str, now: Timestamp) -> String {
    let Ok(at) = at.parse::<Timestamp>() else {
        return "<unknown>".to_owned();
    };
    let seconds = (now.as_second() - at.as_second()).max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (days, hours, minutes) {
        (8.., ..) => format!("{days}d"),
        (2.., ..) if hours % 24 > 0 => format!("{days}d{}h", hours % 24),
        (2.., ..) => format!("{days}d"),
        (_, 8.., _) => format!("{hours}h"),
        (_, 3.., _) if minutes % 60 > 0 => format!("{hours}h{}m", minutes % 60),
        (_, 3.., _) => format!("{hours}h"),
        (_, _, 10..) => format!("{minutes}m"),
        (_, _, 2..) if seconds % 60 > 0 => format!("{minutes}m{}s", seconds % 60),
        (_, _, 2..) => format!("{minutes}m"),
        _ => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kscale_rules::explain::types::ObjectRef;
    use kscale_rules::switch::{Record, Standing};
    use serde_json::json;

    fn entry(revision: i64, at: &str, state: RecordState, by: Option<i64>) -> Entry {
        let record = json!({
            "apiVersion": "kscale.dev/v1alpha1", "kind": "SwitchRecord", "verb": "switch --to hpa",
            "at": at,
            "before": {"predictor": "kpa on concurrency 10, 1 to 5 pods"},
            "after": {"predictor": "knative-hpa on cpu 80%, 1 to 8 pods"},
            "replaced": [
                {"pointer": "/metadata/annotations", "after": {}},
                {"pointer": "/metadata/annotations/autoscaling.knative.dev~1class", "after": "hpa.autoscaling.knative.dev"},
                {"pointer": "/spec/predictor/scaleTarget", "before": 10, "after": 80},
            ],
        });
        let changed = (state == RecordState::ChangedSince).then_some("/spec/predictor/scaleTarget");
        Entry {
            revision,
            name: format!("bert-kscale-{revision}"),
            kept_at: at.to_owned(),
            standing: Standing {
                state,
                by,
                changed_since: changed.into_iter().map(str::to_owned).collect(),
            },
            record: Record::read(&record).unwrap(),
        }
    }

    fn list() -> SwitchRecordList {
        let mut oldest = entry(9, "2026-11-01T00:00:00Z", RecordState::Replaced, Some(10));
        oldest
            .record
            .before
            .insert("transformer".to_owned(), "kpa".to_owned());
        oldest
            .record
            .after
            .insert("transformer".to_owned(), "knative-hpa\u{1b}[2J".to_owned());
        SwitchRecordList::new(vec![SwitchRecords {
            object: ObjectRef {
                kind: "InferenceService".to_owned(),
                name: "bert".to_owned(),
                ..ObjectRef::default()
            },
            records: vec![
                entry(10, "2026-11-24T22:57:00Z", RecordState::ChangedSince, None),
                oldest,
            ],
            unreadable: Vec::new(),
        }])
    }

    fn shown(width: usize, all: bool) -> String {
        let now = "2026-11-25T00:00:00Z".parse().unwrap();
        anstream::adapter::strip_str(&page(&list(), now, width, all)).to_string()
    }

    #[test]
    fn what_was_replaced_is_told_beside_its_state() {
        insta::assert_snapshot!(shown(80, false), @r"
        REVISION   AGE   STATE            WHAT
        10         63m   changed since    kpa on concurrency 10, 1 to 5 pods →
                                          knative-hpa on cpu 80%, 1 to 8 pods
                                          spec.predictor.scaleTarget was changed since
        9          24d   replaced by 10   predictor: kpa on concurrency 10, 1 to 5 pods
                                          → knative-hpa on cpu 80%, 1 to 8 pods;
                                          transformer: kpa → knative-hpa\u{1b}[2J
        ");
    }

    #[test]
    fn on_a_narrow_terminal_the_last_column_is_broken() {
        insta::assert_snapshot!(shown(60, true), @r"
        REVISION   AGE   STATE            WHAT
        10         63m   changed since    kpa on concurrency 10, 1
                                          to 5 pods → knative-hpa on
                                          cpu 80%, 1 to 8 pods
                                          spec.predictor.scaleTarget
                                          was changed since
            switch --to hpa (bert-kscale-10)
            annotation autoscaling.knative.dev/class: (none) →
            hpa.autoscaling.knative.dev
            spec.predictor.scaleTarget: 10 → 80
        9          24d   replaced by 10   predictor: kpa on
                                          concurrency 10, 1 to 5
                                          pods → knative-hpa on cpu
                                          80%, 1 to 8 pods;
                                          transformer: kpa →
                                          knative-hpa\u{1b}[2J
            switch --to hpa (bert-kscale-9)
            annotation autoscaling.knative.dev/class: (none) →
            hpa.autoscaling.knative.dev
            spec.predictor.scaleTarget: 10 → 80
        ");
    }

    #[test]
    fn ages_are_those_of_kubectl() {
        let now: Timestamp = "2026-11-25T00:00:00Z".parse().unwrap();
        for (at, expected) in [
            ("2026-11-25T00:00:05Z", "0s"),
            ("2026-11-24T23:58:01Z", "119s"),
            ("2026-11-24T23:57:30Z", "2m30s"),
            ("2026-11-24T23:57:00Z", "3m"),
            ("2026-11-24T23:30:30Z", "29m"),
            ("2026-11-24T20:30:00Z", "3h30m"),
            ("2026-11-23T04:00:00Z", "44h"),
            ("2026-11-22T20:00:00Z", "2d4h"),
            ("2026-11-01T00:00:00Z", "24d"),
            ("yesterday", "<unknown>"),
        ] {
            assert_eq!(age(at, now), expected, "{at}");
        }
    }
}
