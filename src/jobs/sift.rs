//! Filters and sorts the shoot in the background: what the person asks for goes in, a whole order
//! comes out.
//!
//! Thread `sift`, and for large shoots a helper for each further core. The latest wish wins: it
//! takes the place of one that waits, and one that is being worked on is given up. The window hands
//! over a copy of the labels that costs it two thousand pointers for a million photos, and takes
//! the answer when it is there; neither waits (`benches/filter.rs`: a million in under 100 ms).
//!
//! Sharpness is relative to the shoot, so that its column is made first, and kept until more is known of
//! the photos; `look` is what is asked of one photo.
//!
//! Photos are looked at by their numbers, which is how they lie in memory, and only then put in
//! order.

mod look;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;

use crossbeam_queue::ArrayQueue;
use crossbeam_queue::SegQueue;

use super::Waker;
use super::board::Board;
use crate::core::features::sharpness::Measure;
use crate::core::features::sharpness::Sharpness;
use crate::core::filter::Filter;
use crate::core::label::Label;
use crate::core::order::Order;
use crate::core::order::Sort;
use crate::core::order::SortKey;
use crate::core::order::share_rank;
use crate::core::outlook::Outlook;
use crate::core::photo::PhotoId;
use crate::core::review::LabelColumn;
use look::Look;

/// Photos between two looks at whether the answer is still wanted: under a millisecond's.
const STRIDE: usize = 4096;

/// In the place of a photo's rank: it does not pass.
const HIDDEN: u16 = u16::MAX;

/// Seconds to add to the clock of a camera body, by its name.
pub type ClockOffsets = BTreeMap<String, i64>;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Rises with every wish.
    pub number: u64,
    /// Which photos are shown.
    pub filter: Arc<Filter>,
    /// In which order.
    pub sort: Sort,
    /// The whole shoot.
    pub whole: Arc<Order>,
    /// What is decided.
    pub labels: LabelColumn,
    /// What a learner makes of the photos, where there is one.
    pub outlook: Option<Arc<Outlook>>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Sifted {
    /// The number of the wish.
    pub number: u64,
    /// What is shown.
    pub order: Arc<Order>,
    /// How sharp the photos are, where that was asked.
    pub sharpness: Option<Arc<Sharpness>>,
}

/// What is known of the photos beside their headers and labels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// What a learner makes of them.
    pub outlook: Option<&'a Outlook>,
    /// How sharp they are.
    pub sharpness: Option<&'a Sharpness>,
}

/// The sharpness of a shoot, and when it was measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// Of so many photos the features were known, among so many.
    of: (u32, usize),
    sharpness: Arc<Sharpness>,
}

/// The thread that sifts. Dropping it ends the thread.
#[derive(Debug)]
pub struct Sifter {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    board: Arc<Board>,
    clock_offsets: ClockOffsets,
    wanted: ArrayQueue<Wanted>,
    answers: ArrayQueue<Sifted>,
    /// The number of the latest wish.
    latest: AtomicU64,
    is_ended: AtomicBool,
}

impl Sifter {
    /// Starts the thread; `wake` is called when there is an answer.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(board: Arc<Board>, clock_offsets: ClockOffsets, wake: Waker) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            board,
            clock_offsets,
            wanted: ArrayQueue::new(1),
            answers: ArrayQueue::new(1),
            latest: AtomicU64::new(0),
            is_ended: AtomicBool::new(false),
        });
        let worker = Arc::clone(&shared);
        let run = move || worker.run(&wake);
        let thread = Some(thread::Builder::new().name("sift".into()).spawn(run)?);
        Ok(Self { shared, thread })
    }

    /// Asks for an order in the place of the one asked for before. Never waits.
    pub fn ask(&self, wanted: Wanted) {
        self.shared.latest.store(wanted.number, Ordering::Release);
        // What is pushed out is no longer wanted.
        _ = self.shared.wanted.force_push(wanted);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// The answer, once. Never waits.
    #[must_use]
    pub fn take(&self) -> Option<Sifted> {
        self.shared.answers.pop()
    }

    /// Whether one photo with this label passes now.
    #[must_use]
    pub fn passes(&self, filter: &Filter, photo: PhotoId, label: &Label, known: Known<'_>) -> bool {
        let shared = &*self.shared;
        let Some(slot) = shared.board.slot(photo) else { return false };
        let order = shared.board.order();
        let burst = order.index_of(photo).map_or(0..0, |index| order.burst_at(index));
        let burst_len = burst.len().max(1);
        let clock_offsets = &shared.clock_offsets;
        filter.matches(&Look { photo, slot, label, burst_len, clock_offsets, known })
    }
}

impl Drop for Sifter {
    fn drop(&mut self) {
        self.shared.is_ended.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            // Not waited for: it lets go of the board within a stride.
            thread.thread().unpark();
        }
    }
}

