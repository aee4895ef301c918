//! The thread that settles photos with their sidecars, one after the other.
//!
//! First what was just decided, then what failed and is due again, then photos that nobody has looked
//! at, and at rest the sidecars that are known, a few at a time: other programs change them.
//!
//! The store's word on a photo comes with each order; what its files said last is remembered here
//! from then on, since what the clerk has written is newer than what the store knows of it.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::HashSet;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use crossbeam_channel::Receiver;
use crossbeam_channel::RecvTimeoutError;
use crossbeam_channel::Sender;

use super::Setup;
use super::Shared;
use super::Tally;
use super::failures::Failure;
use super::failures::Failures;
use super::folders::Folders;
use super::settle;
use super::settle::Settled;
use super::settle::Side;
use super::settle::Subject;
use crate::core::photo::PhotoId;
use crate::core::said::Dispute;
use crate::disk::DiskResult;
use crate::disk::decisions::Absorbed;
use crate::disk::decisions::State;
use crate::jobs::board::Slot;
use crate::jobs::shoot::chain;

/// How often other programs' sidecars are looked at, at rest.
const LOOK: Duration = Duration::from_secs(2);

/// Sidecars looked at each time: a thousand questions to the system take a few milliseconds.
const LOOKED_AT: usize = 1000;

/// How often it is looked whether the time to end has come.
const END_CHECK: Duration = Duration::from_millis(100);

/// Names told in the log when sidecars could not be written.
const NAMED: usize = 10;

pub(super) struct Clerk {
    setup: Setup,
    shared: Arc<Shared>,
    rings: Receiver<()>,
    reports: Sender<Absorbed>,
    tally: Arc<Tally>,
    states: HashMap<PhotoId, State>,
    decided: BTreeSet<PhotoId>,
    unseen: VecDeque<PhotoId>,
    failed: Failures,
    disputed: HashMap<PhotoId, Vec<Dispute>>,
    /// Photos whose disputes a later decision has settled.
    overruled: HashSet<PhotoId>,
    /// Photos of which the store has been told more, whose order will come.
    asked: HashSet<PhotoId>,
    folders: Folders,
    /// Photos that have a sidecar; the next to be looked at first.
    known: VecDeque<PhotoId>,
    is_known: HashSet<PhotoId>,
    look_at: Instant,
    told: Option<String>,
}

impl Clerk {
    pub(super) fn new(
        setup: Setup,
        shared: Arc<Shared>,
        (rings, reports): (Receiver<()>, Sender<Absorbed>),
        tally: Arc<Tally>,
    ) -> Self {
        Self {
            setup,
            shared,
            rings,
            reports,
            tally,
            states: HashMap::new(),
            decided: BTreeSet::new(),
            unseen: VecDeque::new(),
            failed: Failures::default(),
            disputed: HashMap::new(),
            overruled: HashSet::new(),
            asked: HashSet::new(),
            folders: Folders::default(),
            known: VecDeque::new(),
            is_known: HashSet::new(),
            look_at: Instant::now() + LOOK,
            told: None,
        }
    }

    pub(super) fn run(mut self) {
        loop {
            // Before the inbox is looked at: what was put into it before that is found.
            let is_ending = self.shared.is_ending.load(Ordering::Acquire);
            self.take_orders();
            if is_ending && (self.is_done() || self.is_too_late()) {
                break;
            }
            match self.next(is_ending) {
                Some(photo) => self.attend(photo),
                None => self.rest(),
            }
        }
        self.tell_what_is_left();
    }

    fn take_orders(&mut self) {
        let orders = std::mem::take(&mut *self.shared.orders());
        for (photo, order) in orders {
            self.asked.remove(&photo);
            let known = self.states.get_mut(&photo);
            let before = known.as_ref().map(|state| state.label.clone()).unwrap_or_default();
            let after = order.state.label.clone();
            match known {
                Some(known) => {
                    // What was heard here is newer than what the store knows of it.
                    let heard = std::mem::take(&mut known.heard);
                    *known = State { heard, ..order.state };
                }
                None if order.state == State::default() => {}
                None => _ = self.states.insert(photo, order.state),
            }
            if self.disputed.get(&photo).is_some_and(|disputes| {
                disputes.iter().all(|dispute| dispute.is_settled_by(&before, &after))
            }) {
                self.overruled.insert(photo);
            }
            match order.is_decided {
                true => _ = self.decided.insert(photo),
                false => self.unseen.push_back(photo),
            }
        }
        self.count();
    }

