//! What Go's standard library makes of text.
//!
//! Every controller predicted here is written in Go, so which values are accepted, and with which words one is
//! refused, is decided by `strconv`, `time` and `fmt`. Rust's own parsers differ in small ways (underscores, hexadecimal
//! floats, a leading `+`, `+nan`), and each difference would be a wrong prediction.

mod bool;
mod crc32;
mod duration;
mod float;
mod hex_float;
mod integer;
mod md5;
mod quote;

pub use self::bool::parse_bool;
pub use self::crc32::crc32_hex;
pub use self::duration::{Duration, DurationError, parse_duration};
pub use self::float::{
    fixed_float, float_to_i32, float_to_i64, format_float, json_number, max, min, parse_float,
};
pub use self::integer::{NumError, NumErrorKind, atoi, parse_int};
pub use self::md5::md5_hex;
pub use self::quote::quote;

/// Cuts the white space off both ends, as `strings.TrimSpace` does (Unicode's `White_Space` property).
#[must_use]
pub fn trim_space(text: &str) -> &str {
    text.trim()
}
