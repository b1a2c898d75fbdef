//! `cargo xtask docs`: the files that the plugin writes about itself.

use crate::cli::DocsArgs;
use crate::failure::Failure;
use crate::program;
use std::path::Path;
use std::process::Command;

/// What `kubectl-kscale generate WHAT` prints, and where it is kept.
struct Generated {
    what: &'static str,
    path: &'static str,
}

const GENERATED: [Generated; 2] = [
    Generated {
        what: "cli-reference",
        path: "docs/cli.md",
    },
    Generated {
        what: "json-schema",
        path: "docs/schema/kscale.dev_v1alpha1.json",
    },
];

/// Writes them, or with `--check` tells where they differ.
pub(crate) fn run(args: &DocsArgs) -> Result<(), Failure> {
    // --workspace: the features, hence the artefacts, that `cargo test --workspace` uses.
    let built = program::build(&["--workspace", "--bin", "kubectl-kscale"])?;
    let plugin = built.get("kubectl-kscale").ok_or_else(|| {
        Failure::new(
            "cargo built no kubectl-kscale",
            "does kubectl-kscale/Cargo.toml still have that binary?",
        )
    })?;
    let mut differ = Vec::new();
    for Generated { what, path } in GENERATED {
        let new = program::output_of(
            Command::new(plugin).args(["generate", what]),
            "the plugin must print this file: see its hidden `generate` command",
        )?;
        let old = std::fs::read(path).unwrap_or_default();
        if old == new {
            println!("{path}: up to date");
        } else if args.check {
            differ.push(format!("{path} ({})", first_difference(&old, &new)));
        } else {
            write(path, &new)?;
            println!("{path}: written");
        }
    }
    if differ.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        format!("out of date: {}", differ.join(", ")),
        "run `cargo xtask docs` and commit what it writes",
    ))
}

fn write(path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let folder = Path::new(path).parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, bytes))
        .map_err(|error| {
            Failure::new(
                format!("cannot write {path}: {error}"),
                "is the checkout writable?",
            )
        })
}

/// Where to look; the whole difference is `git diff` after `cargo xtask docs`.
fn first_difference(old: &[u8], new: &[u8]) -> String {
    if old.is_empty() {
        return "missing or empty".to_owned();
    }
    let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let line = new[..same].iter().filter(|&&byte| byte == b'\n').count() + 1;
    format!("differs from line {line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_line_that_differs() {
        assert_eq!(first_difference(b"", b"a\n"), "missing or empty");
        assert_eq!(
            first_difference(b"a\nb\n", b"a\nc\n"),
            "differs from line 2"
        );
        assert_eq!(first_difference(b"a\n", b"a\nb\n"), "differs from line 2");
        assert_eq!(first_difference(b"a\nb\n", b"a\n"), "differs from line 2");
    }
}
