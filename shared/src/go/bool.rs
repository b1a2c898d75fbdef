//! Booleans: `strconv.ParseBool`.

use super::integer::{NumError, NumErrorKind};

/// Parses one of the twelve words that `strconv.ParseBool` knows.
///
/// # Errors
/// Any other text, `tRUE` and `yes` among them, is a syntax error.
pub fn parse_bool(text: &str) -> Result<bool, NumError> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(NumError::new("ParseBool", text, NumErrorKind::Syntax)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_twelve_words_only() {
        assert_eq!(parse_bool("T"), Ok(true));
        assert_eq!(parse_bool("False"), Ok(false));
        let error = parse_bool("maybe").unwrap_err();
        assert_eq!(
            error.to_string(),
            "strconv.ParseBool: parsing \"maybe\": invalid syntax"
        );
        assert!(parse_bool("tRUE").is_err());
        assert!(parse_bool("").is_err());
    }
}
