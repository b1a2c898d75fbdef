//! Which servers are asked without a proxy, as Go decides it (`golang.org/x/net/http/httpproxy`), and so kubectl.

use std::net::IpAddr;

/// What NO_PROXY says. What makes no sense in it is passed over, as Go does.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct NoProxy(Vec<Entry>);

#[derive(Debug, PartialEq, Eq)]
enum Entry {
    /// `*`
    All,
    /// An address block; with the length of the whole address it is one address, and only then may it name a port.
    Block {
        address: IpAddr,
        prefix: u8,
        port: Option<String>,
    },
    /// A name; with `.` in front, only what lies below it.
    Domain {
        suffix: String,
        itself: bool,
        port: Option<String>,
    },
}

impl NoProxy {
    /// Reads the value of the variable: entries apart by commas, and by nothing else.
    pub(super) fn read(text: &str) -> Self {
        let entries = text.split(',').map(|entry| entry.trim().to_lowercase());
        let entries = entries.filter(|entry| !entry.is_empty());
        Self(entries.filter_map(|entry| Entry::read(&entry)).collect())
    }

    /// Whether `host` at `port` is asked directly. This machine always is.
    pub(super) fn spares(&self, host: &str, port: u16) -> bool {
        let host = host.trim_matches(['[', ']']).to_lowercase();
        let address = host
            .parse::<IpAddr>()
            .ok()
            .map(|found| found.to_canonical());
        if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
            return true;
        }
        let port = port.to_string();
        self.0
            .iter()
            .any(|entry| entry.matches(&host, address, &port))
    }
}

impl Entry {
    fn read(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        if let Some(block) = block(text) {
            return Some(block);
        }
        let (host, port) = split_port(text);
        let port = port.filter(|port| !port.is_empty()).map(str::to_owned);
        if let Ok(address) = host.parse::<IpAddr>() {
            let address = address.to_canonical();
            return Some(Self::Block {
                address,
                prefix: width(address),
                port,
            });
        }
        let name = host.strip_prefix('*').filter(|rest| rest.starts_with('.'));
        let name = name.unwrap_or(host);
        if name.is_empty() {
            return None;
        }
        let below = name.starts_with('.');
        Some(Self::Domain {
            suffix: if below {
                name.to_owned()
            } else {
                format!(".{name}")
            },
            itself: !below,
            port,
        })
    }

    fn matches(&self, host: &str, address: Option<IpAddr>, port: &str) -> bool {
        let port_fits = |wanted: &Option<String>| wanted.as_deref().is_none_or(|it| it == port);
        match self {
            Self::All => true,
            Self::Block {
                address: block,
                prefix,
                port,
            } => address.is_some_and(|address| within(address, *block, *prefix)) && port_fits(port),
            Self::Domain {
                suffix,
                itself,
                port,
            } => (host.ends_with(suffix) || (*itself && host == &suffix[1..])) && port_fits(port),
        }
    }
}

/// `10.0.0.0/8`
fn block(text: &str) -> Option<Entry> {
    let (address, prefix) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let prefix: u8 = prefix.parse().ok()?;
    (prefix <= width(address)).then_some(Entry::Block {
        address,
        prefix,
        port: None,
    })
}

/// Host and port, where there is one: `a:1`, `[::1]:1`, while `::1` is all host.
fn split_port(text: &str) -> (&str, Option<&str>) {
    if let Some(rest) = text.strip_prefix('[') {
        return match rest.split_once("]:") {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        };
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (text, None),
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn within(address: IpAddr, block: IpAddr, prefix: u8) -> bool {
    match (address, block) {
        (IpAddr::V4(address), IpAddr::V4(block)) => {
            let rest = u32::from(32 - prefix);
            u32::from(address).checked_shr(rest) == u32::from(block).checked_shr(rest)
        }
        (IpAddr::V6(address), IpAddr::V6(block)) => {
            let rest = u32::from(128 - prefix);
            u128::from(address).checked_shr(rest) == u128::from(block).checked_shr(rest)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spared(list: &str, host: &str, port: u16) -> bool {
        NoProxy::read(list).spares(host, port)
    }

    #[test]
    fn a_name_spares_itself_and_what_lies_below_and_with_a_dot_only_the_latter() {
        assert!(spared("example.com", "example.com", 443));
        assert!(spared("example.com", "api.example.com", 443));
        assert!(!spared("example.com", "badexample.com", 443));
        for below in [".example.com", "*.example.com"] {
            assert!(spared(below, "api.example.com", 443), "{below}");
            assert!(!spared(below, "example.com", 443), "{below}");
        }
        assert!(spared("EXAMPLE.com", "Api.Example.COM", 443));
    }

    #[test]
    fn a_port_restricts_an_entry() {
        assert!(spared("example.com:6443", "example.com", 6443));
        assert!(!spared("example.com:6443", "example.com", 443));
        assert!(spared("10.0.0.1:6443", "10.0.0.1", 6443));
        assert!(!spared("10.0.0.1:6443", "10.0.0.1", 443));
        assert!(spared("[fd00::1]:6443", "[fd00::1]", 6443));
        assert!(!spared("[fd00::1]:6443", "[fd00::1]", 443));
    }

    #[test]
    fn addresses_and_blocks_spare_addresses() {
        assert!(spared("10.0.0.1", "10.0.0.1", 443));
        assert!(!spared("10.0.0.1", "10.0.0.10", 443));
        assert!(spared("10.0.0.0/8", "10.200.3.4", 443));
        assert!(!spared("10.0.0.0/8", "11.0.0.1", 443));
        assert!(spared("0.0.0.0/0", "192.0.2.1", 443));
        assert!(!spared("0.0.0.0/0", "fd00::1", 443));
        assert!(spared("fd00::/8", "[fd12::1]", 443));
        assert!(spared("fd00::1", "fd00::1", 443));
        assert!(!spared("10.0.0.0/8", "ten.example", 443));
    }

    #[test]
    fn odd_spellings_do_no_harm() {
        assert!(spared(" a.example , b.example ,", "b.example", 443));
        assert!(spared(",,a.example", "a.example", 443));
        assert!(spared(
            "<local>,10.0.0.0/99,:80,a.example",
            "a.example",
            443
        ));
        // Go splits at commas alone: this is one name, which nothing is called.
        assert!(!spared("a.example b.example", "b.example", 443));
        assert!(!spared("", "a.example", 443));
        assert!(spared("x.example,*", "anything", 443));
    }

    #[test]
    fn this_machine_is_always_spared() {
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"] {
            assert!(spared("", host, 6443), "{host}");
        }
        assert!(!spared("", "localhost.example", 6443));
    }
}
