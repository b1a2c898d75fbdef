//! Label selectors, as `-l` takes them.
//! Source: `k8s.io/apimachinery/pkg/labels/selector.go` (Parse), 1.36.

use std::collections::BTreeSet;

use serde_json::Value;

/// All of these must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Labels(Vec<Requirement>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Requirement {
    In(String, BTreeSet<String>),
    NotIn(String, BTreeSet<String>),
    Exists(String),
    Absent(String),
}

impl Labels {
    /// `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`; several with commas.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let parts = split(text)?;
        let requirements = parts
            .into_iter()
            .map(requirement)
            .collect::<Result<_, _>>()?;
        Ok(Self(requirements))
    }

    /// Whether everything is selected.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an object's labels fit.
    pub(crate) fn matches(&self, object: &Value) -> bool {
        let labels = object
            .get("metadata")
            .and_then(|metadata| metadata.get("labels"));
        let value = |key: &str| labels?.get(key)?.as_str();
        self.0.iter().all(|requirement| match requirement {
            Requirement::In(key, values) => value(key).is_some_and(|value| values.contains(value)),
            // What has no such label does not have this value either.
            Requirement::NotIn(key, values) => {
                !value(key).is_some_and(|value| values.contains(value))
            }
            Requirement::Exists(key) => value(key).is_some(),
            Requirement::Absent(key) => value(key).is_none(),
        })
    }
}

/// At commas outside of parentheses.
fn split(text: &str) -> Result<Vec<&str>, String> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => {
                depth = depth
                    .checked_sub(1)
                    .ok_or_else(|| format!("a ) without its ( in {text}"))?
            }
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(format!("a ( without its ) in {text}"));
    }
    let last = text[start..].trim();
    if !(parts.is_empty() && last.is_empty()) {
        parts.push(last);
    }
    Ok(parts)
}

fn requirement(text: &str) -> Result<Requirement, String> {
    let one = |value: &str| BTreeSet::from([value.trim().to_owned()]);
    if let Some((key, value)) = text.split_once("!=") {
        return Ok(Requirement::NotIn(key_of(key)?, one(value)));
    }
    if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        return Ok(Requirement::In(key_of(key)?, one(value)));
    }
    if let Some(key) = text.strip_prefix('!') {
        return Ok(Requirement::Absent(key_of(key)?));
    }
    let Some((before, values)) = text.split_once('(') else {
        return Ok(Requirement::Exists(key_of(text)?));
    };
    let values = values
        .trim_end_matches(')')
        .split(',')
        .map(|one| one.trim().to_owned())
        .collect();
    let mut words = before.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(key), Some("in"), None) => Ok(Requirement::In(key_of(key)?, values)),
        (Some(key), Some("notin"), None) => Ok(Requirement::NotIn(key_of(key)?, values)),
        _ => Err(format!(
            "{text} is no requirement: KEY in (A,B) and KEY notin (A,B) are"
        )),
    }
}

fn key_of(text: &str) -> Result<String, String> {
    let key = text.trim();
    let fits = |one: char| one.is_ascii_alphanumeric() || "-_./".contains(one);
    if key.is_empty() || !key.chars().all(fits) {
        return Err(format!("{text:?} is no label"));
    }
    Ok(key.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn selects_as_kubectl_does() {
        let object = json!({"metadata": {"labels": {"app": "a", "tier": "gold"}}});
        for selector in [
            "",
            "app=a",
            "app==a, tier = gold",
            "app!=b",
            "x!=b",
            "app in (a,b)",
            "app notin (b, c)",
            "x notin (b)",
            "app",
            "!x",
            "tier in (gold),app",
        ] {
            assert!(
                Labels::parse(selector).unwrap().matches(&object),
                "{selector}"
            );
        }
        for selector in [
            "app=b",
            "x=a",
            "app!=a",
            "app in (b)",
            "app notin (a)",
            "x",
            "!app",
            "app=a,tier=tin",
        ] {
            assert!(
                !Labels::parse(selector).unwrap().matches(&object),
                "{selector}"
            );
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for selector in [
            "app in (a",
            "app)",
            "app like (a)",
            "a b",
            "=a",
            "app=a,,b=c",
        ] {
            assert!(Labels::parse(selector).is_err(), "{selector}");
        }
    }
}
