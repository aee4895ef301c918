//! Files that are still being written: what tells one state of a file from another, and whether it
//! looks whole.
//!
//! Units: bytes.

use std::fs;
use std::fs::File;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::path::Path;
use std::time::SystemTime;

/// One state of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Its size.
    pub bytes: u64,
    modified: Option<SystemTime>,
}

/// The state of a file; `None` where there is none.
#[must_use]
pub fn stamp(path: &Path) -> Option<Stamp> {
    let known = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(Stamp { bytes: known.len(), modified: known.modified().ok() })
}

/// Whether the file ends as a whole JPEG does. One that does not may be whole all the same: some
/// cameras write more behind the picture, and other formats have no such end.
#[must_use]
pub fn has_end(path: &Path) -> bool {
    let ends = |path: &Path| -> std::io::Result<bool> {
        let mut file = File::open(path)?;
        let (mut first, mut last) = ([0; 2], [0; 2]);
        file.read_exact(&mut first)?;
        file.seek(SeekFrom::End(-2))?;
        file.read_exact(&mut last)?;
        Ok(first == [0xFF, 0xD8] && last == [0xFF, 0xD9])
    };
    ends(path).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_has_its_end_when_the_last_byte_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        for (bytes, expect) in [
            (&[0xFF, 0xD8, 1, 0xFF, 0xD9][..], true),
            (&[0xFF, 0xD8, 1, 0xFF], false),
            (&[0x89, b'P', 0xFF, 0xD9], false),
            (&[0xFF], false),
        ] {
            fs::write(&path, bytes).unwrap();
            assert_eq!(has_end(&path), expect, "{bytes:?}");
        }
        assert_eq!(stamp(folder.path()), None, "a folder is no file");
    }
}
