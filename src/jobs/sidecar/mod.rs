//! Sidecars follow the store: a thread that writes what is decided and hears what others changed.
//!
//! ```text
//! save thread --state of a photo, after it is durable--> inbox (latest wins) --> clerk, "sidecars"
//!             <--what files say, to be taken over, and what was written-- reports --+
//! ```
//!
//! The save thread alone touches the store; the clerk alone writes sidecars, so at most one write a
//! photo is under way. A photo that waits has one place in the inbox, whatever is decided about it
//! meanwhile. What cannot be written is tried again with growing waits and counted until it is; when
//! the program ends, what is left is told.
//!
//! Here: the handle, the inbox, the tally. `clerk` has the thread, `settle` what is done for one
//! photo, `write` does it for a whole shoot without a window.

mod clerk;
mod failures;
mod folders;
pub mod settle;
pub mod write;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Instant;

use crossbeam_channel::Receiver;
use crossbeam_channel::Sender;
use crossbeam_queue::SegQueue;

use self::clerk::Clerk;
use super::Waker;
use super::board::Board;
use crate::core::photo::PhotoId;
use crate::disk::decisions::Absorbed;
use crate::disk::decisions::State;
use crate::disk::sidecar::settings::SidecarSettings;

/// Reports on their way. The save thread takes them out before it does anything else.
const REPORT_ROOM: usize = 64;

/// So many photos may wait to be looked at before more are handed over: enough that the clerk is never
/// idle, few enough that a million photos are not in memory twice.
const SURVEY_ROOM: usize = 4096;

/// What the clerk works with.
pub struct Setup {
    /// The shoot.
    pub board: Arc<Board>,
    /// Whether and how sidecars are written.
    pub settings: SidecarSettings,
    /// Called when the tally or the news changed.
    pub wake: Waker,
}

/// How many sidecars are not what they should be, for the window.
#[derive(Debug, Default)]
pub struct Tally {
    /// Decisions that are in the store and not in their sidecars yet.
    pub unwritten: AtomicUsize,
    /// Of these, those that could not be written so far.
    pub failed: AtomicUsize,
    /// Photos of which a file says otherwise than what is decided here.
    pub disputed: AtomicUsize,
    /// What the person should know, oldest first.
    pub hints: SegQueue<String>,
}

/// A photo that waits.
#[derive(Debug)]
struct Order {
    state: State,
    /// Whether something was decided, and not merely looked at.
    is_decided: bool,
}

/// What both threads touch.
#[derive(Debug, Default)]
struct Shared {
    orders: Mutex<BTreeMap<PhotoId, Order>>,
    is_ending: AtomicBool,
    deadline: OnceLock<Instant>,
}

impl Shared {
    /// It is whole after every statement, so a thread that panicked left no damage.
    fn orders(&self) -> MutexGuard<'_, BTreeMap<PhotoId, Order>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The save thread's end.
#[derive(Debug)]
pub struct Sidecars {
    shared: Arc<Shared>,
    bell: Sender<()>,
    reports: Receiver<Absorbed>,
    tally: Arc<Tally>,
}

impl Sidecars {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn start(setup: Setup, tally: Arc<Tally>) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (bell, rings) = crossbeam_channel::bounded(1);
        let (reports_in, reports) = crossbeam_channel::bounded(REPORT_ROOM);
        let clerk = Clerk::new(setup, Arc::clone(&shared), (rings, reports_in), Arc::clone(&tally));
        // Not joined: it may hang in a file system that is gone. What it sends at its end is waited
        // for, and no longer than the person is made to wait.
        _ = thread::Builder::new().name("sidecars".to_owned()).spawn(move || clerk.run())?;
        Ok(Self { shared, bell, reports, tally })
    }

    /// Says what the store has of photos that were decided on: their sidecars are to say it too.
    pub fn follow(&self, states: Vec<(PhotoId, State)>) {
        self.put(states, true);
    }

    /// Says what the store has of photos whose files may say more.
    pub fn survey(&self, states: Vec<(PhotoId, State)>) {
        self.put(states, false);
    }

    fn put(&self, states: Vec<(PhotoId, State)>, is_decided: bool) {
        let mut orders = self.shared.orders();
        for (photo, state) in states {
            let was_decided = orders.get(&photo).is_some_and(|order| order.is_decided);
            if is_decided && !was_decided {
                self.tally.unwritten.fetch_add(1, Ordering::Relaxed);
            }
            orders.insert(photo, Order { state, is_decided: is_decided || was_decided });
        }
        drop(orders);
        // Full: it has been rung, and nobody came yet.
        _ = self.bell.try_send(());
    }

    /// Whether more photos may be handed over to be looked at.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.shared.orders().len() < SURVEY_ROOM
    }

    /// What the clerk has to tell the store. It hangs up when it has ended.
    #[must_use]
    pub const fn reports(&self) -> &Receiver<Absorbed> {
        &self.reports
    }

    /// Says that nothing more will be decided: the clerk ends when it has written what waits, and at
    /// the latest at `deadline`.
    pub fn end(&self, deadline: Instant) {
        _ = self.shared.deadline.set(deadline);
        self.shared.is_ending.store(true, Ordering::Release);
        _ = self.bell.try_send(());
    }
}
