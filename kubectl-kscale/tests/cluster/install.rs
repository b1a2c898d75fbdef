//! `install` and `uninstall`, on a Knative Serving of our own making: a namespace with what the extension needs.

mod changes;
mod faults;
mod ground;
mod refusals;
mod removal;
mod rollout;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    [
        changes::trials(),
        refusals::trials(),
        rollout::trials(),
        faults::trials(),
        removal::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
