//! What scales each workload, a row a component.

mod now;
mod row;

pub(crate) use now::Now;
pub(crate) use row::{Filter, Row, WorkloadList, rows};
