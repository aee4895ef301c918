//! Which files of the folders given are photos.
//!
//! A folder is searched with all that is in it; symbolic links are followed, loops among them are
//! cut. In folders the name decides (opening 100,000 files to look would cost minutes); a file that
//! the person names is looked into unless its name says that it is a photo: then whoever reads it
//! tells what it really is. What cannot be read is told and passed over.
//!
//! A raw file beside a picture of the same name is not a photo of its own but the picture's twin: one
//! photo, shown by the picture. That takes a second listing of a folder with raw files in it.
//!
//! What two of the paths given both reach is told once (`overlapping_folders_tell_a_photo_once`). A
//! photo that a link within one folder reaches once more is told once more: telling would take a
//! question to the system for each of 100,000 files.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;

use walkdir::WalkDir;

use super::DiskError;
use super::DiskResult;
use super::raw::has_raw_name;
use super::source::Source;

/// The names that photos have, in lower case.
const EXTENSIONS: [&str; 9] = ["jpg", "jpeg", "jpe", "jfif", "mpo", "png", "webp", "tif", "tiff"];

/// Something that was found.
#[derive(Debug)]
pub enum Found {
    /// A photo, by its name.
    Photo(PathBuf),
    /// The raw file of a photo that is told too, before or after it.
    Twin(PathBuf),
    /// Something that cannot be read.
    Trouble(DiskError),
    /// Something else, told so that a scan that finds no photo can be broken off too.
    Other,
}

/// Refuses a path that cannot be opened.
///
/// # Errors
/// When there is nothing at the path, or the folder cannot be listed.
pub fn check_root(path: &Path) -> DiskResult<()> {
    let known = fs::metadata(path).map_err(|_| DiskError::Missing { path: path.to_owned() })?;
    if known.is_dir() {
        let failed = |source| DiskError::Folder { path: path.to_owned(), source };
        fs::read_dir(path).map_err(failed)?;
    }
    Ok(())
}

/// Tells `visit` every photo under `roots`, each once, in the order of the file system, until it
/// breaks off.
pub fn scan(roots: &[PathBuf], visit: &mut dyn FnMut(Found) -> ControlFlow<()>) {
    // Only roots can overlap; one root never tells a path twice.
    let mut seen = (roots.len() > 1).then(Seen::default);
    let mut pairs = Pairs::of_roots(roots);
    for root in roots {
        let mut take = |found: Found| {
            let is_new = match (&found, &mut seen) {
                (Found::Photo(path), Some(seen)) => seen.note(path),
                _ => true,
            };
            visit(match found {
                _ if !is_new => Found::Other,
                Found::Photo(path) if has_raw_name(&path) && pairs.has_picture(&path, root) => {
                    Found::Twin(path)
                }
                found => found,
            })
        };
        if scan_root(root, &mut take).is_break() {
            return;
        }
    }
}

/// The photos told so far, by where they really are.
#[derive(Default)]
struct Seen {
    files: HashSet<PathBuf>,
    /// The last folder as it was named, and where it really is: files come folder by folder.
    folder: Option<(PathBuf, PathBuf)>,
}

impl Seen {
    /// Whether the photo is a new one.
    fn note(&mut self, path: &Path) -> bool {
        self.real(path).is_none_or(|real| self.files.insert(real))
    }

    fn real(&mut self, path: &Path) -> Option<PathBuf> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return None };
        if fs::symlink_metadata(path).is_ok_and(|known| known.is_symlink()) {
            return fs::canonicalize(path).ok();
        }
        if self.folder.as_ref().is_none_or(|(named, _)| named != folder) {
            // The parent of a bare name is "", which stands for here.
            let asked = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            self.folder = Some((folder.to_owned(), fs::canonicalize(asked).ok()?));
        }
        self.folder.as_ref().map(|(_, real)| real.join(name))
    }
}

/// Which raw files have a picture of the same name beside them.
struct Pairs {
    /// Pictures that the person named, without their extensions.
    named: HashSet<PathBuf>,
    /// A folder, and its pictures without their extensions: files come folder by folder.
    folder: Option<(PathBuf, HashSet<OsString>)>,
}

impl Pairs {
    fn of_roots(roots: &[PathBuf]) -> Self {
        let pictures = roots.iter().filter(|root| has_picture_name(root));
        Self { named: pictures.map(|root| root.with_extension("")).collect(), folder: None }
    }

