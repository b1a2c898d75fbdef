//! What was recorded: excerpts that are always there, held against the recordings themselves where those are at hand.

use std::path::{Path, PathBuf};

use kscale_control_plane::{documents, shared};
use libtest_mimic::{Failed, Trial};

use crate::plane::Outcome;
use crate::states::of_objects;

pub(crate) fn trials() -> Vec<Trial> {
    vec![against_recordings(
        "recordings::excerpts_are_what_was_recorded",
        excerpts,
    )]
}

/// A test that is ignored where the recordings are not at hand.
pub(crate) fn against_recordings(name: &str, test: fn() -> Outcome) -> Trial {
    let run = move || test().map_err(|error| Failed::from(error.to_string()));
    Trial::test(name, run).with_ignored_flag(recording("01-kpa-ready").is_none())
}

/// Where the excerpts lie.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/played/recorded")
}

/// The states at the end of a step: `01-kpa-ready/step-2`.
pub(crate) fn recorded(step: &str) -> Result<Vec<String>, std::io::Error> {
    let file = folder().join(format!("{}.txt", step.replace('/', "-")));
    let text = std::fs::read_to_string(&file);
    let text =
        text.map_err(|error| std::io::Error::other(format!("{}: {error}", file.display())))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Where a recording lies, if it is at hand.
pub(crate) fn recording(name: &str) -> Option<PathBuf> {
    Some(shared()?.join("recordings").join(name)).filter(|folder| folder.is_dir())
}

fn excerpts() -> Outcome {
    let write = std::env::var_os("KSCALE_WRITE_EXCERPTS").is_some();
    for step in STEPS {
        let (name, number) = step.split_once('/').unwrap_or_default();
        let Some(recording) = recording(name) else {
            continue;
        };
        let prefix = format!("{number}-");
        let file = std::fs::read_dir(&recording)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|file| {
                file.file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with(&prefix))
            })
            .ok_or(format!("there is no {step}"))?;
        let states = of_objects(&documents(&file)?);
        if write {
            let text = states.join("\n") + "\n";
            std::fs::write(
                folder().join(format!("{}.txt", step.replace('/', "-"))),
                text,
            )?;
        }
        if states != recorded(step)? {
            return Err(format!("{step} is otherwise recorded:\n{}", states.join("\n")).into());
        }
    }
    Ok(())
}

/// The steps of which there is an excerpt.
const STEPS: [&str; 16] = [
    "01-kpa-ready/step-2",
    "02-hpa-with-extension-ready/step-2",
    "03-hpa-no-extension-new/step-2",
    "04-kpa-to-hpa-no-extension/step-1",
    "04-kpa-to-hpa-no-extension/step-3",
    "04-kpa-to-hpa-no-extension/step-5",
    "05-kpa-to-hpa-with-extension/step-4",
    "06-hpa-to-kpa/step-1",
    "06-hpa-to-kpa/step-4",
    "06-hpa-to-kpa/step-5",
    "08-hpa-refused-by-apiserver/step-2",
    "09-ksvc-refused-by-webhook/step-1",
    "09-ksvc-refused-by-webhook/step-3",
    "10-install-extension-after-stuck/step-1",
    "10-install-extension-after-stuck/step-3",
    "12-standard-mode/step-2",
];
