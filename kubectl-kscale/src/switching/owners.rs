//! Who else writes an object: a change in the cluster lasts until they write it again.
//!
//! Told by what they themselves mark objects with, and by who owns fields. What is only a convention of many, such as the label
//! `app.kubernetes.io/instance`, tells nothing.

use serde_json::Value;

/// Somebody who applies an object from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// Such as `Argo CD`.
    pub(crate) name: String,
    /// By what that is told, such as `annotation argocd.argoproj.io/tracking-id`.
    pub(crate) evidence: String,
    /// What to do, in half a sentence.
    pub(crate) help: String,
}

/// By what somebody can be told.
enum Mark {
    /// An annotation, whatever it says.
    Annotation(&'static str),
    /// An annotation of one value.
    AnnotationIs(&'static str, &'static str),
    /// A label, whatever it says.
    Label(&'static str),
    /// A label of one value.
    LabelIs(&'static str, &'static str),
    /// Who owns fields.
    Manager(&'static str),
}

use Mark::{Annotation, AnnotationIs, Label, LabelIs, Manager};

/// Somebody, with the marks of his, strongest first.
struct Known {
    name: &'static str,
    marks: &'static [Mark],
    help: &'static str,
}

const IN_GIT: &str = "make the change in Git: kubectl kscale switch -f FILE edits the manifest";

/// Everybody who is known, those who write by themselves first.
const KNOWN: [Known; 7] = [
    // argoproj/argo-cd common/common.go (3.3): AnnotationKeyAppInstance, LabelKeyAppInstance, ArgoCDSSAManager. Its own label of
    // tracking is a common convention (docs/user-guide/resource_tracking.md names argocd.argoproj.io/instance as the one to set
    // instead); argocd-application-controller is what it applied as on the client's side, by the name of the program.
    Known {
        name: "Argo CD",
        marks: &[
            Annotation("argocd.argoproj.io/tracking-id"),
            Label("argocd.argoproj.io/instance"),
            Manager("argocd-controller"),
            Manager("argocd-application-controller"),
        ],
        help: IN_GIT,
    },
    // fluxcd/kustomize-controller docs/spec/v1/kustomizations.md (the labels by which all objects of a Kustomization are listed)
    // and main.go (controllerName, which is its field manager).
    Known {
        name: "Flux",
        marks: &[
            Label("kustomize.toolkit.fluxcd.io/name"),
            Manager("kustomize-controller"),
        ],
        help: IN_GIT,
    },
    // fluxcd/helm-controller internal/postrender/origin_labels.go: originLabels, of the group of HelmRelease.
    Known {
        name: "Flux",
        marks: &[
            Label("helm.toolkit.fluxcd.io/name"),
            Manager("helm-controller"),
        ],
        help: "make the change in Git, in the values of the HelmRelease or in its chart",
    },
    // Google's reference of labels and annotations of Config Sync: an object is managed where the annotation says enabled.
    Known {
        name: "Config Sync",
        marks: &[
            AnnotationIs("configmanagement.gke.io/managed", "enabled"),
            LabelIs("app.kubernetes.io/managed-by", "configmanagement.gke.io"),
            Manager("configsync.gke.io"),
        ],
        help: IN_GIT,
    },
    // helm/helm pkg/action/validate.go: helmReleaseNameAnnotation; cmd/helm/helm.go: ManagedFieldsManager. The label
    // app.kubernetes.io/managed-by: Helm stands in the templates of many charts, and is kept where those are rendered into
    // files: the annotation is written by Helm itself.
    Known {
        name: "Helm",
        marks: &[Annotation("meta.helm.sh/release-name"), Manager("helm")],
        help: "make the change in the values or the chart: the next helm upgrade writes it again",
    },
    // hashicorp/terraform-provider-kubernetes kubernetes/provider.go: defaultFieldManagerName, and so in manifest/provider.
    Known {
        name: "Terraform",
        marks: &[Manager("Terraform")],
        help: "make the change in its configuration: the next terraform apply writes it again",
    },
    // kubernetes/kubectl pkg/cmd/apply/apply.go: FieldManagerClientSideApply, fieldManagerServerSideApply;
    // kubernetes/api core/v1: LastAppliedConfigAnnotation.
    Known {
        name: "kubectl apply",
        marks: &[
            Annotation("kubectl.kubernetes.io/last-applied-configuration"),
            Manager("kubectl-client-side-apply"),
        ],
        help: "change the file, too: whoever applies it again undoes this; kubectl kscale switch -f FILE edits it",
    },
];

/// Whoever has been told to be the owner stands behind what these two say: Argo CD and Flux apply as kubectl or Helm do.
const WEAKER: [&str; 2] = ["Helm", "kubectl apply"];

/// Everybody who applies `object` from elsewhere, the surest first.
pub(crate) fn of(object: &Value) -> Vec<Owner> {
    let mut owners: Vec<Owner> = Vec::new();
    for known in &KNOWN {
        let is_weaker = WEAKER.contains(&known.name) && !owners.is_empty();
        let told = known.marks.iter().find_map(|mark| mark.told_by(object));
        if let Some(evidence) = told.filter(|_| !is_weaker) {
            owners.push(Owner {
                name: known.name.to_owned(),
                evidence,
                help: known.help.to_owned(),
            });
        }
    }
    if owners.is_empty() {
        owners.extend(somebody(object));
    }
    owners
}

impl Mark {
    /// The mark in words, where the object has it.
    fn told_by(&self, object: &Value) -> Option<String> {
        match self {
            Annotation(key) => {
                let value = entry(object, "annotations", key)?;
                // What kubectl has applied is the whole manifest.
                let short = value.len() <= 100;
                let is = if short {
                    format!(": {value}")
                } else {
                    String::new()
                };
                Some(format!("annotation {key}{is}"))
            }
            AnnotationIs(key, wanted) => {
                let value = entry(object, "annotations", key)?;
                (value == *wanted).then(|| format!("annotation {key}: {value}"))
            }
            Label(key) => {
                let value = entry(object, "labels", key)?;
                let namespace = key
                    .strip_suffix("/name")
                    .and_then(|group| entry(object, "labels", &format!("{group}/namespace")));
                let of = namespace.map_or_else(String::new, |one| format!(" of namespace {one}"));
                Some(format!("label {key}: {value}{of}"))
            }
            LabelIs(key, wanted) => {
                let value = entry(object, "labels", key)?;
                (value == *wanted).then(|| format!("label {key}: {value}"))
            }
            Manager(name) => managers(object)
                .any(|(manager, _)| manager == *name)
                .then(|| format!("field manager {name}")),
        }
    }
}

/// Whoever else applies on the server's side what a switch writes: an apply is repeated, an update mostly is not.
fn somebody(object: &Value) -> Option<Owner> {
    let scales = |key: &String| {
        key.starts_with("f:autoscaling.knative.dev/") || key.starts_with("f:serving.kserve.io/")
    };
    let owns = |fields: &Value| {
        let annotations = fields.pointer("/f:metadata/f:annotations");
        let annotations = annotations.and_then(Value::as_object);
        fields.get("f:spec").is_some() || annotations.is_some_and(|map| map.keys().any(scales))
    };
    let mut managers = managers(object).filter(|(name, entry)| {
        let applies = entry.get("operation").and_then(Value::as_str) == Some("Apply");
        let ours = *name == "kscale";
        applies && !ours && entry.get("fieldsV1").is_some_and(owns)
    });
    let (name, _) = managers.next()?;
    let by_kubectl = name == "kubectl";
    Some(Owner {
        name: if by_kubectl {
            "kubectl apply".to_owned()
        } else {
            name.to_owned()
        },
        evidence: format!("field manager {name}, which applies it on the server's side"),
        help: "change it where it is applied from, too: whoever applies it again undoes this"
            .to_owned(),
    })
}

/// Who owns fields of the object itself, with what is told of each; not who writes its status.
fn managers(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let fields = object.pointer("/metadata/managedFields");
    let fields = fields.and_then(Value::as_array).into_iter().flatten();
    fields
        .filter(|entry| entry.get("subresource").is_none_or(|one| one == ""))
        .filter_map(|entry| Some((entry.get("manager")?.as_str()?, entry)))
}

fn entry<'a>(object: &'a Value, map: &str, key: &str) -> Option<&'a str> {
    let value = object.get("metadata")?.get(map)?.get(key)?.as_str()?;
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
#[path = "owners_tests.rs"]
mod tests;
