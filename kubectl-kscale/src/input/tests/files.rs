//! Files, folders and standard input.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn load_path(path: &Path, recursive: bool) -> Loaded {
    let options = Options {
        recursive,
        ..Options::default()
    };
    load_with(
        &[InputArg::Path(path.to_owned())],
        &options,
        &mut std::io::empty(),
    )
}

/// The names of the files that documents came from, below `folder`.
fn names(folder: &TempDir, loaded: &Loaded) -> Vec<String> {
    let below = |document: &Document| {
        let path = Path::new(&*document.origin.source);
        path.strip_prefix(folder.path())
            .unwrap()
            .to_string_lossy()
            .into_owned()
    };
    loaded.documents.iter().map(below).collect()
}

#[test]
fn arguments_are_told_apart_as_kubectl_does() {
    assert_eq!(InputArg::from("-"), InputArg::Stdin);
    assert_eq!(
        InputArg::from("https://x/y.yaml"),
        InputArg::Url("https://x/y.yaml".into())
    );
    for path in ["./-", "a.yaml", "ftp://x", "http:/x"] {
        assert_eq!(InputArg::from(path), InputArg::Path(path.into()));
    }
}

#[test]
fn a_file_is_named_as_given() {
    let folder = folder(&[("a.txt", "a: 1\n---\nb: 2\n")]);
    let path = folder.path().join("a.txt");
    let loaded = load_path(&path, false);
    assert_eq!(
        loaded.documents[1].origin.to_string(),
        format!("{}#2", path.display())
    );
    assert_eq!(loaded.documents[1].origin.document, 1);
}

#[test]
fn a_missing_file_is_a_problem_with_a_hint() {
    let loaded = load_path(Path::new("no/such.yaml"), false);
    assert_eq!(
        shown(&loaded.problems),
        ["no/such.yaml: no such file or folder"]
    );
    assert_eq!(loaded.problems[0].kind, ProblemKind::NotFound);
    assert!(loaded.problems[0].hint.is_some());
}

#[test]
fn a_folder_gives_its_manifests_by_name() {
    let folder = folder(&[
        ("b.yaml", "b: 1"),
        ("a.yml", "a: 1"),
        ("c.json", "{\"c\": 1}"),
        ("README.md", "x"),
        ("d.YAML", "x"),
        ("sub/e.yaml", "e: 1"),
    ]);
    let loaded = load_path(folder.path(), false);
    assert_eq!(names(&folder, &loaded), ["a.yml", "b.yaml", "c.json"]);
    let loaded = load_path(folder.path(), true);
    assert_eq!(
        names(&folder, &loaded),
        ["a.yml", "b.yaml", "c.json", "sub/e.yaml"]
    );
}

#[test]
fn a_folder_without_manifests_is_a_problem() {
    let folder = folder(&[("README.md", "x"), ("sub/a.yaml", "a: 1")]);
    let loaded = load_path(folder.path(), false);
    assert_eq!(loaded.problems.len(), 1);
    assert_eq!(
        loaded.problems[0].message,
        "no file in this folder ends in .yaml, .yml or .json"
    );
    assert!(loaded.problems[0].hint.as_deref().unwrap().contains("-R"));
}

#[test]
fn one_broken_file_hides_no_other() {
    let folder = folder(&[("a.yaml", "a: ["), ("b.yaml", "b: 1"), ("c.yaml", "c: 1")]);
    fs::write(folder.path().join("b.yaml"), b"b: \xff").unwrap();
    let loaded = load_path(folder.path(), false);
    assert_eq!((loaded.documents.len(), loaded.problems.len()), (1, 2));
}

#[cfg(unix)]
#[test]
fn links_cannot_make_a_loop() {
    let folder = folder(&[("sub/a.yaml", "a: 1")]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("sub/loop")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("sub/loop.yaml")).unwrap();
    std::os::unix::fs::symlink("a.yaml", folder.path().join("sub/link.yaml")).unwrap();
    let loaded = load_path(folder.path(), true);
    assert_eq!(names(&folder, &loaded), ["sub/a.yaml", "sub/link.yaml"]);
    assert!(loaded.problems.is_empty());
}

#[cfg(unix)]
#[test]
fn a_dangling_link_is_a_problem_and_a_pipe_in_a_folder_is_left_out() {
    let folder = folder(&[("a.yaml", "a: 1")]);
    std::os::unix::fs::symlink("nowhere", folder.path().join("b.yaml")).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(folder.path().join("c.yaml"))
        .status();
    assert!(pipe.is_ok_and(|status| status.success()), "mkfifo");
    let loaded = load_path(folder.path(), false);
    assert_eq!(loaded.documents.len(), 1);
    assert!(loaded.problems[0].message.contains("no such file"));
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read() {
    let folder = folder(&[]);
    let path = folder.path().join("pipe");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&path)
            .status()
            .is_ok_and(|status| status.success())
    );
    let writer = {
        let path = path.clone();
        std::thread::spawn(move || fs::write(path, "a: 1\n"))
    };
    assert_eq!(load_path(&path, false).documents.len(), 1);
    writer.join().unwrap().unwrap();
}

#[test]
fn standard_input_can_be_read_once() {
    let loaded = load_with(
        &[InputArg::Stdin, InputArg::Stdin],
        &Options::default(),
        &mut "a: 1".as_bytes(),
    );
    assert_eq!(loaded.documents.len(), 1);
    assert_eq!(
        shown(&loaded.problems),
        ["<stdin>: `-` can be given only once"]
    );
}
