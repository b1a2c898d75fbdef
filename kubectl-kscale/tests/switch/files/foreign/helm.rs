//! Charts: templates, values, and what only looks like them.

use super::super::{BERT, folder, text_of, to_hpa};
use super::{changed, refused};

const CHART: &str = "apiVersion: v2\nname: bert\nversion: 0.1.0\n";

const TEMPLATE: &str = "\
{{- if .Values.enabled }}
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: {{ include \"bert.fullname\" . }}
  annotations:
    autoscaling.knative.dev/metric: {{ .Values.scaling.metric | quote }}
spec:
  predictor:
    minReplicas: {{ .Values.scaling.min }}
    maxReplicas: {{ max .Values.scaling.max .Values.scaling.min }}
    model:
      modelFormat:
        name: huggingface
{{- end }}
";

const VALUES: &str = "enabled: true\nscaling: {min: 1, max: 4, metric: rps}\n";

fn chart() -> tempfile::TempDir {
    folder(&[
        ("chart/Chart.yaml", CHART),
        ("chart/values.yaml", VALUES),
        ("chart/templates/isvc.yaml", TEMPLATE),
        ("chart/templates/sub/plain.yaml", BERT),
        (
            "chart/templates/config.yaml",
            "kind: ConfigMap\ndata: {{ .Values.x }}\n",
        ),
    ])
}

#[test]
fn a_template_says_which_values_to_change() {
    let files = chart();
    insta::assert_snapshot!(refused(files.path(), "chart/templates/isvc.yaml"), @"
    error: chart/templates/isvc.yaml: it is a template of the Helm chart in chart, which is not edited
    hint: change the values that it is filled with: it takes autoscaling.knative.dev/metric from .Values.scaling.metric, minReplicas from .Values.scaling.min, maxReplicas from .Values.scaling.max, maxReplicas from .Values.scaling.min
    hint: what would come of it: helm template chart | kubectl kscale switch -f - --to hpa
    ");
}

#[test]
fn whatever_lies_among_templates_is_one() {
    let files = chart();
    let stderr = refused(files.path(), "chart/templates/sub/plain.yaml");
    assert!(
        stderr.starts_with(
            "error: chart/templates/sub/plain.yaml: it is a template of the Helm chart in chart, "
        ),
        "{stderr}"
    );
    let stderr = refused(&files.path().join("chart/templates"), "isvc.yaml");
    assert!(
        stderr.contains("a template of the Helm chart in "),
        "{stderr}"
    );
}

/// One of them is told of many, and none that has no workload in it.
#[test]
fn a_whole_chart_is_told_once() {
    let files = chart();
    let ran = to_hpa(files.path(), &["-f", "chart", "-R"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", 2));
    insta::assert_snapshot!(ran.stderr, @"
    error: chart/templates/isvc.yaml: it is a template of the Helm chart in chart, which is not edited; so is another file of it
    hint: change the values that it is filled with: it takes autoscaling.knative.dev/metric from .Values.scaling.metric, minReplicas from .Values.scaling.min, maxReplicas from .Values.scaling.max, maxReplicas from .Values.scaling.min
    hint: what would come of it: helm template chart | kubectl kscale switch -f - --to hpa
    ");
    let ran = to_hpa(files.path(), &["-f", "chart"]);
    assert!(
        ran.stderr
            .contains("it belongs to the Helm chart in chart, and is no manifest"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.code, 2);
}

#[test]
fn values_are_no_manifest() {
    let files = chart();
    let stderr = refused(files.path(), "chart/values.yaml");
    assert!(
        stderr.starts_with(
            "error: chart/values.yaml: it belongs to the Helm chart in chart, and is no manifest\n"
        ),
        "{stderr}"
    );
}

#[test]
fn a_template_elsewhere_is_known_by_its_braces() {
    let quoted = BERT
        .replace("name: bert ", "name: \"{{ .Release.Name }}-bert\" ")
        .replace("maxReplicas: 5", "maxReplicas: \"{{ .Values.max }}\"");
    let named = BERT.replace("name: bert ", "name: \"{{ name }}\" ");
    let files = folder(&[
        ("a.yaml", TEMPLATE),
        ("b.yaml", &quoted),
        ("c.yaml", &named),
    ]);
    let stderr = refused(files.path(), "a.yaml");
    assert!(
        stderr.starts_with("error: a.yaml:1:3: it is a template, as {{ … }} shows, "),
        "{stderr}"
    );
    let stderr = refused(files.path(), "b.yaml");
    assert!(
        stderr.starts_with(
            "error: b.yaml:5:9: it is a template, as {{ … }} in metadata.name shows, "
        ),
        "{stderr}"
    );
    assert!(
        stderr.contains("it takes maxReplicas from .Values.max\n"),
        "{stderr}"
    );
    assert!(
        stderr.contains("helm template CHART | kubectl kscale switch -f - --to hpa\n"),
        "{stderr}"
    );
    let stderr = refused(files.path(), "c.yaml");
    assert!(stderr.contains("in metadata.name shows"), "{stderr}");
}

#[test]
fn braces_in_the_arguments_of_a_model_are_no_template() {
    let text = BERT.replace(
        "      storageUri",
        "      args: ['--chat-template={% for m in messages %}{{ m.content }}{% endfor %}', '{{ if .System }}{{ .Prompt }}{{ end }}']\n      storageUri",
    );
    let files = folder(&[("bert.yaml", &text)]);
    changed(files.path(), "bert.yaml");
    assert!(text_of(files.path(), "bert.yaml").contains("{{ m.content }}{% endfor %}'"));
}

#[test]
fn folders_that_are_only_called_so_hold_manifests() {
    let files = folder(&[
        ("templates/bert.yaml", BERT),
        ("chart/Chart.yaml", CHART),
        ("chart/crds/bert.yaml", BERT),
        ("values/values.yaml", BERT),
    ]);
    for file in [
        "templates/bert.yaml",
        "chart/crds/bert.yaml",
        "values/values.yaml",
    ] {
        changed(files.path(), file);
    }
}

/// That it is broken is what matters there.
#[test]
fn broken_yaml_with_braces_elsewhere_is_broken_yaml() {
    let text = BERT.replace("# Measured last spring.", "note: '{{ x }}'\n\tbad: 1");
    let files = folder(&[("bert.yaml", &text)]);
    let stderr = refused(files.path(), "bert.yaml");
    assert!(stderr.contains("a tab cannot indent YAML"), "{stderr}");
}
