//! A manifest as people write them, mended in several ways at once.

use serde_json::json;

use super::edited;

const MANIFEST: &str = "\
# Production model. Owner: team-x
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: llm            # keep in sync with the route
  annotations:
    # KPA only
    autoscaling.knative.dev/target: \"10\"   # per pod
    serving.kserve.io/deploymentMode: 'RawDeployment'
spec:
  predictor:
    minReplicas: 1 # never zero
    # GPU sizing, see RUNBOOK-17
    resources:
      limits:
        nvidia.com/gpu: \"1\"
    model:
      modelFormat: {name: huggingface}
      args:
      - --model_name=llm
      # tuned
      - --dtype=half

# --- end
";

#[test]
fn several_fixes_of_one_manifest_read_as_if_made_by_hand() {
    let patches = [
        json!([
            {"op": "test", "path": "/metadata/annotations/serving.kserve.io~1deploymentMode", "value": "RawDeployment"},
            {"op": "replace", "path": "/metadata/annotations/serving.kserve.io~1deploymentMode", "value": "Standard"},
        ]),
        json!([{"op": "remove", "path": "/metadata/annotations/autoscaling.knative.dev~1target"}]),
        json!([{"op": "move", "from": "/spec/predictor/resources", "path": "/spec/predictor/model/resources"}]),
        json!([
            {"op": "add", "path": "/spec/predictor/maxReplicas", "value": 4},
            {"op": "add", "path": "/spec/predictor/autoScaling", "value": {"metrics": [
                {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}},
            ]}},
        ]),
    ];
    let edited = edited(MANIFEST, &patches.map(|patch| (0, patch)));
    assert_eq!(edited.refused, []);
    insta::assert_snapshot!(edited.text, @r#"
    # Production model. Owner: team-x
    apiVersion: serving.kserve.io/v1beta1
    kind: InferenceService
    metadata:
      name: llm            # keep in sync with the route
      annotations:
        # KPA only
        # per pod
        serving.kserve.io/deploymentMode: 'Standard'
    spec:
      predictor:
        minReplicas: 1 # never zero
        model:
          modelFormat: {name: huggingface}
          args:
          - --model_name=llm
          # tuned
          - --dtype=half
          # GPU sizing, see RUNBOOK-17
          resources:
            limits:
              nvidia.com/gpu: "1"
        maxReplicas: 4
        autoScaling:
          metrics:
          - resource:
              name: cpu
              target:
                averageUtilization: 70
                type: Utilization
            type: Resource

    # --- end
    "#);
}
