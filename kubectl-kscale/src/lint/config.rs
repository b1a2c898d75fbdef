//! `.kscale.yaml`: what holds for a whole folder.
//!
//! ```yaml
//! select: [KS]                  # rules that count; all of them without this
//! ignore: [KS8]                 # rules that do not
//! per-path-ignore:              # rules that do not count in some files; globs from the folder of this file
//!   "legacy/**": [KS109, KS303]
//! fail-on: warning
//! facts: [cluster/]             # --facts, where none is given; from the folder of this file
//! ```

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use clap::ValueEnum as _;
use globset::{GlobBuilder, GlobMatcher};
use serde_json::Value;

use super::policy::{Selector, UNKNOWN_HINT};
use crate::cli::FailOn;
use crate::error::Error;
use crate::input::{Document, InputArg, Options, ProblemKind, load};

/// The name that is looked for.
const NAME: &str = ".kscale.yaml";

const SETTINGS: &str = "the settings are select, ignore, per-path-ignore, fail-on and facts";

/// What stands in a `.kscale.yaml`.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The folder that paths in it start from.
    folder: PathBuf,
    pub(super) select: Vec<Selector>,
    pub(super) ignore: Vec<Selector>,
    per_path: Vec<(GlobMatcher, Vec<Selector>)>,
    pub(super) fail_on: Option<FailOn>,
    /// `--facts`, where the command line gives none.
    pub(crate) facts: Vec<OsString>,
}

/// The one in the current folder or the closest folder above it.
pub(crate) fn find() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors()
        .map(|folder| folder.join(NAME))
        .find(|file| file.is_file())
}

impl Config {
    /// Reads one. Whatever it holds that is not understood is an error: a slip must not switch a rule off in silence.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let folder = plain(path).parent().map(Path::to_owned).unwrap_or_default();
        let loaded = load(&[InputArg::Path(path.to_owned())], &Options::default());
        if let Some(problem) = loaded.problems.first() {
            if problem.kind == ProblemKind::Shape {
                let place = problem
                    .place
                    .map(|at| format!(":{}:{}", at.line, at.column));
                let place = place.unwrap_or_default();
                let what = format!(
                    "{}{place}: this file is a mapping of settings",
                    problem.source
                );
                return Err(Error::input(what).hint(SETTINGS));
            }
            let error = Error::input(problem.to_string());
            return Err(problem.hint.iter().fold(error, Error::hint));
        }
        if let Some(notice) = loaded.notices.first() {
            return Err(Error::input(notice.to_string()).hint("a doubt is an error in this file"));
        }
        let mut config = Self {
            folder,
            ..Self::default()
        };
        match loaded.documents.as_slice() {
            [] => Ok(config),
            [document] => {
                config.fill(document)?;
                Ok(config)
            }
            [_, second, ..] => {
                Err(wrong(second, "", "a second document in this file").hint("keep one"))
            }
        }
    }

    fn fill(&mut self, document: &Document) -> Result<(), Error> {
        for (key, value) in document.value.as_object().into_iter().flatten() {
            let at = pointer("", key);
            match key.as_str() {
                "select" => self.select = selectors(document, &at, value)?,
                "ignore" => self.ignore = selectors(document, &at, value)?,
                "per-path-ignore" => self.per_path(document, &at, value)?,
                "fail-on" => {
                    let known = value
                        .as_str()
                        .and_then(|text| FailOn::from_str(text, false).ok());
                    let known = known.ok_or_else(|| {
                        wrong(document, &at, "fail-on is error, warning, info or never")
                    })?;
                    self.fail_on = Some(known);
                }
                "facts" => {
                    for (_, path) in texts(document, &at, value)? {
                        self.facts.push(self.folder.join(path).into_os_string());
                    }
                }
                _ => {
                    return Err(
                        wrong(document, &at, &format!("no setting is called {key}")).hint(SETTINGS)
                    );
                }
            }
        }
        Ok(())
    }

    fn per_path(&mut self, document: &Document, at: &str, value: &Value) -> Result<(), Error> {
        let Some(map) = value.as_object() else {
            return Err(wrong(
                document,
                at,
                "per-path-ignore is a mapping of globs to codes",
            ));
        };
        for (glob, codes) in map {
            let at = pointer(at, glob);
            let matcher = GlobBuilder::new(glob)
                .literal_separator(true)
                .build()
                .map_err(|error| {
                    wrong(document, &at, &format!("this is no glob: {}", error.kind()))
                })?;
            let selectors = selectors(document, &at, codes)?;
            self.per_path.push((matcher.compile_matcher(), selectors));
        }
        Ok(())
    }

    /// What is ignored in the file at `path`.
    pub(super) fn ignored_in(&self, path: &Path) -> impl Iterator<Item = &Selector> {
        let path = plain(path);
        let path = path.strip_prefix(&self.folder).map(Path::to_owned).ok();
        let matching = self.per_path.iter().filter(move |(glob, _)| {
            let Some(path) = &path else { return false };
            // As in .gitignore: a glob without a slash is about names, wherever they are.
            let by_name = !glob.glob().glob().contains('/');
            let name = path.file_name().map(Path::new);
            glob.is_match(path) || (by_name && name.is_some_and(|name| glob.is_match(name)))
        });
        matching.flat_map(|(_, selectors)| selectors)
    }
}

fn selectors(document: &Document, at: &str, value: &Value) -> Result<Vec<Selector>, Error> {
    let texts = texts(document, at, value)?;
    let parsed = texts.into_iter().map(|(at, text)| {
        Selector::parse(text).ok_or_else(|| {
            wrong(document, &at, &format!("no rule is meant by {text}")).hint(UNKNOWN_HINT)
        })
    });
    parsed.collect()
}

/// A text, or a sequence of texts, each with its pointer.
fn texts<'a>(
    document: &Document,
    at: &str,
    value: &'a Value,
) -> Result<Vec<(String, &'a str)>, Error> {
    let one = |at: String, value: &'a Value| match value.as_str() {
        Some(text) => Ok((at, text)),
        None => Err(wrong(
            document,
            &at,
            "a text, or a sequence of texts, is expected here",
        )),
    };
    match value.as_array() {
        Some(items) => {
            let items = items.iter().enumerate();
            items
                .map(|(index, item)| one(format!("{at}/{index}"), item))
                .collect()
        }
        None => Ok(vec![one(at.to_owned(), value)?]),
    }
}

fn pointer(parent: &str, key: &str) -> String {
    format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn wrong(document: &Document, at: &str, message: &str) -> Error {
    let places = &document.places;
    let source = &document.origin.source;
    match places.key_at(at).or_else(|| places.nearest(at)) {
        Some(place) => Error::input(format!(
            "{source}:{}:{}: {message}",
            place.line, place.column
        )),
        None => Error::input(format!("{source}: {message}")),
    }
}

/// The absolute path, `..` and `.` worked out by name alone: a link keeps the place where the user sees it.
fn plain(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}
