//! What holds for every rule.

use std::collections::BTreeSet;

use super::*;

#[test]
fn codes_and_slugs_are_unique_and_in_order() {
    let codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
    let slugs: BTreeSet<&str> = RULES.iter().map(|rule| rule.slug).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    assert_eq!(slugs.len(), RULES.len(), "two rules have one slug");
    for rule in RULES {
        let (letters, digits) = rule.code.split_at(2);
        assert_eq!(letters, "KS", "{}", rule.code);
        assert!(
            digits.len() == 3 && digits.parse::<u16>().is_ok(),
            "{}",
            rule.code
        );
        assert!(!RETIRED.contains(&rule.code), "{} is retired", rule.code);
        let of_a_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(rule.slug.chars().all(of_a_slug), "{}", rule.slug);
        assert!(
            !rule.summary.ends_with('.') && !rule.summary.is_empty(),
            "{}",
            rule.code
        );
    }
}

#[test]
fn every_page_has_all_headings_in_order() {
    for rule in RULES {
        let page = rule.page();
        let found: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix("## "))
            .collect();
        assert_eq!(found, HEADINGS, "{}", rule.code);
        for heading in HEADINGS {
            assert!(
                !rule.section(heading).is_empty(),
                "{}: {heading} is empty",
                rule.code
            );
        }
        for heading in ["Example", "Use instead"] {
            assert!(
                rule.section(heading).contains("```yaml\n"),
                "{}: {heading} has no YAML",
                rule.code
            );
        }
    }
}

#[test]
fn rules_are_found_by_code_and_slug() {
    assert_eq!(find("ks401").map(|rule| rule.code), Some("KS401"));
    assert_eq!(
        find("resources-beside-the-model").map(|rule| rule.code),
        Some("KS401")
    );
    assert!(find("KS999").is_none());
}
