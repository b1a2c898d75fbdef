//! Floating point: `strconv.ParseFloat`, `%v` and `%f`, `math.Min`, `math.Max`, and conversion to integers.

use super::hex_float;
use super::integer::{NumError, NumErrorKind};

/// Parses a float of 64 bits, as `strconv.ParseFloat(text, 64)`.
///
/// Accepted are decimal and hexadecimal floats, underscores between digits, `Inf`, `Infinity` (signed or not) and
/// `NaN` (unsigned) in any case.
///
/// # Errors
/// Syntax, or range when the value is too large for any finite float; too small a value is 0.
pub fn parse_float(text: &str) -> Result<f64, NumError> {
    match scan(text) {
        Some(value) if value.is_infinite() && !names_infinity(text) => {
            Err(NumError::new("ParseFloat", text, NumErrorKind::Range))
        }
        Some(value) => Ok(value),
        None => Err(NumError::new("ParseFloat", text, NumErrorKind::Syntax)),
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn names_infinity(text: &str) -> bool {
    let word = unsigned(text);
    word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity")
}

fn scan(text: &str) -> Option<f64> {
    if names_infinity(text) {
        return Some(if text.starts_with('-') {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        });
    }
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    if text.contains('_') {
        if !underscores_ok(text) {
            return None;
        }
        return scan_plain(&text.replace('_', ""));
    }
    scan_plain(text)
}

fn scan_plain(text: &str) -> Option<f64> {
    let body = unsigned(text);
    if let Some(hex) = body.strip_prefix("0x").or_else(|| body.strip_prefix("0X")) {
        let value = hex_float::parse(hex)?;
        return Some(if text.starts_with('-') { -value } else { value });
    }
    if is_decimal(body) {
        text.parse().ok()
    } else {
        None
    }
}

/// Digits with at most one point, then an optional exponent; Rust's parser alone would also take words such as `+nan`.
fn is_decimal(body: &str) -> bool {
    let (mantissa, exponent) = match body.find(['e', 'E']) {
        Some(at) => (&body[..at], Some(&body[at + 1..])),
        None => (body, None),
    };
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let points = mantissa.bytes().filter(|b| *b == b'.').count();
    if digits == 0 || points > 1 || digits + points != mantissa.len() {
        return false;
    }
    exponent.is_none_or(|e| {
        let e = unsigned(e);
        !e.is_empty() && e.bytes().all(|b| b.is_ascii_digit())
    })
}

/// An underscore must stand between two digits, or between a base prefix and a digit.
fn underscores_ok(text: &str) -> bool {
    let mut rest = unsigned(text).as_bytes();
    let mut after_digit = false;
    let mut hex = false;
    if let [
        b'0',
        base @ (b'b' | b'B' | b'o' | b'O' | b'x' | b'X'),
        tail @ ..,
    ] = rest
    {
        (after_digit, hex, rest) = (true, base.eq_ignore_ascii_case(&b'x'), tail);
    }
    let mut after_underscore = false;
    for byte in rest {
        if byte.is_ascii_digit() || (hex && byte.is_ascii_hexdigit()) {
            (after_digit, after_underscore) = (true, false);
        } else if *byte == b'_' {
            if !after_digit {
                return false;
            }
            (after_digit, after_underscore) = (false, true);
        } else {
            if after_underscore {
                return false;
            }
            after_digit = false;
        }
    }
    !after_underscore
}

/// Writes a float as `%v` and `%g` do: the shortest text that reads back the same, with an exponent below 1e-4 and
/// from 1e6 on.
#[must_use]
pub fn format_float(value: f64) -> String {
    if let Some(word) = special(value) {
        return word.to_owned();
    }
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..SHORTEST_EXPONENT).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

const SHORTEST_EXPONENT: i32 = 6;

/// Writes a number as `encoding/json` does, and so as it stands in a request: all digits from 1e-6 up to 1e21, else an
/// exponent without a leading zero (`encode.go`: `floatEncoder`).
#[must_use]
pub fn json_number(number: &serde_json::Number) -> String {
    let value = match number.as_f64() {
        Some(value) if number.is_f64() => value,
        _ => return number.to_string(),
    };
    if value == 0.0 || (1e-6..1e21).contains(&value.abs()) {
        return value.to_string();
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) if !exponent.starts_with('-') => {
            format!("{mantissa}e+{exponent}")
        }
        _ => text,
    }
}

/// Writes a float as `%f` does: six decimals.
#[must_use]
pub fn fixed_float(value: f64) -> String {
    special(value).map_or_else(|| format!("{value:.6}"), str::to_owned)
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "+Inf" } else { "-Inf" })
    } else {
        None
    }
}

