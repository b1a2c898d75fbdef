//! `cargo xtask control-plane`: a real kube-apiserver and etcd for tests.
//!
//! Where none are found, they are made from what Debian's archive has, because a machine that can have nothing else can have
//! that: kube-apiserver built from the source package `kubernetes` with Debian's Go, and etcd from its package. Nothing is installed,
//! so nobody has to be root: packages are unpacked into the target folder, and apt is given a folder of its own for its lists.
//! Once made they are found again; whatever was done of an interrupted run is not done again.

mod archive;
// One list of places for who makes the programs and who takes them.
#[path = "../../../tests/control-plane/src/binaries.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "it is the harness's own; its version is of no concern here"
)]
mod binaries;
mod build;
mod go;
mod patches;
mod step;

use crate::failure::Failure;
use binaries::Binaries;
use std::fs::File;
use std::path::{Path, PathBuf};

/// What is made. Later ones need a Go that Debian's stable release does not have.
const VERSION: &str = "1.20.2";

/// Finds or makes them, and prints the folder: `KUBEBUILDER_ASSETS=$(cargo xtask control-plane)`.
pub(crate) fn run() -> Result<(), Failure> {
    let binaries = match Binaries::find() {
        Ok(found) => found,
        Err(_) => make()?,
    };
    let folder = binaries.apiserver.parent();
    match folder.filter(|folder| binaries.etcd.parent() == Some(folder)) {
        Some(folder) => println!("{}", folder.display()),
        // On the PATH each may be where it likes, and is found there.
        None => println!(
            "{}\n{}",
            binaries.apiserver.display(),
            binaries.etcd.display()
        ),
    }
    Ok(())
}

/// Whether there are both without making them.
pub(crate) fn is_found() -> bool {
    Binaries::find().is_ok()
}

/// For a test run: the folder if they had to be made, none if the tests find them by themselves.
pub(crate) fn for_tests() -> Result<Option<PathBuf>, Failure> {
    if Binaries::find().is_ok() {
        return Ok(None);
    }
    Ok(make()?.apiserver.parent().map(Path::to_owned))
}

fn make() -> Result<Binaries, Failure> {
    // Somebody who names a folder wants that one: to use another instead would test something else than asked for.
    if let Some(folder) = std::env::var_os("KUBEBUILDER_ASSETS").filter(|value| !value.is_empty()) {
        return Err(Failure::new(
            format!(
                "KUBEBUILDER_ASSETS names {}, which lacks kube-apiserver or etcd",
                folder.display()
            ),
            "name the folder that holds both, or unset it",
        ));
    }
    let root = binaries::made().ok_or_else(|| {
        Failure::new(
            "there is no target folder around this program",
            "run it as `cargo xtask control-plane`",
        )
    })?;
    let work = root.join("work");
    std::fs::create_dir_all(&work).map_err(|error| cannot("make", &work, &error))?;
    let lock = root.join("lock");
    let lock = File::create(&lock).map_err(|error| cannot("write", &lock, &error))?;
    // Two runs at once would build into each other; where locks are not known, there is only one.
    let _ = lock.lock();
    let made = root.join(VERSION);
    if let Some(binaries) = Binaries::inside(&made) {
        return Ok(binaries);
    }
    eprintln!("control plane: making kube-apiserver {VERSION} and etcd; once, about six minutes");
    let archive = archive::Archive::open(&work)?;
    std::fs::create_dir_all(&made).map_err(|error| cannot("make", &made, &error))?;
    build::etcd(&archive, &work, &made)?;
    build::apiserver(&archive, &work, &made)?;
    // A gigabyte of sources and of what the compiler keeps.
    let _ = std::fs::remove_dir_all(&work);
    Binaries::inside(&made).ok_or_else(|| {
        Failure::new(
            format!(
                "{} lacks kube-apiserver or etcd after both were made",
                made.display()
            ),
            "is something else writing there?",
        )
    })
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("cannot {what} {}: {error}", path.display()),
        "is the target folder writable, and is there room? two gigabytes are needed",
    )
}
