//! Running other programs, always from the workspace's root.

use crate::failure::Failure;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Makes the workspace's root the current folder, wherever `cargo xtask` was called.
pub(crate) fn enter_root() -> Result<(), Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::env::set_current_dir(here.parent().unwrap_or(here)).map_err(|error| {
        Failure::new(
            format!("cannot enter the workspace: {error}"),
            "was it moved after it was built? run `cargo clean -p xtask`",
        )
    })
}

/// The cargo that runs this very program, so that both agree on the toolchain.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs to the end with this program's own stdout and stderr. `to_do` is the hint if it fails.
pub(crate) fn run(command: &mut Command, to_do: &str) -> Result<(), Failure> {
    let status = command.status().map_err(|e| not_started(command, &e))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(
            format!("`{}` failed ({status})", line(command)),
            to_do,
        ))
    }
}

/// What a program printed; its stderr goes to ours.
pub(crate) fn output_of(command: &mut Command, to_do: &str) -> Result<Vec<u8>, Failure> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(Failure::new(
            format!("`{}` failed ({})", line(command), output.status),
            to_do,
        ))
    }
}

/// True if the program is there and ends well. It prints nothing.
pub(crate) fn works(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Builds with the given arguments of `cargo build` and tells where each executable lies, by target name.
/// Asking cargo holds under any target folder and profile; a guessed path does not.
pub(crate) fn build(args: &[&str]) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let mut command = cargo();
    command
        .args(["build", "--locked"])
        .args(args)
        .arg("--message-format=json-render-diagnostics");
    let stdout = output_of(&mut command, "mend what the compiler says above")?;
    Ok(String::from_utf8_lossy(&stdout)
        .lines()
        .filter_map(|line| executable(&serde_json::from_str(line).ok()?))
        .collect())
}

fn executable(message: &Value) -> Option<(String, PathBuf)> {
    let name = message["target"]["name"].as_str()?;
    let path = message["executable"].as_str()?;
    Some((name.to_owned(), path.into()))
}

/// The command as one would type it, for messages.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    std::iter::once(program.file_name().unwrap_or(command.get_program()))
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

pub(crate) fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("cannot run `{}`: {error}", line(command)),
        "is it installed, and on the PATH?",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artifact_without_executable_is_none() {
        let lib = serde_json::json!({"reason": "compiler-artifact", "target": {"name": "serde"}, "executable": null});
        assert_eq!(executable(&lib), None);
        let bin = serde_json::json!({"target": {"name": "kubectl-kscale"}, "executable": "/t/debug/kubectl-kscale"});
        let expected = (
            "kubectl-kscale".to_owned(),
            "/t/debug/kubectl-kscale".into(),
        );
        assert_eq!(executable(&bin), Some(expected));
    }

    #[test]
    fn a_line_names_the_program_without_its_folder() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.args(["fmt", "--all"]);
        assert_eq!(line(&command), "cargo fmt --all");
    }
}