/// The greater of two floats, NaN if either is, as `math.Max`; Rust's `f64::max` would drop a NaN.
#[must_use]
pub fn max(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        return f64::INFINITY;
    }
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// The lesser of two floats, NaN if either is, as `math.Min`.
#[must_use]
pub fn min(a: f64, b: f64) -> f64 {
    if a == f64::NEG_INFINITY || b == f64::NEG_INFINITY {
        return f64::NEG_INFINITY;
    }
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.min(b)
    }
}

/// Converts to `int64` as Go does on amd64: towards zero, and the most negative number for all that does not fit.
#[must_use]
pub fn float_to_i64(value: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if value.is_nan() || !(-LIMIT..LIMIT).contains(&value) {
        i64::MIN
    } else {
        value as i64
    }
}

/// Converts to `int32` as Go does on amd64: towards zero, and the most negative number for all that does not fit.
#[must_use]
pub fn float_to_i32(value: f64) -> i32 {
    const LIMIT: f64 = 2_147_483_648.0;
    if value.is_nan() || value >= LIMIT || value <= -LIMIT - 1.0 {
        i32::MIN
    } else {
        value as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_json_have_go_s_form() {
        for (value, text) in [
            (9.223_372_036_854_776e18, "9223372036854776000"),
            (1.234e20, "123400000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (0.000_001, "0.000001"),
            (-5e-7, "-5e-7"),
            (3.5, "3.5"),
            (-0.0, "-0"),
        ] {
            let number = serde_json::Number::from_f64(value).unwrap();
            assert_eq!(json_number(&number), text);
        }
        assert_eq!(json_number(&7.into()), "7");
    }

    #[test]
    fn accepts_what_go_accepts() {
        let cases = [
            ("1_000", 1000.0),
            ("0x1p4", 16.0),
            ("0x_1p4", 16.0),
            ("0x1_0p1_0", 16384.0),
            ("1_23.50_0_0e+1_2", 1.235e14),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e5", 1e5),
            ("1e-400", 0.0),
            ("0x.8p1", 1.0),
            ("0X1P-2", 0.25),
            ("1E5_0", 1e50),
            ("0x1.8p+1", 3.0),
            ("0x1.fffffffffffff8p0", 2.0),
            ("0x0.1p0", 0.0625),
            ("0_1", 1.0),
            ("0x1p-1075", 0.0),
            ("0x1p-1074", 5e-324),
            ("0x1.8p-1075", 5e-324),
            ("-3.25", -3.25),
            ("+7", 7.0),
            ("Inf", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
            ("+Infinity", f64::INFINITY),
        ];
        for (text, want) in cases {
            assert_eq!(parse_float(text), Ok(want), "{text}");
        }
        assert!(parse_float("nan").is_ok_and(f64::is_nan));
    }

    #[test]
    fn refuses_what_go_refuses() {
        for text in [
            "1__0", "_1", "1_", "0x1", "1._5", "1_.5", "infin", "+nan", ".", "1e", "0xp1", "", "+",
            "1e+", "0b1", " 1", "1 ", "i", "inf_", "\u{661}", "100}", "1.2.3",
        ] {
            assert_eq!(
                parse_float(text).map_err(|e| e.kind),
                Err(NumErrorKind::Syntax),
                "{text}"
            );
        }
        for text in ["1e400", "-1e400", "0x1p2000", "1e99999999999999", "1e309"] {
            assert_eq!(
                parse_float(text).map_err(|e| e.kind),
                Err(NumErrorKind::Range),
                "{text}"
            );
        }
    }

    #[test]
    fn writes_as_go_writes() {
        let cases = [
            (1e6, "1e+06"),
            (123_456.0, "123456"),
            (1_234_567.0, "1.234567e+06"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e21, "1e+21"),
            (0.1, "0.1"),
            (100.0, "100"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (-0.5, "-0.5"),
        ];
        for (value, want) in cases {
            assert_eq!(format_float(value), want);
        }
        assert_eq!(fixed_float(1.2), "1.200000");
    }

    #[test]
    fn converts_as_amd64_does() {
        assert_eq!(float_to_i64(1e30), i64::MIN);
        assert_eq!(float_to_i64(-42.9), -42);
        assert_eq!(float_to_i32(3e9), i32::MIN);
        assert!(max(0.01, f64::NAN).is_nan());
    }
}
