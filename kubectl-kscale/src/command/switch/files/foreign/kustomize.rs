//! Kustomizations, and the patches that they lay over manifests.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::choose::place;
use super::super::read::path;
use super::{Foreign, Weight, name};
use crate::facts::text;
use crate::input::{Document, Given, InputArg, Options, ProblemKind, load, load_with};

/// What Kustomize looks for (`pkg/konfig`).
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// How many folders above a patch may hold the kustomization that lists it.
const UPWARDS: usize = 6;

/// A kustomization, or a patch of JSON operations.
pub(super) fn source(given: &Given) -> Option<Foreign> {
    let file = path(given);
    let file_name = file
        .and_then(Path::file_name)
        .and_then(|name| name.to_str());
    let is_kustomization = file_name.is_some_and(|name| NAMES.contains(&name))
        || given
            .loaded
            .documents
            .iter()
            .any(|one| text(&one.value, "/apiVersion").starts_with("kustomize.config.k8s.io/"));
    if is_kustomization {
        let folder = file.and_then(Path::parent).map_or(Path::new("."), usual);
        return Some(Foreign {
            place: name(given),
            message: "it tells Kustomize what to put together, and is no manifest".to_owned(),
            hints: vec![
                "change the manifests that it lists under resources".to_owned(),
                built(folder),
            ],
            weight: Weight::Silent,
            group: None,
        });
    }
    operations(given)
}

/// A list of JSON operations, which is a patch whatever it is of.
fn operations(given: &Given) -> Option<Foreign> {
    let problem = given.loaded.problems.first()?;
    let source = given.loaded.sources.first()?;
    if problem.kind != ProblemKind::Shape || !are_operations(source.text()) {
        return None;
    }
    let lister = path(given).and_then(lister);
    let by = lister.as_ref().map_or_else(
        || "a JSON Patch (RFC 6902), as Kustomize applies it".to_owned(),
        |one| format!("a JSON Patch (RFC 6902) that {} applies", one.display()),
    );
    Some(Foreign {
        place: name(given),
        message: format!("it is {by}, and no manifest"),
        hints: hints(lister.as_deref()),
        weight: Weight::Warns,
        group: None,
    })
}

fn are_operations(text: &str) -> bool {
    let read: Option<Value> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).ok()
    } else {
        // Below a key, a sequence becomes a mapping, which is what is read here.
        let body = text
            .trim_start_matches('\u{feff}')
            .trim_start_matches("---");
        let wrapped = format!("operations:\n{body}");
        let mut bytes = wrapped.as_bytes();
        let loaded = load_with(&[InputArg::Stdin], &Options::default(), &mut bytes);
        let first = loaded.documents.into_iter().next();
        first.and_then(|one| one.value.get("operations").cloned())
    };
    let items = read.as_ref().and_then(Value::as_array);
    items.is_some_and(|items| {
        let is_operation =
            |one: &Value| !text_of(one, "op").is_empty() && text_of(one, "path").starts_with('/');
        !items.is_empty() && items.iter().all(is_operation)
    })
}

fn text_of<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A strategic merge patch: a kustomization lists it so, or it says so itself.
pub(super) fn document(given: &Given, document: &Document) -> Option<Foreign> {
    let lister = path(given).and_then(lister);
    let directed = directive(&document.value);
    if lister.is_none() && !directed {
        return None;
    }
    let message = match &lister {
        Some(file) => format!(
            "it is a patch that {} applies, and no manifest",
            file.display()
        ),
        None => "it is a patch of Kustomize, as $patch shows, and no manifest".to_owned(),
    };
    Some(Foreign {
        place: place(document, "/metadata/name"),
        message,
        hints: hints(lister.as_deref()),
        weight: Weight::Stops,
        group: None,
    })
}

/// What to do about a patch.
pub(super) fn hints(lister: Option<&Path>) -> Vec<String> {
    let folder = lister.and_then(Path::parent).map_or(Path::new("."), usual);
    vec![
        "change the manifest that it is applied to, if nothing in the patch decides on scaling"
            .to_owned(),
        built(folder),
        "with -o json, that prints the edits as a JSON Patch, which can stand under patches: in the kustomization".to_owned(),
    ]
}

fn built(folder: &Path) -> String {
    format!(
        "what would come of all of it: kustomize build {} | kubectl kscale switch -f - --to {{to}}",
        folder.display()
    )
}

fn usual(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// Whether something in it is a directive of a strategic merge patch.
fn directive(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields
            .iter()
            .any(|(key, value)| key == "$patch" || key == "$retainKeys" || directive(value)),
        Value::Array(items) => items.iter().any(directive),
        _ => false,
    }
}

/// The kustomization that lists `file` as a patch, in its folder or one above.
pub(super) fn lister(file: &Path) -> Option<PathBuf> {
    let whole = std::fs::canonicalize(file).ok()?;
    let mut folders = whole.ancestors().skip(1).take(UPWARDS);
    folders.find_map(|folder| {
        let mut files = NAMES.iter().map(|name| folder.join(name));
        let kustomization = files.find(|one| one.is_file())?;
        lists(&kustomization, folder, &whole).then(|| near(file, &whole, &kustomization))
    })
}

fn lists(kustomization: &Path, folder: &Path, file: &Path) -> bool {
    let loaded = load(
        &[InputArg::Path(kustomization.to_owned())],
        &Options::default(),
    );
    let documents = loaded.documents.iter();
    let patches = documents.flat_map(|one| {
        let merges = one.value.get("patchesStrategicMerge");
        let merges = merges.and_then(Value::as_array).into_iter().flatten();
        let of = |key: &str| {
            let all = one.value.get(key).and_then(Value::as_array);
            all.into_iter().flatten().filter_map(|one| one.get("path"))
        };
        merges
            .chain(of("patches"))
            .chain(of("patchesJson6902"))
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
    });
    let mut patches = patches.filter(|patch| !patch.contains('\n'));
    patches.any(|patch| {
        let there = std::fs::canonicalize(folder.join(patch));
        there.is_ok_and(|there| there == file)
    })
}

/// The kustomization as somebody would name it who has named `file`.
fn near(file: &Path, whole: &Path, kustomization: &Path) -> PathBuf {
    let folder = kustomization.parent().unwrap_or(kustomization);
    let up = whole
        .strip_prefix(folder)
        .map_or(0, |rest| rest.components().count());
    let name = kustomization.file_name().unwrap_or_default();
    match file.ancestors().nth(up) {
        Some(named) => named.join(name),
        None => kustomization.to_owned(),
    }
}
