//! Keeping and forgetting.

use kscale_rules::switch::Record;
use serde_json::Value;

use super::history::history;
use super::{KEPT, Kept, revision};
use crate::cluster::{Cascade, Cluster, Failure, Persist, Why};
use crate::facts::text;
use crate::switching::address;

/// Keeps `record` of a change that is about to be made to `object`, as the cluster has it, and forgets all but the last ten. The
/// same change of the same version of the object is kept once. Gives what is kept.
pub(crate) async fn keep(
    cluster: &Cluster,
    object: &Value,
    record: &Record,
) -> Result<Kept, Failure> {
    let before = history(cluster, object).await?.kept;
    let newest = before.iter().map(|kept| kept.number).max();
    let number = newest.unwrap_or_default().saturating_add(1);
    let wanted = revision::of(object, record, number);
    let mut kept = match cluster.create(&revision::collection(object), &wanted).await {
        Ok(made) => Kept {
            is_new: true,
            ..understood(object, made)?
        },
        Err(failure) if failure.why == Why::Conflict => reused(cluster, object, &wanted, record)
            .await?
            .ok_or(failure)?,
        Err(failure) => return Err(failure),
    };
    prune(cluster, object, &before, &mut kept).await;
    Ok(kept)
}

/// The one that is there under the name, if it holds the same.
async fn reused(
    cluster: &Cluster,
    object: &Value,
    wanted: &Value,
    record: &Record,
) -> Result<Option<Kept>, Failure> {
    let name = text(wanted, "/metadata/name");
    let path = format!("{}/{name}", revision::collection(object));
    let there = understood(object, cluster.get(&path).await?)?;
    Ok(Some(there).filter(|there| there.record.replaced == record.replaced))
}

fn understood(object: &Value, revision: Value) -> Result<Kept, Failure> {
    let name = text(&revision, "/metadata/name").to_owned();
    revision::read(object, revision).map_err(|why| {
        let message = format!("ControllerRevision {name} holds something else: {why}");
        Failure::new(Why::Nonsense, message)
    })
}

/// Forgets all but the last ten, and the same change where it was kept before and never carried out. That it cannot is no
/// reason not to switch.
async fn prune(cluster: &Cluster, object: &Value, before: &[Kept], kept: &mut Kept) {
    let others = before.iter().filter(|one| one.name != kept.name);
    let others: Vec<&Kept> = others.collect();
    let is_again = |one: &Kept| {
        one.record.replaced == kept.record.replaced && one.record.is_without_effect(object)
    };
    let again = others.first().filter(|newest| is_again(newest)).copied();
    let room = KEPT - 1 + usize::from(again.is_some());
    let old = others.iter().skip(room).copied();
    let mut notes = Vec::new();
    for one in again.into_iter().chain(old) {
        if let Err(failure) = delete(cluster, object, one).await {
            notes.push(format!(
                "the old record {} could not be deleted: {failure}",
                one.name
            ));
        }
    }
    kept.notes = notes;
}

/// Forgets a record whose change was not made after all. One that another run has made, or whose change has been made by
/// somebody else meanwhile, stays.
pub(crate) async fn forget(cluster: &Cluster, object: &Value, kept: &Kept) -> Result<(), Failure> {
    if !kept.is_new {
        return Ok(());
    }
    let part = |pointer: &str| text(object, pointer);
    let path = address::path(
        part("/apiVersion"),
        part("/kind"),
        part("/metadata/namespace"),
        part("/metadata/name"),
    );
    if let Some(path) = path {
        match cluster.get(&path).await {
            Ok(now) if kept.record.is_without_effect(&now) => {}
            Ok(_) => return Ok(()),
            // It goes with its owner.
            Err(failure) if failure.why == Why::Absent => return Ok(()),
            Err(failure) => return Err(failure),
        }
    }
    delete(cluster, object, kept).await
}

async fn delete(cluster: &Cluster, object: &Value, kept: &Kept) -> Result<(), Failure> {
    let path = format!("{}/{}", revision::collection(object), kept.name);
    let deleted = cluster.delete(&path, &kept.revision, Cascade::Background, Persist::Yes);
    deleted.await.map(drop)
}
