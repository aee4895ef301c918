//! The thread that owns the decision store.
//!
//! One thing at a time, the most urgent first: open the store, write all steps that wait, look
//! photos up, read the history, ask what other programs did, back up. So a key waits at most for
//! one batch of look-ups. What fails is told once, stays where it is, and is tried again with
//! growing waits; until it works, nothing less urgent is done.
//!
//! Works whether or not the store does: messages are always taken in, so that the header pass
//! never waits for a broken disk.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crossbeam_channel::Receiver;
use crossbeam_channel::Select;
use crossbeam_channel::TryRecvError;

use super::Look;
use super::Looker;
use super::News;
use super::STEP_ROOM;
use super::Setup;
use super::Shared;
use super::files::Files;
use crate::core::edit::Step;
use crate::core::label::Label;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::decisions::Decided;
use crate::disk::decisions::Decisions;
use crate::disk::decisions::History;
use crate::disk::decisions::Known;
use crate::jobs::board::Header;
use crate::jobs::shoot::chain;

/// How often other programs are asked for, at rest.
const ASK: Duration = Duration::from_millis(500);

/// The first and the longest wait before another attempt.
const RETRY: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// Photos looked up at a time: 5 to 10 ms, which a key may have to wait.
const BATCH: usize = 512;

/// Age in seconds at which a backup is too old.
const DAY_SECONDS: i64 = 86_400;

/// How often the age of the last backup is looked at, and a failed backup tried again.
const BACKUP_CHECK: Duration = Duration::from_secs(3600);

/// How long steps are tried again when the handle was dropped and named no time.
const LAST_PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Keeper {
    pub(super) setup: Setup,
    steps: Receiver<Step>,
    looks: Receiver<Look>,
    /// Keeps `looks` from hanging up.
    _looker: Looker,
    pub(super) shared: Arc<Shared>,
    pub(super) store: Option<Decisions>,
    pub(super) files: Files,
    begun: Instant,
    /// Steps to write, at most [`STEP_ROOM`].
    waiting: Vec<Step>,
    /// Photos to look up, the next one first.
    unlooked: Vec<PhotoId>,
    /// Headers that the header pass had not come to.
    pub(super) read_early: HashMap<PhotoId, Option<Header>>,
    wants_history: bool,
    has_written: bool,
    ask_at: Instant,
    backup_at: Instant,
    retry_at: Instant,
    retry_wait: Duration,
    store_trouble: Option<String>,
    backup_trouble: Option<String>,
    told_trouble: Option<String>,
}

impl Keeper {
    pub(super) fn new(
        setup: Setup,
        (steps, looks): (Receiver<Step>, Receiver<Look>),
        looker: Looker,
        shared: Arc<Shared>,
        files: Files,
    ) -> Self {
        let begun = Instant::now();
        Self {
            setup,
            steps,
            looks,
            _looker: looker,
            shared,
            store: None,
            files,
            begun,
            waiting: Vec::new(),
            unlooked: Vec::new(),
            read_early: HashMap::new(),
            wants_history: false,
            has_written: false,
            ask_at: begun + ASK,
            backup_at: begun,
            retry_at: begun,
            retry_wait: RETRY[0],
            store_trouble: None,
            backup_trouble: None,
            told_trouble: None,
        }
    }

    pub(super) fn run(mut self) {
        loop {
            let is_ending = self.receive();
            if is_ending && (self.waiting.is_empty() || self.is_too_late()) {
                break;
            }
            if Instant::now() < self.retry_at {
                self.rest(self.retry_at, is_ending);
                continue;
            }
            match self.work() {
                Ok(true) => self.note_success(),
                Ok(false) => self.rest(self.ask_at, is_ending),
                Err(error) => {
                    self.store_trouble = Some(told(&error));
                    self.tell_trouble();
                    self.retry_at = Instant::now() + self.retry_wait;
                    self.retry_wait = (self.retry_wait * 2).min(RETRY[1]);
                }
            }
        }
        self.end_files();
        if self.has_written && !self.is_too_late() {
            self.back_up();
        }
    }

