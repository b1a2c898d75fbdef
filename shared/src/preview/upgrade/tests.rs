use super::*;
use crate::facts::{Fact, Facts};

fn facts(minor: u16, patch: u16) -> Facts {
    let version = KnativeVersion::new(1, minor, patch);
    Facts::shipped().with_knative(Fact::known(version, "a test"))
}

fn causes(from: (u16, u16), to: (u16, u16), kubernetes: Option<u16>) -> Vec<String> {
    let step = KubernetesStep {
        from: None,
        to: kubernetes.map(|minor| Kubernetes { major: 1, minor }),
    };
    let notes = notes(&facts(from.0, from.1), &facts(to.0, to.1), &step);
    notes.into_iter().map(|note| note.cause).collect()
}

#[test]
fn versions_are_read_as_clusters_and_people_write_them() {
    for text in ["1.36", "v1.36.2", "1.36.2-gke.100", "v1.36.1+k3s1", "1.36+"] {
        let version = Kubernetes::parse(text);
        assert_eq!(
            version,
            Ok(Kubernetes {
                major: 1,
                minor: 36
            }),
            "{text}"
        );
    }
    for text in ["", "1", "latest", "1.x"] {
        assert!(Kubernetes::parse(text).is_err(), "{text}");
    }
}

#[test]
fn knative_goes_one_minor_release_at_a_time() {
    assert_eq!(causes((20, 0), (21, 3), None), ["queue-proxy"]);
    assert_eq!(causes((20, 0), (20, 0), None), [""; 0]);
    assert_eq!(
        causes((20, 0), (22, 0), None),
        ["knative-minors", "queue-proxy"]
    );
    assert_eq!(
        causes((22, 0), (20, 0), None),
        ["knative-minors", "queue-proxy", "downgrade"]
    );
    let notes = notes(&facts(19, 0), &facts(22, 0), &KubernetesStep::default());
    assert_eq!(notes[0].help, "go by 1.20, 1.21");
}

#[test]
fn the_operator_refuses_where_it_is() {
    let mut operated = facts(20, 0);
    operated.knative_operated = true;
    let notes = notes(&operated, &facts(22, 0), &KubernetesStep::default());
    assert!(notes[0].breaks);
}

#[test]
fn knative_needs_a_kubernetes_that_is_new_enough() {
    assert_eq!(causes((23, 0), (23, 0), Some(33)), ["kubernetes-too-old"]);
    assert_eq!(causes((23, 0), (23, 0), Some(34)), [""; 0]);
}

/// knative/serving #13519: 1.8.1 still had an HPA of v2beta2 among its manifests.
#[test]
fn apis_that_are_gone_are_told_of_the_knative_that_needs_them() {
    assert_eq!(causes((7, 4), (7, 4), Some(25)), [""; 0]);
    assert_eq!(causes((7, 4), (7, 4), Some(26)), ["hpa-api-removed"]);
    assert_eq!(causes((8, 1), (8, 1), Some(26)), ["manifest-api-removed"]);
    assert_eq!(causes((8, 3), (8, 3), Some(26)), [""; 0]);
    assert_eq!(
        causes((0, 0), (0, 0), Some(25)),
        ["hpa-api-removed", "manifest-api-removed"]
    );
}

#[test]
fn without_knative_nothing_is_said_of_it() {
    let mut before = facts(7, 0);
    before.knative_installed = Fact::known(false, "a test");
    let mut after = facts(23, 0);
    after.knative_installed = Fact::known(false, "a test");
    let to = KubernetesStep {
        from: None,
        to: Some(Kubernetes {
            major: 1,
            minor: 26,
        }),
    };
    assert_eq!(notes(&before, &after, &to), []);
}