impl Shared {
    fn run(&self, wake: &Waker) {
        let mut measured = Measured::default();
        while !self.is_ended.load(Ordering::Acquire) {
            let Some(wanted) = self.wanted.pop() else {
                thread::park();
                continue;
            };
            let is_stale = || {
                self.latest.load(Ordering::Acquire) != wanted.number
                    || self.is_ended.load(Ordering::Acquire)
            };
            let sharpness = wanted.reads_sharpness().then(|| measured.of(&self.board, &wanted));
            let known = sharpness.as_deref();
            if let Some(order) = sift(&self.board, &self.clock_offsets, &wanted, known, &is_stale) {
                let (number, order) = (wanted.number, Arc::new(order));
                let answer = Sifted { number, order, sharpness };
                // Before the window looks: what it decides on now is not copied for us any more.
                drop(wanted);
                _ = self.answers.force_push(answer);
                wake();
            }
        }
    }
}

impl Wanted {
    /// Whether it takes how sharp the photos are.
    #[must_use]
    pub fn reads_sharpness(&self) -> bool {
        self.filter.reads_sharpness() || self.sort.key == SortKey::Sharp
    }
}

impl Measured {
    /// How sharp the photos are: anew where more is known of them.
    pub fn of(&mut self, board: &Board, wanted: &Wanted) -> Arc<Sharpness> {
        let of = (board.measured(), wanted.whole.column_len());
        if self.of != of {
            let measure = Measure::default();
            let mut values = vec![f32::NAN; of.1];
            in_parts(&mut values, &|first, part| {
                for (at, value) in (first..).zip(part) {
                    let slot = board.slot(PhotoId(at as u32));
                    let features = slot.and_then(|slot| slot.features());
                    *value = features.map_or(f32::NAN, |features| measure.of(features));
                }
            });
            (self.of, self.sharpness) = (of, Arc::new(Sharpness::of(&values)));
        }
        Arc::clone(&self.sharpness)
    }
}

impl Known<'_> {
    /// How probably a photo would be kept.
    fn keep(&self, photo: PhotoId) -> Option<f32> {
        self.outlook?.keep(photo)
    }

    /// The share of the shoot that is less sharp.
    fn sharp(&self, photo: PhotoId) -> Option<f32> {
        self.sharpness?.share(photo.index())
    }
}

/// The order that is wanted; `None` when it is no longer.
pub fn sift(
    board: &Board,
    clock_offsets: &ClockOffsets,
    wanted: &Wanted,
    sharpness: Option<&Sharpness>,
    is_stale: &(impl Fn() -> bool + Sync),
) -> Option<Order> {
    let filter = &*wanted.filter;
    let burst_lengths = if filter.reads_bursts() { wanted.whole.burst_lengths() } else { vec![] };
    let known = Known { outlook: wanted.outlook.as_deref(), sharpness };
    let mut ranks = vec![HIDDEN; wanted.whole.column_len()];
    let judge = |at: usize| {
        let photo = PhotoId(at as u32);
        let label = wanted.labels.get(photo);
        let burst_len = burst_lengths.get(at).map_or(1, |&len| len as usize);
        let passes = filter.is_everything()
            || board.slot(photo).is_some_and(|slot| {
                filter.matches(&Look { photo, slot, label, burst_len, clock_offsets, known })
            });
        match (passes, wanted.sort.key) {
            (false, _) => HIDDEN,
            (true, SortKey::Keep) => share_rank(known.keep(photo)),
            (true, SortKey::Sharp) => share_rank(known.sharp(photo)),
            (true, _) => u16::from(label.stars),
        }
    };
    let fill = |first: usize, part: &mut [u16]| {
        for (stride, ranks) in part.chunks_mut(STRIDE).enumerate() {
            if is_stale() {
                return;
            }
            for (at, rank) in (first + stride * STRIDE..).zip(ranks) {
                *rank = judge(at);
            }
        }
    };
    in_parts(&mut ranks, &fill);
    if is_stale() {
        return None;
    }
    let rank_of = |photo: PhotoId| Some(ranks[photo.index()]).filter(|&rank| rank != HIDDEN);
    Some(wanted.whole.arranged(wanted.sort, rank_of))
}

/// Fills a column, with a thread for each core where it is long.
fn in_parts<T: Send>(column: &mut [T], fill: &(impl Fn(usize, &mut [T]) + Sync)) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    // A few parts a core: one that is busy with other things takes fewer.
    let part_len = column.len().div_ceil(4 * cores).max(4 * STRIDE);
    let parts = SegQueue::new();
    (0..).step_by(part_len).zip(column.chunks_mut(part_len)).for_each(|part| parts.push(part));
    let work = || {
        while let Some((first, part)) = parts.pop() {
            fill(first, part);
        }
    };
    thread::scope(|scope| {
        for _ in 1..cores.min(parts.len()) {
            // Without the thread there is one fewer to share the parts.
            _ = thread::Builder::new().name("sift".into()).spawn_scoped(scope, work);
        }
        work();
    });
}

#[cfg(test)]
mod tests;
