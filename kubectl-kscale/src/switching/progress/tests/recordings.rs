//! Changes that real controllers were recorded at, where the recordings lie beside the project.

use super::*;

/// Where they are; none on a machine without them.
fn recordings() -> Option<PathBuf> {
    let named = |name| std::env::var_os(name).map(PathBuf::from);
    let folder = named("KSCALE_RECORDINGS_DIR").unwrap_or_else(|| {
        let shared = named("KSCALE_SHARED").unwrap_or_else(|| repository().join("../shared"));
        shared.join("recordings")
    });
    folder.is_dir().then_some(folder)
}

/// All documents of `folder/step-N-….yaml` or `folder/facts.yaml`, by their beginning.
fn step(root: &Path, name: &str) -> Vec<Value> {
    let (folder, start) = name.split_once('/').unwrap();
    let mut files: Vec<PathBuf> = std::fs::read_dir(root.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with(start) && name.ends_with(".yaml")
        })
        .collect();
    files.sort();
    documents(files.first().unwrap_or_else(|| panic!("no {name}")))
}

fn service<'a>(objects: &'a [Value], name: &str) -> &'a Value {
    objects
        .iter()
        .find(|one| one["kind"] == "InferenceService" && one["metadata"]["name"] == name)
        .unwrap()
}

/// A change: what was before, and what is held against it.
struct Change {
    /// The step before it, and where the service is new, what its user would have had before.
    before: (
        &'static str,
        &'static [(&'static str, Option<&'static str>)],
    ),
    /// A step in which it is written.
    after: &'static str,
    service: &'static str,
    /// Steps, the facts of the same minute, how far everything is, and what never comes by itself.
    steps: &'static [(&'static str, &'static str, &'static str, &'static str)],
}

const CLASS: &str = "/metadata/annotations/autoscaling.knative.dev~1class";
const METRIC: &str = "/spec/predictor/scaleMetric";
const TARGET: &str = "/spec/predictor/scaleTarget";
const WAS_KPA: &[(&str, Option<&str>)] = &[(CLASS, None), (METRIC, None), (TARGET, None)];
const NOTHING: &str = "edit? revision?";
const STUCK: &str = "edit revision scaler? hpa? pods ready? traffic?";
const DONE: &str = "edit revision scaler hpa active pods ready traffic";
const MISSING: &str = "hpa-extension-missing";

#[rustfmt::skip]
const CHANGES: [Change; 9] = [
    Change { before: ("02-hpa-with-extension-ready/step-1", WAS_KPA), after: "02-hpa-with-extension-ready/step-1", service: "hpa-ready", steps: &[
        ("02-hpa-with-extension-ready/step-1", "02-hpa-with-extension-ready/facts-no", "edit revision scaler hpa active? pods ready? traffic?", ""),
        ("02-hpa-with-extension-ready/step-2", "02-hpa-with-extension-ready/facts-no", DONE, ""),
        ("02-hpa-with-extension-ready/step-3", "02-hpa-with-extension-ready/facts.", DONE, ""),
    ]},
    Change { before: ("03-hpa-no-extension-new/step-1", WAS_KPA), after: "03-hpa-no-extension-new/step-1", service: "hpa-new", steps: &[
        ("03-hpa-no-extension-new/step-1", "03-hpa-no-extension-new/facts.", "edit revision scaler? hpa? pods? ready? traffic?", MISSING),
        ("03-hpa-no-extension-new/step-2", "03-hpa-no-extension-new/facts.", STUCK, MISSING),
        ("03-hpa-no-extension-new/step-3", "10-install-extension-after-stuck/facts.", DONE, ""),
    ]},
    Change { before: ("04-kpa-to-hpa-no-extension/step-1", &[]), after: "04-kpa-to-hpa-no-extension/step-2", service: "switch", steps: &[
        ("04-kpa-to-hpa-no-extension/step-1", "04-kpa-to-hpa-no-extension/facts.", NOTHING, ""),
        ("04-kpa-to-hpa-no-extension/step-2", "04-kpa-to-hpa-no-extension/facts.", "edit revision scaler? hpa? pods? ready? traffic?", MISSING),
        ("04-kpa-to-hpa-no-extension/step-3", "04-kpa-to-hpa-no-extension/facts.", STUCK, MISSING),
        ("04-kpa-to-hpa-no-extension/step-4", "04-kpa-to-hpa-no-extension/facts.", STUCK, MISSING),
        ("04-kpa-to-hpa-no-extension/step-5", "10-install-extension-after-stuck/facts.", DONE, ""),
    ]},
    Change { before: ("05-kpa-to-hpa-with-extension/step-1", &[]), after: "05-kpa-to-hpa-with-extension/step-2", service: "switch", steps: &[
        ("05-kpa-to-hpa-with-extension/step-1", "05-kpa-to-hpa-with-extension/facts.", NOTHING, ""),
        ("05-kpa-to-hpa-with-extension/step-2", "05-kpa-to-hpa-with-extension/facts.", "edit revision scaler hpa active? pods ready? traffic?", ""),
        ("05-kpa-to-hpa-with-extension/step-3", "05-kpa-to-hpa-with-extension/facts.", DONE, ""),
        ("05-kpa-to-hpa-with-extension/step-4", "05-kpa-to-hpa-with-extension/facts.", DONE, ""),
    ]},
    Change { before: ("06-hpa-to-kpa/step-1", &[]), after: "06-hpa-to-kpa/step-2", service: "switch", steps: &[
        ("06-hpa-to-kpa/step-1", "06-hpa-to-kpa/facts.", NOTHING, ""),
        ("06-hpa-to-kpa/step-2", "06-hpa-to-kpa/facts.", "edit revision scaler pods? ready? traffic?", ""),
        ("06-hpa-to-kpa/step-3", "06-hpa-to-kpa/facts.", "edit revision scaler pods ready traffic", ""),
        ("06-hpa-to-kpa/step-4", "06-hpa-to-kpa/facts.", "edit revision scaler pods ready traffic", ""),
    ]},
    Change { before: ("07-misspelt-class-hpa/step-2", &[(CLASS, None)]), after: "07-misspelt-class-hpa/step-2", service: "typo", steps: &[
        ("07-misspelt-class-hpa/step-3", "07-misspelt-class-hpa/facts.", "edit revision scaler? pods ready? traffic?", "unknown-class"),
        ("07-misspelt-class-hpa/step-4", "07-misspelt-class-hpa/facts-with", "edit revision scaler? pods ready? traffic?", "unknown-class"),
    ]},
    Change { before: ("08-hpa-refused-by-apiserver/step-4", WAS_KPA), after: "08-hpa-refused-by-apiserver/step-4", service: "minmax", steps: &[
        ("08-hpa-refused-by-apiserver/step-4", "08-hpa-refused-by-apiserver/facts.", "edit revision scaler hpa? pods? ready? traffic?", "hpa-refused"),
        ("08-hpa-refused-by-apiserver/step-5", "08-hpa-refused-by-apiserver/facts.", "edit revision scaler hpa? pods ready? traffic?", "hpa-refused"),
        ("08-hpa-refused-by-apiserver/step-6", "08-hpa-refused-by-apiserver/facts-before", DONE, ""),
    ]},
    Change { before: ("09-ksvc-refused-by-webhook/step-3", &[("/metadata/annotations/autoscaling.knative.dev~1metric", None), ("/metadata/annotations/autoscaling.knative.dev~1target", None)]), after: "09-ksvc-refused-by-webhook/step-3", service: "live", steps: &[
        ("09-ksvc-refused-by-webhook/step-3", "09-ksvc-refused-by-webhook/facts.", NOTHING, "knative-refused"),
    ]},
    Change { before: ("10-install-extension-after-stuck/step-1", WAS_KPA), after: "10-install-extension-after-stuck/step-1", service: "hpa-new", steps: &[
        ("10-install-extension-after-stuck/step-1", "10-install-extension-after-stuck/facts-before", STUCK, MISSING),
        ("10-install-extension-after-stuck/step-2", "10-install-extension-after-stuck/facts.", "edit revision scaler hpa active? pods ready? traffic?", ""),
        ("10-install-extension-after-stuck/step-3", "10-install-extension-after-stuck/facts.", DONE, ""),
    ]},
];

