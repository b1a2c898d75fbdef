//! What `cargo xtask test` does, in order.

use crate::cli::{DocsArgs, TestArgs};
use crate::docs;
use crate::failure::Failure;
use crate::program::{cargo, line, output_of, run, works};
use std::path::Path;
use std::process::Command;

/// A check: it passes, or it ends the run.
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) run: fn(&TestArgs) -> Result<(), Failure>,
}

/// A run of tests, whose results are counted.
pub(super) struct Suite {
    pub(super) name: &'static str,
    pub(super) command: Command,
}

/// The targets that the prediction must compile for: the admission policy's and the browser page's.
const WASM: [&str; 2] = ["wasm32-wasip1", "wasm32-unknown-unknown"];

/// Cheap ones first, so that a slip shows within seconds.
pub(super) fn checks() -> [Check; 7] {
    let check = |name, run| Check { name, run };
    [
        check("toolchain: rustfmt, clippy and the WASM targets", |_| {
            toolchain()
        }),
        check("format", |_| format()),
        check("clippy, warnings denied", |_| clippy()),
        check("kscale-rules for WASM", |_| wasm()),
        check("rustdoc, warnings denied", |_| rustdoc()),
        check("generated files", generated),
        check("dependencies: bans, licences, sources", |_| deny()),
    ]
}

/// `--no-fail-fast`: a sum over half of the tests would be no sum.
pub(super) fn suites() -> [Suite; 2] {
    let mut all = cargo();
    all.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    let mut golden = cargo();
    golden
        .args(["test", "--release", "--locked", "-p", "kscale-tests"])
        .args(["--test", "golden", "--test", "explanation"])
        .args([
            "--test",
            "simulation",
            "--test",
            "switch",
            "--test",
            "switch_knative",
        ])
        .arg("--no-fail-fast")
        .args(["--", "--nocapture"])
        // Thousands of cases want optimised code, not the last percent of it: link-time optimisation would cost more
        // than it saves. Nothing is lost to sharing: a test's dependencies unwind, the released plugin's abort.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    // A test run compares snapshots; `cargo insta` or INSTA_UPDATE is for writing them.
    if std::env::var_os("INSTA_UPDATE").is_none() {
        all.env("INSTA_UPDATE", "no");
        golden.env("INSTA_UPDATE", "no");
    }
    [
        Suite {
            name: "tests",
            command: all,
        },
        Suite {
            name: "golden corpus",
            command: golden,
        },
    ]
}

/// rust-toolchain.toml names these too, but rustup reads it only where it may install by itself.
fn toolchain() -> Result<(), Failure> {
    let mut missing = Vec::new();
    for component in ["fmt", "clippy"] {
        if !works(cargo().args([component, "--version"])) {
            missing.push([
                "component",
                if component == "fmt" {
                    "rustfmt"
                } else {
                    component
                },
            ]);
        }
    }
    for target in WASM {
        if !target_installed(target)? {
            missing.push(["target", target]);
        }
    }
    missing.into_iter().try_for_each(add)
}

fn add([what, name]: [&str; 2]) -> Result<(), Failure> {
    if !works(Command::new("rustup").arg("--version")) {
        return Err(Failure::new(
            format!("the Rust {what} `{name}` is missing, and there is no rustup to add it"),
            format!(
                "install rustup (https://rustup.rs), or the {what} by the means your Rust came by"
            ),
        ));
    }
    println!("rustup {what} add {name}");
    run(
        Command::new("rustup").args([what, "add", name]),
        "rustup says why above; it needs the network once",
    )
}

/// Asks rustc, not rustup: it knows for any installation.
fn target_installed(target: &str) -> Result<bool, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let printed = output_of(
        Command::new(rustc).args(["--print", "target-libdir", "--target", target]),
        "install Rust with rustup: https://rustup.rs",
    )?;
    Ok(Path::new(String::from_utf8_lossy(&printed).trim()).is_dir())
}

fn format() -> Result<(), Failure> {
    run(
        cargo().args(["fmt", "--all", "--check"]),
        "run `cargo fmt --all`",
    )
}

fn clippy() -> Result<(), Failure> {
    run(
        cargo()
            .args(["clippy", "--workspace", "--all-targets", "--locked"])
            .args(["--", "-D", "warnings"]),
        "mend what clippy says above; shared/clippy.toml gives the reason for what is banned in the prediction",
    )
}

/// Half of the purity of kscale-rules; shared/clippy.toml is the other. No feature is left out: the hosts use them all.
fn wasm() -> Result<(), Failure> {
    let mut build = cargo();
    build.args(["build", "--locked", "-p", "kscale-rules", "--all-features"]);
    for target in WASM {
        build.args(["--target", target]);
    }
    run(
        &mut build,
        "kscale-rules must compile for the policy and the page: no I/O, clock, threads or C in it",
    )
}

fn rustdoc() -> Result<(), Failure> {
    run(
        cargo()
            .args(["doc", "--workspace", "--no-deps", "--locked"])
            .env("RUSTDOCFLAGS", "-D warnings"),
        "mend the doc comments named above",
    )
}

fn generated(args: &TestArgs) -> Result<(), Failure> {
    docs::run(&DocsArgs {
        check: !args.fix_generated,
    })
}

/// No advisories here: they change without the code changing, and a test command must not.
fn deny() -> Result<(), Failure> {
    if !works(cargo().args(["deny", "--version"])) {
        println!("skipped: cargo-deny is not installed (`cargo install cargo-deny --locked`)");
        return Ok(());
    }
    let mut check = cargo();
    check.args(["deny", "--locked", "check", "bans", "licenses", "sources"]);
    let to_do = format!(
        "`{}` says why above; the rules stand in deny.toml",
        line(&check)
    );
    run(&mut check, &to_do)
}
