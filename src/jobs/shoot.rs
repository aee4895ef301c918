//! An open shoot: the scan, the header pass, the order, the pictures and the saving, started
//! together and ended together.
//!
//! ```text
//! thread "scan" --paths--> Board ---ids---> Queue --headers--> Board, save thread
//!                            |                        last one: capture order -> Board.order
//!                            +--- natural name order, again and again while the scan runs
//! ```
//!
//! The thread that sorts is a worker or the scan, never the window.

mod scanning;

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

use crossbeam_queue::SegQueue;

use self::scanning::Scan;
use super::Waker;
use super::board::Board;
use super::cached::Cached;
use super::decode;
use super::decode::Hands;
use super::decode::Turns;
use super::export::outbox::Outbox;
use super::learn::shelf::Shelf;
use super::learn::teacher::Teacher;
use super::ledger::Budget;
use super::ledger::Ledger;
use super::plan::Wish;
use super::plan::needs_tile;
use super::plan::needs_view;
use super::queue::Orders;
use super::queue::Queue;
use super::save::News;
use super::save::Saver;
use super::save::Setup;
use super::sidecar::Tally;
use super::sift::Sifter;
use super::thumbnails::Thumbnails;
use crate::core::edit::Step;
use crate::core::guard;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::core::said::Convention;
use crate::disk::sidecar::settings::SidecarSettings;

/// What an opening shoot is told.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Folders and files, as the person gave them.
    pub roots: Vec<PathBuf>,
    /// Seconds to add to the clock of a camera body, by its name.
    pub clock_offsets_seconds: BTreeMap<String, i64>,
    /// Bodies whose clocks the person has just moved: told where one took no photo of the shoot.
    pub clocks_set: Vec<String>,
    /// Where tiles are kept, in the coding that the device reads.
    pub cached: Arc<Cached>,
    /// Memory for pictures.
    pub budget: Budget,
    /// The folder of the decision store.
    pub store: PathBuf,
    /// The time of opening.
    pub now: Timestamp,
    /// What may be proposed; `None` where nothing is learned.
    pub learn: Option<guard::Budget>,
    /// Whether and how sidecars are written; `None` where files beside the photos are not looked at.
    pub sidecars: Option<SidecarSettings>,
}

/// An open shoot. Dropping it ends its threads; [`Shoot::close`] waits for its decisions first.
pub struct Shoot {
    roots: Vec<PathBuf>,
    data: PathBuf,
    convention: Convention,
    wake: Waker,
    board: Arc<Board>,
    queue: Arc<Queue>,
    sifter: Sifter,
    teacher: Option<Teacher>,
    saver: Option<Saver>,
    scan: Option<JoinHandle<()>>,
    is_cancelled: Arc<AtomicBool>,
    progress: Arc<Progress>,
    cached: Arc<Cached>,
    left: VecDeque<Step>,
}

/// How far reading has come, and what went wrong on the way.
#[derive(Debug, Default)]
pub struct Progress {
    /// Every folder has been listed.
    pub scan_ended: AtomicBool,
    /// The capture order is in place.
    pub is_sorted: AtomicBool,
    /// What of the shoot cannot be read, for the person, oldest first.
    pub troubles: SegQueue<String>,
    /// What else the person should know, oldest first.
    pub hints: SegQueue<String>,
    /// The photo that was current in an earlier run, counted from 1; 0 while it is not known.
    pub place: AtomicU32,
}

