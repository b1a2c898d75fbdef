use super::super::scripted::{Scripted, answer, ok};
use super::super::{Cluster, Why};
use super::*;

const BUSY: &str = r#"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"too many requests","reason":"TooManyRequests","code":429}"#;

fn away() -> String {
    answer("503 Service Unavailable", "", "away")
}

fn busy(after: &str) -> String {
    answer(
        "429 Too Many Requests",
        &format!("Retry-After: {after}\r\n"),
        BUSY,
    )
}

async fn post(cluster: &Cluster) -> Result<String, Failure> {
    let request = Request::post("/a").body(b"{}".to_vec()).unwrap();
    Ok(cluster.client().request_text(request).await?)
}

#[tokio::test]
async fn a_read_is_sent_again_until_it_is_answered() {
    let cut = ok("{}{}{}").replace("{}{}{}", "{");
    let server = Scripted::start(vec![away(), String::new(), cut, ok("{}")]);
    let cluster = server.cluster(None).await;
    assert_eq!(cluster.get("/a").await.unwrap(), serde_json::json!({}));
    assert_eq!(server.asked(), ["GET /a"; 4]);
}

#[tokio::test]
async fn a_write_is_sent_again_only_where_nothing_was_done() {
    let server = Scripted::start(vec![busy("0"), ok("{}")]);
    post(&server.cluster(None).await).await.unwrap();
    assert_eq!(server.asked(), ["POST /a"; 2]);
    let server = Scripted::start(vec![away()]);
    let failure = post(&server.cluster(None).await).await.unwrap_err();
    assert_eq!(
        (failure.why, failure.message.as_str()),
        (Why::Server, "away")
    );
    assert_eq!(server.asked(), ["POST /a"]);
    let server = Scripted::start(vec![String::new()]);
    let failure = post(&server.cluster(None).await).await.unwrap_err();
    assert_eq!(failure.why, Why::Unreachable);
    assert!(
        failure.message.contains("closed the connection"),
        "{}",
        failure.message
    );
    assert_eq!(server.asked(), ["POST /a"]);
}

#[tokio::test(start_paused = true)]
async fn the_server_says_when_to_come_again() {
    let server = Scripted::start(vec![busy("7"), ok("{}")]);
    let cluster = server.cluster(None).await;
    let began = Instant::now();
    cluster.get("/a").await.unwrap();
    // The clock of this test moves only by what is waited for.
    assert!(began.elapsed() >= Duration::from_secs(7));
}

#[tokio::test]
async fn a_pause_beyond_the_limit_is_not_waited_for() {
    let server = Scripted::start(vec![busy("3600")]);
    let cluster = server.cluster(Some(Duration::from_secs(60))).await;
    let failure = cluster.get("/a").await.unwrap_err();
    assert_eq!(
        (failure.why, failure.message.as_str()),
        (Why::TooMany, "too many requests")
    );
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up() {
    let server = Scripted::start(Vec::new());
    let cluster = server.cluster(Some(Duration::from_millis(50))).await;
    let failure = cluster.get("/a").await.unwrap_err();
    assert_eq!(failure.why, Why::Slow);
    assert!(
        failure.message.ends_with(" within 0.05 s"),
        "{}",
        failure.message
    );
    assert!(
        failure
            .hints
            .iter()
            .any(|hint| hint.contains("--request-timeout"))
    );
}

/// The head alone is no answer.
#[tokio::test]
async fn an_answer_that_stops_in_the_middle_is_given_up() {
    use std::io::Write as _;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        super::super::scripted::head(&mut connection);
        connection
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
            .unwrap();
        std::thread::park();
    });
    let arguments = crate::cli::ClusterArgs {
        server: Some(format!("http://{address}")),
        kubeconfig: Some("/dev/null".into()),
        request_timeout: crate::cli::Timeout(Some(Duration::from_millis(200))),
        ..crate::cli::ClusterArgs::default()
    };
    let cluster = Cluster::connect(&arguments).await.unwrap();
    assert_eq!(cluster.get("/a").await.unwrap_err().why, Why::Slow);
}

#[tokio::test]
async fn what_is_no_api_server_is_quoted_shortly() {
    let page = format!("<html>\n<b>{}</b></html>", "no".repeat(1000));
    let server = Scripted::start(vec![
        answer("404 Not Found", "", &page),
        answer("403 Forbidden", "", r#"{"error":"\u001b[31mlog in"}"#),
        answer("418 I'm a teapot", "", ""),
        answer(
            "400 Bad Request",
            "",
            "Client sent an HTTP request to an HTTPS server.\n",
        ),
    ]);
    let cluster = server.cluster(None).await;
    let mut told = Vec::new();
    for _ in 0..4 {
        let failure = cluster.get("/a").await.unwrap_err();
        told.push(format!(
            "{:?}: {} | {}",
            failure.why,
            failure.message,
            failure.hints.join(" | ")
        ));
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    Absent: status 404 and a page of HTML, which is no answer of an API server | 
    Forbidden: {"error":"\u001b[31mlog in"} | 
    Invalid: the API server answered with status 418 | 
    Unreachable: Client sent an HTTP request to an HTTPS server. | the address of the server must start with https://
    "#);
}

#[test]
fn a_watch_is_known_by_its_query() {
    let is = |uri: &str| watches(&uri.parse().unwrap());
    assert!(is("/a?watch=true&x=1") && is("/a?x=1&watch=1"));
    assert!(!is("/a?labelSelector=watch%3Dtrue") && !is("/watch=true"));
}
