//! What changes in a list, for as long as anybody looks.

use std::pin::Pin;
use std::time::Duration;

use futures::{Stream, StreamExt as _};
use http::Request;
use kube::api::WatchEvent;
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::{Cluster, Failure, Why};

/// How long the API server keeps one watch open; then the next one goes on where it ended.
const SPAN: Duration = Duration::from_secs(290);

/// How much longer a silent one is believed in.
const GRACE: Duration = Duration::from_secs(30);

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What happens to a list.
#[derive(Debug)]
pub(crate) enum Event {
    /// The list is read from its start: at first, and where the API server no longer knows what has changed since. What was there
    /// before and does not come again is gone.
    Restarted,
    /// Some of the objects of the list.
    Listed(Vec<Value>),
    /// That was all of the list; changes follow.
    Complete,
    /// An object is new, or changed.
    Applied(Value),
    /// An object is gone; this is how it was.
    Deleted(Value),
    /// The API server is not heard of. The next event comes when it is again.
    Lost(Failure),
}

/// A list that is watched. Objects are handed on and never kept, so it costs the same however long the list is.
pub(crate) struct Watch {
    cluster: Cluster,
    path: String,
    state: State,
    failures: u32,
    complete: bool,
}

type Changes = Pin<Box<dyn Stream<Item = Result<WatchEvent<Value>, kube::Error>> + Send>>;

enum State {
    /// Nothing was read.
    Start,
    /// Pages were read up to this token.
    Listing(String),
    /// The list was read, as of this version.
    Listed(String),
    /// Changes since this version were seen; the stream is of those that follow.
    Watching(String, Option<Changes>),
}

impl Cluster {
    /// Watches a list; `path` may have a query, such as a label selector.
    pub(crate) fn watch(&self, path: impl Into<String>) -> Watch {
        Watch {
            cluster: self.clone(),
            path: path.into(),
            state: State::Start,
            failures: 0,
            complete: false,
        }
    }
}

impl Watch {
    /// The next event. There is always one, unless the list cannot be read at all, or may no longer be. Dropping the future loses
    /// nothing.
    pub(crate) async fn next(&mut self) -> Result<Event, Failure> {
        loop {
            let event = match &mut self.state {
                State::Start => {
                    self.state = State::Listing(String::new());
                    Ok(Some(Event::Restarted))
                }
                State::Listing(_) => self.list().await,
                State::Listed(version) => {
                    self.state = State::Watching(std::mem::take(version), None);
                    self.complete = true;
                    Ok(Some(Event::Complete))
                }
                State::Watching(_, None) => self.open().await,
                State::Watching(_, Some(_)) => self.change().await,
            };
            match event {
                Ok(Some(event)) => return Ok(event),
                Ok(None) => {}
                Err(failure) => return self.lost(failure),
            }
        }
    }

    async fn list(&mut self) -> Result<Option<Event>, Failure> {
        let State::Listing(after) = &self.state else {
            return Ok(None);
        };
        self.pause().await;
        let page = self.cluster.page(&self.path, after).await?;
        self.failures = 0;
        if page.items.is_empty() && !page.next.is_empty() {
            // The rest would be of another time than what was read of it.
            self.state = State::Start;
            return Ok(None);
        }
        self.state = match page.next {
            next if next.is_empty() => State::Listed(page.version),
            next => State::Listing(next),
        };
        Ok(Some(Event::Listed(page.items)))
    }

    async fn open(&mut self) -> Result<Option<Event>, Failure> {
        let State::Watching(version, _) = &self.state else {
            return Ok(None);
        };
        self.pause().await;
        let separator = if self.path.contains('?') { '&' } else { '?' };
        let asked = format!(
            "{}{separator}watch=true&allowWatchBookmarks=true&timeoutSeconds={}&resourceVersion={version}",
            self.path,
            SPAN.as_secs()
        );
        let request = Request::get(asked)
            .body(Vec::new())
            .map_err(|error| Failure::new(Why::Nonsense, error.to_string()))?;
        let changes = self.cluster.client.request_events::<Value>(request).await?;
        let changes: Changes = Box::pin(changes);
        if let State::Watching(_, stream) = &mut self.state {
            *stream = Some(changes);
        }
        Ok(None)
    }

    async fn change(&mut self) -> Result<Option<Event>, Failure> {
        let State::Watching(version, Some(changes)) = &mut self.state else {
            return Ok(None);
        };
        let change = timeout(SPAN + GRACE, changes.next()).await.unwrap_or(None);
        let (object, event): (_, fn(Value) -> Event) = match change {
            Some(Ok(WatchEvent::Added(object) | WatchEvent::Modified(object))) => {
                (object, Event::Applied)
            }
            Some(Ok(WatchEvent::Deleted(object))) => (object, Event::Deleted),
            Some(Ok(WatchEvent::Bookmark(mark))) => {
                *version = mark.metadata.resource_version;
                self.failures = 0;
                return Ok(None);
            }
            Some(Ok(WatchEvent::Error(status))) => return Err(kube::Error::Api(status).into()),
            Some(Err(error)) => return Err(error.into()),
            // It ended in good order; a server that only does that is not asked without a pause.
            None => {
                self.end();
                self.failures += 1;
                return Ok(None);
            }
        };
        if let Some(new) = object
            .pointer("/metadata/resourceVersion")
            .and_then(Value::as_str)
        {
            new.clone_into(version);
        }
        self.failures = 0;
        Ok(Some(event(object)))
    }

    /// What a failure means: another attempt, where the list was read once and may still be.
    fn lost(&mut self, failure: Failure) -> Result<Event, Failure> {
        self.failures += 1;
        self.end();
        match failure.why {
            Why::Gone if self.complete => {
                self.state = State::Listing(String::new());
                Ok(Event::Restarted)
            }
            Why::Slow | Why::Unreachable | Why::Server | Why::TooMany | Why::Nonsense
                if self.complete =>
            {
                Ok(Event::Lost(failure))
            }
            _ => Err(failure),
        }
    }

    fn end(&mut self) {
        if let State::Watching(_, changes) = &mut self.state {
            *changes = None;
        }
    }

    /// Waits the longer, the more often nothing came of it. The first one after something did come does not wait.
    async fn pause(&self) {
        if let Some(again) = self.failures.checked_sub(2) {
            sleep(
                FIRST_PAUSE
                    .saturating_mul(1 << again.min(16))
                    .min(LONGEST_PAUSE),
            )
            .await;
        }
    }
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
