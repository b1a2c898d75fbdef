//! A version of Knative to the last letter: which of its files is meant hangs on it.

use std::fmt;

use kscale_rules::facts::KnativeVersion;

/// What names a version, on a label, in a status or on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// A release, such as `1.12.4` or `v1.12.4`.
    Release(KnativeVersion),
    /// A build of somebody's own that follows a release, such as `v0.22.1-gke.6`.
    Vendor(KnativeVersion, String),
    /// Nothing that leads to a release: `devel`, `latest`, a nightly build.
    Other(String),
}

impl Named {
    /// Reads it.
    pub(crate) fn read(text: &str) -> Self {
        let text = text.trim();
        let bare = text.strip_prefix("knative-").unwrap_or(text);
        let bare = bare.strip_prefix('v').unwrap_or(bare);
        let core = bare.split(['-', '+']).next().unwrap_or(bare);
        match exact(core) {
            Some(release) if core == bare => Self::Release(release),
            Some(release) => Self::Vendor(release, bare.to_owned()),
            None => Self::Other(text.to_owned()),
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Release(release) => release.fmt(f),
            Self::Vendor(_, text) | Self::Other(text) => f.write_str(text),
        }
    }
}

/// Three numbers, as releases write them.
fn exact(text: &str) -> Option<KnativeVersion> {
    let parts: Vec<&str> = text.split('.').collect();
    let [major, minor, patch] = parts.as_slice() else {
        return None;
    };
    let number = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let usual = text == "0" || !text.starts_with('0');
        text.parse().ok().filter(|_| plain && usual)
    };
    Some(KnativeVersion::new(
        number(major)?,
        number(minor)?,
        number(patch)?,
    ))
}

/// A release for `--version`.
///
/// # Errors
/// It is none, or none that Knative released under that number.
pub(crate) fn release(text: &str) -> Result<KnativeVersion, String> {
    let Named::Release(release) = Named::read(text) else {
        return Err("a release has three numbers, such as 1.12.4".to_owned());
    };
    let KnativeVersion {
        major,
        minor,
        patch,
    } = release;
    if major == 0 && minor >= 27 {
        let meant = KnativeVersion::new(1, minor - 27, patch);
        return Err(format!(
            "that is the number of a Go module; the release of it is {meant}"
        ));
    }
    Ok(release)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_labels_say_is_told_apart() {
        let shown = |text: &str| match Named::read(text) {
            Named::Release(release) => format!("release {release}"),
            Named::Vendor(release, text) => format!("vendor {release} {text}"),
            Named::Other(text) => format!("other {text}"),
        };
        let texts = [
            "1.12.4",
            "v1.12.4",
            "knative-v1.12.4",
            " 1.12.4 ",
            "v0.22.1-gke.6",
            "1.12.4+corp",
            "devel",
            "latest",
            "v20260101-abcdef",
            "1.12",
            "1.12.x",
            "1.+12.4",
            "1.012.4",
            "1.2.3.4",
            "",
        ];
        insta::assert_snapshot!(texts.map(shown).join("\n"), @"
        release 1.12.4
        release 1.12.4
        release 1.12.4
        release 1.12.4
        vendor 0.22.1 0.22.1-gke.6
        vendor 1.12.4 1.12.4+corp
        other devel
        other latest
        other v20260101-abcdef
        other 1.12
        other 1.12.x
        other 1.+12.4
        other 1.012.4
        other 1.2.3.4
        other
        ");
    }

    #[test]
    fn numbers_of_go_modules_lead_to_the_release() {
        assert_eq!(release("1.12.4"), Ok(KnativeVersion::new(1, 12, 4)));
        assert_eq!(release("v0.26.0"), Ok(KnativeVersion::new(0, 26, 0)));
        assert!(release("v0.39.4").unwrap_err().ends_with(" 1.12.4"));
        assert!(release("1.12").is_err() && release("1.12.4-gke.1").is_err());
    }
}
