//! Amounts of CPU, memory and the like: `resource.Quantity`.
//!
//! Source: k8s.io/apimachinery 0.34, pkg/api/resource (quantity.go, amount.go, suffix.go, math.go).

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::quantity_text::{self, Parts};

/// Which family of suffixes a quantity is written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Powers of ten with an exponent: `12e6`.
    DecimalExponent,
    /// Powers of two: `12Mi`.
    BinarySi,
    /// Powers of ten with a letter: `12M`.
    DecimalSi,
}

/// Why a text is no quantity; the texts are those of the API machinery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantityError {
    /// It does not look like a number with a suffix.
    Format,
    /// There is no digit before a suffix that needs one.
    Numeric,
    /// The number is fine and the suffix is not known.
    Suffix,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => {
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            }
            Self::Numeric => "unable to parse numeric part of quantity",
            Self::Suffix => "unable to parse quantity's suffix",
        })
    }
}

impl std::error::Error for QuantityError {}

/// An exact decimal amount that remembers how it was written.
///
/// Two quantities are equal if they are the same amount, however written. Amounts of more than 36 digits lose the
/// lowest ones, which no real object has.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// The amount is `mantissa` times ten to the `scale`.
    pub(super) mantissa: i128,
    pub(super) scale: i32,
    pub(super) format: Format,
    /// The text as written, where upstream keeps it although it would write the amount differently itself.
    pub(super) text: Option<Box<str>>,
}

/// The largest amount that a binary quantity can hold.
const MAX_BINARY: i128 = i64::MAX as i128;
/// The smallest power of ten that is kept: nano.
const NANO: i32 = -9;
/// How many decimal digits are sure to fit an `int64`.
const INT64_DIGITS: i64 = 18;

impl Quantity {
    /// A whole amount, as `resource.NewQuantity`.
    #[must_use]
    pub const fn new(value: i64, format: Format) -> Self {
        Self {
            mantissa: value as i128,
            scale: 0,
            format,
            text: None,
        }
    }

    /// An amount in thousandths, as `resource.NewMilliQuantity`.
    #[must_use]
    pub const fn from_milli(value: i64, format: Format) -> Self {
        Self {
            mantissa: value as i128,
            scale: -3,
            format,
            text: None,
        }
    }

