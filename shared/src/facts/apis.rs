//! Which API groups there are, told from APIServices and from what discovery lists.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Facts;
use super::fact::Fact;
use super::objects::text;

/// What is seen of API groups on the way.
#[derive(Debug, Default)]
pub(super) struct ApisSeen {
    /// The groups of APIServices, and whether one of each is available.
    services: Vec<(String, bool)>,
    /// The groups that discovery lists; none where nobody asked.
    groups: Option<BTreeSet<String>>,
}

/// Where discovery is read.
const DISCOVERY: &str = "the API groups of the server";

impl ApisSeen {
    /// Takes in an APIService, which is called `<version>.<group>`.
    pub(super) fn look_at(&mut self, object: &Value) {
        let name = text(object, "/metadata/name");
        let Some((_, group)) = name.split_once('.') else {
            return;
        };
        let conditions = object
            .pointer("/status/conditions")
            .and_then(Value::as_array);
        let available = conditions.into_iter().flatten().any(|condition| {
            text(condition, "/type") == "Available" && text(condition, "/status") == "True"
        });
        self.services.push((group.to_owned(), available));
    }

    /// Takes in the groups of a `Snapshot` document.
    pub(super) fn discovered(&mut self, document: &Value) {
        let Some(groups) = document.get("groups").and_then(Value::as_array) else {
            return;
        };
        let names = groups.iter().map(|group| text(group, "/name").to_owned());
        self.groups.get_or_insert_default().extend(names);
    }

    /// Whether an APIService of a group is available; none where there is no such APIService.
    fn available(&self, group: &str) -> Option<bool> {
        let mut of_group = self
            .services
            .iter()
            .filter(|(one, _)| one == group)
            .peekable();
        of_group.peek()?;
        Some(of_group.any(|(_, available)| *available))
    }

    /// Whether all APIServices were given, and not only some: every server has one of the group `apps`.
    fn all_services(&self) -> bool {
        self.available("apps").is_some()
    }

    /// Whether a group of a CRD is there; none where that cannot be told.
    fn served(&self, group: &str) -> Option<bool> {
        match &self.groups {
            Some(groups) => Some(groups.contains(group)),
            None if self.available(group).is_some() => Some(true),
            None => self.all_services().then_some(false),
        }
    }

    /// Whether an API that another server answers is there and answers.
    fn answers(&self, group: &str) -> Option<bool> {
        let listed = self.groups.as_ref().map(|groups| groups.contains(group));
        self.available(group)
            .or(listed)
            .or(self.all_services().then_some(false))
    }

    /// Writes down what it comes to. CRDs, which say the same of their groups, have been heard.
    pub(super) fn conclude(&self, facts: &mut Facts) {
        let from = if self.groups.is_some() {
            DISCOVERY
        } else {
            "APIServices"
        };
        if let Some(served) = self.served("serving.knative.dev")
            && (served || !facts.knative_installed.is_known())
        {
            facts.knative_installed = Fact::known(served, from);
        }
        if let Some(served) = self.served("keda.sh")
            && (served || !facts.keda_installed.is_known())
        {
            facts.keda_installed = Fact::known(Some(served), from);
        }
        // Whoever gives APIServices, as little as one, gives this one where it is there.
        let some = !self.services.is_empty();
        if let Some(answers) = self.answers("metrics.k8s.io").or(some.then_some(false)) {
            facts.metrics_api = Fact::known(Some(answers), "APIService v1beta1.metrics.k8s.io");
        }
        if let Some(answers) = self.answers("custom.metrics.k8s.io") {
            let from = "APIServices of custom.metrics.k8s.io";
            facts.custom_metrics_api = Fact::known(Some(answers), from);
        }
    }
}
