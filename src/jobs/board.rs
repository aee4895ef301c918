//! What is known of every photo so far: written by the pool, read by the window without a lock.
//!
//! One [`Slot`] a photo, in a vector that only grows and never moves its elements. Each column of a
//! slot has one writer at a time: the scan makes the slot, the header pass sets `header`, the job
//! that holds the photo's ticket in `queue` sets `fault` and, by way of `ledger`, `tile`.
//!
//! Order of writes: payload first, then `stage` with `Release`; a reader loads the stage with
//! `Acquire` and finds what the stage promises (`a_stage_promises_its_payload`).
//!
//! Reading allocates nothing and waits for nobody: `boxcar` and `OnceLock::get` are wait-free,
//! `ArcSwapOption::load` is lock-free.

mod pictures;

use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use arc_swap::ArcSwap;
use arc_swap::ArcSwapOption;
use crossbeam_queue::SegQueue;

pub use self::pictures::Tile;
pub use self::pictures::View;
pub use self::pictures::Views;
use super::glance::Glance;
use crate::core::features::PictureFeatures;
use crate::core::order::Order;
use crate::core::photo::Fingerprint;
use crate::core::photo::PhotoId;
use crate::core::photo::PhotoMeta;
use crate::core::traits::Packed;

/// How far the pictures of a photo have come. Grows, but for an evicted tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Stage {
    /// Nothing can be drawn.
    Nothing,
    /// The embedded thumbnail can be drawn until the tile comes.
    Provisional,
    /// The tile can be drawn.
    Tile,
    /// The photo cannot be decoded: `fault` says why. A thumbnail may still be there.
    Failed,
}

/// What a photo's header said, with what its decisions are bound to.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// What the header says.
    pub meta: PhotoMeta,
    /// What decisions are bound to.
    pub fingerprint: Fingerprint,
}

/// One photo's columns.
#[derive(Debug)]
pub struct Slot {
    /// The photo's file.
    pub path: Arc<Path>,
    header: OnceLock<Header>,
    stage: AtomicU8,
    tile: ArcSwapOption<Tile>,
    glance: ArcSwapOption<Glance>,
    views: ArcSwapOption<Views>,
    features: OnceLock<Box<PictureFeatures>>,
    traits: OnceLock<Packed>,
    fault: OnceLock<Box<str>>,
    dispute: ArcSwapOption<String>,
    twin: OnceLock<Box<Path>>,
    colours: OnceLock<Box<str>>,
    thumbnail_failed: AtomicBool,
    seen_frame: AtomicU32,
    is_gone: AtomicBool,
}

impl Slot {
    fn new(path: Arc<Path>) -> Self {
        Self {
            path,
            header: OnceLock::new(),
            stage: AtomicU8::new(Stage::Nothing as u8),
            tile: ArcSwapOption::empty(),
            glance: ArcSwapOption::empty(),
            views: ArcSwapOption::empty(),
            features: OnceLock::new(),
            traits: OnceLock::new(),
            fault: OnceLock::new(),
            dispute: ArcSwapOption::empty(),
            twin: OnceLock::new(),
            colours: OnceLock::new(),
            thumbnail_failed: AtomicBool::new(false),
            seen_frame: AtomicU32::new(0),
            is_gone: AtomicBool::new(false),
        }
    }

    /// What the header said, once it has been read.
    #[must_use]
    pub fn header(&self) -> Option<&Header> {
        self.header.get()
    }

