//! What is known of the cluster, wherever from: `--facts`, the live cluster, or nothing.

use std::ffi::OsString;
use std::time::Duration;

use kscale_rules::facts::Facts;
use serde_json::Value;

use super::session::{Session, inputs, one_stdin};
use crate::cli::{ClusterArgs, FactsArgs, Input};
use crate::cluster::{Cluster, wait_for};
use crate::error::{Error, Outcome};
use crate::facts;
use crate::input::{Document, Loaded, Options, load};
use crate::snapshot::{self, Scope, Snapshot, Wanted};

/// Whoever gives manifests waits no longer than this for a cluster that is not there, such as one behind a VPN that is off.
const PATIENCE: Duration = Duration::from_secs(5);

/// A snapshot, and what stands beside it.
#[derive(Default)]
pub(super) struct Known {
    /// The objects; none of them without `--facts` and without a cluster.
    pub(super) snapshot: Snapshot,
    /// The namespace of the context, where a cluster was asked.
    pub(super) namespace: Option<String>,
}

/// Where to look.
pub(super) struct Question<'a> {
    pub(super) facts: &'a FactsArgs,
    pub(super) cluster: &'a ClusterArgs,
    /// Files that stand for the cluster where `--facts` names none.
    pub(super) configured: Vec<OsString>,
    /// Whether folders of facts are looked into below, too.
    pub(super) recursive: bool,
}

impl<'a> Question<'a> {
    pub(super) fn new(facts: &'a FactsArgs, cluster: &'a ClusterArgs) -> Self {
        Self {
            facts,
            cluster,
            configured: Vec::new(),
            recursive: false,
        }
    }

    /// Whether there is anything that could stand for a cluster.
    pub(super) fn has_cluster(&self) -> bool {
        !self.facts.facts.is_empty() || Cluster::is_configured(self.cluster)
    }

    /// For workloads of the cluster: without one, there is nothing to work on.
    pub(super) fn workloads(
        &self,
        session: &mut Session,
        scope: impl FnOnce(&str) -> Result<Scope, Error>,
    ) -> Result<Known, Error> {
        if let Some(known) = self.files(session) {
            return Ok(known);
        }
        if self.facts.offline {
            return Err(Error::usage("--offline leaves no cluster to look into")
                .hint("--facts FILE stands for one; -f FILE explains manifests"));
        }
        wait_for(async {
            let cluster = Cluster::connect(self.cluster).await?;
            let wanted = Wanted {
                scope: scope(cluster.namespace())?,
                health: false,
            };
            let snapshot = snapshot::gather(&cluster, &wanted).await?;
            Ok(Known {
                snapshot,
                namespace: Some(cluster.namespace().to_owned()),
            })
        })
    }

    /// The manifests of `-f`, settled in their namespaces, and what is known around them; with `before`, also the state of their
    /// objects in the cluster.
    pub(super) fn manifests(
        facts: &'a FactsArgs,
        cluster: &'a ClusterArgs,
        input: &Input,
        before: bool,
        session: &mut Session,
    ) -> Result<(Loaded, Known), Error> {
        one_stdin(input, facts)?;
        let question = Self {
            recursive: input.recursive,
            ..Self::new(facts, cluster)
        };
        let mut given = load(&inputs(&input.filename), &question.options());
        let documents = given.documents.iter().filter(|_| before);
        let objects: Vec<&Value> = documents.map(|document| &document.value).collect();
        let known = question.around(session, &objects)?;
        session.unreadable(&given);
        session.refused_facts(&mut given.documents);
        let asked = input.namespace.as_deref();
        session.settle(&mut given.documents, asked, known.namespace.as_deref());
        Ok((given, known))
    }

    fn options(&self) -> Options {
        Options {
            recursive: self.recursive,
            network: !self.facts.offline,
        }
    }

    /// For manifests: a cluster that cannot be asked makes its facts assumed, and is no reason to give no answer.
    pub(super) fn around(
        &self,
        session: &mut Session,
        manifests: &[&Value],
    ) -> Result<Known, Error> {
        if let Some(known) = self.files(session) {
            return Ok(known);
        }
        if self.facts.offline || !Cluster::is_configured(self.cluster) {
            return Ok(Known::default());
        }
        let hurried = ClusterArgs {
            request_timeout: self.cluster.request_timeout.at_most(PATIENCE),
            ..self.cluster.clone()
        };
        let asked = wait_for(async {
            let cluster = Cluster::connect(&hurried).await?;
            let mut snapshot = snapshot::gather(&cluster, &Wanted::default()).await?;
            let namespace = cluster.namespace();
            snapshot
                .objects
                .extend(snapshot::before(&cluster, manifests, namespace).await);
            Ok(Known {
                snapshot,
                namespace: Some(namespace.to_owned()),
            })
        });
        asked.or_else(|error| {
            if error.outcome() == Outcome::Interrupted {
                return Err(error);
            }
            session.messages.doubt(
                &format!("the cluster is not asked, so its facts are assumed: {error}"),
                "--offline says that this is meant",
            );
            for hint in error.hints() {
                session.messages.hint(hint);
            }
            Ok(Known::default())
        })
    }

    /// What files tell, where any are named.
    pub(super) fn files(&self, session: &mut Session) -> Option<Known> {
        let mut names = self.facts.facts.as_slice();
        if names.is_empty() {
            names = &self.configured;
        }
        if names.is_empty() {
            return None;
        }
        let mut loaded = load(&inputs(names), &self.options());
        session.unreadable(&loaded);
        session.doubt(&loaded);
        session.refused_facts(&mut loaded.documents);
        Some(Known {
            snapshot: Snapshot::of_documents(loaded.documents),
            namespace: None,
        })
    }
}

impl Known {
    /// The facts, with what was given laid over the snapshot, and flags over both.
    pub(super) fn facts<'a>(
        &self,
        arguments: &FactsArgs,
        given: impl Iterator<Item = &'a Document>,
    ) -> Facts {
        let local: Vec<&Value> = given
            .map(|document| &document.value)
            .filter(|object| facts::is_fact(object))
            .collect();
        facts::gather(arguments, &self.snapshot, &local)
    }
}
