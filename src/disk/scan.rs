//! Which files of the folders given are photos.
//!
//! A folder is searched with all that is in it; symbolic links are followed, loops among them are
//! cut. In folders the name decides (opening 100,000 files to look would cost minutes); a file that
//! the person names is looked into unless its name says that it is a photo: then whoever reads it
//! tells what it really is. What cannot be read is told and passed over.
//!
//! A raw file beside a JPEG of the same stem is no photo of its own but the JPEG's twin: the two are one
//! photo (`a_raw_file_beside_a_jpeg_is_its_twin`). Which it is, is known when the folder has been read,
//! so raw files are told then; everything else is told at once.
//!
//! What two of the paths given both reach is told once (`overlapping_folders_tell_a_photo_once`). A
//! photo that a link within one folder reaches once more is told once more: telling would take a
//! question to the system for each of 100,000 files.

use std::collections::BTreeMap;
use std::collections::HashMap;
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
use super::raw;
use super::source::Source;

/// The names that photos have, in lower case.
const EXTENSIONS: [&str; 9] = ["jpg", "jpeg", "jpe", "jfif", "mpo", "png", "webp", "tif", "tiff"];

/// Something that was found.
#[derive(Debug)]
pub enum Found {
    /// A photo, by its name.
    Photo(PathBuf),
    /// The raw file of a photo that has been told: which, counted from 0 in the order of telling.
    Twin(u32, PathBuf),
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
    let seen = (roots.len() > 1).then(Seen::default);
    let mut teller = Teller { visit, seen, count: 0 };
    // Files that are named one by one, by their folders: a pair may be named as two.
    let mut named = BTreeMap::new();
    for root in roots {
        if scan_root(root, &mut teller, &mut named).is_break() {
            return;
        }
    }
    for (folder, mut level) in named {
        level.raws.extend(twins_of_named(&folder, &level));
        if level.end(&mut teller).is_break() {
            return;
        }
    }
}

/// Tells what is found, and numbers the photos.
struct Teller<'a> {
    visit: &'a mut dyn FnMut(Found) -> ControlFlow<()>,
    seen: Option<Seen>,
    count: u32,
}

impl Teller<'_> {
    /// Tells a photo; gives its number, `None` where it has been told before.
    fn photo(&mut self, path: PathBuf) -> ControlFlow<(), Option<u32>> {
        if self.seen.as_mut().is_some_and(|seen| !seen.note(&path)) {
            (self.visit)(Found::Other)?;
            return ControlFlow::Continue(None);
        }
        let number = self.count;
        self.count += 1;
        (self.visit)(Found::Photo(path))?;
        ControlFlow::Continue(Some(number))
    }

    /// Tells a photo's raw file, which is then no photo under another root.
    fn twin(&mut self, number: u32, raw: PathBuf) -> ControlFlow<()> {
        let is_new = self.seen.as_mut().is_none_or(|seen| seen.note(&raw));
        (self.visit)(if is_new { Found::Twin(number, raw) } else { Found::Other })
    }

    fn tell(&mut self, found: Found) -> ControlFlow<()> {
        (self.visit)(found)
    }
}

/// What a raw file of the same stem is to a JPEG.
#[derive(Clone, Copy)]
enum Jpeg {
    /// The twin of the photo of this number.
    Free(u32),
    /// A photo by itself: the JPEG has its twin.
    Taken,
    /// Told before, as the JPEG was.
    Before,
}

/// A folder that is being read.
#[derive(Default)]
struct Level {
    /// How far below the root its files lie.
    depth: usize,
    /// The JPEGs by stem.
    jpegs: HashMap<OsString, Jpeg>,
    raws: Vec<PathBuf>,
}

impl Level {
    /// Takes a picture in, or lays a raw file aside.
    fn take(&mut self, path: PathBuf, teller: &mut Teller<'_>) -> ControlFlow<()> {
        if raw::has_raw_name(&path) {
            self.raws.push(path);
            return teller.tell(Found::Other);
        }
        let stem = path.file_stem().filter(|_| is_jpeg_name(&path)).map(OsStr::to_owned);
        let number = teller.photo(path)?;
        if let Some(stem) = stem {
            self.jpegs.entry(stem).or_insert(number.map_or(Jpeg::Before, Jpeg::Free));
        }
        ControlFlow::Continue(())
    }