    /// Whether a raw file found under `root` has its picture beside it. Of a raw file that the person
    /// named, the picture must have been named too, or neither would be shown.
    fn has_picture(&mut self, raw: &Path, root: &Path) -> bool {
        if raw == root {
            return self.named.contains(&raw.with_extension(""));
        }
        let (Some(folder), Some(stem)) = (raw.parent(), raw.file_stem()) else { return false };
        if self.folder.as_ref().is_none_or(|(known, _)| known != folder) {
            self.folder = Some((folder.to_owned(), picture_stems(folder)));
        }
        self.folder.as_ref().is_some_and(|(_, stems)| stems.contains(stem))
    }
}

/// The pictures of a folder, without their extensions; none where it cannot be listed (again).
fn picture_stems(folder: &Path) -> HashSet<OsString> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path()).filter(|path| has_picture_name(path));
    paths.filter_map(|path| Some(path.file_stem()?.to_owned())).collect()
}

fn scan_root(root: &Path, visit: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    match fs::metadata(root) {
        Err(e) if e.kind() == ErrorKind::NotFound => {
            visit(Found::Trouble(DiskError::Missing { path: root.to_owned() }))
        }
        Err(source) => visit(Found::Trouble(DiskError::Read { path: root.to_owned(), source })),
        Ok(known) if known.is_dir() => scan_folder(root, visit),
        Ok(_) if has_photo_name(root) => visit(Found::Photo(root.to_owned())),
        Ok(_) => visit(match Source::open(root).and_then(|mut s| s.format()) {
            Ok(_) => Found::Photo(root.to_owned()),
            Err(error) => Found::Trouble(error),
        }),
    }
}

fn scan_folder(root: &Path, visit: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    let walk = WalkDir::new(root).follow_links(true).into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name())) {
        match entry {
            Ok(entry) if !entry.file_type().is_dir() && has_photo_name(entry.path()) => {
                visit(Found::Photo(entry.into_path()))?;
            }
            Ok(_) => visit(Found::Other)?,
            Err(error) => {
                if let Some(trouble) = trouble(error, root) {
                    visit(Found::Trouble(trouble))?;
                }
            }
        }
    }
    ControlFlow::Continue(())
}

/// What to tell of an entry that cannot be read; nothing where no photo is missed.
fn trouble(error: walkdir::Error, root: &Path) -> Option<DiskError> {
    let path = error.path().unwrap_or(root).to_owned();
    // A loop has no error of the system: it leads to where the scan has been.
    let source = error.into_io_error()?;
    if fs::metadata(&path).is_ok_and(|known| known.is_dir()) {
        return Some(DiskError::Folder { path, source });
    }
    // A link that leads nowhere, or a file that went away: a loss only if it was a photo.
    has_photo_name(&path).then_some(DiskError::Read { path, source })
}

/// Whether a file in a folder is taken for a photo.
#[must_use]
pub fn has_photo_name(path: &Path) -> bool {
    has_picture_name(path) || has_raw_name(path)
}

/// Whether a name is that of a picture that is read, raw files aside.
#[must_use]
pub fn has_picture_name(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|e| EXTENSIONS.iter().any(|x| x.eq_ignore_ascii_case(e)))
}

