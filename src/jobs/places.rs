//! Where the person was in each shoot, written beside everything else: the window goes on meanwhile.

use std::path::PathBuf;
use std::thread;
use std::thread::JoinHandle;

use super::shoot::chain;
use crate::disk::places::Places;

/// Writes the places on a thread of its own. No decision hangs on it, so that none is ever in doubt.
#[must_use]
pub fn save_beside(places: Places, data: PathBuf) -> Option<JoinHandle<Result<(), usize>>> {
    let save = move || {
        if let Err(error) = places.save(&data) {
            tracing::warn!("{}", chain(&error));
        }
        Ok(())
    };
    thread::Builder::new().name("places".into()).spawn(save).ok()
}
