//! The house rules that a machine can check. Where one fails, change the code, or the rule in CONTRIBUTING.md and here.

mod dependencies;
mod files;
