//! `-v`.

use crate::certificates::Authority;
use crate::kubeconfig::Kubeconfig;
use crate::server::Server;

struct Here {
    _server: Server,
    config: Kubeconfig,
}

fn here() -> Here {
    let authority = Authority::new();
    let server = Server::secure(&authority.here());
    let config = Kubeconfig::new(&server.https()).trusting(&authority.pair);
    Here {
        _server: server,
        config,
    }
}

#[test]
fn each_request_has_a_line_however_the_level_is_spelled() {
    let here = here();
    for spelled in [
        &["-v"][..],
        &["-v=6"],
        &["-v6"],
        &["-v", "6"],
        &["--v=6"],
        &["--v", "6"],
    ] {
        let stderr = here.config.list(spelled).run().stderr;
        let lines: Vec<_> = stderr
            .lines()
            .filter(|line| line.starts_with("GET "))
            .collect();
        let about = |line: &str| {
            line.contains("/version 404 Not Found in ") && line.ends_with(" milliseconds")
        };
        assert!(
            lines.iter().any(|line| about(line)),
            "{spelled:?}: {stderr}"
        );
    }
    for quiet in [&[][..], &["-v=5"], &["-v=0"]] {
        let stderr = here.config.list(quiet).run().stderr;
        assert!(!stderr.contains("GET "), "{quiet:?}: {stderr}");
    }
}

#[test]
fn no_level_shows_a_secret() {
    let here = here();
    for level in ["-v=7", "-v=8", "-v=9", "-v=10", "-v=99"] {
        let stderr = here.config.list(&[level, "--as", "boss"]).run().stderr;
        assert!(
            stderr.contains("> authorization: Bearer <masked>\n"),
            "{stderr}"
        );
        assert!(stderr.contains("> impersonate-user: boss\n"), "{stderr}");
        let received = stderr.contains("< set-cookie: <masked>\n");
        assert_eq!(received, level != "-v=7", "{stderr}");
        assert!(!stderr.contains("SECRET"), "{stderr}");
    }
}
