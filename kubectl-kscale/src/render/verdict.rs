//! The answer in one sentence.

use kscale_rules::explain::types::{
    Admission, Autoscaler, ComponentExplanation, Explanation, Target, Unit,
};

use super::paper::{Ink, Span, span};
use super::value::{number, shown};

/// The sentence on one component: the autoscaler in the ink of its kind, then the rest.
pub(crate) fn of_component(item: &Explanation, component: &ComponentExplanation) -> Vec<Span> {
    if let Some(why) = stopper(item, component) {
        return nothing(&why);
    }
    let (ink, name, rest) = match component.autoscaler {
        Autoscaler::Kpa => (Ink::Good, "Knative KPA", scaling(component)),
        Autoscaler::KnativeHpa => (Ink::Good, "Knative HPA", scaling(component)),
        Autoscaler::Hpa => (Ink::Good, "HPA", scaling(component)),
        Autoscaler::Keda => (Ink::Good, "KEDA", scaling(component)),
        Autoscaler::External => (Ink::Warn, "external", external(component)),
        Autoscaler::None => (Ink::Warn, "no autoscaler", fixed(component)),
        Autoscaler::Stopped => (Ink::Warn, "stopped", ": no pod runs".to_owned()),
        Autoscaler::Unmanaged => return nothing(&unmanaged(component)),
    };
    vec![span(ink, name), span(Ink::Plain, rest)]
}

/// The sentence on an object of which no component comes to be.
pub(crate) fn of_object(item: &Explanation) -> Vec<Span> {
    match refusals(&item.admission).first() {
        Some((who, _)) => nothing(&format!("refused by {who}")),
        None => nothing("there is nothing to scale in it"),
    }
}

/// Why a component never comes to be, as far as somebody said no.
fn stopper(item: &Explanation, component: &ComponentExplanation) -> Option<String> {
    if !matches!(component.autoscaler, Autoscaler::Unmanaged) {
        return None;
    }
    let refusals = refusals(&item.admission);
    if item.admission.kserve.is_some() {
        return Some("refused by KServe".to_owned());
    }
    let Some(failure) = &component.failure else {
        // A class says more than a refusal that may be another component's.
        let (who, _) = refusals.first()?;
        return component
            .class
            .is_none()
            .then(|| format!("refused by {who}"));
    };
    let refuser = refusals.iter().find(|(_, text)| failure.ends_with(text));
    Some(refuser.map_or_else(
        || "the controller fails".to_owned(),
        |(who, _)| format!("refused by {who}"),
    ))
}

/// Who refuses, and the exact text, in the order in which they are asked.
pub(crate) fn refusals(admission: &Admission) -> Vec<(&'static str, &str)> {
    let Admission {
        kserve,
        knative,
        kubernetes,
        keda,
    } = admission;
    let all = [
        ("KServe", kserve),
        ("Knative", knative),
        ("Kubernetes", kubernetes),
        ("KEDA", keda),
    ];
    all.into_iter()
        .filter_map(|(who, text)| Some((who, text.as_deref()?)))
        .collect()
}

fn nothing(why: &str) -> Vec<Span> {
    vec![
        span(Ink::Bad, "nothing scales it"),
        span(Ink::Plain, format!(": {why}")),
    ]
}

fn unmanaged(component: &ComponentExplanation) -> String {
    match component.class.as_deref() {
        Some(class) if !class.is_empty() => format!("no controller acts on class {class}"),
        _ => "no autoscaler comes to be".to_owned(),
    }
}

fn external(component: &ComponentExplanation) -> String {
    let from = component
        .min_replicas
        .map_or_else(String::new, |min| format!(", starting at {}", pods(min)));
    format!(": whatever you run scales it{from}")
}

fn fixed(component: &ComponentExplanation) -> String {
    match component.min_replicas.or(component.max_replicas) {
        Some(count) => format!(": fixed at {}", pods(count)),
        None => ": the number of pods is fixed".to_owned(),
    }
}

/// ` on cpu at 75 % of requests; 1 to 3 pods, never to zero`
fn scaling(component: &ComponentExplanation) -> String {
    let metric = component.metric.as_deref();
    let on = match (metric, &component.target) {
        (Some(metric), Some(target)) => format!(" on {metric}{}", aim(target)),
        (Some(metric), None) => format!(" on {metric}"),
        (None, Some(target)) => aim(target),
        (None, None) => String::new(),
    };
    format!("{on}; {}", bounds(component))
}

fn aim(target: &Target) -> String {
    let value = shown(&target.value);
    let what = match target.unit {
        Unit::ConcurrentRequests => format!(": {value} at a time per pod"),
        Unit::RequestsPerSecond => format!(": {value} a second per pod"),
        Unit::PercentOfRequest => format!(" at {value} % of requests"),
        Unit::MebibytesPerPod => format!(" at {value} MiB per pod"),
        Unit::Quantity | Unit::Custom => format!(" at {value}"),
    };
    match target.effective {
        Some(effective) if target.value.as_f64() != Some(effective) => {
            format!("{what}, aims at {}", number(effective))
        }
        _ => what,
    }
}

