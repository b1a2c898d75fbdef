//! `rules`: the list of rules; and `explain KS101`: the page of one.

use kscale_rules::rules::{RULES, find, list};

use crate::cli::{Format, Rules};
use crate::error::{Error, Outcome};
use crate::render::{self, Screen};

/// Prints the list.
pub(super) fn run(arguments: &Rules, screen: Screen) -> Result<Outcome, Error> {
    let all = || list(RULES.iter().copied());
    let text = match arguments.output {
        Format::Text | Format::Wide => render::rule_table(screen.width()),
        Format::Json => render::pretty(&all())?,
        Format::Yaml => render::yaml(&all())?,
        Format::Name => RULES
            .iter()
            .map(|rule| format!("{}\n", rule.code))
            .collect(),
    };
    screen.print(&text)?;
    Ok(Outcome::Clean)
}

/// Prints the page of a rule, by its code or its name.
pub(super) fn explain(name: &str, format: Format, screen: Screen) -> Result<Outcome, Error> {
    let rule = find(name).ok_or_else(|| {
        Error::usage(format!("no rule is called {name}"))
            .hint("see `kubectl kscale rules` for their codes and names")
            .hint(format!(
                "a file, folder or address goes behind -f: -f {name}"
            ))
            .hint(format!(
                "what is in a cluster is named with its kind: isvc/{name}, ksvc/{name} or ig/{name}"
            ))
    })?;
    let one = || list([rule]);
    let text = match format {
        Format::Text | Format::Wide => render::rule_page(rule, screen.width()),
        Format::Json => render::pretty(&one())?,
        Format::Yaml => render::yaml(&one())?,
        Format::Name => format!("{}\n", rule.code),
    };
    screen.print(&text)?;
    Ok(Outcome::Clean)
}
