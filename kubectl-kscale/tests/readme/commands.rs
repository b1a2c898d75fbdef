//! Every command of every guide is run, and prints what the guide shows.

use crate::guide::guides;
use crate::run::run;

#[test]
fn every_command_of_a_guide_does_what_the_guide_shows() {
    let mut wrong = Vec::new();
    for guide in guides().iter().filter(|guide| !guide.is_generated()) {
        for example in guide.examples() {
            let place = format!("{}:{}", guide.path.display(), example.line);
            let command = &example.command;
            match (run(command), example.shown) {
                (Err(why), _) => wrong.push(format!("{place}: `{command}` {why}")),
                (Ok(None), Some(_)) => {
                    wrong.push(format!("{place}: nobody holds what `{command}` shows"));
                }
                (Ok(Some(printed)), Some(shown)) if printed != shown => {
                    wrong.push(format!(
                        "{place}: `{command}` prints otherwise; put this there:\n{printed}"
                    ));
                }
                (Ok(_), _) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_readme_begins_with_the_command_that_runs_and_names_the_one_that_tests() {
    let guides = guides();
    let readme = guides
        .iter()
        .find(|guide| guide.path.ends_with("README.md"))
        .unwrap();
    let examples = readme.examples();
    assert_eq!(
        examples[0].command,
        "cargo run --release -- explain -f examples/cpu.yaml"
    );
    assert!(examples[0].shown.is_some(), "its output is not shown");
    assert!(
        examples
            .iter()
            .any(|example| example.command == "cargo xtask test")
    );
}

#[test]
fn a_command_that_is_not_known_is_an_error_not_a_skip() {
    for command in [
        "make",
        "cargo build",
        "cargo xtask no-such-command",
        "cargo run --release -- no-such-verb",
        "cargo run --release -- explain -f no-such-file.yaml",
        "cat examples/cpu.yaml | kubectl kscale explain -f -",
        "kubectl kscale explain -f examples/cpu.yaml > answer.txt",
        "cargo install --locked --path shared",
        "cargo test --release -p kscale-tests --test no-such-test",
        "NOBODY_READS_THIS=1 cargo test --release -p kscale-tests --test golden",
    ] {
        assert!(run(command).is_err(), "{command}");
    }
}
