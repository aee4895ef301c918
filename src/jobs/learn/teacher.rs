//! Learns in the background from what a person decides, and again with every decision.
//!
//! Thread `teacher`, with a pool of its own that gives way to the window. The latest wish wins: it takes
//! the place of one that waits. What comes out is an [`Outlook`], twice for each wish: the probabilities at
//! once, with the calibration of the last time, then those calibrated anew, with the figures out of fold and the
//! proposals. No photo is opened: one whose features are not known yet has no probability.
//!
//! The guard looks at fixed counts of kept photos only (`core::guard`); between two looks what is
//! proposed stays, while the model that gives probabilities is fitted anew. What the guard let be proposed is kept for
//! the next run ([`Shelf`]), which does not look again before it is time.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;

use crossbeam_queue::ArrayQueue;
use crossbeam_queue::SegQueue;

use super::explain::Lore;
use super::memory::Memory;
use super::shelf::Shelf;
use super::work;
use crate::core::guard::Budget;
use crate::core::guard::walk::Walk;
use crate::core::learner;
use crate::core::order::Order;
use crate::core::outlook::Explanation;
use crate::core::outlook::Outlook;
use crate::core::photo::PhotoId;
use crate::core::review::LabelColumn;
use crate::jobs::Waker;
use crate::jobs::board::Board;
use crate::jobs::queue;

/// What is to be learned from.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Rises with every wish.
    pub number: u64,
    /// The whole shoot, in capture order.
    pub whole: Arc<Order>,
    /// What is decided.
    pub labels: LabelColumn,
}

/// The thread that learns. Dropping it ends the thread.
pub struct Teacher {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    board: Arc<Board>,
    budget: Budget,
    wanted: ArrayQueue<Wanted>,
    /// Photos whose decisions the model led to, or no longer.
    leads: SegQueue<(PhotoId, bool)>,
    answers: ArrayQueue<Arc<Outlook>>,
    /// The photo that is to be explained, and the explanation.
    puzzle: ArrayQueue<PhotoId>,
    explanations: ArrayQueue<Explanation>,
    shelf: Shelf,
    /// An audit that has begun and is to be kept, and one of an earlier run.
    begun: ArrayQueue<Walk>,
    found: ArrayQueue<Walk>,
    latest: AtomicU64,
    is_ended: AtomicBool,
}

