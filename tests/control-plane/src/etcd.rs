//! etcd: where the API server keeps what it is told.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Error;
use crate::client::Client;
use crate::keeper::Keeper;
use crate::port::free_ports;
use crate::process::Process;

/// Operations of one transaction; etcd's own limit is 128.
const BATCH: usize = 100;
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Etcd {
    process: Process,
    client: Client,
    /// `http://127.0.0.1:PORT`
    pub(crate) address: String,
}

impl Etcd {
    /// Starts one with its data in `folder`, and waits until it answers.
    pub(crate) fn start(program: &Path, folder: &Path, keeper: &mut Keeper) -> Result<Self, Error> {
        let [client, peer] = free_ports()?.map(|port| format!("http://127.0.0.1:{port}"));
        let mut command = Command::new(program);
        command
            .arg("--data-dir")
            .arg(folder.join("etcd"))
            .arg(format!("--listen-client-urls={client}"))
            .arg(format!("--advertise-client-urls={client}"))
            .arg(format!("--listen-peer-urls={peer}"))
            .arg(format!("--initial-advertise-peer-urls={peer}"))
            .arg(format!("--initial-cluster=default={peer}"))
            // Debian's etcd refuses other architectures than amd64 and arm64 without.
            .env("ETCD_UNSUPPORTED_ARCH", std::env::consts::ARCH);
        if says(program, "unsafe-no-fsync") {
            command.arg("--unsafe-no-fsync");
        }
        let log = folder.join("etcd.log");
        let process = Process::start("etcd", &mut command, log, keeper)?;
        let mut etcd = Self {
            process,
            client: Client::plain(&client)?,
            address: client,
        };
        etcd.wait()?;
        Ok(etcd)
    }

    fn wait(&mut self) -> Result<(), Error> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            self.process.check()?;
            let health = self.client.send("GET", "/health", "", None);
            if health.is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err(self.process.error("does not answer"))
    }

    /// Writes values under keys as they are, behind the API server's back.
    pub(crate) fn put(&self, pairs: &[(String, Value)]) -> Result<(), Error> {
        for batch in pairs.chunks(BATCH) {
            let puts: Vec<Value> = batch
                .iter()
                .map(|(key, value)| {
                    let put = json!({
                        "key": STANDARD.encode(key),
                        "value": STANDARD.encode(value.to_string()),
                    });
                    json!({ "requestPut": put })
                })
                .collect();
            let body = json!({ "success": puts });
            let answer = self
                .client
                .send("POST", "/v3/kv/txn", "application/json", Some(&body))?;
            if answer.status != 200 {
                return Err(Error::new(format!(
                    "etcd does not take {}: {}",
                    batch[0].0, answer.body
                )));
            }
        }
        Ok(())
    }
}

/// Whether the program's help knows a flag.
fn says(program: &Path, flag: &str) -> bool {
    Command::new(program)
        .arg("--help")
        .output()
        .is_ok_and(|output| {
            let text = [output.stdout, output.stderr].concat();
            String::from_utf8_lossy(&text).contains(flag)
        })
}
