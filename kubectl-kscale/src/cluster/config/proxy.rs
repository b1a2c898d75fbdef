//! Through which proxy the API server is reached.
//!
//! kube decides that by matching NO_PROXY against the proxy instead of the server, and gives up at a trailing comma
//! (5.0.0, `config/file_loader.rs`). So this is decided here, as Go and thus kubectl does.

use http::Uri;
use http::uri::Authority;

use super::no_proxy::NoProxy;
use super::server::names_host;
use crate::error::Error;

/// The variables that say which proxy to use.
#[derive(Debug, Default)]
pub(super) struct Environment {
    http: Option<String>,
    https: Option<String>,
    none: Option<String>,
}

impl Environment {
    /// Those of this process: upper case before lower case, and an empty one is none.
    pub(super) fn of_process() -> Self {
        let first = |names: [&str; 2]| {
            let values = names
                .into_iter()
                .filter_map(|name| std::env::var(name).ok());
            values.into_iter().find(|value| !value.is_empty())
        };
        Self {
            http: first(["HTTP_PROXY", "http_proxy"]),
            https: first(["HTTPS_PROXY", "https_proxy"]),
            none: first(["NO_PROXY", "no_proxy"]),
        }
    }

    /// The proxy for a server, as Go's `ProxyFromEnvironment` chooses it. A value that is no address counts as none.
    pub(super) fn proxy_for(&self, server: &Uri) -> Option<Uri> {
        let plain = server.scheme_str() == Some("http");
        let named = if plain { &self.http } else { &self.https };
        let proxy = lenient(named.as_deref()?)?;
        let spared = NoProxy::read(self.none.as_deref().unwrap_or_default());
        let port = server.port_u16().unwrap_or(if plain { 80 } else { 443 });
        (!spared.spares(server.host()?, port)).then_some(proxy)
    }
}

/// The `proxy-url` of a cluster. NO_PROXY does not count for it.
pub(super) fn of_cluster(url: &str) -> Result<Uri, Error> {
    let hint = "write it as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT";
    url.parse::<Uri>()
        .ok()
        .filter(|proxy| is_known(proxy) && names_host(proxy))
        .ok_or_else(|| {
            Error::cluster(format!(
                "the proxy-url of the cluster is none that can be used: {}",
                shown(url)
            ))
            .hint(hint)
        })
}

/// `proxy.example:3128` is `http://proxy.example:3128`.
fn lenient(text: &str) -> Option<Uri> {
    let proxy = text.parse::<Uri>().ok().filter(is_known);
    let proxy = proxy.or_else(|| format!("http://{text}").parse::<Uri>().ok());
    proxy.filter(names_host)
}

fn is_known(proxy: &Uri) -> bool {
    matches!(
        proxy.scheme_str(),
        Some("http" | "https" | "socks5" | "socks5h")
    )
}

/// An address for messages: without the password that may stand in it.
pub(in crate::cluster) fn shown(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((head, host)) => {
            let scheme = head.split_once("://").map_or("", |(scheme, _)| scheme);
            let gap = if scheme.is_empty() { "" } else { "://" };
            format!("{scheme}{gap}{host}")
        }
        None => url.to_owned(),
    }
}

/// The user of a proxy, as it stands in front of the `@`, percent-decoded.
pub(in crate::cluster) fn user(proxy: &Uri) -> Option<(String, String)> {
    let authority = proxy.authority().map(Authority::as_str)?;
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    Some((decoded(name), decoded(password)))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let digits = after
            .get(..2)
            .filter(|two| two.bytes().all(|it| it.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(b'%');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: [&str; 3], server: &str) -> Option<String> {
        let [http, https, none] = variables.map(|it| (!it.is_empty()).then(|| it.to_owned()));
        let environment = Environment { http, https, none };
        let proxy = environment.proxy_for(&server.parse().unwrap());
        proxy.map(|proxy| proxy.to_string())
    }

    #[test]
    fn each_scheme_has_its_variable() {
        let both = ["http://plain:1", "http://secure:2", ""];
        let proxy = |server| chosen(both, server).unwrap();
        assert_eq!(proxy("https://k8s.example:6443"), "http://secure:2/");
        assert_eq!(proxy("http://k8s.example:8080"), "http://plain:1/");
        assert_eq!(
            chosen(["http://plain:1", "", ""], "https://k8s.example"),
            None
        );
    }

    #[test]
    fn no_proxy_is_matched_against_the_server_and_not_the_proxy() {
        let list = ".internal.example,proxy.corp";
        let variables = ["", "http://proxy.corp:3128", list];
        assert_eq!(chosen(variables, "https://k8s.internal.example:6443"), None);
        assert!(chosen(variables, "https://k8s.example:6443").is_some());
        assert_eq!(
            chosen(["", "http://p:1", "k8s.example:443"], "https://k8s.example"),
            None
        );
        assert!(chosen(["", "http://p:1", "k8s.example:80"], "https://k8s.example").is_some());
        assert_eq!(
            chosen(["", "http://p:1", ""], "https://127.0.0.1:6443"),
            None
        );
    }

    #[test]
    fn a_proxy_without_a_scheme_is_http_and_nonsense_is_none() {
        let proxy = |text| chosen(["", text, ""], "https://k8s.example");
        assert_eq!(proxy("proxy.corp:3128").unwrap(), "http://proxy.corp:3128/");
        assert_eq!(proxy("socks5://s:1080").unwrap(), "socks5://s:1080/");
        assert_eq!(proxy("http://"), None);
        assert_eq!(proxy("a b"), None);
    }

    #[test]
    fn a_password_is_decoded_for_the_proxy_and_never_shown() {
        let proxy: Uri = "http://joe:p%40ss@proxy:3128".parse().unwrap();
        assert_eq!(user(&proxy), Some(("joe".to_owned(), "p@ss".to_owned())));
        assert_eq!(shown("http://joe:pw@proxy:3128"), "http://proxy:3128");
        let error = of_cluster("ftp://joe:pw@proxy:3128").unwrap_err();
        assert!(!error.to_string().contains("pw"), "{error}");
    }
}
