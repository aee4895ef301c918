//! Where the photographs for tests are: in the folder that `RUSHLIGHT_SHARED` names, else beside the
//! repository.

use std::path::Path;
use std::path::PathBuf;

/// One folder of the test photographs; none, and a printed line, where they are not there.
pub fn folder(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("RUSHLIGHT_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let folder = root.join("photos").join(name);
    if !folder.is_dir() {
        println!("skipped: the test photographs are not there; folder: {}", folder.display());
        return None;
    }
    Some(folder)
}
