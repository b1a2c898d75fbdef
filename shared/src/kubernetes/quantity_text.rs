//! How a quantity is written: sign, digits, suffix.
//!
//! Source: k8s.io/apimachinery 0.34, pkg/api/resource (quantity.go, suffix.go).

use super::quantity::{Format, QuantityError};
use crate::go;

/// The parts of a quantity's text.
pub(super) struct Parts<'a> {
    pub(super) negative: bool,
    /// No digit at all, not even a zero; counts as 0 for some suffixes.
    pub(super) without_digits: bool,
    /// Digits before the point, without leading zeros; `0` if none are left.
    pub(super) integer: &'a str,
    /// Digits after the point.
    pub(super) fraction: &'a str,
    pub(super) suffix: &'a str,
}

impl Parts<'_> {
    /// All digits as numbers from 0 to 9.
    pub(super) fn digits(&self) -> impl Iterator<Item = u8> + '_ {
        self.integer
            .bytes()
            .chain(self.fraction.bytes())
            .map(|digit| digit - b'0')
    }

    pub(super) fn ends_in_000(&self) -> bool {
        let zeros = |text: &str| text.bytes().rev().take_while(|b| *b == b'0').count();
        let tail = zeros(self.fraction);
        tail >= 3 || (tail == self.fraction.len() && tail + zeros(self.integer) >= 3)
    }
}

/// Splits a text into its parts.
pub(super) fn split(text: &str) -> Result<Parts<'_>, QuantityError> {
    if text.is_empty() {
        return Err(QuantityError::Format);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (integer, rest) = split_digits(unsigned);
    let before_point = integer;
    let integer = match integer.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(tail) => split_digits(tail),
        None => ("", rest),
    };
    let tail = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
    let exponent = tail.strip_prefix(['+', '-']).unwrap_or(tail);
    if !exponent.bytes().all(|b| b.is_ascii_digit()) {
        return Err(QuantityError::Format);
    }
    Ok(Parts {
        negative: text.starts_with('-'),
        without_digits: before_point.is_empty() && fraction.is_empty(),
        integer,
        fraction,
        suffix,
    })
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len()),
    )
}

/// The format of a suffix, and its exponent to base ten or, for the binary ones, base two.
pub(super) fn suffix(text: &str) -> Result<(Format, i32), QuantityError> {
    let known = match text {
        "" => (Format::DecimalSi, 0),
        "n" => (Format::DecimalSi, -9),
        "u" => (Format::DecimalSi, -6),
        "m" => (Format::DecimalSi, -3),
        "k" => (Format::DecimalSi, 3),
        "M" => (Format::DecimalSi, 6),
        "G" => (Format::DecimalSi, 9),
        "T" => (Format::DecimalSi, 12),
        "P" => (Format::DecimalSi, 15),
        "E" => (Format::DecimalSi, 18),
        "Ki" => (Format::BinarySi, 10),
        "Mi" => (Format::BinarySi, 20),
        "Gi" => (Format::BinarySi, 30),
        "Ti" => (Format::BinarySi, 40),
        "Pi" => (Format::BinarySi, 50),
        "Ei" => (Format::BinarySi, 60),
        other => {
            let digits = other
                .strip_prefix(['e', 'E'])
                .filter(|d| !d.is_empty())
                .ok_or(QuantityError::Suffix)?;
            let exponent = go::parse_int(digits, 64).map_err(|_| QuantityError::Suffix)?;
            // Upstream cuts the exponent to 32 bits as well.
            (Format::DecimalExponent, exponent as i32)
        }
    };
    Ok(known)
}

/// The letter of a power of ten, empty for none and for powers that have no letter.
pub(super) fn decimal_letter(exponent: i32) -> &'static str {
    match exponent {
        -9 => "n",
        -6 => "u",
        -3 => "m",
        3 => "k",
        6 => "M",
        9 => "G",
        12 => "T",
        15 => "P",
        18 => "E",
        _ => "",
    }
}

/// The letters of a power of 1024, empty for none and for powers that have no letters.
pub(super) fn binary_letters(power: u32) -> &'static str {
    ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
        .get(power as usize)
        .copied()
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use crate::kubernetes::quantity::{Quantity, QuantityError};

    #[test]
    fn writes_the_canonical_form() {
        let cases = [
            ("1.5", "1500m"),
            ("1.5Gi", "1536Mi"),
            ("0.05", "50m"),
            ("1024Mi", "1Gi"),
            ("1000m", "1"),
            ("1000", "1k"),
            ("100Mi", "100Mi"),
            ("0.5Ki", "512"),
            ("1e3", "1e3"),
            ("12e6", "12e6"),
            ("1E", "1E"),
            ("0.1n", "1n"),
            ("0.0001", "100u"),
            ("-1.5", "-1500m"),
            ("0", "0"),
            ("00", "0"),
            ("0Mi", "0"),
            ("m", "0"),
            ("-", "0"),
            ("1.", "1."),
            ("2048Ki", "2Mi"),
            ("+12Mi", "+12Mi"),
            ("1.500", "1.500"),
            ("0.9Ki", "921600m"),
            ("1000E", "1"),
            ("1.5e3", "1500"),
            ("9223372036854775807Ei", "9223372036854775807"),
            ("1e100", "10e99"),
            ("500m", "500m"),
            ("1100Mi", "1100Mi"),
            ("1.3Gi", "1395864371200m"),
        ];
        for (text, want) in cases {
            assert_eq!(
                Quantity::parse(text).map(|q| q.to_string()),
                Ok(want.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for text in ["", "..", "1.2.3", "abc", "1 Gi", "50%", "1e1.5"] {
            assert_eq!(Quantity::parse(text), Err(QuantityError::Format), "{text}");
        }
        for text in ["Pi", "e-12", "-.Ei"] {
            assert_eq!(Quantity::parse(text), Err(QuantityError::Numeric), "{text}");
        }
        for text in ["1e", "1GiB", "1gi", "1Ee3", "1Kim"] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn compares_amounts() {
        let q = |text: &str| Quantity::parse(text).unwrap();
        assert_eq!(q("1Ki"), q("1024"));
        assert!(q("1Gi") > q("1G"));
        assert!(q("1e100") > q("1Ei"));
        assert!(q("-1") < q("1m"));
        assert_eq!(q("25m").milli_value(), 25);
        assert_eq!(q("0.1m").milli_value(), 1);
        assert_eq!(q("1.1").value(), 2);
    }
}
