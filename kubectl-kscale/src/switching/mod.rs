//! Carrying out a plan in a cluster: the edit itself, the record for the way back, who else owns the object, how far the new
//! autoscaler has come, and what is left behind.

pub(crate) mod address;
pub(crate) mod cleanup;
pub(crate) mod edit;
pub(crate) mod owners;
pub(crate) mod progress;
pub(crate) mod record;
