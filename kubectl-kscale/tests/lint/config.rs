//! `.kscale.yaml`.

use tempfile::TempDir;

use crate::manifests::{ERROR, LOST, RIGHT, folder};
use crate::process::{Ran, kscale};

fn lint(folder: &TempDir, within: &str, arguments: &[&str]) -> Ran {
    let all = [&["lint", "-o", "concise"], arguments].concat();
    kscale(&all).within(&folder.path().join(within)).run()
}

fn with(config: &str) -> TempDir {
    folder(&[
        (".kscale.yaml", config),
        ("a.yaml", LOST),
        ("legacy/b.yaml", LOST),
        ("legacy/deep/c.yaml", LOST),
    ])
}

#[test]
fn it_is_found_in_the_folder_or_above_it() {
    let folder = with("select: [KS9]\n");
    for within in ["", "legacy", "legacy/deep"] {
        let ran = lint(&folder, within, &["-f", "."]);
        assert!(
            ran.stdout.starts_with("no findings"),
            "{within}: {}",
            ran.stdout
        );
    }
    assert!(
        lint(&folder, "", &["-f", ".", "--no-config"])
            .stdout
            .contains("KS401")
    );
    std::fs::write(
        folder.path().join("other.yaml"),
        "ignore: KS401\nselect: [KS4]\n",
    )
    .unwrap();
    let named = lint(&folder, "legacy", &["-f", ".", "--config", "../other.yaml"]);
    assert!(named.stdout.starts_with("no findings"), "{}", named.stdout);
}

#[test]
fn select_and_ignore_give_way_to_select_on_the_command_line() {
    let folder = with("select: [KS4]\nignore: [KS401]\n");
    let has = |arguments: &[&str]| {
        lint(&folder, "", &[&["-f", "a.yaml"], arguments].concat())
            .stdout
            .contains("KS401")
    };
    assert!(!has(&[]));
    assert!(has(&["--select", "KS401"]));
    assert!(!has(&[
        "--select",
        "KS4",
        "--ignore",
        "resources-beside-the-model"
    ]));
}

#[test]
fn paths_are_globs_from_its_folder() {
    let found = |glob: &str| {
        let folder = with(&format!(
            "select: [KS401]\nper-path-ignore:\n  \"{glob}\": [KS4]\n"
        ));
        let from_below = lint(&folder, "legacy", &["-f", "..", "-R"]);
        let lines = from_below
            .stdout
            .lines()
            .filter_map(|line| line.split(':').next());
        let names: Vec<String> = lines
            .filter(|name| name.ends_with(".yaml"))
            .map(str::to_owned)
            .collect();
        names.join(" ")
    };
    assert_eq!(
        found("nowhere/**"),
        "../a.yaml ../legacy/b.yaml ../legacy/deep/c.yaml"
    );
    assert_eq!(found("legacy/**"), "../a.yaml");
    assert_eq!(found("legacy/*.yaml"), "../a.yaml ../legacy/deep/c.yaml");
    assert_eq!(found("c.yaml"), "../a.yaml ../legacy/b.yaml");
    assert_eq!(found("**/deep/*"), "../a.yaml ../legacy/b.yaml");
}

#[test]
fn fail_on_gives_way_to_the_command_line() {
    let folder = with("select: [KS401]\nfail-on: warning\n");
    assert_eq!(lint(&folder, "", &["-f", "a.yaml"]).code, 1);
    assert_eq!(
        lint(&folder, "", &["-f", "a.yaml", "--fail-on", "error"]).code,
        0
    );
}

#[test]
fn facts_are_taken_from_its_folder_and_give_way_to_the_command_line() {
    let facts = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inferenceservice-config, namespace: kserve}\n\
                 data:\n  deploy: '{\"defaultDeploymentMode\": \"Standard\"}'\n";
    let folder = with("select: [KS401]\nfacts: [cluster]\n");
    std::fs::create_dir(folder.path().join("cluster")).unwrap();
    std::fs::write(folder.path().join("cluster/config.yaml"), facts).unwrap();
    std::fs::write(
        folder.path().join("none.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
    )
    .unwrap();
    let said = |arguments: &[&str]| {
        lint(&folder, "legacy", &[&["-f", "b.yaml"], arguments].concat()).stdout
    };
    assert!(
        said(&[]).contains("those of the pod as a whole"),
        "{}",
        said(&[])
    );
    assert!(said(&["--facts", "../none.yaml"]).contains("lost in silence"));
}

#[test]
fn what_is_not_understood_is_an_error_with_its_place() {
    for (config, said) in [
        (
            "selekt: [KS1]\n",
            ".kscale.yaml:1:1: no setting is called selekt",
        ),
        (
            "ignore:\n  - KS401\n  - KS999\n",
            ".kscale.yaml:3:5: no rule is meant by KS999",
        ),
        (
            "per-path-ignore:\n  \"a[\": [KS1]\n",
            ".kscale.yaml:2:3: this is no glob",
        ),
        (
            "per-path-ignore: [a]\n",
            ".kscale.yaml:1:1: per-path-ignore is a mapping",
        ),
        (
            "fail-on: often\n",
            ".kscale.yaml:1:1: fail-on is error, warning, info or never",
        ),
        (
            "select: {a: b}\n",
            ".kscale.yaml:1:1: a text, or a sequence of texts",
        ),
        (
            "- KS401\n",
            ".kscale.yaml:1:1: this file is a mapping of settings",
        ),
        ("select: [\n", ".kscale.yaml:1:9: a bracket is opened"),
        (
            "select: KS1\nselect: KS2\n",
            ".kscale.yaml:2:1: the key `select` is written twice",
        ),
        (
            "select: KS1\n---\nselect: KS2\n",
            ".kscale.yaml:3:1: a second document",
        ),
    ] {
        let folder = folder(&[(".kscale.yaml", config), ("a.yaml", RIGHT)]);
        let ran = lint(&folder, "", &["-f", "a.yaml"]);
        assert!(ran.stderr.contains(said), "{config}: {}", ran.stderr);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{config}");
        assert!(ran.stderr.contains("error: "), "{}", ran.stderr);
    }
}

#[test]
fn it_is_no_manifest() {
    let folder = with("select: [KS9]\n");
    let ran = lint(&folder, "", &["-f", ".", "--strict"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[test]
fn an_empty_one_changes_nothing() {
    let folder = folder(&[(".kscale.yaml", "# later\n"), ("a.yaml", ERROR)]);
    assert_eq!(lint(&folder, "", &["-f", "a.yaml"]).code, 1);
}
