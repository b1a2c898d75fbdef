//! The releases of Knative Serving whose manifest is known here, and the digest of the image of each.

use kscale_rules::facts::KnativeVersion;

use super::version;

/// `VERSION SHA256`, a line each, oldest first. Source: `serving-hpa.yaml` of each release of knative/serving.
const DIGESTS: &str = include_str!("digests.txt");

/// All of them, oldest first.
pub(crate) fn releases() -> impl DoubleEndedIterator<Item = (KnativeVersion, &'static str)> {
    DIGESTS.lines().filter_map(|line| {
        let (number, digest) = line.split_once(' ')?;
        Some((version::release(number).ok()?, digest))
    })
}

/// The digest of the image of a release, as hexadecimal SHA-256; none for a release that is not known here.
pub(crate) fn digest(release: KnativeVersion) -> Option<&'static str> {
    let mut all = releases();
    let (_, digest) = all.find(|(known, _)| *known == release)?;
    Some(digest)
}
