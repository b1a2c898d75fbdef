//! Who decides on colours.

use crate::process::{Run, explain, fixture};

fn ask(arguments: &[&str]) -> Run {
    explain(&[&["-f", &fixture("cpu.yaml")], arguments].concat()).env("TERM", "xterm-256color")
}

fn is_coloured(run: Run) -> bool {
    run.run().clean().contains('\u{1b}')
}

#[test]
fn a_pipe_gets_none() {
    assert!(!is_coloured(ask(&[])));
}

#[test]
fn clicolor_force_puts_them_everywhere() {
    assert!(is_coloured(ask(&[]).env("CLICOLOR_FORCE", "1")));
    assert!(!is_coloured(ask(&[]).env("CLICOLOR_FORCE", "")));
}

#[test]
fn no_color_takes_them_away() {
    let both = ask(&[]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    assert!(!is_coloured(both));
}

#[test]
fn the_flag_decides_over_all_of_them() {
    assert!(is_coloured(
        ask(&["--color", "always"]).env("NO_COLOR", "1")
    ));
    assert!(is_coloured(ask(&["--color=always"])));
    let never = ask(&["--color=never"]).env("CLICOLOR_FORCE", "1");
    assert!(!is_coloured(never));
}

#[test]
fn the_flag_decides_on_errors_of_the_command_line_too() {
    let wrong = |color: &str| explain(&[color, "--nonsense"]).run().refused();
    assert!(wrong("--color=always").contains('\u{1b}'));
    assert!(!wrong("--color=never").contains('\u{1b}'));
}

#[test]
fn data_has_none() {
    for format in ["json", "yaml", "name"] {
        assert!(!is_coloured(ask(&["--color", "always", "-o", format])));
    }
}

#[test]
fn without_colours_the_words_are_the_same() {
    let coloured = ask(&["--color", "always"]).run().clean();
    let plain = ask(&[]).run().clean();
    assert_eq!(without_codes(&coloured), plain);
}

/// Every code here is `ESC [ … m`.
fn without_codes(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap().to_owned();
    pieces.fold(first, |plain, piece| {
        plain + piece.split_once('m').unwrap().1
    })
}