    /// Parses a quantity, as `resource.ParseQuantity`.
    ///
    /// Amounts finer than nano are rounded away from zero; binary amounts are capped at 2^63-1.
    ///
    /// # Errors
    /// [`QuantityError`] for a text that the API server refuses too. A sign or a suffix alone is 0, as upstream.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let parts = quantity_text::split(text)?;
        let (format, exponent) = quantity_text::suffix(parts.suffix)?;
        if let Some(fast) = Self::fast(text, &parts, format, exponent) {
            return Ok(fast);
        }
        if parts.without_digits {
            return Err(QuantityError::Numeric);
        }
        Ok(Self::exact(&parts, format, exponent))
    }

    /// Amounts that fit 64 bits, where upstream also keeps some texts as they are written.
    fn fast(text: &str, parts: &Parts<'_>, format: Format, exponent: i32) -> Option<Self> {
        let (integer, fraction) = (parts.integer.len() as i64, parts.fraction.len() as i64);
        let (scale, factor, precision) = match format {
            Format::BinarySi => {
                if fraction > 0 {
                    return None;
                }
                let lost = (exponent as f32 * 3.0 / 10.0) as i64;
                (0, 1i64 << exponent, 15 - integer - lost - 1)
            }
            _ => (exponent, 1, INT64_DIGITS - integer - fraction),
        };
        let scale = i32::try_from(i64::from(scale) - fraction).ok()?;
        if precision < 0 || scale < NANO {
            return None;
        }
        let value = parts.digits().try_fold(0i64, |sum, digit| {
            sum.checked_mul(10)?.checked_add(i64::from(digit))
        })?;
        let mantissa = value.checked_mul(factor)?;
        let keeps_text = match format {
            Format::BinarySi => value & 7 != 0,
            _ => scale % 3 == 0 && !parts.ends_in_000() && parts.digits().next() != Some(0),
        };
        Some(Self {
            mantissa: i128::from(if parts.negative { -mantissa } else { mantissa }),
            scale,
            format,
            text: (keeps_text || text == "0").then(|| text.into()),
        })
    }

    fn exact(parts: &Parts<'_>, format: Format, exponent: i32) -> Self {
        let (mut mantissa, mut scale) = (0i128, -(parts.fraction.len() as i64));
        let mut digits = 0;
        for digit in parts.digits() {
            // Digits that no 128 bits can hold are cut off; leading zeros do not count.
            if digits >= 36 {
                scale += 1;
                continue;
            }
            mantissa = mantissa * 10 + i128::from(digit);
            digits += i32::from(mantissa != 0);
        }
        match format {
            Format::BinarySi => {
                mantissa = mantissa.checked_mul(1i128 << exponent).unwrap_or(i128::MAX);
            }
            _ => scale += i64::from(exponent),
        }
        let mut scale = i32::try_from(scale).unwrap_or(if scale < 0 { i32::MIN } else { i32::MAX });
        // Upstream brings every amount to nano here, which shows in the last bits of its float.
        if mantissa != 0 {
            let finer = scale.saturating_sub(NANO);
            let nano = if finer < 0 {
                Some(divide_up(mantissa, finer.saturating_neg()))
            } else {
                multiply(mantissa, finer)
            };
            if let Some(nano) = nano {
                (mantissa, scale) = (nano, NANO);
            }
        }
        let mut amount = Self {
            mantissa,
            scale,
            format,
            text: None,
        };
        if format == Format::BinarySi {
            if amount > Self::new(i64::MAX, format) {
                (amount.mantissa, amount.scale) = (MAX_BINARY, 0);
            }
            if amount.mantissa > 0 && amount < Self::new(1, format) {
                amount.format = Format::DecimalSi;
            }
        }
        if parts.negative {
            amount.mantissa = -amount.mantissa;
        }
        amount
    }

    /// True if the amount is nothing.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.mantissa == 0
    }

    /// True if the amount is above zero.
    #[must_use]
    pub const fn is_positive(&self) -> bool {
        self.mantissa > 0
    }

    /// The whole amount, rounded up, as `Quantity.Value`; capped at the bounds of an `int64`, where upstream overflows.
    #[must_use]
    pub fn value(&self) -> i64 {
        self.scaled(0)
    }

    /// The amount in thousandths, rounded up, as `Quantity.MilliValue`; capped like [`Self::value`].
    #[must_use]
    pub fn milli_value(&self) -> i64 {
        self.scaled(-3)
    }

    /// The amount in floating point, as `Quantity.AsApproximateFloat64`: the digits times the power of ten, so that the
    /// last bits may be off as they are upstream.
    #[must_use]
    pub fn approximate(&self) -> f64 {
        let digits = self.mantissa as f64;
        if self.scale == 0 {
            return digits;
        }
        // Read, not multiplied, since upstream takes exact powers from a table.
        digits
            * format!("1e{}", self.scale)
                .parse::<f64>()
                .unwrap_or(f64::NAN)
    }

    fn scaled(&self, scale: i32) -> i64 {
        let exact = if self.scale >= scale {
            multiply(self.mantissa, self.scale.saturating_sub(scale))
        } else {
            Some(divide_up(self.mantissa, scale.saturating_sub(self.scale)))
        };
        let bound = if self.mantissa < 0 {
            i64::MIN
        } else {
            i64::MAX
        };
        exact
            .and_then(|value| i64::try_from(value).ok())
            .unwrap_or(bound)
    }

    /// The amount in canonical form: no fraction, the largest suffix that loses nothing.
    fn canonical(&self) -> String {
        if self.is_zero() {
            return "0".to_owned();
        }
        if self.format == Format::BinarySi
            && let Some(text) = self.canonical_binary()
        {
            return text;
        }
        let (mut mantissa, mut exponent) = (self.mantissa, self.scale);
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        let excess = exponent.rem_euclid(3);
        let mantissa = multiply(mantissa, excess).unwrap_or(mantissa);
        exponent -= excess;
        let suffix = match self.format {
            Format::DecimalExponent if exponent == 0 => String::new(),
            Format::DecimalExponent => format!("e{exponent}"),
            // Upstream drops a power that has no letter.
            _ => quantity_text::decimal_letter(exponent).to_owned(),
        };
        format!("{mantissa}{suffix}")
    }

    /// `None` where a binary suffix would lose precision or say less than a decimal one.
    fn canonical_binary(&self) -> Option<String> {
        let limit = Self::new(1024, Format::BinarySi);
        if *self < limit && *self > Self::new(-1024, Format::BinarySi) {
            return None;
        }
        let mut whole = if self.scale >= 0 {
            multiply(self.mantissa, self.scale)?
        } else {
            let whole = divide_up(self.mantissa, -self.scale);
            if multiply(whole, -self.scale) != Some(self.mantissa) {
                return None;
            }
            whole
        };
        let mut power = 0;
        while whole % 1024 == 0 {
            whole /= 1024;
            power += 1;
        }
        Some(format!("{whole}{}", quantity_text::binary_letters(power)))
    }
}

/// Times ten to the `power`, unless it overflows.
pub(super) fn multiply(value: i128, power: i32) -> Option<i128> {
    if value == 0 {
        return Some(0);
    }
    value.checked_mul(10i128.checked_pow(u32::try_from(power).ok()?)?)
}

/// Divided by ten to the `power`, rounded away from zero.
fn divide_up(value: i128, power: i32) -> i128 {
    match u32::try_from(power)
        .ok()
        .and_then(|p| 10i128.checked_pow(p))
    {
        Some(divisor) if value % divisor == 0 => value / divisor,
        Some(divisor) => value / divisor + value.signum(),
        None => value.signum(),
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        let common = self.scale.min(other.scale);
        let left = multiply(self.mantissa, self.scale.saturating_sub(common));
        let right = multiply(other.mantissa, other.scale.saturating_sub(common));
        match (left, right) {
            (Some(left), Some(right)) => left.cmp(&right),
            // Only the one that overflowed can be so large.
            (None, _) => self.mantissa.cmp(&0),
            (_, None) => 0.cmp(&other.mantissa),
        }
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Quantity {}

impl fmt::Display for Quantity {
    /// The text as `Quantity.String` gives it: canonical, except for some texts that upstream keeps as written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.write_str(text),
            None => f.write_str(&self.canonical()),
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    /// Takes a text or a number, as the API server.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Self::from_json(&value).map_err(serde::de::Error::custom)
    }
}

impl Quantity {
    /// Reads a JSON text or number, as `Quantity.UnmarshalJSON`.
    ///
    /// # Errors
    /// [`QuantityError`] if it is neither, or the text is no quantity.
    pub fn from_json(value: &serde_json::Value) -> Result<Self, QuantityError> {
        match value {
            serde_json::Value::String(text) => Self::parse(text.trim()),
            serde_json::Value::Number(number) => Self::parse(&number.to_string()),
            serde_json::Value::Null => Ok(Self::new(0, Format::DecimalSi)),
            _ => Err(QuantityError::Format),
        }
    }
}
