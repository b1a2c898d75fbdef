//! Comments that suppress findings: `# kscale: ignore[KS101] the reason`.

use kscale_rules::explain::Finding;
use kscale_rules::rules::{KS901, KS902, KS903, find};

use super::policy::is_in;
use crate::input::{Place, Source};

/// What every comment for kscale begins with, behind its `#` and blanks.
const MARK: &str = "kscale:";

/// A comment for kscale.
#[derive(Debug)]
pub(super) struct Comment {
    /// From its `#` to the end of the line.
    place: Place,
    /// The line it covers.
    covers: u32,
    /// The codes it suppresses there; none where it is not understood.
    ignored: Vec<Ignored>,
    /// What it says that is not understood, and where.
    unknown: Vec<(Place, String)>,
    reason: String,
}

#[derive(Debug)]
struct Ignored {
    code: &'static str,
    place: Place,
    used: bool,
}

/// The comments for kscale in a source. `is_text` tells whether a byte belongs to a key or a value, where `#` begins no
/// comment.
pub(super) fn read(source: &Source, is_text: impl Fn(usize) -> bool) -> Vec<Comment> {
    let text = source.text();
    let mut comments = Vec::new();
    for (at, _) in text.match_indices(MARK) {
        let before = text[..at].trim_end_matches([' ', '\t']);
        let Some(hash) = before.strip_suffix('#').map(str::len) else {
            continue;
        };
        // YAML 1.1 §6.6: a comment needs white space before it.
        let starts = text[..hash].ends_with([' ', '\t', '\n', '\r']) || hash == 0;
        if starts && !is_text(hash) {
            comments.push(comment(source, hash, at + MARK.len()));
        }
    }
    comments
}

fn comment(source: &Source, hash: usize, from: usize) -> Comment {
    let text = source.text();
    let end = text[from..]
        .find(['\n', '\r'])
        .map_or(text.len(), |length| from + length);
    let end = from + text[from..end].trim_end().len();
    let place = source.place(hash, end);
    let mut comment = Comment {
        place,
        covers: covered(source, place),
        ignored: Vec::new(),
        unknown: Vec::new(),
        reason: String::new(),
    };
    comment.parse(source, from, end);
    comment
}

/// Its own line where something stands before it, else the next that is neither blank nor a comment, nor begins a document.
fn covered(source: &Source, place: Place) -> u32 {
    let text = source.text();
    let line_start = text[..place.start]
        .rfind(['\n', '\r'])
        .map_or(0, |at| at + 1);
    if !text[line_start..place.start].trim().is_empty() {
        return place.line;
    }
    let mut line = place.line;
    let below = text[place.end..].split_inclusive('\n').skip(1);
    for content in below.map(str::trim) {
        line += 1;
        let is_passed = content.is_empty() || content.starts_with('#') || content == "---";
        if !is_passed {
            return line;
        }
    }
    place.line
}

impl Comment {
    /// `ignore[KS101, KS102] reason`
    fn parse(&mut self, source: &Source, from: usize, end: usize) {
        let all = &source.text()[from..end];
        let inside = all.trim_start().strip_prefix("ignore").map(str::trim_start);
        let inside = inside.and_then(|rest| rest.strip_prefix('['));
        let Some((codes, reason)) = inside.and_then(|rest| rest.split_once(']')) else {
            let what = "this comment is not understood, and suppresses nothing".to_owned();
            self.unknown.push((self.place, what));
            return;
        };
        let separators = [':', '-', '–', '—'];
        self.reason = reason
            .trim()
            .trim_start_matches(separators)
            .trim()
            .to_owned();
        let mut at = end - reason.len() - 1 - codes.len();
        for name in codes.split(',') {
            let start = at + (name.len() - name.trim_start().len());
            let place = source.place(start, start + name.trim().len());
            at += name.len() + 1;
            match find(name.trim()) {
                Some(rule) => self.ignored.push(Ignored {
                    code: rule.code,
                    place,
                    used: false,
                }),
                None if name.trim().is_empty() => {
                    let what = "a rule is missing here".to_owned();
                    self.unknown.push((self.place, what));
                }
                None => self
                    .unknown
                    .push((place, format!("no rule is called {}", name.trim()))),
            }
        }
    }

