//! Images from a registry of one's own.

/// A prefix for images, as `--image-registry` takes it: `registry.example.com/mirror`.
///
/// # Errors
/// It is none.
pub(crate) fn prefix(text: &str) -> Result<String, String> {
    let prefix = text.trim_end_matches('/');
    if prefix.contains("://") {
        return Err("an image has no scheme: leave out what ends in ://".to_owned());
    }
    if prefix.contains('@') {
        return Err(
            "give the registry and path alone: the digest of the release is kept".to_owned(),
        );
    }
    let usual = |c: char| c.is_ascii_alphanumeric() || "._-:/[]".contains(c);
    if prefix.is_empty() || prefix.starts_with('/') || !prefix.chars().all(usual) {
        return Err("write it like registry.example.com/mirror".to_owned());
    }
    Ok(prefix.to_owned())
}

/// `image` below another prefix: its last name and its digest or tag stay.
pub(crate) fn replace(image: &str, prefix: &str) -> String {
    let (path, _) = image.split_once('@').unwrap_or((image, ""));
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    format!("{prefix}/{}", &image[name..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_digest_are_kept() {
        for (image, expected) in [
            (
                "gcr.io/a/b/autoscaler-hpa@sha256:00ff",
                "reg:5000/m/autoscaler-hpa@sha256:00ff",
            ),
            ("autoscaler-hpa:v1", "reg:5000/m/autoscaler-hpa:v1"),
            (
                "host:1/autoscaler-hpa:v1@sha256:00ff",
                "reg:5000/m/autoscaler-hpa:v1@sha256:00ff",
            ),
        ] {
            assert_eq!(replace(image, "reg:5000/m"), expected);
        }
    }

    #[test]
    fn a_prefix_is_registry_and_path() {
        assert_eq!(
            prefix("reg.example:5000/m/"),
            Ok("reg.example:5000/m".to_owned())
        );
        for wrong in ["", "/", "https://reg/m", "reg/a@sha256:00", "reg /m", "/m"] {
            assert!(prefix(wrong).is_err(), "{wrong}");
        }
    }
}
