mod behaviours;

use serde_json::{Value, json};

use super::*;
use crate::knative::Configs;
use crate::knative::configs::ConfigData;

#[test]
fn versions_are_read_as_they_are_found() {
    for text in [
        "1.21.3",
        "v1.21.3",
        "knative-v1.21.3",
        "1.21.3-gke.6",
        " 1.21.3 ",
    ] {
        assert_eq!(
            KnativeVersion::parse(text),
            Ok(KnativeVersion::new(1, 21, 3)),
            "{text}"
        );
    }
    assert_eq!(KnativeVersion::parse("v1.21"), Ok(at(21, 0)));
    for text in ["devel", "latest", "", "1", "1.x", "1.2.3.4", "-1.2.3"] {
        assert!(KnativeVersion::parse(text).is_err(), "{text}");
    }
}

#[test]
fn supported_is_what_the_table_was_read_for() {
    assert!(at(0, 0).is_supported() && at(23, 7).is_supported());
    for other in [
        KnativeVersion::new(0, 26, 0),
        at(24, 0),
        KnativeVersion::new(2, 0, 0),
    ] {
        assert!(!other.is_supported(), "{other}");
    }
}

#[test]
fn the_table_is_in_the_order_of_the_behaviours() {
    for (index, row) in BEHAVIOURS.iter().enumerate() {
        assert_eq!(row.behaviour as usize, index);
        assert_eq!(row.behaviour.row().behaviour, row.behaviour);
        assert!(row.until.is_none_or(|until| row.since < until), "{row:?}");
    }
}

#[test]
fn milestones_are_sorted_and_start_at_the_oldest() {
    let all = milestones();
    assert_eq!(all.first(), Some(&KnativeVersion::OLDEST));
    assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(all.last() <= Some(&KnativeVersion::NEWEST));
    assert!(all.contains(&at(0, 1)) && all.contains(&at(7, 1)));
}

#[test]
fn only_what_an_object_touches_is_in_play() {
    let milestones_of = |value: &Value, configs: &Result<Configs, String>| {
        InPlay::of(value, [], &ConfigData::default(), configs).milestones()
    };
    let shipped = Ok(Configs::default());
    let plain = json!({"spec": {"template": {"spec": {"containers": [{"image": "model"}]}}}});
    assert_eq!(milestones_of(&plain, &shipped), [KnativeVersion::OLDEST]);
    let annotations = json!({"autoscaling.knative.dev/activation-scale": "2"});
    let value = json!({"spec": {"template": {"metadata": {"annotations": annotations}}}});
    assert_eq!(
        milestones_of(&value, &shipped),
        [KnativeVersion::OLDEST, at(7, 0)]
    );
    let broken = Err(String::new());
    assert_eq!(milestones_of(&plain, &broken), milestones());
}
