//! A photo's own bytes: opened once, read in two bounded steps.
//!
//! Read, not mapped: a file that another program cuts off while it is mapped kills the process with
//! SIGBUS, and reading costs 0.4 ms more for 10 MB. The header is the first 60 KiB, which holds
//! nine tenths of all cameras' headers; more is read only when the walk asks for it. The kernel is
//! told that, or it would fetch several times as much from a cold disk for each header
//! (`benches/exif.rs`).
//!
//! What was read stays, so that header and whole file take one open and no byte twice
//! (`no_byte_is_read_twice`). The buffer can be handed on from photo to photo.
//!
//! Another program may write to the file meanwhile. What was read is held against the open file's
//! size and time: bytes from before and after a change are never handed out as one photo
//! (`tests/underfoot.rs`). Two changes within one tick of the file system's clock, a few
//! milliseconds, look like one.

mod format;

use std::fs::File;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;

pub use self::format::Format;
use super::DiskError;
use super::DiskResult;
use super::cache::Key;
use super::raw;

/// Bytes of the first read: with the file system's own 4 KiB a photo costs a cold disk 64.
pub const HEADER_BYTES: usize = 60 << 10;

/// The largest file that is read: more than the largest pictures that are decoded have, and with
/// what they take under a gigabyte.
const FILE_LIMIT_BYTES: u64 = 512 << 20;

/// An open photo.
#[derive(Debug)]
pub struct Source {
    file: File,
    path: PathBuf,
    size_bytes: u64,
    /// When the file was written last, as it was when it was opened.
    written: Option<SystemTime>,
    /// The file's first bytes, as many as have been read.
    bytes: Vec<u8>,
    /// Bytes out of the middle.
    part: Option<Vec<u8>>,
    /// Where in the file the next read begins.
    at: u64,
    bytes_read: u64,
}

impl Source {
    /// Opens a photo. Nothing is read yet.
    ///
    /// # Errors
    /// When it cannot be opened, is no regular file, is empty, or is larger than 512 MiB.
    pub fn open(path: &Path) -> DiskResult<Self> {
        Self::open_into(path, Vec::new())
    }

