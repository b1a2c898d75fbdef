//! A process of the control plane: started with a log, stopped by handle.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::Error;
use crate::keeper::{Keeper, apart};

/// Lines of the log that a failure shows.
const LAST_LINES: usize = 15;

/// A running process that ends with this value.
pub(crate) struct Process {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts it; all that it says goes to the log.
    pub(crate) fn start(
        name: &'static str,
        command: &mut Command,
        log: PathBuf,
        keeper: &mut Keeper,
    ) -> Result<Self, Error> {
        let unwritable = || Error::of(format!("write {}", log.display()));
        let out = File::create(&log).map_err(unwritable())?;
        let err = out.try_clone().map_err(unwritable())?;
        command.stdin(Stdio::null()).stdout(out).stderr(err);
        apart(command);
        let child = command.spawn().map_err(Error::of(format!("run {name}")))?;
        let process = Self { name, child, log };
        keeper.keep(process.child.id())?;
        Ok(process)
    }

    /// An error with the end of the log, if the process is no more.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        match self.child.try_wait() {
            Ok(Some(status)) => Err(self.error(&format!("ended by itself ({status})"))),
            _ => Ok(()),
        }
    }

    /// What happened, and what the process said last.
    pub(crate) fn error(&self, what: &str) -> Error {
        let log = std::fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
        Error::new(format!("{} {what}:\n{}", self.name, last.join("\n")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Its data is thrown away: there is nothing to end in peace.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
