//! Documents out of one text.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::limits::{Budget, MAX_NOTICES};
use super::places::{Places, Span};
use super::problem::{Fault, Notice, NoticeKind, Problem, ProblemKind};
use super::source::Source;
use super::split::{Chunk, split};
use super::tree::{Built, Quirk, too_heavy};
use super::{json, list, yaml};

/// Where a document comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The source as given: a path, an address, `<stdin>`.
    pub source: Arc<str>,
    /// Which document of the source, from 0. Blank ones are not counted; broken ones are.
    pub document: usize,
    /// Which item, where the document is a list; one index for each list inside a list.
    pub items: Vec<usize>,
}

/// `file.yaml#2`, `file.yaml#2.items[3]`: documents counted from 1, as people count, items from 0, as paths do.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.source, self.document + 1)?;
        self.items
            .iter()
            .try_for_each(|item| write!(f, ".items[{item}]"))
    }
}

/// One Kubernetes object, and where each part of it is written.
#[derive(Debug, Clone)]
pub struct Document {
    /// Where it comes from.
    pub origin: Origin,
    /// The object, as the API server gets to see it. Always a mapping.
    pub value: Value,
    /// Where its values are written.
    pub places: Places,
}

/// What was found in one text.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) documents: Vec<Document>,
    pub(super) problems: Vec<Problem>,
    pub(super) notices: Vec<Notice>,
}

/// Reads all documents of `source`. A document that cannot be read is a problem; those after it are read all the same.
pub(super) fn read(source: &Arc<Source>, budget: &mut Budget) -> Found {
    let text = source.text();
    let from = if text.starts_with('\u{FEFF}') {
        '\u{FEFF}'.len_utf8()
    } else {
        0
    };
    let mut reader = Reader {
        source,
        budget,
        found: Found::default(),
        next: 0,
        json_values: 0,
        separated: false,
        after_block: false,
    };
    for chunk in split(text, from) {
        reader.chunk(chunk);
        reader.separated = true;
    }
    reader.found
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    budget: &'a mut Budget,
    found: Found,
    /// Number of the next document.
    next: usize,
    /// JSON values read in a row since the start of the source.
    json_values: usize,
    /// Below the first `---`, where kubectl reads everything as YAML.
    separated: bool,
    /// The document above ended in a block scalar.
    after_block: bool,
}