    /// Whether nothing waits that could still be written: what failed was tried more than once.
    fn is_done(&self) -> bool {
        self.decided.is_empty() && self.asked.is_empty() && self.failed.have_been_tried_again()
    }

    fn is_too_late(&self) -> bool {
        self.shared.deadline.get().is_some_and(|at| Instant::now() >= *at)
    }

    fn next(&mut self, is_ending: bool) -> Option<PhotoId> {
        if let Some(photo) = self.decided.pop_first() {
            return Some(photo);
        }
        let now = Instant::now();
        if let Some(photo) = self.failed.due(now) {
            return Some(photo);
        }
        if is_ending {
            return None;
        }
        if let Some(photo) = self.unseen.pop_front() {
            return Some(photo);
        }
        if now >= self.look_at {
            self.look_at = now + LOOK;
            self.look_again();
        }
        self.unseen.pop_front()
    }

    /// Has the next sidecars looked at, and the photos of folders in which there are new ones.
    fn look_again(&mut self) {
        for _ in 0..self.known.len().min(LOOKED_AT) {
            let Some(photo) = self.known.pop_front() else { break };
            if self.is_known.contains(&photo) {
                self.known.push_back(photo);
                self.unseen.push_back(photo);
            }
        }
        let with_news = self.folders.list_again();
        if with_news.is_empty() {
            return;
        }
        let board = &self.setup.board;
        let all = (0..board.photo_count()).map(|index| PhotoId(index as u32));
        let is_there = |photo: &PhotoId| {
            let folder = board.slot(*photo).and_then(|slot| slot.path.parent());
            folder.is_some_and(|folder| with_news.contains(folder))
        };
        self.unseen.extend(all.filter(is_there).filter(|photo| !self.is_known.contains(photo)));
    }

