//! `switch` in a cluster. Nobody plays the controllers here: what is waited for has tests of its own.

mod conflicts;
mod faults;
mod flow;
mod ground;
mod many;
mod refusals;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    [
        flow::trials(),
        refusals::trials(),
        conflicts::trials(),
        faults::trials(),
        many::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
