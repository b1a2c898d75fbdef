//! Reads [`Syntax`] out of a YAML document.

use granit_parser::{Event, Parser, ScalarStyle, StrInput, StructureStyle};

use super::quote;
use super::syntax::{Entry, Item, Kind, Name, Node, Syntax};

/// No Kubernetes object comes near; reading calls itself once for each level.
const MAX_DEPTH: usize = 200;

/// Reads the first document of `text`. Errors say where in it, for people.
pub(super) fn read(text: &str) -> Result<Syntax, String> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut reader = Reader {
        text,
        events: Parser::new_from_str_with_options(text, options),
        peeked: None,
        at: 0,
        comments: Vec::new(),
        anchors: Vec::new(),
        aliases: Vec::new(),
    };
    if text.starts_with('\u{FEFF}') {
        reader.at = '\u{FEFF}'.len_utf8();
    }
    while matches!(
        reader.peek()?,
        Token::Other(Event::StreamStart | Event::DocumentStart(..))
    ) {
        reader.next()?;
    }
    let root = reader.node(None, false)?;
    reader.gap();
    Ok(Syntax {
        root,
        comments: reader.comments,
        anchors: reader.anchors,
        aliases: reader.aliases,
    })
}

struct Reader<'a> {
    text: &'a str,
    events: Parser<'a, StrInput<'a>>,
    peeked: Option<(Event<'a>, usize, usize)>,
    /// Everything before it is accounted for.
    at: usize,
    comments: Vec<(usize, usize)>,
    anchors: Vec<(usize, usize)>,
    aliases: Vec<(usize, usize)>,
}

/// What the next event is, as far as one has to know before taking it.
enum Token<'e, 'a> {
    End,
    Other(&'e Event<'a>),
}

impl<'a> Reader<'a> {
    fn peek(&mut self) -> Result<Token<'_, 'a>, String> {
        if self.peeked.is_none() {
            let next = self.next()?;
            self.peeked = Some(next);
        }
        Ok(match &self.peeked {
            Some((Event::MappingEnd | Event::SequenceEnd, ..)) | None => Token::End,
            Some((event, ..)) => Token::Other(event),
        })
    }

    fn next(&mut self) -> Result<(Event<'a>, usize, usize), String> {
        if let Some(peeked) = self.peeked.take() {
            return Ok(peeked);
        }
        let next = self.events.next().ok_or_else(|| self.odd())?;
        let (event, span) = next.map_err(|_| self.odd())?;
        let start = span.start.byte_offset().unwrap_or(0);
        let end = span.end.byte_offset().unwrap_or(start);
        Ok((event, start, end))
    }

