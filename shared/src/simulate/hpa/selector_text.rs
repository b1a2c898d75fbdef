//! A label selector as Go prints it.

use serde_json::Value;

/// The text of a `LabelSelector` under `%+v`, as it stands in events and conditions; `nil` for none.
///
/// Source: k8s.io/apimachinery, pkg/apis/meta/v1/generated.pb.go, `String`.
#[must_use]
pub fn selector_text(selector: Option<&Value>) -> String {
    let Some(selector) = selector.filter(|selector| !selector.is_null()) else {
        return "nil".to_owned();
    };
    let mut labels = String::new();
    // A JSON map of labels is in order of the keys, which is what upstream sorts by.
    let mut pairs: Vec<_> = selector["matchLabels"]
        .as_object()
        .into_iter()
        .flatten()
        .collect();
    pairs.sort_by_key(|(key, _)| key.as_str());
    for (key, value) in pairs {
        labels.push_str(&format!("{key}: {},", text(value)));
    }
    let mut expressions = String::new();
    for expression in selector["matchExpressions"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let values: Vec<&str> = expression["values"]
            .as_array()
            .into_iter()
            .flatten()
            .map(text)
            .collect();
        expressions.push_str(&format!(
            "LabelSelectorRequirement{{Key:{},Operator:{},Values:[{}],}},",
            text(&expression["key"]),
            text(&expression["operator"]),
            values.join(" "),
        ));
    }
    format!(
        "&LabelSelector{{MatchLabels:map[string]string{{{labels}}},MatchExpressions:[]LabelSelectorRequirement{{{expressions}}},}}"
    )
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