#[test]
fn each_step_of_each_recorded_change_is_where_it_is() {
    let Some(root) = recordings() else { return };
    let mut wrong = Vec::new();
    for change in CHANGES {
        let (before, edits) = change.before;
        let mut before = service(&step(&root, before), change.service).clone();
        for (pointer, value) in edits {
            put(&mut before, pointer, *value);
        }
        if !edits.is_empty() && change.service != "live" {
            before.as_object_mut().unwrap().remove("status");
        }
        let after = service(&step(&root, change.after), change.service).clone();
        for (name, facts, wanted, never) in change.steps {
            let (objects, mut around) = (step(&root, name), step(&root, facts));
            let facts = facts_of(&around);
            let goal = goal(&before, &after, &facts);
            let seen = watched(&goal, &objects);
            around.extend(objects);
            let standing = judge(&goal, &seen);
            let diagnosis = Diagnosis::of(&goal, &seen, &around, &facts, "");
            let found = (short(&standing), diagnosis.lasting().join(" "));
            if found != ((*wanted).to_owned(), (*never).to_owned()) {
                wrong.push(format!("{name} {}: {found:?}", change.service));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is said of recordings in which nothing comes.
#[test]
fn a_recorded_refusal_is_told_in_its_own_words() {
    let Some(root) = recordings() else { return };
    let told = |name: &str, facts: &str, service_name: &str, edits: &[(&str, Option<&str>)]| {
        let (objects, mut around) = (step(&root, name), step(&root, facts));
        let after = service(&objects, service_name).clone();
        let mut before = after.clone();
        for (pointer, value) in edits {
            put(&mut before, pointer, *value);
        }
        // The other was new when it was recorded.
        if service_name != "live" {
            before.as_object_mut().unwrap().remove("status");
        }
        let facts = facts_of(&around);
        let goal = goal(&before, &after, &facts);
        let seen = watched(&goal, &objects);
        around.extend(objects);
        let diagnosis = Diagnosis::of(&goal, &seen, &around, &facts, "");
        diagnosis.reasons(&goal, &judge(&goal, &seen)).join("\n")
    };
    let refused = told(
        "08-hpa-refused-by-apiserver/step-5",
        "08-hpa-refused-by-apiserver/facts.",
        "minmax",
        WAS_KPA,
    );
    assert!(
        refused.contains(
            "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`"
        ),
        "{refused}"
    );
    let refused = told(
        "09-ksvc-refused-by-webhook/step-3",
        "09-ksvc-refused-by-webhook/facts.",
        "live",
        &[(
            "/metadata/annotations/autoscaling.knative.dev~1metric",
            None,
        )],
    );
    assert!(
        refused.contains(
            "admission webhook \"validation.webhook.serving.knative.dev\" denied the request"
        ),
        "{refused}"
    );
    assert!(
        refused.contains("goes on serving unchanged (live-predictor-00001)"),
        "{refused}"
    );
}
