//! Debian's archive, through an apt that has its own lists and changes nothing on the machine.

use super::cannot;
use super::step::{run, step};
use crate::failure::Failure;
use crate::program::works;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The release that has these packages; its own are taken on every later one, too.
const RELEASE: &str = "bookworm";
const KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
const NO_DEBIAN: &str = "set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd: setup-envtest of controller-runtime \
     downloads one for any system";

/// Packages by name, checked against the archive's signed index by apt itself.
pub(super) struct Archive {
    folder: PathBuf,
}

impl Archive {
    /// Reads the lists of packages.
    pub(super) fn open(work: &Path) -> Result<Self, Failure> {
        for program in ["apt-get", "dpkg-deb"] {
            if !works(Command::new(program).arg("--version")) {
                return Err(Failure::new(
                    format!(
                        "there is no {program}: only a Debian machine can make a control plane"
                    ),
                    NO_DEBIAN,
                ));
            }
        }
        let archive = Self {
            folder: work.join("apt"),
        };
        archive.prepare(&mirror()?)?;
        step("reading the package lists", || {
            archive.apt(&["update", "-qq"], "is Debian's archive reached from here?")
        })?;
        Ok(archive)
    }

    /// Downloads a binary package and unpacks it into a folder.
    pub(super) fn unpack(&self, package: &str, into: &Path) -> Result<(), Failure> {
        step(&format!("unpacking {package}"), || {
            self.apt(&["download", "-qq", package], "does this Debian have it?")?;
            let deb = self.downloaded(&format!("{package}_"), ".deb")?;
            std::fs::create_dir_all(into).map_err(|error| cannot("make", into, &error))?;
            let mut command = Command::new("dpkg-deb");
            command.arg("-x").arg(deb).arg(into);
            run(&mut command, "is there room on the disk?").map(drop)
        })
    }

    /// Downloads the original tarball of a source package.
    pub(super) fn source(&self, package: &str, version: &str) -> Result<PathBuf, Failure> {
        step(&format!("downloading the source of {package}"), || {
            let name = format!("{package}={version}");
            let args = ["source", "-qq", "--download-only", "--tar-only", &name];
            self.apt(&args, "does this Debian have it?")?;
            self.downloaded(&format!("{package}_"), ".orig.tar.gz")
        })
    }

    /// The newest version of a source package that begins so.
    pub(super) fn version(&self, package: &str, begins: &str) -> Result<String, Failure> {
        let mut command = Command::new("apt-cache");
        self.options(&mut command);
        command.args(["showsrc", package]);
        let shown = run(&mut command, "does this Debian have it?")?;
        let mut versions = shown.lines().filter_map(|line| {
            line.strip_prefix("Version: ")
                .filter(|version| version.starts_with(begins))
        });
        versions.next().map(str::to_owned).ok_or_else(|| {
            Failure::new(
                format!("Debian has no source package {package} {begins}"),
                NO_DEBIAN,
            )
        })
    }

    fn prepare(&self, mirror: &str) -> Result<(), Failure> {
        for name in ["lists/partial", "archives/partial", "none"] {
            let folder = self.folder.join(name);
            std::fs::create_dir_all(&folder).map_err(|error| cannot("make", &folder, &error))?;
        }
        let signed = if Path::new(KEYS).is_file() {
            format!("[signed-by={KEYS}] ")
        } else {
            String::new()
        };
        let sources: String = ["deb", "deb-src"]
            .map(|kind| format!("{kind} {signed}{mirror} {RELEASE} main\n"))
            .concat();
        for (name, text) in [("sources.list", sources.as_str()), ("status", "")] {
            let file = self.folder.join(name);
            std::fs::write(&file, text).map_err(|error| cannot("write", &file, &error))?;
        }
        Ok(())
    }

    fn apt(&self, args: &[&str], to_do: &str) -> Result<(), Failure> {
        let mut command = Command::new("apt-get");
        self.options(&mut command);
        command.args(args).current_dir(&self.folder);
        run(&mut command, to_do).map(drop)
    }

    /// Its own lists, cache and sources; an empty list of what is installed, so that nothing depends on the machine.
    fn options(&self, command: &mut Command) {
        let own = [
            ("Dir::Etc::sourcelist", "sources.list"),
            ("Dir::Etc::sourceparts", "none"),
            ("Dir::State", "."),
            ("Dir::State::lists", "lists"),
            ("Dir::State::status", "status"),
            ("Dir::Cache", "."),
            ("Dir::Cache::archives", "archives"),
        ];
        for (option, name) in own {
            let path = self.folder.join(name);
            command
                .arg("-o")
                .arg(format!("{option}={}", path.display()));
        }
        // For root, apt would download as a user who may not write here.
        let fixed = [
            "APT::Sandbox::User=root",
            "APT::Update::Post-Invoke::=true",
            "Acquire::Languages=none",
            "Acquire::http::Timeout=30",
        ];
        for option in fixed {
            command.args(["-o", option]);
        }
        command.env("LC_ALL", "C");
    }

    fn downloaded(&self, begins: &str, ends: &str) -> Result<PathBuf, Failure> {
        let entries = std::fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten();
        let mut found = entries.map(|entry| entry.path()).filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(begins) && name.ends_with(ends)
        });
        found.next().ok_or_else(|| {
            Failure::new(
                format!("apt-get downloaded no {begins}…{ends}"),
                "run it again; remove `control-plane` in the target folder if that does not help",
            )
        })
    }
}

/// The archive that this machine itself uses.
fn mirror() -> Result<String, Failure> {
    let mut command = Command::new("apt-get");
    command.args([
        "indextargets",
        "--format",
        "$(REPO_URI)",
        "Created-By: Packages",
    ]);
    let listed = run(
        &mut command,
        "what is wrong with the machine's own sources.list?",
    )?;
    mirror_among(&listed).map(str::to_owned).ok_or_else(|| {
        Failure::new(
            "no source of packages on this machine is Debian's archive",
            NO_DEBIAN,
        )
    })
}

/// Mirrors keep the archive in a folder of this name; security updates lie elsewhere.
fn mirror_among(listed: &str) -> Option<&str> {
    listed
        .lines()
        .find(|uri| uri.trim_end_matches('/').ends_with("/debian"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_is_told_from_what_else_a_machine_installs_from() {
        let listed = "https://deb.example.com/node_20.x/\nhttp://mirror.example.org/debian-security/\n\
                      http://mirror.example.org/debian/\nhttp://other.example.org/debian/\n";
        assert_eq!(
            mirror_among(listed),
            Some("http://mirror.example.org/debian/")
        );
        assert_eq!(mirror_among("http://archive.example.com/ubuntu/\n"), None);
    }
}
