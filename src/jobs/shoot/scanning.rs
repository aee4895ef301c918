//! Which photos there are: the thread that lists the folders and then watches them.

use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use super::chain;
use crate::core::photo::PhotoId;
use crate::disk::scan;
use crate::disk::scan::Found;
use crate::jobs::decode::Hands;
use crate::jobs::queue::Queue;
use crate::jobs::sort;
use crate::jobs::twins::Twins;
use crate::jobs::watch;

/// Headers that a worker reads in one go: a few milliseconds of a warm disk.
const HEADERS_A_JOB: usize = 64;

/// The scan: runs on its own thread, adds photos to the board and headers to the queue.
pub(super) struct Scan {
    queue: Arc<Queue>,
    hands: Arc<Hands>,
    is_cancelled: Arc<AtomicBool>,
    batch: Vec<PhotoId>,
    /// How many photos there must be before names are sorted again: twice as many each time, so
    /// that all sorting together costs no more than twice the last one.
    next_order_at: usize,
    twins: Twins,
}

impl Scan {
    pub(super) fn new(queue: Arc<Queue>, hands: Arc<Hands>, is_cancelled: Arc<AtomicBool>) -> Self {
        let batch = Vec::with_capacity(HEADERS_A_JOB);
        Self { queue, hands, is_cancelled, batch, next_order_at: 1, twins: Twins::default() }
    }

    /// Lists the folders, then follows them until it is cancelled.
    pub(super) fn run(&mut self, roots: Vec<PathBuf>) {
        scan::scan(&roots, &mut |found| self.take(found));
        self.flush();
        let hands = &self.hands;
        std::mem::take(&mut self.twins).give_to(&hands.board);
        hands.board.set_order(Arc::new(sort::by_name(&hands.board)));
        hands.progress.scan_ended.store(true, Ordering::SeqCst);
        hands.sort_when_all_is_read();
        (hands.wake)();
        watch::follow(watch::Setup {
            roots,
            hands: Arc::clone(&self.hands),
            queue: Arc::clone(&self.queue),
            is_cancelled: Arc::clone(&self.is_cancelled),
        });
    }

    fn take(&mut self, found: Found) -> ControlFlow<()> {
        match found {
            Found::Photo(path) => self.add(&path),
            Found::Twin(path) => self.twins.note(path),
            Found::Other => {}
            Found::Trouble(trouble) => {
                self.hands.progress.troubles.push(chain(&trouble));
                (self.hands.wake)();
            }
        }
        match self.is_cancelled.load(Ordering::Acquire) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn add(&mut self, path: &Path) {
        self.batch.push(self.hands.board.add(path.into()));
        if self.batch.len() >= HEADERS_A_JOB {
            self.flush();
        }
        let count = self.hands.board.photo_count();
        if count >= self.next_order_at {
            self.next_order_at = (count * 2).max(HEADERS_A_JOB);
            self.hands.board.set_order(Arc::new(sort::by_name(&self.hands.board)));
            (self.hands.wake)();
        }
    }

    fn flush(&mut self) {
        if !self.batch.is_empty() {
            let next = Vec::with_capacity(HEADERS_A_JOB);
            self.queue.add_headers(std::mem::replace(&mut self.batch, next));
        }
    }
}
