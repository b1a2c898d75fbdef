use super::super::scripted::{Scripted, answer, cut, ok, stream};
use super::*;

const LIST: &str = "/apis/x/v1/things?labelSelector=a%3Db";

fn page(names: &[&str], version: &str, next: &str) -> String {
    let items: Vec<_> = names
        .iter()
        .map(|name| format!(r#"{{"metadata":{{"name":"{name}"}}}}"#))
        .collect();
    ok(&format!(
        r#"{{"apiVersion":"x/v1","kind":"ThingList","metadata":{{"resourceVersion":"{version}","continue":"{next}"}},"items":[{}]}}"#,
        items.join(",")
    ))
}

fn line(what: &str, name: &str, version: &str) -> String {
    format!(
        r#"{{"type":"{what}","object":{{"apiVersion":"x/v1","kind":"Thing","metadata":{{"name":"{name}","resourceVersion":"{version}"}}}}}}"#
    )
}

const EXPIRED: &str = r#"{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","message":"too old resource version","code":410}"#;

fn told(event: Result<Event, Failure>) -> String {
    let name = |object: &Value| object["metadata"]["name"].as_str().unwrap().to_owned();
    match event {
        Ok(Event::Listed(objects)) => {
            assert!(objects.iter().all(|object| object["kind"] == "Thing"));
            format!(
                "listed {}",
                objects.iter().map(name).collect::<Vec<_>>().join(" ")
            )
        }
        Ok(Event::Applied(object)) => format!("applied {}", name(&object)),
        Ok(Event::Deleted(object)) => format!("deleted {}", name(&object)),
        Ok(Event::Lost(failure)) => format!("lost {:?}", failure.why),
        Ok(event) => format!("{event:?}"),
        Err(failure) => format!("failed {:?}", failure.why),
    }
}

async fn events(watch: &mut Watch, count: usize) -> Vec<String> {
    let mut events = Vec::new();
    for _ in 0..count {
        events.push(told(watch.next().await));
    }
    events
}

#[tokio::test]
async fn a_list_comes_in_pages_and_changes_follow() {
    let server = Scripted::start(vec![
        page(&["a", "b"], "5", "more"),
        page(&["c"], "5", ""),
        stream(&[
            &line("ADDED", "d", "6"),
            &line("BOOKMARK", "", "7"),
            &line("MODIFIED", "a", "8"),
            &line("DELETED", "b", "9"),
        ]),
    ]);
    let mut watch = server.cluster(None).await.watch(LIST);
    let events = events(&mut watch, 7).await;
    let expected = [
        "Restarted",
        "listed a b",
        "listed c",
        "Complete",
        "applied d",
        "applied a",
        "deleted b",
    ];
    assert_eq!(events, expected);
    let watching = "watch=true&allowWatchBookmarks=true&timeoutSeconds=290&resourceVersion=5";
    let expected = [
        format!("GET {LIST}&limit=500"),
        format!("GET {LIST}&limit=500&continue=more"),
        format!("GET {LIST}&{watching}"),
    ];
    assert_eq!(server.asked(), expected);
}

#[tokio::test]
async fn a_watch_that_ends_or_is_cut_goes_on_where_it_was() {
    let server = Scripted::start(vec![
        page(&[], "5", ""),
        stream(&[&line("ADDED", "a", "6"), &line("BOOKMARK", "", "9")]),
        cut(&line("ADDED", "b", "11")),
        stream(&[&line("ADDED", "c", "12")]),
    ]);
    let mut watch = server.cluster(None).await.watch(LIST);
    let mut seen = events(&mut watch, 6).await;
    // Whether a cut is told depends on where it is; that nothing is lost does not.
    while seen.last().is_none_or(|last| last != "applied c") {
        seen.push(told(watch.next().await));
    }
    seen.retain(|event| !event.starts_with("lost"));
    assert_eq!(
        seen,
        [
            "Restarted",
            "listed ",
            "Complete",
            "applied a",
            "applied b",
            "applied c"
        ]
    );
    let versions: Vec<_> = server.asked()[1..]
        .iter()
        .filter_map(|asked| asked.split("resourceVersion=").nth(1).map(str::to_owned))
        .collect();
    assert_eq!(versions, ["5", "9", "11"]);
}

#[tokio::test]
async fn what_is_too_old_to_go_on_from_is_listed_again() {
    let gone = format!(r#"{{"type":"ERROR","object":{EXPIRED}}}"#);
    let server = Scripted::start(vec![
        page(&["a"], "5", ""),
        stream(&[&gone]),
        page(&["b"], "50", ""),
        answer("410 Gone", "", EXPIRED),
        page(&["c"], "60", ""),
        stream(&[&line("ADDED", "d", "61")]),
    ]);
    let mut watch = server.cluster(None).await.watch(LIST);
    let events = events(&mut watch, 10).await;
    let expected = [
        "Restarted",
        "listed a",
        "Complete",
        "Restarted",
        "listed b",
        "Complete",
        "Restarted",
        "listed c",
        "Complete",
        "applied d",
    ];
    assert_eq!(events, expected);
}

#[tokio::test]
async fn a_list_that_expires_between_its_pages_begins_anew() {
    let expired = EXPIRED.replace(
        r#""code":410"#,
        r#""code":410,"metadata":{"continue":"inconsistent"}"#,
    );
    let server = Scripted::start(vec![
        page(&["a"], "5", "more"),
        answer("410 Gone", "", &expired),
        page(&["a", "b"], "6", ""),
    ]);
    let mut watch = server.cluster(None).await.watch(LIST);
    let expected = [
        "Restarted",
        "listed a",
        "Restarted",
        "listed a b",
        "Complete",
    ];
    assert_eq!(events(&mut watch, 5).await, expected);
}

#[tokio::test]
async fn failures_in_between_are_told_and_survived() {
    let error = answer("500 Internal Server Error", "", "{}");
    let server = Scripted::start(vec![
        page(&["a"], "5", ""),
        error.clone(),
        error,
        stream(&[&line("ADDED", "b", "6")]),
    ]);
    let mut watch = server.cluster(None).await.watch(LIST);
    let expected = [
        "Restarted",
        "listed a",
        "Complete",
        "lost Server",
        "lost Server",
        "applied b",
    ];
    assert_eq!(events(&mut watch, 6).await, expected);
}

#[tokio::test]
async fn what_cannot_be_listed_or_no_longer_be_watched_ends_it() {
    let server = Scripted::start(vec![answer("500 Internal Server Error", "", "{}")]);
    let mut watch = server.cluster(None).await.watch(LIST);
    assert_eq!(events(&mut watch, 2).await, ["Restarted", "failed Server"]);
    let server = Scripted::start(vec![page(&[], "5", ""), answer("403 Forbidden", "", "{}")]);
    let mut watch = server.cluster(None).await.watch(LIST);
    let expected = ["Restarted", "listed ", "Complete", "failed Forbidden"];
    assert_eq!(events(&mut watch, 4).await, expected);
}

/// The limit of one request is none of a watch: here it is over before the first change comes.
#[tokio::test]
async fn a_watch_outlives_the_limit_of_a_request() {
    let server = Scripted::start(vec![
        page(&[], "5", ""),
        stream(&[&line("ADDED", "a", "6")]),
    ]);
    let limit = Duration::from_secs(20);
    let mut watch = server.cluster(Some(limit)).await.watch(LIST);
    events(&mut watch, 3).await;
    watch.open().await.unwrap();
    tokio::time::pause();
    tokio::time::advance(limit * 2).await;
    tokio::time::resume();
    assert_eq!(events(&mut watch, 1).await, ["applied a"]);
}
