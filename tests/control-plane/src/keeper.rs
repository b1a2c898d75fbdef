//! Whoever is killed cannot clean up; so somebody else waits for its end.
//!
//! A test process ends in many ways: it returns, it panics, Ctrl-C, a CI runner's SIGKILL. `Drop` sees the first two. For the
//! others a small shell holds the reading end of a pipe whose writing end only this process has: when that end is gone, the
//! shell kills what it was told of and removes the folder.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::Error;

/// A terminal's Ctrl-C reaches the whole process group; the keeper must outlive it.
const SCRIPT: &str = r#"
trap "" HUP INT TERM
pids=
while read -r word pid; do
  case $word in
    keep) pids="$pids $pid" ;;
    done) exit 0 ;;
  esac
done
[ -z "$pids" ] || kill -9 $pids 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf -- "$1" 2>/dev/null && break
  sleep 0.1
done
"#;

/// Kills processes when this one is gone.
pub(crate) struct Keeper(Child);

impl Keeper {
    /// Begins to wait. `folder` goes with the processes.
    pub(crate) fn start(folder: &Path) -> Result<Self, Error> {
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, "keeper"]).arg(folder);
        shell.stdin(Stdio::piped());
        shell.stdout(Stdio::null()).stderr(Stdio::null());
        apart(&mut shell);
        let child = shell.spawn().map_err(Error::of("run sh"))?;
        Ok(Self(child))
    }

    /// Keeps one more process.
    pub(crate) fn keep(&mut self, pid: u32) -> Result<(), Error> {
        self.say(&format!("keep {pid}"))
            .map_err(Error::of("tell the keeper of a process"))
    }

    fn say(&mut self, words: &str) -> std::io::Result<()> {
        match self.0.stdin.as_mut() {
            Some(stdin) => writeln!(stdin, "{words}"),
            None => Ok(()),
        }
    }
}

impl Drop for Keeper {
    /// Comes after the processes were stopped by handle: there is nothing left to kill.
    fn drop(&mut self) {
        if self.say("done").is_err() {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

/// Gives a process its own group, so that signals for ours do not reach it.
pub(crate) fn apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn sleeper() -> std::io::Result<Child> {
        Command::new("sleep").arg("600").spawn()
    }

    fn ended(child: &mut Child) -> std::io::Result<bool> {
        let until = Instant::now() + Duration::from_secs(20);
        while Instant::now() < until {
            if child.try_wait()?.is_some() {
                return Ok(true);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(false)
    }

    #[test]
    fn what_is_kept_dies_with_the_pipe_and_the_folder_goes() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("plane");
        std::fs::create_dir(&inner).unwrap();
        let mut keeper = Keeper::start(&inner).unwrap();
        let mut child = sleeper().unwrap();
        keeper.keep(child.id()).unwrap();
        // What the end of this process does to the pipe.
        drop(keeper.0.stdin.take());
        assert!(
            ended(&mut child).unwrap(),
            "the process outlived its keeper"
        );
        keeper.0.wait().unwrap();
        assert!(!inner.exists(), "the folder is still there");
    }

    #[test]
    fn a_keeper_that_is_told_to_end_touches_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut child = sleeper().unwrap();
        let mut keeper = Keeper::start(folder.path()).unwrap();
        keeper.keep(child.id()).unwrap();
        drop(keeper);
        assert!(child.try_wait().unwrap().is_none(), "it was killed");
        assert!(folder.path().exists());
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
