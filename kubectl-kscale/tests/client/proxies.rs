//! Through a proxy, or past it.

use crate::certificates::Authority;
use crate::gateway::Gateway;
use crate::kubeconfig::{Kubeconfig, steady};
use crate::server::Server;

/// A server for a name that only a proxy knows.
struct Far {
    server: Server,
    config: Kubeconfig,
}

fn far() -> Far {
    let authority = Authority::new();
    let server = Server::secure(&authority.server(&["k8s.example.invalid"], |_| {}));
    let config = Kubeconfig::new("https://k8s.example.invalid:6443").trusting(&authority.pair);
    Far { server, config }
}

fn through(proxy: &Gateway) -> String {
    format!("http://{}", proxy.address)
}

#[test]
fn https_proxy_is_asked_to_connect() {
    let far = far();
    let proxy = Gateway::http(far.server.port);
    for (variable, value) in [
        ("HTTPS_PROXY", through(&proxy)),
        ("https_proxy", through(&proxy)),
        ("HTTPS_PROXY", proxy.address.clone()),
    ] {
        let before = proxy.asked().len();
        let ran = far.config.list(&[]).env(variable, &value).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let asked = &proxy.asked()[before..];
        assert!(!asked.is_empty());
        for head in asked {
            assert!(
                head.starts_with("CONNECT k8s.example.invalid:6443 "),
                "{head}"
            );
            assert!(!head.contains("SECRETTOKEN"), "{head}");
        }
    }
    assert_eq!(far.server.header("authorization"), ["Bearer SECRETTOKEN"]);
}

#[test]
fn a_proxy_is_told_who_asks_and_no_message_tells_it() {
    let far = far();
    let proxy = Gateway::http(far.server.port);
    let url = format!("http://joe:p%40ss@{}", proxy.address);
    let ran = far.config.list(&["-v=9"]).env("HTTPS_PROXY", &url).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // joe:p@ss
    assert!(proxy.asked()[0].contains("Proxy-Authorization: Basic am9lOnBAc3M=\r\n"));
    assert!(
        !ran.stderr.contains("p%40ss") && !ran.stderr.contains("am9l"),
        "{}",
        ran.stderr
    );
}

#[test]
fn socks5_resolves_the_name_at_the_proxy() {
    let far = far();
    let proxy = Gateway::socks(far.server.port);
    let url = format!("socks5://{}", proxy.address);
    let ran = far.config.list(&[]).env("HTTPS_PROXY", &url).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(proxy.asked()[0], "k8s.example.invalid:6443");
}

#[test]
fn no_proxy_names_servers_to_ask_directly_however_it_is_spelled() {
    let far = far();
    let proxy = Gateway::http(far.server.port);
    let asked = |list: &str| {
        let before = proxy.asked().len();
        let run = far.config.list(&["--request-timeout=5s"]);
        run.env("HTTPS_PROXY", &through(&proxy))
            .env("NO_PROXY", list)
            .run();
        proxy.asked().len() > before
    };
    for spared in [
        ".example.invalid",
        "example.invalid,",
        " other , *.example.invalid ,,",
        "<local>,k8s.example.invalid:6443",
        "*",
    ] {
        assert!(!asked(spared), "{spared}");
    }
    for other in [
        "127.0.0.1",
        "k8s.example.invalid:443",
        "a b k8s.example.invalid",
        "10.0.0.0/8,<local>,",
    ] {
        assert!(asked(other), "{other}");
    }
}

#[test]
fn this_machine_is_asked_directly_unless_the_cluster_has_a_proxy_of_its_own() {
    let authority = Authority::new();
    let server = Server::secure(&authority.here());
    let proxy = Gateway::http(server.port);
    let mut config = Kubeconfig::new(&server.https()).trusting(&authority.pair);
    let run = config.list(&[]).env("HTTPS_PROXY", &through(&proxy)).run();
    assert_eq!((run.code, proxy.asked().len()), (0, 0));
    config.cluster()["proxy-url"] = through(&proxy).into();
    let run = config.list(&[]).env("NO_PROXY", "*").run();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!proxy.asked().is_empty(), "NO_PROXY is for the variables");
    config.cluster()["proxy-url"] = "ftp://joe:SECRET@proxy".into();
    insta::assert_snapshot!(config.list(&[]).run().refused(), @"
    error: the proxy-url of the cluster is none that can be used: ftp://proxy
    hint: write it as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT
    ");
}

#[test]
fn a_proxy_that_does_not_help_is_named() {
    let far = far();
    let said = |url: &str, port: u16| {
        let stderr = far.config.list(&[]).env("HTTPS_PROXY", url).run().refused();
        steady(&stderr, &[port], far.config.folder.path())
    };
    let of = |proxy: &Gateway| {
        let port = proxy.address.rsplit(':').next().unwrap().parse().unwrap();
        said(&through(proxy), port)
    };
    insta::assert_snapshot!(of(&Gateway::closed()), @"
    error: the proxy http://127.0.0.1:PORT wants to know who asks
    hint: write its user into its address: http://USER:PASSWORD@HOST:PORT
    hint: HTTPS_PROXY or the proxy-url of the cluster sends it through http://127.0.0.1:PORT; NO_PROXY names servers to ask directly
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
    insta::assert_snapshot!(of(&Gateway::refusing()), @"
    error: the proxy http://127.0.0.1:PORT does not connect to the API server: it will not
    hint: HTTPS_PROXY or the proxy-url of the cluster sends it through http://127.0.0.1:PORT; NO_PROXY names servers to ask directly
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
    insta::assert_snapshot!(said("http://127.0.0.1:1", 1), @"
    error: nothing listens at the proxy http://127.0.0.1:PORT: connection refused
    hint: HTTPS_PROXY or the proxy-url of the cluster sends it through http://127.0.0.1:PORT; NO_PROXY names servers to ask directly
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
    insta::assert_snapshot!(said("socks5://127.0.0.1:1", 1).lines().next().unwrap(), @"error: the proxy socks5://127.0.0.1:PORT does not connect to the API server: failed to create underlying connection");
}
