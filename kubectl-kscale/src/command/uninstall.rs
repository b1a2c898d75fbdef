//! `uninstall`: the extension goes, unless somebody still needs it.

use serde_json::Value;

use super::extension::{
    NAMES, Sight, State, User, confirmed, deployment_path, gather, operated, service_path, users,
};
use crate::cli::{DryRun, NameFormat, Uninstall};
use crate::cluster::{Cluster, Look, Persist, wait_for};
use crate::error::{Error, Outcome};
use crate::release::{NAME, Running, running};
use crate::render::{Ink, Paper, Screen, span};

/// Looks, shows, asks, deletes, waits.
pub(super) fn run(arguments: &Uninstall, screen: Screen) -> Result<Outcome, Error> {
    wait_for(async {
        let cluster = Cluster::connect(&arguments.cluster).await?;
        let sight = gather(&cluster, &arguments.knative_namespace).await?;
        let removal = Removal {
            arguments,
            screen,
            cluster,
            sight,
        };
        removal.carry_out().await
    })
}

/// One removal.
struct Removal<'a> {
    arguments: &'a Uninstall,
    screen: Screen,
    cluster: Cluster,
    sight: Sight,
}

/// One object that goes.
struct Going<'a> {
    name: &'static str,
    path: String,
    object: &'a Value,
}

