//! Judges manifests that others have published, and lists what is found by rule: false alarms show in such a list.
//!
//! `KSCALE_SAMPLES_DIR` names a folder of YAML files, and of Markdown with blocks of YAML in it. Without it there is nothing to
//! look at. `KSCALE_SAMPLES_RULES` keeps the rules whose codes begin so, and `KSCALE_SAMPLES_FACTS` names a file of
//! objects that tell what the cluster is like.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kscale_rules::facts::{Facts, FactsSource};
use kscale_rules::rules::judge;
use serde::Deserialize as _;
use serde_json::{Value, json};

#[test]
fn published_manifests_are_judged() {
    let Ok(folder) = std::env::var("KSCALE_SAMPLES_DIR") else {
        return;
    };
    let wanted = std::env::var("KSCALE_SAMPLES_RULES").unwrap_or_default();
    let folder = PathBuf::from(folder);
    let facts = facts();
    let mut judged = 0;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files(&folder) {
        for document in documents(&file) {
            let Some(findings) = judge(&document, None, &facts) else {
                continue;
            };
            judged += 1;
            let place = file.strip_prefix(&folder).unwrap_or(&file).display();
            let name = document["metadata"]["name"].as_str().unwrap_or_default();
            for one in findings {
                let line = format!("{place} {name} {}: {}", one.pointer, one.message);
                found.entry(one.code).or_default().push(line);
            }
        }
    }
    for (code, lines) in found.iter().filter(|(code, _)| code.starts_with(&wanted)) {
        println!("{code}: {}", lines.len());
        lines.iter().for_each(|line| println!("    {line}"));
    }
    println!("{judged} objects judged");
    assert!(judged > 0, "{} has no object to judge", folder.display());
}

fn facts() -> Facts {
    let Ok(file) = std::env::var("KSCALE_SAMPLES_FACTS") else {
        return Facts::shipped();
    };
    Facts::from_objects(&documents(Path::new(&file)), FactsSource::Snapshot)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else if path.extension().is_some_and(|end| {
                ["yaml", "yml", "md", "mdx"]
                    .iter()
                    .any(|known| end == *known)
            }) {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

/// The objects of a file; what is no YAML is passed over.
fn documents(file: &Path) -> Vec<Value> {
    let Ok(text) = std::fs::read_to_string(file) else {
        return Vec::new();
    };
    let is_page = file
        .extension()
        .is_some_and(|end| end == "md" || end == "mdx");
    let blocks = if is_page { fenced(&text) } else { vec![text] };
    let mut all = Vec::new();
    for block in blocks {
        for document in serde_yaml::Deserializer::from_str(&block) {
            let Ok(mut document) = Value::deserialize(document) else {
                break;
            };
            if document["metadata"].is_object() && document["metadata"]["namespace"].is_null() {
                document["metadata"]["namespace"] = json!("default");
            }
            all.push(document);
        }
    }
    all
}

/// The fenced blocks of a Markdown page that hold manifests; commands that feed one to `kubectl` among them.
fn fenced(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<Vec<&str>> = None;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            match block.take() {
                Some(lines) => blocks.push(lines),
                None => block = Some(Vec::new()),
            }
        } else if let Some(lines) = &mut block {
            lines.push(line);
        }
    }
    blocks.iter().filter_map(|lines| manifest(lines)).collect()
}

/// From `apiVersion:` to the end, or to the end of a here document.
fn manifest(lines: &[&str]) -> Option<String> {
    let first = lines
        .iter()
        .position(|line| line.trim_start().starts_with("apiVersion:"))?;
    let indent = lines[first].len() - lines[first].trim_start().len();
    let ends = |line: &&&str| matches!(line.trim(), "EOF" | "END");
    let inside = lines[first..].iter().take_while(|line| !ends(line));
    let kept: Vec<&str> = inside
        .map(|line| line.get(indent..).unwrap_or_default())
        .collect();
    Some(kept.join("\n"))
}
