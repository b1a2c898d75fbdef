//! Manifests as Kubernetes reads them.
//!
//! [`load`] takes what the user named (files, folders, `-`, addresses) and gives the objects in it, each with the place of
//! every value, beside everything that could not be read. One broken document never hides another.
//!
//! The order of things is kubectl's, and so are the rules: bytes → text (`decode`) → documents cut at `---` lines
//! (`split`) → JSON or YAML (`json`, `yaml`; scalars by go-yaml v2 in `scalar`) → objects, lists taken apart
//! (`list`). What a hostile input may cost is in `limits`.
//!
//! ```
//! use kubectl_kscale::input::{InputArg, Options, load_with};
//!
//! let mut manifest = "kind: Service\nspec:\n  paused: on\n".as_bytes();
//! let loaded = load_with(&[InputArg::Stdin], &Options::default(), &mut manifest);
//! let document = &loaded.documents[0];
//! assert_eq!(document.value["spec"]["paused"], true);
//! assert_eq!(document.origin.to_string(), "<stdin>#1");
//! let place = document.places.value_at("/spec/paused").unwrap();
//! assert_eq!((place.line, place.column), (3, 11));
//! ```

mod decode;
mod document;
mod folder;
mod json;
mod limits;
mod list;
mod load;
mod merge;
mod old_scanner;
mod places;
mod problem;
mod read;
mod relax;
mod scalar;
mod source;
mod split;
mod syntax;
mod tabs;
mod tree;
mod visible;
mod web;
mod yaml;

pub use document::{Document, Origin};
pub(crate) use load::{Given, load_each};
pub use load::{InputArg, Loaded, Options, load, load_with};
pub use places::Places;
pub use problem::{Notice, NoticeKind, Problem, ProblemKind};
pub use source::{Place, Source};
pub use visible::visible;

#[cfg(test)]
mod tests;
