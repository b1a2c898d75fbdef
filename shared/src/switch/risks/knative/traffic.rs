//! Which requests the new Revision gets, and when.

use serde_json::Value;

use super::super::super::types::Risk;
use super::Subject;
use crate::knative::annotations::ROLLOUT_DURATION;
use crate::manifest::child;

pub(super) fn all(subject: &Subject<'_>, risks: &mut Vec<Risk>) {
    if subject.is_service() {
        risks.extend(pinned(subject));
        risks.extend(tagged(subject));
    } else {
        risks.extend(canary(subject));
        risks.extend(unfinished(subject));
    }
    risks.extend(slowly(subject));
}

/// KServe gives the newest Revision its share and leaves the rest to the one that last had all.
fn canary(subject: &Subject<'_>) -> Option<Risk> {
    let percent = subject.field("canaryTrafficPercent")?.as_i64()?;
    let old = status(subject, "latestRolledoutRevision").filter(|name| !name.is_empty())?;
    if percent >= 100 {
        return None;
    }
    let rest = 100 - percent;
    let message = format!(
        "the new Revision gets {percent} % of the requests, and {rest} % stay with {old}, which goes on being scaled as it is: canaryTrafficPercent is {percent}"
    );
    let help = "take canaryTrafficPercent away once the new Revision does well".to_owned();
    Some(subject.risk("canary", None, message, help))
}

/// A rollout that is still under way.
fn unfinished(subject: &Subject<'_>) -> Option<Risk> {
    let [created, ready, rolled_out] = [
        "latestCreatedRevision",
        "latestReadyRevision",
        "latestRolledoutRevision",
    ]
    .map(|key| status(subject, key).unwrap_or_default());
    let is_canary = subject.field("canaryTrafficPercent").is_some();
    let message = if !created.is_empty() && created != ready {
        format!("{created} is not ready yet, and the new Revision overtakes it")
    } else if !ready.is_empty() && !rolled_out.is_empty() && ready != rolled_out && !is_canary {
        format!("{ready} has not got all requests yet: {rolled_out} still gets some")
    } else {
        return None;
    };
    let help = "wait until what is under way has finished, or see with kubectl kscale explain why it does not".to_owned();
    Some(subject.risk("rollout-unfinished", None, message, help))
}

fn status<'a>(subject: &Subject<'a>, key: &str) -> Option<&'a str> {
    let pointer = format!("/status/components/{}/{key}", subject.roll.component);
    subject.case.edited.pointer(&pointer)?.as_str()
}

/// The entries of `spec.traffic` that name a Revision.
fn named<'a>(subject: &Subject<'a>) -> impl Iterator<Item = (&'a Value, &'a str)> {
    let traffic = subject
        .case
        .edited
        .pointer("/spec/traffic")
        .and_then(Value::as_array);
    traffic
        .into_iter()
        .flatten()
        .filter_map(|entry| Some((entry, entry.get("revisionName")?.as_str()?)))
        .filter(|(_, name)| !name.is_empty())
}

fn pinned(subject: &Subject<'_>) -> Option<Risk> {
    let percent = |entry: &Value| {
        entry
            .get("percent")
            .and_then(Value::as_i64)
            .unwrap_or_default()
    };
    let routed: Vec<(i64, &str)> = named(subject)
        .map(|(entry, name)| (percent(entry), name))
        .filter(|(percent, _)| *percent > 0)
        .collect();
    if routed.is_empty() {
        return None;
    }
    let kept: i64 = routed.iter().map(|(percent, _)| percent).sum();
    let names: Vec<&str> = routed.iter().map(|(_, name)| *name).collect();
    let message = format!(
        "the new Revision gets {} % of the requests: {kept} % go to {} by name",
        (100 - kept).max(0),
        names.join(" and ")
    );
    let help =
        "set spec.traffic to latestRevision: true with percent 100 once it is ready".to_owned();
    Some(subject.risk("traffic-pinned", None, message, help))
}

fn tagged(subject: &Subject<'_>) -> Option<Risk> {
    let mut tagged =
        named(subject).filter_map(|(entry, name)| Some((entry.get("tag")?.as_str()?, name)));
    let (tag, name) = tagged.next()?;
    let message =
        format!("the tag {tag} keeps {name} reachable, and with it the pods of its lower bound");
    let help = format!("take the tag {tag} out of spec.traffic where nobody asks for it any more");
    Some(subject.risk("tag-keeps-pods", None, message, help))
}

/// Requests move step by step.
fn slowly(subject: &Subject<'_>) -> Option<Risk> {
    let places = if subject.is_service() {
        vec!["/metadata/annotations".to_owned()]
    } else {
        subject.annotations()
    };
    let keys = [Some(ROLLOUT_DURATION.canonical), ROLLOUT_DURATION.alias];
    let keys: Vec<&str> = keys.into_iter().flatten().collect();
    let mut found = places.iter().flat_map(|place| {
        keys.iter()
            .filter_map(|key| subject.case.edited.pointer(&child(place, key))?.as_str())
    });
    let duration = found.find(|text| *text != "0s" && *text != "0")?;
    let message = format!(
        "requests move to the new Revision over {duration}: both run meanwhile, each by its own autoscaler"
    );
    Some(subject.risk("slow-rollout", None, message, String::new()))
}
