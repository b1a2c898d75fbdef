//! What people read.

use crate::{CLUSTER, preview};

fn shown(arguments: &[&str], columns: usize) -> String {
    let ran = preview(&[arguments, &["--facts", CLUSTER]].concat())
        .columns(columns)
        .run();
    assert_eq!((ran.stderr.as_str(), ran.code), ("", 1));
    ran.stdout
}

#[test]
fn causes_come_most_dangerous_first_with_what_to_do() {
    insta::assert_snapshot!(shown(&["--kserve", "0.18.0"], 80), @r#"
    KServe 0.15.2 → 0.18.0
    5 workloads: 3 would break, 1 more changes

    locked: what runs goes on, and every update of it is refused (3 workloads)
      every update of it is refused
        update rejected: deploymentMode cannot be changed from 'RawDeployment' to 'Standard'
        ml/raw, batch/stopped
      every update of it is refused
        update rejected: deploymentMode cannot be changed from 'Serverless' to 'Knative'
        ml/serverless
      before upgrading: plan to delete the object and to create it anew, in the mode
                        that it should have
                        or go to KServe 0.19.0 at once, which does not do this

    the controller fails: what runs goes on, and no change reaches it (1 workload)
      Knative refuses what KServe makes of it
        admission webhook "validation.webhook.serving.knative.dev" denied the request: validation failed: invalid value: cpu: spec.template.metadata.annotations.autoscaling.knative.dev/metric
        ml/raw
      before upgrading: change what the text complains of, and apply that first
                        or go to KServe 0.19.0 at once, which does not do this

    left behind: objects stay that nobody manages any more (1 workload)
      Deployment, HorizontalPodAutoscaler, Service stay, and KServe does not look at
      them any more
        batch/stopped
      before upgrading: plan to delete them after the upgrade, once what replaces
                        them is ready
                        or go to KServe 0.19.0 at once, which does not do this

    another deployment mode (2 workloads)
      Knative mode instead of Standard mode: the word RawDeployment no longer means
      the same
        ml/raw, batch/stopped
      before upgrading: plan to delete the object and to create it anew, in the mode
                        that it should have
                        or go to KServe 0.19.0 at once, which does not do this

    rolled later: the next write of the object replaces its pods (1 workload)
      the new defaulter changes annotations that its pods carry
        ml/plain
      before upgrading: expect it with the first apply after the upgrade

    assumed  config-autoscaler is as shipped; config-defaults is as shipped;
             config-deployment is as shipped; Knative Serving is installed;
             ServingRuntimes request 1 cpu and 2Gi and bring no annotations, as all
             built-in ones; the ConfigMaps of KServe and Knative stay as they are:
             what is only assumed of them is that of each release as shipped; the
             ServingRuntimes stay as they are: other images or arguments replace the
             pods of their models
    "#);
}

#[test]
fn narrow_pages_break_between_words_and_the_upgrade_as_a_whole_comes_first() {
    let asked = ["--knative", "1.23.0", "--kubernetes", "1.33"];
    insta::assert_snapshot!(shown(&asked, 60), @r#"
    Knative 1.18.0 → 1.23.0, Kubernetes 1.32 → 1.33
    5 workloads: 1 would break

    Knative is upgraded one minor release at a time; its
    operator refuses anything else
      before upgrading: go by 1.19, 1.20, 1.21, 1.22

    Knative 1.23.0 needs Kubernetes 1.34: on 1.33 its components
    end as they start
      before upgrading: upgrade Kubernetes to 1.34 first

    each release of Knative brings its own queue-proxy: the pods
    of every revision are replaced, without a new revision
      before upgrading: upgrade when there is room for a second
                        set of pods

    refused: what runs goes on, and no apply of it gets through
    (1 workload)
      it is refused
        validation failed: invalid key name "networking.knative.dev/unheard-of": spec.template.metadata.annotations
        ml/web
      before upgrading: change what the text complains of, and
                        apply that first

    assumed  config-autoscaler is as shipped; config-defaults is
             as shipped; config-deployment is as shipped;
             Knative Serving is installed; ServingRuntimes
             request 1 cpu and 2Gi and bring no annotations, as
             all built-in ones; the ConfigMaps of KServe and
             Knative stay as they are: what is only assumed of
             them is that of each release as shipped; the
             ServingRuntimes stay as they are: other images or
             arguments replace the pods of their models
    "#);
}

#[test]
fn wide_shows_both_values_of_every_workload() {
    let asked = ["--kserve", "0.20.0", "-o", "wide", "-n", "batch"];
    insta::assert_snapshot!(shown(&asked, 80), @r#"
    KServe 0.15.2 → 0.20.0
    1 workload: 1 would break

    stopped: what runs is deleted (1 workload)
      nothing, as it is stopped, instead of an HPA
        batch/stopped
          before {"autoscaler":"hpa","class":"hpa","maxReplicas":1,"metric":"cpu","minReplicas":1,"scaleToZero":false,"target":{"effective":null,"unit":"percent-of-request","value":80}}
          after  {"autoscaler":"stopped","class":null,"maxReplicas":null,"metric":null,"minReplicas":null,"scaleToZero":false,"target":null}
      before upgrading: remove the annotation serving.kserve.io/stop from what must
                        go on

    assumed  config-autoscaler is as shipped
             config-defaults is as shipped
             config-deployment is as shipped
             Knative Serving is installed
             ServingRuntimes request 1 cpu and 2Gi and bring no annotations, as all
             built-in ones
             the ConfigMaps of KServe and Knative stay as they are: what is only
             assumed of them is that of each release as shipped
             the ServingRuntimes stay as they are: other images or arguments replace
             the pods of their models
    "#);
}

#[test]
fn many_workloads_of_one_kind_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let service = |number: usize| {
        format!(
            "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata:\n  name: model-{number}\n  \
             annotations: {{serving.kserve.io/deploymentMode: RawDeployment}}\nspec:\n  predictor:\n    model: \
             {{modelFormat: {{name: sklearn}}, storageUri: s3://m}}\n"
        )
    };
    let manifests: Vec<String> = (0..40).map(service).collect();
    let file = folder.path().join("models.yaml");
    std::fs::write(&file, manifests.join("---\n")).unwrap();
    let file = file.to_str().unwrap();
    let asked = [
        "--kserve",
        "0.18.0",
        "--kserve-version",
        "0.15.2",
        "-f",
        file,
    ];
    let ran = preview(&asked).run();
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains("40 workloads: 40 would break"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("model-5 and 34 more"), "{}", ran.stdout);
    let wide = preview(&[&asked[..], &["-o", "wide"]].concat())
        .run()
        .stdout;
    assert!(
        wide.contains("model-39") && !wide.contains("and 34 more"),
        "{wide}"
    );
}