/// Hidden files are thumbnails and leftovers of other programs (`._DSC_1.JPG` of a Mac).
#[must_use]
pub fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().first() == Some(&b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes the files named and tells what is found under `roots`, without the folder.
    #[track_caller]
    fn check(files: &[&str], roots: &[&str], expect: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, [0xFF, 0xD8, 0xFF, 0xD9]).unwrap();
        }
        let roots: Vec<PathBuf> = roots.iter().map(|r| folder.path().join(r)).collect();
        let mut found = Vec::new();
        scan(&roots, &mut |item| {
            found.push(match item {
                Found::Photo(path) => {
                    path.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned()
                }
                Found::Trouble(error) => format!("trouble: {}", error.path().ends_with("gone")),
                Found::Twin(path) => {
                    let name = path.strip_prefix(folder.path()).unwrap().to_string_lossy();
                    format!("twin: {name}")
                }
                Found::Other => return ControlFlow::Continue(()),
            });
            ControlFlow::Continue(())
        });
        found.sort();
        assert_eq!(found, expect);
    }

    #[test]
    fn folders_are_searched_with_all_that_is_in_them() {
        check(
            &["a.jpg", "b/c.JPEG", "b/d/e.tif", "b/notes.txt", "b/f.cr2"],
            &[""],
            &["a.jpg", "b/c.JPEG", "b/d/e.tif", "b/f.cr2"],
        );
    }

    #[test]
    fn a_raw_file_beside_its_picture_is_no_photo_of_its_own() {
        check(
            &["a/1.JPG", "a/1.CR2", "a/2.NEF", "b/2.jpg", "b/sub/x.ARW", "b/2.DNG"],
            &[""],
            &["a/1.JPG", "a/2.NEF", "b/2.jpg", "b/sub/x.ARW", "twin: a/1.CR2", "twin: b/2.DNG"],
        );
    }

    #[test]
    fn a_raw_file_that_was_named_is_a_twin_only_of_a_picture_that_was_named() {
        check(&["1.jpg", "1.cr3"], &["1.cr3"], &["1.cr3"]);
        check(&["1.jpg", "1.cr3"], &["1.cr3", "1.jpg"], &["1.jpg", "twin: 1.cr3"]);
    }

    #[test]
    fn hidden_files_and_folders_are_passed_over() {
        check(&["._a.jpg", ".thumbs/a.jpg", "a.jpg"], &[""], &["a.jpg"]);
    }

    #[test]
    fn overlapping_folders_tell_a_photo_once() {
        check(&["a/b.jpg"], &["", "a", "a/b.jpg"], &["a/b.jpg"]);
        check(&["a/b.jpg", "c/d.jpg"], &["a/../c", "c/d.jpg", "c"], &["a/../c/d.jpg"]);
    }

    #[test]
    fn a_named_file_is_looked_into_whatever_its_name() {
        check(&["picture"], &["picture"], &["picture"]);
    }

    #[test]
    fn a_folder_that_is_named_like_a_photo_is_searched() {
        check(&["x.jpg/a.jpg"], &[""], &["x.jpg/a.jpg"]);
        check(&["x.jpg/a.jpg"], &["x.jpg"], &["x.jpg/a.jpg"]);
    }

    #[test]
    fn a_named_file_that_is_no_picture_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        fs::write(&path, "no picture").unwrap();
        let mut told = Vec::new();
        scan(&[path], &mut |found| {
            told.push(matches!(found, Found::Trouble(DiskError::NotPicture { .. })));
            ControlFlow::Continue(())
        });
        assert_eq!(told, [true]);
    }

    #[test]
    fn a_scan_ends_when_it_is_told_to() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.jpg", "b.jpg", "c.jpg"] {
            fs::write(folder.path().join(name), [0xFF]).unwrap();
        }
        let mut count = 0;
        scan(&[folder.path().to_owned(), folder.path().to_owned()], &mut |_| {
            count += 1;
            ControlFlow::Break(())
        });
        assert_eq!(count, 1);
    }

    #[test]
    fn what_is_not_there_is_told_and_the_rest_is_found() {
        check(&["a.jpg"], &["gone", "a.jpg"], &["a.jpg", "trouble: true"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_loops_among_them_are_cut() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("shoot")).unwrap();
        fs::write(path("a.jpg"), [0xFF]).unwrap();
        symlink(path("a.jpg"), path("shoot/link.jpg")).unwrap();
        symlink(path("shoot"), path("shoot/again")).unwrap();
        symlink(path("gone"), path("shoot/dangling.jpg")).unwrap();
        symlink(path("gone"), path("shoot/dangling.txt")).unwrap();
        let mut found = Vec::new();
        let roots = [path("shoot"), path("a.jpg")];
        scan(&roots, &mut |item| {
            found.push(match item {
                Found::Photo(path) => path,
                Found::Trouble(error) => error.path().to_owned(),
                Found::Twin(_) | Found::Other => return ControlFlow::Continue(()),
            });
            ControlFlow::Continue(())
        });
        found.sort();
        // The link and the file that it leads to are one photo.
        assert_eq!(found, [path("shoot/dangling.jpg"), path("shoot/link.jpg")]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_no_text_are_found() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(OsStr::from_bytes(b"\xFF\xFE.jpg"));
        fs::write(&path, [0xFF]).unwrap();
        let mut found = Vec::new();
        scan(&[folder.path().to_owned()], &mut |item| {
            found.extend(match item {
                Found::Photo(path) => Some(path),
                Found::Twin(_) | Found::Trouble(_) | Found::Other => None,
            });
            ControlFlow::Continue(())
        });
        assert_eq!(found, [path]);
    }
}
