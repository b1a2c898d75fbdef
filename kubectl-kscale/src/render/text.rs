//! `-o text` and `-o wide`: for people.

use kscale_rules::explain::types::{
    ComponentExplanation, Explanation, ExplanationList, FactsSummary, Finding, InertSetting,
    Reason, Severity, System, VersionNote,
};

use serde_json::Value;

use super::paper::{GLUE, Ink, Paper, Span, span, width};
use super::path::readable;
use super::value::{short, shown};
use super::{creates, observed, verdict};

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What fits on a screen
    Usual,
    /// Everything that is known
    Wide,
}

/// Where everything about a link stands: behind its number.
const LINK: usize = 6;
/// Where that a setting is without effect begins, and why.
const SETTING: usize = 4;
const SETTING_WHY: usize = 6;

/// All items, a blank line between them, and what the answer rests on once at the end.
pub(crate) fn page(
    list: &ExplanationList,
    places: &[String],
    width: usize,
    detail: Detail,
) -> String {
    let mut page = Page {
        paper: Paper::new(width),
        detail,
    };
    for (number, item) in list.items.iter().enumerate() {
        if number > 0 {
            page.paper.blank();
        }
        page.item(item, places.get(number).map_or("", String::as_str));
    }
    if !list.items.is_empty() {
        page.facts(&list.facts);
    }
    page.paper.into_text()
}

struct Page {
    paper: Paper,
    detail: Detail,
}

impl Page {
    fn item(&mut self, item: &Explanation, place: &str) {
        self.title(item, place);
        let names = item.components.iter().map(|one| width(&one.name));
        let hang = 4 + names.max().unwrap_or(0);
        self.paper.blank();
        for component in &item.components {
            let label = [span(Ink::Plain, "  "), span(Ink::Strong, &component.name)];
            let sentence = verdict::of_component(item, component);
            self.paper.entry(&label, hang, &sentence);
        }
        if item.components.is_empty() {
            let sentence = verdict::of_object(item);
            self.paper.entry(&[span(Ink::Plain, "  ")], 2, &sentence);
        }
        observed::section(&mut self.paper, item, self.detail);
        let several = item.components.len() > 1;
        for component in &item.components {
            self.why(component, several);
        }
        self.refused(item);
        for component in &item.components {
            self.inert(component, several);
        }
        if self.detail == Detail::Wide {
            for component in &item.components {
                self.creates(component, several);
            }
        }
        self.findings(item);
        self.versions(&item.versions);
    }

    fn title(&mut self, item: &Explanation, place: &str) {
        let object = &item.object;
        let name = match (object.namespace.as_str(), object.name.as_str()) {
            (_, "") => "(no name)".to_owned(),
            ("", name) => name.to_owned(),
            (namespace, name) => format!("{namespace}/{name}"),
        };
        let mut kind = format!("  {}", object.kind);
        if self.detail == Detail::Wide {
            kind = format!("{kind}  {}", object.api_version);
        }
        if let Some(mode) = &item.deployment_mode {
            kind = format!("{kind}  {mode} mode");
        }
        // What is in a cluster stands nowhere else.
        let place = match place {
            "" => String::new(),
            place => format!("  {place}"),
        };
        let fits = width(&name) + width(&kind) + width(&place) <= self.paper.width();
        let mut title = vec![span(Ink::Strong, name), span(Ink::Plain, kind)];
        let place = span(Ink::Dim, place);
        if fits {
            title.push(place);
            self.paper.entry(&title, 0, &[]);
        } else {
            self.paper.entry(&title, 0, &[]);
            if place.width() > 0 {
                self.paper.entry(&[place], 0, &[]);
            }
        }
    }

    fn heading(&mut self, text: &str, of: Option<&str>) {
        self.paper.blank();
        let mut heading = vec![span(Ink::Plain, "  "), span(Ink::Heading, text)];
        if let Some(name) = of {
            heading.push(span(Ink::Dim, format!("  {name}")));
        }
        self.paper.entry(&heading, 0, &[]);
    }

