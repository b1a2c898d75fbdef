//! The command line, types only.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Builds, tests, generates and measures kscale.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One subcommand, one file beside this one.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run every check and every test; the last line is their sum.
    Test(TestArgs),
    /// Write the generated files: the CLI reference, the JSON Schemas and the rules' pages.
    Docs(DocsArgs),
    /// Print the folder of a kube-apiserver and an etcd for tests; where there are none, make them.
    ControlPlane,
    /// Measure time and memory against named limits. Figures never fail it.
    Bench(BenchArgs),
}

/// Flags of `cargo xtask test`.
#[derive(Args)]
pub(crate) struct TestArgs {
    /// Write the generated files instead of failing where they are out of date.
    #[arg(long)]
    pub(crate) fix_generated: bool,
}

/// Flags of `cargo xtask docs`.
#[derive(Args)]
pub(crate) struct DocsArgs {
    /// Write nothing; fail where a generated file is out of date.
    #[arg(long)]
    pub(crate) check: bool,
}

/// Arguments of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct BenchArgs {
    /// What to measure; everything without it.
    pub(crate) what: Option<Bench>,
}

/// What can be measured by itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// `lint` of ten thousand files.
    Lint,
    /// `explain` and `list` of a real API server with ten thousand InferenceServices.
    Cluster,
}
