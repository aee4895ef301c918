//! Which photos there are: the thread that lists the folders and then watches them.

use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use super::chain;
use crate::core::order::Order;
use crate::core::order::natural_cmp;
use crate::core::photo::PhotoId;
use crate::disk::scan;
use crate::disk::scan::Found;
use crate::jobs::board::Board;
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
    /// The photo that was current in an earlier run, until it is found.
    place: Option<PathBuf>,
}

impl Scan {
    pub(super) fn new(
        queue: Arc<Queue>,
        hands: Arc<Hands>,
        is_cancelled: Arc<AtomicBool>,
        place: Option<PathBuf>,
    ) -> Self {
        let (batch, twins) = (Vec::with_capacity(HEADERS_A_JOB), Twins::default());
        Self { queue, hands, is_cancelled, batch, next_order_at: 1, twins, place }
    }

    /// Lists the folders, then follows them until it is cancelled.
    pub(super) fn run(&mut self, roots: Vec<PathBuf>) {
        scan::scan(&roots, &mut |found| self.take(found));
        self.flush();
        let hands = &self.hands;
        std::mem::take(&mut self.twins).give_to(&hands.board);
        let order = Arc::new(sort::by_name(&hands.board));
        if let Some(place) = self.place.take()
            && let Some(photo) = neighbour(&hands.board, &order, &place)
        {
            hands.progress.place.store(photo.0 + 1, Ordering::Release);
        }
        hands.board.set_order(order);
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
        let photo = self.hands.board.add(path.into());
        self.batch.push(photo);
        if self.place.as_deref() == Some(path) {
            self.place = None;
            self.hands.progress.place.store(photo.0 + 1, Ordering::Release);
        }
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

/// The photo whose name follows that of one which is gone, or the last one: of an order by name.
fn neighbour(board: &Board, order: &Order, gone: &Path) -> Option<PhotoId> {
    let gone = gone.to_string_lossy();
    let is_before = |photo: &PhotoId| {
        let slot = board.slot(*photo);
        slot.is_some_and(|slot| natural_cmp(&slot.path.to_string_lossy(), &gone).is_lt())
    };
    let at = order.photos().partition_point(is_before);
    order.photo_at(at.min(order.len().checked_sub(1)?))
}
