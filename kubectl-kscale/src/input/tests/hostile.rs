//! Inputs made to break a reader. Each must end, in little memory, with words.

use std::fmt::Write as _;
use std::io::Read as _;

use super::*;

fn refused(text: &str, message: &str) {
    let problem = problem(text);
    assert_eq!(problem.kind, ProblemKind::Limit);
    assert!(problem.message.contains(message), "{}", problem.message);
    assert!(problem.place.is_some() && problem.hint.is_some());
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for pair in ["ab", "bc", "cd", "de", "ef", "fg", "gh", "hi"] {
        let (from, to) = pair.split_at(1);
        let aliases = vec![format!("*{from}"); 9].join(",");
        writeln!(bomb, "{to}: &{to} [{aliases}]").unwrap();
    }
    refused(&bomb, "too many nodes through aliases");
}

#[test]
fn a_bomb_of_long_texts_is_refused() {
    let text = format!(
        "a: &a \"{}\"\nb: [{}]\n",
        "x".repeat(1 << 20),
        vec!["*a"; 2_000].join(",")
    );
    refused(&text, "too many nodes through aliases");
}

#[test]
fn many_small_bombs_share_one_budget() {
    let list = |item: &str, count| vec![item; count].join(",");
    let (pad, a, b, c) = (
        list("x", 4_000),
        list("x", 80),
        list("*a", 80),
        list("*b", 40),
    );
    let one = format!(
        "pad: [{pad}]
a: &a [{a}]
b: &b [{b}]
c: [{c}]
"
    );
    assert!(
        read(&one).problems.is_empty(),
        "one is what go-yaml accepts"
    );
    let loaded = read(vec![one; 5].join("---\n"));
    assert!(!loaded.problems.is_empty() && !loaded.documents.is_empty());
}

#[test]
fn ordinary_aliases_are_no_bomb() {
    let mut text = "base: &b {a: 1, b: [1, 2, 3]}\nlist:\n".to_owned();
    for _ in 0..2_000 {
        text.push_str("- {<<: *b, c: *b}\n");
    }
    assert!(read(text).problems.is_empty());
}

#[test]
fn deep_nesting_is_refused_in_every_style() {
    const DEPTH: usize = 10_000;
    // Quadratic in size, so less of it.
    let block = (0..2_000)
        .map(|level| format!("{}a:\n", " ".repeat(level)))
        .collect::<String>();
    for text in [
        block,
        "- ".repeat(DEPTH),
        "? ".repeat(DEPTH),
        "[".repeat(DEPTH),
        "{b: ".repeat(DEPTH),
        format!("a: {}{}", "[".repeat(DEPTH), "]".repeat(DEPTH)),
        format!("{{\"a\": {}{}}}", "[".repeat(DEPTH), "]".repeat(DEPTH)),
        format!(
            "{{\"a\": {}1{}}}",
            "{\"a\": ".repeat(DEPTH),
            "}".repeat(DEPTH)
        ),
    ] {
        let problem = problem(&text);
        assert!(problem.place.is_some(), "{}", problem.message);
        // Depth in a key is refused for the key first.
        assert!(
            problem.message.contains("nests deeper than 1000 levels")
                || problem.message.contains("mapping key"),
            "{}",
            problem.message
        );
    }
}

#[test]
fn depth_through_aliases_counts() {
    let level = |name: &str, below: &str| {
        format!(
            "{name}: &{name} {}{below}{}\n",
            "[".repeat(400),
            "]".repeat(400)
        )
    };
    let text = format!(
        "{}{}{}",
        level("a", "x"),
        level("b", "*a"),
        level("c", "*b")
    );
    refused(&text, "nests deeper than 1000 levels");
}

#[test]
fn a_deep_document_below_the_limit_is_read_and_dropped() {
    let text = format!("a: {}{}\n", "[".repeat(990), "]".repeat(990));
    assert_eq!(read(text).documents.len(), 1);
}

#[test]
fn ten_megabytes_are_read() {
    let head =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: y}\ndata:\n  key: |\n";
    let lines = 100;
    let one = format!(
        "{head}{}---\n",
        format!("    {}\n", "text ".repeat(20)).repeat(lines)
    );
    let count = 10 * 1024 * 1024 / one.len() + 1;
    let loaded = read(one.repeat(count));
    assert_eq!((loaded.documents.len(), loaded.problems.len()), (count, 0));
    let last = loaded.documents[count - 1].places.value_at("/data/key");
    assert_eq!(
        line_and_column(last).0 as usize,
        (count - 1) * (lines + 6) + 6
    );
}

#[test]
fn an_endless_stream_is_cut() {
    let mut endless = std::io::repeat(b'#');
    let loaded = load_with(&[InputArg::Stdin], &Options::default(), &mut endless);
    assert_eq!(
        shown(&loaded.problems),
        ["<stdin>: larger than 64 MiB, the most a source may have"]
    );
}

#[test]
fn thousands_of_duplicates_give_few_notices() {
    let loaded = read("a: 1\n".repeat(50_000));
    assert_eq!(loaded.notices.len(), 20);
    assert!(
        loaded.notices[19]
            .message
            .ends_with("(more of the same may follow)")
    );
}

#[test]
fn what_would_be_quadratic_is_not() {
    // With a search from the start for every line, each of these would take minutes.
    let size = 50_000;
    for text in [
        "? a\n".repeat(size),
        format!("a: 1\n{}", "\t".repeat(size)),
        format!("a: '\n{}'", "\ty\n".repeat(size)),
        format!("kind: List\nitems:\n{}", "- a: 1\n".repeat(size)),
        "---\n".repeat(size),
        "\n".repeat(size),
    ] {
        let _ = read(text);
    }
}

#[test]
fn a_failing_stream_is_a_problem() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let mut broken = "a: 1\n".as_bytes().chain(Broken);
    let loaded = load_with(&[InputArg::Stdin], &Options::default(), &mut broken);
    assert_eq!(
        shown(&loaded.problems),
        ["<stdin>: cannot be read: the disk is gone"]
    );
}
