//! Manifests that are printed: the built-in ones, and those that are given.

use serde_json::Value;

use crate::process::root;
use crate::{install, printed};

fn documents(text: &str) -> Vec<Value> {
    use serde::Deserialize as _;
    let documents = serde_yaml::Deserializer::from_str(text);
    documents
        .map(|one| Value::deserialize(one).unwrap())
        .collect()
}

#[test]
fn yaml_is_two_documents_and_nothing_else() {
    let text = printed("1.12.4");
    let found = documents(&text);
    let names: Vec<_> = found
        .iter()
        .map(|one| (&one["kind"], &one["metadata"]["name"]))
        .collect();
    assert_eq!(
        serde_json::to_string(&names).unwrap(),
        r#"[["Deployment","autoscaler-hpa"],["Service","autoscaler-hpa"]]"#
    );
    insta::assert_snapshot!(text, @"
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      labels:
        app.kubernetes.io/component: autoscaler-hpa
        app.kubernetes.io/name: knative-serving
        app.kubernetes.io/version: 1.12.4
        autoscaling.knative.dev/autoscaler-provider: hpa
      name: autoscaler-hpa
      namespace: knative-serving
    spec:
      selector:
        matchLabels:
          app: autoscaler-hpa
      template:
        metadata:
          labels:
            app: autoscaler-hpa
            app.kubernetes.io/component: autoscaler-hpa
            app.kubernetes.io/name: knative-serving
            app.kubernetes.io/version: 1.12.4
        spec:
          affinity:
            podAntiAffinity:
              preferredDuringSchedulingIgnoredDuringExecution:
              - podAffinityTerm:
                  labelSelector:
                    matchLabels:
                      app: autoscaler-hpa
                  topologyKey: kubernetes.io/hostname
                weight: 100
          containers:
          - env:
            - name: SYSTEM_NAMESPACE
              valueFrom:
                fieldRef:
                  fieldPath: metadata.namespace
            - name: CONFIG_LOGGING_NAME
              value: config-logging
            - name: CONFIG_OBSERVABILITY_NAME
              value: config-observability
            - name: METRICS_DOMAIN
              value: knative.dev/serving
            image: gcr.io/knative-releases/knative.dev/serving/cmd/autoscaler-hpa@sha256:f5d84faf112df9a63c5339a2843f6fcce6044c71541e9e1989e922885e927922
            livenessProbe:
              failureThreshold: 5
              httpGet:
                path: /health
                port: probes
                scheme: HTTP
              periodSeconds: 5
            name: autoscaler-hpa
            ports:
            - containerPort: 9090
              name: metrics
            - containerPort: 8008
              name: profiling
            - containerPort: 8080
              name: probes
            readinessProbe:
              failureThreshold: 5
              httpGet:
                path: /readiness
                port: probes
                scheme: HTTP
              periodSeconds: 5
            resources:
              limits:
                cpu: 300m
                memory: 400Mi
              requests:
                cpu: 30m
                memory: 40Mi
            securityContext:
              allowPrivilegeEscalation: false
              capabilities:
                drop:
                - ALL
              readOnlyRootFilesystem: true
              runAsNonRoot: true
              seccompProfile:
                type: RuntimeDefault
          serviceAccountName: controller
    ---
    apiVersion: v1
    kind: Service
    metadata:
      labels:
        app: autoscaler-hpa
        app.kubernetes.io/component: autoscaler-hpa
        app.kubernetes.io/name: knative-serving
        app.kubernetes.io/version: 1.12.4
        autoscaling.knative.dev/autoscaler-provider: hpa
      name: autoscaler-hpa
      namespace: knative-serving
    spec:
      ports:
      - name: http-metrics
        port: 9090
        targetPort: 9090
      - name: http-profiling
        port: 8008
        targetPort: 8008
      selector:
        app: autoscaler-hpa
    ");
}

#[test]
fn every_form_says_the_same() {
    let arguments = ["--offline", "--version", "1.0.0", "--dry-run=client", "-o"];
    let of = |format| install(&[&arguments[..], &[format]].concat()).run().clean();
    let list: Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!(
        (&list["apiVersion"], &list["kind"]),
        (&Value::from("v1"), &Value::from("List"))
    );
    assert_eq!(list["items"], Value::Array(documents(&of("yaml"))));
    assert_eq!(
        of("name"),
        "deployment.apps/autoscaler-hpa\nservice/autoscaler-hpa\n"
    );
    insta::assert_snapshot!(of("text"), @"
    autoscaler-hpa 1.0.0 would be applied (client dry run): built-in manifest
      gcr.io/knative-releases/knative.dev/serving/cmd/autoscaler-hpa@sha256:aee8d05b573165c24e5a384c79024d5c935954e2071356f12e713d0995920639
    the objects: -o yaml
    ");
}

#[test]
fn what_is_named_needs_no_cluster_to_be_printed() {
    let arguments = ["--version", "1.12.4", "--dry-run=client", "-o", "yaml"];
    assert_eq!(install(&arguments).run().clean(), printed("1.12.4"));
}

#[test]
fn namespace_and_registry_are_the_users() {
    let own = [
        "--knative-namespace",
        "serving",
        "--image-registry",
        "reg.example:5000/mirror/",
    ];
    let base = [
        "--offline",
        "--version",
        "1.12.4",
        "--dry-run=client",
        "-o",
        "yaml",
    ];
    let text = install(&[&base[..], &own].concat()).run().clean();
    let release = "gcr.io/knative-releases/knative.dev/serving/cmd/autoscaler-hpa@";
    let expected = printed("1.12.4")
        .replace("namespace: knative-serving", "namespace: serving")
        .replace(release, "reg.example:5000/mirror/autoscaler-hpa@");
    assert_eq!(text, expected);
}

#[test]
fn a_manifest_may_be_given() {
    let text = printed("1.12.4").replace(
        "gcr.io/knative-releases/knative.dev/serving/cmd",
        "own.example",
    );
    let base = ["--from", "-", "--offline", "--dry-run=client", "-o", "yaml"];
    let ran = install(&base).stdin(text.clone()).run();
    assert_eq!(ran.clean(), text);
    let other = [&base[..], &["--version", "1.13.0"]].concat();
    let ran = install(&other).stdin(text.clone()).run();
    insta::assert_snapshot!(ran.refused(), @"error: standard input is not the HPA extension: Deployment autoscaler-hpa is of release 1.12.4, not 1.13.0; Service autoscaler-hpa is of release 1.12.4, not 1.13.0");
    let tagged = text.replace(
        "@sha256:f5d84faf112df9a63c5339a2843f6fcce6044c71541e9e1989e922885e927922",
        ":v1.12.4",
    );
    let ran = install(&base).stdin(tagged).run();
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.stderr, @"warning: standard input: its image own.example/autoscaler-hpa:v1.12.4 is named by a tag: what is behind it can change");
}

#[test]
fn what_is_not_the_extension_is_refused() {
    let base = ["--offline", "--dry-run=client", "--from"];
    let of = |from: &str| install(&[&base[..], &[from]].concat()).run().refused();
    let said = [
        of("examples/cpu.yaml"),
        of("kubectl-kscale/tests/fixtures/mixed.yaml"),
        of("no-such-file.yaml"),
        of("Cargo.toml"),
    ];
    assert!(root().join("examples/cpu.yaml").is_file());
    insta::assert_snapshot!(said.concat(), @"
    error: examples/cpu.yaml is not the HPA extension: it holds no Deployment autoscaler-hpa; it holds no Service autoscaler-hpa; it holds InferenceService cpu, which is no part of the extension
    error: kubectl-kscale/tests/fixtures/mixed.yaml:10:9: a quote is opened and never closed
    hint: close it, or double it inside `'…'`
    error: no-such-file.yaml: no such file or folder
    hint: check the spelling; a relative path starts at the current folder
    error: Cargo.toml:1:1: a Kubernetes object is a mapping; this document is a sequence
    hint: it should start with `apiVersion:` and `kind:`
    ");
}
