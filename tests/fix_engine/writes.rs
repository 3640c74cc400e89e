use std::fs;
use std::path::{Path, PathBuf};

use dashlint::fix::{WriteError, write_atomically};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn with(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(&path, text).expect("a file");
        path
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

#[test]
fn replaces_the_text_and_leaves_nothing_behind() {
    let folder = Folder::new();
    let path = folder.with("a.json", "old");
    write_atomically(&path, "old", "new", &[folder.path("")]).expect("written");
    assert_eq!(read(&path), "new");
    assert_eq!(fs::read_dir(folder.path("")).expect("a folder").count(), 1);
}

#[test]
fn a_file_may_be_its_own_root() {
    let folder = Folder::new();
    let path = folder.with("a.json", "old");
    write_atomically(&path, "old", "new", std::slice::from_ref(&path)).expect("written");
    assert_eq!(read(&path), "new");
}

#[test]
fn refuses_a_file_that_changed() {
    let folder = Folder::new();
    let path = folder.with("a.json", "newer");
    let error = write_atomically(&path, "old", "new", &[folder.path("")]).expect_err("refused");
    assert!(matches!(error, WriteError::Changed { .. }), "{error}");
    assert!(error.to_string().ends_with("run again"));
    assert_eq!(read(&path), "newer");
    assert_eq!(fs::read_dir(folder.path("")).expect("a folder").count(), 1);
}

#[test]
fn refuses_a_file_that_is_gone_and_a_folder() {
    let folder = Folder::new();
    let roots = [folder.path("")];
    let gone = write_atomically(&folder.path("no.json"), "", "new", &roots);
    assert!(matches!(gone, Err(WriteError::Unreadable { .. })));
    let directory = write_atomically(&folder.path(""), "", "new", &roots);
    assert!(matches!(directory, Err(WriteError::NotAFile { .. })));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn keeps_the_mode() {
        let folder = Folder::new();
        for mode in [0o600, 0o644, 0o664, 0o755] {
            let path = folder.with("a.json", "old");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
            let before = fs::metadata(&path).expect("a file");
            write_atomically(&path, "old", "new", &[folder.path("")]).expect("written");
            let after = fs::metadata(&path).expect("a file");
            assert_eq!(after.mode() & 0o7777, mode);
            assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
        }
    }

    #[test]
    fn refuses_a_read_only_file() {
        let folder = Folder::new();
        let path = folder.with("a.json", "old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("a mode");
        let error = write_atomically(&path, "old", "new", &[folder.path("")]).expect_err("refused");
        assert!(matches!(error, WriteError::ReadOnly { .. }), "{error}");
        assert_eq!(read(&path), "old");
    }

    #[test]
    fn a_link_inside_the_paths_is_followed_and_stays_a_link() {
        let folder = Folder::new();
        let real = folder.with("real/a.json", "old");
        let link = folder.path("link.json");
        symlink("real/a.json", &link).expect("a link");
        write_atomically(&link, "old", "new", &[folder.path("")]).expect("written");
        assert_eq!(read(&real), "new");
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    }

    #[test]
    fn a_link_out_of_the_paths_is_not_followed() {
        let folder = Folder::new();
        let real = folder.with("elsewhere/a.json", "old");
        fs::create_dir(folder.path("given")).expect("a folder");
        let link = folder.path("given/link.json");
        symlink(&real, &link).expect("a link");
        let folder_link = folder.path("given/folder");
        symlink(folder.path("elsewhere"), &folder_link).expect("a link");
        for (path, root) in [
            (link.clone(), folder.path("given")),
            (link.clone(), link),
            (folder_link.join("a.json"), folder.path("given")),
        ] {
            let error = write_atomically(&path, "old", "new", &[root]).expect_err("refused");
            assert!(matches!(error, WriteError::Outside { .. }), "{error}");
        }
        assert_eq!(read(&real), "old");
        // A linked folder that the user named is meant.
        write_atomically(&folder_link.join("a.json"), "old", "new", &[folder_link])
            .expect("written");
        assert_eq!(read(&real), "new");
    }
}
