//! A verified copy of one file: written under a hidden name, on the disk, read back and compared by
//! size and BLAKE3, and only then given its name, which must be free.
//!
//! A crash leaves at most the hidden file, which [`remove_leftover`] takes away.
//!
//! Units: bytes.

use std::ffi::OsString;
use std::fs;
use std::fs::File;
use std::fs::FileTimes;
use std::fs::Metadata;
use std::fs::OpenOptions;
use std::io;
use std::io::ErrorKind;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use super::embed::Made;
use super::rename_to_free;
use super::write_error;
use crate::disk::DiskError;
use crate::disk::DiskResult;

/// How much is copied between two looks at whether it is still wanted: some milliseconds.
const BLOCK: usize = 1 << 20;

/// The beginning and the end of the names under which copies are written.
const LEFTOVER: (&str, &str) = (".rushlight-", ".partial");

/// Who waits for a copy.
pub struct Watch<'a> {
    /// Whether to go on; may wait, which pauses.
    pub goes_on: &'a dyn Fn() -> bool,
    /// Is told of bytes that have come to their new place.
    pub count: &'a dyn Fn(u64),
}

impl Watch<'_> {
    pub(super) fn note(&self, bytes: u64) {
        (self.count)(bytes);
    }
}

/// Copies a file to a name that must be free, with its times and permissions.
///
/// # Errors
/// When it cannot be read or written, when it changes meanwhile, when what was written is not what
/// was read, when there is another file of that name, and when it is no longer wanted
/// ([`ErrorKind::Interrupted`]). Then there is nothing of it at `to`.
pub fn copy_verified(from: &Path, to: &Path, watch: &Watch<'_>) -> DiskResult<()> {
    put(to, |partial| write_and_compare(from, partial, watch))
}

/// Writes a photo with another packet in it to a name that must be free, with the times and the
/// permissions of the original.
///
/// # Errors
/// As [`copy_verified`]; also when what was read back is, its packet aside, not the original.
pub fn write_verified(made: &Made, from: &Path, to: &Path, watch: &Watch<'_>) -> DiskResult<()> {
    put(to, |partial| {
        let unwritten = |source| write_error(partial, source);
        let (mut sink, before) = (create(partial)?, made.known(from)?);
        for part in made.parts() {
            for block in part.chunks(BLOCK) {
                check(watch).map_err(unwritten)?;
                sink.write_all(block).map_err(unwritten)?;
            }
        }
        finish(&sink, partial, &before)?;
        let back = fs::read(partial)
            .map_err(|source| DiskError::Read { path: partial.to_owned(), source })?;
        if !made.is_in(&back) {
            let found = format!("{} bytes read back are not what was written", back.len());
            return Err(unwritten(io::Error::new(ErrorKind::InvalidData, found)));
        }
        watch.note(before.len());
        Ok(())
    })
}

/// Lets `write` fill a hidden file, and gives it its name.
pub(super) fn put(to: &Path, write: impl FnOnce(&Path) -> DiskResult<()>) -> DiskResult<()> {
    let partial = partial_name(to);
    let written = write(&partial).and_then(|()| {
        rename_to_free(&partial, to)
            .or_else(|e| match e.kind() {
                // Neither the flag nor hard links: exFAT under another system. The look and the rename
                // are two steps there, which nothing can help.
                ErrorKind::CrossesDevices if !super::exists(to) => fs::rename(&partial, to),
                _ => Err(e),
            })
            .map_err(|source| write_error(to, source))
    });
    if written.is_err() {
        // What went wrong is told; a leftover is taken away by whoever comes next.
        _ = fs::remove_file(&partial);
    }
    written
}

/// Makes the hidden file.
pub(super) fn create(partial: &Path) -> DiskResult<File> {
    // One that an interrupted copy of the same file has left.
    _ = fs::remove_file(partial);
    let mut options = OpenOptions::new();
    let options = options.write(true).read(true).create_new(true);
    options.open(partial).map_err(|source| write_error(partial, source))
}

/// Gives what was written the times and permissions of the original, and brings it to the disk.
fn finish(sink: &File, partial: &Path, original: &Metadata) -> DiskResult<()> {
    if let Ok(modified) = original.modified() {
        let times = FileTimes::new().set_modified(modified);
        // A file system without such times still has the picture.
        _ = sink.set_times(times);
    }
    sink.sync_all().map_err(|source| write_error(partial, source))?;
    _ = fs::set_permissions(partial, original.permissions());
    forget_pages(sink);
    Ok(())
}

