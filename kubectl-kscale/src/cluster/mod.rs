//! A live cluster: how it is found, asked, and told.
//!
//! [`Cluster::connect`] makes the client of the command line; [`wait_for`] runs what is asynchronous to its end. Everything
//! beside the writing verbs reads a cluster by gathering it into a [`crate::snapshot::Snapshot`], so that a file and a
//! cluster are one thing to whoever judges them.

mod access;
mod apply;
mod config;
mod connect;
mod connector;
mod create;
mod delete;
mod edit;
mod exchange;
mod failure;
mod log;
mod plugin;
mod request;
mod retry;
mod trouble;
mod wait;
mod watch;
mod write;

#[cfg(test)]
mod scripted;

use std::time::Duration;

pub(crate) use access::{Access, Permission};
pub(crate) use apply::{NotApplied, Owned, Persist};
pub(crate) use delete::Cascade;
pub(crate) use edit::Edited;
pub(crate) use failure::{Failure, Why};
pub(crate) use wait::Look;
pub(crate) use watch::{Event, Watch};

use crate::error::Error;

/// A client, and where it is connected to.
#[derive(Clone)]
pub(crate) struct Cluster {
    client: kube::Client,
    namespace: String,
    server: String,
    flags: Vec<String>,
}

impl Cluster {
    /// The namespace of the context, for what is asked without one.
    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The address of the API server, for messages.
    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// The flags by which kubectl comes to the same cluster as the same user, for commands to copy. No secret is among them.
    pub(crate) fn flags(&self) -> &[String] {
        &self.flags
    }
}

/// Runs `future` to its end on this thread. Ctrl-C ends it between two requests' answers: what was sent was sent, and
/// nothing more is.
pub(crate) fn wait_for<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::cluster(format!("no network: {error}")))?;
    let done = runtime.block_on(async {
        tokio::select! {
            done = future => done,
            _ = tokio::signal::ctrl_c() => Err(Error::interrupted()),
        }
    });
    // A name that resolves slowly or a plugin that waits for a login runs beside the runtime; nobody waits for them now.
    runtime.shutdown_background();
    done
}

/// A Go duration that is not negative, as kubectl's flags take it.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let parsed = kscale_rules::go::parse_duration(text).map_err(|error| error.to_string())?;
    let nanos =
        u64::try_from(parsed.0).map_err(|_| "a span of time cannot be negative".to_owned())?;
    Ok(Duration::from_nanos(nanos))
}
