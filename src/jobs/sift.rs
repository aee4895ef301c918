//! Filters and sorts the shoot in the background: what the person asks for goes in, a whole order
//! comes out.
//!
//! Thread `sift`, and for large shoots a helper for each further core. The latest wish wins: it
//! takes the place of one that waits, and one that is being worked on is given up. The window hands
//! over a copy of the labels that costs it two thousand pointers for a million photos, and takes
//! the answer when it is there; neither waits (`benches/filter.rs`: a million in under 100 ms).
//!
//! Photos are looked at by their numbers, which is how they lie in memory, and only then put in
//! order.

use std::borrow::Cow;
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
use super::board::Slot;
use crate::core::filter::Facts;
use crate::core::filter::Filter;
use crate::core::label::Label;
use crate::core::order::Order;
use crate::core::order::Sort;
use crate::core::order::SortKey;
use crate::core::order::keep_rank;
use crate::core::outlook::Outlook;
use crate::core::photo::PhotoId;
use crate::core::photo::PhotoMeta;
use crate::core::photo::Timestamp;
use crate::core::review::LabelColumn;

/// Photos between two looks at whether the answer is still wanted: under a millisecond's.
const STRIDE: usize = 4096;

/// In the place of a photo's rank: it does not pass.
const HIDDEN: u8 = u8::MAX;

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
    pub fn passes(
        &self,
        filter: &Filter,
        photo: PhotoId,
        label: &Label,
        outlook: Option<&Outlook>,
    ) -> bool {
        let shared = &*self.shared;
        let Some(slot) = shared.board.slot(photo) else { return false };
        let order = shared.board.order();
        let burst = order.index_of(photo).map_or(0..0, |index| order.burst_at(index));
        let burst_len = burst.len().max(1);
        let (clock_offsets, judged) = (&shared.clock_offsets, judged(outlook, photo, label));
        filter.matches(&Look { slot, label, burst_len, clock_offsets, judged })
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
        while !self.is_ended.load(Ordering::Acquire) {
            let Some(wanted) = self.wanted.pop() else {
                thread::park();
                continue;
            };
            let is_stale = || {
                self.latest.load(Ordering::Acquire) != wanted.number
                    || self.is_ended.load(Ordering::Acquire)
            };
            if let Some(order) = sift(&self.board, &self.clock_offsets, &wanted, &is_stale) {
                let answer = Sifted { number: wanted.number, order: Arc::new(order) };
                // Before the window looks: what it decides on now is not copied for us any more.
                drop(wanted);
                _ = self.answers.force_push(answer);
                wake();
            }
        }
    }
}

/// The order that is wanted; `None` when it is no longer.
pub fn sift(
    board: &Board,
    clock_offsets: &ClockOffsets,
    wanted: &Wanted,
    is_stale: &(impl Fn() -> bool + Sync),
) -> Option<Order> {
    let filter = &*wanted.filter;
    let burst_lengths = if filter.reads_bursts() { wanted.whole.burst_lengths() } else { vec![] };
    let outlook = wanted.outlook.as_deref();
    let mut ranks = vec![HIDDEN; wanted.whole.column_len()];
    let judge = |at: usize| {
        let photo = PhotoId(at as u32);
        let label = wanted.labels.get(photo);
        let burst_len = burst_lengths.get(at).map_or(1, |&len| len as usize);
        let passes = filter.is_everything()
            || board.slot(photo).is_some_and(|slot| {
                let judged = judged(outlook, photo, label);
                filter.matches(&Look { slot, label, burst_len, clock_offsets, judged })
            });
        match (passes, wanted.sort.key) {
            (false, _) => HIDDEN,
            (true, SortKey::Keep) => keep_rank(outlook.and_then(|outlook| outlook.keep(photo))),
            (true, _) => label.stars,
        }
    };
    let fill = |first: usize, part: &mut [u8]| {
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
fn in_parts(column: &mut [u8], fill: &(impl Fn(usize, &mut [u8]) + Sync)) {
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

/// What the board and the labels know of a photo.
struct Look<'a> {
    slot: &'a Slot,
    label: &'a Label,
    burst_len: usize,
    clock_offsets: &'a ClockOffsets,
    /// How probably it would be kept, and whether anything is proposed.
    judged: (Option<f32>, bool),
}

impl Facts for Look<'_> {
    fn file_name(&self) -> Cow<'_, str> {
        let path = self.slot.path.as_os_str().as_encoded_bytes();
        let is_separator = |byte: &u8| std::path::is_separator(char::from(*byte));
        // Separators are ASCII, which is never part of another letter. A path looked at as a path
        // costs as much as all the rest.
        let start = path.iter().rposition(is_separator).map_or(0, |at| at + 1);
        match str::from_utf8(&path[start..]) {
            Ok(name) => name.into(),
            Err(_) => self.slot.path.file_name().unwrap_or_default().to_string_lossy(),
        }
    }

    fn label(&self) -> &Label {
        self.label
    }

    fn meta(&self) -> Option<&PhotoMeta> {
        self.slot.header().map(|header| &header.meta)
    }

    fn captured(&self) -> Option<Timestamp> {
        let meta = self.meta()?;
        let captured = meta.captured?;
        if self.clock_offsets.is_empty() {
            return Some(captured);
        }
        let offset = meta.body().and_then(|body| self.clock_offsets.get(&body).copied());
        Some(captured.plus_seconds(offset.unwrap_or(0)))
    }

    fn burst_len(&self) -> usize {
        self.burst_len
    }

    fn keep(&self) -> Option<f32> {
        self.judged.0
    }

    fn is_proposed(&self) -> bool {
        self.judged.1
    }
}

