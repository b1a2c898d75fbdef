//! Findings in files: which rules count where, what comments suppress, what is fixed.
//!
//! `policy` and `config` say which rules count; `judge` runs them on all cores; `place` finds their lines;
//! `suppress` reads the comments. What comes out is a [`Report`], and each format of it is a file in `render`.

mod config;
mod fix;
mod judge;
mod place;
mod policy;
mod report;
mod suppress;

pub(crate) use config::{Config, find as find_config};
pub(crate) use fix::pass as fix;
pub(crate) use judge::{Question, judge};
pub(crate) use place::locate;
pub(crate) use policy::Policy;
pub(crate) use report::{Item, Located, Report};
