//! Errors of Knative's webhooks: collected anywhere, merged and sorted when written.
//!
//! Source: knative.dev/pkg as vendored by knative/serving 1.23, apis/field_error.go. Warnings never refuse an object and
//! are left out from the start.

use std::fmt::{self, Display};

/// One error, and the fields that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// What is wrong.
    pub message: String,
    /// The fields, from the root of what was validated.
    pub paths: Vec<String>,
    /// More about it, on a line of its own; often empty.
    pub details: String,
}

/// Errors in the order in which they were found. Their text is the webhook's, to the letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// True if nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors as they were found, before merging.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.0
    }

    /// Adds an error about `paths`.
    pub fn add(&mut self, message: impl Into<String>, paths: &[&str]) {
        self.add_detailed(message, paths, "");
    }

    /// Adds an error with details.
    pub fn add_detailed(
        &mut self,
        message: impl Into<String>,
        paths: &[&str],
        details: impl Into<String>,
    ) {
        let paths = paths.iter().map(|p| (*p).to_owned()).collect();
        self.0.push(FieldError {
            message: message.into(),
            paths,
            details: details.into(),
        });
    }

    /// Adds `invalid value`.
    pub fn invalid(&mut self, value: impl Display, path: &str) {
        self.add(format!("invalid value: {value}"), &[path]);
    }

    /// Adds `expected lower <= value <= upper`.
    pub fn out_of_bounds(
        &mut self,
        value: impl Display,
        lower: impl Display,
        upper: impl Display,
        path: &str,
    ) {
        self.add(format!("expected {lower} <= {value} <= {upper}"), &[path]);
    }

    /// Adds `missing field(s)`.
    pub fn missing(&mut self, path: &str) {
        self.add("missing field(s)", &[path]);
    }

    /// Adds `must not set the field(s)`.
    pub fn disallowed(&mut self, paths: &[&str]) {
        self.add("must not set the field(s)", paths);
    }

    /// Adds all errors of another validation.
    pub fn also(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The same errors, seen from the object that holds what was validated in `prefix` (fields joined by dots).
    #[must_use]
    pub fn via(mut self, prefix: &str) -> Self {
        for path in self.0.iter_mut().flat_map(|error| &mut error.paths) {
            *path = join(prefix, path);
        }
        self
    }

    /// The webhook's text, or `None` if nothing is wrong.
    #[must_use]
    pub fn into_text(self) -> Option<String> {
        if self.is_empty() {
            None
        } else {
            Some(self.to_string())
        }
    }

    /// Errors of the same words become one, with all their fields; then both are sorted byte by byte.
    fn merged(&self) -> Vec<FieldError> {
        let mut merged: Vec<FieldError> = Vec::with_capacity(self.0.len());
        for error in &self.0 {
            match merged
                .iter_mut()
                .find(|m| m.message == error.message && m.details == error.details)
            {
                Some(same) => {
                    for path in &error.paths {
                        if !same.paths.contains(path) {
                            same.paths.push(path.clone());
                        }
                    }
                }
                None => merged.push(error.clone()),
            }
        }
        for error in &mut merged {
            error.paths.sort();
        }
        merged.sort_by(|a, b| (&a.message, &a.details).cmp(&(&b.message, &b.details)));
        merged
    }
}

/// Joins two paths: empty parts vanish, and an index such as `[0]` attaches to the part before it.
fn join(prefix: &str, path: &str) -> String {
    let mut joined = String::with_capacity(prefix.len() + path.len() + 1);
    for part in prefix
        .split('.')
        .chain(path.split('.'))
        .filter(|part| !part.is_empty())
    {
        let is_index = part.starts_with('[') && part.ends_with(']');
        if !joined.is_empty() && !is_index {
            joined.push('.');
        }
        joined.push_str(part);
    }
    joined
}

impl Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.merged().iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}: {}", error.message, error.paths.join(", "))?;
            if !error.details.is_empty() {
                write!(f, "\n{}", error.details)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_and_sorts() {
        let mut errors = FieldErrors::default();
        errors.invalid("x", "b");
        errors.invalid("a", "c");
        errors.invalid("x", "a");
        errors.invalid("x", "b");
        errors.add_detailed("invalid key name \"k\"", &[""], "more");
        let errors = errors.via("metadata.annotations");
        assert_eq!(
            errors.to_string(),
            "invalid key name \"k\": metadata.annotations\nmore\ninvalid value: a: metadata.annotations.c\n\
             invalid value: x: metadata.annotations.a, metadata.annotations.b"
        );
    }

    #[test]
    fn indices_attach() {
        assert_eq!(join("containers", "[0].image"), "containers[0].image");
        assert_eq!(join("a", "[x.y/z]"), "a.[x.y/z]");
        assert_eq!(join("traffic", ""), "traffic");
    }
}
