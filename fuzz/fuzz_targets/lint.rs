//! Random manifests through `lint --fix`; the same cases and checks as the property test beside them.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(what) = kubectl_kscale::lint_fuzzing::run(bytes) {
        panic!("{what}");
    }
});
