//! What a YAML scalar means to Kubernetes.
//!
//! The rules are those of go-yaml v2 (`resolve.go`), which `sigs.k8s.io/yaml` reads manifests with, decoding into
//! `interface{}`; then those of `encoding/json`, since the value goes on as JSON. Both were compared case by case with
//! the Go code (the tables in the tests are its answers).

use std::borrow::Cow;

use serde_json::Value;

/// The tag written before a scalar, as far as it matters (`resolvableTag`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    None,
    Str,
    Bool,
    Int,
    Float,
    Null,
    Timestamp,
    Binary,
    Merge,
    /// Any other, `!` included: the scalar stays the string it is.
    Other,
}

impl Tag {
    /// From the tag in full.
    pub(super) fn parse(full: &str) -> Self {
        match full.strip_prefix("tag:yaml.org,2002:") {
            Some("str") => Self::Str,
            Some("bool") => Self::Bool,
            Some("int") => Self::Int,
            Some("float") => Self::Float,
            Some("null") => Self::Null,
            Some("timestamp") => Self::Timestamp,
            Some("binary") => Self::Binary,
            Some("merge") => Self::Merge,
            _ => Self::Other,
        }
    }

    fn short(self) -> &'static str {
        match self {
            Self::Bool => "!!bool",
            Self::Int => "!!int",
            Self::Float => "!!float",
            Self::Null => "!!null",
            Self::Timestamp => "!!timestamp",
            Self::Binary => "!!binary",
            Self::Merge => "!!merge",
            Self::None | Self::Str | Self::Other => "!!str",
        }
    }
}

/// A scalar after resolution, before it becomes JSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    /// Above `i64::MAX`.
    Uint(u64),
    Float(f64),
    Text(String),
}

impl Scalar {
    fn tag(&self) -> Tag {
        match self {
            Self::Null => Tag::Null,
            Self::Bool(_) => Tag::Bool,
            Self::Int(_) | Self::Uint(_) => Tag::Int,
            Self::Float(_) => Tag::Float,
            Self::Text(_) => Tag::Str,
        }
    }

    /// The JSON value the API server gets to see; none for what JSON cannot hold.
    pub(super) fn into_value(self) -> Option<Value> {
        Some(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::from(value),
            #[allow(
                clippy::cast_precision_loss,
                reason = "apimachinery holds int64 or float64, nothing between"
            )]
            Self::Uint(value) => Value::from(value as f64),
            Self::Float(value) => return number(value),
            Self::Text(value) => Value::String(value),
        })
    }

    /// The mapping key this makes (`convertToJSONableObject` in sigs.k8s.io/yaml `yaml.go`); none for what cannot be one.
    pub(super) fn into_key(self) -> Option<String> {
        Some(match self {
            Self::Text(key) => key,
            Self::Bool(key) => key.to_string(),
            Self::Int(key) => key.to_string(),
            Self::Float(key) => float_key(key),
            Self::Null | Self::Uint(_) => return None,
        })
    }
}

/// A float as Kubernetes holds it. `encoding/json` writes `1.0` as `1`, so a whole number that fits is an integer by
/// the time the API server parses it (`apimachinery/pkg/util/json`: int64 where possible, else float64). None for NaN
/// and the infinities, which `encoding/json` refuses.
pub(super) fn number(value: f64) -> Option<Value> {
    // From here on `encoding/json` writes an exponent.
    if value.fract() == 0.0 && value.abs() < 1e21 {
        // The digits decide, not the value: the shortest that read back as the same float, filled up with zeros.
        if let Ok(integer) = value.to_string().parse::<i64>() {
            return Some(Value::from(integer));
        }
    }
    serde_json::Number::from_f64(value).map(Value::Number)
}

/// Resolves a scalar (`resolve` and `decoder.prepare`). `plain` is whether it stands without quotes and is no block
/// scalar. The error says what is wrong with it, for people.
pub(super) fn resolve(text: Cow<'_, str>, plain: bool, tag: Tag) -> Result<Scalar, String> {
    match tag {
        Tag::None if !plain => return Ok(Scalar::Text(text.into_owned())),
        Tag::Str | Tag::Other | Tag::Merge => return Ok(Scalar::Text(text.into_owned())),
        Tag::Binary => return binary(&text),
        _ => {}
    }
    let found = guess(&text);
    match (tag, found) {
        (Tag::None, found) => Ok(found.unwrap_or_else(|| Scalar::Text(text.into_owned()))),
        (Tag::Timestamp, None) if looks_like_date(&text) => Ok(Scalar::Text(text.into_owned())),
        #[allow(clippy::cast_precision_loss, reason = "what Go's conversion does")]
        (Tag::Float, Some(Scalar::Int(value))) => Ok(Scalar::Float(value as f64)),
        (tag, Some(found))
            if found.tag() == tag && !matches!((tag, &found), (Tag::Float, Scalar::Uint(_))) =>
        {
            Ok(found)
        }
        (tag, found) => Err(format!(
            "`{text}` is tagged {} but reads as {}",
            tag.short(),
            found.map_or("!!str", |found| found.tag().short())
        )),
    }
}

