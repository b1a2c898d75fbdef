//! Hexadecimal floats: `0x1.8p3`, part of what `strconv.ParseFloat` takes.

/// Parses what follows `0x`: hexadecimal digits, an optional point, and the mandatory binary exponent.
///
/// Rounds to the nearest float, ties to even; too large a value is infinite. `None` if the syntax is wrong.
pub(super) fn parse(body: &str) -> Option<f64> {
    let (mantissa, exponent) = body.split_once(['p', 'P'])?;
    let (mut bits, mut scale, mut sticky) = (0u64, 0i64, false);
    let (mut digits, mut seen_point) = (0usize, false);
    for byte in mantissa.bytes() {
        if byte == b'.' {
            if seen_point {
                return None;
            }
            seen_point = true;
            continue;
        }
        let digit = u64::from(char::from(byte).to_digit(16)?);
        digits += 1;
        if bits >> 60 == 0 {
            bits = bits << 4 | digit;
            scale -= if seen_point { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            scale += if seen_point { 0 } else { 4 };
        }
    }
    if digits == 0 {
        return None;
    }
    Some(assemble(
        bits,
        scale.saturating_add(binary_exponent(exponent)?),
        sticky,
    ))
}

fn binary_exponent(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0i64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        // Far beyond any float already: more digits only need to be digits.
        if value < 100_000 {
            value = value * 10 + i64::from(digit - b'0');
        }
    }
    Some(if negative { -value } else { value })
}

/// The float nearest to `bits` times 2 to the `scale`; `sticky` says that non-zero digits were cut off.
fn assemble(bits: u64, scale: i64, sticky: bool) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let shift = bits.leading_zeros();
    let bits = bits << shift;
    // The value is 1.xxx times 2 to the `exponent`.
    let exponent = scale - i64::from(shift) + 63;
    if exponent > 1023 {
        return f64::INFINITY;
    }
    // Subnormals keep fewer than 53 bits.
    let kept = if exponent >= -1022 {
        53
    } else {
        53 + (exponent + 1022)
    };
    if kept < 0 {
        return 0.0;
    }
    let drop = 64 - kept;
    let (whole, rest, half) = if drop >= 64 {
        (0, bits, 1u64 << 63)
    } else {
        (
            bits >> drop,
            bits & ((1u64 << drop) - 1),
            1u64 << (drop - 1),
        )
    };
    let up = rest > half || (rest == half && (sticky || whole & 1 == 1));
    let mantissa = whole + u64::from(up);
    if exponent >= -1022 {
        let biased = u64::try_from(exponent + 1023).unwrap_or(0);
        // Adding, not or-ing, lets a mantissa that rounds up to 2.0 carry into the exponent, up to infinity.
        return f64::from_bits((biased << 52) + (mantissa - (1 << 52)));
    }
    f64::from_bits(mantissa)
}
