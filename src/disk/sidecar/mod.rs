//! Sidecars on the disk: where they lie, what is in them, and how they are written.
//!
//! A sidecar is written to a new file beside it, made durable, and renamed: whoever reads it finds
//! the old one or the new one, whole, and so does whoever comes after a killed process. A file that
//! another program has changed since it was read is not written over; the caller reads it again. Only
//! names that end in `.xmp` are ever written: never a photo (`only_sidecars_are_written`).
//!
//! `names` says which files belong to a photo, `import` reads the predecessor's list. When to write
//! is for `jobs::sidecar` to say.
//!
//! What a killed process leaves is a hidden file of ours, which the next one takes away
//! ([`clear_leftovers`]).

pub mod import;
pub mod names;
pub mod settings;

use std::fs;
use std::fs::File;
use std::fs::Metadata;
use std::fs::TryLockError;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use super::DiskError;
use super::DiskResult;
use super::decisions::sync_folder;
use super::xmp;
use crate::core::said::Said;

/// The largest sidecar that is read: many times one with all masks and brushes of a raw developer.
const LIMIT_BYTES: u64 = 64 << 20;

/// What tells a sidecar that has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// When it was written, in nanoseconds since 1970, UTC; 0 where the system does not say.
    pub modified_nanos: i64,
    /// Its size.
    pub size_bytes: u64,
}

impl Stamp {
    fn of(known: &Metadata) -> Self {
        let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).ok();
        let modified = known.modified().ok().and_then(since);
        let nanos = modified.and_then(|time| i64::try_from(time.as_nanos()).ok());
        Self { modified_nanos: nanos.unwrap_or(0), size_bytes: known.len() }
    }
}

/// The state of the file at `path`, which is looked at and not opened; `None` where there is none.
///
/// # Errors
/// When the system does not say.
pub fn stamp(path: &Path) -> DiskResult<Option<Stamp>> {
    match fs::metadata(path) {
        Ok(known) => Ok(Some(Stamp::of(&known))),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(DiskError::Read { path: path.to_owned(), source }),
    }
}

/// What the sidecar at `path` says, and its state; `None` where there is none.
///
/// # Errors
/// When it cannot be read or is not understood.
pub fn read(path: &Path) -> DiskResult<Option<(Said, Stamp)>> {
    let Some((bytes, stamp)) = bytes_of(path)? else { return Ok(None) };
    let said = xmp::read(&bytes).map_err(|reason| refused(reason, path))?;
    Ok(Some((said, stamp)))
}

/// What became of an attempt to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It is on the disk, in this state.
    Done(Stamp),
    /// Another program was there first: read it again.
    Changed,
}

/// Makes the sidecar at `path`, whose state was `known`, say `want`. It is durable when this returns.
///
/// # Errors
/// When it cannot be written, may only be read, or is not understood. It is left as it was.
///
/// # Panics
/// When the name does not end in `.xmp`.
pub fn write(path: &Path, want: &Said, known: Option<Stamp>) -> DiskResult<Written> {
    assert!(names::is_sidecar(path), "only sidecars are written, not {}", path.display());
    // A link is followed, so that the file that it leads to changes and the link stays.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let failed = |source| DiskError::Write { path: path.to_owned(), source };
    let found = bytes_of(&target)?;
    if found.as_ref().map(|(_, stamp)| *stamp) != known {
        return Ok(Written::Changed);
    }
    let bytes = found.as_ref().map(|(bytes, _)| bytes.as_slice());
    let bytes = xmp::rewrite(bytes, want).map_err(|reason| refused(reason, path))?;
    let permissions = match fs::metadata(&target) {
        Ok(known) if known.permissions().readonly() => {
            return Err(failed(io::ErrorKind::PermissionDenied.into()));
        }
        Ok(known) => Some(known.permissions()),
        Err(_) => None,
    };
    let folder = target.parent().unwrap_or(Path::new("."));
    let draft = Draft::new(folder).map_err(failed)?;
    draft.fill(&bytes, permissions).map_err(failed)?;
    if stamp(&target)? != known {
        return Ok(Written::Changed);
    }
    let stamp = draft.become_file(&target, folder).map_err(failed)?;
    Ok(Written::Done(stamp))
}

/// A new sidecar under a name of its own; deleted where it does not come to be one.
struct Draft {
    path: PathBuf,
    file: File,
    is_kept: bool,
}

/// Begins the names of drafts; hidden, so that no scan takes one for anything.
const DRAFT_START: &str = ".rushlight-";
/// Ends them: another one than a sidecar's.
const DRAFT_END: &str = ".xmp-draft";

