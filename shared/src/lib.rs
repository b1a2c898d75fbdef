//! Predicts which autoscaler really scales a model, on which metric, between which bounds, and why.
//!
//! KServe runs a model as an InferenceService. What scales it is settled by a chain of admission webhooks, controllers,
//! ConfigMaps and defaults in three projects. This crate walks that chain for one manifest, release by release, and keeps
//! a reason for every value. It is pure: a [`serde_json::Value`] and [`facts`] in, an [`explain::Explanation`] out; no
//! files, network, clock or threads, so that a command, an admission policy and a web page can all carry it.
//!
//! # An example
//!
//! ```
//! use kscale_rules::explain::{self, Autoscaler};
//! use kscale_rules::facts::Facts;
//! use serde_json::json;
//!
//! let manifest = json!({
//!     "apiVersion": "serving.kserve.io/v1beta1",
//!     "kind": "InferenceService",
//!     "metadata": {
//!         "name": "bert",
//!         // Standard mode reads this; Knative mode, the default, does not.
//!         "annotations": {"serving.kserve.io/autoscalerClass": "hpa"},
//!     },
//!     "spec": {
//!         "predictor": {
//!             "minReplicas": 0,
//!             "scaleMetric": "concurrency",
//!             "scaleTarget": 10,
//!             "model": {"modelFormat": {"name": "huggingface"}, "storageUri": "hf://google-bert/bert-base-uncased"},
//!         },
//!     },
//! });
//!
//! // Nothing is known of the cluster: the newest releases, with their ConfigMaps as shipped.
//! let facts = Facts::shipped();
//! let explanation = explain::explain(&manifest, &facts).ok_or("not a kind that is explained")?;
//!
//! // The verdict: not the HPA that the annotation asks for.
//! assert_eq!(explanation.admission.kserve, None);
//! let predictor = &explanation.components[0];
//! assert_eq!(predictor.autoscaler, Autoscaler::Kpa);
//! assert_eq!(predictor.metric.as_deref(), Some("concurrency"));
//! assert!(predictor.scale_to_zero);
//!
//! // Why: one reason a value, in the order in which the chain is walked.
//! let target = predictor.because.iter().find(|reason| reason.field == "target").ok_or("no target")?;
//! assert_eq!(target.value, json!(10));
//! assert_eq!(target.pointer.as_deref(), Some("/spec/predictor/scaleTarget"));
//!
//! // What was written and has no effect, by its JSON pointer.
//! let inert = &predictor.inert[0];
//! assert_eq!(inert.pointer, "/metadata/annotations/serving.kserve.io~1autoscalerClass");
//!
//! // What the answer takes for granted.
//! assert!(!explain::list(vec![explanation], &facts).facts.assumed.is_empty());
//! # Ok::<(), &str>(())
//! ```
//!
//! # The rooms
//!
//! They are named after the systems they predict, and data walks through them in one direction; nothing reaches back.
//!
//! 1. [`manifest`]: tolerant views of what users write, each value with its JSON pointer. Wrong types are data.
//! 2. [`facts`]: what is known of the cluster: releases, ConfigMaps, runtimes. Each fact is known, with where from, or
//!    assumed, with why.
//! 3. [`kserve`]: what KServe makes of the manifest under the facts: deployment mode, defaulter, webhook, and the objects
//!    that its controller creates.
//! 4. [`knative`]: what Knative Serving makes of a Service: its webhook, the class, bounds and target of its own
//!    autoscaler, or the HPA of its extension.
//! 5. [`kubernetes`]: what the API server does with what comes out: quantities, defaults and validation of an HPA.
//! 6. [`explain`]: runs the chain and gathers the reasons into an [`explain::Explanation`], which is also the JSON that
//!    hosts print.
//! 7. [`observed`]: reads what is there in a cluster beside the prediction, and says what is going on.
//! 8. [`rules`]: reads the prediction and says what in it cannot have been meant.
//! 9. [`preview`]: runs it for two releases and says what an upgrade would change.
//! 10. [`switch`]: runs it for an object as it is and as it is to be, and says how to come from one to the other.
//! 11. [`simulate`]: plays what an autoscaler then does: Knative's own second by second, an HPA sync by sync.
//!
//! [`go`] stands under them all: what Go's standard library accepts as a number, a duration or a boolean, and in which
//! words it refuses one.

mod dated;
pub mod explain;
pub mod facts;
pub mod go;
pub mod knative;
pub mod kserve;
pub mod kubernetes;
pub mod manifest;
pub mod observed;
pub mod preview;
pub mod rules;
pub mod simulate;
pub mod switch;
