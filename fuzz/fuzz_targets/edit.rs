//! Random manifests and patches against the editor; the same cases and checks as the property test of `edit`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(what) = kubectl_kscale::edit::fuzzing::run(bytes) {
        panic!("{what}");
    }
});
