//! Writes a file anew, all or nothing.

use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a file was not written. It is then as it was.
#[derive(Debug, Error)]
pub enum SaveError {
    /// It does not hold what the edits were made on.
    #[error("{} has changed since it was read; run the command again", .0.display())]
    Changed(PathBuf),
    /// A pipe, a device or a folder.
    #[error("{} is no ordinary file; its text can only be printed", .0.display())]
    NotAFile(PathBuf),
    /// Nobody may write to it.
    #[error("{} is write-protected", .0.display())]
    ReadOnly(PathBuf),
    /// The system refused.
    #[error("{} cannot be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Puts `after` into the file at `path`, which must hold `before`.
///
/// The text goes to a new file in the same folder, which then takes the place and the permissions of the old one: whoever
/// reads sees the old text or the new one, never a part. Where `path` is a symbolic link, the file it leads to is written
/// and the link stays.
///
/// # Errors
///
/// See [`SaveError`]; the file is untouched then.
pub fn save(path: &Path, before: &str, after: &str) -> Result<(), SaveError> {
    Prepared::new(path, before, after)?.commit()
}

/// A text that lies beside its file and only has to take its place: of several files, all can be prepared before any is touched.
#[derive(Debug)]
pub(crate) struct Prepared {
    path: PathBuf,
    target: PathBuf,
    file: tempfile::NamedTempFile,
}

impl Prepared {
    /// Writes `after` beside the file at `path`, which must hold `before`. Dropped, it leaves nothing behind.
    pub(crate) fn new(path: &Path, before: &str, after: &str) -> Result<Self, SaveError> {
        let failed = |source| SaveError::Io {
            path: path.to_owned(),
            source,
        };
        let target = fs::canonicalize(path).map_err(failed)?;
        let metadata = fs::metadata(&target).map_err(failed)?;
        if !metadata.is_file() {
            return Err(SaveError::NotAFile(path.to_owned()));
        }
        if metadata.permissions().readonly() {
            return Err(SaveError::ReadOnly(path.to_owned()));
        }
        if fs::read(&target).map_err(failed)? != before.as_bytes() {
            return Err(SaveError::Changed(path.to_owned()));
        }
        let file = beside(&target, &metadata, after).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            target,
            file,
        })
    }

    /// Puts it into the place of the file.
    pub(crate) fn commit(self) -> Result<(), SaveError> {
        let Self { path, target, file } = self;
        let replaced = file.persist(target).map(drop);
        replaced.map_err(|error| SaveError::Io {
            path,
            source: error.error,
        })
    }
}

fn beside(target: &Path, metadata: &Metadata, text: &str) -> io::Result<tempfile::NamedTempFile> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".kscale-")
        .suffix(".tmp")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    keep_owner(file.as_file(), metadata)?;
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A new file belongs to whoever makes it. Giving it away may be forbidden: then the old one stays.
#[cfg(unix)]
fn keep_owner(file: &fs::File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let new = file.metadata()?;
    if (new.uid(), new.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    fchown(file, Some(old.uid()), Some(old.gid()))
}

#[cfg(not(unix))]
fn keep_owner(_: &fs::File, _: &Metadata) -> io::Result<()> {
    Ok(())
}