    /// Opens a photo that is read into `buffer`, the one that another photo left.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn open_into(path: &Path, mut buffer: Vec<u8>) -> DiskResult<Self> {
        let failed = |source| DiskError::Read { path: path.to_owned(), source };
        // Opening a pipe would wait for a writer, so the kind is looked at first.
        let known = std::fs::metadata(path).map_err(failed)?;
        if !known.is_file() {
            let found = if known.is_dir() { "a folder" } else { "a pipe or a device" };
            return Err(DiskError::NotFile { found, path: path.to_owned() });
        }
        let file = File::open(path).map_err(failed)?;
        let known = file.metadata().map_err(failed)?;
        let (size_bytes, written) = (known.len(), known.modified().ok());
        let path = path.to_owned();
        match size_bytes {
            0 => Err(DiskError::Empty { path }),
            FILE_LIMIT_BYTES.. => {
                let limit_bytes = FILE_LIMIT_BYTES;
                Err(DiskError::FileTooLarge { size_bytes, limit_bytes, path })
            }
            _ => {
                buffer.clear();
                advise(&file, Reading::Pieces);
                let bytes = buffer;
                Ok(Self {
                    file,
                    path,
                    size_bytes,
                    written,
                    bytes,
                    part: None,
                    at: 0,
                    bytes_read: 0,
                })
            }
        }
    }

    /// Closes the photo and hands its buffer on.
    #[must_use]
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }

    /// The size of the file when it was opened.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// How many bytes have been read.
    #[must_use]
    pub const fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The first 60 KiB, or what there is.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn header(&mut self) -> DiskResult<&[u8]> {
        let first = self.first(HEADER_BYTES)?;
        Ok(&first[..first.len().min(HEADER_BYTES)])
    }

    /// At least the first `count` bytes, or all there are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn first(&mut self, count: usize) -> DiskResult<&[u8]> {
        let most = usize::try_from(self.size_bytes).unwrap_or(usize::MAX);
        let missing = count.min(most).saturating_sub(self.bytes.len());
        if missing > 0 {
            let mut bytes = std::mem::take(&mut self.bytes);
            bytes.reserve_exact(missing);
            let outcome = self.append(bytes.len() as u64, missing as u64, &mut bytes);
            self.bytes = bytes;
            outcome?;
        }
        Ok(&self.bytes)
    }

    /// What the cache knows the file by, as it was when it was opened.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        Key::written_at(&self.path, self.size_bytes, self.written?)
    }

    /// Appends `count` bytes from `start` on, or what there is, to `bytes`.
    fn append(&mut self, start: u64, count: u64, bytes: &mut Vec<u8>) -> DiskResult<()> {
        let failed = |source| DiskError::Read { path: self.path.clone(), source };
        if self.at != start {
            self.file.seek(SeekFrom::Start(start)).map_err(failed)?;
            self.at = start;
        }
        let read = Read::by_ref(&mut self.file).take(count).read_to_end(bytes).map_err(failed)?;
        self.at += read as u64;
        self.bytes_read += read as u64;
        Ok(())
    }

    /// The whole file.
    ///
    /// # Errors
    /// When it cannot be read, or was written to since it was opened.
    pub fn whole(&mut self) -> DiskResult<&[u8]> {
        if (self.bytes.len() as u64) < self.size_bytes {
            advise(&self.file, Reading::Whole);
            let length = self.first(usize::MAX)?.len() as u64;
            self.check_unchanged()?;
            if length < self.size_bytes {
                let source = std::io::ErrorKind::UnexpectedEof.into();
                return Err(DiskError::Read { path: self.path.clone(), source });
            }
        }
        Ok(&self.bytes)
    }

    /// Holds what was read so far against the open file.
    ///
    /// # Errors
    /// When the file was written to since it was opened: what was read may be of two pictures.
    pub fn check_unchanged(&self) -> DiskResult<()> {
        let failed = |source| DiskError::Read { path: self.path.clone(), source };
        let known = self.file.metadata().map_err(failed)?;
        let is_same = known.len() == self.size_bytes && known.modified().ok() == self.written;
        if is_same {
            return Ok(());
        }
        let (found_bytes, expected_bytes) = (known.len(), self.size_bytes);
        Err(DiskError::Changed { found_bytes, expected_bytes, path: self.path.clone() })
    }

    /// Some bytes out of the middle, if they have been read with what stands before them.
    #[must_use]
    pub fn known(&self, range: Range<u64>) -> Option<&[u8]> {
        let place = usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?;
        self.bytes.get(place)
    }

    /// Some bytes out of the middle, cut to what the file has.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn range(&mut self, range: Range<u64>) -> DiskResult<Vec<u8>> {
        let end = range.end.min(self.size_bytes);
        let start = range.start.min(end);
        if let Some(known) = self.known(start..end) {
            return Ok(known.to_vec());
        }
        let mut bytes = Vec::with_capacity((end - start) as usize);
        self.append(start, end - start, &mut bytes)?;
        Ok(bytes)
    }

    /// Some bytes out of the middle, all of them, kept until the next photo.
    ///
    /// # Errors
    /// When they cannot be read, or the file was written to since it was opened.
    pub fn part(&mut self, range: Range<u64>) -> DiskResult<&[u8]> {
        let wanted = range.end - range.start;
        let bytes = self.range(range)?;
        self.check_unchanged()?;
        if (bytes.len() as u64) < wanted {
            let source = std::io::ErrorKind::UnexpectedEof.into();
            return Err(DiskError::Read { path: self.path.clone(), source });
        }
        Ok(self.part.insert(bytes))
    }

    /// What the file is.
    ///
    /// # Errors
    /// When it cannot be read or is no picture.
    pub fn format(&mut self) -> DiskResult<Format> {
        let path = self.path.clone();
        let header = self.header()?;
        if raw::is_raw(header, &path) {
            return Ok(Format::Raw);
        }
        Format::of(header).ok_or_else(|| {
            let found = header[..header.len().min(4)].to_vec();
            DiskError::NotPicture { found, path }
        })
    }
}

/// How a file is going to be read.
#[derive(Clone, Copy)]
enum Reading {
    /// Here and there: what lies around is not needed.
    Pieces,
    /// All of it, from where it has been read to.
    Whole,
}

/// Tells the kernel how the file is going to be read.
#[cfg(target_os = "linux")]
fn advise(file: &File, reading: Reading) {
    use rustix::fs::Advice;
    let advices: &[Advice] = match reading {
        Reading::Pieces => &[Advice::Random],
        // Together: 11 ms for 10 MB from a cold disk, where sequential alone took 14.
        Reading::Whole => &[Advice::Sequential, Advice::WillNeed],
    };
    for &advice in advices {
        // Advice: a file system that does not take it reads as it likes, and the bytes are the same.
        _ = rustix::fs::fadvise(file, 0, None, advice);
    }
}

