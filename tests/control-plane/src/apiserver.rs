//! kube-apiserver: its flags, version by version, and its start.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Error;
use crate::certificates::{Authority, Pair, service_account_key};
use crate::client::Client;
use crate::keeper::Keeper;
use crate::port::free_ports;
use crate::process::Process;
use crate::users;

/// A machine that builds at the same time needs longer than the three seconds of an idle one.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) struct ApiServer {
    /// Held for its end.
    _process: Process,
    /// `https://127.0.0.1:PORT`
    pub(crate) address: String,
    pub(crate) admin: Client,
    /// The certificate that the server shows.
    pub(crate) served: Pair,
}

/// What a start needs.
pub(crate) struct Start<'a> {
    pub(crate) program: &'a Path,
    pub(crate) version: (u32, u32),
    pub(crate) etcd: &'a str,
    pub(crate) folder: &'a Path,
    pub(crate) authority: &'a Authority,
}

impl Start<'_> {
    /// Starts one, and waits until it says that it is ready.
    pub(crate) fn run(&self, keeper: &mut Keeper) -> Result<ApiServer, Error> {
        let served = self.authority.server()?;
        let (private, public) = service_account_key()?;
        for (name, text) in [
            ("server.crt", &served.certificate),
            ("server.key", &served.key),
            ("authority.crt", &self.authority.certificate),
            ("service-account.key", &private),
            ("service-account.pub", &public),
            ("tokens.csv", &users::token_file()),
        ] {
            std::fs::write(self.file(name), text).map_err(Error::of(format!("write {name}")))?;
        }
        let [port] = free_ports()?;
        let mut command = Command::new(self.program);
        command.args(self.flags(port));
        let log = self.file("kube-apiserver.log");
        let mut process = Process::start("kube-apiserver", &mut command, log, keeper)?;
        let address = format!("https://127.0.0.1:{port}");
        let token = users::token(users::ADMIN);
        let admin = Client::new(&address, &self.authority.certificate, &token)?;
        wait(&mut process, &admin)?;
        Ok(ApiServer {
            _process: process,
            address,
            admin,
            served,
        })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn flags(&self, port: u16) -> Vec<String> {
        let path = |name: &str| self.file(name).display().to_string();
        let mut flags = vec![
            format!("--etcd-servers={}", self.etcd),
            "--bind-address=127.0.0.1".to_owned(),
            format!("--secure-port={port}"),
            // Without a route to the world it finds no address of its own to tell, and nobody is to be told.
            "--advertise-address=127.0.0.1".to_owned(),
            "--endpoint-reconciler-type=none".to_owned(),
            format!("--tls-cert-file={}", path("server.crt")),
            format!("--tls-private-key-file={}", path("server.key")),
            // Whatever else it makes for itself goes where the rest is.
            format!("--cert-dir={}", path("made")),
            format!("--client-ca-file={}", path("authority.crt")),
            format!("--token-auth-file={}", path("tokens.csv")),
            format!("--service-account-key-file={}", path("service-account.pub")),
            format!(
                "--service-account-signing-key-file={}",
                path("service-account.key")
            ),
            "--service-account-issuer=https://kubernetes.default.svc".to_owned(),
            "--service-cluster-ip-range=10.0.0.0/24".to_owned(),
            "--authorization-mode=RBAC".to_owned(),
            // Nobody makes the `default` account of a namespace here, and pods would be refused for want of it.
            "--disable-admission-plugins=ServiceAccount".to_owned(),
            "--profiling=false".to_owned(),
        ];
        // Later versions know no port without TLS, and refuse the flag in the end.
        if self.version <= (1, 20) {
            flags.push("--insecure-port=0".to_owned());
        }
        flags
    }
}

fn wait(process: &mut Process, client: &Client) -> Result<(), Error> {
    let until = Instant::now() + PATIENCE;
    let mut said = "nothing yet".to_owned();
    while Instant::now() < until {
        process.check()?;
        match client.send("GET", "/readyz", "", None) {
            Ok(answer) if answer.status == 200 => return Ok(()),
            Ok(answer) => said = format!("{} {}", answer.status, answer.body),
            Err(error) => said = error.to_string(),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(process.error(&format!("is not ready: {said}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(version: (u32, u32)) -> Vec<String> {
        let authority = Authority::new().unwrap();
        let start = Start {
            program: Path::new("kube-apiserver"),
            version,
            etcd: "http://127.0.0.1:2379",
            folder: Path::new("folder"),
            authority: &authority,
        };
        start.flags(6443)
    }

    #[test]
    fn the_port_without_tls_is_closed_only_where_there_is_one() {
        let closed = "--insecure-port=0".to_owned();
        assert!(flags((1, 20)).contains(&closed));
        for minor in [21, 24, 30, 36] {
            assert!(!flags((1, minor)).contains(&closed), "1.{minor}");
        }
    }
}
