//! Small rooms: a file that one can hold in the head.

use std::error::Error;
use std::path::{Path, PathBuf};

const LINES: usize = 400;
/// A file larger than any that a reader would open by choice is data that belongs elsewhere.
const BYTES: u64 = 1_000_000;

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
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            // Cargo marks its build folders so, whatever they are called.
            let built = path.join("CACHEDIR.TAG").exists();
            match entry.file_type()? {
                kind if kind.is_dir() && !hidden && !built => folders.push(path),
                kind if kind.is_file() => files.push(path),
                _ => {}
            }
        }
    }
    Ok(files)
}
