//! One YAML document, as kubectl reads it.
//!
//! Syntax comes from a YAML 1.2 event parser; what the events mean (scalars, merge keys, aliases, what happens to the
//! text after a document) follows go-yaml v2 through `sigs.k8s.io/yaml`.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, StructureStyle};
use serde_json::Value;

use super::limits::{Budget, MAX_DEPTH, Ratio};
use super::old_scanner;
use super::places::{Node, Span};
use super::problem::{Fault, ProblemKind};
use super::relax::Relaxed;
use super::scalar::{Scalar, Tag, resolve};
use super::syntax;
use super::tabs::Tabs;
use super::tree::{Builder, Built, Copied, Quirk, Shape, too_many};

/// What became of a text.
#[derive(Debug)]
pub(super) struct Read {
    /// None for a text without a document: blank, or comments only.
    pub(super) built: Option<Built>,
    /// The last scalar was a block scalar, so a `---` after it may have been meant as part of it.
    pub(super) ends_in_block: bool,
}

/// Reads the first document of `text`, which starts at byte `base` of its source.
pub(super) fn read(text: &str, base: usize, budget: &mut Budget) -> Result<Read, Fault> {
    syntax::refuse_directives(text, base)?;
    syntax::refuse_control_characters(text, base)?;
    match attempt(text, &Relaxed::unchanged(text), base, budget) {
        Err(fault) if fault.in_quotes => {
            let relaxed = Relaxed::new(text, |text| parser(text).find_map(Result::err));
            attempt(text, &relaxed, base, budget)
        }
        done => done,
    }
}

fn attempt(
    text: &str,
    relaxed: &Relaxed<'_>,
    base: usize,
    budget: &mut Budget,
) -> Result<Read, Fault> {
    let mut reader = Reader {
        text,
        base,
        budget,
        builder: Builder::default(),
        ratio: Ratio::default(),
        wanted: wanted_anchors(&relaxed.text),
        anchors: HashMap::new(),
        open: Vec::new(),
        tabs: Tabs::find(text),
        ends_in_block: false,
    };
    reader.run(relaxed)?;
    if let Some(tab) = reader.tabs.bare() {
        return Err(syntax::tab(Span::new(base + tab, base + tab + 1)));
    }
    let old_break = |(_, character): &(usize, char)| syntax::old_line_break(*character);
    if let Some((at, character)) = text.char_indices().find(old_break) {
        let at = Span::new(base + at, base + at + character.len_utf8());
        reader.builder.quirk(Quirk::LineBreak { at });
    }
    Ok(Read {
        built: reader.builder.finish(),
        ends_in_block: reader.ends_in_block,
    })
}

fn parser(text: &str) -> Parser<'_, StrInput<'_>> {
    // The builder counts the depth and says so with a place; the parser's own limits only have to be higher.
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH + 2,
        block_nesting_limit: MAX_DEPTH + 2,
    };
    Parser::new_from_str_with_options(text, options)
}

/// The anchors that some alias refers to; only those are worth a copy. Costs a second pass, for the few documents that
/// have both characters at all.
fn wanted_anchors(text: &str) -> HashSet<usize> {
    if !(text.contains('&') && text.contains('*')) {
        return HashSet::new();
    }
    parser(text)
        .map_while(Result::ok)
        .filter_map(|(event, _)| event.alias_id())
        .collect()
}

struct Anchor {
    copied: Copied,
    /// Nodes that go-yaml decodes for one use of it.
    cost: usize,
}

/// A collection that is being read.
struct Open {
    /// Its anchor, where one is wanted.
    anchor: Option<usize>,
    /// [`Ratio::decoded`] when it began.
    decoded: usize,
    flow: bool,
    start: usize,
}

struct Reader<'a> {
    text: &'a str,
    base: usize,
    budget: &'a mut Budget,
    builder: Builder,
    ratio: Ratio,
    wanted: HashSet<usize>,
    anchors: HashMap<usize, Anchor>,
    open: Vec<Open>,
    tabs: Tabs,
    ends_in_block: bool,
}

