//! A folder that is still filling: new, changed and removed files, on the thread of the scan once
//! that has ended.
//!
//! The system says where something happened; what did is found by looking. Where it says nothing
//! (networks, or no watches left) the folders are looked through once a second, and now and then in
//! any case. A new file waits until it has not changed for a moment, a longer one where it does not
//! end as a JPEG does (`tests/watch.rs`: half a file is never shown).
//!
//! Photos keep their numbers. One that is removed leaves the order and comes back into it; one whose
//! file has changed is another photo in its place. The order is exchanged as a whole, and what is on
//! screen stays where it is. A folder that is gone altogether (a card, a network) takes no photo
//! with it: it may come back.

use std::collections::HashMap;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crossbeam_queue::SegQueue;

use super::decode::Hands;
use super::queue::Queue;
use super::sort;
use crate::core::photo::PhotoId;
use crate::disk::arrival;
use crate::disk::arrival::Stamp;
use crate::disk::listener::Listener;
use crate::disk::raw::pair;
use crate::disk::scan;
use crate::disk::scan::Found;

/// A file that ends as it should is whole when nothing has come for so long.
const QUIET: Duration = Duration::from_millis(300);

/// And any other: with the rest still within the two seconds in which a photo should appear.
const LONG_QUIET: Duration = Duration::from_millis(1400);

/// Between two looks at files that are being written.
const GLANCE: Duration = Duration::from_millis(100);

/// Between two looks at everything where the system says nothing, and where it does: a message may
/// be lost.
const ROUNDS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(60)];

/// A look at everything may take this share of the time: one part in so many.
const SHARE: u32 = 10;

/// Whom the watcher tells.
pub(super) struct Setup {
    pub roots: Vec<PathBuf>,
    pub hands: Arc<Hands>,
    pub queue: Arc<Queue>,
    pub is_cancelled: Arc<AtomicBool>,
}

/// Follows the folders until it is cancelled.
pub(super) fn follow(setup: Setup) {
    let messages = Arc::new(SegQueue::new());
    let (known, coming, leaving) = Default::default();
    let mut watcher = Watcher { setup, known, coming, leaving };
    // Photos that come while the shoot is being read are found by the first look at everything.
    while !watcher.setup.hands.progress.is_sorted.load(Ordering::Acquire) {
        if watcher.is_cancelled() {
            return;
        }
        thread::park_timeout(GLANCE);
    }
    watcher.remember();
    let listener = listen(&watcher.setup.roots, &messages);
    let round = ROUNDS[usize::from(listener.is_some())];
    let mut look_at = Instant::now();
    while !watcher.is_cancelled() {
        let now = Instant::now();
        if now >= look_at {
            watcher.look_at_all();
            look_at = Instant::now() + round.max(now.elapsed() * SHARE);
        }
        let mut said = HashSet::new();
        while let Some(path) = messages.pop() {
            said.insert(path);
        }
        said.iter().for_each(|path| watcher.look_at(path));
        let (arrived, gone) = (watcher.arrived(), watcher.left());
        watcher.exchange(arrived, gone);
        let is_still = watcher.coming.is_empty() && watcher.leaving.is_empty();
        let rest = if is_still { look_at - Instant::now() } else { GLANCE };
        thread::park_timeout(rest);
    }
}

/// Asks the system to say where something happens, and wakes this thread when it does.
fn listen(roots: &[PathBuf], messages: &Arc<SegQueue<PathBuf>>) -> Option<Listener> {
    let (messages, thread) = (Arc::clone(messages), thread::current());
    Listener::start(roots, move |path| {
        messages.push(path);
        thread.unpark();
    })
}

struct Watcher {
    setup: Setup,
    /// The photo that a file is, and the state of the file when it became that.
    known: HashMap<Arc<Path>, (PhotoId, Option<Stamp>)>,
    /// Files that are perhaps still being written, and since when they have not changed.
    coming: HashMap<PathBuf, (Stamp, Instant)>,
    /// Files that are missing, and since when: many a program saves by taking the old file away
    /// first, and a folder is deleted file by file.
    leaving: HashMap<PathBuf, Instant>,
}

impl Watcher {
    fn is_cancelled(&self) -> bool {
        self.setup.is_cancelled.load(Ordering::Acquire)
    }

    fn remember(&mut self) {
        let board = &self.setup.hands.board;
        for photo in (0..board.photo_count() as u32).map(PhotoId) {
            let Some(slot) = board.slot(photo) else { continue };
            self.known.insert(Arc::clone(&slot.path), (photo, arrival::stamp(&slot.path)));
        }
    }

