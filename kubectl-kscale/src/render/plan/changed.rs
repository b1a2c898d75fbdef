//! What changes in an object, as a diff of its YAML: the changed parts alone, each below the way to it.

use serde_json::Value;
use similar::{ChangeTag, DiffTag, TextDiff};

use super::super::paper::{Ink, Paper};
use super::super::yaml;

/// Lines around a change.
const CONTEXT: usize = 2;

/// What the API server and controllers write, and nobody else.
const MANAGED: [&str; 6] = [
    "managedFields",
    "resourceVersion",
    "uid",
    "generation",
    "creationTimestamp",
    "selfLink",
];

/// Writes the difference.
pub(super) fn write(paper: &mut Paper, before: &Value, after: &Value) {
    let text = |object: &Value| yaml::document(&written(object)).unwrap_or_default();
    let (before, after) = (text(before), text(after));
    let diff = TextDiff::from_lines(&before, &after);
    let lines: [Vec<&str>; 2] = [before.lines().collect(), after.lines().collect()];
    for group in diff.grouped_ops(CONTEXT) {
        let changed = group.iter().find(|op| op.tag() != DiffTag::Equal);
        let way = changed.map_or_else(String::new, |op| match op.tag() {
            DiffTag::Insert => way_to(&lines[1], op.new_range().start),
            _ => way_to(&lines[0], op.old_range().start),
        });
        let head = if way.is_empty() {
            "@@".to_owned()
        } else {
            format!("@@ {way} @@")
        };
        paper.verbatim(2, Ink::Dim, &head);
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, ink) = match change.tag() {
                ChangeTag::Equal => (' ', Ink::Plain),
                ChangeTag::Delete => ('-', Ink::Bad),
                ChangeTag::Insert => ('+', Ink::Good),
            };
            let line = change.value().trim_end_matches('\n');
            paper.verbatim(2, ink, &format!("{sign}{line}"));
        }
    }
}

/// The object as people write it.
fn written(object: &Value) -> Value {
    const APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
    let mut object = object.clone();
    let Some(fields) = object.as_object_mut() else {
        return object;
    };
    fields.remove("status");
    if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| !MANAGED.contains(&key.as_str()));
        let annotations = metadata.get_mut("annotations");
        if let Some(annotations) = annotations.and_then(Value::as_object_mut) {
            annotations.remove(APPLIED);
        }
    }
    object
}

/// The keys above a line, `spec.predictor`: its own key is not part of that.
fn way_to(lines: &[&str], at: usize) -> String {
    let Some(line) = lines.get(at) else {
        return String::new();
    };
    let mut deep = depth(line);
    let mut way: Vec<&str> = Vec::new();
    for line in lines.iter().take(at).rev() {
        let here = depth(line);
        if here >= deep {
            continue;
        }
        deep = here;
        // The first key of an item stands beside the others of it, not above them.
        let line = line.trim_start();
        let key = line.split_once(':').map(|(key, _)| key);
        way.extend(key.filter(|_| !line.starts_with("- ")));
    }
    way.reverse();
    way.join(".")
}

/// How deep a line lies; an item lies deeper than the key of its list, which stands in the same column.
fn depth(line: &str) -> usize {
    let blanks = line.len() - line.trim_start().len();
    2 * blanks + usize::from(line.trim_start().starts_with("- "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(before: &Value, after: &Value) -> String {
        let mut paper = Paper::new(80);
        write(&mut paper, before, after);
        anstream::adapter::strip_str(&paper.into_text()).to_string()
    }

    #[test]
    fn the_way_to_a_change_stands_above_it() {
        let object = |max: i64, cpu: &str| {
            json!({
                "metadata": {"name": "a", "uid": cpu, "managedFields": [cpu]},
                "spec": {"predictor": {"containers": [{"a": 1, "b": 1, "c": 1, "d": 1, "resources": {"requests": {"cpu": cpu, "memory": "1Gi"}}}], "maxReplicas": max}},
                "status": {"is": cpu},
            })
        };
        insta::assert_snapshot!(shown(&object(1, "1"), &object(1, "2")), @r#"
        @@ spec.predictor.containers.resources.requests @@
               resources:
                 requests:
        -          cpu: "1"
        +          cpu: "2"
                   memory: 1Gi
             maxReplicas: 1
        "#);
        insta::assert_snapshot!(shown(&object(1, "1"), &object(2, "1")), @r#"
        @@ spec.predictor @@
                   cpu: "1"
                   memory: 1Gi
        -    maxReplicas: 1
        +    maxReplicas: 2
        "#);
    }

    #[test]
    fn what_controllers_write_is_left_out() {
        let object = |version: &str| {
            json!({
                "metadata": {"resourceVersion": version, "annotations": {"kubectl.kubernetes.io/last-applied-configuration": version}},
                "status": {"version": version},
            })
        };
        assert_eq!(shown(&object("1"), &object("2")), "");
    }
}
