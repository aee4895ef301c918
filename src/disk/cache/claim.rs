//! One program writes, the others read: who has the lock on a file in the cache's folder.
//!
//! The lock belongs to the open file: the system gives it back however the program ends. The number
//! of the process stands in the file, for people.

use std::fs::File;
use std::fs::OpenOptions;
use std::fs::TryLockError;
use std::io;
use std::io::Write;
use std::path::Path;

/// The name of the file within the cache's folder. It is never deleted: who locks a file that is no
/// longer there is not alone.
const FILE: &str = "lock";

/// The right to write. Dropped, it is free again.
#[derive(Debug)]
pub(super) struct Claim {
    _locked: File,
}

impl Claim {
    /// Takes the right where nobody has it. A file system without locks gives it to nobody.
    pub(super) fn take(folder: &Path) -> io::Result<Option<Self>> {
        let path = folder.join(FILE);
        let mut file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => {
                return Ok(None);
            }
            Err(TryLockError::Error(e)) => return Err(e),
        }
        // A number that cannot be written, on a full disk, costs only what `stats` would say.
        _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Some(Self { _locked: file }))
    }

    /// Whether somebody writes, and the number of their process where the system lets it be read.
    pub(super) fn holder(folder: &Path) -> Option<Option<u32>> {
        let path = folder.join(FILE);
        let file = File::open(&path).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => {
                let text = std::fs::read_to_string(path).unwrap_or_default();
                Some(text.trim().parse().ok())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_until_it_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Claim::holder(dir.path()), None);
        let claim = Claim::take(dir.path()).unwrap();
        assert!(claim.is_some());
        assert!(Claim::take(dir.path()).unwrap().is_none());
        assert_eq!(Claim::holder(dir.path()), Some(Some(std::process::id())));
        drop(claim);
        assert_eq!(Claim::holder(dir.path()), None);
        assert!(Claim::take(dir.path()).unwrap().is_some());
    }
}
