//! How a component is now, in a line for each group of pods that counts.

use kscale_rules::observed::{
    Condition, ObservedComponent, ObservedHpa, ObservedRevision, ObservedScaling, Role,
};

use super::super::paper::{GLUE, Ink, Paper, Span, span, width};
use super::ENTRY;

/// What serves, what comes next, and what is left over and holds pods: a line each, below one another.
pub(super) fn all(paper: &mut Paper, components: &[ObservedComponent]) {
    let several = components.len() > 1;
    let mut lines: Vec<(String, Vec<Span>)> = Vec::new();
    for one in components {
        let of_one = component(one).into_iter();
        lines.extend(of_one.map(|(what, words)| match several {
            true => (format!("{} {what}", one.name), words),
            false => (what.to_owned(), words),
        }));
    }
    let widest = lines
        .iter()
        .map(|(label, _)| width(label))
        .max()
        .unwrap_or(0);
    for (label, words) in &lines {
        let label = [span(Ink::Plain, " ".repeat(ENTRY)), span(Ink::Dim, label)];
        paper.entry(&label, ENTRY + widest + 2, words);
    }
}

fn component(component: &ObservedComponent) -> Vec<(&'static str, Vec<Span>)> {
    let mut lines = Vec::new();
    if let Some(scaling) = &component.scaling {
        let by = span(Ink::Plain, format!("; {}", scaler(scaling)));
        lines.push(("serves", vec![pods(scaling), by]));
    }
    for revision in sorted(component) {
        let what = match revision.role {
            Role::Serving => "serves",
            Role::Next => "next",
            Role::Leftover => "left over",
        };
        lines.push((what, of_revision(revision)));
    }
    if lines.is_empty() {
        let seen = match component.service {
            Some(_) => "no revision of it was seen in the cluster",
            None => "nothing of it was seen in the cluster",
        };
        lines.push(("serves", vec![span(Ink::Warn, seen)]));
    }
    lines
}

/// What serves first, the one with most requests before the others; of what is left over, only what holds pods.
fn sorted(component: &ObservedComponent) -> Vec<&ObservedRevision> {
    let counts = |one: &&ObservedRevision| one.role != Role::Leftover || holds(&one.scaling);
    let mut revisions: Vec<&ObservedRevision> = component.revisions.iter().filter(counts).collect();
    revisions.sort_by_key(|one| {
        let role = match one.role {
            Role::Serving => 0,
            Role::Next => 1,
            Role::Leftover => 2,
        };
        (role, std::cmp::Reverse(one.percent))
    });
    revisions
}

fn holds(scaling: &ObservedScaling) -> bool {
    let deployment = scaling.deployment.as_ref();
    deployment.is_some_and(|one| one.replicas > 0 || one.ready > 0)
}

fn of_revision(revision: &ObservedRevision) -> Vec<Span> {
    let share = match (revision.role, revision.percent) {
        (Role::Serving, Some(percent)) if percent < 100 => {
            format!(", {percent}{GLUE}% of the requests")
        }
        _ => String::new(),
    };
    vec![
        pods(&revision.scaling),
        span(
            Ink::Plain,
            format!("; {}; revision ", scaler(&revision.scaling)),
        ),
        span(Ink::Strong, &revision.name),
        span(Ink::Plain, share),
    ]
}

/// `3 of 3 pods ready`
pub(super) fn pods(scaling: &ObservedScaling) -> Span {
    let Some(deployment) = &scaling.deployment else {
        let actual = scaling.pod_autoscaler.as_ref().and_then(|pa| pa.actual);
        return match actual {
            Some(actual) => span(Ink::Plain, counted(actual)),
            None => span(Ink::Plain, "pods unknown"),
        };
    };
    let (ready, wanted) = (deployment.ready, deployment.replicas);
    if wanted == 0 && ready == 0 {
        return span(Ink::Plain, "no pods");
    }
    let ink = if ready < wanted {
        Ink::Warn
    } else {
        Ink::Plain
    };
    span(ink, format!("{ready} of {} ready", counted(wanted)))
}

fn counted(pods: i64) -> String {
    if pods == 1 {
        "1 pod".to_owned()
    } else {
        format!("{pods} pods")
    }
}

/// Who scales them, and what it wants.
pub(super) fn scaler(scaling: &ObservedScaling) -> String {
    if let Some(scaled) = &scaling.scaled_object {
        let on = scaled.triggers.join(", ");
        let paused = if scaled.paused.is_some() {
            ", paused"
        } else {
            ""
        };
        return format!("KEDA on {on}{paused}");
    }
    let Some(pa) = &scaling.pod_autoscaler else {
        return scaling
            .hpa
            .as_ref()
            .map_or_else(|| "no autoscaler".to_owned(), hpa);
    };
    let class = pa.class.as_deref().unwrap_or("none");
    if !pa.has_status {
        return format!("nobody has acted on class {class}");
    }
    match &scaling.hpa {
        Some(seen) if class.starts_with("hpa.") => hpa(seen),
        _ if class.starts_with("hpa.") => "no HPA".to_owned(),
        _ => {
            let wants = pa.desired.map_or_else(
                || "wants nothing yet".to_owned(),
                |one| format!("wants {one}"),
            );
            let on = pa
                .metric
                .as_deref()
                .map(|metric| format!(" on {metric}"))
                .unwrap_or_default();
            match class {
                "kpa.autoscaling.knative.dev" => format!("KPA {wants}{on}"),
                _ => format!("class {class} {wants}{on}"),
            }
        }
    }
}

/// `HPA wants 3 on cpu 62%/75%`
fn hpa(hpa: &ObservedHpa) -> String {
    let metrics: Vec<String> = hpa
        .metrics
        .iter()
        .map(|metric| {
            let current = metric.current.as_deref().unwrap_or("?");
            format!("{}{GLUE}{current}/{}", metric.name, metric.target)
        })
        .collect();
    let on = if metrics.is_empty() {
        String::new()
    } else {
        format!(" on {}", metrics.join(", "))
    };
    let is_active = |one: &&Condition| one.kind == "ScalingActive" && one.status == "True";
    match (hpa.current, hpa.desired) {
        (None, _) => format!("HPA has not looked yet{on}"),
        // What an HPA wanted before it lost its metric is no wish.
        (Some(_), Some(desired)) if hpa.conditions.iter().any(|one| is_active(&one)) => {
            format!("HPA wants {desired}{on}")
        }
        (Some(_), _) => format!("HPA cannot tell what it wants{on}"),
    }
}
