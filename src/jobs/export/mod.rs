//! Photos on their way out, one after the other: progress, pause, stop, and the way back.
//!
//! Runs on whatever thread calls it. Every photo is taken with all its files or not at all; one
//! that cannot go is told and stops nothing, but for a full disk, which stops all. A run that was
//! interrupted goes on from what it finds (`tests/export.rs`: no photo is lost by random kills).

pub mod choose;
pub mod list;
pub mod outbox;

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use crossbeam_queue::SegQueue;

use super::shoot::chain;
use crate::core::export::Action;
use crate::core::export::Item;
use crate::core::export::Photo;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::export;
use crate::disk::export::copy;
use crate::disk::export::copy::Watch;
use crate::disk::export::journal;
use crate::disk::export::journal::End;
use crate::disk::export::journal::Journal;
use crate::disk::trash;
use crate::disk::trash::Bin;

/// What the person can do meanwhile, and how far it has come.
#[derive(Debug, Default)]
pub struct Run {
    is_paused: Mutex<bool>,
    resumed: Condvar,
    /// The same as the first, for the window, which takes no lock.
    shows_paused: AtomicBool,
    is_stopped: AtomicBool,
    /// Photos that have been tried.
    pub photos_tried: AtomicUsize,
    /// Bytes that have come to their new place.
    pub bytes_done: AtomicU64,
    /// Why photos could not go, oldest first.
    pub failures: SegQueue<String>,
    /// How many could not.
    pub failed_count: AtomicUsize,
    /// Why photos were copied without what is decided in them, oldest first.
    pub plain: SegQueue<String>,
    /// How many were.
    pub plain_count: AtomicUsize,
}

impl Run {
    /// Halts between two files, or within a long copy, until told to go on.
    pub fn pause(&self, is_paused: bool) {
        *self.is_paused.lock().unwrap_or_else(PoisonError::into_inner) = is_paused;
        self.shows_paused.store(is_paused, Ordering::Release);
        self.resumed.notify_all();
    }

    /// Whether it is halted. Takes no lock.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.shows_paused.load(Ordering::Acquire)
    }

    /// Ends after the photo that is on its way, which goes back if it is not whole.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Release);
        self.pause(false);
    }

    /// Whether to go on; waits while paused.
    fn goes_on(&self) -> bool {
        let mut is_paused = self.is_paused.lock().unwrap_or_else(PoisonError::into_inner);
        while *is_paused && !self.is_stopped.load(Ordering::Acquire) {
            is_paused = self.resumed.wait(is_paused).unwrap_or_else(PoisonError::into_inner);
        }
        !self.is_stopped.load(Ordering::Acquire)
    }

    fn fail(&self, error: &DiskError) {
        self.failures.push(chain(error));
        self.failed_count.fetch_add(1, Ordering::AcqRel);
    }
}

/// Does what the journal plans, from where it is; `tell` is called after each photo.
///
/// # Errors
/// When the journal cannot be written or the disk is full: then it can be gone on with later.
pub fn go(journal: &mut Journal, run: &Run, tell: &dyn Fn()) -> DiskResult<End> {
    if let Some(folder) = &journal.target {
        export::make_folder(folder)?;
    }
    for photo in 0..journal.photos.len() {
        if !journal.is_done[photo] {
            if !run.goes_on() {
                journal.end(End::Stopped)?;
                return Ok(End::Stopped);
            }
            let outcome = match journal.action {
                Action::Trash | Action::TrashBeside => throw_away(journal, photo),
                Action::Copy | Action::Move => carry(journal, photo, run, tell),
            };
            match outcome {
                Ok(()) => journal.settle(photo)?,
                Err(error) => match kind(&error) {
                    Some(io::ErrorKind::Interrupted) => {
                        journal.end(End::Stopped)?;
                        return Ok(End::Stopped);
                    }
                    Some(io::ErrorKind::StorageFull) => return Err(error),
                    _ => run.fail(&error),
                },
            }
        }
        run.photos_tried.fetch_add(1, Ordering::AcqRel);
        tell();
    }
    journal.end(End::Whole)?;
    Ok(End::Whole)
}

/// Brings photos back that were moved or trashed, the last one first.
///
/// # Errors
/// When the journal cannot be written, or the trash cannot be listed.
pub fn undo(journal: &mut Journal, run: &Run, tell: &dyn Fn()) -> DiskResult<End> {
    journal.turn_round()?;
    // Listed when the first file asks for it: our own trash needs no list.
    let mut bin = None;
    for photo in (0..journal.photos.len()).rev() {
        if !run.goes_on() {
            journal.end(End::Stopped)?;
            return Ok(End::Stopped);
        }
        let outcome = match journal.action {
            Action::Copy => Ok(()),
            Action::Move => carry_back(journal, photo, run),
            Action::Trash | Action::TrashBeside => take_out(&journal.photos[photo], &mut bin),
        };
        match outcome {
            Ok(()) => journal.settle(photo)?,
            Err(error) => run.fail(&error),
        }
        run.photos_tried.fetch_add(1, Ordering::AcqRel);
        tell();
    }
    let is_whole = run.failed_count.load(Ordering::Acquire) == 0;
    let end = if is_whole { End::Undone } else { End::Stopped };
    journal.end(end)?;
    Ok(end)
}

