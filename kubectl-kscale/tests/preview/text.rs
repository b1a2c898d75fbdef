//! What people read.

use crate::{CLUSTER, preview};

fn shown(arguments: &[&str], columns: usize) -> String {
    let ran = preview(&[arguments, &["--facts", CLUSTER]].concat())
        .columns(columns)
        .run();
    assert_eq!((ran.stderr.as_str(), ran.code), ("", 1));
    ran.stdout
}

#[test]
fn causes_come_most_dangerous_first_with_what_to_do() {
    insta::assert_snapshot!(shown(&["--kserve", "0.18.0"], 80), @"");
}

#[test]
fn narrow_pages_break_between_words_and_the_upgrade_as_a_whole_comes_first() {
    let asked = ["--knative", "1.23.0", "--kubernetes", "1.33"];
    insta::assert_snapshot!(shown(&asked, 60), @"");
}

#[test]
fn wide_shows_both_values_of_every_workload() {
    let asked = ["--kserve", "0.20.0", "-o", "wide", "-n", "batch"];
    insta::assert_snapshot!(shown(&asked, 80), @"");
}

#[test]
fn many_workloads_of_one_kind_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let service = |number: usize| {
        format!(
            "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata:\n  name: model-{number}\n  \
             annotations: {{serving.kserve.io/deploymentMode: RawDeployment}}\nspec:\n  predictor:\n    model: \
             {{modelFormat: {{name: sklearn}}, storageUri: s3://m}}\n"
        )
    };
    let manifests: Vec<String> = (0..40).map(service).collect();
    let file = folder.path().join("models.yaml");
    std::fs::write(&file, manifests.join("---\n")).unwrap();
    let file = file.to_str().unwrap();
    let asked = [
        "--kserve",
        "0.18.0",
        "--kserve-version",
        "0.15.2",
        "-f",
        file,
    ];
    let ran = preview(&asked).run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains("40 workloads: 40 would break"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("model-5 and 34 more"), "{}", ran.stdout);
    let wide = preview(&[&asked[..], &["-o", "wide"]].concat())
        .run()
        .stdout;
    assert!(
        wide.contains("model-39") && !wide.contains(" more"),
        "{wide}"
    );
}
