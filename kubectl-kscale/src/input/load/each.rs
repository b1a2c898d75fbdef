//! Many inputs on all cores, each source kept apart.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{InputArg, Loaded, Loader, Options};
use crate::crew;
use crate::input::limits::Budget;
use crate::input::problem::Problem;
use crate::input::source::Source;
use crate::input::{document, folder};

/// One source and what was found in it.
#[derive(Debug)]
pub(crate) struct Given {
    /// What was read; a file of a folder by its own path. None for a folder that could not be looked into.
    pub(crate) input: Option<InputArg>,
    /// What was found.
    pub(crate) loaded: Loaded,
}

impl Given {
    /// The same source with another text in it.
    pub(crate) fn with_text(&self, name: &str, text: &str) -> Self {
        let source = Arc::new(Source::new(name, text));
        let found = document::read(&source, &mut Budget::default());
        Self {
            input: self.input.clone(),
            loaded: Loaded {
                documents: found.documents,
                problems: found.problems,
                notices: found.notices,
                sources: vec![source],
            },
        }
    }
}

enum Job {
    Read(InputArg),
    /// A file of a folder: that it is none itself is known.
    File(PathBuf),
    /// What is wrong with a folder.
    Tell(Vec<Problem>),
}

/// [`load`](super::load) on all cores: one entry for each source, in the order in which they were named.
pub(crate) fn load_each(inputs: &[InputArg], options: &Options) -> Vec<Given> {
    let mut jobs = Vec::new();
    for input in inputs {
        match input {
            InputArg::Path(path) if path.is_dir() => files(path, options, &mut jobs),
            other => jobs.push(Job::Read(other.clone())),
        }
    }
    let readers = crew::size(jobs.len());
    let first_stdin = jobs
        .iter()
        .position(|job| matches!(job, Job::Read(InputArg::Stdin)));
    crew::each(
        jobs.len(),
        || Budget::share(readers),
        |budget, number| match &jobs[number] {
            Job::Read(input) => Given {
                input: Some(input.clone()),
                loaded: read(input, options, budget, first_stdin == Some(number)),
            },
            Job::File(path) => Given {
                input: Some(InputArg::Path(path.clone())),
                loaded: with_loader(options, budget, None, |loader| loader.file(path)),
            },
            Job::Tell(problems) => Given {
                input: None,
                loaded: Loaded {
                    problems: problems.clone(),
                    ..Loaded::default()
                },
            },
        },
    )
}

fn files(folder: &Path, options: &Options, jobs: &mut Vec<Job>) {
    let (files, problems) = folder::manifests(folder, options.recursive);
    if !problems.is_empty() {
        jobs.push(Job::Tell(problems));
    }
    jobs.extend(files.into_iter().map(Job::File));
}

fn read(input: &InputArg, options: &Options, budget: &mut Budget, has_stdin: bool) -> Loaded {
    let mut stdin = io::stdin();
    let stdin: Option<&mut dyn Read> = if has_stdin { Some(&mut stdin) } else { None };
    with_loader(options, budget, stdin, |loader| match input {
        InputArg::Stdin => loader.stdin(),
        InputArg::Url(address) => loader.address(address),
        InputArg::Path(path) => loader.path(path),
    })
}

/// What a loader with this budget has loaded in the end.
fn with_loader(
    options: &Options,
    budget: &mut Budget,
    stdin: Option<&mut dyn Read>,
    work: impl FnOnce(&mut Loader<'_>),
) -> Loaded {
    let mut loader = Loader {
        options: *options,
        stdin,
        budget: std::mem::take(budget),
        loaded: Loaded::default(),
    };
    work(&mut loader);
    *budget = loader.budget;
    loader.loaded
}
