//! What is said of a live workload, held against recordings of real controllers and against fixtures in their image: the
//! causes that are named at each step, all of them and no other.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

mod load;

use load::{documents, look, recordings, slugs};

#[test]
fn dump() {
    let Some(root) = recordings() else { return };
    let mut dirs: Vec<_> = std::fs::read_dir(&root)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .collect();
    dirs.sort();
    for dir in dirs {
        let mut files: Vec<_> = std::fs::read_dir(&dir)
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        files.sort();
        for step in files
            .iter()
            .filter(|f| f.file_name().unwrap().to_string_lossy().starts_with("step"))
        {
            let mut objects = documents(step);
            objects.extend(documents(&dir.join("facts.yaml")));
            for name in objects
                .iter()
                .filter(|o| o["kind"] == "InferenceService")
                .map(|o| o["metadata"]["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
            {
                let explanation = look(&objects, "InferenceService", &name);
                println!(
                    "{} {name} {:?}",
                    step.strip_prefix(&root).unwrap().display(),
                    slugs(&explanation)
                );
                let o = explanation.observed.as_ref().unwrap();
                for d in &o.differences {
                    println!(
                        "      ≠ {} {} predicted {} observed {} | {}",
                        d.object, d.field, d.predicted, d.observed, d.why
                    );
                }
                if std::env::var("FULL").is_ok() {
                    for c in &o.causes {
                        println!(
                            "      {:?} {} {}\n         {}\n         help {}",
                            c.severity,
                            c.slug,
                            c.message,
                            c.evidence.join("\n         "),
                            c.help
                        );
                    }
                }
            }
        }
    }
}
