//! `kubectl kscale`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kubectl_kscale::run(std::env::args_os())
}
