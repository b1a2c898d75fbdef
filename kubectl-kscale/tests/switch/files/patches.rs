//! The difference, as `patch` takes it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{BERT, CONFIG, IRIS, changed_lines, folder, switch, text_of, to_hpa};

#[test]
fn the_difference_is_printed_and_the_story_beside_it() {
    let files = folder(&[("bert.yaml", BERT)]);
    let ran = to_hpa(files.path(), &["-f", "bert.yaml"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.stdout, @r#"
    --- bert.yaml
    +++ bert.yaml
    @@ -4,15 +4,18 @@
     metadata:
       name: bert   # as in the paper
       labels: {team: 'search'}
    +  annotations:
    +    autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
     spec:
       predictor:
         minReplicas: 1    # never to zero
         maxReplicas: 5
         # Measured last spring.
    -    scaleTarget: 10
    +    scaleTarget: 80
         model:
           modelFormat:
             name: "huggingface"
           storageUri: s3://models/bert   # pinned
           resources:
             requests: {cpu: "1", memory: 2Gi}
    +    scaleMetric: cpu
    "#);
    insta::assert_snapshot!(ran.stderr, @"
    isvc/bert: kpa → knative-hpa
      predictor  kpa on concurrency 10, 1 to 5 pods
                 → knative-hpa on cpu 80%, 1 to 5 pods

    chosen   metric cpu: what an HPA scales on unless another metric is named
             target 80: 80 % of the cpu that the pod requests, the default of KServe
             and Kubernetes; the 10 of now count requests at the same time
             maxReplicas 5: the upper bound of now is kept
             class hpa.autoscaling.knative.dev: on the InferenceService, since
             KServe's webhook judges all components by the class there
    rolls    predictor: a new revision that starts with 1 pod; its template changes:
             class, metric, target
    costs    1 pod or more runs beside those of now, as many as the load needs:
             1025m cpu, 2Gi memory
    needs    ? 4 things of a cluster, at which nobody looked
               hint: -o wide names them; a cluster or --facts tells whether they are
               there
    risks    ‼ the new Revision takes all requests with 1 pod, and nobody looked how
               many run now (KS706)
               hint: let it start with as many with --keep-capacity, or raise
               minReplicas with --min
    ");
}

/// Puts a difference into a folder; false where there is no such program.
fn put(program: &[&str], diff: &str, folder: &Path) -> bool {
    let mut command = Command::new(program[0]);
    command
        .args(&program[1..])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(diff.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success(), "{program:?}: {diff}");
    true
}

#[test]
fn patch_and_git_make_of_it_what_write_does() {
    let all = format!("{BERT}---\n{CONFIG}---\n{IRIS}");
    // Without a line break at its end, too.
    let files = [("a.yaml", all.as_str()), ("sub/b.yaml", IRIS.trim_end())];
    let arguments = ["-f", "a.yaml", "-f", "sub/b.yaml"];
    let written = folder(&files);
    let diff = to_hpa(written.path(), &arguments).stdout;
    let ran = to_hpa(written.path(), &[&arguments[..], &["--write"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let programs: [&[&str]; 2] = [
        &["patch", "-p0", "--no-backup-if-mismatch"],
        &["git", "apply", "-p0"],
    ];
    let mut used = 0;
    for program in programs {
        let patched = folder(&files);
        if !put(program, &diff, patched.path()) {
            continue;
        }
        used += 1;
        for (name, before) in files {
            let after = text_of(written.path(), name);
            assert_eq!(text_of(patched.path(), name), after, "{program:?} {name}");
            assert_ne!(after, before);
        }
    }
    assert!(used > 0, "neither patch nor git is on the PATH");
}

#[test]
fn ci_can_ask_whether_there_is_a_difference() {
    let files = folder(&[("bert.yaml", BERT)]);
    let ask = || to_hpa(files.path(), &["-f", "bert.yaml", "--exit-code"]);
    let ran = ask();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(changed_lines(&ran.stdout).contains("+"), "{}", ran.stdout);
    to_hpa(files.path(), &["-f", "bert.yaml", "--write"]);
    let ran = ask();
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 0), "{}", ran.stderr);
}

#[test]
fn people_get_colours_and_nothing_that_acts_on_their_terminal() {
    let text = BERT.replace("never to zero", "never \u{202e} to zero");
    let files = folder(&[("bert.yaml", &text)]);
    let ask = |color: &str| {
        switch(&["--to", "hpa", "-f", "bert.yaml", "--color", color])
            .within(files.path())
            .run()
    };
    let plain = ask("never");
    assert!(plain.stdout.contains('\u{202e}') && !plain.stdout.contains('\u{1b}'));
    assert!(!plain.stderr.contains('\u{1b}'));
    let coloured = ask("always");
    assert!(!coloured.stdout.contains('\u{202e}') && coloured.stdout.contains("\u{1b}["));
    assert!(coloured.stderr.contains("\u{1b}["), "{}", coloured.stderr);
}

#[test]
fn narrow_pages_break_the_story() {
    let files = folder(&[("bert.yaml", BERT)]);
    let ran = switch(&["--to", "hpa", "-f", "bert.yaml"])
        .within(files.path())
        .columns(60)
        .run();
    for line in ran.stderr.lines() {
        assert!(line.chars().count() <= 60, "{line}");
    }
}
