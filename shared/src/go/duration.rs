//! Spans of time: `time.ParseDuration` and the text of `time.Duration`.

use std::fmt;

use serde::{Serialize, Serializer};

/// A `time.Duration`: a signed number of nanoseconds. Its text is Go's, such as `1h0m0s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Duration(
    /// Nanoseconds.
    pub i64,
);

const SECOND: i64 = 1_000_000_000;

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A whole number of seconds.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    /// Seconds, with the fraction, as `Duration.Seconds`.
    #[must_use]
    pub fn seconds(self) -> f64 {
        (self.0 / SECOND) as f64 + (self.0 % SECOND) as f64 / 1e9
    }

    /// True if there is no fraction of a second.
    #[must_use]
    pub const fn is_whole_seconds(self) -> bool {
        self.0 % SECOND == 0
    }

    /// The nearest whole second, halves away from zero, as `Duration.Round(time.Second)`.
    #[must_use]
    pub const fn round_to_second(self) -> Self {
        let rest = self.0 % SECOND;
        let down = self.0 - rest;
        if rest.abs() * 2 < SECOND {
            return Self(down);
        }
        let away = if self.0 < 0 {
            down.checked_sub(SECOND)
        } else {
            down.checked_add(SECOND)
        };
        match away {
            Some(nanos) => Self(nanos),
            // Go saturates here.
            None => Self(if self.0 < 0 { i64::MIN } else { i64::MAX }),
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.unsigned_abs();
        if nanos == 0 {
            return f.write_str("0s");
        }
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match nanos {
            0..1_000 => write!(f, "{nanos}ns"),
            1_000..1_000_000 => write_decimal(f, nanos, 1_000, "µs"),
            1_000_000..1_000_000_000 => write_decimal(f, nanos, 1_000_000, "ms"),
            _ => {
                let seconds = nanos / 1_000_000_000;
                if seconds >= 3600 {
                    write!(f, "{}h", seconds / 3600)?;
                }
                if seconds >= 60 {
                    write!(f, "{}m", seconds / 60 % 60)?;
                }
                write_decimal(f, nanos % 60_000_000_000, 1_000_000_000, "s")
            }
        }
    }
}

/// Writes `nanos` in a unit of `unit` nanoseconds, without trailing zeros.
fn write_decimal(f: &mut fmt::Formatter<'_>, nanos: u64, unit: u64, name: &str) -> fmt::Result {
    write!(f, "{}", nanos / unit)?;
    let rest = nanos % unit;
    if rest != 0 {
        let digits = format!("{:09}", rest * (1_000_000_000 / unit));
        write!(f, ".{}", digits.trim_end_matches('0'))?;
    }
    f.write_str(name)
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why `time.ParseDuration` refused a text; its text is Go's, to the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationError(String);

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DurationError {}

/// Parses a span of time, as `time.ParseDuration`: numbers each with a unit (ns, us, ms, s, m, h), or a bare 0.
///
/// # Errors
/// Go's error: invalid, without a unit, or with one that Go does not know (there is no day).
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let invalid = || DurationError(format!("time: invalid duration {}", quote(text)));
    let (negative, mut rest) = match text.as_bytes() {
        [b'-', tail @ ..] => (true, tail),
        [b'+', tail @ ..] => (false, tail),
        all => (false, all),
    };
    if rest == b"0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (nanos, tail) = step(text, rest)?;
        rest = tail;
        total = total
            .checked_add(nanos)
            .filter(|t| *t <= 1 << 63)
            .ok_or_else(invalid)?;
    }
    if negative {
        return Ok(Duration(0i64.wrapping_sub_unsigned(total)));
    }
    i64::try_from(total).map(Duration).map_err(|_| invalid())
}