    fn why(&mut self, component: &ComponentExplanation, several: bool) {
        if component.because.is_empty() {
            return;
        }
        self.heading("why", several.then_some(component.name.as_str()));
        let fields = component.because.iter().map(|link| width(&link.field));
        let value_at = LINK + fields.max().unwrap_or(0) + 2;
        let values: Vec<String> = component
            .because
            .iter()
            .map(|link| self.value_of(link, value_at))
            .collect();
        let value_width = values.iter().map(|value| width(value)).max().unwrap_or(0);
        let beside = value_at + value_width + 2;
        let sources = component.because.iter().map(|link| {
            let source: Vec<Span> = self.source(link);
            source.iter().map(Span::width).sum()
        });
        let source_width: usize = sources.max().unwrap_or(0);
        // All sources stand beside their values, or all below: a ragged column is hard to read. With pointers and effects
        // there is too much to stand beside anything.
        let fits = self.detail == Detail::Usual && beside + source_width <= self.paper.width();
        for (number, (link, value)) in component.because.iter().zip(&values).enumerate() {
            let label = [
                span(Ink::Dim, format!("  {:>2}  ", number + 1)),
                span(Ink::Plain, padded(&link.field, value_at - LINK)),
                span(Ink::Strong, value),
            ];
            let column = if fits { beside } else { LINK };
            self.paper.entry(&label, column, &self.source(link));
            if self.detail == Detail::Wide && !link.effect.is_empty() {
                self.paper
                    .entry(&[], column, &[span(Ink::Plain, &link.effect)]);
            }
        }
    }

    fn value_of(&self, link: &Reason, value_at: usize) -> String {
        if link.field == "maxReplicas" && link.value.is_null() {
            return "unbounded".to_owned();
        }
        self.cut(&link.value, value_at)
    }

    /// A value that starts at a column: cut at the edge of the page, unless everything is asked for.
    fn cut(&self, value: &Value, column: usize) -> String {
        match self.detail {
            Detail::Usual => short(value, self.paper.width().saturating_sub(column).max(20)),
            Detail::Wide => shown(value).into_owned(),
        }
    }

    /// `annotation serving.kserve.io/metric, line 6`
    fn source(&self, link: &Reason) -> Vec<Span> {
        let mut source = vec![span(Ink::Dim, &link.source), at(link.line)];
        if self.detail == Detail::Wide
            && let Some(pointer) = &link.pointer
        {
            source.push(span(Ink::Dim, format!(" {pointer}")));
        }
        source
    }

    /// The exact texts, unbroken: people search for them.
    fn refused(&mut self, item: &Explanation) {
        let refusals = verdict::refusals(&item.admission);
        for (number, (who, text)) in refusals.iter().enumerate() {
            let by = match refusals.first() {
                Some((first, _)) if number > 0 => format!("by {who}, if {first} let it through"),
                _ => format!("by {who}"),
            };
            self.heading("refused", Some(&by));
            self.paper.verbatim(4, Ink::Bad, text);
        }
        for component in &item.components {
            let Some(failure) = component.failure.as_deref() else {
                continue;
            };
            // What a controller reports of a refusal is the refusal once more, with a few words before it.
            let is_refusal = refusals.iter().any(|(_, text)| failure.ends_with(text));
            if is_refusal && self.detail == Detail::Usual {
                continue;
            }
            let on = format!("on {}, as the controller reports it", component.name);
            self.heading("failure", Some(&on));
            self.paper.verbatim(4, Ink::Bad, failure);
        }
    }

    fn inert(&mut self, component: &ComponentExplanation, several: bool) {
        if component.inert.is_empty() {
            return;
        }
        self.heading("without effect", several.then_some(component.name.as_str()));
        for setting in &component.inert {
            self.setting(setting);
        }
    }

    fn setting(&mut self, setting: &InertSetting) {
        let path = readable(&setting.pointer);
        let value = self.cut(
            &setting.value,
            SETTING + width(&path) + " = , line 999".len(),
        );
        let mut what = vec![
            span(Ink::Warn, path),
            span(Ink::Plain, format!(" = {value}")),
            at(setting.line),
        ];
        if self.detail == Detail::Wide {
            what.push(span(Ink::Dim, format!(" {}", setting.pointer)));
        }
        self.paper.entry(&[], SETTING, &what);
        let mut why = vec![span(Ink::Plain, &setting.why)];
        if let Some(rule) = &setting.rule {
            why.push(span(Ink::Dim, format!(" [{rule}]")));
        }
        self.paper.entry(&[], SETTING_WHY, &why);
    }

