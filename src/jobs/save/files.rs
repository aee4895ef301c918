//! What the save thread exchanges with the files beside the photos.
//!
//! After each commit the photos' states go to `jobs::sidecar`, whose reports come back: what files say
//! is taken over in a step of its own, by import, and told to the window. Once every header has been
//! read, all photos are handed over a few at a time, so that what other programs wrote meanwhile is
//! heard, and what a killed run did not write is written.
//!
//! Reports wait here while the store does not work; the clerk waits with them, and writes nothing that
//! is not in the store.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use crossbeam_channel::Receiver;
use crossbeam_channel::RecvTimeoutError;
use crossbeam_channel::TryRecvError;

use super::News;
use super::Setup;
use super::keeper::Keeper;
use super::keeper::known;
use crate::core::label::Verdict;
use crate::core::photo::PhotoId;
use crate::disk::DiskResult;
use crate::disk::decisions::Absorbed;
use crate::disk::decisions::State;
use crate::jobs::board::Board;
use crate::jobs::sidecar;
use crate::jobs::sidecar::Sidecars;
use crate::jobs::sidecar::Tally;

/// Reports taken over in one transaction: a key waits for it.
const BATCH: usize = 256;

/// Photos handed over at a time: some milliseconds of questions to the store.
const SURVEYED: u32 = 512;

/// How long the clerk is given to end where nobody named a time.
const END_CHECK: Duration = Duration::from_millis(100);

/// The clerk, and what is on its way between the two.
pub(super) struct Files {
    clerk: Option<Sidecars>,
    waiting: Vec<Absorbed>,
    /// Photos handed over so far, of those that are to be.
    surveyed: u32,
    is_surveying: bool,
}

impl Files {
    pub(super) fn start(setup: &Setup, tally: Arc<Tally>) -> io::Result<Self> {
        let start = |settings| {
            let (board, wake) = (Arc::clone(&setup.board), Arc::clone(&setup.wake));
            Sidecars::start(sidecar::Setup { board, settings, wake }, tally)
        };
        let clerk = setup.sidecars.clone().map(start).transpose()?;
        Ok(Self { clerk, waiting: Vec::new(), surveyed: 0, is_surveying: false })
    }

    /// Says that every photo found so far can be handed over.
    pub(super) const fn begin_survey(&mut self) {
        self.is_surveying = true;
    }

    /// Takes in what has come; gives whether more may come.
    pub(super) fn receive(&mut self) -> bool {
        let Some(clerk) = &self.clerk else { return false };
        while self.waiting.len() < BATCH {
            match clerk.reports().try_recv() {
                Ok(absorbed) => self.waiting.push(absorbed),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
        true
    }

    pub(super) fn reports(&self) -> Option<&Receiver<Absorbed>> {
        let has_room = self.waiting.len() < BATCH;
        self.clerk.as_ref().filter(|_| has_room).map(Sidecars::reports)
    }

    pub(super) const fn has_news(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether there are photos to be handed over, and there is room for them.
    pub(super) fn is_surveying(&self, board: &Board) -> bool {
        let has_more = (self.surveyed as usize) < board.photo_count();
        self.is_surveying && has_more && self.clerk.as_ref().is_some_and(Sidecars::has_room)
    }
}

impl Keeper {
    /// Has the sidecars of photos say what is decided now.
    pub(super) fn follow(&self, photos: impl IntoIterator<Item = PhotoId>) -> DiskResult<()> {
        if let (Some(clerk), Some(store)) = (&self.files.clerk, &self.store) {
            clerk.follow(store.states(photos)?);
        }
        Ok(())
    }

    /// Hands the next photos over.
    pub(super) fn survey(&mut self) -> DiskResult<()> {
        let (Some(clerk), Some(store)) = (&self.files.clerk, &mut self.store) else {
            return Ok(());
        };
        let found = u32::try_from(self.setup.board.photo_count()).unwrap_or(u32::MAX);
        let end = found.min(self.files.surveyed.saturating_add(SURVEYED));
        let photos = (self.files.surveyed..end).map(PhotoId);
        let mut states = store.states(photos.clone())?;
        // Of a photo that is not in the store its files may speak all the same; a copy elsewhere may
        // lend it a label.
        let strangers: Vec<PhotoId> = photos.filter(|photo| !store.is_bound(*photo)).collect();
        let lent = store.look_up(&known(&self.setup, &self.read_early, &strangers))?;
        states.extend(strangers.into_iter().zip(lent).map(|(photo, decided)| {
            let label = decided.map(|decided| decided.label).unwrap_or_default();
            (photo, State { label, ..State::default() })
        }));
        clerk.survey(states);
        self.files.surveyed = end;
        Ok(())
    }

    /// Takes over what files say, and tells the window.
    pub(super) fn absorb(&mut self) -> DiskResult<()> {
        let now = self.now();
        let Some(store) = &mut self.store else { return Ok(()) };
        let absorbed = &self.files.waiting;
        let strangers: Vec<PhotoId> =
            absorbed.iter().map(|a| a.photo).filter(|photo| !store.is_bound(*photo)).collect();
        let newcomers = known(&self.setup, &self.read_early, &strangers);
        let labels = store.absorb(absorbed, &newcomers, now)?;
        let asked: Vec<PhotoId> = absorbed
            .iter()
            .filter(|a| a.change.is_some() || a.proposal.is_some())
            .map(|a| a.photo)
            .collect();
        let proposed: Vec<(PhotoId, Verdict)> =
            absorbed.iter().filter_map(|a| Some((a.photo, a.proposal?))).collect();
        self.files.waiting.clear();
        self.follow(asked)?;
        if !proposed.is_empty() {
            self.tell(News::Proposed(proposed));
        }
        if !labels.is_empty() {
            let as_of = self.shared.saved.load(Ordering::Acquire);
            self.tell(News::Merged { labels, as_of });
        }
        Ok(())
    }

    /// Waits until the sidecars that can be written are, and at most as long as the person waits.
    pub(super) fn end_files(&mut self) {
        let Some(deadline) = self.shared.deadline.get().copied() else { return };
        if let Some(clerk) = &self.files.clerk {
            clerk.end(deadline);
        }
        while self.files.receive() && !self.is_too_late() {
            if self.files.has_news() {
                if let Err(error) = self.absorb() {
                    // The next run hears it again.
                    tracing::warn!("{error}");
                    return;
                }
                continue;
            }
            let Some(reports) = self.files.reports() else { return };
            let wait = deadline.saturating_duration_since(Instant::now()).min(END_CHECK);
            match reports.recv_timeout(wait) {
                Ok(absorbed) => self.files.waiting.push(absorbed),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}
