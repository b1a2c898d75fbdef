//! What stops a command: its kind decides on the exit code, its hints say what to do.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use thiserror::Error;

/// How a command ended, as the exit code tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Everything was done.
    #[default]
    Clean,
    /// Something was found that counts.
    Findings,
    /// The command line is wrong, an input could not be read, or the answer could not be written.
    Failed,
    /// The cluster refused: permission, admission, a conflict.
    Refused,
    /// What was waited for did not come in time.
    TimedOut,
    /// Ctrl-C: what a shell says of a program that SIGINT ends.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Findings => Self::from(1),
            Outcome::Failed => Self::from(2),
            Outcome::Refused => Self::from(3),
            Outcome::TimedOut => Self::from(4),
            Outcome::Interrupted => Self::from(130),
        }
    }
}

/// Why a command could not go on.
#[derive(Debug, Error)]
pub(crate) enum Kind {
    /// What was asked for makes no sense.
    #[error("{0}")]
    Usage(String),
    /// What was given holds nothing to work on.
    #[error("{0}")]
    Input(String),
    /// The cluster could not be reached, or answered what makes no sense.
    #[error("{0}")]
    Cluster(String),
    /// The cluster refused.
    #[error("{0}")]
    Refused(String),
    /// What was waited for did not come in time.
    #[error("{0}")]
    TimedOut(String),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// The answer could not be put into words.
    #[error("the answer cannot be written: {0}")]
    Output(String),
    /// The answer could not be written.
    #[error("the answer cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// An error and what to do about it.
#[derive(Debug, Error)]
#[error("{kind}")]
pub(crate) struct Error {
    kind: Kind,
    hints: Vec<String>,
}

impl Error {
    /// A wrong command line.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Kind::Usage(message.into()).into()
    }

    /// An input with nothing in it.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Kind::Input(message.into()).into()
    }

    /// A cluster that cannot be reached, or that does not answer as one does.
    pub(crate) fn cluster(message: impl Into<String>) -> Self {
        Kind::Cluster(message.into()).into()
    }

    /// A cluster that refuses: permission, admission, a conflict.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Kind::Refused(message.into()).into()
    }

    /// Something that did not come in time.
    pub(crate) fn timed_out(message: impl Into<String>) -> Self {
        Kind::TimedOut(message.into()).into()
    }

    /// Ctrl-C.
    pub(crate) fn interrupted() -> Self {
        Kind::Interrupted.into()
    }

    /// An answer that cannot be put into words.
    pub(crate) fn output(error: &impl ToString) -> Self {
        Kind::Output(error.to_string()).into()
    }

    /// A file that cannot be written.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Kind::Input(format!("{} cannot be written: {error}", path.display())).into()
    }

    /// Adds a line that says what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// How a command ends that ends with this.
    pub(crate) fn outcome(&self) -> Outcome {
        match self.kind {
            Kind::Refused(_) => Outcome::Refused,
            Kind::TimedOut(_) => Outcome::TimedOut,
            Kind::Interrupted => Outcome::Interrupted,
            _ => Outcome::Failed,
        }
    }

    /// What to do about it.
    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Whether the reader went away, as `| head` does: nothing to complain of.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(&self.kind, Kind::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            hints: Vec::new(),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Kind::from(error).into()
    }
}
