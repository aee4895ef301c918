//! The six atlases of a cache, each opened when it is first needed.

use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::OnceLock;

use super::atlas::Atlas;
use super::layout::AtlasName;

/// The atlases of one cache. All threads read through it; the writer makes files.
#[derive(Debug)]
pub(super) struct Files {
    folder: PathBuf,
    /// The number of the cache that they belong to.
    cache: u64,
    atlases: [OnceLock<Atlas>; 6],
}

impl Files {
    pub(super) fn new(folder: &Path, cache: u64) -> Self {
        Self { folder: folder.to_owned(), cache, atlases: Default::default() }
    }

    /// The atlas, where there is one and it belongs here.
    pub(super) fn get(&self, name: AtlasName) -> Option<&Atlas> {
        let place = &self.atlases[name.index()];
        if place.get().is_none() {
            let atlas = Atlas::open(&self.folder, name, self.cache).ok()??;
            // Another thread may have been faster: its handle is as good.
            _ = place.set(atlas);
        }
        place.get()
    }

    /// The atlas, made where there is none. Only the writer makes one, one thread at a time.
    pub(super) fn get_or_create(&self, name: AtlasName) -> io::Result<&Atlas> {
        let place = &self.atlases[name.index()];
        if self.get(name).is_none() {
            _ = place.set(Atlas::create(&self.folder, name, self.cache)?);
        }
        Ok(place.get().expect("it was set above and is never taken out"))
    }

    pub(super) fn path(&self, name: AtlasName) -> PathBuf {
        self.folder.join(name.file())
    }

    /// The number of the cache that they belong to.
    pub(super) const fn cache(&self) -> u64 {
        self.cache
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}
