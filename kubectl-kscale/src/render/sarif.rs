//! `lint -o sarif`: SARIF 2.1.0 (OASIS Standard, 2020), as code scanning reads it.
//!
//! Only what kscale says is modelled; names are those of the standard.

use std::collections::BTreeMap;

use kscale_rules::explain::Severity;
use kscale_rules::rules::{RULES, Rule};
use serde::Serialize;

use super::github::relative;
use super::sarif_uri::uri;
use crate::input::{Problem, visible};
use crate::lint::{Item, Located, Report};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// What a fingerprint is made of; another recipe needs another name.
const FINGERPRINT: &str = "kscaleObjectAndPointer/v1";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    /// Columns count characters, as all of kscale's do.
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    information_uri: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: String,
    short_description: Text,
    full_description: Text,
    help: Help,
    help_uri: String,
    default_configuration: Configuration,
}

#[derive(Debug, Serialize)]
struct Text {
    text: String,
}

#[derive(Debug, Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Debug, Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
    locations: [Location; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<[Suppression; 1]>,
}

#[derive(Debug, Serialize)]
struct Suppression {
    kind: &'static str,
    justification: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[LogicalLocation; 1]>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
    kind: &'static str,
}

/// The whole log.
pub(super) fn log(report: &Report) -> Log {
    let results = report
        .items
        .iter()
        .flat_map(|item| item.found.iter().map(move |located| result(item, located)));
    Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "kscale",
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: RULES.iter().map(|rule| descriptor(rule)).collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: report.unreadable.is_empty(),
                tool_execution_notifications: report.unreadable.iter().map(notification).collect(),
            }],
            column_kind: "unicodeCodePoints",
            results: results.collect(),
        }],
    }
}

fn descriptor(rule: &'static Rule) -> Descriptor {
    let what = rule.section("What it does");
    Descriptor {
        id: rule.code,
        name: pascal(rule.slug),
        short_description: Text {
            text: rule.summary.to_owned(),
        },
        full_description: Text {
            text: if what.is_empty() {
                rule.summary.to_owned()
            } else {
                what
            },
        },
        help: Help {
            text: rule.page(),
            markdown: rule.page(),
        },
        help_uri: rule.url(),
        default_configuration: Configuration {
            level: level(rule.severity),
        },
    }
}

/// `unbounded-hpa` is `UnboundedHpa`: the standard wants identifiers as programs write them.
fn pascal(slug: &str) -> String {
    slug.split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters.collect::<Vec<_>>())
        })
        .collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(item: &Item, located: &Located) -> SarifResult {
    let finding = &located.finding;
    let mut message = visible(&finding.message).into_owned();
    if !finding.help.is_empty() {
        message.push_str("\n\n");
        message.push_str(&visible(&finding.help));
    }
    let justify = |reason: &String| {
        [Suppression {
            kind: "inSource",
            justification: visible(reason).into_owned(),
        }]
    };
    let index = RULES.iter().position(|rule| rule.code == finding.code);
    SarifResult {
        rule_id: finding.code.clone(),
        rule_index: index.unwrap_or_default(),
        level: level(finding.severity),
        message: Text { text: message },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation {
                    uri: uri(&relative(item.source.name())),
                },
                region: Some(Region {
                    start_line: located.mark.line,
                    start_column: located.mark.column,
                    end_line: finding.end_line,
                    end_column: finding.end_column,
                }),
            },
            logical_locations: Some([LogicalLocation {
                fully_qualified_name: visible(&logical(item, located)).into_owned(),
                kind: "object",
            }]),
        }],
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, fingerprint(item, located))]),
        suppressions: located.suppressed.as_ref().map(justify),
    }
}

/// `InferenceService/ml/iris/metadata/annotations/…`
fn logical(item: &Item, located: &Located) -> String {
    let object = &item.object;
    format!(
        "{}/{}/{}{}",
        object.kind, object.namespace, object.name, located.finding.pointer
    )
}

/// The same for the same finding on the same setting of the same object, wherever in the file it moves. A finding about a
/// comment has no pointer, and what it says instead.
fn fingerprint(item: &Item, located: &Located) -> String {
    let finding = &located.finding;
    let object = &item.object;
    let about = if finding.pointer.is_empty() {
        &finding.message
    } else {
        &finding.pointer
    };
    let group = object.api_version.split('/').next().unwrap_or_default();
    let parts = [
        &finding.code,
        group,
        &object.kind,
        &object.namespace,
        &object.name,
        about,
    ];
    format!("{:016x}", fnv(&parts.join("\0")))
}

/// FNV-1a, 64 bits: short, and the same in every release of kscale and Rust.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn notification(problem: &Problem) -> Notification {
    Notification {
        level: "error",
        message: Text {
            text: visible(&problem.message).into_owned(),
        },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation {
                    uri: uri(&relative(&problem.source)),
                },
                region: problem.place.map(|place| Region {
                    start_line: place.line,
                    start_column: place.column,
                    end_line: None,
                    end_column: None,
                }),
            },
            logical_locations: None,
        }],
    }
}
