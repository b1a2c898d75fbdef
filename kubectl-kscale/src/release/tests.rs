mod accept;
mod running;

use kscale_rules::go::md5_hex;
use serde_json::json;

use super::*;

/// `VERSION MD5`: of both objects as the release has them, in one array, as JSON without blanks and with sorted keys.
const RELEASED: &str = include_str!("tests/objects.md5");

fn at(text: &str) -> KnativeVersion {
    parse_release(text).unwrap()
}

#[test]
fn the_catalogue_is_whole() {
    let all: Vec<_> = releases().collect();
    assert_eq!(all.len(), 101);
    assert!(all.is_sorted_by(|a, b| a.0 < b.0));
    assert_eq!((all[0].0, all[100].0), (at("1.0.0"), at("1.23.0")));
    for (release, digest) in all {
        let hexadecimal = digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(digest.len() == 64 && hexadecimal, "{release}");
        assert!(release.is_supported() && least_kubernetes(release).is_some());
    }
}

#[test]
fn the_objects_of_every_release_are_those_that_were_released() {
    let made = releases().map(|(release, _)| {
        let manifest = Manifest::of(release).unwrap();
        let text = json!(manifest.objects()).to_string();
        format!("{release} {}\n", md5_hex(text.as_bytes()))
    });
    assert_eq!(made.collect::<String>(), RELEASED);
}

#[test]
fn what_is_carried_would_be_accepted_from_the_network() {
    for (release, _) in releases() {
        let manifest = Manifest::of(release).unwrap();
        let expected = Expected {
            release: Some(release),
            namespace: NAMESPACE,
            published: true,
            origin: &manifest.origin,
        };
        assert_eq!(accept(&manifest.objects(), expected), Ok(manifest.clone()));
    }
}

#[test]
fn a_release_that_is_not_known_has_no_manifest() {
    assert_eq!(Manifest::of(at("1.24.0")), None);
    assert_eq!(Manifest::of(at("1.12.5")), None);
}

#[test]
fn namespace_and_registry_change_nothing_else() {
    let manifest = Manifest::of(at("1.12.4")).unwrap();
    let changed = manifest
        .clone()
        .in_namespace("knative")
        .with_registry("reg/m");
    let image = "reg/m/autoscaler-hpa@sha256:f5d84faf112df9a63c5339a2843f6fcce6044c71541e9e1989e922885e927922";
    assert_eq!(changed.image(), image);
    let mut expected = manifest;
    expected.deployment["metadata"]["namespace"] = json!("knative");
    expected.service["metadata"]["namespace"] = json!("knative");
    expected.deployment["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image);
    assert_eq!(changed, expected);
}

#[test]
fn releases_are_published_under_their_tags() {
    let of = |text| address("https://host/download/", at(text));
    assert_eq!(
        of("1.24.0"),
        "https://host/download/knative-v1.24.0/serving-hpa.yaml"
    );
    assert_eq!(
        of("0.26.0"),
        "https://host/download/v0.26.0/serving-hpa.yaml"
    );
}
