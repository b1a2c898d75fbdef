//! `isvc/bert`, `isvc bert gpt`, `isvc,ksvc`: what kubectl calls TYPE and NAME.

use crate::error::Error;

/// The kinds that are explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WorkloadKind {
    /// KServe's
    InferenceService,
    /// Knative's Service
    KnativeService,
    /// KServe's graph of InferenceServices
    InferenceGraph,
}

impl WorkloadKind {
    const ALL: [Self; 3] = [
        Self::InferenceService,
        Self::InferenceGraph,
        Self::KnativeService,
    ];

    /// By any of the names that the API server lists, with or without its group.
    fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let (name, group) = text.split_once('.').unwrap_or((&text, ""));
        let kind = match name {
            "isvc" | "inferenceservice" | "inferenceservices" => Self::InferenceService,
            "ig" | "inferencegraph" | "inferencegraphs" => Self::InferenceGraph,
            "ksvc" | "kservice" | "kservices" => Self::KnativeService,
            // Without its group, this is a Service of Kubernetes itself.
            "service" | "services" if group.ends_with("serving.knative.dev") => {
                Self::KnativeService
            }
            _ => return None,
        };
        // A version may stand before the group.
        let fits = group.is_empty()
            || group == kind.group()
            || group.ends_with(&format!(".{}", kind.group()));
        fits.then_some(kind)
    }

    /// Its API group.
    pub(crate) fn group(self) -> &'static str {
        match self {
            Self::InferenceService | Self::InferenceGraph => "serving.kserve.io",
            Self::KnativeService => "serving.knative.dev",
        }
    }

    /// Its `kind`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::InferenceService => "InferenceService",
            Self::InferenceGraph => "InferenceGraph",
            Self::KnativeService => "Service",
        }
    }

    /// What people type.
    pub(crate) fn short(self) -> &'static str {
        match self {
            Self::InferenceService => "isvc",
            Self::InferenceGraph => "ig",
            Self::KnativeService => "ksvc",
        }
    }

    /// The path under which they are listed, of a namespace or of all.
    pub(crate) fn collection(self, namespace: Option<&str>) -> String {
        let (version, plural) = match self {
            Self::InferenceService => ("v1beta1", "inferenceservices"),
            Self::InferenceGraph => ("v1alpha1", "inferencegraphs"),
            Self::KnativeService => ("v1", "services"),
        };
        let place = namespace.map_or_else(String::new, |one| format!("namespaces/{one}/"));
        format!("/apis/{}/{version}/{place}{plural}", self.group())
    }

    /// The label that everything made for one carries; none where it is not on all of that.
    pub(crate) fn label(self) -> Option<&'static str> {
        match self {
            // kserve/kserve pkg/constants: InferenceServiceLabel, InferenceServicePodLabelKey (0.11–0.20).
            Self::InferenceService => Some("serving.kserve.io/inferenceservice"),
            // knative/serving pkg/apis/serving/register.go: ServiceLabelKey (1.0–1.23).
            Self::KnativeService => Some("serving.knative.dev/service"),
            Self::InferenceGraph => None,
        }
    }
}

/// One kind, and one object of it or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) kind: WorkloadKind,
    pub(crate) name: Option<String>,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Targets(pub(crate) Vec<Target>);

impl Targets {
    /// Of the arguments; none of them means every kind.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, Error> {
        if arguments.is_empty() {
            let every = WorkloadKind::ALL.map(|kind| Target { kind, name: None });
            return Ok(Self(every.into()));
        }
        if arguments.iter().any(|argument| argument.contains('/')) {
            return arguments
                .iter()
                .map(|one| Self::pair(one))
                .collect::<Result<_, _>>()
                .map(Self);
        }
        let (kinds, names) = (&arguments[0], &arguments[1..]);
        let kinds: Vec<_> = kinds.split(',').map(kind).collect::<Result<_, _>>()?;
        let mut targets = Vec::new();
        for kind in kinds {
            if names.is_empty() {
                targets.push(Target { kind, name: None });
            }
            let name = |name: &String| Target {
                kind,
                name: Some(name.clone()),
            };
            targets.extend(names.iter().map(name));
        }
        Ok(Self(targets))
    }

    fn pair(argument: &str) -> Result<Target, Error> {
        let wrong = || {
            Error::usage(format!("{argument} is not TYPE/NAME")).hint(
                "as in isvc/bert ksvc/hello, or isvc bert; one or the other for all arguments",
            )
        };
        let (of, name) = argument.split_once('/').ok_or_else(wrong)?;
        if name.is_empty() || name.contains('/') {
            return Err(wrong());
        }
        Ok(Target {
            kind: kind(of)?,
            name: Some(name.to_owned()),
        })
    }

    /// Whether single objects are named.
    pub(crate) fn has_names(&self) -> bool {
        self.0.iter().any(|target| target.name.is_some())
    }

    /// Whether nobody said which kinds.
    pub(crate) fn is_everything(&self) -> bool {
        self.0.len() == WorkloadKind::ALL.len() && !self.has_names()
    }
}

fn kind(text: &str) -> Result<WorkloadKind, Error> {
    WorkloadKind::parse(text).ok_or_else(|| {
        let error = Error::usage(format!("{text} is not a kind that is explained"));
        match text.to_ascii_lowercase().as_str() {
            "svc" | "service" | "services" => error.hint("a Knative Service is a ksvc: ksvc/NAME"),
            _ => error.hint("isvc (InferenceService), ksvc (Knative Service) and ig (InferenceGraph) are; a file goes behind -f"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Vec<(&'static str, Option<String>)>, String> {
        let arguments: Vec<String> = arguments.iter().map(|&one| one.to_owned()).collect();
        let targets = Targets::parse(&arguments).map_err(|error| error.to_string())?;
        Ok(targets
            .0
            .into_iter()
            .map(|one| (one.kind.short(), one.name))
            .collect())
    }

    #[test]
    fn kinds_and_names_are_taken_as_kubectl_takes_them() {
        let named = |kind, name: &str| (kind, Some(name.to_owned()));
        let all = [
            (
                vec!["isvc/a", "ksvc/b"],
                vec![named("isvc", "a"), named("ksvc", "b")],
            ),
            (
                vec!["InferenceService", "a", "b"],
                vec![named("isvc", "a"), named("isvc", "b")],
            ),
            (vec!["isvc,ksvc"], vec![("isvc", None), ("ksvc", None)]),
            (
                vec!["services.serving.knative.dev/x"],
                vec![named("ksvc", "x")],
            ),
            (vec!["isvc.v1beta1.serving.kserve.io"], vec![("isvc", None)]),
            (vec![], vec![("isvc", None), ("ig", None), ("ksvc", None)]),
        ];
        for (arguments, expected) in all {
            assert_eq!(parsed(&arguments), Ok(expected), "{arguments:?}");
        }
    }

    #[test]
    fn what_is_no_workload_is_refused() {
        for arguments in [
            ["svc/a"],
            ["pods"],
            ["isvc/"],
            ["isvc/a/b"],
            ["ksvc.serving.kserve.io"],
            ["model.yaml"],
        ] {
            assert!(parsed(&arguments).is_err(), "{arguments:?}");
        }
        assert!(parsed(&["isvc/a", "b"]).is_err());
    }
}