    /// Why the photo cannot be shown.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.get().map(AsRef::as_ref)
    }

    /// What a file says otherwise than what is decided here, in words.
    #[must_use]
    pub fn dispute(&self) -> arc_swap::Guard<Option<Arc<String>>> {
        self.dispute.load()
    }

    /// Says what a file says otherwise. Only the clerk of `sidecar` does.
    pub fn set_dispute(&self, words: Option<String>) {
        self.dispute.store(words.map(Arc::new));
    }

    /// The raw file of the same photo, once the scan has ended.
    #[must_use]
    pub fn twin(&self) -> Option<&Path> {
        self.twin.get().map(AsRef::as_ref)
    }

    /// Says which raw file is the photo's: the scan does, once.
    pub fn set_twin(&self, raw: Box<Path>) {
        _ = self.twin.set(raw);
    }

    /// What the file says of its colours, if anything, once its picture has been looked at.
    #[must_use]
    pub fn colours(&self) -> Option<&str> {
        self.colours.get().map(AsRef::as_ref)
    }

    /// Sets what the file says of its colours; the first words stay.
    pub fn set_colours(&self, words: Option<&str>) {
        if let Some(words) = words {
            _ = self.colours.set(words.into());
        }
    }

    /// How far its picture has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Acquire) {
            1 => Stage::Provisional,
            2 => Stage::Tile,
            3 => Stage::Failed,
            _ => Stage::Nothing,
        }
    }

    /// The photo's small picture, if it is in memory.
    #[must_use]
    pub fn tile(&self) -> arc_swap::Guard<Option<Arc<Tile>>> {
        self.tile.load()
    }

    /// Bytes of the tile in memory.
    #[must_use]
    pub fn tile_bytes(&self) -> usize {
        self.tile.load().as_ref().map_or(0, |t| t.size_bytes())
    }

    /// What is drawn of the photo in an overview of the whole shoot.
    #[must_use]
    pub fn glance(&self) -> arc_swap::Guard<Option<Arc<Glance>>> {
        self.glance.load()
    }

    /// Sets what is drawn in an overview, unless there is as good a one, in memory or away.
    pub fn set_glance(&self, glance: Glance) {
        let glance = Some(Arc::new(glance));
        self.glance.rcu(|old| match old {
            Some(old) if old.is_lasting => Some(Arc::clone(old)),
            _ => glance.clone(),
        });
    }

    /// Brings back what has left memory.
    pub fn bring_glance(&self, glance: Glance) {
        self.glance.store(Some(Arc::new(glance)));
    }

    /// Takes the micro picture of the glance `seen` out of memory where the cache has it: the
    /// device does too. One that has come since stays.
    pub fn let_micro_go(&self, seen: &Arc<Glance>) {
        if seen.is_kept && seen.micro.is_some() {
            let left = Arc::new(Glance { micro: None, ..**seen });
            _ = self.glance.compare_and_swap(seen, Some(left));
        }
    }

    /// The photo's large pictures, if they are in memory.
    #[must_use]
    pub fn views(&self) -> arc_swap::Guard<Option<Arc<Views>>> {
        self.views.load()
    }

    /// Puts large pictures in place, or takes them out of memory.
    pub fn set_views(&self, views: Option<Arc<Views>>) {
        self.views.store(views);
    }

    /// What its picture was measured to be, once it was decoded, in this run or an earlier one.
    #[must_use]
    pub fn features(&self) -> Option<&PictureFeatures> {
        self.features.get().map(AsRef::as_ref)
    }

    /// Says what the picture was measured to be; the first one stays. Gives whether it is this one.
    pub fn set_features(&self, features: PictureFeatures) -> bool {
        self.features.set(Box::new(features)).is_ok()
    }

    /// What a network made of it, once one has looked, in this run or an earlier one.
    #[must_use]
    pub fn traits(&self) -> Option<&Packed> {
        self.traits.get()
    }

    /// Says what a network made of it; the first one stays. Gives whether it is this one.
    pub fn set_traits(&self, traits: Packed) -> bool {
        self.traits.set(traits).is_ok()
    }

    /// Whether the embedded thumbnail turned out to be missing or of no use.
    #[must_use]
    pub fn thumbnail_failed(&self) -> bool {
        self.thumbnail_failed.load(Ordering::Relaxed)
    }

    /// Says that there is no embedded thumbnail to be had.
    pub fn set_thumbnail_failed(&self) {
        self.thumbnail_failed.store(true, Ordering::Relaxed);
    }

    /// Whether the photo's file is gone, or is another photo now: it stands in no order.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Acquire)
    }

    /// Says whether it is. Only the watcher does, before it makes the next order.
    pub fn set_gone(&self, is_gone: bool) {
        self.is_gone.store(is_gone, Ordering::Release);
    }

    /// The frame in which the photo was last on screen.
    #[must_use]
    pub fn seen_frame(&self) -> u32 {
        self.seen_frame.load(Ordering::Relaxed)
    }

    /// Says that the photo is on screen in `frame`: its tile is evicted late.
    pub fn see(&self, frame: u32) {
        self.seen_frame.store(frame, Ordering::Relaxed);
    }

    /// Sets the header; the first one stays.
    pub fn set_header(&self, header: Header) {
        _ = self.header.set(header);
    }

    /// Puts a tile in place, then says so. Only `ledger` does, which counts it.
    pub(super) fn set_tile(&self, tile: Arc<Tile>, stage: Stage) {
        self.tile.store(Some(tile));
        self.stage.store(stage as u8, Ordering::Release);
    }

    /// Takes the tile out of memory, or puts a smaller one in its place. Only `ledger` does.
    pub(super) fn evict(&self, remains: Option<Arc<Tile>>) {
        if remains.is_none() && self.stage() != Stage::Failed {
            self.stage.store(Stage::Nothing as u8, Ordering::Release);
        }
        self.tile.store(remains);
    }

    /// Says why the photo cannot be shown; the first reason stays. Gives whether this is it.
    fn fail(&self, reason: &str) -> bool {
        let is_first = self.fault.set(reason.into()).is_ok();
        self.stage.store(Stage::Failed as u8, Ordering::Release);
        is_first
    }
}

