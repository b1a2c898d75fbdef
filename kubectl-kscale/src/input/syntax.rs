//! Syntax errors in words for people.

use granit_parser::{ErrorKind, ScanError};

use super::places::Span;
use super::problem::{Fault, ProblemKind};
use super::relax::may_help;
use super::scalar::Scalar;
use super::tree::too_deep;

/// What a parser error at byte `at` of `text` says, and what usually helps.
pub(super) fn fault(error: &ScanError, text: &str, at: usize, base: usize) -> Fault {
    let at = at.min(text.len());
    let span = Span::new(base + at, base + at);
    // A tab is behind many messages: it cannot indent, so whatever follows it stands in a wrong place.
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return too_deep(span);
    }
    let in_quotes = may_help(error.kind());
    if let Some(tab) = tab_before(text, at).filter(|_| !in_quotes) {
        return self::tab(Span::new(base + tab, base + tab + 1));
    }
    let span = match error.kind() {
        // The parser speaks of the scalar; the tab is further on.
        ErrorKind::TabInPlainScalar | ErrorKind::TabAtBlockScalarStart => {
            let tab = text[at..].find('\t').map_or(at, |tab| at + tab);
            Span::new(base + tab, base + tab + 1)
        }
        _ => span,
    };
    let (message, hint) = words(error.kind());
    let fault = Fault::at(
        span,
        ProblemKind::Syntax,
        message.unwrap_or_else(|| error.info()),
    );
    Fault {
        in_quotes,
        hint: hint.map(str::to_owned),
        ..fault
    }
}

/// The fault of a tab that indents.
pub(super) fn tab(at: Span) -> Fault {
    Fault::at(at, ProblemKind::Syntax, "a tab cannot indent YAML").hint("indent with spaces")
}

/// A tab that indents the line of `at`.
fn tab_before(text: &str, at: usize) -> Option<usize> {
    let head = text.get(..at)?;
    let line = head.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let rest = text.get(line..)?;
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    rest[..blank].find('\t').map(|tab| line + tab)
}

/// YAML directives never get through kubectl: it cuts the text at `---` before it parses
/// (`apimachinery/pkg/util/yaml`: `YAMLReader`), which leaves the directive a document of its own.
pub(super) fn refuse_directives(text: &str, base: usize) -> Result<(), Fault> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with('%') {
            let span = Span::new(base + at, base + at + line.trim_end().len());
            return Err(Fault::at(
                span,
                ProblemKind::Syntax,
                "kubectl accepts no YAML directives: it cuts the text at `---` before parsing it",
            )
            .hint("remove the line"));
        }
        let content = line.trim();
        if !(content.is_empty() || content.starts_with('#')) {
            break;
        }
        at += line.len();
    }
    Ok(())
}

/// The characters that YAML 1.1 §5.1 takes for printable (`readerc.go`: "control characters are not allowed").
pub(super) fn refuse_control_characters(text: &str, base: usize) -> Result<(), Fault> {
    let forbidden = |character: char| match character {
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' => false,
        _ => character.is_control() || matches!(character, '\u{FFFE}' | '\u{FFFF}'),
    };
    let Some(at) = text.find(forbidden) else {
        return Ok(());
    };
    let length = text[at..].chars().next().map_or(1, char::len_utf8);
    let code = text[at..].chars().next().map_or(0, u32::from);
    let hint = if code == 0 {
        "is this a text file?"
    } else {
        "remove it, or write it as an escape in double quotes"
    };
    Err(Fault::at(
        Span::new(base + at, base + at + length),
        ProblemKind::Syntax,
        format!("the control character U+{code:04X} is not allowed in YAML"),
    )
    .hint(hint))
}

/// Line breaks of YAML 1.1 that YAML 1.2 takes for ordinary characters.
pub(super) fn old_line_break(character: char) -> bool {
    matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A scalar that JSON cannot have as a key.
pub(super) fn not_a_key(at: Span, key: &Scalar) -> Fault {
    let what = match key {
        Scalar::Null => "null",
        _ => "a number this large",
    };
    Fault::at(
        at,
        ProblemKind::Value,
        format!("{what} cannot be a mapping key"),
    )
    .hint("put the key in quotes if the text is meant")
}

/// A mapping or a sequence as a key.
pub(super) fn collection_key(at: Span) -> Fault {
    Fault::at(
        at,
        ProblemKind::Value,
        "a mapping or a sequence cannot be a mapping key",
    )
    .hint("a template such as `{{ … }}` must be rendered first, or put in quotes")
}

/// NaN and the infinities.
pub(super) fn not_json(at: Span) -> Fault {
    Fault::at(
        at,
        ProblemKind::Value,
        "JSON, and so Kubernetes, has no NaN and no infinity",
    )
    .hint("put it in quotes if the text is meant")
}

fn words(kind: &ErrorKind) -> (Option<String>, Option<&'static str>) {
    const INDENT: &str =
        "keys of one mapping start in the same column, and items of one sequence too";
    const QUOTE: &str = "put the text in quotes if it is meant as a string";
    let (message, hint) = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => ("a tab cannot indent YAML", "indent with spaces"),
        ErrorKind::UnknownAnchor => (
            "the alias refers to no anchor written above it in this document",
            "anchors do not reach over `---`; define it with `&name` first, or quote a text that starts with `*`",
        ),
        ErrorKind::UnclosedQuotedScalar => (
            "a quote is opened and never closed",
            "close it, or double it inside `'…'`",
        ),
        ErrorKind::ExpectedBlockMappingKey => (
            "expected a key in the column of the mapping it belongs to",
            INDENT,
        ),
        ErrorKind::ExpectedBlockSequenceEntry => {
            ("expected `-` in the column of the sequence", INDENT)
        }
        ErrorKind::InvalidIndentation => {
            ("this line does not fit the indentation above it", INDENT)
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "expected `:` after this key",
            "write `key: value`, with a space after the colon",
        ),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "a `key: value` cannot start here",
            "check the indentation; put a text that contains `: ` in quotes",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => (
            "a `- ` item cannot start here",
            "start the sequence on a line of its own",
        ),
        ErrorKind::UnexpectedCharacter { character } => {
            return (
                Some(format!(
                    "`{}` cannot start a value",
                    character.escape_default()
                )),
                Some(QUOTE),
            );
        }
        ErrorKind::UndeclaredTagHandle => ("the tag's handle is not declared", QUOTE),
        ErrorKind::UnknownQuotedScalarEscape => (
            "unknown escape in double quotes",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ErrorKind::RecursionLimitExceeded => {
            ("nests too deep", "look for a generator that went wrong")
        }
        _ => return bracket_words(kind),
    };
    (Some(message.to_owned()), Some(hint))
}

fn bracket_words(kind: &ErrorKind) -> (Option<String>, Option<&'static str>) {
    const CLOSE: &str = "look for a bracket that is opened and not closed, or a missing comma";
    let (message, hint) = match kind {
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            ("a bracket is opened and never closed", CLOSE)
        }
        ErrorKind::ExpectedFlowMappingSeparator => ("expected `,` or `}` here", CLOSE),
        ErrorKind::ExpectedFlowSequenceSeparator => ("expected `,` or `]` here", CLOSE),
        ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            ("this bracket is closed by one of another kind", CLOSE)
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("this bracket closes nothing that is open", CLOSE)
        }
        _ => return (None, None),
    };
    (Some(message.to_owned()), Some(hint))
}
