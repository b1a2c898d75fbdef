//! The limit of `explain -f FILE` and `lint -f FOLDER`: a process that reads and parses the same bytes, and does nothing with
//! them.

use serde::Deserialize as _;
use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or("usage: parse-limit FILE|FOLDER")?;
    if !path.is_dir() {
        return parse(&path);
    }
    let entries: Result<Vec<_>, _> = std::fs::read_dir(path)?.collect();
    let mut files: Vec<PathBuf> = entries?.iter().map(std::fs::DirEntry::path).collect();
    files.sort();
    files.iter().try_for_each(|file| parse(file))
}

fn parse(file: &Path) -> Result<(), Box<dyn Error>> {
    let text = std::fs::read_to_string(file)?;
    for document in serde_yaml::Deserializer::from_str(&text) {
        black_box(serde_json::Value::deserialize(document)?);
    }
    Ok(())
}
