//! `switch` in a cluster. Nobody plays the controllers here: what is waited for has tests of its own.

mod carried;
mod conflicts;
mod faults;
mod flow;
mod ground;
mod many;
mod refusals;
mod standard;
mod whole;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    [
        flow::trials(),
        carried::trials(),
        refusals::trials(),
        conflicts::trials(),
        faults::trials(),
        many::trials(),
        standard::trials(),
        whole::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
