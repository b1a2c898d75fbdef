//! Counts where expectation and prediction agree, and remembers where they do not.

use std::collections::BTreeMap;

use serde_json::Value;

/// Lines that are held to be wrong themselves: id, and why. They are counted apart.
pub(crate) const KNOWN_WRONG: &[(&str, &str)] = &[];

/// A place where expectation and prediction differ.
pub(crate) struct Mismatch {
    pub(crate) id: String,
    pub(crate) field: &'static str,
    pub(crate) expected: Value,
    pub(crate) actual: Value,
}

/// How often a field was compared, and agreed.
#[derive(Default, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) compared: usize,
    pub(crate) agreed: usize,
}

/// Everything compared so far.
pub(crate) struct Agreement {
    wants: fn(&str) -> bool,
    file: String,
    id: String,
    /// By file and field.
    pub(crate) counts: BTreeMap<(String, &'static str), Count>,
    pub(crate) mismatches: Vec<Mismatch>,
    /// Ids of lines held to be wrong that indeed differ, with the field.
    pub(crate) known_wrong: Vec<(String, &'static str)>,
}

impl Agreement {
    /// Nothing yet; only fields that are wanted will be compared.
    pub(crate) fn of(wants: fn(&str) -> bool) -> Self {
        Self {
            wants,
            file: String::new(),
            id: String::new(),
            counts: BTreeMap::new(),
            mismatches: Vec::new(),
            known_wrong: Vec::new(),
        }
    }

    /// All that follows is about this line.
    pub(crate) fn start_line(&mut self, file: &str, id: &str) {
        file.clone_into(&mut self.file);
        id.clone_into(&mut self.id);
    }

    /// Holds a prediction against what the real controllers did. An absent expectation is `Value::Null`.
    pub(crate) fn compare(&mut self, field: &'static str, expected: &Value, actual: &Value) {
        if !(self.wants)(field) {
            return;
        }
        let agrees = same(expected, actual);
        let known_wrong = !agrees && KNOWN_WRONG.iter().any(|(id, _)| *id == self.id);
        if known_wrong {
            self.known_wrong.push((self.id.clone(), field));
            return;
        }
        let count = self.counts.entry((self.file.clone(), field)).or_default();
        count.compared += 1;
        if agrees {
            count.agreed += 1;
        } else {
            let (expected, actual) = (expected.clone(), actual.clone());
            self.mismatches.push(Mismatch {
                id: self.id.clone(),
                field,
                expected,
                actual,
            });
        }
    }
}

/// Equal, with numbers compared by value: 80 and 80.0 are the same. Fractions may differ by less than the nine decimals
/// to which the corpus rounds.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a == b,
            _ => a
                .as_f64()
                .zip(b.as_f64())
                .is_some_and(|(a, b)| (a - b).abs() <= 1e-9 * a.abs().max(1.0)),
        },
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        _ => a == b,
    }
}