    /// Looks through all folders.
    fn look_at_all(&mut self) {
        let mut is_present = vec![false; self.setup.hands.board.photo_count()];
        scan::scan(&self.setup.roots.clone(), &mut |found| {
            if let Found::Photo(path) = found {
                if let Some((photo, _)) = self.known.get(&*path) {
                    is_present[photo.index()] = true;
                }
                self.look_at_file(&path);
            }
            match self.is_cancelled() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        if self.is_cancelled() {
            return;
        }
        let missing = self.known.iter().filter(|(_, (photo, _))| !is_present[photo.index()]);
        let missing: Vec<_> = missing.map(|(path, _)| Arc::clone(path)).collect();
        missing.iter().for_each(|path| self.look_at_missing(path));
    }

    /// Looks at what the system named: a file, or a folder with all that is or was in it.
    fn look_at(&mut self, path: &Path) {
        let mut paths = Vec::new();
        if self.is_hidden(path) {
            return;
        }
        if let Some(picture) = pair::picture_beside(path) {
            self.give_twin(&picture, path);
            return;
        }
        if path.exists() && (path.is_dir() || scan::has_photo_name(path)) {
            scan::scan(&[path.to_owned()], &mut |found| {
                paths.extend(match found {
                    Found::Photo(path) => Some(path),
                    Found::Twin(_) | Found::Trouble(_) | Found::Other => None,
                });
                ControlFlow::Continue(())
            });
        } else if self.known.contains_key(path) {
            self.look_at_missing(path);
        } else if !path.exists() && !scan::has_photo_name(path) {
            let inside = self.known.keys().filter(|known| known.starts_with(path));
            inside.cloned().collect::<Vec<_>>().iter().for_each(|path| self.look_at_missing(path));
        }
        paths.iter().for_each(|path| self.look_at_file(path));
    }

    /// Tells a photo that its raw file has come.
    fn give_twin(&self, picture: &Path, raw: &Path) {
        let known =
            self.known.get(picture).and_then(|(photo, _)| self.setup.hands.board.slot(*photo));
        if let Some(slot) = known {
            slot.set_twin(raw.into());
            (self.setup.hands.wake)();
        }
    }

    fn is_hidden(&self, path: &Path) -> bool {
        let inside = self.setup.roots.iter().find_map(|root| path.strip_prefix(root).ok());
        let parts = inside.into_iter().flat_map(Path::components);
        parts.map(std::path::Component::as_os_str).any(scan::is_hidden)
    }

    fn look_at_file(&mut self, path: &Path) {
        let Some(stamp) = arrival::stamp(path) else { return };
        let is_known = self.known.get(path).is_some_and(|(photo, known)| {
            let slot = self.setup.hands.board.slot(*photo);
            *known == Some(stamp) && slot.is_some_and(|slot| !slot.is_gone())
        });
        if !is_known && self.coming.get(path).is_none_or(|(before, _)| *before != stamp) {
            self.coming.insert(path.to_owned(), (stamp, Instant::now()));
        }
    }

    /// Notes that the file of a photo that is shown is missing.
    fn look_at_missing(&mut self, path: &Path) {
        let Some((photo, _)) = self.known.get(path) else { return };
        if self.setup.hands.board.slot(*photo).is_some_and(|slot| !slot.is_gone()) {
            self.leaving.entry(path.to_owned()).or_insert_with(Instant::now);
        }
    }

    /// Photos whose files have been missing for long enough, while the folder that was opened is
    /// there.
    fn left(&mut self) -> Vec<PhotoId> {
        let (mut gone, roots, known) = (Vec::new(), &self.setup.roots, &self.known);
        self.leaving.retain(|path, since| {
            if arrival::stamp(path).is_some() {
                return false;
            }
            let is_due = since.elapsed() >= QUIET;
            if is_due && roots.iter().any(|root| path.starts_with(root) && root.exists()) {
                gone.extend(known.get(path.as_path()).map(|(photo, _)| *photo));
            }
            !is_due
        });
        gone
    }

    /// Files that have not changed for long enough.
    fn arrived(&mut self) -> Vec<(PathBuf, Stamp)> {
        let mut arrived = Vec::new();
        self.coming.retain(|path, (stamp, since)| {
            let Some(now) = arrival::stamp(path) else { return false };
            if now != *stamp {
                (*stamp, *since) = (now, Instant::now());
            }
            let quiet = if arrival::has_end(path) { QUIET } else { LONG_QUIET };
            let is_whole = now.bytes > 0 && since.elapsed() >= quiet;
            if is_whole {
                arrived.push((path.clone(), now));
            }
            !is_whole
        });
        arrived
    }

    /// Puts an order in place with what has come and without what has gone.
    fn exchange(&mut self, arrived: Vec<(PathBuf, Stamp)>, mut gone: Vec<PhotoId>) {
        if arrived.is_empty() && gone.is_empty() {
            return;
        }
        let hands = Arc::clone(&self.setup.hands);
        let (mut new, mut back) = (Vec::new(), Vec::new());
        for (path, stamp) in arrived {
            match self.known.get(path.as_path()).copied() {
                Some((photo, known)) if known == Some(stamp) => back.push(photo),
                before => {
                    gone.extend(before.map(|(photo, _)| photo));
                    let shared: Arc<Path> = path.as_path().into();
                    let photo = hands.board.add(Arc::clone(&shared));
                    // A raw file that was a photo of its own until its picture came.
                    if let (Some(raw), Some(slot)) =
                        (pair::raw_beside(&path), hands.board.slot(photo))
                    {
                        gone.extend(self.known.get(raw.as_path()).map(|(photo, _)| *photo));
                        slot.set_twin(raw.into());
                    }
                    self.known.insert(shared, (photo, Some(stamp)));
                    new.push(photo);
                }
            }
        }
        let set = |photos: &[PhotoId], is_gone| {
            let slots = photos.iter().filter_map(|photo| hands.board.slot(*photo));
            slots.for_each(|slot| slot.set_gone(is_gone));
        };
        set(&gone, true);
        set(&back, false);
        hands.looker.gone(gone);
        hands.looker.headers_read(back);
        self.setup.queue.add_headers(new);
        // The headers of some new photos are read in milliseconds; of a whole card they are not, and
        // there is no hurry.
        while (hands.board.headers_read() as usize) < hands.board.photo_count() {
            if self.is_cancelled() {
                return;
            }
            thread::park_timeout(Duration::from_millis(10));
        }
        hands.board.set_order(Arc::new(sort::by_time(&hands.board, &hands.clock_offsets_seconds)));
        (hands.wake)();
    }
}
