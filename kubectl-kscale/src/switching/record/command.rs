//! The way back as a command, for whoever may not keep a record.

use kscale_rules::switch::{Plan, Replaced, replaced};
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::switching::address;

/// What takes the change of `plan` back, to be typed into a shell. It holds for this very object: not for one of the same name
/// that was created anew, or is in another cluster.
pub(crate) fn command_back(cluster: &Cluster, plan: &Plan) -> String {
    command(cluster.flags(), plan, |one| &one.before)
}

/// What makes the change of `plan`, in the same way.
pub(crate) fn command_forth(cluster: &Cluster, plan: &Plan) -> String {
    command(cluster.flags(), plan, |one| &one.after)
}

/// A merge patch: whenever it is typed, what others have written beside it stays. A JSON Patch would replace a map that was not
/// there.
fn merge(plan: &Plan, to: fn(&Replaced) -> &Option<Value>) -> Value {
    let mut patch = json!({});
    let is_map = |value: &Option<Value>| value.as_ref().is_some_and(|value| *value == json!({}));
    for one in replaced(&plan.before, &plan.after) {
        if is_map(&one.before) || is_map(&one.after) {
            continue;
        }
        let mut place = &mut patch;
        for token in one.pointer.split('/').skip(1) {
            place = &mut place[token.replace("~1", "/").replace("~0", "~")];
        }
        *place = to(&one).clone().unwrap_or_default();
    }
    if let Some(uid) = plan.before.pointer("/metadata/uid") {
        patch["metadata"]["uid"] = uid.clone();
    }
    patch
}

fn command(flags: &[String], plan: &Plan, to: fn(&Replaced) -> &Option<Value>) -> String {
    let mut words = vec![
        "kubectl".to_owned(),
        "patch".to_owned(),
        address::short(&plan.object),
        "-n".to_owned(),
        plan.object.namespace.clone(),
    ];
    words.extend(flags.iter().cloned());
    words.extend([
        "--type=merge".to_owned(),
        "-p".to_owned(),
        ascii(&merge(plan, to).to_string()),
    ]);
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    words.join(" ")
}

/// The same JSON without anything that a terminal could act on, or that is lost on the way through a clipboard.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if matches!(character, ' '..='~') {
            text.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text
}

/// A word as a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_shell_reads_back_what_was_written() {
        for word in [
            "plain",
            "",
            "it's",
            "a b",
            "$HOME `id` \"x\" \\ !x *",
            "''",
            "-n",
            "line\nbreak",
            "größe",
            "~",
        ] {
            let script = format!("printf %s {}", quoted(word));
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stdout), word, "{script}");
        }
    }

    #[test]
    fn json_stays_the_same_json() {
        let value = json!({"a": "it's \u{1b}[2J größe \u{1f600} \"q\" \\"});
        let text = ascii(&value.to_string());
        assert!(text.is_ascii() && !text.contains('\u{1b}'), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
