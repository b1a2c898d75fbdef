//! Which workloads are meant: kinds, names, namespaces and labels, written as kubectl takes them.

mod target;

use serde_json::Value;

pub(crate) use target::{Target, Targets, WorkloadKind};

use crate::cli::SelectionArgs;
use crate::error::Error;
use crate::facts::text;
use crate::selector::LabelSelector;
use crate::snapshot::{Scope, Snapshot, is_of_kind};

/// What the command line selects.
#[derive(Debug)]
pub(crate) struct Selection {
    targets: Targets,
    selector: Option<LabelSelector>,
    /// None means all namespaces.
    namespace: Option<String>,
}

impl Selection {
    /// Of the arguments; `namespace` is that of the context, for what is asked without one.
    pub(crate) fn new(
        targets: &[String],
        arguments: &SelectionArgs,
        asked: Option<&str>,
        namespace: &str,
    ) -> Result<Self, Error> {
        let targets = Targets::parse(targets)?;
        let selector = arguments.selector.clone();
        if arguments.all_namespaces && targets.has_names() {
            return Err(Error::usage("a name is of one namespace, not of all")
                .hint("give -n NAMESPACE, or leave out the name"));
        }
        if selector.is_some() && targets.has_names() {
            return Err(Error::usage("a name and --selector exclude each other"));
        }
        let one = || asked.unwrap_or(namespace).to_owned();
        Ok(Self {
            targets,
            selector,
            namespace: (!arguments.all_namespaces).then(one),
        })
    }

    /// The namespace; none means all of them.
    pub(crate) fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The label selector as it was written; empty where there is none.
    pub(crate) fn labels(&self) -> String {
        let selector = self.selector.as_ref();
        selector.map_or_else(String::new, ToString::to_string)
    }

    /// The kinds that are meant, each once.
    pub(crate) fn kinds(&self) -> Vec<WorkloadKind> {
        let mut kinds = Vec::new();
        for target in &self.targets.0 {
            if !kinds.contains(&target.kind) {
                kinds.push(target.kind);
            }
        }
        kinds
    }

    /// Whether Knative Services that KServe has made are told with what they were made for, and not by themselves.
    pub(crate) fn leaves_out_what_kserve_made(&self) -> bool {
        self.targets.is_everything()
    }

    /// What a cluster must be asked for.
    pub(crate) fn scope(&self) -> Scope {
        let Some(namespace) = &self.namespace else {
            return Scope::All;
        };
        if let [
            Target {
                kind,
                name: Some(name),
            },
        ] = self.targets.0.as_slice()
            && let Some(label) = kind.label()
        {
            return Scope::Labelled {
                namespace: namespace.clone(),
                selector: format!("{label}={name}"),
                of: (kind.name(), name.clone()),
            };
        }
        Scope::Namespaces(vec![namespace.clone()])
    }

    /// The workloads in a snapshot that are meant, in its order. A name that is not there is an error.
    pub(crate) fn pick<'a>(&self, snapshot: &'a Snapshot) -> Result<Vec<&'a Value>, Error> {
        let missing = self.targets.0.iter().find(|target| {
            target.name.is_some()
                && !snapshot
                    .objects
                    .iter()
                    .any(|one| self.is_meant(target, one))
        });
        if let Some(target) = missing {
            return Err(self.not_found(target, snapshot));
        }
        let meant = |object: &&Value| self.selects(object);
        Ok(snapshot.objects.iter().filter(meant).collect())
    }

    /// Whether one object is meant.
    pub(crate) fn selects(&self, object: &Value) -> bool {
        self.targets
            .0
            .iter()
            .any(|target| self.is_meant(target, object))
    }

    fn is_meant(&self, target: &Target, object: &Value) -> bool {
        let of_namespace = |namespace: &str| text(object, "/metadata/namespace") == namespace;
        is_of_kind(object, target.kind.group(), target.kind.name())
            && self.namespace.as_deref().is_none_or(of_namespace)
            && target
                .name
                .as_deref()
                .is_none_or(|name| text(object, "/metadata/name") == name)
            && (!self.leaves_out_what_kserve_made() || !is_made_by_kserve(object))
            && self
                .selector
                .as_ref()
                .is_none_or(|labels| labels.matches(object))
    }

    /// That nothing is there of what is meant.
    pub(crate) fn nothing(&self) -> Error {
        let of = if self.selector.is_none() {
            ""
        } else {
            " with these labels"
        };
        match &self.namespace {
            Some(namespace) => Error::input(format!("no workload{of} in namespace {namespace}"))
                .hint("-n NAMESPACE looks into another one, -A into all"),
            None => Error::input(format!("no workload{of} in any namespace")),
        }
    }

    /// With what is there under that name elsewhere, or under a similar one here.
    fn not_found(&self, target: &Target, snapshot: &Snapshot) -> Error {
        let name = target.name.as_deref().unwrap_or_default();
        let namespace = self.namespace.as_deref().unwrap_or_default();
        let short = target.kind.short();
        let error = Error::input(format!("{short}/{name} is not in namespace {namespace}"));
        let of_kind = || snapshot.of_kind(target.kind.group(), target.kind.name());
        let elsewhere = of_kind().find(|one| text(one, "/metadata/name") == name);
        if let Some(elsewhere) = elsewhere {
            let namespace = text(elsewhere, "/metadata/namespace");
            return error.hint(format!("it is in namespace {namespace}: -n {namespace}"));
        }
        let unread = snapshot
            .unread
            .iter()
            .find(|one| one.what.starts_with(target.kind.name()));
        if let Some(unread) = unread {
            return Error::refused(format!("{} cannot be read: {}", unread.what, unread.why));
        }
        error.hint(format!("what there is: kubectl get {short} -A"))
    }
}

/// Whether KServe has made a Knative Service, for an InferenceService or an InferenceGraph.
pub(crate) fn is_made_by_kserve(object: &Value) -> bool {
    let owners = object.pointer("/metadata/ownerReferences");
    let owners = owners.and_then(Value::as_array);
    owners
        .into_iter()
        .flatten()
        .any(|owner| text(owner, "/apiVersion").starts_with("serving.kserve.io/"))
}
