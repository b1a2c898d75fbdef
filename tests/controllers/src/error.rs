//! What went wrong with the controllers themselves.

use std::fmt;

/// What went wrong, in words.
#[derive(Clone, Debug)]
pub struct Error(pub(crate) String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<kscale_control_plane::Error> for Error {
    fn from(error: kscale_control_plane::Error) -> Self {
        Self(error.to_string())
    }
}
