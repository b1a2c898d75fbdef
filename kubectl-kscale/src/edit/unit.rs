//! The stretch of a text that one document is read from, and the edits in it.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use serde_json::Value;

use super::plan::Plan;
use super::read;
use super::steps::{Step, steps};
use super::syntax::Syntax;
use super::text::{Splice, splice};
use crate::input::Document;

/// An edit that failed, and why.
pub(super) type Failure = (usize, String);

/// The objects of one unit that are changed: what they are now, and the patches of each by the number of the edit.
#[derive(Debug)]
pub(super) struct Unit<'a> {
    pub(super) range: Range<usize>,
    /// By their number in the text.
    pub(super) objects: BTreeMap<usize, Object<'a>>,
}

#[derive(Debug)]
pub(super) struct Object<'a> {
    pub(super) document: &'a Document,
    pub(super) edits: Vec<(usize, &'a [Value])>,
}

/// What is left to do in one object.
#[derive(Debug)]
struct Queue {
    /// The way to it from the root of its document.
    base: Vec<String>,
    /// Each with the edit that it is a part of.
    steps: VecDeque<(usize, Step)>,
}

/// A unit after its edits.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) text: String,
    /// What each changed object must be now.
    pub(super) expected: Vec<(usize, Value)>,
}

/// Where the document is that `document` was read from, or is an item of.
pub(super) fn range(text: &str, document: &Document) -> Option<Range<usize>> {
    let root = document.places.whole()?;
    if is_json(text.get(root.start..root.end)?) {
        return Some(root.start..root.end);
    }
    // A document ends where kubectl cuts: at every line that starts with three dashes.
    let head = text.get(..root.start)?;
    let separator = match head.rfind("\n---") {
        Some(line_feed) => Some(line_feed + 1),
        None => head
            .trim_start_matches('\u{FEFF}')
            .starts_with("---")
            .then_some(0),
    };
    let start = separator.map_or(0, |at| {
        head[at..].find('\n').map_or(head.len(), |end| at + end + 1)
    });
    let end = text[start..]
        .find("\n---")
        .map_or(text.len(), |line_feed| start + line_feed + 1);
    Some(start..end.max(root.end))
}

fn is_json(text: &str) -> bool {
    text.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

impl Unit<'_> {
    /// Makes all edits, or names those that cannot be made.
    pub(super) fn run(&self, whole: &str) -> Result<Outcome, Vec<Failure>> {
        let text = whole.get(self.range.clone()).unwrap_or_default();
        let mut failures = Vec::new();
        let mut expected = Vec::new();
        let mut queues = Vec::new();
        for (&number, object) in &self.objects {
            let mut value = object.document.value.clone();
            let mut queue = VecDeque::new();
            for &(edit, patch) in &object.edits {
                match steps(patch, &mut value) {
                    Ok(steps) => queue.extend(steps.into_iter().map(|step| (edit, step))),
                    Err(reason) => failures.push((edit, reason)),
                }
            }
            expected.push((number, value));
            queues.push(Queue {
                base: base(object.document),
                steps: queue,
            });
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        let text = self.rounds(text, queues)?;
        Ok(Outcome { text, expected })
    }

    /// One step of each object at a time: the text is read once for all of them.
    fn rounds(&self, text: &str, mut queues: Vec<Queue>) -> Result<String, Vec<Failure>> {
        let json = is_json(text);
        let mut text = text.to_owned();
        loop {
            queues.retain(|queue| !queue.steps.is_empty());
            if queues.is_empty() {
                return Ok(text);
            }
            let all_fail = |reason: &String| -> Vec<Failure> {
                let edits = queues.iter().filter_map(|queue| queue.steps.front());
                edits.map(|(edit, _)| (*edit, reason.clone())).collect()
            };
            if has_lone_return(&text) {
                return Err(all_fail(
                    &"its lines end with a carriage return alone".to_owned(),
                ));
            }
            let syntax = read::read(&text).map_err(|reason| all_fail(&reason))?;
            text = round(&text, &syntax, json, &mut queues)?;
        }
    }

    /// Whether the unit, read on its own, starts with the object that it is there for.
    pub(super) fn is_whole(&self, text: &str) -> bool {
        let root = self
            .objects
            .values()
            .next()
            .and_then(|object| object.document.places.whole());
        let unit = text.get(self.range.clone()).unwrap_or_default();
        match (root, read::read(unit)) {
            (Some(root), Ok(syntax)) => {
                (syntax.root.outer..=syntax.root.start).contains(&(root.start - self.range.start))
            }
            // The reason comes with the first step.
            _ => true,
        }
    }
}

fn round(
    text: &str,
    syntax: &Syntax,
    json: bool,
    queues: &mut [Queue],
) -> Result<String, Vec<Failure>> {
    let plan = Plan::new(text, syntax, json);
    let mut failures = Vec::new();
    let mut splices = Vec::new();
    let mut taken = BTreeMap::new();
    let mut edits = Vec::new();
    for Queue { base, steps } in queues {
        let Some((edit, step)) = steps.front() else {
            continue;
        };
        match plan.step(step, base) {
            // What touches the place of another waits for the next round.
            Ok(planned) if is_free(&taken, &planned) => {
                taken.extend(planned.iter().map(|splice| (splice.start, splice.end)));
                splices.extend(planned);
                edits.push(*edit);
                steps.pop_front();
            }
            Ok(_) => {}
            Err(reason) => failures.push((*edit, reason)),
        }
    }
    if !failures.is_empty() {
        return Err(failures);
    }
    splice(text, splices).ok_or_else(|| {
        let reason = "its parts lie too close together to be changed at once";
        edits
            .into_iter()
            .map(|edit| (edit, reason.to_owned()))
            .collect()
    })
}

fn is_free(taken: &BTreeMap<usize, usize>, planned: &[Splice]) -> bool {
    planned.iter().all(|splice| {
        let touches = taken.range(..=splice.end).next_back();
        touches.is_none_or(|(_, &end)| end < splice.start)
    })
}

fn has_lone_return(text: &str) -> bool {
    text.match_indices('\r')
        .any(|(at, _)| !text[at + 1..].starts_with('\n'))
}

/// The way from the root of a list to the object in it.
fn base(document: &Document) -> Vec<String> {
    let tokens = |item: &usize| ["items".to_owned(), item.to_string()];
    document.origin.items.iter().flat_map(tokens).collect()
}
