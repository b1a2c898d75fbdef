//! Certificates that are not trusted: what is wrong, and what to do.

use crate::certificates::{Authority, Pair, expired, its_own_authority, signed_by_itself, to_come};
use crate::kubeconfig::{Kubeconfig, steady};
use crate::server::{Answers, Server};

/// What is said of a server with this certificate, when it is judged by this authority.
fn said(served: &Pair, trusted: &Pair, arguments: &[&str]) -> String {
    let server = Server::secure(served);
    let config = Kubeconfig::new(&server.https()).trusting(trusted);
    let stderr = config.list(arguments).run().refused();
    assert!(
        server.heads().is_empty(),
        "nothing is sent to a server that is not trusted"
    );
    steady(&stderr, &[server.port], config.folder.path())
}

#[test]
fn a_certificate_of_the_authority_is_trusted() {
    let authority = Authority::new();
    let server = Server::secure(&authority.here());
    let config = Kubeconfig::new(&server.https()).trusting(&authority.pair);
    assert_eq!(config.list(&[]).run().code, 0);
    assert_eq!(server.header("authorization"), ["Bearer SECRETTOKEN"]);
}

#[test]
fn a_leaf_as_authority_is_explained() {
    let leaf = Authority::new().here();
    insta::assert_snapshot!(said(&leaf, &leaf, &[]), @"
    error: the certificate of https://127.0.0.1:PORT is signed by nobody who is trusted
    hint: the certificate authority of the kubeconfig must be the one that signed it: the authority's own certificate, not the server's. kubectl takes the server's as well
    hint: give the authority's with --certificate-authority FILE; on the cluster, the ConfigMap kube-root-ca.crt of every namespace holds it
    hint: --insecure-skip-tls-verify does without, but then anybody in between can read along, credentials included
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
}

#[test]
fn a_stranger_of_the_same_name_and_an_authority_that_serves_are_explained() {
    let stranger = said(&Authority::new().here(), &Authority::new().pair, &[]);
    insta::assert_snapshot!(stranger, @"
    error: the certificate of https://127.0.0.1:PORT is signed by nobody who is trusted
    hint: an authority of the same name is trusted, with another key: was the cluster made anew? Then its kubeconfig must be fetched anew, too
    hint: the certificate authority of the kubeconfig must be the one that signed it: the authority's own certificate, not the server's. kubectl takes the server's as well
    hint: give the authority's with --certificate-authority FILE; on the cluster, the ConfigMap kube-root-ca.crt of every namespace holds it
    hint: --insecure-skip-tls-verify does without, but then anybody in between can read along, credentials included
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
    let own = its_own_authority();
    insta::assert_snapshot!(said(&own, &own, &[]), @"
    error: the certificate of https://127.0.0.1:PORT is that of a certificate authority, and no server may use such
    hint: it signs itself and is trusted as what it is: kubectl takes that, TLS libraries that go by the rules do not
    hint: give the server a certificate of its own, signed by the authority
    hint: --insecure-skip-tls-verify does without, but then anybody in between can read along, credentials included
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
}

#[test]
fn who_signs_itself_is_trusted_as_what_it_is() {
    let own = signed_by_itself();
    let server = Server::secure(&own);
    let config = Kubeconfig::new(&server.https()).trusting(&own);
    assert_eq!(config.list(&[]).run().code, 0);
    let other = said(&own, &signed_by_itself(), &[]);
    assert!(other.contains("--certificate-authority FILE"), "{other}");
}

#[test]
fn without_an_authority_that_of_the_machine_counts() {
    let server = Server::secure(&Authority::new().here());
    let config = Kubeconfig::new(&server.https());
    let stderr = config.list(&[]).run().refused();
    insta::assert_snapshot!(steady(&stderr, &[server.port], config.folder.path()), @"
    error: the certificate of https://127.0.0.1:PORT is signed by nobody who is trusted
    hint: the kubeconfig names no certificate authority, so those of this machine count; give the cluster's with --certificate-authority FILE
    hint: --insecure-skip-tls-verify does without, but then anybody in between can read along, credentials included
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
}

#[test]
fn a_certificate_of_another_time_or_name_is_explained() {
    let authority = Authority::new();
    let names = ["127.0.0.1"];
    let old = said(&authority.server(&names, expired), &authority.pair, &[]);
    insta::assert_snapshot!(old, @"
    error: the certificate of https://127.0.0.1:PORT has expired
    hint: renew it on the cluster; is the clock of this machine right?
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
    let young = said(&authority.server(&names, to_come), &authority.pair, &[]);
    insta::assert_snapshot!(young, @"
    error: the certificate of https://127.0.0.1:PORT is not valid yet
    hint: is the clock of this machine right?
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
    let other = authority.server(&["k8s.example", "10.0.0.1"], |_| {});
    insta::assert_snapshot!(said(&other, &authority.pair, &[]), @"
    error: the certificate of https://127.0.0.1:PORT is not for 127.0.0.1, but for k8s.example, 10.0.0.1
    hint: use an address that it is for, or say which name to expect with --tls-server-name NAME
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
    let wrong = said(
        &other,
        &authority.pair,
        &["--tls-server-name", "other.example"],
    );
    insta::assert_snapshot!(wrong.lines().next().unwrap(), @"error: the certificate of https://127.0.0.1:PORT is not for other.example, but for k8s.example, 10.0.0.1");
}

#[test]
fn flags_make_trusted_what_is_not() {
    let authority = Authority::new();
    let server = Server::secure(&authority.server(&["k8s.example"], |_| {}));
    let config = Kubeconfig::new(&server.https()).trusting(&Authority::new().pair);
    let file = config.folder.path().join("right.pem");
    std::fs::write(&file, &authority.pair.certificate).unwrap();
    let file = file.to_str().unwrap();
    let named = [
        "--certificate-authority",
        file,
        "--tls-server-name",
        "k8s.example",
    ];
    assert_eq!(config.list(&named).run().code, 0);
    assert_eq!(
        config.list(&named[..2]).run().code,
        2,
        "the name is still wrong"
    );
    for blind in [
        "--insecure-skip-tls-verify",
        "--insecure-skip-tls-verify=true",
    ] {
        assert_eq!(config.list(&[blind]).run().code, 0, "{blind}");
    }
    assert_eq!(
        config
            .list(&["--insecure-skip-tls-verify=false"])
            .run()
            .code,
        2
    );
    let both = config.list(&[&named[..2], &["--insecure-skip-tls-verify"]].concat());
    let both = both.run().refused();
    insta::assert_snapshot!(steady(&both, &[], config.folder.path()), @"
    error: the certificate authority DIR/right.pem says what to trust, while insecure-skip-tls-verify says to trust anything
    hint: kubectl takes only one of them; take one out
    ");
}

#[test]
fn tls_and_none_are_told_apart() {
    let plain = Server::plain(Answers::Nothing);
    let config = Kubeconfig::new(&plain.https());
    let stderr = config.list(&[]).run().refused();
    insta::assert_snapshot!(steady(&stderr, &[plain.port], config.folder.path()), @"
    error: https://127.0.0.1:PORT does not speak TLS
    hint: is it a plain http:// server, or a port of something else?
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
    let answer = "Client sent an HTTP request to an HTTPS server.\n";
    let secure = Server::plain(Answers::Always("400 Bad Request", answer));
    let config = Kubeconfig::new(&secure.http());
    let stderr = config.list(&[]).run().refused();
    insta::assert_snapshot!(steady(&stderr, &[secure.port], config.folder.path()), @"
    error: Client sent an HTTP request to an HTTPS server.
    hint: the address of the server must start with https://
    hint: --offline answers without a cluster, --facts FILE from a snapshot of one
    ");
}
