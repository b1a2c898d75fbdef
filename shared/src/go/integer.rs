//! Integers: `strconv.ParseInt` in base 10 and `strconv.Atoi`.

use std::fmt;

use super::quote::quote;

/// Why `strconv` refused a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumErrorKind {
    /// The text is not a number at all.
    Syntax,
    /// It is a number, but none that the type can hold.
    Range,
}

/// The error of a `strconv` parser; its text is Go's, to the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumError {
    /// The Go function that failed: `ParseInt`, `Atoi`, `ParseFloat`, `ParseBool`.
    pub function: &'static str,
    /// The text it was given.
    pub input: String,
    /// What is wrong with the text.
    pub kind: NumErrorKind,
}

impl NumError {
    pub(super) fn new(function: &'static str, input: &str, kind: NumErrorKind) -> Self {
        Self {
            function,
            input: input.to_owned(),
            kind,
        }
    }
}

impl fmt::Display for NumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            NumErrorKind::Syntax => "invalid syntax",
            NumErrorKind::Range => "value out of range",
        };
        write!(
            f,
            "strconv.{}: parsing {}: {what}",
            self.function,
            quote(&self.input)
        )
    }
}

impl std::error::Error for NumError {}

/// Parses a decimal integer of `bits` bits (1 to 64), as `strconv.ParseInt(text, 10, bits)`.
///
/// # Errors
/// Go's error: syntax for anything but an optional sign and ASCII digits, range if it does not fit.
pub fn parse_int(text: &str, bits: u32) -> Result<i64, NumError> {
    signed(text, bits).map_err(|kind| NumError::new("ParseInt", text, kind))
}

/// Parses a decimal integer of 64 bits, as `strconv.Atoi` on the platforms Kubernetes runs on.
///
/// # Errors
/// As [`parse_int`], in the name of `Atoi`.
pub fn atoi(text: &str) -> Result<i64, NumError> {
    signed(text, 64).map_err(|kind| NumError::new("Atoi", text, kind))
}

fn signed(text: &str, bits: u32) -> Result<i64, NumErrorKind> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NumErrorKind::Syntax);
    }
    let mut magnitude: u64 = 0;
    for digit in digits {
        magnitude = magnitude
            .checked_mul(10)
            .and_then(|m| m.checked_add(u64::from(digit - b'0')))
            .ok_or(NumErrorKind::Range)?;
    }
    let limit = 1u64 << (bits.clamp(1, 64) - 1);
    if negative {
        if magnitude > limit {
            return Err(NumErrorKind::Range);
        }
        return Ok(0i64.wrapping_sub_unsigned(magnitude));
    }
    if magnitude >= limit {
        return Err(NumErrorKind::Range);
    }
    i64::try_from(magnitude).map_err(|_| NumErrorKind::Range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_go_accepts() {
        for (text, want) in [
            ("1", 1),
            ("+5", 5),
            ("007", 7),
            ("-0", 0),
            ("2147483647", 2_147_483_647),
        ] {
            assert_eq!(parse_int(text, 32), Ok(want), "{text}");
        }
        assert_eq!(parse_int("-2147483648", 32), Ok(-2_147_483_648));
        assert_eq!(atoi("-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(atoi("3000000000"), Ok(3_000_000_000));
    }

    #[test]
    fn refuses_with_go_words() {
        for text in ["", "-", "1_0", "0x1", " 1", "1.0", "1e2", "\u{661}"] {
            assert_eq!(
                parse_int(text, 32).map_err(|e| e.kind),
                Err(NumErrorKind::Syntax),
                "{text}"
            );
        }
        for text in ["2147483648", "-2147483649", "99999999999999999999999"] {
            assert_eq!(
                parse_int(text, 32).map_err(|e| e.kind),
                Err(NumErrorKind::Range),
                "{text}"
            );
        }
        let error = atoi("9223372036854775808").unwrap_err();
        assert_eq!(
            error.to_string(),
            "strconv.Atoi: parsing \"9223372036854775808\": value out of range"
        );
    }
}
