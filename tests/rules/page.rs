//! Blocks of YAML in a rule's page.

use kscale_rules::explain::Finding;
use kscale_rules::facts::{Fact, Facts, FactsSource, KnativeVersion};
use kscale_rules::kserve::Release;
use kscale_rules::rules::{Rule, judge};
use serde::Deserialize as _;
use serde_json::{Value, json};

/// The documents of one block.
pub(crate) struct Block {
    /// As it stands in the page.
    pub(crate) text: String,
    documents: Vec<Value>,
    facts: Facts,
}

impl Block {
    /// The blocks under a heading.
    pub(crate) fn under(rule: &Rule, heading: &str) -> Vec<Self> {
        let section = rule.section(heading);
        let blocks = section.split("```yaml\n").skip(1);
        blocks
            .filter_map(|rest| rest.split("```").next())
            .map(Self::read)
            .collect()
    }

    fn read(text: &str) -> Self {
        let documents = serde_yaml::Deserializer::from_str(text)
            .map(|document| {
                Value::deserialize(document).unwrap_or_else(|error| panic!("{error} in\n{text}"))
            })
            .filter(|document| !document.is_null())
            .collect();
        Self::of(text.to_owned(), documents)
    }

    fn of(text: String, mut documents: Vec<Value>) -> Self {
        // As every host does: an object without a namespace goes to one.
        for document in &mut documents {
            let version = document["apiVersion"].as_str().unwrap_or_default();
            if version.starts_with("serving.") && document["metadata"]["namespace"].is_null() {
                document["metadata"]["namespace"] = json!("default");
            }
        }
        let mut facts = Facts::from_objects(&documents, FactsSource::Snapshot);
        let said = |key: &str| {
            text.lines().find_map(|line| {
                Some(
                    line.strip_prefix("# ")?
                        .strip_prefix(key)?
                        .strip_prefix(": ")?
                        .to_owned(),
                )
            })
        };
        if let Some(release) = said("kserve") {
            facts = facts.with_kserve(Fact::known(
                Release::parse(&release).unwrap(),
                "the example",
            ));
        }
        if let Some(version) = said("knative") {
            facts = facts.with_knative(Fact::known(
                KnativeVersion::parse(&version).unwrap(),
                "the example",
            ));
        }
        Self {
            text,
            documents,
            facts,
        }
    }

    /// What is found, with the number of the document.
    pub(crate) fn judge(&self) -> Vec<(usize, Finding)> {
        let mut found = Vec::new();
        for (index, document) in self.documents.iter().enumerate() {
            let named = |other: &Value| {
                other["kind"] == document["kind"]
                    && other["metadata"]["name"] == document["metadata"]["name"]
            };
            let old = self.documents[..index].iter().rfind(|other| named(other));
            let findings = judge(document, old, &self.facts).unwrap_or_default();
            found.extend(findings.into_iter().map(|finding| (index, finding)));
        }
        found
    }

    /// The same documents, one of them patched.
    pub(crate) fn patched(&self, index: usize, patch: &[Value]) -> Self {
        let mut documents = self.documents.clone();
        let patch: json_patch::Patch = serde_json::from_value(json!(patch)).unwrap();
        json_patch::patch(&mut documents[index], &patch)
            .unwrap_or_else(|error| panic!("{error} in\n{}", self.text));
        Self::of(self.text.clone(), documents)
    }

    /// What scales a document, on what, between which bounds.
    pub(crate) fn verdict(&self, index: usize) -> Value {
        crate::corpus::verdict(&self.documents[index], &self.facts)
    }
}
