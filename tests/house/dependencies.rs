//! Every dependency earns its place, and the prediction takes next to none.

use serde_json::Value;
use std::collections::BTreeSet;
use std::error::Error;
use std::process::Command;

/// The prediction runs in a terminal, in an admission policy and in a browser: what it needs, all three carry.
const RULES: [&str; 3] = ["schemars", "serde", "serde_json"];

#[test]
fn the_prediction_depends_on_serde_alone() -> Result<(), Box<dyn Error>> {
    let packages = packages()?;
    let rules = packages
        .iter()
        .find(|package| package["name"] == "kscale-rules")
        .ok_or("no package kscale-rules")?;
    for dependency in dependencies(rules) {
        let name = dependency["name"].as_str().unwrap_or_default();
        // Its own tests may use more: a dev-dependency reaches no host.
        if dependency["kind"] == "dev" {
            continue;
        }
        assert!(
            RULES.contains(&name),
            "kscale-rules must not depend on {name}"
        );
        assert!(
            name != "schemars" || dependency["optional"] == true,
            "schemars is for hosts that publish a schema"
        );
    }
    Ok(())
}

#[test]
fn every_version_stands_in_the_workspace() -> Result<(), Box<dyn Error>> {
    let declared = declared();
    for package in packages()? {
        // Our own crates come by path, from nowhere.
        for dependency in dependencies(&package).filter(|one| !one["source"].is_null()) {
            let name = dependency["name"].as_str().unwrap_or_default();
            let by = &package["name"];
            assert!(
                declared.contains(name),
                "{name}, used by {by}, is not in [workspace.dependencies]"
            );
        }
    }
    Ok(())
}

#[test]
fn every_dependency_has_its_line_in_the_docs_and_no_other_has() {
    let declared = declared();
    // A row begins "| `name` |".
    let explained: BTreeSet<&str> = include_str!("../../docs/dependencies.md")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0))
        .collect();
    let missing: Vec<_> = declared.difference(&explained).collect();
    assert!(
        missing.is_empty(),
        "docs/dependencies.md has no line for {missing:?}"
    );
    let stale: Vec<_> = explained.difference(&declared).collect();
    assert!(
        stale.is_empty(),
        "docs/dependencies.md explains what is no dependency: {stale:?}"
    );
}

/// The crates that `[workspace.dependencies]` takes from a registry, by the names they have there.
fn declared() -> BTreeSet<&'static str> {
    include_str!("../../Cargo.toml")
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.contains("path = "))
        .filter_map(|line| {
            let (name, value) = line.split_once(" = ")?;
            let renamed = value
                .split_once("package = \"")
                .and_then(|(_, rest)| rest.split_once('"'));
            Some(renamed.map_or(name, |(real, _)| real))
        })
        .collect()
}

fn dependencies(package: &Value) -> impl Iterator<Item = &Value> {
    package["dependencies"].as_array().into_iter().flatten()
}

/// The workspace's own packages, as cargo reads them. Nothing is downloaded for that.
fn packages() -> Result<Vec<Value>, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    Ok(metadata["packages"].as_array().cloned().unwrap_or_default())
}
