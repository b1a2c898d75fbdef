//! Single requests, and lists page by page.

use http::Request;
use serde_json::Value;

use super::{Cluster, Failure, Why};

/// Objects a page: what `kubectl get` asks for.
const PAGE: usize = 500;

const JSON: &str = "application/json";

impl Cluster {
    /// One object.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, Failure> {
        Ok(self.send(path, JSON).await?)
    }

    /// One object's metadata alone, or that of a list's: a CustomResourceDefinition is a megabyte without.
    pub(crate) async fn get_metadata(&self, path: &str) -> Result<Value, Failure> {
        let accept =
            "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json";
        Ok(self.send(path, accept).await?)
    }

    /// All objects of a list, page by page, each given to `each` with `apiVersion` and `kind` filled in: in a list, an API
    /// server leaves them out.
    pub(crate) async fn list(
        &self,
        path: &str,
        mut each: impl FnMut(Value),
    ) -> Result<(), Failure> {
        let mut next = String::new();
        loop {
            let page = self.page(path, &next).await?;
            next = page.next;
            page.items.into_iter().for_each(&mut each);
            if next.is_empty() {
                return Ok(());
            }
        }
    }

    /// One page of a list; `after` is the token of the page before, empty for the first.
    pub(crate) async fn page(&self, path: &str, after: &str) -> Result<Page, Failure> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut asked = format!("{path}{separator}limit={PAGE}");
        if !after.is_empty() {
            // The API server's tokens are base64 without padding: safe as they are.
            asked = format!("{asked}&continue={after}");
        }
        match self.send(&asked, JSON).await {
            // Too old to go on from where it was: the API server says how to go on from now.
            Err(kube::Error::Api(status)) if status.code == 410 && !after.is_empty() => {
                let next = status
                    .metadata
                    .as_ref()
                    .and_then(|one| one.continue_.clone());
                let next = next.filter(|next| !next.is_empty());
                next.map(Page::empty)
                    .ok_or_else(|| kube::Error::Api(status).into())
            }
            answer => Page::read(answer?),
        }
    }

    async fn send(&self, path: &str, accept: &str) -> Result<Value, kube::Error> {
        let request = Request::get(path).header(http::header::ACCEPT, accept);
        let request = request.body(Vec::new()).map_err(kube::Error::HttpError)?;
        self.client.request(request).await
    }
}

/// A page of a list.
pub(crate) struct Page {
    /// The objects.
    pub(crate) items: Vec<Value>,
    /// The token of the next page; empty where this is the last.
    pub(crate) next: String,
    /// From where a watch goes on.
    pub(crate) version: String,
}

impl Page {
    fn empty(next: String) -> Self {
        Self {
            items: Vec::new(),
            next,
            version: String::new(),
        }
    }

    fn read(mut list: Value) -> Result<Self, Failure> {
        let text = |pointer: &str| {
            let value = list.pointer(pointer).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        let next = text("/metadata/continue");
        let version = text("/metadata/resourceVersion");
        let api_version = text("/apiVersion");
        let kind = text("/kind");
        let kind = kind.strip_suffix("List").unwrap_or(&kind).to_owned();
        let Some(Value::Array(mut items)) = list.get_mut("items").map(Value::take) else {
            let message = "the API server answered with something else than a list";
            return Err(Failure::new(Why::Nonsense, message));
        };
        for item in items.iter_mut().filter_map(Value::as_object_mut) {
            item.entry("apiVersion")
                .or_insert_with(|| api_version.clone().into());
            item.entry("kind").or_insert_with(|| kind.clone().into());
        }
        Ok(Self {
            items,
            next,
            version,
        })
    }
}