impl Teacher {
    /// Starts the thread; `wake` is called when there is an outlook. Audits are kept on `shelf`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(board: Arc<Board>, budget: Budget, shelf: Shelf, wake: Waker) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            board,
            budget,
            wanted: ArrayQueue::new(1),
            leads: SegQueue::new(),
            answers: ArrayQueue::new(1),
            puzzle: ArrayQueue::new(1),
            explanations: ArrayQueue::new(1),
            shelf,
            begun: ArrayQueue::new(1),
            found: ArrayQueue::new(1),
            latest: AtomicU64::new(0),
            is_ended: AtomicBool::new(false),
        });
        let worker = Arc::clone(&shared);
        let run = move || worker.run(&wake);
        let thread = Some(thread::Builder::new().name("teacher".into()).spawn(run)?);
        Ok(Self { shared, thread })
    }

    /// Asks for an outlook in the place of the one asked for before. Never waits.
    pub fn ask(&self, wanted: Wanted) {
        self.shared.latest.store(wanted.number, Ordering::Release);
        _ = self.shared.wanted.force_push(wanted);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// Says whether a model led to what is decided about a photo: such decisions train and do not
    /// calibrate. Counts from the next wish on.
    pub fn note_lead(&self, photo: PhotoId, is_led: bool) {
        self.shared.leads.push((photo, is_led));
    }

    /// Asks why a photo has its probability, in the place of the photo asked for before. Never waits.
    pub fn ask_why(&self, photo: PhotoId) {
        _ = self.shared.puzzle.force_push(photo);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// The newest explanation, once. Never waits.
    #[must_use]
    pub fn take_why(&self) -> Option<Explanation> {
        self.shared.explanations.pop()
    }

    /// Keeps a blind audit that has begun. Never waits.
    pub fn note_audit(&self, walk: Walk) {
        _ = self.shared.begun.force_push(walk);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// The audit of an earlier run, once: there before the first outlook of a model. Never waits.
    #[must_use]
    pub fn take_audit(&self) -> Option<Walk> {
        self.shared.found.pop()
    }

    /// What may be proposed.
    #[must_use]
    pub fn budget(&self) -> &Budget {
        &self.shared.budget
    }

    /// The newest outlook, once. Never waits.
    #[must_use]
    pub fn take(&self) -> Option<Arc<Outlook>> {
        self.shared.answers.pop()
    }
}

impl Drop for Teacher {
    fn drop(&mut self) {
        self.shared.is_ended.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            // Not waited for: it ends with the fit that it is at.
            thread.thread().unpark();
        }
    }
}

impl Shared {
    fn run(&self, wake: &Waker) {
        queue::give_way();
        let pool = rayon::ThreadPoolBuilder::new()
            .thread_name(|i| format!("teacher {i}"))
            .start_handler(|_| queue::give_way())
            .build();
        // Without threads of its own there is nothing to learn with, and nothing is lost.
        let Ok(pool) = pool else { return };
        let mut memory = Memory::default();
        while !self.is_ended.load(Ordering::Acquire) {
            self.attend(&memory, wake);
            let Some(wanted) = self.wanted.pop() else {
                thread::park();
                continue;
            };
            while let Some((photo, is_led)) = self.leads.pop() {
                match is_led {
                    true => memory.led.insert(photo),
                    false => memory.led.remove(&photo),
                };
            }
            pool.install(|| self.learn(&wanted, &mut memory, wake));
        }
    }

    fn is_stale(&self, wanted: &Wanted) -> bool {
        self.latest.load(Ordering::Acquire) != wanted.number
            || self.is_ended.load(Ordering::Acquire)
    }

    fn tell(&self, outlook: Outlook, wake: &Waker) {
        _ = self.answers.force_push(Arc::new(outlook));
        wake();
    }

    /// Keeps the audit that has begun and explains the photo asked for, if there is one.
    fn attend(&self, memory: &Memory, wake: &Waker) {
        if let Some(walk) = self.begun.pop()
            && let Err(error) = self.shelf.keep_audit(&self.board, &walk)
        {
            // What is decided in it is in the decision store.
            tracing::warn!("an audit will not be known to the next run: {error}");
        }
        let (Some(whole), Some(photo)) = (&memory.made_of.0, self.puzzle.pop()) else { return };
        if let Some(explanation) = memory.lore.explain(photo, whole, &memory.table) {
            _ = self.explanations.force_push(explanation);
            wake();
        }
    }

    /// Brings back what an earlier run has left, once.
    fn remind(&self, wanted: &Wanted, memory: &mut Memory) {
        if std::mem::replace(&mut memory.is_reminded, true) {
            return;
        }
        let (board, whole) = (&self.board, &wanted.whole);
        if let Some(walk) = self.shelf.audit(board, whole) {
            _ = self.found.force_push(walk);
        }
        memory.remind(self.shelf.look(board, whole, &self.budget), wanted);
    }

    fn keep_look(&self, memory: &Memory) {
        let kept = self.shelf.keep_look(&self.board, &self.budget, memory.looks, &memory.proposals);
        if let Err(error) = kept {
            tracing::warn!("what is proposed will not be known to the next run: {error}");
        }
    }

    fn learn(&self, wanted: &Wanted, memory: &mut Memory, wake: &Waker) {
        memory.read(&self.board, &wanted.whole);
        self.remind(wanted, memory);
        let lessons = memory.lessons(wanted);
        let known = memory.table.len();
        let silence = learner::silence(&lessons);
        if silence.is_some() {
            if memory.withdraw(wanted) {
                self.keep_look(memory);
            }
            memory.lore = silence.map_or(Lore::Nothing, Lore::Silent);
            let lessons = lessons.len();
            return self.tell(Outlook { lessons, known, silence, ..Outlook::default() }, wake);
        }
        let table = &memory.table;
        let old = memory.model.take();
        let first =
            old.and_then(|old| work::renewed(&old, table, &lessons, wanted.number as usize));
        let is_whole = first.is_none();
        let model = first.unwrap_or_else(|| work::fit(table, &lessons, memory.scaling));
        memory.model = Some(model.clone());
        memory.lore = Lore::of(model.clone(), &lessons);
        self.tell(memory.outlook(&model, wanted, &lessons), wake);
        self.attend(memory, wake);
        if self.is_stale(wanted) {
            return;
        }
        let model =
            if is_whole { model } else { work::fit(&memory.table, &lessons, memory.scaling) };
        let study = work::study(&memory.table, &lessons);
        memory.scaling = study.scaling;
        let model = model.scaled(study.scaling);
        memory.model = Some(model.clone());
        let (report, has_looked) = memory.look(&model, &study, &lessons, &self.budget);
        if has_looked {
            self.keep_look(memory);
        }
        self.tell(
            Outlook { report: Some(report), ..memory.outlook(&model, wanted, &lessons) },
            wake,
        );
        memory.lore = Lore::of(model, &lessons);
    }
}
