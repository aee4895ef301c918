//! The one pool and the one queue that feeds it.
//!
//! rayon has no priorities, so what goes into the pool is never a job but "take the best job and
//! run it, until there is none". Which is best `plan` decides, at the moment that a worker is free.
//!
//! The window hands its wishes over without a lock: a wish goes into a queue of one, the thread
//! named `queue` is unparked, adopts it under the lock that only workers share, and sees to it that
//! every worker is up. Emptied wishes come back the same way, so that wishing allocates nothing
//! (`the_desk_allocates_nothing_for_a_frame` in `tests/hot_path.rs`).

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;
use std::thread::Thread;

use crossbeam_queue::ArrayQueue;

use super::board::Board;
use super::ledger::Ledger;
use super::plan::Job;
use super::plan::Plan;
use super::plan::ViewWish;
use super::plan::Wish;
use crate::core::photo::PhotoId;

/// What workers do; the queue neither knows nor cares what that means.
pub struct Orders {
    /// Runs a job.
    pub work: Box<dyn Fn(&Job) + Send + Sync>,
    /// Tidies up; for a worker that finds no job.
    pub rest: Box<dyn Fn() + Send + Sync>,
}

/// Wishes that wander between the window and the plan: while the window takes one, one may lie
/// unread, one may be in the thread's hands, and one is the plan's own.
const SPARE_WISHES: usize = 4;

/// The queue. Dropping it lets running jobs end and begins no other.
pub struct Queue {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    waker: Thread,
}

struct Shared {
    state: Mutex<State>,
    pool: rayon::ThreadPool,
    board: Arc<Board>,
    ledger: Arc<Ledger>,
    orders: Orders,
    wishes: ArrayQueue<Wish>,
    spare: ArrayQueue<Wish>,
    is_closing: AtomicBool,
    /// Whether the device is a new one, and every glance is to be read again.
    wants_glances: AtomicBool,
}

struct State {
    plan: Plan,
    workers_up: usize,
}

/// Has the calling thread run only where no thread of the window or of its driver wants the core:
/// with as many decoders as cores, a frame would wait for one of them at every step. What the
/// window does is little, so this costs the decoders next to nothing.
#[cfg(target_os = "linux")]
pub fn give_way() {
    // Linux keeps this by the thread, not by the process: sched(7), "The nice value".
    const NICE: i32 = 10;
    _ = rustix::process::setpriority_process(None, NICE);
}

#[cfg(not(target_os = "linux"))]
pub const fn give_way() {}

impl Queue {
    /// A queue that works on every core.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(board: Arc<Board>, ledger: Arc<Ledger>, orders: Orders) -> std::io::Result<Self> {
        let workers = thread::available_parallelism().map_or(2, usize::from).max(1);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(workers)
            .thread_name(|i| format!("pool {i}"))
            .start_handler(|_| give_way())
            .build()
            .map_err(std::io::Error::other)?;
        let spare = ArrayQueue::new(SPARE_WISHES);
        while spare.push(Wish::roomy()).is_ok() {}
        let shared = Arc::new(Shared {
            state: Mutex::new(State { plan: Plan::new(workers), workers_up: 0 }),
            pool,
            board,
            ledger,
            orders,
            wishes: ArrayQueue::new(1),
            spare,
            is_closing: AtomicBool::new(false),
            wants_glances: AtomicBool::new(false),
        });
        let server = Arc::clone(&shared);
        let thread = thread::Builder::new().name("queue".into()).spawn(move || server.serve())?;
        let waker = thread.thread().clone();
        Ok(Self { shared, thread: Some(thread), waker })
    }

    /// Says what the window wants to show now. Never waits; an older wish that nobody has looked
    /// at yet is forgotten.
    pub fn wish(&self, wish: Wish) {
        if let Some(unread) = self.shared.wishes.force_push(wish) {
            self.shared.recycle(unread);
        }
        self.waker.unpark();
    }

    /// Has every glance read from the cache again, for a new device. Never waits.
    pub fn read_glances_again(&self) {
        self.shared.wants_glances.store(true, Ordering::Release);
        self.waker.unpark();
    }

    /// An empty wish, with the memory of an earlier one where there is one.
    #[must_use]
    pub fn blank_wish(&self) -> Wish {
        self.shared.spare.pop().unwrap_or_default()
    }

    /// Begins no other job from now on; those that run come to their end.
    pub fn stop(&self) {
        self.shared.is_closing.store(true, Ordering::Release);
        self.waker.unpark();
    }

    /// Whether every wish has been looked at and nothing is left to do for it. Takes a lock: not
    /// for the window.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let state = self.shared.state();
        self.shared.wishes.is_empty() && state.workers_up == 0
    }

    /// Adds headers to read. For the scan: takes a lock.
    pub fn add_headers(&self, photos: Vec<PhotoId>) {
        self.shared.state().plan.add_headers(photos);
        self.waker.unpark();
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            // A panic of the queue thread has been printed already; there is nobody to tell here.
            _ = thread.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // The plan is whole after every statement, so one that panicked elsewhere left no damage.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recycle(&self, mut wish: Wish) {
        wish.clear();
        _ = self.spare.push(wish);
    }

    fn serve(self: Arc<Self>) {
        while !self.is_closing.load(Ordering::Acquire) {
            self.adopt_and_raise();
            thread::park();
        }
    }

    /// Takes the newest wish over and gets every worker up, under one lock, so that `is_idle` never
    /// looks in between. A worker that finds no job lies down again at once.
    fn adopt_and_raise(self: &Arc<Self>) {
        let missing = {
            let mut state = self.state();
            if let Some(wish) = self.wishes.pop() {
                let old = state.plan.adopt(wish);
                self.recycle(old);
            }
            if self.wants_glances.swap(false, Ordering::AcqRel) {
                state.plan.read_glances_again(&self.board);
            }
            let missing = self.pool.current_num_threads().saturating_sub(state.workers_up);
            state.workers_up += missing;
            missing
        };
        for _ in 0..missing {
            let shared = Arc::clone(self);
            self.pool.spawn(move || shared.work_until_idle());
        }
    }

    fn work_until_idle(&self) {
        while let Some(job) = self.take() {
            (self.orders.work)(&job);
            self.finish(&job);
        }
        (self.orders.rest)();
    }

    /// The best job; without one the worker lies down, under the same lock, so that whoever adds
    /// work next knows to raise it.
    fn take(&self) -> Option<Job> {
        let has_room = self.ledger.has_room();
        let mut state = self.state();
        let job = match self.is_closing.load(Ordering::Acquire) {
            true => None,
            false => state.plan.take(&self.board, has_room),
        };
        if job.is_none() {
            state.workers_up -= 1;
        }
        job
    }

    fn finish(&self, job: &Job) {
        let mut state = self.state();
        state.plan.finish(&self.board, job);
        let wanted =
            |photo: PhotoId| state.plan.views().iter().position(|v: &ViewWish| v.photo == photo);
        self.ledger.settle_views(&self.board, wanted);
        drop(state);
        self.ledger.settle_tiles(&self.board);
    }
}
