//! From packages to programs.

use super::archive::Archive;
use super::go::Go;
use super::step::{run, step};
use super::{VERSION, cannot, patches};
use crate::failure::Failure;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKAGE: &str = "kubernetes";
/// Debian took a step back once, and says so in the version.
const DEBIANS: &str = "1.20.5+really1.20.2";
const IMPORT: &str = "k8s.io/kubernetes";
/// The tarball lacks this one generated package.
const OPENAPI: &str = "pkg/generated/openapi";
/// Packages that take part in it say so.
const MARK: &str = "// +k8s:openapi-gen=true";

/// Unpacks Debian's etcd.
pub(super) fn etcd(archive: &Archive, work: &Path, into: &Path) -> Result<(), Failure> {
    let unpacked = work.join("debian");
    archive.unpack("etcd-server", &unpacked)?;
    copy(&unpacked.join("usr/bin/etcd"), &into.join("etcd"))
}

/// Builds kube-apiserver.
pub(super) fn apiserver(archive: &Archive, work: &Path, into: &Path) -> Result<(), Failure> {
    let go = Go::find(archive, work)?;
    let source = go.path.join("src").join(IMPORT);
    unpack(archive, &source)?;
    if !source
        .join(OPENAPI)
        .join("zz_generated.openapi.go")
        .is_file()
    {
        generate(&go, &source, work)?;
    }
    let built = work.join("kube-apiserver");
    step("building kube-apiserver", || {
        let flags = format!("-s -w{}", stamps());
        let output = built.to_string_lossy();
        let what = format!("{IMPORT}/cmd/kube-apiserver");
        go.run(&["build", "-o", &output, "-ldflags", &flags, &what])
    })?;
    copy(&built, &into.join("kube-apiserver"))
}

fn unpack(archive: &Archive, source: &Path) -> Result<(), Failure> {
    let done = source.join(".unpacked");
    if done.is_file() {
        return Ok(());
    }
    // What an interrupted run left would be patched twice.
    let _ = std::fs::remove_dir_all(source);
    let version = archive.version(PACKAGE, DEBIANS)?;
    let tarball = archive.source(PACKAGE, &version)?;
    std::fs::create_dir_all(source).map_err(|error| cannot("make", source, &error))?;
    step("unpacking the source", || {
        let mut tar = Command::new("tar");
        tar.arg("-xzf").arg(tarball).arg("-C").arg(source);
        tar.arg("--strip-components=1");
        run(&mut tar, "is there room on the disk?")
    })?;
    patches::apply(source)?;
    std::fs::write(&done, "").map_err(|error| cannot("write", &done, &error))
}

/// Makes the package that the tarball lacks, with the generator that it has.
fn generate(go: &Go, source: &Path, work: &Path) -> Result<(), Failure> {
    let generator = work.join("openapi-gen");
    step("building openapi-gen", || {
        let output = generator.to_string_lossy();
        let what = format!("{IMPORT}/vendor/k8s.io/kube-openapi/cmd/openapi-gen");
        go.run(&["build", "-o", &output, &what])
    })?;
    let mut packages = Vec::new();
    for folder in ["pkg", "vendor/k8s.io"] {
        marked(source, Path::new(folder), &mut packages)?;
    }
    packages.sort();
    step(
        &format!("generating {OPENAPI} from {} packages", packages.len()),
        || {
            let mut command = go.command(&generator);
            command
                .args(["-O", "zz_generated.openapi", "-p"])
                .arg(format!("{IMPORT}/{OPENAPI}"))
                .arg("-h")
                .arg(source.join("hack/boilerplate/boilerplate.generatego.txt"))
                .arg("-r")
                .arg(work.join("violations.txt"))
                .arg("--output-base")
                .arg(go.path.join("src"))
                .arg("-i")
                .arg(packages.join(","))
                .current_dir(source);
            run(&mut command, "run it again")
        },
    )?;
    Ok(())
}

/// The import paths of packages below a folder whose files bear the mark.
fn marked(source: &Path, folder: &Path, packages: &mut Vec<String>) -> Result<(), Failure> {
    let path = source.join(folder);
    let entries = std::fs::read_dir(&path).map_err(|error| cannot("read", &path, &error))?;
    let mut bears = false;
    for entry in entries.flatten() {
        let name = entry.file_name();
        // A vendored Kubernetes package is a link to its own folder in `staging`.
        let path = entry.path();
        if path.is_dir() {
            marked(source, &folder.join(name), packages)?;
        } else if !bears && path.extension().is_some_and(|extension| extension == "go") {
            bears = bears_mark(&path);
        }
    }
    if bears {
        packages.push(format!("{IMPORT}/{}", folder.display()));
    }
    Ok(())
}

fn bears_mark(file: &Path) -> bool {
    let mut text = String::new();
    let read = std::fs::File::open(file).and_then(|mut file| file.read_to_string(&mut text));
    read.is_ok() && text.lines().any(|line| line == MARK)
}

/// What the program says of its version. The sources do not know it.
fn stamps() -> String {
    let mut numbers = VERSION.split('.');
    let mut next = || numbers.next().unwrap_or_default();
    let (major, minor) = (next(), next());
    [
        ("gitVersion", format!("v{VERSION}")),
        ("gitMajor", major.to_owned()),
        ("gitMinor", minor.to_owned()),
    ]
    .map(|(name, value)| {
        format!(" -X {IMPORT}/vendor/k8s.io/component-base/version.{name}={value}")
    })
    .concat()
}

/// Under its name only when it is whole: what is interrupted is not found later.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let part: PathBuf = to.with_extension("part");
    std::fs::copy(from, &part)
        .and_then(|_| std::fs::rename(&part, to))
        .map_err(|error| cannot("copy", from, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_stamped_in_three_places() {
        let package = "k8s.io/kubernetes/vendor/k8s.io/component-base/version";
        assert_eq!(
            stamps(),
            format!(
                " -X {package}.gitVersion=v1.20.2 -X {package}.gitMajor=1 -X {package}.gitMinor=20"
            )
        );
    }
}
