//! A Go that builds Kubernetes 1.20: one on the PATH if it is of the right age, else Debian's, unpacked.

use super::archive::Archive;
use super::step::run;
use crate::failure::Failure;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Those that the patches are for.
const MINORS: std::ops::RangeInclusive<u32> = 18..=19;
const DEBIANS: &str = "1.19";

/// A Go installation; its own for the sources of one build.
pub(super) struct Go {
    program: PathBuf,
    root: Option<PathBuf>,
    /// GOPATH: sources lie below `src`.
    pub(super) path: PathBuf,
    cache: PathBuf,
}

impl Go {
    pub(super) fn find(archive: &Archive, work: &Path) -> Result<Self, Failure> {
        let mut go = Self {
            program: "go".into(),
            root: None,
            path: work.join("go"),
            cache: work.join("go-cache"),
        };
        let fits = |said: &str| minor(said).is_some_and(|minor| MINORS.contains(&minor));
        let version = Command::new("go").arg("version").output();
        if version.is_ok_and(|said| fits(&String::from_utf8_lossy(&said.stdout))) {
            return Ok(go);
        }
        let unpacked = work.join("debian");
        let root = unpacked.join(format!("usr/lib/go-{DEBIANS}"));
        for part in ["go", "src"] {
            archive.unpack(&format!("golang-{DEBIANS}-{part}"), &unpacked)?;
        }
        go.program = root.join("bin/go");
        go.root = Some(root);
        Ok(go)
    }

    /// Runs it on the sources below its path.
    pub(super) fn run(&self, args: &[&str]) -> Result<String, Failure> {
        let mut command = self.command(&self.program);
        let to_do = "run it again; what was compiled is kept";
        run(command.args(args), to_do)
    }

    /// A program that looks at Go sources as this Go does: without a network and without C.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some(root) = &self.root {
            command.env("GOROOT", root);
        }
        command
            .env("GO111MODULE", "off")
            .env("CGO_ENABLED", "0")
            .env("GOFLAGS", "")
            .env("GOPATH", &self.path)
            .env("GOCACHE", &self.cache)
            .current_dir(&self.path);
        command
    }
}

/// `go version go1.19.8 linux/amd64`
fn minor(said: &str) -> Option<u32> {
    let version = said.split(" go1.").nth(1)?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minor_version_is_read_from_what_go_says() {
        assert_eq!(minor("go version go1.19.8 linux/amd64\n"), Some(19));
        assert_eq!(minor("go version go1.22 linux/arm64"), Some(22));
        assert_eq!(minor("go version devel +abc"), None);
    }
}