impl Reader<'_> {
    fn chunk(&mut self, chunk: Chunk) {
        if let Some(fault) = chunk.refused {
            self.problem(fault);
            return;
        }
        if self.separated && std::mem::take(&mut self.json_values) > 1 {
            self.note_separator(chunk.start);
        }
        let source = Arc::clone(self.source);
        let text = source
            .text()
            .get(chunk.start..chunk.end)
            .unwrap_or_default();
        let from = json::skip_space(text, 0);
        let rest = match text.as_bytes().get(from) {
            None => return,
            Some(b'{') => match self.json(text, from, chunk.start) {
                Some(rest) => rest,
                None => return,
            },
            Some(_) => 0,
        };
        self.yaml(text.get(rest..).unwrap_or_default(), chunk.start + rest);
    }

    /// Reads JSON values in a row. Gives the offset from which the text must be YAML, or nothing where all is done.
    fn json(&mut self, text: &str, from: usize, base: usize) -> Option<usize> {
        let mut at = from;
        let mut values = 0;
        while at < text.len() {
            match json::read(text, at, base) {
                Ok((built, end)) => {
                    self.built(built);
                    values += 1;
                    at = json::skip_space(text, end);
                }
                // Past the second value kubectl no longer takes the rest for YAML.
                Err(fault) if values > 1 || fault.kind == ProblemKind::Value => {
                    self.problem(fault);
                    return None;
                }
                // What looks like JSON gets an error of JSON: YAML's would speak of something else.
                Err(fault)
                    if looks_like_json(&text[at..]) && self.is_no_yaml(&text[at..], base + at) =>
                {
                    self.problem(fault);
                    return None;
                }
                Err(_) => return Some(at),
            }
        }
        if !self.separated {
            self.json_values = values;
        }
        None
    }

    fn is_no_yaml(&mut self, text: &str, base: usize) -> bool {
        yaml::read(text, base, self.budget).is_err()
    }

    fn yaml(&mut self, text: &str, base: usize) {
        match yaml::read(text, base, self.budget) {
            Ok(read) => {
                if let Some(built) = read.built {
                    self.built(built);
                    self.after_block = read.ends_in_block;
                }
            }
            Err(fault) => self.problem(fault),
        }
    }

    fn built(&mut self, built: Built) {
        if built.value.is_null() {
            self.quirks(&built.quirks);
            return;
        }
        if !built.value.is_object() {
            self.problem(not_an_object(&built));
            return;
        }
        if !self.budget.take_document(built.weight) {
            self.problem(too_heavy(place_of(&built)));
            return;
        }
        self.quirks(&built.quirks);
        self.after_block = false;
        let document = Document {
            origin: Origin {
                source: self.source.name().clone(),
                document: self.next,
                items: Vec::new(),
            },
            value: built.value,
            places: Places::new(Arc::clone(self.source), built.tree),
        };
        self.next += 1;
        list::flatten(document, &mut self.found);
    }

    fn problem(&mut self, fault: Fault) {
        let fault = if std::mem::take(&mut self.after_block) {
            fault.hint("`---` at the start of a line ends the document above, even inside a block scalar; indent it to keep it")
        } else {
            fault
        };
        self.found
            .problems
            .push(fault.in_document(self.source, self.next));
        self.next += 1;
    }

    fn quirks(&mut self, quirks: &[Quirk]) {
        for quirk in quirks {
            // Where kubectl reads JSON as JSON, all of its escapes are right.
            if !self.separated && matches!(quirk, Quirk::JsonEscape { .. }) {
                continue;
            }
            let notice = self.notice(*quirk);
            self.found.notices.push(notice);
        }
        if quirks.len() >= MAX_NOTICES
            && let Some(last) = self.found.notices.last_mut()
        {
            last.message.push_str(" (more of the same may follow)");
        }
    }

    fn notice(&self, quirk: Quirk) -> Notice {
        let place = |span: Span| self.source.place(span.start as usize, span.end as usize);
        let (kind, at, related, message, hint) = self.wording(quirk);
        Notice {
            kind,
            source: self.source.name().clone(),
            document: Some(self.next),
            place: place(at),
            related: related.map(place),
            message,
            hint: Some(hint.to_owned()),
        }
    }

    fn wording(&self, quirk: Quirk) -> (NoticeKind, Span, Option<Span>, String, &'static str) {
        let line = |span: Span| {
            self.source
                .place(span.start as usize, span.end as usize)
                .line
        };
        let name = |span: Span| {
            let text = self
                .source
                .text()
                .get(span.start as usize..span.end as usize);
            text.unwrap_or_default().trim_matches(['"', '\''])
        };
        match quirk {
            Quirk::Duplicate { first, second } => (
                NoticeKind::DuplicateKey,
                second,
                Some(first),
                format!(
                    "the key `{}` is written twice here, first on line {}; the last one counts",
                    name(second),
                    line(first)
                ),
                "remove one: kubectl takes the last in silence, or refuses with --validate=strict",
            ),
            Quirk::MergeReplaces { key, merge } => (
                NoticeKind::MergeReplaces,
                merge,
                Some(key),
                format!(
                    "this merge replaces the key `{}` from line {} above it",
                    name(key),
                    line(key)
                ),
                "put `<<` first in the mapping: kubectl lets whichever is written last win",
            ),
            Quirk::Ignored { rest } => (
                NoticeKind::TextIgnored,
                rest,
                None,
                "kubectl reads nothing from here to the next `---` line".to_owned(),
                "start each document with a line `---`; `...` alone does not",
            ),
            Quirk::JsonEscape { at } => (
                NoticeKind::Lenient,
                at,
                None,
                "kubectl reads JSON below a `---` as YAML, and refuses this escape".to_owned(),
                "write the character itself, or put the object into a file of its own",
            ),
            Quirk::LineBreak { at } => (
                NoticeKind::Lenient,
                at,
                None,
                "kubectl takes this character (U+0085, U+2028 or U+2029) for a line break"
                    .to_owned(),
                "remove it, or write it as an escape in double quotes",
            ),
        }
    }

    /// After two JSON values in a row kubectl takes no `---` any more.
    fn note_separator(&mut self, at: usize) {
        self.found.notices.push(Notice {
            kind: NoticeKind::Lenient,
            source: self.source.name().clone(),
            document: Some(self.next),
            place: self.source.place(at, at),
            related: None,
            message: "kubectl stops at a `---` that follows several JSON objects in a row"
                .to_owned(),
            hint: Some("separate all of them with `---`, or none".to_owned()),
        });
    }
}

fn looks_like_json(text: &str) -> bool {
    let inside = text.trim_start_matches(['{', ' ', '\t', '\r', '\n']);
    text.starts_with('{') && inside.starts_with(['"', '}'])
}

fn place_of(built: &Built) -> Span {
    let root = built.tree.nodes.first();
    root.map_or(Span::new(0, 0), |node| node.value)
}

fn not_an_object(built: &Built) -> Fault {
    let what = match built.value {
        Value::Array(_) => "a sequence",
        Value::String(_) => "a string",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::Null | Value::Object(_) => "nothing",
    };
    Fault::at(
        place_of(built),
        ProblemKind::Shape,
        format!("a Kubernetes object is a mapping; this document is {what}"),
    )
    .hint("it should start with `apiVersion:` and `kind:`")
}
