//! Where a kube-apiserver and an etcd come from. `cargo xtask` reads this very file, so that both look at the same places: it
//! needs the standard library alone.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The two programs that a control plane is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    /// kube-apiserver, of any version from 1.20 on.
    pub apiserver: PathBuf,
    /// etcd 3.4 or newer.
    pub etcd: PathBuf,
}

/// Why no test can have a control plane here. Such a test is skipped by name, never passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip(pub String);

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const VARIABLE: &str = "KUBEBUILDER_ASSETS";

impl Binaries {
    /// What `KUBEBUILDER_ASSETS` names, else what is on the PATH, else the newest of setup-envtest's store, else what
    /// `cargo xtask control-plane` made.
    pub fn find() -> Result<Self, Skip> {
        if let Some(folder) = env::var_os(VARIABLE).filter(|folder| !folder.is_empty()) {
            let folder = PathBuf::from(folder);
            return Self::inside(&folder).ok_or_else(|| {
                Skip(format!(
                    "{VARIABLE} names {}, which lacks kube-apiserver or etcd",
                    folder.display()
                ))
            });
        }
        let on_path = Self::on_path();
        let found = on_path.or_else(|| store().and_then(|store| Self::newest_of(&store)));
        let made = || made().and_then(|folder| Self::newest_of(&folder));
        found.or_else(made).ok_or_else(|| {
            Skip(format!(
                "there is no kube-apiserver and etcd: set {VARIABLE}, or run `cargo xtask control-plane`"
            ))
        })
    }

    /// Both programs of a folder in the layout of `KUBEBUILDER_ASSETS`.
    pub fn inside(folder: &Path) -> Option<Self> {
        let program = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
        Some(Self {
            apiserver: program("kube-apiserver")?,
            etcd: program("etcd")?,
        })
    }

    /// Major and minor version of the kube-apiserver, which says itself: `Kubernetes v1.20.2`.
    pub fn version(&self) -> Result<(u32, u32), String> {
        let output = Command::new(&self.apiserver)
            .arg("--version")
            .output()
            .map_err(|error| format!("cannot run {}: {error}", self.apiserver.display()))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        version_of(said.rsplit(" v").next().unwrap_or_default())
            .map(|(major, minor, _)| (major, minor))
            .ok_or_else(|| format!("no version in what kube-apiserver says: {said}"))
    }

    fn on_path() -> Option<Self> {
        let path = env::var_os("PATH")?;
        let program = |name: &str| {
            env::split_paths(&path)
                .map(|folder| folder.join(name))
                .find(|path| path.is_file())
        };
        Some(Self {
            apiserver: program("kube-apiserver")?,
            etcd: program("etcd")?,
        })
    }

    /// The newest version among folders that begin with one: `1.30.0-linux-amd64`.
    fn newest_of(store: &Path) -> Option<Self> {
        let entries = std::fs::read_dir(store).ok()?.flatten();
        let mut versions: Vec<_> = entries
            .filter_map(|entry| {
                let version = version_of(&entry.file_name().to_string_lossy())?;
                Some((version, Self::inside(&entry.path())?))
            })
            .collect();
        versions.sort_by_key(|(version, _)| *version);
        versions.pop().map(|(_, binaries)| binaries)
    }
}

/// `1.30.0`, with whatever follows.
fn version_of(text: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .map(str::parse::<u32>);
    Some((
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
        numbers.next().and_then(Result::ok).unwrap_or(0),
    ))
}

/// Where setup-envtest keeps what it downloads, each system at its own place.
fn store() -> Option<PathBuf> {
    let variable = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let home = || variable("HOME");
    let folder = match env::consts::OS {
        "macos" => home()?.join("Library/Application Support/io.kubebuilder.envtest"),
        "windows" => variable("LocalAppData")?.join("kubebuilder-envtest"),
        _ => variable("XDG_DATA_HOME")
            .or_else(|| Some(home()?.join(".local/share")))?
            .join("kubebuilder-envtest"),
    };
    Some(folder.join("k8s"))
}

/// Where `cargo xtask control-plane` puts what it makes, a folder for each version. The target folder is the outermost around this program that cargo
/// marked as one.
pub(crate) fn made() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let target = program
        .ancestors()
        .filter(|folder| folder.join("CACHEDIR.TAG").is_file())
        .last()?;
    Some(target.join("control-plane"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plant(folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        for name in ["kube-apiserver", "etcd"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
    }

    #[test]
    fn the_newest_version_is_taken_by_number_not_by_letter() {
        let store = tempfile::tempdir().unwrap();
        for version in ["1.9.11", "1.30.0", "1.30.2", "1.4.1"] {
            plant(&store.path().join(format!("{version}-linux-amd64")));
        }
        std::fs::create_dir(store.path().join("1.36.0-linux-amd64")).unwrap();
        let newest = Binaries::newest_of(store.path()).unwrap();
        assert_eq!(
            newest.etcd,
            store.path().join("1.30.2-linux-amd64").join("etcd")
        );
    }

    #[test]
    fn a_folder_with_one_of_the_two_is_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("kube-apiserver"), "").unwrap();
        assert_eq!(Binaries::inside(folder.path()), None);
    }

    #[test]
    fn versions_are_read_with_what_follows_them() {
        assert_eq!(version_of("1.20.2\n"), Some((1, 20, 2)));
        assert_eq!(version_of("1.36.0-alpha.1+dirty"), Some((1, 36, 0)));
        assert_eq!(version_of("latest"), None);
    }
}
