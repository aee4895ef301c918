//! Which sidecars belong to a photo.
//!
//! Two layouts are in use: `IMG.xmp` (Lightroom, Capture One) and `IMG.JPG.xmp` (darktable, digiKam).
//! Those that exist are used, all of them, so that no program loses its own; only where there is none
//! the setting decides. Of a pair of JPEG and raw file, `IMG.xmp` is the raw file's in the programs
//! that write it, and `IMG.JPG.xmp` and `IMG.CR2.xmp` are two: the pair is one photo here, so all of
//! them say the same.
//!
//! Where two photos share a stem (`IMG.JPG` beside `IMG.PNG`), `IMG.xmp` could be either's, and is
//! neither read nor written (`a_stem_that_two_photos_share_is_nobodys`).

use std::collections::HashMap;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use super::settings::Layout;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::scan;

/// The predecessor's list of decisions in a folder.
pub const PREDECESSOR: &str = ".ratings_tags.json";

/// Whether a path has a sidecar's name.
#[must_use]
pub fn is_sidecar(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xmp"))
}

/// The names in a folder that tell which sidecars are whose.
#[derive(Debug, Default)]
pub struct Names {
    sidecars: HashSet<OsString>,
    /// How many pictures, raw files aside, have a stem.
    stems: HashMap<OsString, u32>,
    has_predecessor: bool,
}

impl Names {
    /// Lists a folder.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub fn list(folder: &Path) -> DiskResult<Self> {
        let failed = |source| DiskError::Folder { path: folder.to_owned(), source };
        // The parent of a bare name is "", which stands for here.
        let asked = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut names = Self::default();
        for entry in fs::read_dir(asked).map_err(failed)? {
            names.add(entry.map_err(failed)?.file_name());
        }
        Ok(names)
    }

    fn add(&mut self, name: OsString) {
        let path = Path::new(&name);
        if is_sidecar(path) {
            self.sidecars.insert(name);
        } else if name == PREDECESSOR {
            self.has_predecessor = true;
        } else if scan::has_picture_name(path)
            && let Some(stem) = path.file_stem()
        {
            *self.stems.entry(stem.to_owned()).or_default() += 1;
        }
    }

    /// Says that a file of this name has been made.
    pub fn note(&mut self, name: &str) {
        self.add(name.into());
    }

    /// Whether there are sidecars, or a predecessor's list, that the other listing lacks.
    #[must_use]
    pub fn has_more_than(&self, other: &Self) -> bool {
        (self.has_predecessor && !other.has_predecessor)
            || self.sidecars.iter().any(|name| !other.sidecars.contains(name))
    }

    /// Whether the predecessor has left its list.
    #[must_use]
    pub const fn has_predecessor(&self) -> bool {
        self.has_predecessor
    }

    /// The sidecars of a photo that exist.
    #[must_use]
    pub fn of(&self, photo: &Path, twin: Option<&Path>) -> Vec<PathBuf> {
        let files = [Some(photo), twin];
        let full = files.iter().flatten().map(|file| full(file));
        let stem = (!self.is_shared(photo)).then(|| photo.with_extension("xmp"));
        let is_there = |path: &PathBuf| path.file_name().is_some_and(|n| self.sidecars.contains(n));
        stem.into_iter()
            .chain(full)
            .filter_map(|path| {
                let capital = || path.with_extension("XMP");
                [path.clone(), capital()].into_iter().find(is_there)
            })
            .collect()
    }

    /// The sidecars to make for a photo that has none.
    #[must_use]
    pub fn to_make(&self, photo: &Path, twin: Option<&Path>, layout: Layout) -> Vec<PathBuf> {
        match layout {
            Layout::Stem if !self.is_shared(photo) => vec![photo.with_extension("xmp")],
            Layout::Stem | Layout::Full => {
                [Some(photo), twin].into_iter().flatten().map(full).collect()
            }
        }
    }

    fn is_shared(&self, photo: &Path) -> bool {
        photo.file_stem().and_then(|stem| self.stems.get(stem)).is_some_and(|&count| count > 1)
    }
}

/// `IMG.JPG.xmp`.
fn full(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or(OsStr::new("")).to_owned();
    name.push(".xmp");
    file.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is used, and what would be made in the two layouts, of the photo that is named first and
    /// its raw file, if there is one.
    #[track_caller]
    fn check(names: &[&str], existing: &[&str], made: [&[&str]; 2]) {
        let mut all = Names::default();
        names.iter().for_each(|name| all.add(name.into()));
        let twin = names.iter().find(|name| name.ends_with(".CR2")).map(Path::new);
        let photo = Path::new(names[0]);
        let words = |paths: Vec<PathBuf>| -> Vec<String> {
            paths.iter().map(|p| p.to_str().unwrap().to_owned()).collect()
        };
        assert_eq!(words(all.of(photo, twin)), existing, "{names:?}");
        for (layout, made) in [Layout::Stem, Layout::Full].into_iter().zip(made) {
            assert_eq!(words(all.to_make(photo, twin, layout)), made, "{names:?}");
        }
    }

    #[test]
    fn every_sidecar_that_exists_is_used() {
        check(&["a.JPG"], &[], [&["a.xmp"], &["a.JPG.xmp"]]);
        check(&["a.JPG", "a.xmp", "b.xmp"], &["a.xmp"], [&["a.xmp"], &["a.JPG.xmp"]]);
        check(
            &["a.JPG", "a.JPG.xmp", "a.XMP"],
            &["a.XMP", "a.JPG.xmp"],
            [&["a.xmp"], &["a.JPG.xmp"]],
        );
    }

    #[test]
    fn a_pair_keeps_the_sidecars_of_both_files() {
        let made: [&[&str]; 2] = [&["a.xmp"], &["a.JPG.xmp", "a.CR2.xmp"]];
        check(&["a.JPG", "a.CR2"], &[], made);
        check(
            &["a.JPG", "a.CR2", "a.xmp", "a.CR2.xmp", "a.JPG.xmp"],
            &["a.xmp", "a.JPG.xmp", "a.CR2.xmp"],
            made,
        );
    }

    #[test]
    fn a_stem_that_two_photos_share_is_nobodys() {
        check(&["a.JPG", "a.png", "a.xmp"], &[], [&["a.JPG.xmp"], &["a.JPG.xmp"]]);
    }

    #[test]
    fn a_name_with_points_keeps_its_stem() {
        check(&["a.b.jpg", "a.xmp", "a.b.xmp"], &["a.b.xmp"], [&["a.b.xmp"], &["a.b.jpg.xmp"]]);
    }
}