fn judged(outlook: Option<&Outlook>, photo: PhotoId, label: &Label) -> (Option<f32>, bool) {
    outlook.map_or((None, false), |o| (o.keep(photo), o.proposal(photo, label.verdict).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::label::Decision;
    use crate::core::photo::Fingerprint;
    use crate::core::review::Review;
    use crate::core::view::Viewport;
    use crate::jobs::board::Header;
    use crate::jobs::sort;
    use std::path::Path;
    use std::sync::mpsc;
    use std::time::Duration;

    /// Photos a minute apart, `IMG_1.JPG` the last one taken; every third has five stars.
    fn shoot(count: u32) -> (Arc<Board>, Review) {
        let board = Board::default();
        for number in 0..count {
            let photo = board.add(Path::new(&format!("a/IMG_{}.JPG", count - number)).into());
            let captured = Timestamp::from_civil([2026, 5, 3], [0; 3], 0);
            let meta = PhotoMeta {
                model: Some("X".into()),
                iso: Some(number),
                captured: captured.map(|at| at.plus_seconds(i64::from(number) * 60)),
                ..PhotoMeta::default()
            };
            let header = Header { meta, fingerprint: Fingerprint([0; 16]) };
            board.slot(photo).unwrap().set_header(header);
        }
        board.set_order(Arc::new(sort::by_time(&board, &ClockOffsets::new())));
        let mut review = Review::new(Viewport::new([100.0; 2], 1.0));
        review.set_order(Arc::clone(&board.order()));
        let five = Label::default().with(&Decision::Stars(5));
        review.restore((0..count).step_by(3).map(|photo| (PhotoId(photo), five.clone())));
        (Arc::new(board), review)
    }

    fn wanted(number: u64, text: &str, key: SortKey, shoot: &(Arc<Board>, Review)) -> Wanted {
        Wanted {
            number,
            filter: Arc::new(Filter::read(text).filter),
            sort: Sort { key, is_reversed: false },
            whole: Arc::clone(&shoot.0.order()),
            labels: shoot.1.labels().clone(),
            outlook: None,
        }
    }

    fn sifted(text: &str, key: SortKey, offsets: &ClockOffsets) -> Vec<u32> {
        let shoot = shoot(40_000);
        let wanted = wanted(1, text, key, &shoot);
        let order = sift(&shoot.0, offsets, &wanted, &|| false).expect("it is wanted");
        order.photos().iter().map(|photo| photo.0).collect()
    }

    #[test]
    fn every_part_of_a_large_shoot_is_sifted() {
        let none = ClockOffsets::new();
        let fives = sifted("stars:5", SortKey::Time, &none);
        assert!(fives.into_iter().eq((0..40_000).step_by(3)));
        let late = sifted("iso>=39997", SortKey::Name, &none);
        assert_eq!(late, [39_999, 39_998, 39_997]);
        let first = sifted("name:img_1.jpg or iso<3", SortKey::Stars, &none);
        assert_eq!(first, [0, 39_999, 1, 2]);
        assert!(sifted("iso>0 iso<1", SortKey::Time, &none).is_empty());
    }

    #[test]
    fn a_date_is_told_by_the_clock_as_it_was_put_right() {
        let offsets = ClockOffsets::from([("X".to_owned(), -60)]);
        assert_eq!(sifted("date:2026-05-02", SortKey::Time, &offsets), [0]);
        assert!(sifted("date:2026-05-02", SortKey::Time, &ClockOffsets::new()).is_empty());
    }

    #[test]
    fn the_latest_wish_wins_and_an_unwanted_one_is_given_up() {
        let shoot = shoot(50);
        let given_up =
            sift(&shoot.0, &ClockOffsets::new(), &wanted(1, "", SortKey::Time, &shoot), &|| true);
        assert_eq!(given_up, None);
        let (bell, rung) = mpsc::channel();
        let wake: Waker = Arc::new(move || _ = bell.send(()));
        let sifter = Sifter::start(Arc::clone(&shoot.0), ClockOffsets::new(), wake);
        let sifter = sifter.expect("there is a thread");
        for number in 1..=100 {
            sifter.ask(wanted(number, &format!("iso<{number}"), SortKey::Time, &shoot));
        }
        let last = loop {
            rung.recv_timeout(Duration::from_secs(30)).expect("an answer comes");
            match sifter.take() {
                Some(answer) if answer.number == 100 => break answer,
                _ => {}
            }
        };
        assert_eq!(last.order.len(), 50);
        assert!(sifter.take().is_none(), "nothing comes after the latest");
    }
}
