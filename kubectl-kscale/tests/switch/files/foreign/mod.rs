//! What Helm and Kustomize are made of is recognised, and refused with what to do.

mod helm;
mod kustomize;

use std::path::Path;

use super::to_hpa;

/// Whatever else is asked for: refused, with nothing printed. What is said.
#[track_caller]
fn refused(folder: &Path, file: &str) -> String {
    let ran = to_hpa(folder, &["-f", file]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 2), "{}", ran.stderr);
    ran.stderr
}

/// Changed as any other manifest.
#[track_caller]
fn changed(folder: &Path, file: &str) {
    let ran = to_hpa(folder, &["-f", file, "--write"]);
    let expected = format!("changed {file}\n");
    assert_eq!((ran.stdout, ran.code), (expected, 0), "{}", ran.stderr);
}
