//! Links of the guides to files and headings of the tree.

use crate::guide::{Guide, guides, root};

#[test]
fn every_link_to_the_tree_leads_somewhere() {
    let mut wrong = Vec::new();
    for guide in guides() {
        for target in links(&guide.text) {
            if let Err(why) = resolve(&guide, target) {
                wrong.push(format!("{}: {target}: {why}", guide.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What stands in `](…)`, outside of code blocks.
fn links(text: &str) -> Vec<&str> {
    let mut in_code = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let after = line.split("](").skip(1);
            found.extend(after.filter_map(|rest| Some(rest.split_once(')')?.0)));
        }
    }
    found
}

fn resolve(guide: &Guide, target: &str) -> Result<(), String> {
    if target.starts_with("https://") {
        return Ok(());
    }
    if target.contains("://") || target.starts_with('/') {
        return Err("neither https nor a path from here".to_owned());
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let file = match path {
        "" => root().join(&guide.path),
        _ => root().join(&guide.path).parent().unwrap().join(path),
    };
    if !file.exists() {
        return Err("no such file".to_owned());
    }
    if anchor.is_empty() {
        return Ok(());
    }
    let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
    let mut headings = text.lines().filter(|line| line.starts_with('#'));
    if headings.any(|heading| slug(heading) == anchor) {
        return Ok(());
    }
    Err("no such heading".to_owned())
}

/// A heading's anchor, as GitHub makes it.
fn slug(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[test]
fn a_link_that_leads_nowhere_is_seen() {
    let guide = Guide {
        path: "CONTRIBUTING.md".into(),
        text: String::new(),
    };
    assert_eq!(
        links("[a](b.md), [c](d#e)\n```\n[no](x)\n```\n"),
        ["b.md", "d#e"]
    );
    assert!(resolve(&guide, "docs/no-such-file.md").is_err());
    assert!(resolve(&guide, "docs/dependencies.md#no-such-heading").is_err());
    assert!(resolve(&guide, "docs/dependencies.md#what-is-banned").is_ok());
}
