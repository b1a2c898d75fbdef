//! Running the command of a guide, or, where running it here would build the workspace inside of its own tests, holding
//! everything that it needs.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::guide::root;

/// What decides on colours, widths and the cluster, and must come from no developer's shell.
const AMBIENT: [&str; 7] = [
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "TERM",
    "CI",
    "KUBERNETES_SERVICE_HOST",
];

/// The standard output of a command as typed in the workspace's folder; none where it was held without a run.
///
/// # Errors
/// It fails, or this test does not know how to run it.
pub(crate) fn run(command: &str) -> Result<Option<String>, String> {
    let (feeder, last) = match command.split_once(" | ") {
        Some((feeder, last)) => (Some(feeder), last),
        None => (None, command),
    };
    let words: Vec<&str> = last.split_whitespace().collect();
    if last.contains(['|', '>', '<', ';', '&', '"', '\'', '\\', '$', '`']) {
        return Err("needs a shell, which this test is not: write it plainer".to_owned());
    }
    let input = feeder.map(feed).transpose()?.unwrap_or_default();
    match words.as_slice() {
        ["cargo", "run", "--release", "--", arguments @ ..] => {
            plugin_is_what_cargo_runs()?;
            plugin(arguments, &input).map(Some)
        }
        [
            "kubectl",
            "kscale",
            verb @ ("check" | "install" | "uninstall"),
            arguments @ ..,
        ] if !arguments
            .iter()
            .any(|one| ["--facts", "--offline"].contains(one)) =>
        {
            asks_a_cluster(verb, arguments).map(|()| None)
        }
        [
            "kubectl",
            "kscale",
            verb @ ("switch" | "undo"),
            arguments @ ..,
        ] if !arguments.contains(&"-f") => asks_a_cluster(verb, arguments).map(|()| None),
        ["kubectl", "kscale", arguments @ ..] => plugin(arguments, &input).map(Some),
        _ if feeder.is_some() => Err("takes no input that this test knows".to_owned()),
        ["cargo", "xtask", arguments @ ..] => xtask(arguments).map(|()| None),
        ["cargo", "install", "--locked", "--path", path] => installs(path).map(|()| None),
        [
            assigned @ ..,
            "cargo",
            "test",
            "--release",
            "-p",
            package,
            "--test",
            test,
        ]
        | [
            assigned @ ..,
            "cargo",
            "test",
            "--release",
            "-p",
            package,
            "--test",
            test,
            "--",
            "--nocapture",
        ] => tests(assigned, package, test).map(|()| None),
        _ => Err("unknown to this test: teach kubectl-kscale/tests/readme/run.rs".to_owned()),
    }
}

/// What `kubectl get` would print of a cluster: the examples, and one ConfigMap, in a List.
fn feed(command: &str) -> Result<Vec<u8>, String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let ["kubectl", "get", _kinds, "-A", "-o", "yaml" | "json"] = words.as_slice() else {
        return Err(format!("`{command}` is no input that this test knows"));
    };
    let mut items = vec![json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "config-autoscaler", "namespace": "knative-serving"},
        "data": {"enable-scale-to-zero": "true"},
    })];
    let paths = crate::examples::paths()
        .into_iter()
        .map(|path| root().join(path));
    for path in paths.filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(path).unwrap();
        items.push(serde_yaml::from_str::<Value>(&text).unwrap());
    }
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
    Ok(list.to_string().into_bytes())
}

/// There is no cluster here, so only the command line is held: the verb and its flags exist. `tests/cluster` holds the rest.
fn asks_a_cluster(verb: &str, arguments: &[&str]) -> Result<(), String> {
    plugin(&[&[verb], arguments, &["--help"]].concat(), &[]).map(drop)
}

