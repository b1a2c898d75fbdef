//! `undo`: the way back.

mod kept;
mod nothing;
mod way;

use crate::cli::{SelectionArgs, Undo};
use crate::cluster::{Cluster, wait_for};
use crate::command::switch::{Errand, Ground, Run, carry_out, look};
use crate::error::{Error, Outcome};
use crate::render::{self, Screen};
use crate::selection::{Selection, Targets, WorkloadKind};
use crate::switching::record::SwitchRecordList;

/// Lists what can be taken back, or takes it back.
pub(crate) fn run(arguments: &Undo, screen: Screen) -> Result<Outcome, Error> {
    let targets = named(&arguments.targets)?;
    wait_for(async {
        let cluster = Cluster::connect(&arguments.cluster).await?;
        let asked = arguments.namespace.as_deref();
        let namespace = asked.unwrap_or(cluster.namespace());
        let mut all = Vec::new();
        for (kind, name) in &targets {
            all.push(kept::of(&cluster, *kind, namespace, name).await?);
        }
        if arguments.list {
            let list = SwitchRecordList::new(all.into_iter().map(kept::Kept::listed).collect());
            let text = render::records(arguments.output, &list, screen.width())?;
            screen.print(&text)?;
            return Ok(Outcome::Clean);
        }
        let mut ways = Vec::new();
        for one in &all {
            ways.push(way::of(&cluster, one, arguments).await?);
        }
        let selection = Selection::new(
            &arguments.targets,
            &SelectionArgs::default(),
            asked,
            cluster.namespace(),
        )?;
        let known = look(&cluster, &selection).await?;
        let ground = Ground::new(&known, &crate::cli::FactsArgs::default());
        let (mut errands, mut refused): (Vec<Errand>, _) = (Vec::new(), Vec::new());
        for (one, aim) in all.into_iter().zip(ways) {
            match ground.errand(one.object, aim) {
                Ok(errand) => errands.push(errand),
                Err(one) => refused.push(*one),
            }
        }
        let run = Run {
            cluster: &cluster,
            change: &arguments.change,
            roll: &arguments.roll,
            output: arguments.output,
            screen,
        };
        carry_out(&run, &ground, errands, refused).await
    })
}

/// Single objects, of kinds that are switched, each once.
fn named(targets: &[String]) -> Result<Vec<(WorkloadKind, String)>, Error> {
    let mut all = Vec::new();
    for target in Targets::parse(targets)?.0 {
        if target.kind == WorkloadKind::InferenceGraph {
            return Err(Error::usage(
                "an InferenceGraph is never switched, so nothing of it can be taken back",
            ));
        }
        let Some(name) = target.name else {
            return Err(
                Error::usage("what is to be taken back must be named, one by one")
                    .hint("as in kubectl kscale undo isvc/bert"),
            );
        };
        if !is_name(&name) {
            return Err(Error::usage(format!(
                "{name} cannot be the name of an object"
            )));
        }
        if !all.contains(&(target.kind, name.clone())) {
            all.push((target.kind, name));
        }
    }
    Ok(all)
}

/// A name is part of an address: what is none must not become another one's.
fn is_name(name: &str) -> bool {
    let usual = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let edge = name.starts_with(['-', '.']) || name.ends_with(['-', '.']);
    !name.is_empty() && name.len() <= 253 && !edge && name.chars().all(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_objects_are_taken_back_and_nothing_else() {
        let parsed = |targets: &[&str]| {
            let targets: Vec<String> = targets.iter().map(|&one| one.to_owned()).collect();
            named(&targets).map_err(|error| error.to_string())
        };
        let isvc = |name: &str| (WorkloadKind::InferenceService, name.to_owned());
        assert_eq!(parsed(&["isvc/a", "isvc/a"]), Ok(vec![isvc("a")]));
        assert_eq!(
            parsed(&["isvc", "a", "b.c"]),
            Ok(vec![isvc("a"), isvc("b.c")])
        );
        for wrong in ["isvc", "ig/a", "isvc/..", "isvc/a?b", "isvc/a%2f", "isvc/A"] {
            assert!(parsed(&[wrong]).is_err(), "{wrong}");
        }
    }
}
