//! A patch that writes an annotation.

use serde_json::{Value, json};

use super::case::Scaled;
use super::findings::add;
use crate::facts::Facts;
use crate::manifest::child;

/// Operations that write an annotation where it counts for this component and for no other; none where there is no
/// such place, or KServe strips it there.
pub(super) fn annotate(
    scaled: &Scaled<'_>,
    facts: &Facts,
    key: &str,
    value: &str,
) -> Option<Vec<Value>> {
    let disallowed = &facts.kserve_config.value.disallowed;
    if scaled.component.is_some() && disallowed.iter().any(|one| one == key) {
        return None;
    }
    let mut maps = scaled.written.iter();
    let own = maps.find(|(pointer, _)| pointer.starts_with(scaled.pointer));
    if let Some((pointer, _)) = own {
        return Some(vec![add(&child(pointer, key), value)]);
    }
    if scaled.component.is_some() {
        return Some(vec![add(&scaled.at("annotations"), json!({key: value}))]);
    }
    // A graph has one thing that scales, and its annotations are those of the object.
    let (pointer, _) = scaled.written.first()?;
    Some(vec![add(&child(pointer, key), value)])
}