/// The whole shoot.
#[derive(Debug)]
pub struct Board {
    photos: boxcar::Vec<Slot>,
    order: ArcSwap<Order>,
    headers_read: AtomicU32,
    measured: AtomicU32,
    failed: AtomicU32,
    /// Photos of which more is known than before.
    news: SegQueue<PhotoId>,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            photos: boxcar::Vec::new(),
            order: ArcSwap::from_pointee(Order::default()),
            headers_read: AtomicU32::new(0),
            measured: AtomicU32::new(0),
            failed: AtomicU32::new(0),
            news: SegQueue::new(),
        }
    }
}

impl Board {
    /// Adds a photo. Only the scan does.
    pub fn add(&self, path: Arc<Path>) -> PhotoId {
        let index = self.photos.push(Slot::new(path));
        PhotoId(u32::try_from(index).expect("fewer than four thousand million photos"))
    }

    /// One photo's columns; `None` for a photo of another board.
    #[must_use]
    pub fn slot(&self, photo: PhotoId) -> Option<&Slot> {
        self.photos.get(photo.index())
    }

    /// Number of photos found so far.
    #[must_use]
    pub fn photo_count(&self) -> usize {
        self.photos.count()
    }

    /// The order that photos are shown in.
    #[must_use]
    pub fn order(&self) -> arc_swap::Guard<Arc<Order>> {
        self.order.load()
    }

    /// Puts another order in place. Only the ordering job does.
    pub fn set_order(&self, order: Arc<Order>) {
        self.order.store(order);
    }

    /// Says that more is known of a photo than before.
    pub fn note(&self, photo: PhotoId) {
        self.news.push(photo);
    }

    /// A photo of which more is known than before, once for each time; for the window alone.
    #[must_use]
    pub fn take_news(&self) -> Option<PhotoId> {
        self.news.pop()
    }

    /// How many headers have been read, the unreadable ones included.
    #[must_use]
    pub fn headers_read(&self) -> u32 {
        self.headers_read.load(Ordering::SeqCst)
    }

    /// Counts a header as read.
    pub fn count_header(&self) {
        self.headers_read.fetch_add(1, Ordering::SeqCst);
    }

    /// Says that the features of a photo, or its traits, have come to be known.
    pub fn count_measured(&self) {
        self.measured.fetch_add(1, Ordering::Relaxed);
    }

    /// How often that was so: another number than before is news.
    #[must_use]
    pub fn measured(&self) -> u32 {
        self.measured.load(Ordering::Relaxed)
    }

    /// How many photos cannot be shown.
    #[must_use]
    pub fn failed(&self) -> u32 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Marks a photo as one that cannot be shown, once.
    pub fn fail(&self, photo: PhotoId, reason: &str) {
        let Some(slot) = self.slot(photo) else { return };
        if slot.fail(reason) {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests;
