//! From what the user named to documents.

mod each;

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decode::decode;
use super::document::{self, Document};
use super::limits::Budget;
use super::problem::{Notice, Problem, ProblemKind};
use super::source::Source;
use super::{folder, read, web};

pub(crate) use each::{Given, load_each};

/// One `-f`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum InputArg {
    /// `-`
    Stdin,
    /// `http://…` or `https://…`
    Url(String),
    /// A file, a folder or a named pipe.
    Path(PathBuf),
}

impl InputArg {
    /// The inputs that one `-f` names: kubectl takes several, with commas between them (`pflag`: `StringSlice`).
    ///
    /// Other than there, what exists under the whole name is that, and an address keeps its commas: a name with a comma
    /// needs no quotes within quotes.
    #[must_use]
    pub fn all_in(argument: &OsStr) -> Vec<Self> {
        let parts = argument.to_str().filter(|text| {
            text.contains(',') && !text.contains("://") && !Path::new(text).exists()
        });
        match parts {
            Some(text) => text.split(',').map(Self::from).collect(),
            None => vec![argument.to_owned().into()],
        }
    }
}

impl From<OsString> for InputArg {
    /// Tells them apart as kubectl does (`cli-runtime`: `Builder.FilenameParam`). A file called `-` is `./-`.
    fn from(argument: OsString) -> Self {
        match argument.to_str() {
            Some("-") => Self::Stdin,
            Some(text) if text.starts_with("http://") || text.starts_with("https://") => {
                Self::Url(text.to_owned())
            }
            _ => Self::Path(argument.into()),
        }
    }
}

impl From<&str> for InputArg {
    fn from(argument: &str) -> Self {
        OsString::from(argument).into()
    }
}

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Look into the folders below a folder (`-R`).
    pub recursive: bool,
    /// Whether addresses may be fetched; not so with `--offline`.
    pub network: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            recursive: false,
            network: true,
        }
    }
}

/// Everything that was read, in the order it was named.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The objects.
    pub documents: Vec<Document>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// What was read otherwise than it looks.
    pub notices: Vec<Notice>,
    /// The texts, also of those sources that have only problems.
    pub sources: Vec<Arc<Source>>,
}

impl Loaded {
    /// The text of a source by the name that problems, notices and origins give.
    #[must_use]
    pub fn source(&self, name: &str) -> Option<&Arc<Source>> {
        self.sources.iter().find(|source| &**source.name() == name)
    }
}

/// Reads all inputs. Nothing stops it: what cannot be read is a problem, and the rest is read.
#[must_use]
pub fn load(inputs: &[InputArg], options: &Options) -> Loaded {
    load_with(inputs, options, &mut io::stdin().lock())
}

/// [`load`] with another standard input.
#[must_use]
pub fn load_with(inputs: &[InputArg], options: &Options, stdin: &mut dyn Read) -> Loaded {
    let mut loader = Loader {
        options: *options,
        stdin: Some(stdin),
        budget: Budget::default(),
        loaded: Loaded::default(),
    };
    for input in inputs {
        match input {
            InputArg::Stdin => loader.stdin(),
            InputArg::Url(address) => loader.address(address),
            InputArg::Path(path) => loader.path(path),
        }
    }
    loader.loaded
}

struct Loader<'a> {
    options: Options,
    /// None once it has been read.
    stdin: Option<&'a mut dyn Read>,
    budget: Budget,
    loaded: Loaded,
}

impl Loader<'_> {
    fn stdin(&mut self) {
        const NAME: &str = "<stdin>";
        let bytes = match self.stdin.take() {
            Some(stdin) => read::all(NAME, stdin, 0),
            None => {
                Err(
                    Problem::of_source(NAME, ProblemKind::Unreadable, "`-` can be given only once")
                        .hint("standard input is gone after it has been read"),
                )
            }
        };
        self.source(NAME, bytes);
    }

    fn address(&mut self, address: &str) {
        let name = web::without_login(address);
        let bytes = if self.options.network {
            web::get(&name, address)
        } else {
            Err(web::offline(&name))
        };
        self.source(&name, bytes);
    }

    fn path(&mut self, path: &Path) {
        if path.as_os_str().is_empty() {
            self.loaded.problems.push(read::no_name());
        } else if path.is_dir() {
            let (files, problems) = folder::manifests(path, self.options.recursive);
            self.loaded.problems.extend(problems);
            files.iter().for_each(|file| self.file(file));
        } else {
            self.file(path);
        }
    }

    fn file(&mut self, path: &Path) {
        let name = path.to_string_lossy();
        let bytes = read::file(&name, path);
        self.source(&name, bytes);
    }

    fn source(&mut self, name: &str, bytes: Result<Vec<u8>, Problem>) {
        match bytes.and_then(|bytes| decode(name, bytes)) {
            Ok(text) => {
                let source = Arc::new(Source::new(name, text));
                let found = document::read(&source, &mut self.budget);
                self.loaded.documents.extend(found.documents);
                self.loaded.problems.extend(found.problems);
                self.loaded.notices.extend(found.notices);
                self.loaded.sources.push(source);
            }
            Err(problem) => self.loaded.problems.push(problem),
        }
    }
}
