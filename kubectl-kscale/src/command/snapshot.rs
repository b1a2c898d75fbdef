//! `snapshot`: what is known of a cluster, as a file.

use std::io::Write as _;
use std::path::Path;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::cli;
use crate::cluster::{Cluster, wait_for};
use crate::error::{Error, Outcome};
use crate::render::{Messages, Screen, yaml};
use crate::snapshot::{Scope, Snapshot, Wanted, gather};

/// Gathers, writes, says what could not be read.
pub(super) fn run(arguments: &cli::Snapshot, screen: Screen) -> Result<Outcome, Error> {
    let snapshot = wait_for(async {
        let cluster = Cluster::connect(&arguments.cluster).await?;
        let scope = match (arguments.all_namespaces, arguments.namespace.as_slice()) {
            (true, _) => Scope::All,
            (false, []) => Scope::Namespaces(vec![cluster.namespace().to_owned()]),
            (false, names) => Scope::Namespaces(names.to_vec()),
        };
        let health = true;
        gather(&cluster, &Wanted { scope, health }).await
    })?;
    let text = text(&snapshot)?;
    match &arguments.output {
        Some(path) => replace(path, &text).map_err(|error| Error::file(path, &error))?,
        None => screen.pass(&text)?,
    }
    let mut messages = Messages::new();
    for unread in &snapshot.unread {
        messages.doubt(
            &format!("{} could not be read: {}", unread.what, unread.why),
            "whoever reads the snapshot assumes what it would have told",
        );
    }
    screen.tell(&messages.into_text());
    Ok(Outcome::Clean)
}

/// One document an object.
fn text(snapshot: &Snapshot) -> Result<String, Error> {
    let mut text = String::new();
    for object in &snapshot.objects {
        if !text.is_empty() {
            text.push_str("---\n");
        }
        text.push_str(&yaml(&Ordered(object))?);
    }
    Ok(text)
}

/// An object whose fields stand in the order in which people look for them.
struct Ordered<'a>(&'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const FIRST: [&str; 3] = ["apiVersion", "kind", "metadata"];
        let fields = self.0.as_object();
        let first = FIRST
            .iter()
            .filter_map(|&key| Some((key, self.0.get(key)?)));
        let rest = fields
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), value));
        serializer.collect_map(first.chain(rest.filter(|(key, _)| !FIRST.contains(key))))
    }
}

/// All or nothing: the text is written beside the file, which it then replaces. It gets the permissions of any new file.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if path.exists() && !path.is_file() {
        // A pipe or a device.
        return std::fs::write(path, text);
    }
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
