//! Situations in the image of the recordings, and such as were not recorded. The comments at the top of a file say what is
//! named of which workload, and which settings differ from the prediction: `# InferenceService/bert: draining`,
//! `# InferenceService/bert differs: class`.

use std::path::Path;

use crate::load::{documents, look, slugs};

#[test]
fn every_situation_is_named_for_what_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/observed");
    let read = std::fs::read_dir(&folder).expect("the fixtures are committed");
    let mut wrong = Vec::new();
    let mut held = 0;
    for entry in read {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&path).expect("a fixture");
        let objects = documents(&path);
        let said = text.lines().filter_map(|line| line.strip_prefix("# "));
        // The first line is prose.
        for (about, wanted) in said.skip(1).filter_map(|line| line.split_once(':')) {
            let of_difference = about.strip_suffix(" differs");
            let (kind, workload) = of_difference
                .unwrap_or(about)
                .split_once('/')
                .expect("Kind/name");
            let explanation = look(&objects, kind, workload);
            let found = match of_difference {
                Some(_) => fields(&explanation),
                None => slugs(&explanation).join(" "),
            };
            held += 1;
            if found != wanted.trim() {
                wrong.push(format!(
                    "{name}, {about}:\n  told   {found}\n  wanted {}",
                    wanted.trim()
                ));
            }
        }
        let found = fields(&look(&objects, "InferenceService", "bert"));
        if !text.contains(" differs: ") && !found.is_empty() {
            wrong.push(format!("{name} differs, which is not said: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(held >= 50, "only {held} situations were held");
}

/// What differs, each once.
fn fields(explanation: &kscale_rules::explain::Explanation) -> String {
    let observed = explanation.observed.as_ref().expect("it was looked at");
    let mut fields: Vec<&str> = Vec::new();
    for difference in &observed.differences {
        if !fields.contains(&difference.field.as_str()) {
            fields.push(&difference.field);
        }
    }
    fields.join(" ")
}
