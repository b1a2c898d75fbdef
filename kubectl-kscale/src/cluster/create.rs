//! Creating one object.

use http::Method;
use serde_json::Value;

use super::apply::FIELD_MANAGER;
use super::write::Write;
use super::{Cluster, Failure};

impl Cluster {
    /// Creates `object` in `collection`, and gives what it has become. One of that name is a conflict
    /// ([`super::Why::Conflict`]), and so it is where the answer to an attempt before was lost.
    pub(crate) async fn create(&self, collection: &str, object: &Value) -> Result<Value, Failure> {
        let write = Write {
            method: Method::POST,
            path: &format!("{collection}?fieldManager={FIELD_MANAGER}"),
            content_type: "application/json",
            body: object,
        };
        self.write(&write).await.map_err(|refused| refused.failure)
    }
}