/// The newest run that was interrupted or stopped before its end.
#[must_use]
pub fn interrupted(data: &Path) -> Option<Journal> {
    newest(data, |journal| matches!(journal.end, None | Some(End::Stopped)))
}

/// The newest run that can be undone.
#[must_use]
pub fn undoable(data: &Path) -> Option<Journal> {
    newest(data, Journal::can_be_undone)
}

fn newest(data: &Path, fits: impl Fn(&Journal) -> bool) -> Option<Journal> {
    let mut numbers = journal::numbers(data).into_iter().rev();
    // One that cannot be read is in the way of no other.
    numbers.find_map(|number| Journal::open(data, number).ok().flatten().filter(&fits))
}

fn carry(journal: &mut Journal, photo: usize, run: &Run, tell: &dyn Fn()) -> DiskResult<()> {
    let (goes_on, count) = (
        || run.goes_on(),
        |bytes| {
            run.bytes_done.fetch_add(bytes, Ordering::AcqRel);
            tell();
        },
    );
    let watch = Watch { goes_on: &goes_on, count: &count };
    journal.photos[photo].iter().for_each(|item| copy::remove_leftover(&item.to));
    if export::is_in_the_way(&journal.photos[photo], journal.embed.as_ref(), &watch)? {
        journal.rename(photo, export::renamed(&journal.photos[photo]))?;
    }
    let (items, embed) = (&journal.photos[photo], journal.embed.as_ref());
    if let Some(reason) = export::carry(journal.action, items, embed, &watch)? {
        run.plain.push(reason);
        run.plain_count.fetch_add(1, Ordering::AcqRel);
    }
    Ok(())
}

fn carry_back(journal: &Journal, photo: usize, run: &Run) -> DiskResult<()> {
    let items = &journal.photos[photo];
    let watch = Watch { goes_on: &|| true, count: &|_| () };
    let never_left = !journal.is_done[photo] && items.iter().all(|item| export::exists(&item.from));
    if never_left && export::is_in_the_way(items, None, &watch)? {
        // What stands at the new place is somebody else's.
        return Ok(());
    }
    let turn = |item: &Item| Item { from: item.to.clone(), to: item.from.clone(), ..*item };
    let back: Photo = items.iter().map(turn).collect();
    back.iter().for_each(|item| copy::remove_leftover(&item.to));
    if let Some(folder) = back.first().and_then(|item| item.to.parent()) {
        export::make_folder(folder)?;
    }
    export::carry(Action::Move, &back, None, &watch)?;
    run.bytes_done.fetch_add(items.iter().map(|item| item.bytes).sum(), Ordering::AcqRel);
    Ok(())
}

/// Trashes what is still there of a photo: all of it in the system's trash, or else in ours.
fn throw_away(journal: &mut Journal, photo: usize) -> DiskResult<()> {
    let is_left = |item: &Item| export::exists(&item.from);
    let mut left: Photo = journal.photos[photo].iter().filter(|i| is_left(i)).cloned().collect();
    if journal.action == Action::Trash {
        while let Some(item) = left.first().filter(|item| item.from == item.to) {
            if trash::delete(&item.from).is_err() {
                break;
            }
            left.remove(0);
        }
    }
    if left.is_empty() {
        // Trashed now, just before a crash, or gone since it was planned.
        return Ok(());
    }
    let places = trash::own_places(&left)?;
    let place = |item: &Item| places.iter().find(|p| p.from == item.from).unwrap_or(item).clone();
    let items = journal.photos[photo].iter().map(place).collect();
    journal.rename(photo, items)?;
    places.iter().try_for_each(|item| trash::shift(&item.from, &item.to))
}

fn take_out(photo: &Photo, bin: &mut Option<Bin>) -> DiskResult<()> {
    for item in photo.iter().rev() {
        let is_back = export::exists(&item.from) && !trash::is_placeholder(item);
        if is_back {
            continue;
        }
        if item.to != item.from {
            trash::shift(&item.to, &item.from)?;
            trash::tidy(&item.to);
            continue;
        }
        if bin.is_none() {
            *bin = Some(Bin::open()?);
        }
        if let Some(bin) = bin {
            bin.restore(item)?;
        }
    }
    Ok(())
}

fn kind(error: &DiskError) -> Option<io::ErrorKind> {
    error.source()?.downcast_ref::<io::Error>().map(io::Error::kind)
}
