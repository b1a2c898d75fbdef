//! What is wished of every service of Standard mode.

use kscale_rules::explain::{Autoscaler, Explanation};
use kscale_rules::manifest::ComponentKind;
use kscale_rules::switch::{Destination, Wish};

/// The components that there may be.
pub(crate) const KINDS: [ComponentKind; 3] = [
    ComponentKind::Predictor,
    ComponentKind::Transformer,
    ComponentKind::Explainer,
];

/// Every class, of all components and of one at a time.
pub(crate) fn wishes(explanation: &Explanation) -> Vec<Wish> {
    let names: Vec<&str> = explanation
        .components
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    let there = KINDS
        .into_iter()
        .filter(|kind| names.contains(&kind.as_str()));
    let mut selections: Vec<Vec<ComponentKind>> = vec![Vec::new()];
    if names.len() > 1 {
        selections.extend(there.map(|kind| vec![kind]));
    }
    let text = |text: &str| Some(text.to_owned());
    let scaling = |to| Wish {
        to,
        max: Some(9),
        ..Wish::default()
    };
    let mut wishes = Vec::new();
    for components in selections {
        let each = [
            scaling(Destination::Hpa),
            Wish {
                metric: text("memory"),
                target: text("70%"),
                ..scaling(Destination::Hpa)
            },
            Wish {
                metric: text("memory"),
                target: text("2Gi"),
                ..scaling(Destination::Hpa)
            },
            scaling(Destination::Keda),
            Wish {
                metric: text("prometheus"),
                query: text("sum(waiting)"),
                server_address: text("http://prometheus:9090"),
                target: text("8"),
                ..scaling(Destination::Keda)
            },
            Wish {
                to: Destination::None,
                ..Wish::default()
            },
            Wish {
                to: Destination::None,
                min: Some(3),
                ..Wish::default()
            },
            Wish {
                to: Destination::External,
                ..Wish::default()
            },
        ];
        wishes.extend(each.into_iter().map(|wish| Wish {
            components: components.clone(),
            ..wish
        }));
    }
    wishes
}

/// What then scales.
pub(crate) fn wanted(to: Destination) -> Autoscaler {
    match to {
        Destination::Hpa => Autoscaler::Hpa,
        Destination::Keda => Autoscaler::Keda,
        Destination::None => Autoscaler::None,
        _ => Autoscaler::External,
    }
}