impl Shoot {
    /// Opens a shoot; everything happens on other threads, which call `wake` when there is news.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn open(opening: Opening, wake: &Waker) -> io::Result<Self> {
        Self::open_at(opening, None, wake)
    }

    /// The same, and looks for a photo that was current in an earlier run: [`Shoot::place`].
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn open_at(opening: Opening, place: Option<PathBuf>, wake: &Waker) -> io::Result<Self> {
        let board = Arc::new(Board::default());
        let ledger = Arc::new(Ledger::new(opening.budget));
        let progress = Arc::new(Progress::default());
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let data = opening.store.clone();
        let convention = opening.sidecars.as_ref().map(|sidecars| sidecars.verdict);
        let saver = Saver::start(Setup {
            board: Arc::clone(&board),
            dir: opening.store,
            folders: opening.roots.clone(),
            read_header: Arc::new(decode::read_header),
            wake: Arc::clone(wake),
            now: opening.now,
            sidecars: opening.sidecars,
        })?;
        let offsets = opening.clock_offsets_seconds.clone();
        let sifter = Sifter::start(Arc::clone(&board), offsets, Arc::clone(wake))?;
        let shelf = Shelf { data: data.clone(), roots: opening.roots.clone() };
        let start = |budget| Teacher::start(Arc::clone(&board), budget, shelf, Arc::clone(wake));
        let teacher = opening.learn.map(start).transpose()?;
        let hands = Arc::new(Hands {
            board: Arc::clone(&board),
            ledger: Arc::clone(&ledger),
            looker: saver.looker(),
            thumbnails: Thumbnails::default(),
            turns: Turns::default(),
            progress: Arc::clone(&progress),
            cached: Arc::clone(&opening.cached),
            now: opening.now,
            clock_offsets_seconds: opening.clock_offsets_seconds,
            clocks_set: opening.clocks_set,
            wake: Arc::clone(wake),
        });
        let (worker, cached) = (Arc::clone(&hands), Arc::clone(&opening.cached));
        let orders = Orders {
            work: Box::new(move |job| worker.run(job)),
            rest: Box::new(move || cached.commit()),
        };
        let queue = Arc::new(Queue::new(Arc::clone(&board), ledger, orders)?);
        let mut scan = Scan::new(Arc::clone(&queue), hands, Arc::clone(&is_cancelled), place);
        let roots = opening.roots.clone();
        let scan = thread::Builder::new().name("scan".into()).spawn(move || scan.run(roots))?;
        Ok(Self {
            roots: opening.roots,
            data,
            convention: convention.unwrap_or_default(),
            wake: Arc::clone(wake),
            board,
            queue,
            sifter,
            teacher,
            saver: Some(saver),
            scan: Some(scan),
            is_cancelled,
            progress,
            cached: opening.cached,
            left: VecDeque::new(),
        })
    }

    /// The folders and files that were opened.
    #[must_use]
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Exports of this shoot's photos, one at a time.
    #[must_use]
    pub fn outbox(&self) -> Outbox {
        Outbox::new(self.data.clone(), Arc::clone(&self.wake))
    }

    /// How a verdict is told to other programs.
    #[must_use]
    pub const fn convention(&self) -> Convention {
        self.convention
    }

    /// What is known of the photos, for another thread.
    #[must_use]
    pub fn shared_board(&self) -> Arc<Board> {
        Arc::clone(&self.board)
    }

    /// What is known of the photos.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// Who filters and sorts.
    #[must_use]
    pub const fn sifter(&self) -> &Sifter {
        &self.sifter
    }

    /// Who learns from what is decided, where that is wished for.
    #[must_use]
    pub const fn teacher(&self) -> Option<&Teacher> {
        self.teacher.as_ref()
    }

    /// The photo that was current in an earlier run, or the next by name where it is gone; `None` while
    /// that is not known.
    #[must_use]
    pub fn place(&self) -> Option<PhotoId> {
        self.progress.place.load(Ordering::Acquire).checked_sub(1).map(PhotoId)
    }

    /// Whether folders are still being listed.
    #[must_use]
    pub fn is_scanning(&self) -> bool {
        !self.progress.scan_ended.load(Ordering::Acquire)
    }

    /// Whether the photos stand in their lasting order.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        self.progress.is_sorted.load(Ordering::Acquire)
    }

    /// What of the shoot cannot be read, in words for the person, once.
    #[must_use]
    pub fn take_trouble(&self) -> Option<String> {
        self.progress.troubles.pop()
    }

    /// What else the person should know, once.
    #[must_use]
    pub fn take_hint(&self) -> Option<String> {
        let of_sidecars = || self.tally().and_then(|tally| tally.hints.pop());
        self.progress.hints.pop().or_else(|| self.cached.take_hint()).or_else(of_sidecars)
    }

    /// How many sidecars are not what they should be.
    #[must_use]
    pub fn tally(&self) -> Option<&Tally> {
        self.saver.as_ref().map(Saver::tally)
    }

    /// Says what is to be shown. Never waits.
    pub fn wish(&self, wish: Wish) {
        self.queue.wish(wish);
    }

    /// Has every photo's glance brought once more, for a new device. Never waits.
    pub fn read_glances_again(&self) {
        self.queue.read_glances_again();
    }

    /// An empty wish with memory to reuse.
    #[must_use]
    pub fn blank_wish(&self) -> Wish {
        self.queue.blank_wish()
    }

    /// Whether nothing that `wish` asks for on the screen can still become better: it is there, or
    /// cannot be had (memory has no room for all of it). Takes a lock: not for the window.
    #[must_use]
    pub fn is_settled(&self, wish: &Wish) -> bool {
        let tiles = wish.tiles[..wish.visible_count].iter();
        let are_tiles_there = tiles
            .filter_map(|t| Some((self.board.slot(t.photo)?, t.class)))
            .all(|(slot, class)| !needs_tile(slot, class));
        let are_views_there = wish
            .views
            .iter()
            .take(1)
            .all(|view| self.board.slot(view.photo).is_none_or(|slot| !needs_view(slot, view)));
        (are_tiles_there && are_views_there) || self.queue.is_idle()
    }

    /// Hands a step to the save thread. Never waits.
    ///
    /// # Errors
    /// Gives the step back when the thread is behind: offer it again with the next frame.
    pub fn save(&self, step: Step) -> Result<(), Step> {
        match &self.saver {
            Some(saver) => saver.offer(step),
            None => Err(step),
        }
    }

    /// Every step up to this number is durable.
    #[must_use]
    pub fn saved_number(&self) -> u64 {
        self.saver.as_ref().map_or(0, Saver::saved_number)
    }

    /// What the save thread has to tell, once.
    #[must_use]
    pub fn take_news(&self) -> Option<News> {
        self.saver.as_ref().and_then(Saver::take_news)
    }

    /// Leaves steps that the save thread had no room for; closing hands them over.
    pub fn leave(&mut self, steps: VecDeque<Step>) {
        self.left.extend(steps);
    }

    /// Ends the shoot and waits until its decisions are durable, `patience` at most.
    ///
    /// # Errors
    /// How many steps could not be written.
    pub fn close(mut self, patience: Duration) -> Result<(), usize> {
        self.cancel();
        // What is decoded for nobody would only hold up a shoot opened in this one's place.
        self.queue.stop();
        self.cached.commit();
        let Some(saver) = self.saver.take() else { return Ok(()) };
        let deadline = Instant::now() + patience;
        while let Some(step) = self.left.pop_front() {
            if let Err(step) = saver.offer(step) {
                self.left.push_front(step);
                if Instant::now() >= deadline {
                    break;
                }
                thread::sleep(Duration::from_millis(5));
            }
        }
        let left_count = self.left.len();
        match saver.finish(deadline.saturating_duration_since(Instant::now())) {
            Ok(()) if left_count == 0 => Ok(()),
            Ok(()) => Err(left_count),
            Err(count) => Err(count + left_count),
        }
    }

    /// Closes a shoot on a thread of its own, for a window that goes on with another one; the
    /// thread is joined before the program ends.
    #[must_use]
    pub fn close_beside(self, patience: Duration) -> Option<JoinHandle<Result<(), usize>>> {
        thread::Builder::new().name("closing".into()).spawn(move || self.close(patience)).ok()
    }

    fn cancel(&mut self) {
        self.is_cancelled.store(true, Ordering::Release);
        // Not joined: listing a folder of a network that is gone may take for ever, and the scan
        // keeps nothing that must be saved.
        if let Some(scan) = self.scan.take() {
            scan.thread().unpark();
        }
    }
}

impl Drop for Shoot {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// An error with its causes, in one line.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}
