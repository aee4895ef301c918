//! Which raw file and which picture are one photo: the same folder, the same name but for its end.
//!
//! For single files that have come; `scan` finds the pairs of whole folders by their lists.

use std::path::Path;
use std::path::PathBuf;

use super::EXTENSIONS;
use super::has_raw_name;

/// The names that cameras and converters give to pictures beside raw files, in lower case.
const PICTURES: [&str; 5] = ["jpg", "jpeg", "png", "tif", "tiff"];

/// The picture of the raw file `path`; `None` for other files, and where there is none.
#[must_use]
pub fn picture_beside(path: &Path) -> Option<PathBuf> {
    has_raw_name(path).then(|| beside(path, &PICTURES)).flatten()
}

/// The raw file of the picture `path`; `None` for raw files, and where there is none.
#[must_use]
pub fn raw_beside(path: &Path) -> Option<PathBuf> {
    (!has_raw_name(path)).then(|| beside(path, &EXTENSIONS)).flatten()
}

/// Cameras write extensions in capitals or not, never mixed.
fn beside(path: &Path, extensions: &[&str]) -> Option<PathBuf> {
    let capitals = extensions.iter().map(|extension| extension.to_uppercase());
    let plain = extensions.iter().map(|extension| (*extension).to_owned());
    let mut candidates = capitals.chain(plain).map(|extension| path.with_extension(extension));
    candidates.find(|candidate| candidate.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_found_from_either_side() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["1.JPG", "1.cr3", "2.jpg", "3.NEF"] {
            std::fs::write(path(name), [0]).unwrap();
        }
        assert_eq!(picture_beside(&path("1.cr3")), Some(path("1.JPG")));
        assert_eq!(raw_beside(&path("1.JPG")), Some(path("1.cr3")));
        for name in ["1.JPG", "2.jpg", "3.NEF"] {
            assert_eq!(picture_beside(&path(name)), None, "{name}");
        }
        for name in ["1.cr3", "2.jpg", "3.NEF"] {
            assert_eq!(raw_beside(&path(name)), None, "{name}");
        }
    }
}
