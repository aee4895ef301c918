//! Hears from the system where something happens in the folders of a shoot.

use std::path::Path;
use std::path::PathBuf;

use notify::RecommendedWatcher;
use notify::RecursiveMode;
use notify::Watcher as _;

use super::cache::volume;

/// Listens until it is dropped.
pub struct Listener {
    _watcher: RecommendedWatcher,
}

impl Listener {
    /// Calls `hear`, on a thread of the system's, with each file or folder that was made, removed,
    /// renamed or written below the roots; it may name a folder for what happened in it. `None` where
    /// the system cannot say (it has no watches left), or would not hear of what other computers do (a
    /// network).
    pub fn start<P: AsRef<Path>>(
        roots: &[P],
        hear: impl Fn(PathBuf) + Send + 'static,
    ) -> Option<Self> {
        if roots.iter().any(|root| volume::network(root.as_ref()).is_some()) {
            return None;
        }
        let on_event = move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            // To read a file, as we do, is no change.
            if !event.kind.is_access() {
                event.paths.into_iter().for_each(&hear);
            }
        };
        let mut watcher = notify::recommended_watcher(on_event).ok()?;
        for root in roots {
            watcher.watch(root.as_ref(), RecursiveMode::Recursive).ok()?;
        }
        Some(Self { _watcher: watcher })
    }
}
