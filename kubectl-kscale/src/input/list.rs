//! Lists, taken apart into the objects they hold.

use serde_json::Value;

use super::document::{Document, Found};
use super::places::Places;
use super::problem::{Problem, ProblemKind};

/// Adds `document`, or the objects in it where it is a list.
///
/// To kubectl every object with `items` is a list, whatever its kind (`apimachinery`: `unstructuredJSONScheme`), lists
/// inside lists too (`cli-runtime`: `FlattenListVisitor`). An item without kind and apiVersion gets those of the list,
/// as in what `kubectl get --raw` gives for a typed list.
pub(super) fn flatten(document: Document, found: &mut Found) {
    let mut waiting = vec![document];
    while let Some(mut document) = waiting.pop() {
        let Some(items) = take_items(&mut document.value) else {
            found.documents.push(document);
            continue;
        };
        let first = waiting.len();
        let mut places = document.places.items("/items").into_iter();
        for (index, value) in items.into_iter().enumerate() {
            match item(&document, index, value, places.next()) {
                Ok(item) => waiting.push(item),
                Err(problem) => found.problems.push(problem),
            }
        }
        // The last one waiting is the next one read.
        waiting[first..].reverse();
    }
}

fn take_items(value: &mut Value) -> Option<Vec<Value>> {
    let named_list = value
        .get("kind")
        .and_then(Value::as_str)
        .is_some_and(|kind| kind.ends_with("List"));
    match value.get_mut("items")? {
        Value::Array(items) => Some(std::mem::take(items)),
        Value::Null if named_list => Some(Vec::new()),
        _ => None,
    }
}

fn item(
    list: &Document,
    index: usize,
    mut value: Value,
    places: Option<Places>,
) -> Result<Document, Problem> {
    let mut origin = list.origin.clone();
    origin.items.push(index);
    let (Some(places), Some(object)) = (places, value.as_object_mut()) else {
        let mut problem = Problem::of_source(
            origin.source.clone(),
            ProblemKind::Shape,
            format!("items[{index}] of this list is no mapping"),
        )
        .hint("each item of a list is an object with apiVersion and kind");
        problem.document = Some(origin.document);
        problem.place = list.places.nearest(&format!("/items/{index}"));
        return Err(problem);
    };
    if !object.contains_key("kind") && !object.contains_key("apiVersion") {
        let kind = list
            .value
            .get("kind")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let kind = kind.strip_suffix("List").unwrap_or(kind);
        if !kind.is_empty() {
            object.insert("kind".to_owned(), Value::from(kind));
        }
        if let Some(version) = list.value.get("apiVersion") {
            object.insert("apiVersion".to_owned(), version.clone());
        }
    }
    Ok(Document {
        origin,
        value,
        places,
    })
}
