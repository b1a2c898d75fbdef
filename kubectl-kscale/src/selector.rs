//! Label selectors as kubectl takes them, for objects that no API server selects.
//!
//! Source: kubernetes/apimachinery, `pkg/labels/selector.go` (`Parse`).

use std::collections::BTreeMap;

use kube::core::{Expression, Selector, SelectorExt};
use serde_json::Value;

/// A label selector, and how it was written: an API server takes the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LabelSelector {
    text: String,
    selector: Selector,
}

impl LabelSelector {
    /// Reads requirements with commas between them: `key`, `!key`, `key=value`, `key==value`, `key!=value`, `key in (a,b)`,
    /// `key notin (a,b)`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut selector = Selector::default();
        if !text.trim().is_empty() {
            for part in parts(text)? {
                selector.extend([requirement(part.trim())?]);
            }
        }
        Ok(Self {
            text: text.to_owned(),
            selector,
        })
    }

    /// Whether an object has such labels. Values that are no text count as absent.
    pub(crate) fn matches(&self, object: &Value) -> bool {
        let labels = object
            .pointer("/metadata/labels")
            .and_then(Value::as_object);
        let labels: BTreeMap<String, String> = labels
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect();
        self.selector.matches(&labels)
    }
}

impl std::fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// The requirements, between commas that stand in no brackets.
fn parts(text: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let (mut start, mut open) = (0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' if open => return Err("a bracket opens within brackets".to_owned()),
            '(' => open = true,
            ')' if !open => return Err("a bracket closes that was not opened".to_owned()),
            ')' => open = false,
            ',' if !open => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if open {
        return Err("a bracket is not closed".to_owned());
    }
    found.push(&text[start..]);
    Ok(found)
}

fn requirement(part: &str) -> Result<Expression, String> {
    if let Some(rest) = part.strip_prefix('!') {
        return Ok(Expression::DoesNotExist(key(rest)?));
    }
    if let Some((left, values)) = part.split_once('(') {
        let values = values.strip_suffix(')');
        let values = values.ok_or_else(|| format!("nothing may follow the brackets: {part}"))?;
        let values = values
            .split(',')
            .map(value)
            .collect::<Result<_, String>>()?;
        let words: Vec<&str> = left.split_whitespace().collect();
        return match words.as_slice() {
            [name, "in"] => Ok(Expression::In(key(name)?, values)),
            [name, "notin"] => Ok(Expression::NotIn(key(name)?, values)),
            _ => Err(format!(
                "before the brackets stand a key and in or notin: {part}"
            )),
        };
    }
    for (operator, negated) in [("!=", true), ("==", false), ("=", false)] {
        if let Some((name, text)) = part.split_once(operator) {
            let (name, text) = (key(name)?, value(text)?);
            return Ok(if negated {
                Expression::NotEqual(name, text)
            } else {
                Expression::Equal(name, text)
            });
        }
    }
    if part.contains(['<', '>']) {
        return Err(format!("< and > are not known here: {part}"));
    }
    Ok(Expression::Exists(key(part)?))
}

fn key(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
    };
    if text.splitn(2, '/').all(is_part) {
        return Ok(text.to_owned());
    }
    Err(format!("\"{text}\" is not the key of a label"))
}

fn value(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    if fits && text.len() <= 63 {
        return Ok(text.to_owned());
    }
    Err(format!("\"{text}\" is not the value of a label"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_kinds_of_requirements_select() {
        let object = json!({"metadata": {"labels": {"team": "nlp", "stage": "prod", "a.b/c": ""}}});
        for (text, selected) in [
            ("", true),
            ("team", true),
            ("!team", false),
            ("other", false),
            ("!other", true),
            ("team=nlp", true),
            ("team == nlp , stage=prod", true),
            ("team=nlp,stage=test", false),
            ("stage!=test", true),
            ("other!=x", true),
            ("team in (nlp, vision)", true),
            ("team in (vision)", false),
            ("team notin (vision),a.b/c=", true),
            ("other notin (x)", true),
        ] {
            let selector = LabelSelector::parse(text).unwrap();
            assert_eq!(selector.matches(&object), selected, "{text}");
            assert_eq!(selector.to_string(), text);
        }
    }

    #[test]
    fn what_kubectl_refuses_is_refused() {
        for text in [
            ",",
            "a,",
            "=x",
            "a b",
            "a in nlp",
            "a in (x",
            "a in x)",
            "a (x)",
            "a=b=c",
            "a>1",
            "a=b c",
            "in (x)",
            "a in (x) y",
        ] {
            assert!(LabelSelector::parse(text).is_err(), "{text}");
        }
    }
}
