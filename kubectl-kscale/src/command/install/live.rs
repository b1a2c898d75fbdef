//! Installing into a cluster, step by step.

use kscale_rules::facts::KnativeVersion;
use serde_json::Value;

use super::super::extension::{Sight, User, aside, confirmed, gather, operated, stuck};
use super::plan::{Change, Step, rehearse, steps};
use super::preflight::{Mark, Verdict, accesses, judge};
use super::{print, rollout, source};
use crate::cli::{DryRun, Install, ObjectFormat};
use crate::cluster::{Cluster, Owned, Persist};
use crate::error::{Error, Outcome};
use crate::release::{Manifest, Named, Running, extension, running};
use crate::render::Screen;

/// Looks, checks, shows, asks, applies, waits.
pub(super) async fn install(
    arguments: &Install,
    named: Option<Manifest>,
    screen: Screen,
) -> Result<Outcome, Error> {
    let cluster = Cluster::connect(&arguments.cluster).await?;
    let sight = gather(&cluster, &arguments.knative_namespace).await?;
    let run = Run {
        arguments,
        screen,
        cluster,
        sight,
    };
    let found = running(&run.sight.snapshot, &run.sight.namespace);
    if let Running::Operated(operator) = &found {
        let extension = extension(&run.sight.snapshot, &run.sight.namespace);
        run.say(&print::operated(
            &operated(operator),
            operator,
            extension,
            screen.width(),
        ))?;
        return Ok(Outcome::Clean);
    }
    run.is_there(&found)?;
    run.say(&print::found(&found, &run.sight.namespace, screen.width()))?;
    print::disagreement(screen, &found);
    let manifest = match named {
        Some(manifest) => manifest,
        None => run.manifest_of(release_of(&found)?).await?,
    };
    run.preflight(&found, &manifest).await?;
    run.carry_out(&manifest).await
}

/// The release that runs.
fn release_of(found: &Running) -> Result<KnativeVersion, Error> {
    let own = "give its serving-hpa.yaml with --from FILE";
    match found {
        Running::Found {
            version: Named::Release(release),
            ..
        } => Ok(*release),
        Running::Found {
            version: Named::Vendor(release, text),
            ..
        } => Err(Error::input(format!(
            "Knative Serving is {text}, a build of somebody's own that Knative has published no manifest for"
        ))
        .hint(own)
        .hint(format!("or take that of the release it follows: --version {release}"))),
        Running::Found { version, by, .. } => Err(Error::input(format!(
            "{by} names \"{version}\" as the version of Knative Serving, which is no release"
        ))
        .hint(own)
        .hint("or name the release that it was built from with --version")),
        _ => Err(Error::input("Knative Serving runs, and nothing says of which release it is")
            .hint("its Deployments have no label app.kubernetes.io/version; name the release with --version")),
    }
}

/// One installation.
struct Run<'a> {
    arguments: &'a Install,
    screen: Screen,
    cluster: Cluster,
    sight: Sight,
}