/// What an untagged plain scalar is, if not a string (`resolveTable`, `resolveMap`).
fn guess(text: &str) -> Option<Scalar> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Scalar::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Some(Scalar::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Some(Scalar::Bool(false));
        }
        ".nan" | ".NaN" | ".NAN" => return Some(Scalar::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Some(Scalar::Float(f64::INFINITY));
        }
        "-.inf" | "-.Inf" | "-.INF" => return Some(Scalar::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    match text.as_bytes().first()? {
        b'.' => float(text),
        b'+' | b'-' | b'0'..=b'9' => {
            let digits: Cow<'_, str> = if text.contains('_') {
                Cow::Owned(text.replace('_', ""))
            } else {
                Cow::Borrowed(text)
            };
            integer(&digits).or_else(|| float(&digits))
        }
        _ => None,
    }
}

/// `strconv.ParseInt(s, 0, 64)`, then `ParseUint`: base from the prefix, where a leading zero alone means octal.
fn integer(text: &str) -> Option<Scalar> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("+", &text[1..]),
        _ => ("", text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // Rust would take a second sign here.
    if !digits.bytes().next()?.is_ascii_alphanumeric() {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, base).ok()?;
    if sign == "-" {
        return 0_i64.checked_sub_unsigned(magnitude).map(Scalar::Int);
    }
    match i64::try_from(magnitude) {
        Ok(value) => Some(Scalar::Int(value)),
        // ParseUint takes no sign.
        Err(_) if sign.is_empty() => Some(Scalar::Uint(magnitude)),
        Err(_) => None,
    }
}

/// A decimal float: a digit on at least one side of the point, an optional exponent, and within the range of a float64
/// (`yamlStyleFloat`). Hexadecimal floats are none.
fn float(text: &str) -> Option<Scalar> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let whole = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((integer, fraction)) => digits(integer) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    let scaled = exponent
        .is_none_or(|exponent| digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)));
    if !whole || !scaled {
        return None;
    }
    // Out of range is an error to ParseFloat, and so the text stays a string.
    text.parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
        .map(Scalar::Float)
}

/// The quick check of `parseTimestamp`; the rest of the date is not looked at, since a timestamp stays a string.
fn looks_like_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 5 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-'
}

/// A float as a key: `strconv.FormatFloat(key, 'g', -1, 32)` with YAML's words for what is no number.
fn float_key(key: f64) -> String {
    if key.is_nan() {
        return ".nan".into();
    }
    if key.is_infinite() {
        return if key > 0.0 { ".inf" } else { "-.inf" }.into();
    }
    #[allow(clippy::cast_possible_truncation, reason = "upstream prints 32 bits")]
    let single = key as f32;
    let scientific = format!("{single:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let power: i32 = exponent.parse().unwrap_or(0);
    // Go's 'g' turns to an exponent below 1e-4 and, when it prints the shortest form, from 1e6 on.
    if (-4..6).contains(&power) {
        return format!("{single}");
    }
    let sign = if power < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", power.abs())
}

/// `!!binary`: decoded, then held as text, where JSON writes U+FFFD for what is no UTF-8.
fn binary(text: &str) -> Result<Scalar, String> {
    decode_base64(text)
        .map(|bytes| Scalar::Text(String::from_utf8_lossy(&bytes).into_owned()))
        .ok_or_else(|| "a !!binary value holds invalid base64".to_owned())
}

/// `base64.StdEncoding`: padded, line breaks skipped.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let symbols: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    if !symbols.len().is_multiple_of(4) {
        return None;
    }
    let data = symbols.len()
        - symbols
            .iter()
            .rev()
            .take(2)
            .take_while(|&&byte| byte == b'=')
            .count();
    let mut bytes = Vec::with_capacity(data * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for &symbol in &symbols[..data] {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Some(bytes)
}