    /// The reason, where it suppresses this finding.
    pub(super) fn suppresses(&mut self, finding: &Finding) -> Option<&str> {
        if finding.line != Some(self.covers) {
            return None;
        }
        let ignored = self
            .ignored
            .iter_mut()
            .find(|one| one.code == finding.code)?;
        ignored.used = true;
        Some(&self.reason)
    }

    /// Where it begins.
    pub(super) fn start(&self) -> usize {
        self.place.start
    }

    /// What is wrong with the comment itself. Whether it is used can be told only where `all_was_read`.
    pub(super) fn findings(&self, counts: &[bool], all_was_read: bool) -> Vec<(Place, Finding)> {
        let mut found = Vec::new();
        for (place, what) in &self.unknown {
            let help =
                "write `# kscale: ignore[CODE] reason`, with codes from `kubectl kscale rules`";
            found.push((*place, KS902.finding(what, help)));
        }
        if self.reason.is_empty() && !self.ignored.is_empty() {
            let what = "this suppression gives no reason";
            found.push((
                self.place,
                KS901.finding(what, "write the reason behind the bracket"),
            ));
        }
        for ignored in self.ignored.iter().filter(|one| all_was_read && !one.used) {
            if is_in(counts, ignored.code) {
                // No line number: the sentence stays the same when the file above it grows.
                let what = format!(
                    "{} finds nothing on the line that this comment covers",
                    ignored.code
                );
                let help = format!("remove {} here, or the comment", ignored.code);
                found.push((ignored.place, KS903.finding(what, help)));
            }
        }
        found.retain(|(_, finding)| is_in(counts, &finding.code));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Comment {
        let mut comments = read(&Source::new("x", text), |_| false);
        assert_eq!(comments.len(), 1, "{text}");
        comments.remove(0)
    }

    fn codes(comment: &Comment) -> Vec<&str> {
        comment.ignored.iter().map(|one| one.code).collect()
    }

    #[test]
    fn codes_names_and_reason_are_read() {
        let comment = one("a: 1 # kscale: ignore[KS101, resources-beside-the-model]: we know\n");
        assert_eq!(codes(&comment), ["KS101", "KS401"]);
        assert_eq!((comment.reason.as_str(), comment.covers), ("we know", 1));
        assert_eq!(
            (
                comment.ignored[1].place.line,
                comment.ignored[1].place.column
            ),
            (1, 30)
        );
        let tight = one("a: 1 #kscale:ignore[ks101]x\n");
        assert_eq!((codes(&tight), tight.reason.as_str()), (vec!["KS101"], "x"));
    }

    #[test]
    fn a_comment_alone_covers_the_next_line_that_is_none() {
        assert_eq!(
            one("# kscale: ignore[KS101] x\n\n# more\r\n  a: 1\n").covers,
            4
        );
        assert_eq!(one("# kscale: ignore[KS101] x\n---\na: 1\n").covers, 3);
        assert_eq!(one("a: 1\n  # kscale: ignore[KS101] x\n").covers, 2);
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for (text, said) in [
            (
                "# kscale: ignroe[KS101] x",
                "this comment is not understood, and suppresses nothing",
            ),
            (
                "# kscale: ignore KS101",
                "this comment is not understood, and suppresses nothing",
            ),
            ("# kscale: ignore[] x", "a rule is missing here"),
            ("# kscale: ignore[KS999] x", "no rule is called KS999"),
        ] {
            let comment = one(text);
            let said_here: Vec<_> = comment
                .unknown
                .iter()
                .map(|(_, what)| what.as_str())
                .collect();
            assert_eq!(said_here, [said], "{text}");
        }
    }

    #[test]
    fn only_a_comment_is_one() {
        let none = |text: &str| {
            assert!(
                read(&Source::new("x", text), |_| false).is_empty(),
                "{text}"
            );
        };
        none("a: kscale: b");
        none("a: b#kscale: ignore[KS101] x");
        let source = Source::new("x", "a: ' # kscale: ignore[KS101] x'");
        assert!(read(&source, |_| true).is_empty());
    }
}