    /// Tells the raw files, each as a twin or as a photo.
    fn end(mut self, teller: &mut Teller<'_>) -> ControlFlow<()> {
        self.raws.sort();
        for raw in std::mem::take(&mut self.raws) {
            let jpeg = raw.file_stem().and_then(|stem| self.jpegs.get_mut(stem));
            match jpeg.as_deref().copied() {
                Some(Jpeg::Free(number)) => {
                    jpeg.into_iter().for_each(|jpeg| *jpeg = Jpeg::Taken);
                    teller.twin(number, raw)?;
                }
                Some(Jpeg::Before) => teller.tell(Found::Other)?,
                Some(Jpeg::Taken) | None => _ = teller.photo(raw)?,
            }
        }
        ControlFlow::Continue(())
    }
}

/// The raw files beside JPEGs that were named without them.
fn twins_of_named(folder: &Path, level: &Level) -> Vec<PathBuf> {
    let asked = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(asked).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name());
    let is_twin = |name: &OsString| {
        let path = Path::new(name);
        raw::has_raw_name(path)
            && path.file_stem().is_some_and(|stem| level.jpegs.contains_key(stem))
    };
    let paths = names.filter(is_twin).map(|name| folder.join(name));
    paths.filter(|path| !level.raws.contains(path)).collect()
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

fn scan_root(
    root: &Path,
    teller: &mut Teller<'_>,
    named: &mut BTreeMap<PathBuf, Level>,
) -> ControlFlow<()> {
    let trouble = match fs::metadata(root) {
        Err(e) if e.kind() == ErrorKind::NotFound => {
            Some(DiskError::Missing { path: root.to_owned() })
        }
        Err(source) => Some(DiskError::Read { path: root.to_owned(), source }),
        Ok(known) if known.is_dir() => return scan_folder(root, teller),
        Ok(_) if has_photo_name(root) => None,
        Ok(_) => Source::open(root).and_then(|mut source| source.format()).err(),
    };
    if let Some(trouble) = trouble {
        return teller.tell(Found::Trouble(trouble));
    }
    let folder = root.parent().unwrap_or(Path::new("")).to_owned();
    named.entry(folder).or_default().take(root.to_owned(), teller)
}

fn scan_folder(root: &Path, teller: &mut Teller<'_>) -> ControlFlow<()> {
    let mut levels: Vec<Level> = Vec::new();
    let walk = WalkDir::new(root).follow_links(true).into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name())) {
        if let Ok(entry) = &entry {
            // Something this near to the root: what lies deeper has been read.
            while let Some(level) = levels.pop_if(|level| level.depth > entry.depth()) {
                level.end(teller)?;
            }
        }
        match entry {
            Ok(entry) if !entry.file_type().is_dir() && has_photo_name(entry.path()) => {
                let depth = entry.depth();
                if levels.last().is_none_or(|level| level.depth < depth) {
                    levels.push(Level { depth, ..Level::default() });
                }
                if let Some(level) = levels.last_mut() {
                    level.take(entry.into_path(), teller)?;
                }
            }
            Ok(_) => teller.tell(Found::Other)?,
            Err(error) => {
                if let Some(trouble) = trouble(error, root) {
                    teller.tell(Found::Trouble(trouble))?;
                }
            }
        }
    }
    while let Some(level) = levels.pop() {
        level.end(teller)?;
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

fn has_photo_name(path: &Path) -> bool {
    has_picture_name(path) || raw::has_raw_name(path)
}

/// Whether a JPEG bears such a name: what cameras write beside a raw file.
fn is_jpeg_name(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    ["jpg", "jpeg", "jpe", "jfif"].iter().any(|x| x.eq_ignore_ascii_case(extension))
}

/// Whether a name is that of a picture that is read, raw files aside.
#[must_use]
pub fn has_picture_name(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|e| EXTENSIONS.iter().any(|x| x.eq_ignore_ascii_case(e)))
}

/// Hidden files are thumbnails and leftovers of other programs (`._DSC_1.JPG` of a Mac).
fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().first() == Some(&b'.')
}

#[cfg(test)]
mod tests;
