use super::*;

fn written(texts: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |(index, text): (usize, &&str)| {
        let path = folder.path().join(format!("{index}.yaml"));
        std::fs::write(&path, text).unwrap();
        path
    };
    let paths = texts.iter().enumerate().map(write).collect();
    (folder, paths)
}

#[test]
fn the_variable_is_a_list_and_its_empty_names_are_passed_over() {
    let home = || Some(PathBuf::from("/h"));
    let list = std::env::join_paths(["a", "", "b", "a"]).unwrap();
    assert_eq!(sought(Some(&list), home()), ["a", "b"].map(PathBuf::from));
    let usual = [PathBuf::from("/h").join(".kube").join("config")];
    assert_eq!(sought(None, home()), usual);
    assert_eq!(sought(Some(OsStr::new("")), home()), usual);
    let empty = std::env::join_paths(["", ""]).unwrap();
    assert_eq!(sought(Some(&empty), home()), Vec::<PathBuf>::new());
    assert_eq!(sought(None, None), Vec::<PathBuf>::new());
}

#[test]
fn the_first_file_that_names_a_thing_decides_on_it() {
    let (_folder, mut paths) = written(&[
        "current-context: ''\nusers: [{name: u, user: {token: first}}]",
        "current-context: b\nusers: [{name: u, user: {username: x}}, {name: v, user: {}}]",
        "current-context: c",
    ]);
    paths.insert(0, paths[0].with_file_name("missing.yaml"));
    let files = Files::read_all(paths.clone(), false).unwrap();
    assert_eq!(files.config.current_context.as_deref(), Some("b"));
    let users = &files.config.auth_infos;
    let names: Vec<_> = users.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["u", "v"]);
    let first = users[0].auth_info.as_ref().unwrap();
    assert!(first.token.is_some() && first.username.is_none());
    assert_eq!(files.read, paths[1..]);
}

#[test]
fn files_that_are_not_there_are_an_error_only_where_a_flag_names_them() {
    let missing = vec![PathBuf::from("no/such/file")];
    let files = Files::read_all(missing.clone(), false).unwrap();
    assert!(files.read.is_empty());
    let error = Files::read_all(missing, true).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the kubeconfig no/such/file does not exist"
    );
}

#[test]
fn relative_paths_are_those_of_the_file() {
    let text = "clusters: [{name: c, cluster: {certificate-authority: ca.pem}}]\n\
        users: [{name: u, user: {client-key: keys/k.pem, tokenFile: t, exec: {command: ./login}}}]";
    let (folder, paths) = written(&[text]);
    let config = Files::read_all(paths, true).unwrap().config;
    let under = |name: &str| folder.path().join(name).to_str().map(str::to_owned);
    let cluster = config.clusters[0].cluster.as_ref().unwrap();
    assert_eq!(cluster.certificate_authority, under("ca.pem"));
    let user = config.auth_infos[0].auth_info.as_ref().unwrap();
    assert_eq!(user.client_key, under("keys/k.pem"));
    assert_eq!(user.token_file, under("t"));
    assert_eq!(user.exec.as_ref().unwrap().command, under("./login"));
}

#[test]
fn no_error_shows_what_stands_in_a_file() {
    let secret = "SUPERSECRETTOKEN";
    let cases = [
        (
            "users:\n- name: u\n  user:\n    token: {SUPERSECRETTOKEN: 1}\n",
            "`token`",
        ),
        (
            "users:\n- name: u\n  user:\n    token: SUPERSECRETTOKEN\n    exec: SUPERSECRETTOKEN\n",
            "`exec`",
        ),
        (
            "users:\n- name: u\n  user:\n    token: \"SUPERSECRETTOKEN\n",
            "no valid YAML",
        ),
        (
            "users:\n- name: u\n  user: {token: SUPERSECRETTOKEN, exec: {provideClusterInfo: SUPERSECRETTOKEN}}\n",
            "wrong type",
        ),
        (
            "users:\n- name: u\n  user:\n    token: SUPERSECRETTOKEN\n   bad: SUPERSECRETTOKEN\n",
            "no valid YAML",
        ),
        ("SUPERSECRETTOKEN\n", "wrong type"),
        (
            "users:\n- name: u\n  SUPERSECRETTOKEN: 1\n  user: SUPERSECRETTOKEN\n",
            "`user`",
        ),
    ];
    for (text, kind) in cases {
        let (_folder, paths) = written(&[text]);
        let error = Files::read_all(paths, true).unwrap_err();
        let shown = format!("{error} {:?}", error.hints());
        assert!(!shown.contains(secret), "{shown}");
        assert!(shown.contains(kind), "{kind}: {shown}");
        assert!(shown.contains("0.yaml:"), "the place is told: {shown}");
    }
}
