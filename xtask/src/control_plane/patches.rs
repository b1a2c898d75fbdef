//! What sources of 2021 need under a Go of 1.18 or 1.19, and nothing else.

use super::cannot;
use crate::failure::Failure;
use std::path::Path;

struct Patch {
    file: &'static str,
    old: &'static str,
    new: &'static str,
}

/// `DeepEqual` of a zero value holds for every empty string there, and with it each in a custom resource would be refused.
const NIL: [&str; 2] = [
    "reflect.DeepEqual(reflect.Zero(reflect.TypeOf(data)), reflect.ValueOf(data))",
    "data == nil",
];

const REFLECT: &str = "vendor/github.com/modern-go/reflect2/unsafe_link.go";

const PATCHES: [Patch; 4] = [
    Patch {
        file: "vendor/github.com/go-openapi/validate/type.go",
        old: NIL[0],
        new: NIL[1],
    },
    Patch {
        file: "vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go",
        old: NIL[0],
        new: NIL[1],
    },
    // The runtime no longer makes the iterator of a map, but fills one that its caller brings, and has all of its fields.
    // Without this, the server dies of the first custom resource.
    Patch {
        file: REFLECT,
        old: "//go:linkname mapiterinit reflect.mapiterinit\n\
              func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) *hiter\n",
        new: "//go:linkname fillhiter reflect.mapiterinit\n\
              func fillhiter(rtype unsafe.Pointer, m unsafe.Pointer, it *hiter)\n\n\
              func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) *hiter {\n\
              \tit := new(hiter)\n\
              \tfillhiter(rtype, m, it)\n\
              \treturn it\n\
              }\n",
    },
    Patch {
        file: REFLECT,
        old: "\t// rest fields are ignored\n",
        new: "\tpointers [6]unsafe.Pointer\n\twords [4]uintptr\n",
    },
];

/// Applies them to sources that were just unpacked.
pub(super) fn apply(source: &Path) -> Result<(), Failure> {
    PATCHES.iter().try_for_each(|patch| {
        let file = source.join(patch.file);
        let text = std::fs::read_to_string(&file);
        let text = text.map_err(|error| cannot("read", &file, &error))?;
        let patched = patched(&text, patch).ok_or_else(|| {
            Failure::new(
                format!(
                    "{} is not what it was when its patch was written",
                    patch.file
                ),
                "see xtask/src/control_plane/patches.rs",
            )
        })?;
        std::fs::write(&file, patched).map_err(|error| cannot("write", &file, &error))
    })
}

fn patched(text: &str, patch: &Patch) -> Option<String> {
    text.contains(patch.old)
        .then(|| text.replace(patch.old, patch.new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_has_changed_is_not_passed_over() {
        let patch = &PATCHES[3];
        let text = "type hiter struct {\n\t// rest fields are ignored\n}\n";
        let done = patched(text, patch).unwrap();
        assert_eq!(
            done,
            "type hiter struct {\n\tpointers [6]unsafe.Pointer\n\twords [4]uintptr\n}\n"
        );
        assert_eq!(patched(&done, patch), None);
    }
}
