//! `install`: Knative's HPA extension, of the release that runs.

mod live;
mod overlay;
mod plan;
mod preflight;
mod print;
mod retire;
mod rollout;
mod source;
#[cfg(test)]
mod tests;

use crate::cli::{DryRun, Install, ObjectFormat};
use crate::cluster::wait_for;
use crate::error::{Error, Outcome};
use crate::release::releases;
use crate::render::Screen;

/// Prints what is built in, or what would be installed, or installs it.
pub(super) fn run(arguments: &Install, screen: Screen) -> Result<Outcome, Error> {
    if arguments.what.list_versions {
        let lines: String = releases()
            .rev()
            .map(|(release, _)| format!("{release}\n"))
            .collect();
        screen.print(&lines)?;
        return Ok(Outcome::Clean);
    }
    check(arguments)?;
    let named = source::named(arguments)?;
    if let Some(manifest) = &named
        && needs_no_cluster(arguments)
    {
        for doubt in &manifest.doubts {
            print::doubt(screen, &format!("{}: {doubt}", manifest.origin), "");
        }
        let text = match arguments.output {
            ObjectFormat::Text => print::without_cluster(manifest, screen.width()),
            format => print::objects(format, &manifest.objects())?,
        };
        screen.print(&text)?;
        return Ok(Outcome::Clean);
    }
    wait_for(live::install(arguments, named, screen))
}

/// What clap cannot tell.
fn check(arguments: &Install) -> Result<(), Error> {
    let what = &arguments.what;
    let dry = arguments.change.dry_run;
    if what.offline && dry != DryRun::Client {
        return Err(
            Error::usage("--offline can only print what would be installed")
                .hint("add --dry-run=client, or leave out --offline"),
        );
    }
    if what.offline && what.version.is_none() && what.from.is_none() {
        return Err(
            Error::usage("without a cluster, nothing says which release is meant").hint(
                "name it with --version, such as --version 1.12.4, or give a manifest with --from",
            ),
        );
    }
    let from_stdin = what.from.as_ref().is_some_and(|from| from == "-");
    if from_stdin && dry == DryRun::None && !arguments.change.yes {
        return Err(Error::usage(
            "the manifest comes from standard input, so nobody can be asked there",
        )
        .hint("add --yes, or give the manifest as a file"));
    }
    Ok(())
}

/// Where the manifest is named and only to be printed, a cluster has nothing to add.
fn needs_no_cluster(arguments: &Install) -> bool {
    let printed = arguments.output != ObjectFormat::Text;
    arguments.what.offline || (printed && arguments.change.dry_run == DryRun::Client)
}