fn write_and_compare(from: &Path, partial: &Path, watch: &Watch<'_>) -> DiskResult<()> {
    let unread = |source| DiskError::Read { path: from.to_owned(), source };
    let unwritten = |source| write_error(partial, source);
    let mut source = File::open(from).map_err(unread)?;
    let before = source.metadata().map_err(unread)?;
    let mut sink = create(partial)?;
    let mut hasher = blake3::Hasher::new();
    let mut block = vec![0; BLOCK];
    let mut copied = 0;
    loop {
        check(watch).map_err(unwritten)?;
        let count = source.read(&mut block).map_err(unread)?;
        if count == 0 {
            break;
        }
        hasher.update(&block[..count]);
        sink.write_all(&block[..count]).map_err(unwritten)?;
        copied += count as u64;
        watch.note(count as u64);
    }
    let after = fs::metadata(from).map_err(unread)?;
    if copied != before.len()
        || after.len() != copied
        || after.modified().ok() != before.modified().ok()
    {
        let found_bytes = after.len();
        return Err(DiskError::Changed {
            found_bytes,
            expected_bytes: before.len(),
            path: from.into(),
        });
    }
    finish(&sink, partial, &before)?;
    let back = digest(partial, watch)?;
    if back != (copied, hasher.finalize()) {
        let found = format!("{} bytes read back are not the {copied} written", back.0);
        return Err(unwritten(io::Error::new(ErrorKind::InvalidData, found)));
    }
    Ok(())
}

/// Lets the system drop what it holds of a file, so that reading it back asks the disk.
fn forget_pages(file: &File) {
    #[cfg(target_os = "linux")]
    {
        // Where it does not, less is verified, and nothing is lost.
        _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

/// Whether `b` is a file of its own, no link to `a`, and holds the same bytes.
///
/// # Errors
/// When one cannot be read, or it is no longer wanted.
pub fn are_equal(a: &Path, b: &Path, watch: &Watch<'_>) -> DiskResult<bool> {
    let unread = |path: &Path| {
        let path = path.to_owned();
        |source| DiskError::Read { path, source }
    };
    let one = fs::metadata(a).map_err(unread(a))?;
    let other = fs::symlink_metadata(b).map_err(unread(b))?;
    let is_alike = one.len() == other.len() && one.is_file() && other.is_file();
    Ok(is_alike && digest(a, watch)? == digest(b, watch)?)
}

/// The length of a file and the hash of what is in it.
pub(super) fn digest(path: &Path, watch: &Watch<'_>) -> DiskResult<(u64, blake3::Hash)> {
    let unread = |source| DiskError::Read { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(unread)?;
    let mut hasher = blake3::Hasher::new();
    let mut block = vec![0; BLOCK];
    let mut len = 0;
    loop {
        check(watch).map_err(unread)?;
        let count = file.read(&mut block).map_err(unread)?;
        if count == 0 {
            return Ok((len, hasher.finalize()));
        }
        hasher.update(&block[..count]);
        len += count as u64;
    }
}

fn check(watch: &Watch<'_>) -> io::Result<()> {
    if (watch.goes_on)() { Ok(()) } else { Err(ErrorKind::Interrupted.into()) }
}

fn partial_name(to: &Path) -> PathBuf {
    let mut name = OsString::from(LEFTOVER.0);
    name.push(to.file_name().unwrap_or_default());
    name.push(LEFTOVER.1);
    to.with_file_name(name)
}

/// Takes away what an interrupted copy to this name has left.
pub fn remove_leftover(to: &Path) {
    // There is one only after a crash.
    _ = fs::remove_file(partial_name(to));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn check_copy(
        goes_on: &dyn Fn() -> bool,
        prepare: impl Fn(&Path, &Path),
    ) -> (bool, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&from, vec![7; 3 * BLOCK + 5]).unwrap();
        prepare(&from, &to);
        let counted = Cell::new(0);
        let count = |bytes| counted.set(counted.get() + bytes);
        let outcome = copy_verified(&from, &to, &Watch { goes_on, count: &count });
        assert_eq!(fs::read(&from).unwrap().len(), 3 * BLOCK + 5);
        let names = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name());
        let mut names: Vec<String> = names.map(|n| n.to_string_lossy().into_owned()).collect();
        names.sort();
        (outcome.is_ok(), names)
    }

    #[test]
    fn a_copy_is_whole_with_its_time_and_leaves_nothing_else() {
        let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&from, b"picture").unwrap();
        File::options().write(true).open(&from).unwrap().set_modified(old).unwrap();
        copy_verified(&from, &to, &Watch { goes_on: &|| true, count: &|_| () }).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"picture");
        assert_eq!(fs::metadata(&to).unwrap().modified().unwrap(), old);
    }

    #[test]
    fn a_copy_never_takes_the_place_of_another_file() {
        let put = |_: &Path, to: &Path| fs::write(to, b"other").unwrap();
        assert_eq!(check_copy(&|| true, put), (false, vec!["a".into(), "b".into()]));
    }

    #[test]
    fn a_copy_that_is_given_up_leaves_nothing() {
        let left = Cell::new(2);
        let goes_on = || left.replace(left.get() - 1) > 0;
        assert_eq!(check_copy(&goes_on, |_, _| ()), (false, vec!["a".into()]));
    }
}
