//! Where text goes: colours or not, how wide, and through one write.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use crate::cli::Color;
use crate::input::visible;

/// Without a terminal and without COLUMNS.
const USUAL_WIDTH: usize = 80;
/// Below this nothing can be laid out; above the other, lines are too long to read.
const WIDTHS: std::ops::RangeInclusive<usize> = 20..=120;

/// The two streams of this process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    color: Color,
}

impl Screen {
    /// With the answer to `--color`.
    pub(crate) fn new(color: Color) -> Self {
        Self { color }
    }

    /// The columns there are: COLUMNS where it is set, as for `ls` and `git`, else what the terminal says.
    pub(crate) fn width(self) -> usize {
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|text| text.parse().ok())
            .filter(|&columns: &usize| columns > 0);
        let terminal = || {
            let stdout = io::stdout();
            let (width, _) = terminal_size::terminal_size_of(&stdout)?;
            stdout.is_terminal().then_some(usize::from(width.0))
        };
        let width = columns.or_else(terminal).unwrap_or(USUAL_WIDTH);
        width.clamp(*WIDTHS.start(), *WIDTHS.end())
    }

    /// Writes all of `text`, with or without its colours.
    pub(crate) fn print(self, text: &str) -> io::Result<()> {
        let stdout = io::stdout();
        let choice = self.choice(AutoStream::choice(&stdout));
        let mut stream = AutoStream::new(stdout.lock(), choice);
        stream.write_all(text.as_bytes())?;
        stream.flush()
    }

    /// Writes all of `text` as it is: a program reads it, and every byte counts.
    pub(crate) fn pass(self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// Whether people look at standard output.
    pub(crate) fn is_terminal(self) -> bool {
        io::stdout().is_terminal() || self.color == Color::Always
    }

    /// The same to standard error. If nobody listens there, nobody can be told.
    pub(crate) fn tell(self, text: &str) {
        let stderr = io::stderr();
        let choice = self.choice(AutoStream::choice(&stderr));
        let mut stream = AutoStream::new(stderr.lock(), choice);
        let _ = stream.write_all(text.as_bytes());
        let _ = stream.flush();
    }

    /// Shows one line on standard error, in the place of the one before; nothing where nobody looks there. An empty text
    /// takes it away.
    pub(crate) fn progress(self, text: &str) {
        let mut stderr = io::stderr();
        if !stderr.is_terminal() {
            return;
        }
        let shown: String = visible(text)
            .chars()
            .take(self.width().saturating_sub(1))
            .collect();
        let _ = write!(stderr, "\r\u{1b}[2K{shown}");
        let _ = stderr.flush();
    }

    /// The text as it goes to a file: without colours, unless they are wanted everywhere.
    pub(crate) fn plain(self, text: &str) -> Cow<'_, str> {
        match self.color {
            Color::Always => Cow::Borrowed(text),
            Color::Auto | Color::Never => {
                Cow::Owned(anstream::adapter::strip_str(text).to_string())
            }
        }
    }

    fn choice(self, automatic: ColorChoice) -> ColorChoice {
        match self.color {
            Color::Auto => automatic,
            Color::Always => ColorChoice::AlwaysAnsi,
            Color::Never => ColorChoice::Never,
        }
    }
}
