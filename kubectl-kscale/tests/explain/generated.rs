//! The files under docs/ that the program writes about itself.

use crate::process::{kscale, root};

#[track_caller]
fn up_to_date(what: &str, path: &str) {
    let kept = std::fs::read_to_string(root().join(path)).unwrap_or_default();
    let new = kscale(&["generate", what]).run().clean();
    assert!(kept == new, "{path} is out of date: run `cargo xtask docs`");
}

#[test]
fn the_cli_reference_is_up_to_date() {
    up_to_date("cli-reference", "docs/cli.md");
}

#[test]
fn the_schema_is_up_to_date() {
    up_to_date("json-schema", "docs/schema/kscale.dev_v1alpha1.json");
}

#[test]
fn the_reference_names_every_flag_of_the_help() {
    let reference = kscale(&["generate", "cli-reference"]).run().clean();
    let help = kscale(&["explain", "--help"]).run().clean();
    let flags = help
        .split_whitespace()
        .filter(|word| word.starts_with("--"));
    // A value that may be left out stands in brackets right behind its flag.
    let flags = flags.filter_map(|flag| flag.split('[').next());
    for flag in flags.map(|flag| flag.trim_end_matches([',', ':', ';', '.', ')'])) {
        assert!(reference.contains(flag), "{flag}");
    }
}