/// Only Linux is told: the others read ahead less, or std and safe crates have no call for it.
#[cfg(not(target_os = "linux"))]
const fn advise(_file: &File, _reading: Reading) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        file
    }

    #[test]
    fn no_byte_is_read_twice() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|i| i as u8).collect();
        let file = file_of(&bytes);
        let mut source = Source::open(file.path()).unwrap();
        assert_eq!(source.header().unwrap(), &bytes[..HEADER_BYTES]);
        assert_eq!(source.range(100..200).unwrap(), &bytes[100..200]);
        assert_eq!(source.bytes_read(), HEADER_BYTES as u64);
        assert_eq!(source.range(199_990..999_999).unwrap(), &bytes[199_990..]);
        assert_eq!(source.bytes_read(), HEADER_BYTES as u64 + 10);
        assert_eq!(source.whole().unwrap(), bytes);
        assert_eq!(source.header().unwrap(), &bytes[..HEADER_BYTES]);
        assert_eq!(source.bytes_read(), 200_010);
    }

    #[test]
    fn a_buffer_serves_one_photo_after_the_other() {
        let (long, short) = (file_of(&[1; 5000]), file_of(&[2; 10]));
        let mut source = Source::open(long.path()).unwrap();
        source.whole().unwrap();
        let mut source = Source::open_into(short.path(), source.into_buffer()).unwrap();
        assert_eq!(source.whole().unwrap(), [2; 10]);
        assert!(source.into_buffer().capacity() >= 5000);
    }

    #[test]
    fn what_is_no_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let check = |path: &Path, expect: &str| {
            let found = Source::open(path).unwrap_err().to_string();
            assert!(found.starts_with(expect), "{found}");
        };
        check(folder.path(), "not a file but a folder");
        check(&folder.path().join("gone.jpg"), "cannot read the photo");
        check(file_of(b"").path(), "the file is empty");
        let large = file_of(b"");
        large.as_file().set_len(FILE_LIMIT_BYTES).unwrap();
        check(large.path(), "the file is too large: 536870912 bytes, at most");
        #[cfg(unix)]
        check(Path::new("/dev/null"), "not a file but a pipe or a device");
    }

    /// What is said of a file that `change` changes between its header and the rest.
    fn told_of(change: impl FnOnce(&File)) -> String {
        let file = file_of(&[7; 100_000]);
        let mut source = Source::open(file.path()).unwrap();
        source.header().unwrap();
        source.check_unchanged().unwrap();
        change(file.as_file());
        let found = source.whole().map(<[u8]>::len).unwrap_err();
        assert!(matches!(found, DiskError::Changed { .. }), "{found}");
        found.to_string()
    }

    #[test]
    fn a_file_that_changed_while_it_was_read_is_told() {
        use std::io::Write;
        let words = told_of(|file| file.set_len(70_000).unwrap());
        assert!(words.contains("it has 70000 bytes and had 100000"), "{words}");
        let words = told_of(|file| file.set_len(100_001).unwrap());
        assert!(words.contains("it has 100001 bytes and had 100000"), "{words}");
        let words = told_of(|mut file| {
            // Beyond the tick of the file system's clock.
            std::thread::sleep(std::time::Duration::from_millis(30));
            file.seek(SeekFrom::Start(99_000)).unwrap();
            file.write_all(b"another picture").unwrap();
        });
        assert!(words.contains("it has 100000 bytes as before"), "{words}");
    }

    #[test]
    fn a_file_that_was_replaced_is_read_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let [path, other] = ["a.jpg", "b.jpg"].map(|name| folder.path().join(name));
        std::fs::write(&path, [1; 100_000]).unwrap();
        std::fs::write(&other, [2; 100_000]).unwrap();
        let mut source = Source::open(&path).unwrap();
        source.header().unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert!(source.whole().unwrap().iter().all(|&byte| byte == 1));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(source.range(99_999..100_000).unwrap(), [1]);
    }

    #[test]
    fn the_first_bytes_tell_what_a_file_is() {
        let check = |bytes: &[u8], expect| assert_eq!(Format::of(bytes), expect);
        check(&[0xFF, 0xD8, 0xFF], Some(Format::Jpeg));
        check(b"\x89PNG\r\n\x1a\n", Some(Format::Png));
        check(b"RIFF\0\0\0\0WEBPVP8 ", Some(Format::WebP));
        check(b"RIFF\0\0\0\0WAVE", None);
        check(b"MM\0*", Some(Format::Tiff));
        check(b"II+\0", Some(Format::Tiff));
        check(b"hello", None);
        check(b"", None);
    }
}
