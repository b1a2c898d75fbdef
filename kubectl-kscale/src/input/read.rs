//! Bytes from files and streams, never more than the limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::limits::MAX_BYTES;
use super::problem::{Problem, ProblemKind};

/// All of `stream`, or a problem once it is longer than the limit. At most one byte past the limit is taken from it.
pub(super) fn all(name: &str, stream: impl Read, expected: u64) -> Result<Vec<u8>, Problem> {
    let expected = usize::try_from(expected.min(MAX_BYTES)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(expected);
    stream
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(name, &error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large(name));
    }
    Ok(bytes)
}

/// A file, a named pipe or a device: whatever the path leads to, but not a folder.
pub(super) fn file(name: &str, path: &Path) -> Result<Vec<u8>, Problem> {
    let file = File::open(path).map_err(|error| failed(name, &error))?;
    let metadata = file.metadata().map_err(|error| failed(name, &error))?;
    // A pipe or a device says 0 here; only its content tells.
    if metadata.len() > MAX_BYTES {
        return Err(too_large(name));
    }
    all(name, file, metadata.len())
}

/// What a failed read means to whoever gave the path.
pub(super) fn failed(name: &str, error: &io::Error) -> Problem {
    let problem = |kind, message: &str| Problem::of_source(name, kind, message);
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            problem(ProblemKind::NotFound, "no such file or folder")
                .hint("check the spelling; a relative path starts at the current folder")
        }
        io::ErrorKind::PermissionDenied => {
            problem(ProblemKind::Unreadable, "permission denied").hint("check who may read it")
        }
        io::ErrorKind::IsADirectory => {
            problem(ProblemKind::Unreadable, "this is a folder, not a file")
        }
        io::ErrorKind::TimedOut => {
            problem(ProblemKind::Network, "the answer did not arrive in time")
                .hint("try again, or download it first")
        }
        io::ErrorKind::UnexpectedEof => problem(
            ProblemKind::Network,
            "the answer ended before it was complete",
        )
        .hint("try again, or download it first"),
        _ => Problem::of_source(
            name,
            ProblemKind::Unreadable,
            format!("cannot be read: {}", reason(error)),
        ),
    }
}

/// An error of the system in its own words, without the number that Rust adds.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match (text.find(" (os error "), error.raw_os_error()) {
        (Some(end), Some(_)) => text[..end].to_owned(),
        _ => text,
    }
}

/// What `-f ""` gets, which is what an unset variable gives.
pub(super) fn no_name() -> Problem {
    Problem::of_source(
        "\"\"",
        ProblemKind::NotFound,
        "an empty name stands where a file, a folder or an address should",
    )
    .hint("is a variable unset?")
}

fn too_large(name: &str) -> Problem {
    let message = format!(
        "larger than {} MiB, the most a source may have",
        MAX_BYTES / (1024 * 1024)
    );
    Problem::of_source(name, ProblemKind::Limit, message)
        .hint("split it, or name only the files that matter")
}
