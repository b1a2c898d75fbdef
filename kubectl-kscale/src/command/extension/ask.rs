//! Asking before a change.

use std::io::{self, BufRead, IsTerminal};

use tokio::sync::oneshot;

use crate::error::Error;
use crate::render::Screen;

/// Whether the user says yes to `question`. Without a terminal there is nobody to ask, and that is an error.
pub(in crate::command) async fn confirmed(screen: Screen, question: &str) -> Result<bool, Error> {
    if !io::stdin().is_terminal() {
        return Err(
            Error::usage("nothing was changed: there is no terminal to ask on").hint(
                "give --yes to go ahead without a question, or --dry-run=server to only try it",
            ),
        );
    }
    screen.tell(&format!("{question} [y/N] "));
    let answer = aside(|| {
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    let answer = answer.await??;
    if answer.is_empty() {
        // The end of the input leaves the question without a line break.
        screen.tell("\n");
    }
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// What `work` gives, on a thread of its own: whatever it waits for, Ctrl-C is heard.
pub(in crate::command) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        // Nobody may be there any more to hear of it.
        let _ = sender.send(work());
    });
    receiver.await.map_err(|_| Error::interrupted())
}
