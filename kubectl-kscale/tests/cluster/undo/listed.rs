//! `undo --list`.

use kscale_control_plane::ControlPlane;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{bert, change, namespace, records, run, to_hpa};
use crate::plane::{Asking as _, Outcome, on_shared};
use crate::process::{Ran, kscale, root};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        on_shared("undo::list_says_what_has_become_of_each", states),
        on_shared("undo::list_fits_the_terminal", fits),
        on_shared("undo::list_as_data_fits_its_schema", data),
        on_shared("undo::list_of_several_and_of_none", several),
    ]
}

fn list(plane: &ControlPlane, object: &Value, more: &[&str]) -> Ran {
    run(
        plane,
        object,
        &[&["undo", "isvc/bert", "--list"], more].concat(),
    )
}

/// The third column, and the first.
fn column(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .filter(|line| line.starts_with(char::is_numeric));
    let columns = lines.map(|line| {
        line.split("   ")
            .map(str::trim)
            .filter(|one| !one.is_empty())
    });
    columns
        .map(|mut columns| {
            let number = columns.next().unwrap_or_default();
            format!("{number} {}", columns.nth(1).unwrap_or_default())
        })
        .collect()
}

fn states(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    let first = list(plane, &object, &[]).clean();
    assert_eq!(column(&first), ["1 in effect"]);
    to_hpa(plane, &object, "80", "9");
    assert_eq!(
        column(&list(plane, &object, &[]).clean()),
        ["2 in effect", "1 replaced by 2"]
    );
    change(plane, &object, &["undo", "isvc/bert"]);
    assert_eq!(
        column(&list(plane, &object, &[]).clean()),
        ["3 in effect", "2 taken back by 3", "1 replaced by 2"]
    );
    Ok(())
}

fn fits(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    change(plane, &object, &["undo", "isvc/bert"]);
    for width in [60, 80] {
        for more in [&["-o", "text"], &["-o", "wide"]] {
            let arguments = ["undo", "isvc/bert", "--list", "-n", namespace(&object)];
            let ran = kscale(&[arguments.as_slice(), more].concat());
            let text = ran.columns(width).on(plane).run().clean();
            let widths = text.lines().map(|line| line.chars().count());
            assert!(widths.max() <= Some(width), "{text}");
            let words: Vec<&str> = text.split_whitespace().collect();
            assert!(words.join(" ").contains("kpa on concurrency 10"), "{text}");
        }
    }
    Ok(())
}

fn data(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    to_hpa(plane, &object, "80", "8");
    change(plane, &object, &["undo", "isvc/bert"]);
    plane.create(&super::record(&object, "stranger", 9, &json!("nothing")))?;
    let text = list(plane, &object, &["-o", "json"]).clean();
    let found: Value = serde_json::from_str(&text)?;
    let schema = kscale(&["generate", "record-schema"]).run().clean();
    let kept = root().join("docs/schema/kscale.dev_v1alpha1_SwitchRecordList.json");
    let is_new = std::fs::read_to_string(kept)? == schema;
    assert!(
        is_new,
        "the published schema is out of date: run `cargo xtask docs`"
    );
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema)?)?;
    let errors: Vec<_> = schema
        .iter_errors(&found)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    let item = &found["items"][0];
    assert_eq!(found["kind"], "SwitchRecordList");
    assert_eq!(item["object"]["name"], "bert");
    let states: Vec<_> = [0, 1]
        .map(|at| (&item["records"][at]["state"], &item["records"][at]["by"]))
        .into();
    assert_eq!(
        states,
        [
            (&json!("in-effect"), &Value::Null),
            (&json!("taken-back"), &json!(2))
        ]
    );
    assert_eq!(item["unreadable"][0]["name"], "stranger");
    let yaml = list(plane, &object, &["-o", "yaml"]).clean();
    assert_eq!(serde_yaml::from_str::<Value>(&yaml)?, found);
    let names = list(plane, &object, &["-o", "name"]).clean();
    let kept: Vec<String> = records(plane, &object)?
        .iter()
        .rev()
        .filter_map(|one| one["metadata"]["name"].as_str())
        .filter(|name| *name != "stranger")
        .map(|name| format!("controllerrevision.apps/{name}\n"))
        .collect();
    assert_eq!(names, kept.concat());
    Ok(())
}

fn several(plane: &ControlPlane) -> Outcome {
    let object = bert(plane)?;
    let none = list(plane, &object, &[]).clean();
    assert_eq!(none, "isvc/bert: no switch is recorded\n");
    let mut other = object.clone();
    other["metadata"] = json!({"name": "gpt", "namespace": namespace(&object)});
    plane.create(&other)?;
    to_hpa(plane, &object, "80", "8");
    let ran = run(plane, &object, &["undo", "isvc", "bert", "gpt", "--list"]);
    let text = ran.clean();
    assert!(text.starts_with("isvc/bert\nREVISION   AGE "), "{text}");
    assert!(
        text.ends_with("\n\nisvc/gpt: no switch is recorded\n"),
        "{text}"
    );
    Ok(())
}