    fn rest(&self) {
        let soonest = self.failed.next_due();
        let until = soonest.map_or(self.look_at, |due| due.min(self.look_at));
        let is_ending = self.shared.is_ending.load(Ordering::Acquire);
        let wait = until.saturating_duration_since(Instant::now());
        let wait = if is_ending { wait.min(END_CHECK) } else { wait };
        // A ring or none: the next turn looks.
        if self.rings.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) {
            // The save thread has gone without a word, and will ring no more.
            _ = self.shared.deadline.set(Instant::now());
            self.shared.is_ending.store(true, Ordering::Release);
        }
    }

    fn attend(&mut self, photo: PhotoId) {
        let board = Arc::clone(&self.setup.board);
        let Some(slot) = board.slot(photo) else { return };
        let outcome = self.settle(photo, slot);
        let was_failed = self.failed.remove(photo);
        match outcome {
            Ok(Settled::Absorb(absorbed)) => {
                let state = self.states.entry(photo).or_default();
                settle::remember(state, &absorbed.heard);
                self.asked.insert(photo);
                self.report(absorbed);
            }
            Ok(Settled::Done { heard, .. }) => {
                if self.disputed.remove(&photo).is_some() {
                    slot.set_dispute(None);
                }
                self.overruled.remove(&photo);
                if let Some(state) = self.states.get_mut(&photo) {
                    // All say the same: nothing of ours is on its way.
                    state.since.clear();
                }
                if !heard.is_empty() {
                    settle::remember(self.states.entry(photo).or_default(), &heard);
                    self.note_sidecar(photo, slot);
                    self.report(Absorbed { photo, change: None, heard, proposal: None });
                }
            }
            Ok(Settled::Disputed(disputes)) => self.note_dispute(photo, slot, disputes),
            Ok(Settled::Again) => {
                self.folders.forget(folder_of(&slot.path));
                self.fail(
                    photo,
                    was_failed,
                    "another program is writing to the sidecar".to_owned(),
                );
            }
            Err(error) => {
                self.folders.forget(folder_of(&slot.path));
                self.fail(photo, was_failed, chain(&error));
            }
        }
        self.count();
    }

    fn settle(&mut self, photo: PhotoId, slot: &Slot) -> DiskResult<Settled> {
        let may_clear = self.setup.settings.write;
        if let Some(error) = self.folders.list(folder_of(&slot.path), may_clear)? {
            self.hint(chain(&error));
        }
        let folder = self.folders.get(folder_of(&slot.path)).expect("it has just been listed");
        let embedded = slot.header().and_then(|header| header.meta.said.as_deref());
        let subject = Subject { photo, path: &slot.path, twin: slot.twin(), embedded };
        let blank = State::default();
        let state = self.states.get(&photo).unwrap_or(&blank);
        let is_overruled = self.overruled.contains(&photo);
        let side = if is_overruled { Side::Ours } else { Side::Neither };
        if folder.names.of(&slot.path, slot.twin()).is_empty() {
            self.is_known.remove(&photo);
        } else if self.is_known.insert(photo) {
            self.known.push_back(photo);
        }
        settle::settle(&subject, folder, state, &self.setup.settings, side)
    }

    /// Remembers the sidecars that were just made.
    fn note_sidecar(&mut self, photo: PhotoId, slot: &Slot) {
        let Some(state) = self.states.get(&photo) else { return };
        let sidecars = state.heard.iter().filter(|heard| heard.stamp.is_some());
        self.folders.note(folder_of(&slot.path), sidecars.map(|heard| &*heard.source));
        if self.is_known.insert(photo) {
            self.known.push_back(photo);
        }
    }

    fn note_dispute(&mut self, photo: PhotoId, slot: &Slot, disputes: Vec<Dispute>) {
        let words: Vec<String> = disputes.iter().map(ToString::to_string).collect();
        let name = slot.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let words = words.join("; ");
        slot.set_dispute(Some(words.clone()));
        if self.disputed.insert(photo, disputes).is_none() {
            self.hint(format!("{name}: {words}; a key settles it"));
        }
    }

    fn fail(&mut self, photo: PhotoId, before: Option<Failure>, reason: String) {
        // The first time may be another program's moment.
        if before.is_some() && self.told.as_ref() != Some(&reason) {
            self.told = Some(reason.clone());
            self.hint(format!("sidecars are not written: {reason}"));
        }
        let is_decided = self.states.contains_key(&photo);
        self.failed.add(photo, before, reason, is_decided);
    }

    fn report(&self, absorbed: Absorbed) {
        // The save thread has ended: what it does not remember is heard again by the next run.
        _ = self.reports.send(absorbed);
    }

    fn hint(&self, words: String) {
        self.tally.hints.push(words);
        (self.setup.wake)();
    }

    /// Tells the window how things stand.
    fn count(&mut self) {
        let failed = self.failed.decided_count();
        // What waits in the inbox is counted by who put it there, until it is taken out here.
        let orders = self.shared.orders();
        let waiting = orders.values().filter(|order| order.is_decided).count();
        let unwritten = failed + waiting + self.decided.len() + self.asked.len();
        let was_unwritten = self.tally.unwritten.swap(unwritten, Ordering::Relaxed);
        drop(orders);
        let tally = &self.tally;
        let before = tally.failed.swap(failed, Ordering::Relaxed);
        let disputed = tally.disputed.swap(self.disputed.len(), Ordering::Relaxed);
        if failed == 0 {
            self.told = None;
        }
        let is_done = unwritten == 0 && was_unwritten > 0;
        // Each wake is a frame: what is as it was is nothing to draw.
        if is_done || before != failed || disputed != self.disputed.len() {
            (self.setup.wake)();
        }
    }

    fn tell_what_is_left(&mut self) {
        self.take_orders();
        let left: Vec<(PhotoId, &str)> = self
            .failed
            .decided()
            .chain(self.decided.iter().map(|&photo| (photo, "there was no time")))
            .collect();
        for (photo, reason) in left.iter().take(NAMED) {
            if let Some(slot) = self.setup.board.slot(*photo) {
                tracing::warn!("no sidecar: {reason}; photo: {}", slot.path.display());
            }
        }
        if !left.is_empty() {
            tracing::warn!(
                "{} sidecars were not written; the decisions are kept, and rushlight sidecars write DIR \
                 writes them later",
                left.len()
            );
        }
    }
}

fn folder_of(photo: &Path) -> &Path {
    photo.parent().unwrap_or(Path::new(""))
}
