//! Small rooms: files that one can hold in the head, and that mean the same on every machine.

use std::error::Error;
use std::path::{Path, PathBuf};

const LINES: usize = 400;
/// A file larger than any that a reader would open by choice is data that belongs elsewhere.
const BYTES: u64 = 1_000_000;

/// Hidden folders that belong to the project.
const HIDDEN: [&str; 2] = [".cargo", ".ci"];

/// Files that may be longer, each with the reason. Empty is best.
const LONGER: [(&str, &str); 0] = [];

#[test]
fn no_rust_file_is_longer_than_one_can_hold() -> Result<(), Box<dyn Error>> {
    let mut long = Vec::new();
    for file in files()? {
        let excused = LONGER.iter().any(|(name, _)| file.ends_with(name));
        if excused || file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let lines = std::fs::read_to_string(&file)?.lines().count();
        if lines > LINES {
            long.push(format!("{}: {lines} lines", file.display()));
        }
    }
    assert!(
        long.is_empty(),
        "over {LINES} lines, split them:\n{}",
        long.join("\n")
    );
    Ok(())
}

#[test]
fn every_excuse_is_still_needed() -> Result<(), Box<dyn Error>> {
    for (name, reason) in LONGER {
        let lines = std::fs::read_to_string(root().join(name))?.lines().count();
        assert!(
            lines > LINES,
            "{name} ({reason}) has {lines} lines: take it off the list"
        );
    }
    Ok(())
}

#[test]
fn no_file_is_huge() -> Result<(), Box<dyn Error>> {
    for file in files()? {
        let bytes = file.metadata()?.len();
        assert!(bytes <= BYTES, "{}: {bytes} bytes", file.display());
    }
    Ok(())
}

#[test]
fn the_files_that_every_reader_looks_for_are_there() -> Result<(), Box<dyn Error>> {
    for name in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"] {
        let text = std::fs::read_to_string(root().join(name))
            .map_err(|error| format!("{name}: {error}"))?;
        assert!(!text.trim().is_empty(), "{name} is empty");
    }
    Ok(())
}

#[test]
fn no_file_names_a_folder_of_one_machine() -> Result<(), Box<dyn Error>> {
    let mut found = Vec::new();
    for file in files()? {
        // What is not text has no lines to show.
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if let Some(path) = machine_path(line) {
                found.push(format!("{}:{}: {path}", file.display(), number + 1));
            }
        }
    }
    assert!(
        found.is_empty(),
        "these paths mean nothing elsewhere; write them from the repository's folder:\n{}",
        found.join("\n")
    );
    Ok(())
}

#[test]
fn a_folder_of_one_machine_is_told_from_other_paths() {
    // Put together here, or this file would be found.
    for (first, rest) in [
        ("home", "/ada/kscale"),
        ("root", "/.cargo"),
        ("work", "/main"),
        ("tmp", "/w/main"),
        ("Users", "/ada"),
    ] {
        let path = format!("/{first}{rest}");
        for line in [path.clone(), format!("see `{path}`."), format!("a={path}")] {
            assert!(machine_path(&line).is_some(), "{line}");
        }
    }
    for line in [
        "/mnt/models",
        "docs/work/a",
        "https://host/home/a",
        "./tmp/w",
    ] {
        assert_eq!(machine_path(line), None, "{line}");
    }
}

/// The first path in a line that begins at a folder which people or machines work in.
fn machine_path(line: &str) -> Option<&str> {
    const FOLDERS: [&str; 5] = ["work", "root", "home", "Users", "tmp/w"];
    line.match_indices('/').find_map(|(at, _)| {
        // Within a word it is part of a longer path, or of an address.
        let inside = line[..at].ends_with(|c: char| c.is_alphanumeric() || "/._-~$}".contains(c));
        let below = FOLDERS.iter().any(|folder| {
            line[at + 1..]
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        });
        (!inside && below).then(|| line[at..].split([' ', '`', '"']).next().unwrap_or_default())
    })
}

fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// What belongs to the project, by walking: a source archive has no git to ask.
fn files() -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            let name = entry.file_name();
            // An editor's folders are its own.
            let hidden =
                name.to_string_lossy().starts_with('.') && !HIDDEN.iter().any(|ours| name == *ours);
            // Cargo marks its build folders so, whatever they are called.
            let built = path.join("CACHEDIR.TAG").exists();
            match entry.file_type()? {
                kind if kind.is_dir() && !hidden && !built => folders.push(path),
                // In a linked worktree `.git` is a file, and names a folder of this machine.
                kind if kind.is_file() && name != ".git" => files.push(path),
                _ => {}
            }
        }
    }
    Ok(files)
}
