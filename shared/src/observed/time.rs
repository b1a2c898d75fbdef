//! Instants as the API server writes them, in seconds: there is no clock here.

/// Seconds since 1970 of `2026-11-22T11:17:55Z`, fractions cut off. None of anything else.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let time = time.strip_suffix('Z')?;
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let in_range = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    in_range.then(|| days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
    let parsed: Vec<i64> = text
        .split(between)
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    parsed.try_into().ok()
}

/// Days since 1970 in the Gregorian calendar; the year is taken to begin in March, so that a leap day is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

/// `100 s`, `12 min`, `3 h`, `5 days`
pub(super) fn span(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_counted_from_1970() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2000-02-29T00:00:01Z"), Some(951_782_401));
        assert_eq!(seconds("2026-11-22T11:17:55Z"), Some(1_795_346_275));
        assert_eq!(seconds("2026-11-22T11:17:55.123456Z"), Some(1_795_346_275));
        for wrong in [
            "",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-11-22T11:17Z",
            "2026-11-22",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_span_is_told_in_a_unit_that_fits() {
        assert_eq!(span(100), "100 s");
        assert_eq!(span(720), "12 min");
        assert_eq!(span(7200), "2 h");
        assert_eq!(span(172_800), "2 days");
    }
}
