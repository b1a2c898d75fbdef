//! Which context, cluster and user of the kubeconfig are meant (`client-go`: `tools/clientcmd/client_config.go`).

use kube::config::{AuthInfo, Cluster, Context};

use super::flags;
use super::kubeconfig::Files;
use crate::cli::ClusterArgs;
use crate::error::Error;
use crate::input::visible;

/// The entries that were chosen, with the flags laid over them.
#[derive(Debug)]
pub(super) struct Choice {
    /// Where to.
    pub(super) cluster: Cluster,
    /// The cluster's name; empty where flags alone describe it.
    pub(super) cluster_name: String,
    /// As whom.
    pub(super) user: AuthInfo,
    /// The user's name; may be empty.
    pub(super) user_name: String,
    /// The namespace of the context.
    pub(super) namespace: Option<String>,
}

impl Choice {
    /// Chooses; none where nothing names a cluster.
    pub(super) fn make(files: &Files, arguments: &ClusterArgs) -> Result<Option<Self>, Error> {
        let context = context(files, arguments)?;
        let named = given(&arguments.cluster).or(some_text(context.as_ref().map(|it| &it.cluster)));
        let on_the_spot = given(&arguments.server).is_some();
        if named.is_none() && !on_the_spot {
            return Ok(None);
        }
        let mut cluster = match named {
            Some(name) => cluster(files, name, arguments)?
                .cloned()
                .unwrap_or_default(),
            None => Cluster::default(),
        };
        flags::over_cluster(&mut cluster, arguments);
        let cluster_name = named.unwrap_or_default().to_owned();
        if cluster.server.as_deref().unwrap_or_default().is_empty() {
            return Err(Error::input(format!(
                "the cluster {} has no server",
                quoted(&cluster_name)
            ))
            .hint("give its address with --server, or mend the kubeconfig")
            .hint(place(files)));
        }
        let name = given(&arguments.user)
            .or(some_text(context.as_ref().and_then(|it| it.user.as_ref())))
            .unwrap_or_default();
        let mut user = user(files, name, arguments)?;
        flags::over_user(&mut user, arguments)?;
        let namespace = context
            .as_ref()
            .and_then(|context| context.namespace.clone());
        Ok(Some(Self {
            cluster,
            cluster_name,
            user_name: name.to_owned(),
            user,
            namespace: namespace.filter(|namespace| !namespace.is_empty()),
        }))
    }
}

/// The context that `--context` names, else the current one. Flags may do without any.
fn context(files: &Files, arguments: &ClusterArgs) -> Result<Option<Context>, Error> {
    let config = &files.config;
    let asked = given(&arguments.context);
    let Some(name) = asked.or(some_text(config.current_context.as_ref())) else {
        return Ok(None);
    };
    if let Some(found) = config.contexts.iter().find(|it| it.name == name) {
        return Ok(Some(found.context.clone().unwrap_or_default()));
    }
    let what = if asked.is_some() {
        format!("context {} does not exist", quoted(name))
    } else {
        format!("the current context {} does not exist", quoted(name))
    };
    Err(missing(
        &what,
        "contexts",
        config.contexts.iter().map(|it| &it.name),
        files,
    ))
}

fn cluster<'a>(
    files: &'a Files,
    name: &str,
    arguments: &ClusterArgs,
) -> Result<Option<&'a Cluster>, Error> {
    let clusters = &files.config.clusters;
    if let Some(found) = clusters.iter().find(|it| it.name == name) {
        return Ok(found.cluster.as_ref());
    }
    let asked = given(&arguments.cluster).is_some();
    if !asked && given(&arguments.server).is_some() {
        return Ok(None);
    }
    let what = format!("cluster {} does not exist", quoted(name));
    Err(missing(
        &what,
        "clusters",
        clusters.iter().map(|it| &it.name),
        files,
    ))
}

/// Who asks. A context may name nobody, as kubectl has it; one that names somebody who is not there is a mistake that kubectl
/// answers by asking for a password.
fn user(files: &Files, name: &str, arguments: &ClusterArgs) -> Result<AuthInfo, Error> {
    let users = &files.config.auth_infos;
    if let Some(found) = users.iter().find(|it| it.name == name) {
        return Ok(found.auth_info.clone().unwrap_or_default());
    }
    let asked = given(&arguments.user).is_some();
    let known_otherwise = arguments.token.is_some() || arguments.client_certificate.is_some();
    if !asked && (name.is_empty() || known_otherwise) {
        return Ok(AuthInfo::default());
    }
    let what = format!("user {} does not exist", quoted(name));
    Err(missing(
        &what,
        "users",
        users.iter().map(|it| &it.name),
        files,
    ))
}

fn missing<'a>(
    what: &str,
    kind: &str,
    there: impl Iterator<Item = &'a String>,
    files: &Files,
) -> Error {
    let error = Error::input(what);
    let there = names(there);
    let error = if there.is_empty() {
        error.hint(format!("the kubeconfig has no {kind}"))
    } else {
        error.hint(format!("the {kind} there are: {there}"))
    };
    error.hint(place(files))
}

/// Names for a message, in the order of the files.
pub(super) fn names<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<_> = names.map(|name| visible(name)).collect();
    names.join(", ")
}

fn place(files: &Files) -> String {
    match files.names() {
        names if names.is_empty() => "there is no kubeconfig".to_owned(),
        names => format!("kubeconfig: {names}"),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", visible(name))
}

/// A flag's value; an empty one is as good as none, as everywhere in kubectl.
fn given(flag: &Option<String>) -> Option<&str> {
    some_text(flag.as_ref())
}

fn some_text(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
#[path = "choice_tests.rs"]
mod tests;
