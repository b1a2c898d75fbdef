//! What older releases do otherwise.

use super::*;

fn old(class: &str, release: Release) -> Value {
    let word = if release < Release::new(0, 16, 0) {
        "RawDeployment"
    } else {
        "Standard"
    };
    with(of_class(class), "/metadata/annotations", MODE, json!(word))
}

/// kserve/kserve 0.12.1, 0.13.1, 0.15.0 and 0.15.1, `hpa_reconciler.go`.
#[test]
fn external_meets_a_user_s_hpa_otherwise_in_each_release() {
    for (minor, patch, writes) in [
        (12, 1, ""),
        (14, 0, "delete hpa/m"),
        (15, 0, "delete hpa/m"),
        (15, 1, "update hpa/m"),
    ] {
        let release = Release::new(0, minor, patch);
        let mut cluster = Cluster::of(release).with_hpa("m-predictor", &json!({}));
        let all = cluster.apply(&old("external", release));
        let of_hpa = all.strip_prefix("create Deployment/m").unwrap();
        assert_eq!(of_hpa.trim_start_matches(", "), writes, "{release}");
    }
}

/// kserve/kserve 0.11.2, `semanticHPAEquals` compares metrics and bounds only; 0.12.1 the whole `spec`.
#[test]
fn an_hpa_was_once_left_alone_while_it_fits() {
    let release = Release::new(0, 11, 2);
    let mut cluster = Cluster::of(release);
    cluster.apply(&old("hpa", release));
    assert_eq!(cluster.apply(&old("hpa", release)), "");
    let more = with(
        old("hpa", release),
        "/spec/predictor",
        "maxReplicas",
        json!(6),
    );
    assert_eq!(cluster.apply(&more), "update hpa/m");
    let release = Release::new(0, 12, 1);
    let mut cluster = Cluster::of(release);
    cluster.apply(&old("hpa", release));
    assert_eq!(cluster.apply(&old("hpa", release)), "update hpa/m");
}

#[test]
fn stop_did_nothing_in_standard_mode_before_0_16() {
    for (release, writes) in [
        (Release::new(0, 15, 2), "patch Deployment/m, update hpa/m"),
        (Release::new(0, 16, 0), "delete Deployment/m, update hpa/m"),
    ] {
        let mut cluster = Cluster::of(release);
        cluster.apply(&old("hpa", release));
        let stopped = with(
            old("hpa", release),
            "/metadata/annotations",
            STOP,
            json!("true"),
        );
        assert_eq!(cluster.apply(&stopped), writes, "{release}");
    }
}

/// kserve/kserve 0.15.0, `deployment_reconciler.go`: only the new replicas are left out of the patch, which so takes back the old.
#[test]
fn release_0_15_0_takes_replicas_back() {
    let release = Release::new(0, 15, 0);
    let mut cluster = Cluster::of(release);
    let fixed = with(
        old("external", release),
        "/spec/predictor",
        "minReplicas",
        json!(2),
    );
    cluster.apply(&fixed);
    assert_eq!(cluster.objects.deployments["m-predictor"].replicas, Some(2));
    cluster.apply(&old("hpa", release));
    assert_eq!(cluster.objects.deployments["m-predictor"].replicas, None);
}
