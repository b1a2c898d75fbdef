//! What plans are made from: what is known around the objects, and what is wanted of each.

use futures::StreamExt as _;
use kscale_rules::explain::explain;
use kscale_rules::explain::types::{Explanation, ObjectRef};
use kscale_rules::facts::Facts;
use kscale_rules::observed::{Index, observe};
use kscale_rules::switch::{
    Plan, Record, Refusal, RefusalReason, RefusedPlan, Wish, go_back, plan,
};
use serde_json::Value;

use crate::cli::FactsArgs;
use crate::cluster::{Cluster, Failure, Why};
use crate::command::known::Known;
use crate::switching::address;

/// Objects that are read at a time.
const AT_ONCE: usize = 16;

/// What is wanted of an object.
#[derive(Clone, Debug)]
pub(in crate::command) enum Aim {
    /// Another autoscaler.
    Switch(Wish),
    /// The way back: what was replaced, newest first, and the number under which the last of it is kept. Of the wish only what
    /// is said of capacity and findings counts.
    Undo(i64, Vec<Record>, Wish),
}

/// One object that is to be changed.
#[derive(Clone, Debug)]
pub(in crate::command) struct Errand {
    /// As the API server has it, whole.
    pub(in crate::command) object: Value,
    /// What is wanted of it.
    pub(in crate::command) aim: Aim,
    /// How.
    pub(in crate::command) plan: Plan,
}

/// What is known around the objects.
pub(in crate::command) struct Ground<'a> {
    /// The facts of the cluster.
    pub(in crate::command) facts: Facts,
    /// Flags that count more than what was read.
    pub(super) arguments: FactsArgs,
    index: Index<'a>,
    origin: &'static str,
}

impl<'a> Ground<'a> {
    /// Of what was read, with flags over it.
    pub(in crate::command) fn new(known: &'a Known, arguments: &FactsArgs) -> Self {
        let snapshot = &known.snapshot;
        Self {
            facts: known.facts(arguments, std::iter::empty()),
            arguments: arguments.clone(),
            index: Index::new(&snapshot.objects).at(snapshot.taken_at()),
            origin: if snapshot.live { "cluster" } else { "snapshot" },
        }
    }

    /// What becomes of an object as it is, and what is observed of it; none of what is no workload.
    pub(in crate::command) fn explained(&self, object: &Value) -> Option<Explanation> {
        let mut explanation = explain(object, &self.facts)?;
        explanation.observed = Some(observe(object, &explanation, &self.facts, &self.index));
        self.origin.clone_into(&mut explanation.object.origin);
        Some(explanation)
    }

    /// Works out how to do to `object` what is wanted of it.
    pub(in crate::command) fn errand(
        &self,
        object: Value,
        aim: Aim,
    ) -> Result<Errand, Box<RefusedPlan>> {
        match self.plan(&object, &aim) {
            Ok(plan) => Ok(Errand { object, aim, plan }),
            Err(refusal) => Err(Box::new(RefusedPlan {
                object: self.named(&object),
                refusal,
            })),
        }
    }

    fn plan(&self, object: &Value, aim: &Aim) -> Result<Plan, Refusal> {
        // Who owns which field is the API server's own, and no part of what is edited.
        let mut object = object.clone();
        if let Some(metadata) = object
            .pointer_mut("/metadata")
            .and_then(Value::as_object_mut)
        {
            metadata.remove("managedFields");
        }
        let Some(explanation) = self.explained(&object) else {
            return Err(Refusal {
                reason: RefusalReason::NotPossible,
                message: "only InferenceServices and Knative Services are switched".to_owned(),
                help: String::new(),
            });
        };
        match aim {
            Aim::Switch(wish) => plan(&object, &explanation, &self.facts, wish),
            Aim::Undo(number, records, wish) => {
                let records: Vec<&Record> = records.iter().collect();
                go_back(
                    &object,
                    &explanation,
                    &self.facts,
                    (*number, &records),
                    wish,
                )
            }
        }
    }

    fn named(&self, object: &Value) -> ObjectRef {
        let mut named = ObjectRef::of(object);
        self.origin.clone_into(&mut named.origin);
        named
    }
}

/// The objects as the API server has them now. A snapshot leaves out what could be a secret, and annotations of kubectl's: a patch
/// is to be made from the whole.
pub(in crate::command) async fn whole(
    cluster: &Cluster,
    objects: &[&Value],
) -> Vec<Result<Value, (ObjectRef, Failure)>> {
    let each = objects.iter().map(|object| async {
        let named = ObjectRef::of(object);
        read(cluster, &named)
            .await
            .map_err(|failure| (named, failure))
    });
    futures::stream::iter(each)
        .buffered(AT_ONCE)
        .collect()
        .await
}

/// One object as the API server has it now.
pub(super) async fn read(cluster: &Cluster, object: &ObjectRef) -> Result<Value, Failure> {
    cluster.get(&place(object)?).await
}

/// Where it is.
pub(super) fn place(object: &ObjectRef) -> Result<String, Failure> {
    address::of(object).ok_or_else(|| {
        let message = format!("where a {} is kept is not known", object.kind);
        Failure::new(Why::Nonsense, message)
    })
}
