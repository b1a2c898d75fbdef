//! What the YAML 1.1 scanner of go-yaml v2 (`scannerc.go`) refuses, or takes for something else, in a scalar that newer
//! scanners accept as it looks. Each function gets the text and where in it the scalar stands.

use super::places::Span;
use super::problem::{Fault, ProblemKind};

/// Escapes of YAML 1.2, there for the sake of JSON, that go-yaml v2 does not know (`scannerc.go`): `\/`, and halves of
/// surrogate pairs. The scalar stands from `start` to `end`.
pub(super) fn refuse_json_escapes(
    text: &str,
    start: usize,
    end: usize,
    base: usize,
) -> Result<(), Fault> {
    let scalar = text.get(start..end).unwrap_or_default();
    let mut from = 0;
    while let Some(found) = scalar.get(from..).and_then(|rest| rest.find('\\')) {
        let at = from + found;
        let escape = scalar.get(at + 1..).unwrap_or_default();
        let half = escape
            .get(..2)
            .is_some_and(|head| matches!(head, "ud" | "uD"))
            && escape
                .as_bytes()
                .get(2)
                .is_some_and(|digit| matches!(digit, b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F'));
        if half || escape.starts_with('/') {
            let length = if half { 6 } else { 2 };
            let span = Span::new(base + start + at, base + start + at + length);
            let fault = Fault::at(
                span,
                ProblemKind::Syntax,
                "kubectl knows this escape in JSON only, not in YAML",
            );
            return Err(fault.hint("write the character itself"));
        }
        from = at + 2;
    }
    Ok(())
}

/// Inside brackets a `?` ends a plain scalar and starts a key, and a colon needs white space behind it.
pub(super) fn refuse_in_brackets(
    text: &str,
    start: usize,
    end: usize,
    base: usize,
) -> Result<(), Fault> {
    let scalar = text.get(start..end).unwrap_or_default();
    if let Some(found) = scalar.find('?') {
        let at = base + start + found;
        let message = "kubectl takes `?` inside brackets for the start of a key";
        return Err(
            Fault::at(Span::new(at, at + 1), ProblemKind::Syntax, message)
                .hint("put the text in quotes"),
        );
    }
    let mut after = text.get(end..).unwrap_or_default().chars();
    if after.next() == Some(':') && matches!(after.next(), Some(',' | '[' | ']' | '{' | '}')) {
        let at = base + end;
        let message = "kubectl takes this colon for a part of the text before it";
        return Err(
            Fault::at(Span::new(at, at + 1), ProblemKind::Syntax, message)
                .hint("put a space behind the colon"),
        );
    }
    Ok(())
}

/// A block scalar that does not say how far it is indented may not start with a tab. `start` is where its text begins.
pub(super) fn refuse_tab_at_start(text: &str, start: usize, base: usize) -> Result<(), Fault> {
    let (head, content) = text.split_at_checked(start).unwrap_or_default();
    if !content.starts_with('\t') || says_indentation(head) {
        return Ok(());
    }
    let at = Span::new(base + start, base + start + 1);
    let message =
        "a block scalar cannot start with a tab: kubectl cannot tell where its indentation ends";
    Err(Fault::at(at, ProblemKind::Syntax, message).hint("say how far it is indented, as in `|2`"))
}

/// Whether the header above a block scalar has a digit, as in `|2-`.
fn says_indentation(head: &str) -> bool {
    let header = head.trim_end().rsplit('\n').next().unwrap_or_default();
    let header = header.split(" #").next().unwrap_or_default().trim_end();
    header
        .bytes()
        .rev()
        .take_while(|byte| matches!(byte, b'+' | b'-' | b'0'..=b'9'))
        .any(|byte| byte.is_ascii_digit())
}