fn bounds(component: &ComponentExplanation) -> String {
    let min = component.min_replicas;
    let zero = if component.scale_to_zero {
        "down to zero"
    } else {
        "never to zero"
    };
    match (min, component.max_replicas) {
        (None, None) => zero.to_owned(),
        (Some(min), Some(max)) if min == max && min > 0 => {
            format!("always {}, {zero}", pods(min))
        }
        (Some(min), Some(max)) => format!("{min} to {}, {zero}", pods(max)),
        (None, Some(max)) => format!("up to {}, {zero}", pods(max)),
        (Some(0), None) => format!("any number of pods, {zero}"),
        (Some(min), None) => format!("{} or more without limit, {zero}", pods(min)),
    }
}

fn pods(count: i64) -> String {
    if count == 1 {
        "1 pod".to_owned()
    } else {
        format!("{count} pods")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn component(autoscaler: Autoscaler) -> ComponentExplanation {
        ComponentExplanation {
            name: "predictor".to_owned(),
            autoscaler,
            class: None,
            metric: None,
            target: None,
            min_replicas: None,
            max_replicas: None,
            scale_to_zero: false,
            creates: Vec::new(),
            failure: None,
            because: Vec::new(),
            inert: Vec::new(),
        }
    }

    fn said(component: &ComponentExplanation, admission: Admission) -> String {
        let item = Explanation {
            admission,
            ..Explanation::default()
        };
        let mut paper = super::super::paper::Paper::new(500);
        paper.entry(&[], 0, &of_component(&item, component));
        anstream::adapter::strip_str(paper.into_text().trim_end()).to_string()
    }

    fn on(
        mut component: ComponentExplanation,
        metric: &str,
        target: Target,
    ) -> ComponentExplanation {
        component.metric = Some(metric.to_owned());
        component.target = Some(target);
        component
    }

    fn target(value: i64, unit: Unit, effective: Option<f64>) -> Target {
        Target {
            value: json!(value),
            unit,
            effective,
        }
    }

    fn between(
        mut component: ComponentExplanation,
        min: Option<i64>,
        max: Option<i64>,
    ) -> ComponentExplanation {
        (component.min_replicas, component.max_replicas) = (min, max);
        component.scale_to_zero = min == Some(0);
        component
    }

    #[test]
    fn an_autoscaler_is_told_with_metric_target_and_bounds() {
        let concurrency = target(100, Unit::ConcurrentRequests, Some(70.0));
        let kpa = on(component(Autoscaler::Kpa), "concurrency", concurrency);
        let rps = target(200, Unit::RequestsPerSecond, Some(140.0));
        let rps = on(component(Autoscaler::Kpa), "rps", rps);
        let cpu = target(75, Unit::PercentOfRequest, None);
        let cpu = on(component(Autoscaler::KnativeHpa), "cpu", cpu);
        let memory = target(500, Unit::MebibytesPerPod, None);
        let memory = on(component(Autoscaler::KnativeHpa), "memory", memory);
        let all = [
            said(&between(kpa, Some(0), None), Admission::default()),
            said(&between(rps, Some(1), Some(1)), Admission::default()),
            said(&between(cpu, Some(1), Some(3)), Admission::default()),
            said(&between(memory, Some(2), None), Admission::default()),
        ];
        insta::assert_snapshot!(all.join("\n"), @"
        Knative KPA on concurrency: 100 at a time per pod, aims at 70; any number of pods, down to zero
        Knative KPA on rps: 200 a second per pod, aims at 140; always 1 pod, never to zero
        Knative HPA on cpu at 75 % of requests; 1 to 3 pods, never to zero
        Knative HPA on memory at 500 MiB per pod; 2 pods or more without limit, never to zero
        ");
    }

    #[test]
    fn what_nothing_scales_says_why() {
        let mut unknown = component(Autoscaler::Unmanaged);
        unknown.class = Some("mine".to_owned());
        let mut failing = component(Autoscaler::Unmanaged);
        failing.failure = Some("text".to_owned());
        let refused = Admission {
            knative: Some("text".to_owned()),
            ..Admission::default()
        };
        let fixed = between(component(Autoscaler::None), Some(2), Some(2));
        let all = [
            said(&unknown, Admission::default()),
            said(&failing, Admission::default()),
            said(&component(Autoscaler::Unmanaged), refused),
            said(&component(Autoscaler::Stopped), Admission::default()),
            said(&component(Autoscaler::External), Admission::default()),
            said(&fixed, Admission::default()),
        ];
        insta::assert_snapshot!(all.join("\n"), @"
        nothing scales it: no controller acts on class mine
        nothing scales it: the controller fails
        nothing scales it: refused by Knative
        stopped: no pod runs
        external: whatever you run scales it
        no autoscaler: fixed at 2 pods
        ");
    }
}