impl Run<'_> {
    /// To standard output where people read it, and else beside the answer.
    fn say(&self, text: &str) -> Result<(), Error> {
        if self.arguments.output == ObjectFormat::Text {
            self.screen.print(text)?;
        } else {
            self.screen.tell(text);
        }
        Ok(())
    }

    /// Whether there is a Knative Serving to extend.
    fn is_there(&self, found: &Running) -> Result<(), Error> {
        let namespace = &self.sight.namespace;
        if let Some(unread) = self.sight.unread_list("Deployment", namespace) {
            return Err(Error::refused(format!(
                "which Knative runs cannot be told: {}",
                unread.why
            ))
            .hint(format!(
                "you must be allowed to list deployments in namespace {namespace}"
            )));
        }
        let elsewhere = "is it in another namespace? then give --knative-namespace";
        match found {
            Running::Nowhere => Err(Error::input("Knative Serving is not installed in this cluster")
                .hint("install it first: https://knative.dev/docs/install/; KServe uses it where the mode is Knative, also called Serverless")
                .hint(elsewhere)),
            Running::Elsewhere { operated } => {
                let error = Error::input(format!(
                    "no program of Knative Serving runs in namespace {namespace}"
                ));
                Err(match operated.first() {
                    Some(other) => error.hint(format!(
                        "the Knative operator manages one in namespace {other}: --knative-namespace {other}"
                    )),
                    None => error.hint(elsewhere).hint("its CustomResourceDefinitions are there: its serving-core.yaml may be missing"),
                })
            }
            _ => Ok(()),
        }
    }

    async fn manifest_of(&self, release: KnativeVersion) -> Result<Manifest, Error> {
        let base = self.arguments.what.base_url.clone();
        // Nothing is fetched for a release that is built in.
        let manifest = aside(move || source::of_release(release, &base, false)).await??;
        Ok(source::placed(manifest, self.arguments))
    }

    async fn preflight(&self, found: &Running, manifest: &Manifest) -> Result<(), Error> {
        let accesses = accesses(&self.sight.namespace);
        let permissions = self.cluster.may_each(&accesses).await;
        let asked: Vec<_> = accesses.into_iter().zip(permissions).collect();
        let verdicts = judge(&self.sight, found, manifest, &asked);
        self.say(&print::verdicts(&verdicts, self.screen.width()))?;
        let worst: Vec<&Verdict> = verdicts
            .iter()
            .filter(|verdict| verdict.mark >= Mark::Fatal)
            .collect();
        if worst.is_empty() {
            return Ok(());
        }
        let denied = worst.iter().all(|verdict| verdict.mark == Mark::Denied);
        let what: Vec<&str> = worst.iter().map(|verdict| verdict.what.as_str()).collect();
        let message = format!("nothing was changed: {}", what.join("; "));
        Err(if denied {
            Error::refused(message)
        } else {
            Error::input(message).hint("install again once that is there")
        })
    }

    async fn carry_out(&self, manifest: &Manifest) -> Result<Outcome, Error> {
        let arguments = self.arguments;
        let width = self.screen.width();
        let owned = if arguments.force_conflicts {
            Owned::Take
        } else {
            Owned::Respect
        };
        let mut steps = steps(&self.sight, manifest);
        let mut taken = Vec::new();
        if arguments.change.dry_run != DryRun::Client {
            taken = rehearse(&self.cluster, &mut steps, owned).await?;
        }
        let extension = extension(&self.sight.snapshot, &self.sight.namespace);
        let before = extension.and_then(|(_, version)| version);
        let nothing = steps.iter().all(|step| step.change() == Change::Unchanged);
        if nothing {
            self.say(&print::already(manifest, width))?;
        } else {
            self.say(&print::plan(
                manifest,
                before.as_ref(),
                &steps,
                &taken,
                width,
            )?)?;
        }
        let changes = arguments.change.dry_run == DryRun::None && !nothing;
        if changes && !arguments.change.yes {
            let question = format!("Apply this to {}?", self.cluster.server());
            if !confirmed(self.screen, &question).await? {
                return Err(Error::usage("nothing was changed, as you wish"));
            }
        }
        if changes {
            self.apply(&mut steps, owned).await?;
        }
        self.answer(&steps, nothing)?;
        if arguments.change.dry_run == DryRun::None {
            self.wait(manifest).await?;
        }
        Ok(Outcome::Clean)
    }

    /// Applies what changes. Each object by itself is whole; what is cut short is completed by the next run.
    async fn apply(&self, steps: &mut [Step], owned: Owned) -> Result<(), Error> {
        for step in steps.iter_mut() {
            if step.change() == Change::Unchanged {
                continue;
            }
            let what = format!("{} was not applied", step.name);
            if let Some(gone) = &step.first {
                let merged = self.cluster.merge(&step.path, gone, Persist::Yes).await;
                merged.map_err(|failure| failure.error(&what))?;
            }
            let applied = self
                .cluster
                .apply(&step.path, &step.wanted, owned, Persist::Yes)
                .await;
            step.after = applied.map_err(|error| {
                let error = error.error(&what);
                error.hint("install again completes what was begun")
            })?;
        }
        Ok(())
    }

    fn answer(&self, steps: &[Step], nothing: bool) -> Result<(), Error> {
        let dry = self.arguments.change.dry_run;
        let text = match self.arguments.output {
            ObjectFormat::Text if nothing => return Ok(()),
            ObjectFormat::Text => print::done(steps, dry),
            format => {
                let objects: Vec<&Value> = steps
                    .iter()
                    .map(|step| {
                        if dry == DryRun::Client {
                            &step.wanted
                        } else {
                            &step.after
                        }
                    })
                    .collect();
                print::objects(format, &objects)?
            }
        };
        self.screen.print(&text)?;
        Ok(())
    }

    /// Waits until it is available, where that is wanted, and names those who have waited for it.
    async fn wait(&self, manifest: &Manifest) -> Result<(), Error> {
        let stuck: Vec<User> = stuck(&self.sight.snapshot);
        let width = self.screen.width();
        if !self.arguments.change.wait {
            return self.say(&print::will_be_served(&stuck, width));
        }
        let limit = self.arguments.change.timeout;
        let progress = print::Progress::new(self.screen);
        rollout::wait(
            &self.cluster,
            &self.sight.namespace,
            limit,
            progress.into_fn(),
        )
        .await?;
        self.say(&print::available(manifest, &stuck, width))
    }
}