    fn creates(&mut self, component: &ComponentExplanation, several: bool) {
        if component.creates.is_empty() {
            return;
        }
        self.heading("creates", several.then_some(component.name.as_str()));
        creates::objects(&mut self.paper, &component.creates);
    }

    fn findings(&mut self, item: &Explanation) {
        if item.findings.is_empty() {
            return;
        }
        self.heading("findings", None);
        for finding in &item.findings {
            let (ink, word) = match finding.severity {
                Severity::Error => (Ink::Bad, "error"),
                Severity::Warning => (Ink::Warn, "warning"),
                Severity::Info => (Ink::Strong, "info"),
            };
            let title = [
                span(ink, format!("{word} {}", finding.code)),
                span(Ink::Plain, format!(" {}", finding.slug)),
                at(finding.line),
            ];
            self.paper.entry(&[], SETTING, &title);
            if !is_said(item, finding) {
                let message = [span(Ink::Plain, &finding.message)];
                self.paper.entry(&[], SETTING_WHY, &message);
            }
            if !finding.help.is_empty() {
                let help = [
                    span(Ink::Heading, "help:"),
                    span(Ink::Plain, format!(" {}", finding.help)),
                ];
                self.paper.entry(&[], SETTING_WHY, &help);
            }
        }
    }

    fn versions(&mut self, notes: &[VersionNote]) {
        for (system, name) in [(System::Kserve, "KServe"), (System::Knative, "Knative")] {
            let detail = self.detail;
            let told = |note: &&VersionNote| note.system == system && is_told(note, detail);
            let mut notes = notes.iter().filter(told).peekable();
            if notes.peek().is_some() {
                self.heading(&format!("other releases of {name}"), None);
            }
            for note in notes {
                let releases = format!("{} until {}", note.from, note.until);
                let releases = [span(Ink::Plain, "    "), span(Ink::Strong, releases)];
                self.paper.entry(&releases, 0, &[]);
                self.statements(&[], SETTING_WHY, Ink::Plain, &note.differs);
            }
        }
    }

    fn facts(&mut self, facts: &FactsSummary) {
        self.paper.blank();
        let versions = format!(
            "KServe {}, Knative {}",
            facts.kserve_version, facts.knative_version
        );
        let label = [span(Ink::Dim, "for")];
        self.paper.entry(&label, 9, &[span(Ink::Dim, versions)]);
        let label = [span(Ink::Dim, "assumed")];
        self.statements(&label, 9, Ink::Dim, &facts.assumed);
    }

    /// Several statements: one after the other, or a line each where there is room for everything.
    fn statements(&mut self, label: &[Span], column: usize, ink: Ink, statements: &[String]) {
        if statements.is_empty() {
            return;
        }
        if self.detail == Detail::Usual {
            let all = [span(ink, statements.join("; "))];
            return self.paper.entry(label, column, &all);
        }
        for (number, statement) in statements.iter().enumerate() {
            let label = if number == 0 { label } else { &[] };
            self.paper.entry(label, column, &[span(ink, statement)]);
        }
    }
}

/// Knative 1.0 reads annotations in their older spelling alone, so it answers otherwise about nearly everything that KServe
/// makes. Nobody has supported it since 2022: only who asks for everything is told.
fn is_told(note: &VersionNote, detail: Detail) -> bool {
    let oldest = note.system == System::Knative && note.until == "1.1.0";
    detail == Detail::Wide || !oldest
}

/// Whether a setting without effect has said the same already, under its own heading.
fn is_said(item: &Explanation, finding: &Finding) -> bool {
    let settings = item.components.iter().flat_map(|one| &one.inert);
    let same = |setting: &InertSetting| {
        setting.pointer == finding.pointer && finding.message.ends_with(&setting.why)
    };
    settings.into_iter().any(same)
}

/// `, line 6`, which belongs to the word before it.
fn at(line: Option<u32>) -> Span {
    let text = line.map_or_else(String::new, |line| format!(", line{GLUE}{line}"));
    span(Ink::Dim, text)
}

fn padded(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(blanks))
}
