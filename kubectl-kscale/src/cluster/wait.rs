//! Waiting for something to become true in a cluster.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::write::is_passing;
use super::{Cluster, Failure, Why};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(1);

/// What one look tells.
#[derive(Debug)]
pub(crate) enum Look<T> {
    /// It is as it should be, or never will be.
    Done(T),
    /// Not yet.
    NotYet,
}

impl Cluster {
    /// Looks at the object at `path` until `judge` is done with it; none where the time is up. `judge` gets none for an object
    /// that is not there. An API server that does not answer for a moment is asked again.
    pub(crate) async fn watch_over<T>(
        &self,
        path: &str,
        limit: Duration,
        mut judge: impl FnMut(Option<&Value>) -> Look<T>,
    ) -> Result<Option<T>, Failure> {
        let end = Instant::now() + limit;
        loop {
            let seen = match self.get(path).await {
                Ok(object) => Some(Some(object)),
                Err(failure) if failure.why == Why::Absent => Some(None),
                Err(failure) if is_passing(failure.why) && Instant::now() < end => None,
                Err(failure) => return Err(failure),
            };
            if let Some(object) = seen
                && let Look::Done(done) = judge(object.as_ref())
            {
                return Ok(Some(done));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            tokio::time::sleep(left.min(EVERY)).await;
        }
    }
}
