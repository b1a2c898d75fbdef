//! The manifests that a reader can try every command on.

use std::path::PathBuf;
use std::process::Command;

use crate::guide::root;

/// All files of examples/, from the workspace's folder, in order.
pub(crate) fn paths() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("examples")).unwrap();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| PathBuf::from("examples").join(entry.unwrap().file_name()))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

#[test]
fn every_example_is_explained() {
    for path in paths() {
        let output = Command::new(env!("CARGO_BIN_EXE_kubectl-kscale"))
            .env("KUBECONFIG", "/dev/null")
            .args(["explain", "-f"])
            .arg(&path)
            .current_dir(root())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}: {stderr}",
            path.display()
        );
    }
}

#[test]
fn every_example_is_introduced_in_the_readme() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for path in paths() {
        let link = format!("]({})", path.display());
        assert!(readme.contains(&link), "README.md has no link {link}");
    }
}