    /// Takes what has come in; true when the program is ending.
    fn receive(&mut self) -> bool {
        while let Ok(look) = self.looks.try_recv() {
            match look {
                Look::Photos(photos) => self.unlooked.extend(photos),
                Look::Gone(photos) => {
                    if let Some(store) = &mut self.store {
                        store.release(&photos);
                    }
                }
                Look::AllRead => {
                    self.wants_history = true;
                    self.files.begin_survey();
                }
            }
        }
        self.files.receive();
        while self.waiting.len() < STEP_ROOM {
            match self.steps.try_recv() {
                Ok(step) => self.waiting.push(step),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.shared.deadline.get_or_init(|| Instant::now() + LAST_PATIENCE);
                    return true;
                }
            }
        }
        self.is_too_late()
    }

    pub(super) fn is_too_late(&self) -> bool {
        self.shared.deadline.get().is_some_and(|at| Instant::now() >= *at)
    }

    /// Waits for a message, at most until `at`.
    fn rest(&self, at: Instant, is_ending: bool) {
        let wait = at.saturating_duration_since(Instant::now());
        if is_ending {
            // The channels have hung up and wake nobody.
            return thread::sleep(wait.min(RETRY[0]));
        }
        let mut either = Select::new();
        either.recv(&self.looks);
        if let Some(reports) = self.files.reports() {
            either.recv(reports);
        }
        if self.waiting.len() < STEP_ROOM {
            either.recv(&self.steps);
        }
        // A message or none: the next turn looks.
        _ = either.ready_timeout(wait.min(ASK));
    }

    /// Does the most urgent thing; false where there is nothing to do.
    fn work(&mut self) -> DiskResult<bool> {
        let Some(store) = &mut self.store else {
            let mut store = Decisions::open(&self.setup.dir)?;
            self.setup.folders.iter().for_each(|folder| store.open_folder(folder));
            self.store = Some(store);
            return Ok(true);
        };
        if !self.waiting.is_empty() {
            self.save()?;
        } else if !self.unlooked.is_empty() {
            self.look_up()?;
        } else if mem::take(&mut self.wants_history) {
            let history = store.history().inspect_err(|_| self.wants_history = true)?;
            let History { undo, redo } = history;
            let proposed = store.proposals().inspect_err(|_| self.wants_history = true)?;
            self.tell(News::History { undo, redo });
            if !proposed.is_empty() {
                self.tell(News::Proposed(proposed));
            }
        } else if self.files.has_news() {
            self.absorb()?;
        } else if self.files.is_surveying(&self.setup.board) {
            self.survey()?;
        } else if Instant::now() >= self.ask_at {
            let labels = store.news()?;
            self.ask_at = Instant::now() + ASK;
            if !labels.is_empty() {
                self.tell(News::Foreign(labels));
            }
        } else if Instant::now() >= self.backup_at {
            self.back_up_daily()?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Writes all steps that wait.
    fn save(&mut self) -> DiskResult<()> {
        let Some(store) = &mut self.store else { return Ok(()) };
        let photos: BTreeSet<PhotoId> =
            self.waiting.iter().flat_map(|s| s.edits.iter()).map(|e| e.photo).collect();
        let strangers: Vec<_> = photos.into_iter().filter(|p| !store.is_bound(*p)).collect();
        for &photo in &strangers {
            let slot = self.setup.board.slot(photo).expect("a step's photo is on the board");
            if slot.header().is_none() {
                let read = || (self.setup.read_header)(&slot.path);
                self.read_early.entry(photo).or_insert_with(read);
            }
        }
        let known = known(&self.setup, &self.read_early, &strangers);
        let surprises = store.append(&self.waiting, &known)?;
        if let Some(last) = self.waiting.last() {
            // Before the news of it: see `News`.
            self.shared.saved.store(last.number, Ordering::Release);
        }
        let decided: BTreeSet<PhotoId> =
            self.waiting.drain(..).flat_map(|s| s.edits.to_vec()).map(|e| e.photo).collect();
        self.has_written = true;
        self.follow(decided)?;
        if surprises.is_empty() {
            (self.setup.wake)();
        } else {
            // Twice: what was stored before a photo was looked up goes beneath this run's steps; what
            // came in since, from a file or another program, is part of what they left.
            let as_of = self.shared.saved.load(Ordering::Acquire);
            self.tell(News::Labels(surprises.clone()));
            self.tell(News::Merged { labels: surprises, as_of });
        }
        Ok(())
    }

    /// Looks the next batch of photos up.
    fn look_up(&mut self) -> DiskResult<()> {
        let Some(store) = &mut self.store else { return Ok(()) };
        let count = self.unlooked.len().min(BATCH);
        let batch = &self.unlooked[..count];
        let decided = store.look_up(&known(&self.setup, &self.read_early, batch))?;
        let is_led = |d: &Option<Decided>| d.as_ref().is_some_and(|d| !d.is_free);
        let led = batch.iter().zip(&decided).filter(|(_, d)| is_led(d));
        let led: Vec<PhotoId> = led.map(|(photo, _)| *photo).collect();
        let labels = batch.iter().zip(decided).filter_map(|(&photo, d)| Some((photo, d?.label)));
        // What is blank is no news, and might undo a key that was pressed in the meantime.
        let labels: Vec<_> = labels.filter(|(_, l)| *l != Label::default()).collect();
        self.unlooked.drain(..count);
        if !led.is_empty() {
            self.tell(News::Led(led));
        }
        if !labels.is_empty() {
            self.tell(News::Labels(labels));
        }
        Ok(())
    }

    /// Backs up what has changed since a backup that is older than a day.
    fn back_up_daily(&mut self) -> DiskResult<()> {
        let Some(store) = &self.store else { return Ok(()) };
        self.backup_at = Instant::now() + BACKUP_CHECK;
        let (changed, last) = (store.changed_at()?, store.last_backup_at());
        let is_old = |last: Timestamp| last.plus_seconds(DAY_SECONDS) < self.now();
        let is_due = |changed| last.is_none_or(|last| changed > last && is_old(last));
        if changed.is_some_and(is_due) {
            self.back_up();
        }
        Ok(())
    }

    fn back_up(&mut self) {
        let now = self.now();
        let Some(store) = &mut self.store else { return };
        let result = store.back_up(now);
        if let Err(error) = &result {
            tracing::warn!("{error}");
        }
        self.backup_trouble = result.err().map(|e| chain(&e));
        self.tell_trouble();
    }

    /// The present time in UTC, however the system's clock is set meanwhile.
    pub(super) fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.begun.elapsed().as_secs()).unwrap_or(i64::MAX);
        self.setup.now.plus_seconds(passed)
    }

    fn note_success(&mut self) {
        self.retry_wait = RETRY[0];
        if self.store_trouble.take().is_some() {
            self.tell_trouble();
        }
    }

    /// Tells what stands in the way, where that has changed.
    fn tell_trouble(&mut self) {
        let trouble = self.store_trouble.as_ref().or(self.backup_trouble.as_ref());
        if trouble != self.told_trouble.as_ref() {
            self.told_trouble = trouble.cloned();
            self.tell(News::Trouble(self.told_trouble.clone()));
        }
    }

    pub(super) fn tell(&self, news: News) {
        self.shared.news.push(news);
        (self.setup.wake)();
    }
}

/// What photos are recognised by.
pub(super) fn known<'a>(
    setup: &'a Setup,
    read_early: &'a HashMap<PhotoId, Option<Header>>,
    photos: &[PhotoId],
) -> Vec<Known<'a>> {
    let one = |&photo: &PhotoId| {
        let slot = setup.board.slot(photo).expect("a photo asked for is on the board");
        let early = || read_early.get(&photo).and_then(Option::as_ref);
        let header = slot.header().or_else(early);
        Known {
            photo,
            path: &slot.path,
            fingerprint: header.map(|h| h.fingerprint),
            captured: header.and_then(|h| h.meta.captured),
            serial: header.and_then(|h| h.meta.serial.as_deref()),
        }
    };
    photos.iter().map(one).collect()
}

/// Why decisions wait, in a line that says so: what goes wrong with a file or a folder under the
/// store does not mention them.
fn told(error: &DiskError) -> String {
    match error {
        DiskError::Store { .. }
        | DiskError::StoreDamaged { .. }
        | DiskError::StoreFormat { .. } => chain(error),
        other => format!("decisions are not saved: {}", chain(other)),
    }
}
