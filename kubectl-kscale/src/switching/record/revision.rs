//! The ControllerRevision that holds a record.

use kscale_rules::go::md5_hex;
use kscale_rules::switch::Record;
use serde_json::{Value, json};

use super::Kept;
use crate::facts::text;

/// On every record of the object with that uid.
const OF: &str = "kscale.dev/record-of";

/// Who made it.
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";

/// What `app.kubernetes.io/managed-by` says.
const MANAGER: &str = "kubectl-kscale";

/// A name is at most 253 characters long: so much of the object's stands before the digest.
const LONGEST: usize = 200;

/// The path of the collection in the object's namespace.
pub(super) fn collection(object: &Value) -> String {
    let namespace = text(object, "/metadata/namespace");
    format!("/apis/apps/v1/namespaces/{namespace}/controllerrevisions")
}

/// The query that selects the records of one object.
pub(super) fn selector(object: &Value) -> String {
    format!("labelSelector={OF}%3D{}", label(object)).replace('/', "%2F")
}

/// The query that selects the records of all objects.
pub(super) fn selector_of_all() -> String {
    format!("labelSelector={MANAGED_BY}%3D{MANAGER},{OF}").replace('/', "%2F")
}

/// The value of the label: the uid, or where that could be no label, a digest of it.
fn label(object: &Value) -> String {
    let uid = text(object, "/metadata/uid");
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = uid.as_bytes();
    let is_label =
        uid.len() <= 63 && uid.bytes().all(fits) && ends(bytes.first()) && ends(bytes.last());
    if is_label {
        uid.to_owned()
    } else {
        md5_hex(bytes)
    }
}

/// The name of the record of this change of this version of the object: the same change is kept once, whoever keeps it.
pub(super) fn name(object: &Value, record: &Record) -> String {
    let version = text(object, "/metadata/resourceVersion");
    let uid = text(object, "/metadata/uid");
    let digested = json!([uid, version, record.replaced]).to_string();
    let digest = md5_hex(digested.as_bytes());
    let start: String = text(object, "/metadata/name")
        .chars()
        .take(LONGEST)
        .collect();
    let start = start.trim_end_matches(['-', '.']);
    format!("{start}-kscale-{}", &digest[..12])
}

/// The ControllerRevision of a record. It does not hold its owner back from being deleted, so that no permission to set the
/// owner's finalizers is needed (OwnerReferencesPermissionEnforcement).
pub(super) fn of(object: &Value, record: &Record, number: i64) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": {
            "name": name(object, record),
            "namespace": text(object, "/metadata/namespace"),
            "labels": {MANAGED_BY: MANAGER, OF: label(object)},
            "ownerReferences": [{
                "apiVersion": text(object, "/apiVersion"),
                "kind": text(object, "/kind"),
                "name": text(object, "/metadata/name"),
                "uid": text(object, "/metadata/uid"),
                "controller": false,
                "blockOwnerDeletion": false,
            }],
        },
        "revision": number,
        "data": record,
    })
}

/// Reads one of `object`; why not, in half a sentence.
pub(super) fn read(object: &Value, revision: Value) -> Result<Kept, String> {
    let owners = revision.pointer("/metadata/ownerReferences");
    let mut owners = owners.and_then(Value::as_array).into_iter().flatten();
    let uid = text(object, "/metadata/uid");
    if !owners.any(|owner| text(owner, "/uid") == uid) {
        return Err("it does not belong to the object that its label names".to_owned());
    }
    let labels = revision.pointer("/metadata/labels");
    if labels.and_then(|labels| labels.get(MANAGED_BY)) != Some(&MANAGER.into()) {
        return Err(format!("its label {MANAGED_BY} is not {MANAGER}"));
    }
    let record = Record::read(revision.get("data").unwrap_or(&Value::Null))?;
    let number = revision.get("revision").and_then(Value::as_i64);
    Ok(Kept {
        number: number.unwrap_or_default(),
        name: text(&revision, "/metadata/name").to_owned(),
        at: text(&revision, "/metadata/creationTimestamp").to_owned(),
        record,
        is_new: false,
        notes: Vec::new(),
        revision,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(name: &str) -> Value {
        json!({
            "apiVersion": "serving.kserve.io/v1beta1",
            "kind": "InferenceService",
            "metadata": {"name": name, "namespace": "ml", "uid": "1b2c", "resourceVersion": "7"},
        })
    }

    fn record() -> Record {
        let data = json!({
            "apiVersion": "kscale.dev/v1alpha1", "kind": "SwitchRecord", "verb": "switch --to hpa",
            "at": "2026-11-25T00:00:00Z", "before": {}, "after": {},
            "replaced": [{"pointer": "/spec/predictor/scaleTarget", "before": 10, "after": 80}],
        });
        Record::read(&data).unwrap()
    }

    #[test]
    fn the_same_change_of_the_same_version_has_the_same_name_and_no_other_has() {
        let first = name(&object("bert"), &record());
        assert_eq!(first.len(), "bert-kscale-".len() + 12, "{first}");
        let mut later = record();
        "2026-11-26T00:00:00Z".clone_into(&mut later.at);
        assert_eq!(name(&object("bert"), &later), first);
        let mut version = object("bert");
        version["metadata"]["resourceVersion"] = "8".into();
        assert_ne!(name(&version, &record()), first);
        let mut uid = object("bert");
        uid["metadata"]["uid"] = "2b2c".into();
        assert_ne!(name(&uid, &record()), first);
        let mut other = record();
        other.replaced[0].after = Some(70.into());
        assert_ne!(name(&object("bert"), &other), first);
    }

    #[test]
    fn names_and_labels_are_valid_whatever_the_object_is_called() {
        let long = "a".repeat(199) + ".-" + &"b".repeat(52);
        let name = name(&object(&long), &record());
        assert!(name.len() <= 253 && name.starts_with("aaa"), "{name}");
        assert!(name.contains("a-kscale-"), "{name}");
        for (uid, is_kept) in [
            ("1b2c-3d", true),
            ("a=b,c", false),
            ("-a", false),
            ("", false),
        ] {
            let mut object = object("bert");
            object["metadata"]["uid"] = uid.into();
            let found = label(&object);
            assert_eq!(found == uid, is_kept, "{found}");
            assert!(!found.is_empty() && !found.contains(['=', ',']), "{found}");
        }
    }

    #[test]
    fn what_belongs_to_another_is_refused() {
        let kept = read(&object("bert"), of(&object("bert"), &record(), 3)).unwrap();
        assert_eq!((kept.number, kept.record), (3, record()));
        let mut revision = of(&object("bert"), &record(), 3);
        revision["metadata"]["ownerReferences"][0]["uid"] = "other".into();
        let why = read(&object("bert"), revision).unwrap_err();
        assert_eq!(why, "it does not belong to the object that its label names");
        let mut revision = of(&object("bert"), &record(), 3);
        revision["metadata"]["labels"][MANAGED_BY] = "else".into();
        let why = read(&object("bert"), revision).unwrap_err();
        assert_eq!(
            why,
            "its label app.kubernetes.io/managed-by is not kubectl-kscale"
        );
        for data in [Value::Null, json!([]), json!({"spec": {}})] {
            let mut revision = of(&object("bert"), &record(), 3);
            revision["data"] = data;
            assert_eq!(
                read(&object("bert"), revision).unwrap_err(),
                "it is no record of a switch"
            );
        }
    }
}
