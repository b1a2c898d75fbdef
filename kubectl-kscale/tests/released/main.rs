//! What `install` prints for each of the 101 releases that are built in is what Knative released, object for object.
//!
//! The released files are read where the reference material is: a file for each family of releases, from which that of every
//! other release follows by its version and digest. Where it is not, every release is reported as ignored, by its name;
//! what their objects must be stays held by `src/release/tests`, by digest.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that lints do not know as one: it has a main of its own"
)]

#[path = "../explain/process.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod process;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kscale_control_plane::{documents, shared};
use libtest_mimic::{Arguments, Failed, Trial};
use process::kscale;
use serde_json::Value;

/// The release whose file stands for all from it on.
const FAMILIES: [&str; 8] = [
    "1.0.0", "1.1.0", "1.4.0", "1.8.0", "1.9.4", "1.10.0", "1.12.4", "1.20.0",
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = shared().map(|shared| shared.join("manifests/knative"));
    let listed = kscale(&["install", "--list-versions"]).run().clean();
    let mut trials: Vec<Trial> = listed
        .lines()
        .map(|version| trial(version.to_owned(), folder.clone()))
        .collect();
    let count = listed.lines().count();
    trials.push(Trial::test("released::there_are_101", move || {
        (count == 101)
            .then_some(())
            .ok_or_else(|| format!("{count} are listed").into())
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(version: String, folder: Option<PathBuf>) -> Trial {
    let name = format!("released::{version}");
    let ignored = folder.is_none();
    let test = move || held(&version, &folder.unwrap_or_default());
    Trial::test(name, test).with_ignored_flag(ignored)
}

fn held(version: &str, folder: &Path) -> Result<(), Failed> {
    let arguments = [
        "install",
        "--offline",
        "--version",
        version,
        "--dry-run=client",
        "-o",
        "json",
    ];
    let printed: Value = serde_json::from_str(&kscale(&arguments).run().clean()).unwrap();
    let released = released(version, folder)?;
    if printed["items"] == Value::Array(released.clone()) {
        return Ok(());
    }
    Err(format!("printed {printed:#}, released {released:#?}").into())
}

/// The objects that Knative released, as the catalogue of digests and the file of the family tell them.
fn released(version: &str, folder: &Path) -> Result<Vec<Value>, Failed> {
    let own = folder.join(version).join("serving-hpa.yaml");
    if own.is_file() {
        return Ok(documents(&own)?);
    }
    let text = std::fs::read_to_string(folder.join("serving-hpa-catalogue.json"))?;
    let catalogue: Vec<Value> = serde_json::from_str(&text)?;
    let digest = |version: &str| {
        let entry = catalogue.iter().find(|entry| entry["version"] == version);
        entry.unwrap()["digest"].as_str().unwrap().to_owned()
    };
    let first = family(version);
    let text = std::fs::read_to_string(folder.join(first).join("serving-hpa.yaml"))?
        .replace(&digest(first), &digest(version))
        .replace(&format!("\"{first}\""), &format!("\"{version}\""))
        .replace(&format!("\"v{first}\""), &format!("\"v{version}\""));
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), text)?;
    Ok(documents(file.path())?)
}

fn family(version: &str) -> &'static str {
    let numbers = |text: &str| -> Vec<u32> {
        let parts = text.split('.');
        parts.map(|part| part.parse().unwrap()).collect()
    };
    // 1.10.0 and 1.10.1 are one, and 1.12.4 stands for what came after them.
    let from = |first: &str| match first {
        "1.12.4" => numbers("1.10.2"),
        other => numbers(other),
    };
    let found = FAMILIES
        .into_iter()
        .rfind(|first| from(first) <= numbers(version));
    found.unwrap()
}
