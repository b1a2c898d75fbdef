//! The manifests in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::problem::{Problem, ProblemKind};
use super::read;

/// The manifests in `folder`, in the order of their names, and what could not be looked into.
///
/// As in kubectl (`cli-runtime`: `ExpandPathsToFileVisitors`, which walks with Go's `filepath.Walk`): `.yaml`, `.yml` and
/// `.json` count; sub-folders only when `recursive`; a link to a file is followed, a link to a folder is not, so no loop
/// of links can catch it. Pipes and devices are left out, since opening one may wait for ever.
pub(super) fn manifests(folder: &Path, recursive: bool) -> (Vec<PathBuf>, Vec<Problem>) {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    let mut waiting = vec![(folder.to_owned(), true)];
    while let Some((path, is_folder)) = waiting.pop() {
        if !is_folder {
            files.push(path);
            continue;
        }
        match children(&path, recursive) {
            // The last one waiting is the next one looked at.
            Ok(found) => waiting.extend(found.into_iter().rev()),
            Err(error) => problems.push(read::failed(&path.to_string_lossy(), &error)),
        }
    }
    if files.is_empty() && problems.is_empty() {
        problems.push(nothing_in(folder, recursive));
    }
    (files, problems)
}

/// Manifests and, when asked for, sub-folders (true), by name.
fn children(folder: &Path, recursive: bool) -> std::io::Result<Vec<(PathBuf, bool)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            if recursive {
                found.push((path, true));
            }
        } else if is_manifest(&path) {
            // A dangling link is kept: that it cannot be read is worth a word.
            let readable =
                kind.is_file() || fs::metadata(&path).map_or(true, |target| target.is_file());
            if readable {
                found.push((path, false));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_manifest(path: &Path) -> bool {
    // The policy of `lint` lies among the manifests that it is about.
    if path.file_name().is_some_and(|name| name == ".kscale.yaml") {
        return false;
    }
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml" | "json"))
}

fn nothing_in(folder: &Path, recursive: bool) -> Problem {
    let name = folder.to_string_lossy().into_owned();
    let problem = Problem::of_source(
        name,
        ProblemKind::Unreadable,
        "no file in this folder ends in .yaml, .yml or .json",
    );
    if recursive {
        problem
    } else {
        problem.hint("add -R to look into the folders below it")
    }
}
