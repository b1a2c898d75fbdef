//! Files written anew.

use std::fs;

use crate::edit::{SaveError, save};

#[test]
fn a_file_is_replaced_and_nothing_is_left_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(&path, "a: 1\n").unwrap();
    save(&path, "a: 1\n", "a: 2\n").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "a: 2\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_somebody_else_changed_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(&path, "a: 9\n").unwrap();
    let error = save(&path, "a: 1\n", "a: 2\n").unwrap_err();
    assert!(matches!(error, SaveError::Changed(_)), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "a: 9\n");
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = save(folder.path(), "", "a: 2\n").unwrap_err();
    assert!(matches!(error, SaveError::NotAFile(_)), "{error}");
    let error = save(&folder.path().join("nope"), "", "a: 2\n").unwrap_err();
    assert!(matches!(error, SaveError::Io { .. }), "{error}");
}

#[test]
#[cfg(unix)]
fn permissions_stay_and_links_are_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("real.yaml");
    let link = folder.path().join("link.yaml");
    fs::write(&target, "a: 1\n").unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&target, &link).unwrap();
    save(&link, "a: 1\n", "a: 2\n").unwrap();
    assert_eq!(fs::read_to_string(&target).unwrap(), "a: 2\n");
    assert_eq!(
        fs::metadata(&target).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert!(
        fs::symlink_metadata(&link)
            .unwrap()
            .file_type()
            .is_symlink()
    );
    fs::set_permissions(&target, fs::Permissions::from_mode(0o440)).unwrap();
    let error = save(&link, "a: 2\n", "a: 3\n").unwrap_err();
    assert!(matches!(error, SaveError::ReadOnly(_)), "{error}");
}
