//! Reference material beside the project: real manifests and recordings, read where they are and never needed.

use serde::Deserialize as _;
use serde_json::Value;
use std::path::{Path, PathBuf};

use crate::Error;

/// `../shared` beside the project's folder, or what `KSCALE_SHARED` names.
pub fn shared() -> Option<PathBuf> {
    let folder = match std::env::var_os("KSCALE_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(3)?
            .join("shared"),
    };
    Some(folder).filter(|folder| folder.join("manifests").is_dir())
}

/// The documents of a YAML file, the empty ones left out.
pub fn documents(file: &Path) -> Result<Vec<Value>, Error> {
    let text = std::fs::read_to_string(file);
    let text = text.map_err(Error::of(format!("read {}", file.display())))?;
    let parsed: Result<Vec<Value>, _> = serde_yaml::Deserializer::from_str(&text)
        .map(Value::deserialize)
        .collect();
    let parsed = parsed.map_err(Error::of(format!("read {}", file.display())))?;
    Ok(parsed
        .into_iter()
        .filter(|document| !document.is_null())
        .collect())
}
