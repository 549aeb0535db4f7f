//! Programs in folders, and on `PATH`.

use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

/// The first program of this name on `PATH`.
#[must_use]
pub fn on_path(name: &str) -> Option<PathBuf> {
    first_of(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()), name)
}

/// The first program of this name in the folders; as in a shell, a file that may not be executed hides none behind it.
pub fn first_of(folders: impl Iterator<Item = PathBuf>, name: &str) -> Option<PathBuf> {
    let may_run = |path: &PathBuf| path.metadata().is_ok_and(|file| file.is_file() && file.mode() & 0o111 != 0);
    folders.map(|folder| folder.join(name)).find(may_run)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_may_not_be_executed_hides_nothing() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let found = || first_of(folders.iter().map(|folder| folder.path().to_path_buf()), "busybox");
        let paths = [0, 1].map(|i: usize| folders[i].path().join("busybox"));
        paths.iter().for_each(|path| fs::write(path, "").unwrap());
        assert_eq!(found(), None);
        fs::set_permissions(&paths[1], fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(found().as_ref(), Some(&paths[1]));
    }
}