/// The built plugin, as cargo or kubectl would start it.
fn plugin(arguments: &[&str], input: &[u8]) -> Result<String, String> {
    // What a command writes must not land in the tree.
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root().join("examples"), folder.path().join("examples")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-kscale"));
    command
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in AMBIENT {
        command.env_remove(name);
    }
    // No cluster, whatever the developer's kubeconfig names.
    command.env("KUBECONFIG", "/dev/null");
    // The marks of `check` are those of a reader whose terminal has them.
    command.env("LC_ALL", "C.UTF-8");
    let mut child = command.spawn().unwrap();
    // Whoever does not read its input closes it, which is no concern of this test.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    // The story of a switch stands beside what it prints.
    let tells_a_story = arguments.first() == Some(&"switch");
    // Nothing else may be said: a guide that shows a command shows all that matters of it.
    let noise = stderr
        .lines()
        .find(|line| !line.starts_with("passed over ") && !line.starts_with("would fix "))
        .filter(|_| !tells_a_story);
    // Findings are what these are shown for, and they are told by exit code 1.
    let tells = matches!(arguments.first(), Some(&("check" | "lint" | "preview")));
    let finds = tells && output.status.code() == Some(1);
    match (output.status.success() || finds, noise) {
        (true, None) => Ok(String::from_utf8(output.stdout).unwrap()),
        (true, Some(line)) => Err(format!("says on standard error: {line}")),
        (false, _) => Err(format!("ends with {}:\n{stderr}", output.status)),
    }
}

/// `cargo run` in the workspace's folder runs the default members' only binary.
fn plugin_is_what_cargo_runs() -> Result<(), String> {
    let metadata = metadata();
    let members = metadata["workspace_default_members"].as_array();
    let [member] = members.map(Vec::as_slice).unwrap_or_default() else {
        return Err("the workspace has not one default member".to_owned());
    };
    let package = packages(&metadata).find(|package| package["id"] == *member);
    let binaries: Vec<&str> = package
        .into_iter()
        .flat_map(|package| targets(package, "bin"))
        .collect();
    match binaries.as_slice() {
        ["kubectl-kscale"] => Ok(()),
        others => Err(format!("cargo would run {others:?}, not kubectl-kscale")),
    }
}

/// `cargo xtask test` runs these very tests, so only its help is asked for; that takes the alias, the package and the
/// subcommand with its flags. And what CI calls must be the command that the guides name.
fn xtask(arguments: &[&str]) -> Result<(), String> {
    let output = cargo()
        .arg("xtask")
        .args(arguments)
        .arg("--help")
        .current_dir(root())
        .output()
        .unwrap();
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("does not exist:\n{stderr}"));
    }
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    let called = ci.lines().any(|line| line == "exec cargo xtask test");
    if arguments == ["test"] && !called {
        return Err(".ci/run does not call it".to_owned());
    }
    Ok(())
}

fn installs(path: &str) -> Result<(), String> {
    let manifest = root().join(path).join("Cargo.toml");
    let metadata = metadata();
    let package = packages(&metadata)
        .find(|package| package["manifest_path"].as_str().map(Path::new) == Some(&manifest));
    let mut binaries = package
        .into_iter()
        .flat_map(|package| targets(package, "bin"));
    if binaries.any(|binary| binary == "kubectl-kscale") {
        return Ok(());
    }
    Err(format!("{path} holds no binary kubectl-kscale"))
}

/// The test exists, and reads the variables that are set for it.
fn tests(assigned: &[&str], package: &str, test: &str) -> Result<(), String> {
    let metadata = metadata();
    let target = packages(&metadata)
        .filter(|one| one["name"] == package)
        .flat_map(|one| one["targets"].as_array().into_iter().flatten())
        .find(|target| target["name"] == test && target["kind"] == json!(["test"]))
        .ok_or_else(|| format!("{package} has no test {test}"))?;
    // The test's own file, and those beside it.
    let folder = Path::new(target["src_path"].as_str().unwrap())
        .parent()
        .unwrap();
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let source: String = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    for word in assigned {
        let (name, _) = word
            .split_once('=')
            .ok_or_else(|| format!("{word} is no assignment"))?;
        if !source.contains(&format!("var_os(\"{name}\")")) {
            return Err(format!("{test} does not read {name}"));
        }
    }
    Ok(())
}

/// The cargo that runs this test.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The workspace as cargo reads it.
fn metadata() -> Value {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(root())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

/// The names of a package's targets of one kind.
fn targets<'a>(package: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a str> {
    let all = package["targets"].as_array().into_iter().flatten();
    all.filter(move |target| target["kind"] == json!([kind]))
        .filter_map(|target| target["name"].as_str())
}