impl Removal<'_> {
    async fn carry_out(&self) -> Result<Outcome, Error> {
        let namespace = &self.sight.namespace;
        if let Running::Operated(operator) = running(&self.sight.snapshot, namespace) {
            return Err(Error::input(format!("nothing was changed: {}", operated(&operator)))
                .hint("the operator installs the HPA extension with every Knative Serving, and would install it again"));
        }
        let going = self.going()?;
        if going.is_empty() {
            let text =
                format!("{NAME} is not installed in namespace {namespace}; nothing was changed.");
            self.say(&text)?;
            return Ok(Outcome::Clean);
        }
        self.is_free()?;
        let dry = self.arguments.change.dry_run;
        if dry == DryRun::None && !self.arguments.change.yes {
            let names: Vec<&str> = going.iter().map(|one| one.name).collect();
            let server = self.cluster.server();
            let question = format!(
                "Delete {} in namespace {namespace} of {server}?",
                names.join(" and ")
            );
            if !confirmed(self.screen, &question).await? {
                return Err(Error::usage("nothing was changed, as you wish"));
            }
        }
        for one in &going {
            self.delete(one, dry).await?;
        }
        if dry == DryRun::None && self.arguments.change.wait {
            for one in &going {
                self.wait(one).await?;
            }
        }
        Ok(Outcome::Clean)
    }

    /// What is there, Deployment first: without it the Service is of no use, and the other way round it would be missed.
    fn going(&self) -> Result<Vec<Going<'_>>, Error> {
        let namespace = &self.sight.namespace;
        let places = [
            ("apps", "Deployment", deployment_path(namespace)),
            ("", "Service", service_path(namespace)),
        ];
        let mut going = Vec::new();
        for ((group, kind, path), name) in places.into_iter().zip(NAMES) {
            match self.sight.of_knative(group, kind, NAME) {
                State::There(object) => going.push(Going { name, path, object }),
                State::Absent => {}
                State::Unknown(why) => {
                    return Err(Error::refused(format!(
                        "whether {name} is there cannot be told: {why}"
                    )));
                }
            }
        }
        Ok(going)
    }

    /// Whether nobody needs it any more, or that does not matter.
    fn is_free(&self) -> Result<(), Error> {
        let force = self.arguments.force;
        if let Some(unread) = self.sight.unread_list("PodAutoscaler", "") {
            let message = format!(
                "whether anything needs the HPA extension cannot be told: {}",
                unread.why
            );
            if !force {
                return Err(Error::refused(message).hint("to remove it all the same: --force"));
            }
        }
        let users = users(&self.sight.snapshot);
        if users.is_empty() {
            return Ok(());
        }
        if self.arguments.output == NameFormat::Text {
            self.screen.print(&needed(&users, self.screen.width()))?;
        } else {
            self.screen.tell(&needed(&users, self.screen.width()));
        }
        if force {
            return Ok(());
        }
        let count = users.len();
        let what = if count == 1 {
            "one workload needs"
        } else {
            "workloads need"
        };
        let number = if count == 1 {
            String::new()
        } else {
            format!("{count} ")
        };
        Err(Error::input(format!("nothing was changed: {number}{what} the HPA extension"))
            .hint("give them another autoscaler first, or delete them")
            .hint("old Revisions keep their PodAutoscaler until they are deleted: kubectl get podautoscalers.autoscaling.internal.knative.dev -A")
            .hint("to remove it all the same: --force"))
    }

    async fn delete(&self, one: &Going<'_>, dry: DryRun) -> Result<(), Error> {
        let suffix = match dry {
            DryRun::None => "",
            DryRun::Client => " (client dry run)",
            DryRun::Server => " (server dry run)",
        };
        let persist = match dry {
            DryRun::Server => Persist::DryRun,
            DryRun::None | DryRun::Client => Persist::Yes,
        };
        let mut was_there = true;
        if dry != DryRun::Client {
            let deleted =
                self.cluster
                    .delete(&one.path, one.object, self.arguments.cascade, persist);
            was_there = deleted
                .await
                .map_err(|failure| failure.error(&format!("{} was not deleted", one.name)))?;
        }
        let verb = if was_there {
            "deleted"
        } else {
            "was gone already"
        };
        self.tell(one.name, &format!("{} {verb}{suffix}", one.name))
    }

    /// Waits until the very object is gone: another of the same name is somebody else's.
    async fn wait(&self, one: &Going<'_>) -> Result<(), Error> {
        let uid = one.object.pointer("/metadata/uid");
        let look = async |object: Option<&Value>| match object {
            Some(object) if object.pointer("/metadata/uid") == uid => Look::NotYet,
            _ => Look::Done(()),
        };
        let limit = self.arguments.change.timeout;
        let gone = self.cluster.watch_over(&one.path, limit, look).await;
        let gone =
            gone.map_err(|failure| failure.error(&format!("{} cannot be looked at", one.name)))?;
        gone.ok_or_else(|| {
            let seconds = limit.as_secs_f64();
            Error::timed_out(format!(
                "{} is deleted, and not gone after {seconds} s",
                one.name
            ))
            .hint("a finalizer may hold it: see metadata.finalizers of it")
        })
    }

    fn say(&self, text: &str) -> Result<(), Error> {
        let mut paper = Paper::new(self.screen.width());
        paper.entry(&[], 0, &[span(Ink::Plain, text)]);
        let text = paper.into_text();
        if self.arguments.output == NameFormat::Text {
            self.screen.print(&text)?;
        } else {
            self.screen.tell(&text);
        }
        Ok(())
    }

    fn tell(&self, name: &str, text: &str) -> Result<(), Error> {
        let line = match self.arguments.output {
            NameFormat::Text => text,
            NameFormat::Name => name,
        };
        self.screen.print(&format!("{line}\n"))?;
        Ok(())
    }
}

/// Who needs it, and what would become of them.
fn needed(users: &[User], width: usize) -> String {
    let mut paper = Paper::new(width);
    paper.entry(
        &[],
        0,
        &[span(Ink::Strong, "These are scaled by the HPA extension:")],
    );
    for user in users {
        paper.verbatim(2, Ink::Plain, &user.words());
    }
    let fate = "Without it, HorizontalPodAutoscalers that are there go on scaling as they are. Nothing keeps them in step with a \
        change of bounds, metric or target any more, and no new revision of class hpa ever becomes ready: it hangs without \
        an error, and traffic stays where it is.";
    paper.entry(&[], 0, &[span(Ink::Plain, fate)]);
    paper.into_text()
}
