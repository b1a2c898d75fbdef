//! Scalars, tags and keys; the expectations are the answers of go-yaml v2 and `encoding/json`.

use super::*;

/// `a: TEXT` → the JSON of `a`.
fn scalars(table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(
            value(&format!("a: {text}\n")),
            format!("{{\"a\":{expected}}}"),
            "{text}"
        );
    }
}

#[test]
fn yes_on_and_single_letters_are_booleans() {
    for text in [
        "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON",
    ] {
        scalars(&[(text, "true")]);
    }
    for text in [
        "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF",
    ] {
        scalars(&[(text, "false")]);
    }
    scalars(&[
        ("yEs", "\"yEs\""),
        ("'yes'", "\"yes\""),
        ("\"on\"", "\"on\""),
        ("|-\n  yes", "\"yes\""),
    ]);
}

#[test]
fn null_has_five_spellings() {
    scalars(&[
        ("", "null"),
        ("~", "null"),
        ("null", "null"),
        ("Null", "null"),
        ("NULL", "null"),
    ]);
    scalars(&[("nUll", "\"nUll\""), ("'~'", "\"~\""), ("\"\"", "\"\"")]);
}

#[test]
fn integers_have_a_base_and_underscores() {
    scalars(&[
        ("0777", "511"),
        ("0o17", "15"),
        ("0b11", "3"),
        ("-0b11", "-3"),
        ("0x1F", "31"),
        ("0x_1f", "31"),
        ("1_000", "1000"),
        ("1__0", "10"),
        ("+12", "12"),
        ("-0", "0"),
        // No octal digit, so a float, and that is whole.
        ("08", "8"),
        ("0_8", "8"),
        ("0x", "\"0x\""),
        ("0b", "\"0b\""),
        ("1,000", "\"1,000\""),
        ("1:30", "\"1:30\""),
        ("190:20:30", "\"190:20:30\""),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
    ]);
}

#[test]
fn integers_past_64_bits_are_floats_to_kubernetes() {
    for text in [
        "18446744073709551615",
        "18446744073709551616",
        "0xffffffffffffffff",
    ] {
        scalars(&[(text, "1.8446744073709552e+19")]);
    }
    scalars(&[("-9223372036854775809", "-9.223372036854776e+18")]);
}

#[test]
fn whole_floats_are_integers_to_kubernetes() {
    scalars(&[
        ("1.0", "1"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("-0.0", "0"),
        (".5", "0.5"),
        ("+.5", "0.5"),
        (".1e5", "10000"),
        ("1.5_0", "1.5"),
        ("1e-7", "1e-7"),
        ("1e18", "1000000000000000000"),
        ("1e20", "1e+20"),
        ("1e21", "1e+21"),
    ]);
}

#[test]
fn what_only_looks_like_a_float_stays_a_string() {
    for text in [".", "._5", ".e3", "1.5.2", "0x1p3", "1e400", "-.inf_"] {
        scalars(&[(text, &format!("\"{text}\""))]);
    }
}

#[test]
fn timestamps_stay_strings() {
    for text in [
        "2001-01-01",
        "2001-02-30",
        "2001-01-01T00:00:00Z",
        "2001-1-1 x",
    ] {
        scalars(&[(text, &format!("\"{text}\""))]);
    }
}

#[test]
fn nan_and_infinity_are_refused() {
    for text in [".nan", ".NaN", ".inf", "+.Inf", "-.INF"] {
        let problem = problem(format!("a: {text}\n"));
        assert_eq!(
            problem.to_string(),
            "<stdin>:1:4: JSON, and so Kubernetes, has no NaN and no infinity"
        );
        assert_eq!(problem.kind, ProblemKind::Value);
    }
}

#[test]
fn tags_decide() {
    scalars(&[
        ("!!str 3", "\"3\""),
        ("!!str", "\"\""),
        ("!!str yes", "\"yes\""),
        ("!!int \"3\"", "3"),
        ("!!float 3", "3"),
        ("!!float 1_0", "10"),
        ("!!bool yes", "true"),
        ("!!null ''", "null"),
        ("!!timestamp 2001-01-01", "\"2001-01-01\""),
        ("!!binary aGVsbG8=", "\"hello\""),
        ("!!binary /w==", "\"\u{fffd}\""),
        ("! 12", "\"12\""),
        ("!foo 3", "\"3\""),
        ("!<tag:yaml.org,2002:str> 1", "\"1\""),
        ("!!set {b, c}", "{\"b\":null,\"c\":null}"),
    ]);
    for (text, message) in [
        ("!!float x", "`x` is tagged !!float but reads as !!str"),
        ("!!int ''", "`` is tagged !!int but reads as !!null"),
        ("!!null x", "`x` is tagged !!null but reads as !!str"),
        (
            "!!timestamp x",
            "`x` is tagged !!timestamp but reads as !!str",
        ),
        ("!!binary '%%'", "a !!binary value holds invalid base64"),
    ] {
        assert_eq!(problem(format!("a: {text}\n")).message, message);
    }
}

#[test]
fn keys_become_strings() {
    for (key, expected) in [
        ("1", "1"),
        ("0x10", "16"),
        ("y", "true"),
        ("off", "false"),
        ("1.5", "1.5"),
        ("1.0", "1"),
        ("1e30", "1e+30"),
        ("1e6", "1e+06"),
        ("123456789.5", "1.2345679e+08"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2001-01-01", "2001-01-01"),
        ("!!binary aGk=", "hi"),
        ("\"\"", ""),
        ("'no'", "no"),
    ] {
        assert_eq!(
            value(&format!("{key}: x\n")),
            format!("{{\"{expected}\":\"x\"}}")
        );
    }
}

#[test]
fn keys_that_json_cannot_have_are_refused() {
    for (text, message) in [
        ("~: a", "null cannot be a mapping key"),
        (
            "18446744073709551615: a",
            "a number this large cannot be a mapping key",
        ),
        (
            "? [a]\n: b",
            "a mapping or a sequence cannot be a mapping key",
        ),
        (
            "{{ .Values.x }}: a",
            "a mapping or a sequence cannot be a mapping key",
        ),
    ] {
        assert_eq!(problem(text).message, message);
    }
}

#[test]
fn strings_keep_their_lines_and_escapes() {
    scalars(&[
        ("\"\\x41\\u00e9\\U0001F600\\n\"", "\"Aé😀\\n\""),
        ("'it''s'", "\"it's\""),
        (">-\n  x\n  y\n\n  z", "\"x y\\nz\""),
        ("|+\n  x\n", "\"x\\n\\n\""),
        ("|2-\n   x", "\" x\""),
        ("x:y", "\"x:y\""),
        ("b#c", "\"b#c\""),
        ("#b", "null"),
        ("<<", "\"<<\""),
    ]);
}
