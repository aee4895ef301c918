//! What the pool does with a photo: reads its header, shows its thumbnail, decodes its picture.
//!
//! One bad photo never stops the wall: an error becomes the photo's fault, and a decoder that
//! panics becomes one too. Whatever happened, the window is woken.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use super::Waker;
use super::board::Board;
use super::board::Header;
use super::board::Slot;
use super::board::Stage;
use super::board::Tile;
use super::board::View;
use super::board::Views;
use super::ledger::Ledger;
use super::plan::Job;
use super::plan::ViewWish;
use super::save::Looker;
use super::shoot::Progress;
use super::shoot::chain;
use super::sort;
use crate::core::atlas::Class;
use crate::core::photo::PhotoId;
use crate::core::texels::Texels;
use crate::disk::DiskResult;
use crate::disk::exif;
use crate::disk::fingerprint;
use crate::disk::picture;
use crate::disk::source::Source;

/// Pictures above this many pixels are decoded one at a time: sixteen workers with 100 megapixels
/// each would take 6 GB.
const LARGE_PIXELS: u64 = 64_000_000;

/// Whether a picture is decoded alone.
static LARGE: Mutex<()> = Mutex::new(());

/// Tells one large picture of the run from every other.
static NEXT_KEY: AtomicU64 = AtomicU64::new(1);

/// What a worker needs to do its jobs.
pub struct Hands {
    /// Where results go.
    pub board: Arc<Board>,
    /// Who counts their memory.
    pub ledger: Arc<Ledger>,
    /// Who looks up what was decided about a photo whose header is known.
    pub looker: Looker,
    /// How far the shoot is read.
    pub progress: Arc<Progress>,
    /// Seconds to add to the clock of a camera body.
    pub clock_offsets_seconds: BTreeMap<String, i64>,
    /// Wakes the window.
    pub wake: Waker,
}

impl Hands {
    /// Runs one job to its end.
    pub fn run(&self, job: &Job) {
        match job {
            Job::Headers(photos) => self.read_headers(photos),
            Job::Thumbnail(photo) => self.attempt(*photo, |slot| self.show_thumbnail(*photo, slot)),
            Job::Tile(photo) => self.attempt(*photo, |slot| self.make_tile(*photo, slot)),
            Job::View(wish) => self.attempt(wish.photo, |slot| self.make_views(wish, slot)),
        }
        (self.wake)();
    }

    /// Puts the capture order in place, once everything has been found and read.
    pub fn sort_when_all_is_read(&self) {
        let progress = &self.progress;
        // In one order for all threads: the end of the scan and the last header each look at the
        // other, and one of them must see both.
        let is_read = progress.scan_ended.load(Ordering::SeqCst)
            && self.board.headers_read() as usize == self.board.photo_count();
        if is_read && !progress.is_sorted.swap(true, Ordering::AcqRel) {
            let order = sort::by_time(&self.board, &self.clock_offsets_seconds);
            self.board.set_order(Arc::new(order));
            self.looker.all_read();
        }
    }

    fn read_headers(&self, photos: &[PhotoId]) {
        let mut read = Vec::with_capacity(photos.len());
        for &photo in photos {
            let Some(slot) = self.board.slot(photo) else { continue };
            if slot.header().is_none() {
                self.attempt(photo, |slot| {
                    Source::open(&slot.path)
                        .and_then(|mut source| header_of(&mut source, &slot.path))
                        .map(|header| slot.set_header(header))
                });
            }
            if slot.header().is_some() {
                read.push(photo);
            }
        }
        self.looker.headers_read(read);
        for _ in photos {
            self.board.count_header();
        }
        self.sort_when_all_is_read();
    }

    /// Runs `work` on a photo; what goes wrong becomes the photo's fault.
    fn attempt(&self, photo: PhotoId, work: impl FnOnce(&Slot) -> DiskResult<()>) {
        let Some(slot) = self.board.slot(photo) else { return };
        if let Err(reason) = guarded(|| work(slot)) {
            self.board.fail(photo, &reason);
        }
    }

    fn show_thumbnail(&self, photo: PhotoId, slot: &Slot) -> DiskResult<()> {
        let mut source = Source::open(&slot.path)?;
        if slot.header().is_none() {
            slot.set_header(header_of(&mut source, &slot.path)?);
        }
        let Some(texels) = thumbnail_of(&mut source, slot) else {
            slot.set_thumbnail_failed();
            return Ok(());
        };
        self.put_provisional(photo, slot, texels);
        Ok(())
    }

