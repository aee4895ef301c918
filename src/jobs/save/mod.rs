//! The save thread as the window sees it: steps go in, numbers and news come out, nobody waits.
//!
//! ```text
//! window --offer--> steps --+                      +--> saved_number   what is on the disk
//!                           +--> keeper, "save" ---+
//! header pass --> looks ----+                      +--> news           labels, history, trouble
//! ```
//!
//! Both ways in are bounded. A step that does not fit is handed back and offered again with the
//! next frame. The way out is lock-free: an atomic number and a queue.
//!
//! Here: the handle and its messages. `keeper` has the thread, which alone owns the store; `files` is
//! what it exchanges with `jobs::sidecar`, which has the files beside the photos.
//!
//! Invariants: steps are written in the order in which they were offered, and none is dropped
//! while the program runs (`what_waited_is_saved_when_the_store_works_again`); a step whose number
//! has been told survives a killed process (`every_acknowledged_step_survives_a_kill`).

mod files;
mod keeper;

use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

use crossbeam_channel::Receiver;
use crossbeam_channel::RecvTimeoutError;
use crossbeam_channel::Sender;
use crossbeam_channel::TrySendError;
use crossbeam_queue::SegQueue;

use self::files::Files;
use self::keeper::Keeper;
use super::Waker;
use super::board::Board;
use super::board::Header;
use super::sidecar::Tally;
use crate::core::edit::Edit;
use crate::core::edit::Step;
use crate::core::label::Label;
use crate::core::label::Verdict;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::disk::sidecar::settings::SidecarSettings;

/// Steps on their way: minutes of the fastest keys, should the disk stand still.
const STEP_ROOM: usize = 1024;

/// Batches of photos on their way. The keeper takes them out at once, whatever the store does.
const LOOK_ROOM: usize = 16;

/// Reads one photo's header; `None` where it cannot be read.
pub type HeaderReader = Arc<dyn Fn(&Path) -> Option<Header> + Send + Sync>;

/// What the save thread works with.
pub struct Setup {
    /// The shoot.
    pub board: Arc<Board>,
    /// The folder of the decision store; made when missing.
    pub dir: PathBuf,
    /// The folders and files opened.
    pub folders: Vec<PathBuf>,
    /// For photos that are decided on before the header pass has come to them.
    pub read_header: HeaderReader,
    /// Called on the save thread whenever there is something new to take.
    pub wake: Waker,
    /// The present time in UTC, for the names and ages of backups.
    pub now: Timestamp,
    /// Whether and how sidecars are written; `None` where files beside the photos are none of our
    /// business.
    pub sidecars: Option<SidecarSettings>,
}

/// What the save thread has to tell.
///
/// Labels are the store's. A receiver leaves out photos on which it has made steps that are not
/// saved yet, judged by a `saved_number` read *after* the news was taken: the store merges such a
/// step into what it has, and tells the label once more if that is not what the step expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Labels found for photos looked up, or come of a step in another way than it expected.
    Labels(Vec<(PhotoId, Label)>),
    /// Photos looked up about which a model led to the decision, or a step about many.
    Led(Vec<PhotoId>),
    /// What the program before this one had proposed about photos.
    Proposed(Vec<(PhotoId, Verdict)>),
    /// What earlier runs left to undo and redo, oldest first. It belongs below the steps of this
    /// run; where there are any, `redo` is void.
    History {
        /// Steps that can be undone.
        undo: Vec<Arc<[Edit]>>,
        /// Steps that can be done again, the last one first.
        redo: Vec<Arc<[Edit]>>,
    },
    /// Labels that another program has changed.
    Foreign(Vec<(PhotoId, Label)>),
    /// Labels of photos after what files say was taken over, or a step was merged with that. They hold
    /// every step up to `as_of`.
    Merged {
        /// The labels.
        labels: Vec<(PhotoId, Label)>,
        /// The last step that they hold.
        as_of: u64,
    },
    /// Why decisions are not being saved or backed up, in the user's words; `None` when they are
    /// again.
    Trouble(Option<String>),
}

/// The save thread's handle. Dropped without `finish`, it still gets what was offered written.
pub struct Saver {
    steps: Sender<Step>,
    looker: Looker,
    shared: Arc<Shared>,
    ended: Receiver<()>,
    thread: JoinHandle<()>,
}

