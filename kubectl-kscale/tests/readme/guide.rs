//! The guides, and the commands in them.

use std::path::{Path, PathBuf};

/// Written by the program itself: its examples name files of the reader's, and `tests/explain/generated.rs` holds it.
const GENERATED: &str = "docs/cli.md";

/// A text that tells a reader what to type.
pub(crate) struct Guide {
    /// From the workspace's folder.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// One command of a guide, and what the guide shows of its standard output.
#[derive(Debug, PartialEq)]
pub(crate) struct Example {
    /// The line in the guide, from 1.
    pub(crate) line: usize,
    pub(crate) command: String,
    pub(crate) shown: Option<String>,
}

/// The workspace.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap()
}

/// README, CONTRIBUTING, CHANGELOG and every Markdown file of docs/.
pub(crate) fn guides() -> Vec<Guide> {
    let mut paths: Vec<PathBuf> = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        .map(PathBuf::from)
        .to_vec();
    let mut folders = vec![PathBuf::from("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            if root().join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        Guide { path, text }
    };
    paths.into_iter().map(read).collect()
}

impl Guide {
    /// Whether the program writes it.
    pub(crate) fn is_generated(&self) -> bool {
        self.path == Path::new(GENERATED)
    }

    /// All commands of its `sh` and `console` blocks, in order.
    pub(crate) fn examples(&self) -> Vec<Example> {
        let mut found: Vec<Example> = Vec::new();
        let mut language: Option<&str> = None;
        for (index, line) in self.text.lines().enumerate() {
            if let Some(info) = line.trim_start().strip_prefix("```") {
                language = language.is_none().then(|| info.trim());
                continue;
            }
            let command = match language {
                // A line of its own each; a comment is for the reader.
                Some("sh" | "bash" | "shell") => Some(line.trim())
                    .filter(|command| !command.is_empty() && !command.starts_with('#')),
                Some("console") => line.strip_prefix("$ "),
                _ => continue,
            };
            match (command, language, found.last_mut()) {
                (Some(command), _, _) => found.push(Example {
                    line: index + 1,
                    command: command.to_owned(),
                    shown: None,
                }),
                (None, Some("console"), Some(last)) => {
                    let shown = last.shown.get_or_insert_default();
                    shown.push_str(line);
                    shown.push('\n');
                }
                (None, _, _) => {}
            }
        }
        found
    }
}

mod tests {
    use super::{Example, Guide};

    #[test]
    fn commands_and_what_is_shown_of_them_are_told_apart() {
        let text = "\
# Title
```sh
# a comment
first --flag

VAR=1 second
```
```text
not a command
```
```console
$ third
one

two
$ fourth
```
";
        let guide = Guide {
            path: "guide.md".into(),
            text: text.to_owned(),
        };
        let example = |line, command: &str, shown: Option<&str>| Example {
            line,
            command: command.to_owned(),
            shown: shown.map(str::to_owned),
        };
        assert_eq!(
            guide.examples(),
            [
                example(4, "first --flag", None),
                example(6, "VAR=1 second", None),
                example(12, "third", Some("one\n\ntwo\n")),
                example(16, "fourth", None),
            ]
        );
    }
}
