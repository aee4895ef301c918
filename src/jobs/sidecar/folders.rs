//! Folders as they were listed, and when they are listed again.
//!
//! A listing of 100,000 names takes a tenth of a second, so a folder is listed again only when it has
//! changed, and not more often than is small beside what listing takes. Writing never trusts a listing:
//! a sidecar that was not known is found by who writes.

use std::collections::HashMap;
use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use super::settle::Folder;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::sidecar;
use crate::disk::sidecar::Stamp;

/// A folder is listed again at most so often, and as long as listing it took, so many times over.
const LIST_AGAIN: (Duration, u32) = (Duration::from_secs(2), 20);

struct Listed {
    folder: Folder,
    stamp: Option<Stamp>,
    again_at: Instant,
}

/// The folders of a shoot.
#[derive(Default)]
pub(super) struct Folders(HashMap<PathBuf, Listed>);

impl Folders {
    pub(super) fn get(&self, path: &Path) -> Option<&Folder> {
        self.0.get(path).map(|listed| &listed.folder)
    }

    /// Lists a folder that is not known, and takes killed processes' drafts away where that may be.
    /// Gives what is wrong with the predecessor's list in it.
    pub(super) fn list(&mut self, path: &Path, may_clear: bool) -> DiskResult<Option<DiskError>> {
        if self.0.contains_key(path) {
            return Ok(None);
        }
        if may_clear {
            sidecar::clear_leftovers(path);
        }
        let begun = Instant::now();
        let stamp = sidecar::stamp(path).unwrap_or(None);
        let (folder, list) = Folder::list(path)?;
        let again_at = next_listing(begun);
        self.0.insert(path.to_owned(), Listed { folder, stamp, again_at });
        Ok(list.err())
    }

    /// Forgets a listing that has proved wrong.
    pub(super) fn forget(&mut self, path: &Path) {
        self.0.remove(path);
    }

    /// Notes sidecars that were just made.
    pub(super) fn note<'a>(&mut self, path: &Path, names: impl Iterator<Item = &'a str>) {
        if let Some(listed) = self.0.get_mut(path) {
            names.for_each(|name| listed.folder.names.note(name));
        }
    }

    /// Lists what has changed; gives the folders that have sidecars which they had not.
    pub(super) fn list_again(&mut self) -> HashSet<PathBuf> {
        let now = Instant::now();
        let due = self.0.iter_mut().filter(|(_, listed)| listed.again_at <= now);
        due.filter_map(|(path, listed)| listed.update(path).then(|| path.clone())).collect()
    }
}

impl Listed {
    fn update(&mut self, path: &Path) -> bool {
        let begun = Instant::now();
        let Ok(stamp) = sidecar::stamp(path) else { return false };
        if stamp.is_none() || stamp == self.stamp {
            return false;
        }
        // A folder that went away is listed when a photo of it is next looked at.
        let Ok((folder, _)) = Folder::list(path) else { return false };
        let has_news = folder.names.has_more_than(&self.folder.names);
        *self = Self { folder, stamp, again_at: next_listing(begun) };
        has_news
    }
}

/// When a folder whose listing began then may be listed again.
fn next_listing(begun: Instant) -> Instant {
    let (least, times) = LIST_AGAIN;
    Instant::now() + (begun.elapsed() * times).max(least)
}