/// Asks the save thread for what is stored: the header pass has one.
#[derive(Debug, Clone)]
pub struct Looker(Sender<Look>);

#[derive(Debug)]
enum Look {
    Photos(Vec<PhotoId>),
    Gone(Vec<PhotoId>),
    AllRead,
}

/// What both sides touch.
#[derive(Debug, Default)]
struct Shared {
    offered: AtomicU64,
    saved: AtomicU64,
    news: SegQueue<News>,
    /// Set when the program ends: until then steps are tried again.
    deadline: OnceLock<Instant>,
    tally: Arc<Tally>,
}

impl Saver {
    /// Starts the thread; opening the store is its first work. Fails where the system gives no
    /// thread.
    pub fn start(setup: Setup) -> io::Result<Self> {
        let (steps, steps_in) = crossbeam_channel::bounded(STEP_ROOM);
        let (looks, looks_in) = crossbeam_channel::bounded(LOOK_ROOM);
        let (end, ended) = crossbeam_channel::bounded(1);
        let shared = Arc::new(Shared::default());
        let looker = Looker(looks);
        let files = Files::start(&setup, Arc::clone(&shared.tally))?;
        let inlets = (steps_in, looks_in);
        let keeper = Keeper::new(setup, inlets, looker.clone(), Arc::clone(&shared), files);
        let thread = thread::Builder::new().name("save".to_owned()).spawn(move || {
            keeper.run();
            // Nobody listens any more where patience has run out.
            _ = end.send(());
        })?;
        Ok(Self { steps, looker, shared, ended, thread })
    }

    /// Hands a step over, without waiting.
    ///
    /// # Errors
    /// Gives the step back while there is no room: to be offered again with the next frame, before
    /// any later step.
    pub fn offer(&self, step: Step) -> Result<(), Step> {
        let number = step.number;
        match self.steps.try_send(step) {
            Ok(()) => {
                self.shared.offered.store(number, Ordering::Relaxed);
                Ok(())
            }
            Err(TrySendError::Full(step) | TrySendError::Disconnected(step)) => Err(step),
        }
    }

    /// Every step up to this number is on the disk.
    #[must_use]
    pub fn saved_number(&self) -> u64 {
        self.shared.saved.load(Ordering::Acquire)
    }

    /// The oldest news not taken yet, without waiting.
    #[must_use]
    pub fn take_news(&self) -> Option<News> {
        self.shared.news.pop()
    }

    /// How many sidecars are not what they should be.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.shared.tally
    }

    /// A handle for the threads that read headers.
    #[must_use]
    pub fn looker(&self) -> Looker {
        self.looker.clone()
    }

    /// See [`Looker::headers_read`].
    pub fn headers_read(&self, photos: Vec<PhotoId>) {
        self.looker.headers_read(photos);
    }

    /// See [`Looker::all_read`].
    pub fn all_read(&self) {
        self.looker.all_read();
    }

    /// Waits for what has been offered, then for a backup, at most for `patience`.
    ///
    /// # Errors
    /// The number of steps that could not be written.
    pub fn finish(self, patience: Duration) -> Result<(), usize> {
        let Self { steps, looker: _, shared, ended, thread } = self;
        _ = shared.deadline.set(Instant::now() + patience);
        drop(steps);
        let is_working = ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout);
        if !is_working && thread.join().is_err() {
            tracing::error!("the save thread has panicked");
        }
        let offered = shared.offered.load(Ordering::Relaxed);
        match offered.saturating_sub(shared.saved.load(Ordering::Acquire)) {
            0 => Ok(()),
            left => Err(usize::try_from(left).unwrap_or(usize::MAX)),
        }
    }
}

impl Looker {
    /// Says that the photos' headers are on the board, or cannot be read: what is stored about
    /// them will be news. May wait; never called by the window.
    pub fn headers_read(&self, photos: Vec<PhotoId>) {
        self.ask(Look::Photos(photos));
    }

    /// Says that the photos' files are gone: a new photo may be one of them, moved or rewritten.
    pub fn gone(&self, photos: Vec<PhotoId>) {
        self.ask(Look::Gone(photos));
    }

    /// Says that every header has been read: the history will be news.
    pub fn all_read(&self) {
        self.ask(Look::AllRead);
    }

    fn ask(&self, look: Look) {
        // The thread has ended, so nobody will miss the answer.
        _ = self.0.send(look);
    }
}