    fn put_provisional(&self, photo: PhotoId, slot: &Slot, texels: Texels) {
        let edge = texels.edge_px();
        let mean = texels.mean();
        let mut levels = [None, None, None];
        let at = Class::for_edge(edge as f32) as usize;
        levels[at] = Some(Arc::new(texels));
        let tile = Arc::new(Tile { levels, mean, whole_edge_px: u32::MAX });
        self.ledger.note_tile(photo, slot.tile().as_deref(), &tile);
        slot.set_tile(tile, Stage::Provisional);
    }

    fn make_tile(&self, photo: PhotoId, slot: &Slot) -> DiskResult<()> {
        let mut source = Source::open(&slot.path)?;
        if slot.header().is_none() {
            slot.set_header(header_of(&mut source, &slot.path)?);
        }
        let Some(header) = slot.header() else { return Ok(()) };
        if slot.stage() == Stage::Nothing
            && let Some(texels) = thumbnail_of(&mut source, slot)
        {
            self.put_provisional(photo, slot, texels);
            (self.wake)();
        }
        let _alone = alone_when_large(header);
        let format = source.format()?;
        let bytes = source.whole()?;
        let limits = picture::Limits::default();
        let made = picture::decode_tile(bytes, format, header.meta.turn, &limits, &slot.path)?;
        let tile = Arc::new(Tile {
            levels: made.levels.map(|level| level.map(Arc::new)),
            mean: made.mean,
            whole_edge_px: made.full_size_px[0].max(made.full_size_px[1]),
        });
        self.ledger.note_tile(photo, slot.tile().as_deref(), &tile);
        slot.set_tile(tile, Stage::Tile);
        Ok(())
    }

    fn make_views(&self, wish: &ViewWish, slot: &Slot) -> DiskResult<()> {
        let mut source = Source::open(&slot.path)?;
        if slot.header().is_none() {
            slot.set_header(header_of(&mut source, &slot.path)?);
        }
        let Some(header) = slot.header() else { return Ok(()) };
        let _alone = alone_when_large(header);
        let format = source.format()?;
        let bytes = source.whole()?;
        let limits = picture::Limits::default();
        let turn = header.meta.turn;
        let view = |texels: Texels| View {
            key: NEXT_KEY.fetch_add(1, Ordering::Relaxed),
            texels: Arc::new(texels),
        };
        let (box_px, path) = (wish.box_px, &slot.path);
        let views = if wish.wants_full {
            let (full, fit) =
                picture::decode_full_and_fit(bytes, format, turn, &limits, box_px, path)?;
            Views { box_px, fit: view(fit), full: Some(view(full)) }
        } else {
            let fit = picture::decode_fit(bytes, format, turn, &limits, box_px, path)?;
            let full = slot.views().as_ref().and_then(|old| old.full.clone());
            Views { box_px, fit: view(fit), full }
        };
        slot.set_views(Some(Arc::new(views)));
        self.ledger.note_views(wish.photo);
        Ok(())
    }
}

/// Runs `work` on a photo and puts what goes wrong into words, a decoder's panic included: one bad
/// photo never stops the wall.
///
/// # Errors
/// The reason, in the user's words.
pub fn guarded(work: impl FnOnce() -> DiskResult<()>) -> Result<(), String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(outcome) => outcome.map_err(|error| chain(&error)),
        Err(_) => Err("the picture cannot be decoded: the decoder gave up".to_owned()),
    }
}

/// Reads the header of a file, for whoever has only its path; `None` when it cannot be read.
#[must_use]
pub fn read_header(path: &Path) -> Option<Header> {
    let mut source = Source::open(path).ok()?;
    header_of(&mut source, path).ok()
}

/// The header of an open file.
///
/// # Errors
/// When the file cannot be read or is no picture.
pub fn header_of(source: &mut Source, path: &Path) -> DiskResult<Header> {
    let format = source.format()?;
    let meta = exif::read(source, format, path)?;
    let fingerprint = fingerprint::of(&meta, source.header()?);
    Ok(Header { meta, fingerprint })
}

/// The embedded thumbnail, upright; `None` when there is none that can be shown.
fn thumbnail_of(source: &mut Source, slot: &Slot) -> Option<Texels> {
    let meta = &slot.header()?.meta;
    let bytes = source.range(meta.thumbnail.clone()?).ok()?;
    picture::decode_thumbnail(&bytes, meta.turn, meta.size_px, &slot.path).ok()
}

/// Holds a large picture's turn until the guard is dropped; small ones need none.
#[must_use]
pub fn alone_when_large(header: &Header) -> Option<std::sync::MutexGuard<'static, ()>> {
    let pixels = header.meta.size_px.map_or(0, |[w, h]| u64::from(w) * u64::from(h));
    (pixels > LARGE_PIXELS).then(|| LARGE.lock().unwrap_or_else(PoisonError::into_inner))
}