impl Draft {
    fn new(folder: &Path) -> io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        loop {
            let (process, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let path = folder.join(format!("{DRAFT_START}{process}-{number}{DRAFT_END}"));
            match File::options().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    // Tells other processes that it is being written. Where the file system has no
                    // locks, a draft taken away by another process makes the rename fail, and the
                    // sidecar is written again.
                    _ = file.try_lock();
                    return Ok(Self { path, file, is_kept: false });
                }
                // Left by an earlier process of this number.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e),
            }
        }
    }

    fn fill(&self, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
        (&self.file).write_all(bytes)?;
        if let Some(permissions) = permissions {
            // Some file systems have none.
            _ = self.file.set_permissions(permissions);
        }
        self.file.sync_all()
    }

    fn become_file(mut self, target: &Path, folder: &Path) -> io::Result<Stamp> {
        fs::rename(&self.path, target)?;
        self.is_kept = true;
        let stamp = Stamp::of(&self.file.metadata()?);
        sync_folder(folder)?;
        Ok(stamp)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_kept {
            // What cannot be deleted is deleted by the next process.
            _ = fs::remove_file(&self.path);
        }
    }
}

/// Deletes the drafts that killed processes left in a folder; gives how many. Those that a process
/// is writing stay.
pub fn clear_leftovers(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_draft = |name: &str| name.starts_with(DRAFT_START) && name.ends_with(DRAFT_END);
    let drafts = entries.filter(|entry| entry.file_name().to_str().is_some_and(is_draft));
    drafts.filter(|entry| clear(&entry.path())).count()
}

fn clear(draft: &Path) -> bool {
    let is_being_written = File::options()
        .write(true)
        .open(draft)
        .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
    !is_being_written && fs::remove_file(draft).is_ok()
}

fn bytes_of(path: &Path) -> DiskResult<Option<(Vec<u8>, Stamp)>> {
    let failed = |source| DiskError::Read { path: path.to_owned(), source };
    let known = match fs::metadata(path) {
        Ok(known) => known,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed(source)),
    };
    if !known.is_file() {
        return Err(DiskError::NotFile { found: "a folder or a device", path: path.to_owned() });
    }
    if known.len() > LIMIT_BYTES {
        let (size_bytes, limit_bytes) = (known.len(), LIMIT_BYTES);
        return Err(DiskError::FileTooLarge { size_bytes, limit_bytes, path: path.to_owned() });
    }
    let bytes = fs::read(path).map_err(failed)?;
    Ok(Some((bytes, Stamp::of(&known))))
}

fn refused(reason: String, path: &Path) -> DiskError {
    DiskError::Sidecar { reason, path: path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rated(stars: i8) -> Said {
        Said { rating: Some(stars), ..Said::default() }
    }

    fn files(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        let mut names: Vec<_> =
            entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_sidecar_goes_there_and_back_and_nothing_else_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.xmp");
        assert_eq!(read(&path).unwrap(), None);
        let Written::Done(first) = write(&path, &rated(3), None).unwrap() else { panic!("it is") };
        assert_eq!(read(&path).unwrap(), Some((rated(3), first)));
        let Written::Done(next) = write(&path, &rated(-1), Some(first)).unwrap() else {
            panic!("nobody was there");
        };
        assert_eq!(read(&path).unwrap(), Some((rated(-1), next)));
        assert_eq!(files(dir.path()), ["a.xmp"]);
    }

    #[test]
    fn a_sidecar_that_has_changed_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.xmp");
        write(&path, &rated(3), None).unwrap();
        let before = fs::read(&path).unwrap();
        assert_eq!(write(&path, &rated(4), None).unwrap(), Written::Changed);
        let other = Stamp { modified_nanos: 1, size_bytes: 2 };
        assert_eq!(write(&path, &rated(4), Some(other)).unwrap(), Written::Changed);
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn what_is_not_understood_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.xmp");
        fs::write(&path, "<x:xmpmeta").unwrap();
        let known = stamp(&path).unwrap();
        let told = write(&path, &rated(4), known).unwrap_err().to_string();
        assert!(told.starts_with("the sidecar is not well-formed XML"), "{told}");
        assert_eq!(fs::read(&path).unwrap(), b"<x:xmpmeta");
        assert_eq!(files(dir.path()), ["a.xmp"]);
    }

    #[test]
    #[should_panic(expected = "only sidecars are written")]
    fn only_sidecars_are_written() {
        _ = write(Path::new("/nowhere/a.jpg"), &rated(1), None);
    }

    #[test]
    fn leftovers_are_taken_away_and_drafts_in_use_are_not() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(".rushlight-1-2.xmp-draft"), "half").unwrap();
        fs::write(dir.path().join("a.jpg"), "photo").unwrap();
        let draft = Draft::new(dir.path()).unwrap();
        assert_eq!(clear_leftovers(dir.path()), 1);
        assert_eq!(files(dir.path()).len(), 2);
        drop(draft);
        assert_eq!(files(dir.path()), ["a.jpg"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let [link, file] = ["a.xmp", "b.xmp"].map(|name| dir.path().join(name));
        write(&file, &rated(1), None).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, &rated(2), stamp(&link).unwrap()).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read(&file).unwrap().unwrap().0, rated(2));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
        assert!(write(&file, &rated(3), stamp(&file).unwrap()).is_err(), "it may only be read");
    }
}
