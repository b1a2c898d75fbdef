//! JSON as `encoding/json` reads it, with places.
//!
//! kubectl reads a text that starts with `{` as a row of JSON values, one after the other, and turns to YAML at the
//! first that is none (`apimachinery/pkg/util/yaml`: `YAMLOrJSONDecoder`). JSON is close to YAML and not in it: `\/`,
//! surrogate pairs and tabs need a reader of their own. A library that gives places and reads one value at a time is
//! not there.

use serde_json::Value;

use super::places::Span;
use super::problem::{Fault, ProblemKind};
use super::scalar::number;
use super::tree::{Builder, Built, Quirk, Shape};

/// Reads one value of `text` from byte `from` on, and says where it ends. `base` is where `text` starts in its source.
pub(super) fn read(text: &str, from: usize, base: usize) -> Result<(Built, usize), Fault> {
    let mut reader = Reader {
        text,
        base,
        at: from,
        escape: None,
    };
    let mut builder = Builder::default();
    loop {
        let opened = reader.value(&mut builder)?;
        if !opened && reader.after_value(&mut builder)? {
            break;
        }
    }
    let end = reader.at;
    if let Some(at) = reader.escape {
        builder.quirk(Quirk::JsonEscape { at });
    }
    match builder.finish() {
        Some(built) => Ok((built, end)),
        None => Err(reader.fault("expected a value")),
    }
}

/// Skips the white space of JSON.
pub(super) fn skip_space(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let space = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    from + space.count()
}

struct Reader<'a> {
    text: &'a str,
    base: usize,
    at: usize,
    /// The first escape that is JSON and no YAML 1.1.
    escape: Option<Span>,
}

impl Reader<'_> {
    /// A scalar, an empty collection, or the start of one (then true: its first value comes next).
    fn value(&mut self, builder: &mut Builder) -> Result<bool, Fault> {
        let start = self.next();
        match self.peek() {
            Some(b'{') => {
                self.at += 1;
                builder.open(Shape::Mapping, self.span(start))?;
                self.next();
                if self.peek() != Some(b'}') {
                    self.key(builder)?;
                    return Ok(true);
                }
            }
            Some(b'[') => {
                self.at += 1;
                builder.open(Shape::Sequence, self.span(start))?;
                self.next();
                if self.peek() != Some(b']') {
                    return Ok(true);
                }
            }
            Some(b'"') => {
                let text = self.string()?;
                builder.scalar(Value::String(text), self.span(start))?;
            }
            Some(b'-' | b'0'..=b'9') => {
                let value = self.number()?;
                builder.scalar(value, self.span(start))?;
            }
            _ => {
                let value = self.literal()?;
                builder.scalar(value, self.span(start))?;
            }
        }
        Ok(false)
    }

    /// Closes what ends here; true once the outermost value has ended, false before the next value.
    fn after_value(&mut self, builder: &mut Builder) -> Result<bool, Fault> {
        while let Some(shape) = builder.innermost() {
            self.next();
            match (shape, self.peek()) {
                (Shape::Mapping, Some(b'}')) | (Shape::Sequence, Some(b']')) => {
                    self.at += 1;
                    let end = self.span(self.at).end;
                    builder.close(Some(end), None)?;
                }
                // An empty collection closes before anything stands in it.
                (Shape::Mapping, Some(b',')) => {
                    self.at += 1;
                    self.next();
                    self.key(builder)?;
                    return Ok(false);
                }
                (Shape::Sequence, Some(b',')) => {
                    self.at += 1;
                    return Ok(false);
                }
                (Shape::Mapping, _) => return Err(self.fault("expected `,` or `}` here")),
                (Shape::Sequence, _) => return Err(self.fault("expected `,` or `]` here")),
            }
        }
        Ok(true)
    }

    fn key(&mut self, builder: &mut Builder) -> Result<(), Fault> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.fault("expected a key in double quotes"));
        }
        let key = self.string()?;
        builder.key(key, self.span(start));
        self.next();
        if self.peek() != Some(b':') {
            return Err(self.fault("expected `:` after the key"));
        }
        self.at += 1;
        Ok(())
    }

    fn literal(&mut self) -> Result<Value, Fault> {
        for (word, value) in [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.fault("expected a value"))
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let rest = self.rest();
        let length = rest
            .find(|character: char| !matches!(character, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(rest.len());
        let text = &rest[..length];
        // serde_json holds the grammar; what it makes of the digits is then brought to what Kubernetes holds.
        let parsed: serde_json::Number =
            serde_json::from_str(text).map_err(|error| self.no_number(length, &error))?;
        let value = match parsed.as_i64() {
            Some(integer) => Value::from(integer),
            None => parsed.as_f64().and_then(number).unwrap_or(Value::Null),
        };
        self.at += length;
        Ok(value)
    }

    /// What Go takes for a number and cannot hold is no reason to try YAML; anything else is.
    fn no_number(&self, length: usize, error: &serde_json::Error) -> Fault {
        if error.to_string().contains("out of range") {
            let start = self.base + self.at;
            let at = Span::new(start, start + length);
            return Fault::at(at, ProblemKind::Value, "this number is out of range");
        }
        self.fault("this is no JSON number")
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(stop) =
                rest.find(|character| matches!(character, '"' | '\\' | '\0'..='\u{1F}'))
            else {
                return Err(self.fault("a quote is opened and never closed"));
            };
            text.push_str(&rest[..stop]);
            self.at += stop;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => return Err(self.fault("a control character must be escaped in a JSON string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let letter = self.text.as_bytes().get(self.at + 1);
        let plain = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => {
                self.note_escape(2);
                '/'
            }
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.fault("unknown escape in a JSON string")),
        };
        self.at += 2;
        Ok(plain)
    }

    /// `\uXXXX`, two of them for a surrogate pair. Half a pair becomes U+FFFD, as in Go.
    fn unicode(&mut self) -> Result<char, Fault> {
        let Some(high) = self.unit(self.at) else {
            return Err(self.fault("`\\u` needs four hexadecimal digits"));
        };
        if let Some(character) = char::from_u32(high) {
            self.at += 6;
            return Ok(character);
        }
        self.note_escape(6);
        self.at += 6;
        let low = self
            .unit(self.at)
            .filter(|low| (0xDC00..0xE000).contains(low));
        let (0xD800..0xDC00, Some(low)) = (high, low) else {
            return Ok(char::REPLACEMENT_CHARACTER);
        };
        self.at += 6;
        let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn note_escape(&mut self, length: usize) {
        let start = self.base + self.at;
        self.escape.get_or_insert(Span::new(start, start + length));
    }

    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| hexadecimal)
    }

    fn next(&mut self) -> usize {
        self.at = skip_space(self.text, self.at);
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.base + start, self.base + self.at)
    }

    fn fault(&self, message: &str) -> Fault {
        let at = self.base + self.at;
        if self.at >= self.text.len() {
            return Fault::at(
                Span::new(at, at),
                ProblemKind::Syntax,
                "the JSON ends too early",
            )
            .hint("a bracket or a quote is opened and never closed");
        }
        Fault::at(Span::new(at, at + 1), ProblemKind::Syntax, message)
    }
}