    fn odd(&self) -> String {
        let head = self.text.get(..self.at).unwrap_or_default();
        let rest = self.text.get(self.at..).unwrap_or_default().trim_start();
        let shown: String = rest
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(30)
            .collect();
        format!(
            "line {} of the document (`{shown}`) is written in a way that cannot be edited safely",
            head.matches('\n').count() + 1
        )
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Result<usize, String> {
        if self.byte() != Some(byte) {
            return Err(self.odd());
        }
        self.at += 1;
        Ok(self.at - 1)
    }

    /// Passes over white space and comments.
    fn gap(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(byte) = self.byte() {
            let spaced =
                self.at == 0 || matches!(bytes[self.at - 1], b' ' | b'\t' | b'\n' | b'\r' | 0xBF);
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'#' if spaced => self.comment(),
                _ => break,
            }
        }
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at..];
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        let written = line.trim_end().len();
        self.comments.push((self.at, self.at + written));
        self.at += line.len();
    }

    fn node(&mut self, owner: Option<usize>, in_flow: bool) -> Result<Node, String> {
        let after = self.at;
        let (event, start, end) = self.next()?;
        let (anchor, tagged) = match &event {
            Event::Scalar(_, _, anchor, tag) => (*anchor, tag.is_some()),
            Event::MappingStart(_, anchor, tag) | Event::SequenceStart(_, anchor, tag) => {
                (*anchor, tag.is_some())
            }
            _ => (0, false),
        };
        let outer = self.properties(anchor, tagged, in_flow)?;
        let mut node = Node {
            after,
            owner,
            outer: outer.unwrap_or(after),
            named: self.at,
            start: self.at,
            end: self.at,
            tagged,
            in_flow,
            kind: Kind::Plain,
        };
        self.content(&mut node, &event, start, end)?;
        if outer.is_none() {
            node.outer = node.start;
        }
        Ok(node)
    }

    /// Reads an anchor and a tag, and says where they start.
    fn properties(
        &mut self,
        anchor: usize,
        tagged: bool,
        in_flow: bool,
    ) -> Result<Option<usize>, String> {
        let (mut anchored, mut tagged) = (anchor != 0, tagged);
        let mut outer = None;
        while anchored || tagged {
            self.gap();
            match self.byte() {
                Some(b'&') if anchored => anchored = false,
                Some(b'!') if tagged => tagged = false,
                _ => return Err(self.odd()),
            }
            if self.byte() == Some(b'&') {
                self.anchors.push((anchor, self.at));
            }
            outer.get_or_insert(self.at);
            let rest = &self.text[self.at..];
            let ends = |character: char| {
                matches!(character, ' ' | '\t' | '\n' | '\r')
                    || (in_flow && matches!(character, ',' | '[' | ']' | '{' | '}'))
            };
            self.at += rest.find(ends).unwrap_or(rest.len());
        }
        Ok(outer)
    }

    fn content(
        &mut self,
        node: &mut Node,
        event: &Event<'a>,
        start: usize,
        end: usize,
    ) -> Result<(), String> {
        match event {
            // Nothing is written, whatever the parser says it stands for.
            Event::Scalar(_, ScalarStyle::Plain, ..) if start == end => Ok(()),
            Event::Scalar(_, style, ..) => {
                self.gap();
                node.start = self.at;
                node.kind = match style {
                    ScalarStyle::Plain => Kind::Plain,
                    ScalarStyle::SingleQuoted => Kind::Single,
                    ScalarStyle::DoubleQuoted => Kind::Double,
                    ScalarStyle::Literal | ScalarStyle::Folded => Kind::Block,
                };
                if matches!(node.kind, Kind::Block) {
                    return self.block_scalar(node, end);
                }
                if node.start != start {
                    return Err(self.odd());
                }
                self.finish(node, end)
            }
            Event::Alias(id) => {
                self.gap();
                node.start = self.at;
                node.kind = Kind::Alias;
                self.aliases.push((*id, self.at));
                if self.byte() != Some(b'*') || node.start != start {
                    return Err(self.odd());
                }
                self.finish(node, end)
            }
            Event::MappingStart(style, ..) => self.mapping(node, *style == StructureStyle::Flow),
            Event::SequenceStart(style, ..) => self.sequence(node, *style == StructureStyle::Flow),
            _ => Err(self.odd()),
        }
    }

    fn finish(&mut self, node: &mut Node, end: usize) -> Result<(), String> {
        let written = self.text.get(node.start..end).ok_or_else(|| self.odd())?;
        node.end = node.start + written.trim_end().len();
        self.at = node.end;
        Ok(())
    }

    /// The parser gives the text of a block scalar and sometimes white space behind it, and never its header.
    fn block_scalar(&mut self, node: &mut Node, end: usize) -> Result<(), String> {
        let header = self.text[self.at..]
            .split(['\n', '\r'])
            .next()
            .unwrap_or_default();
        let indicators = header.split([' ', '\t']).next().unwrap_or_default();
        if !indicators.starts_with(['|', '>']) {
            return Err(self.odd());
        }
        let keep = indicators.contains('+');
        self.at += indicators.len();
        let header_end = node.start + header.len();
        while self.at < header_end {
            match self.byte() {
                Some(b'#') => self.comment(),
                _ => self.at += 1,
            }
        }
        let written = self
            .text
            .get(node.start..end.max(header_end))
            .ok_or_else(|| self.odd())?;
        node.end = node.start + written.trim_end().len();
        if keep {
            // Blank lines below are part of it.
            let rest = &self.text[node.end..];
            let blank = rest.len() - rest.trim_start_matches([' ', '\n', '\r']).len();
            let blank = rest[..blank].rfind('\n').unwrap_or(0);
            let blank = blank - usize::from(rest[..blank].ends_with('\r'));
            node.end += blank;
        }
        self.at = node.end.max(header_end);
        Ok(())
    }

    fn mapping(&mut self, node: &mut Node, flow: bool) -> Result<(), String> {
        self.gap();
        node.start = self.at;
        let mut entries = Vec::new();
        if flow {
            self.expect(b'{')?;
        }
        node.end = self.at;
        while let Token::Other(_) = self.peek()? {
            let entry = self.entry(flow)?;
            node.end = entry.value.end;
            entries.push(entry);
            if flow {
                self.gap();
                if self.byte() != Some(b'}') {
                    self.expect(b',')?;
                }
            }
        }
        self.close(node, flow.then_some(b'}'))?;
        node.kind = Kind::Map { flow, entries };
        Ok(())
    }

    fn entry(&mut self, flow: bool) -> Result<Entry, String> {
        self.gap();
        let next = self.text.as_bytes().get(self.at + 1);
        let explicit = self.byte() == Some(b'?')
            && next.is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        if explicit {
            self.at += 1;
        }
        let name = match self.peek()? {
            Token::Other(Event::Scalar(text, style, _, tag)) => {
                name(text, *style == ScalarStyle::Plain, tag.is_some())
            }
            _ => Name::Odd,
        };
        let key = self.node(None, flow)?;
        self.gap();
        self.expect(b':')?;
        let value = self.node(Some(key.outer), flow)?;
        Ok(Entry {
            name,
            explicit,
            key,
            value,
        })
    }

    fn sequence(&mut self, node: &mut Node, flow: bool) -> Result<(), String> {
        self.gap();
        node.start = self.at;
        let mut items = Vec::new();
        if flow {
            self.expect(b'[')?;
        }
        node.end = self.at;
        while let Token::Other(_) = self.peek()? {
            self.gap();
            let dash = self.at;
            if !flow {
                self.expect(b'-')?;
            }
            let value = self.node(Some(dash), flow)?;
            node.end = value.end;
            let dash = if flow { value.outer } else { dash };
            items.push(Item { dash, value });
            if flow {
                self.gap();
                if self.byte() != Some(b']') {
                    self.expect(b',')?;
                }
            }
        }
        self.close(node, flow.then_some(b']'))?;
        node.kind = Kind::Seq { flow, items };
        Ok(())
    }

    fn close(&mut self, node: &mut Node, bracket: Option<u8>) -> Result<(), String> {
        self.next()?;
        if let Some(bracket) = bracket {
            self.gap();
            self.expect(bracket)?;
            node.end = self.at;
        }
        Ok(())
    }
}

fn name(text: &str, plain: bool, tagged: bool) -> Name {
    let as_it_looks = !plain
        || quote::is_text(text)
        || quote::is_decimal(text)
        || matches!(text, "true" | "false");
    if tagged {
        Name::Odd
    } else if plain && text == "<<" {
        Name::Merge
    } else if as_it_looks {
        Name::Text(text.to_owned())
    } else {
        Name::Odd
    }
}
