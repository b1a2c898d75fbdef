//! Where the manifest comes from: the user, the catalogue, or the place where Knative publishes it.

use std::ffi::OsStr;

use kscale_rules::facts::KnativeVersion;
use serde_json::Value;

use crate::cli::Install;
use crate::error::Error;
use crate::input::{InputArg, Loaded, Options, load};
use crate::release::{self, Expected, Manifest, accept};

/// The manifest that the command line names; none where it is to follow what runs.
pub(super) fn named(arguments: &Install) -> Result<Option<Manifest>, Error> {
    let what = &arguments.what;
    if let Some(from) = &what.from {
        return given(arguments, from).map(Some);
    }
    let Some(release) = what.version else {
        return Ok(None);
    };
    of_release(release, &what.base_url, what.offline)
        .map(|manifest| Some(placed(manifest, arguments)))
}

/// The manifest of a release: the one that is built in, else the published one.
pub(super) fn of_release(
    release: KnativeVersion,
    base: &str,
    offline: bool,
) -> Result<Manifest, Error> {
    if let Some(manifest) = Manifest::of(release) {
        return Ok(manifest);
    }
    let address = release::address(base, release);
    if offline {
        let (oldest, newest) = (KnativeVersion::OLDEST, KnativeVersion::NEWEST);
        return Err(Error::usage(format!(
            "release {release} is not built in, and --offline was given"
        ))
        .hint(format!(
            "built in are releases of {oldest} to {newest}: kubectl kscale install --list-versions"
        ))
        .hint(format!("download {address} and give it with --from")));
    }
    let loaded = load(&[InputArg::Url(address.clone())], &Options::default());
    let expected = Expected {
        release: Some(release),
        namespace: release::NAMESPACE,
        published: true,
        origin: &address,
    };
    judged(&loaded, expected).map_err(|error| {
        error.hint(format!("release {release} is not built in; give its serving-hpa.yaml with --from, or --base-url for a mirror"))
    })
}

/// In the namespace and from the registry that the command line names.
pub(super) fn placed(manifest: Manifest, arguments: &Install) -> Manifest {
    let manifest = manifest.in_namespace(&arguments.knative_namespace);
    match &arguments.what.image_registry {
        Some(prefix) => manifest.with_registry(prefix),
        None => manifest,
    }
}

fn given(arguments: &Install, from: &OsStr) -> Result<Manifest, Error> {
    let options = Options {
        recursive: false,
        network: !arguments.what.offline,
    };
    let loaded = load(&InputArg::all_in(from), &options);
    let origin = match from.to_string_lossy() {
        name if name == "-" => "standard input".into(),
        name => name,
    };
    let expected = Expected {
        release: arguments.what.version,
        namespace: &arguments.knative_namespace,
        published: false,
        origin: &origin,
    };
    judged(&loaded, expected).map(|manifest| placed(manifest, arguments))
}

fn judged(loaded: &Loaded, expected: Expected<'_>) -> Result<Manifest, Error> {
    if let Some(problem) = loaded.problems.first() {
        let error = Error::input(problem.to_string());
        return Err(match &problem.hint {
            Some(hint) => error.hint(hint),
            None => error,
        });
    }
    let objects: Vec<&Value> = loaded
        .documents
        .iter()
        .map(|document| &document.value)
        .collect();
    accept(&objects, expected).map_err(|wrong| {
        let origin = expected.origin;
        Error::input(format!(
            "{origin} is not the HPA extension: {}",
            wrong.join("; ")
        ))
    })
}
