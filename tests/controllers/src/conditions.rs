//! Conditions as controllers write them.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::json::{list, text};

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) kind: &'static str,
    pub(crate) status: &'static str,
    pub(crate) reason: String,
    pub(crate) message: String,
    /// Not one that decides whether the object is ready.
    pub(crate) info: bool,
}

impl Condition {
    pub(crate) fn new(
        kind: &'static str,
        status: &'static str,
        reason: &str,
        message: &str,
    ) -> Self {
        Self {
            kind,
            status,
            reason: reason.to_owned(),
            message: message.to_owned(),
            info: false,
        }
    }

    pub(crate) fn yes(kind: &'static str) -> Self {
        Self::new(kind, "True", "", "")
    }

    pub(crate) fn unknown(kind: &'static str, reason: &str, message: &str) -> Self {
        Self::new(kind, "Unknown", reason, message)
    }

    pub(crate) fn no(kind: &'static str, reason: &str, message: &str) -> Self {
        Self::new(kind, "False", reason, message)
    }

    pub(crate) fn info(mut self) -> Self {
        self.info = true;
        self
    }

    /// What another object says, under a name of this one's own; unknown where it says nothing.
    pub(crate) fn copied(kind: &'static str, from: &Value, their_kind: &str) -> Self {
        match find(from, their_kind) {
            Some(theirs) => {
                let status = match text(theirs, "/status") {
                    "True" => return Self::yes(kind),
                    "False" => "False",
                    _ => "Unknown",
                };
                Self::new(
                    kind,
                    status,
                    text(theirs, "/reason"),
                    text(theirs, "/message"),
                )
            }
            None => Self::unknown(kind, "", ""),
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        self.status == "True"
    }
}

/// What the conditions come to: the first that is false, else one that is unknown, those with a reason first.
pub(crate) fn ready(of: &[Condition]) -> Condition {
    let unknown = |one: &&Condition| one.status == "Unknown";
    let worst = of
        .iter()
        .find(|one| one.status == "False")
        .or_else(|| of.iter().filter(unknown).find(|one| !one.reason.is_empty()))
        .or_else(|| of.iter().find(unknown));
    match worst {
        Some(worst) => Condition {
            kind: "Ready",
            info: false,
            ..worst.clone()
        },
        None => Condition::yes("Ready"),
    }
}

/// The condition of a type.
pub(crate) fn find<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    list(object, "/status/conditions").find(|one| text(one, "/type") == kind)
}

/// The status of a condition, or nothing.
pub(crate) fn status<'a>(object: &'a Value, kind: &str) -> &'a str {
    find(object, kind).map_or("", |one| text(one, "/status"))
}

/// The conditions in writing, sorted by type; one whose status stays keeps the time of its last transition.
pub(crate) fn written(object: &Value, conditions: &[Condition]) -> Value {
    let mut all: Vec<Value> = conditions
        .iter()
        .map(|one| {
            let before = find(object, one.kind);
            let kept = before.filter(|before| text(before, "/status") == one.status);
            let since = kept.map(|before| text(before, "/lastTransitionTime").to_owned());
            let mut value = Map::new();
            let mut put = |key: &str, text: &str| {
                if !text.is_empty() {
                    value.insert(key.to_owned(), text.into());
                }
            };
            put("type", one.kind);
            put("status", one.status);
            put("reason", &one.reason);
            put("message", &one.message);
            put("severity", if one.info { "Info" } else { "" });
            put("lastTransitionTime", &since.unwrap_or_else(now));
            Value::Object(value)
        })
        .collect();
    all.sort_by(|one, other| text(one, "/type").cmp(text(other, "/type")));
    json!(all)
}

/// This second, as Kubernetes writes it.
pub(crate) fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