/// Reads one number with its unit; gives its nanoseconds and what is left.
fn step<'a>(text: &str, bytes: &'a [u8]) -> Result<(u64, &'a [u8]), DurationError> {
    let invalid = || DurationError(format!("time: invalid duration {}", quote(text)));
    let (digits, rest) = split_digits(bytes);
    let mut whole: u64 = 0;
    for digit in digits {
        whole = whole
            .checked_mul(10)
            .and_then(|w| w.checked_add(u64::from(digit - b'0')))
            .filter(|w| *w <= 1 << 63)
            .ok_or_else(invalid)?;
    }
    let (fraction, rest) = match rest {
        [b'.', tail @ ..] => split_digits(tail),
        other => (&other[..0], other),
    };
    if digits.is_empty() && fraction.is_empty() {
        return Err(invalid());
    }
    let end = rest
        .iter()
        .position(|b| *b == b'.' || b.is_ascii_digit())
        .unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    if name.is_empty() {
        return Err(DurationError(format!(
            "time: missing unit in duration {}",
            quote(text)
        )));
    }
    let Some(unit) = unit(name) else {
        let name = String::from_utf8_lossy(name);
        return Err(DurationError(format!(
            "time: unknown unit {} in duration {}",
            quote(&name),
            quote(text)
        )));
    };
    let nanos = whole
        .checked_mul(unit)
        .filter(|n| *n <= 1 << 63)
        .ok_or_else(invalid)?;
    let nanos = nanos + fraction_nanos(fraction, unit);
    if nanos > 1 << 63 {
        Err(invalid())
    } else {
        Ok((nanos, rest))
    }
}

fn split_digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    bytes.split_at(
        bytes
            .iter()
            .position(|b| !b.is_ascii_digit())
            .unwrap_or(bytes.len()),
    )
}

/// Go keeps as many digits as fit 63 bits and multiplies in floating point; the result can round up to a whole unit.
fn fraction_nanos(digits: &[u8], unit: u64) -> u64 {
    let (mut value, mut scale) = (0u64, 1f64);
    for digit in digits {
        let Some(next) = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(u64::from(digit - b'0')))
        else {
            break;
        };
        if value > (i64::MAX as u64) / 10 || next > 1 << 63 {
            break;
        }
        value = next;
        scale *= 10.0;
    }
    (value as f64 * (unit as f64 / scale)) as u64
}

fn unit(name: &[u8]) -> Option<u64> {
    Some(match name {
        b"ns" => 1,
        // The micro sign and the Greek letter are different characters.
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
        b"ms" => 1_000_000,
        b"s" => 1_000_000_000,
        b"m" => 60_000_000_000,
        b"h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// Package `time` has its own quoting, which writes all beyond printable ASCII as bytes.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(byte));
            }
            b' '..0x80 => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_as_go() {
        let cases = [
            ("1h", "1h0m0s"),
            ("0", "0s"),
            ("-0", "0s"),
            ("1.5h", "1h30m0s"),
            ("-1.5m", "-1m30s"),
            (".5s", "500ms"),
            ("1.s", "1s"),
            ("9223372036854775807ns", "2562047h47m16.854775807s"),
            ("1us1ns", "1.001µs"),
            ("1µs", "1µs"),
            ("-9223372036854775808ns", "-2562047h47m16.854775808s"),
            ("0.1ns", "0s"),
            ("0.9999999999999999999s", "1s"),
            ("2562047h47m16.854775807s", "2562047h47m16.854775807s"),
            ("1m9s82ms", "1m9.082s"),
            ("+1s", "1s"),
        ];
        for (text, want) in cases {
            assert_eq!(
                parse_duration(text).map(|d| d.to_string()),
                Ok(want.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_with_go_words() {
        let cases = [
            ("", "time: invalid duration \"\""),
            ("1", "time: missing unit in duration \"1\""),
            ("1d", "time: unknown unit \"d\" in duration \"1d\""),
            ("1h30", "time: missing unit in duration \"1h30\""),
            ("s", "time: invalid duration \"s\""),
            (".s", "time: invalid duration \".s\""),
            ("3000000h", "time: invalid duration \"3000000h\""),
            (
                "9223372036854775808ns",
                "time: invalid duration \"9223372036854775808ns\"",
            ),
            (
                "1x\n",
                "time: unknown unit \"x\\x0a\" in duration \"1x\\x0a\"",
            ),
            ("- 1s", "time: invalid duration \"- 1s\""),
        ];
        for (text, want) in cases {
            assert_eq!(
                parse_duration(text).map_err(|e| e.to_string()),
                Err(want.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn rounds_halves_away_from_zero() {
        assert_eq!(
            Duration(1_500_000_000).round_to_second(),
            Duration::from_secs(2)
        );
        assert_eq!(
            Duration(-1_500_000_000).round_to_second(),
            Duration::from_secs(-2)
        );
        assert_eq!(Duration(i64::MAX).round_to_second(), Duration(i64::MAX));
        assert!((Duration(82_500_000_000).seconds() - 82.5).abs() < 1e-12);
    }
}
