//! The control plane as a whole.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::apiserver::{ApiServer, Start};
use crate::certificates::{Authority, Pair};
use crate::client::Client;
use crate::etcd::Etcd;
use crate::keeper::Keeper;
use crate::kinds::Kinds;
use crate::kubeconfig::{self, Proof};
use crate::users::{self, ADMIN};
use crate::{Binaries, Error};

/// Somebody else may take a port between its choice and its use.
const TRIES: usize = 3;

/// A running API server with an etcd of its own.
///
/// The fields end in their order: the server, its store, who watches over both, and the folder.
pub struct ControlPlane {
    server: ApiServer,
    pub(crate) etcd: Etcd,
    _keeper: Keeper,
    folder: tempfile::TempDir,
    authority: Authority,
    version: (u32, u32),
    pub(crate) kinds: Kinds,
    count: AtomicUsize,
    users: AtomicUsize,
}

impl ControlPlane {
    /// Starts one, and returns when it is ready: about three seconds on an idle machine.
    pub fn start(binaries: &Binaries) -> Result<Self, Error> {
        let mut tries = 1;
        loop {
            match Self::try_start(binaries) {
                Err(error) if tries < TRIES && is_taken(&error) => tries += 1,
                done => return done,
            }
        }
    }

    fn try_start(binaries: &Binaries) -> Result<Self, Error> {
        let version = binaries.version().map_err(Error::new)?;
        let folder = tempfile::Builder::new()
            .prefix("kscale-plane-")
            .tempdir()
            .map_err(Error::of("make a temporary folder"))?;
        let mut keeper = Keeper::start(folder.path())?;
        let authority = Authority::new()?;
        let etcd = Etcd::start(&binaries.etcd, folder.path(), &mut keeper)?;
        let start = Start {
            program: &binaries.apiserver,
            version,
            etcd: &etcd.address,
            folder: folder.path(),
            authority: &authority,
        };
        let server = start.run(&mut keeper)?;
        let plane = Self {
            server,
            etcd,
            _keeper: keeper,
            folder,
            authority,
            version,
            kinds: Kinds::default(),
            count: AtomicUsize::new(0),
            users: AtomicUsize::new(0),
        };
        plane.kubeconfig_of(ADMIN)?;
        Ok(plane)
    }

    /// Major and minor version of Kubernetes.
    pub fn version(&self) -> (u32, u32) {
        self.version
    }

    /// `https://127.0.0.1:PORT`
    pub fn server(&self) -> &str {
        &self.server.address
    }

    /// Asks as the administrator.
    pub fn client(&self) -> &Client {
        &self.server.admin
    }

    /// A folder that vanishes with the control plane.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file of the authority that signed what the server shows.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.crt")
    }

    /// The certificate that the server shows: a leaf, no authority.
    pub fn server_certificate(&self) -> &Pair {
        &self.server.served
    }

    /// The administrator's kubeconfig. Its one context is `test`, without a namespace.
    pub fn kubeconfig(&self) -> PathBuf {
        self.kubeconfig_file(ADMIN)
    }

    /// The kubeconfig of a user ([`ControlPlane::user`]), with a token.
    pub fn kubeconfig_of(&self, user: &str) -> Result<PathBuf, Error> {
        let file = self.kubeconfig_file(user);
        self.write_kubeconfig(&file, self.server(), Some(&self.authority()), user)?;
        Ok(file)
    }

    /// A kubeconfig of anybody at all, who comes with a certificate rather than a token.
    pub fn kubeconfig_by_certificate(
        &self,
        user: &str,
        group: Option<&str>,
    ) -> Result<PathBuf, Error> {
        let groups: Vec<&str> = group.into_iter().collect();
        let pair = self.authority.client(user, &groups)?;
        let number = self.next_number();
        let path = |what: &str| self.folder.path().join(format!("client-{number}.{what}"));
        for (what, text) in [("crt", &pair.certificate), ("key", &pair.key)] {
            std::fs::write(path(what), text).map_err(Error::of("write a certificate"))?;
        }
        let proof = Proof::Certificate(path("crt"), path("key"));
        let file = path("kubeconfig");
        kubeconfig::write(
            &file,
            self.server(),
            Some(&self.authority()),
            (user, &proof),
        )?;
        Ok(file)
    }

    /// An ordinary user whom nobody else has, and who may nothing but ask what there is.
    pub fn user(&self) -> Result<String, Error> {
        let number = self.users.fetch_add(1, Ordering::Relaxed);
        if number < users::ORDINARY {
            Ok(users::ordinary(number))
        } else {
            Err(Error::new("all users are given away: see src/users.rs"))
        }
    }

    /// The token of a user.
    pub fn token(&self, user: &str) -> String {
        users::token(user)
    }

    /// Asks as somebody else.
    pub fn client_of(&self, user: &str) -> Result<Client, Error> {
        Client::new(
            self.server(),
            &self.authority.certificate,
            &users::token(user),
        )
    }

    /// The authority's certificate, in PEM.
    pub(crate) fn authority_pem(&self) -> &str {
        &self.authority.certificate
    }

    /// A kubeconfig for another address, of one user.
    pub(crate) fn write_kubeconfig(
        &self,
        file: &Path,
        server: &str,
        authority: Option<&Path>,
        user: &str,
    ) -> Result<(), Error> {
        let proof = Proof::Token(users::token(user));
        kubeconfig::write(file, server, authority, (user, &proof))
    }

    /// Numbers that nobody else has.
    pub(crate) fn next_number(&self) -> usize {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    fn kubeconfig_file(&self, user: &str) -> PathBuf {
        self.folder.path().join(format!("kubeconfig-{user}"))
    }
}

fn is_taken(error: &Error) -> bool {
    error.to_string().contains("address already in use")
}