impl Reader<'_> {
    fn run(&mut self, relaxed: &Relaxed<'_>) -> Result<(), Fault> {
        let mut ended = false;
        for next in parser(&relaxed.text) {
            if ended {
                // go-yaml decodes one document of what it is given and never looks at the rest, errors included.
                self.note_rest(&next, relaxed);
                break;
            }
            let (event, span) = next.map_err(|error| {
                let at = error
                    .marker()
                    .byte_offset()
                    .map_or(self.text.len(), |at| relaxed.original(at));
                syntax::fault(&error, self.text, at, self.base)
            })?;
            ended = matches!(event, Event::DocumentEnd);
            let start = span.start.byte_offset().unwrap_or(0);
            let end = span.end.byte_offset().unwrap_or(start);
            self.event(event, relaxed.original(start), relaxed.original(end))?;
        }
        Ok(())
    }

    fn note_rest(
        &mut self,
        next: &Result<(Event<'_>, granit_parser::Span), ScanError>,
        relaxed: &Relaxed<'_>,
    ) {
        let from = match next {
            Ok((Event::StreamEnd, _)) => return,
            Ok((_, span)) => span.start.byte_offset(),
            Err(error) => error.marker().byte_offset(),
        };
        let from = from.map_or(self.text.len(), |from| relaxed.original(from));
        let rest = Span::new(self.base + from, self.base + self.text.len());
        self.builder.quirk(Quirk::Ignored { rest });
    }

    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> Result<(), Fault> {
        let at = Span::new(self.base + start, self.base + end);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.tabs.cover(start, end);
                self.old_scanner(style, start, end)?;
                let tag = tag.map_or(Tag::None, |tag| {
                    Tag::parse(&format!("{}{}", tag.handle(), tag.suffix()))
                });
                self.ends_in_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                // The parser's block scalars reach into the white space before whatever comes next.
                let written = self
                    .text
                    .get(start..end)
                    .unwrap_or_default()
                    .trim_end()
                    .len();
                let at = if self.ends_in_block {
                    Span::new(self.base + start, self.base + start + written)
                } else {
                    at
                };
                self.scalar(text, style == ScalarStyle::Plain, tag, anchor, at)
            }
            Event::Alias(id) => self.alias(id, at),
            Event::MappingStart(style, anchor, _) => {
                self.open(Shape::Mapping, anchor, at, style == StructureStyle::Flow)
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(Shape::Sequence, anchor, at, style == StructureStyle::Flow)
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(at, end),
            _ => Ok(()),
        }
    }

    /// Refuses what only newer scanners take for a scalar.
    fn old_scanner(&self, style: ScalarStyle, start: usize, end: usize) -> Result<(), Fault> {
        let in_flow = self.open.last().is_some_and(|open| open.flow);
        match style {
            ScalarStyle::DoubleQuoted => {
                old_scanner::refuse_json_escapes(self.text, start, end, self.base)
            }
            ScalarStyle::Plain if in_flow => {
                old_scanner::refuse_in_brackets(self.text, start, end, self.base)
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                old_scanner::refuse_tab_at_start(self.text, start, self.base)
            }
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        plain: bool,
        tag: Tag,
        anchor: usize,
        at: Span,
    ) -> Result<(), Fault> {
        if self.builder.wants_key()
            && &*text == "<<"
            && ((plain && tag == Tag::None) || tag == Tag::Merge)
        {
            self.builder.merge_key(at);
            return Ok(());
        }
        self.count(1, 0, at)?;
        let at = self.place_of_empty(at);
        let scalar = resolve(text, plain, tag)
            .map_err(|message| Fault::at(at, ProblemKind::Syntax, message))?;
        if self.builder.wants_key() {
            let key = scalar
                .clone()
                .into_key()
                .ok_or_else(|| syntax::not_a_key(at, &scalar))?;
            if self.wanted.contains(&anchor) {
                self.keep(anchor, scalar, at)?;
            }
            self.builder.key(key, at);
            return Ok(());
        }
        if self.wanted.contains(&anchor) {
            self.keep(anchor, scalar.clone(), at)?;
        }
        let value = scalar.into_value().ok_or_else(|| syntax::not_json(at))?;
        self.builder.scalar(value, at)
    }

    /// A value that is not written stands just after its colon; the parser has it before, at the end of the key.
    fn place_of_empty(&self, at: Span) -> Span {
        let key = self
            .builder
            .pending_key()
            .filter(|key| at.start == at.end && at.start <= key.end);
        let Some(key) = key else {
            return at;
        };
        let after = key.end as usize - self.base;
        let rest = self.text.get(after..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if !rest[blank..].starts_with(':') {
            return at;
        }
        let end = self.base + after + blank + 1;
        Span::new(end, end)
    }

    fn keep(&mut self, anchor: usize, scalar: Scalar, at: Span) -> Result<(), Fault> {
        let value = scalar.into_value().ok_or_else(|| syntax::not_json(at))?;
        let copied = Copied {
            bytes: value.as_str().map_or(0, str::len) + 64,
            value,
            nodes: vec![Node::leaf(at)],
            height: 0,
        };
        if !self.budget.take_copy(1, copied.bytes) {
            return Err(too_many(at));
        }
        self.anchors.insert(anchor, Anchor { copied, cost: 1 });
        Ok(())
    }

    fn alias(&mut self, id: usize, at: Span) -> Result<(), Fault> {
        self.count(1, 0, at)?;
        let Some(anchor) = self.anchors.get(&id) else {
            let name = self
                .text
                .get(at.start as usize - self.base + 1..at.end as usize - self.base);
            let message = format!("anchor `{}` contains itself", name.unwrap_or_default());
            return Err(Fault::at(at, ProblemKind::Syntax, message));
        };
        let (cost, nodes, bytes) = (anchor.cost, anchor.copied.nodes.len(), anchor.copied.bytes);
        if !self.ratio.count(cost, cost) || !self.budget.take_copy(nodes, bytes) {
            return Err(too_many(at));
        }
        let copied = &anchor.copied;
        if !self.builder.wants_key() {
            return self.builder.repeat(copied, at);
        }
        let scalar = match &copied.value {
            Value::Null => Scalar::Null,
            Value::Bool(value) => Scalar::Bool(*value),
            Value::Number(number) => number.as_i64().map_or_else(
                || Scalar::Float(number.as_f64().unwrap_or(0.0)),
                Scalar::Int,
            ),
            Value::String(text) => Scalar::Text(text.clone()),
            Value::Array(_) | Value::Object(_) => return Err(syntax::collection_key(at)),
        };
        let key = scalar
            .clone()
            .into_key()
            .ok_or_else(|| syntax::not_a_key(at, &scalar))?;
        self.builder.key(key, at);
        Ok(())
    }

    fn open(&mut self, shape: Shape, anchor: usize, at: Span, flow: bool) -> Result<(), Fault> {
        if self.builder.wants_key() {
            return Err(syntax::collection_key(at));
        }
        self.open.push(Open {
            anchor: self.wanted.contains(&anchor).then_some(anchor),
            decoded: self.ratio.decoded(),
            flow,
            start: at.start as usize - self.base,
        });
        self.count(1, 0, at)?;
        let at = if shape == Shape::Sequence && !flow {
            self.at_first_dash(at)
        } else {
            at
        };
        self.builder.open(shape, at)
    }

    /// The parser starts a sequence that is not indented behind its first dash.
    fn at_first_dash(&self, at: Span) -> Span {
        let start = at.start as usize - self.base;
        let head = self.text.get(..start).unwrap_or_default().trim_end();
        if head.ends_with('-') && !self.text[start..].starts_with("- ") {
            return Span::new(self.base + head.len() - 1, at.end as usize);
        }
        at
    }

    fn close(&mut self, at: Span, end: usize) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        if open.flow {
            self.ends_in_block = false;
            // Tabs are white space anywhere between brackets; the outermost pair covers the inner ones.
            if !self.open.last().is_some_and(|outer| outer.flow) {
                self.tabs.cover(open.start, end);
            }
        }
        let budget = open.anchor.map(|_| &mut *self.budget);
        let copied = self.builder.close(open.flow.then_some(at.end), budget)?;
        if let (Some(id), Some(copied)) = (open.anchor, copied) {
            let cost = self.ratio.decoded() - open.decoded;
            self.anchors.insert(id, Anchor { copied, cost });
        }
        Ok(())
    }

    fn count(&mut self, nodes: usize, through_aliases: usize, at: Span) -> Result<(), Fault> {
        if self.ratio.count(nodes, through_aliases) {
            Ok(())
        } else {
            Err(too_many(at))
        }
    }
}
