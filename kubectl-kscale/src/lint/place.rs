//! From a finding's pointer to lines and columns.

use kscale_rules::explain::Finding;

use crate::input::{Place, Places};

/// Fills in where a finding stands, and gives the stretch that is underlined: key and value where both are on one line,
/// else the key; where nothing is written at the pointer, the key of the closest ancestor that is.
pub(crate) fn locate(finding: &mut Finding, places: &Places) -> Option<Place> {
    let place = stretch(&finding.pointer, places)?;
    set(finding, place, places);
    Some(place)
}

/// Writes a place into a finding.
pub(super) fn set(finding: &mut Finding, place: Place, places: &Places) {
    let end = places.source().place(place.end, place.end);
    finding.line = Some(place.line);
    finding.column = Some(place.column);
    finding.end_line = Some(end.line);
    finding.end_column = Some(end.column);
}

fn stretch(pointer: &str, places: &Places) -> Option<Place> {
    let key = places.key_at(pointer);
    let value = places.value_at(pointer);
    let (place, value) = match (key, value) {
        (Some(key), value) => (key, value),
        (None, Some(value)) => return Some(first_line(value, places)),
        (None, None) => {
            return places
                .nearest(pointer)
                .map(|place| first_line(place, places));
        }
    };
    let whole = value.filter(|value| value.line == place.line && value.start >= place.end);
    Some(match whole {
        Some(value) => {
            let value = first_line(value, places);
            let is_whole = places.source().place(value.end, value.end).line == place.line;
            let end = if is_whole { value.end } else { place.end };
            Place { end, ..place }
        }
        None => place,
    })
}

/// A place up to the end of its first line, without the blanks there.
fn first_line(place: Place, places: &Places) -> Place {
    let text = places.source().text();
    let all = text.get(place.start..place.end).unwrap_or_default();
    let line = all
        .split(['\n', '\r'])
        .next()
        .unwrap_or_default()
        .trim_end();
    Place {
        end: place.start + line.len(),
        ..place
    }
}
