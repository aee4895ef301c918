//! What the pool does with a photo: reads its header, shows its thumbnail, decodes its picture.
//!
//! One bad photo never stops the wall: an error becomes the photo's fault, and a decoder that
//! panics becomes one too. A photo that another program changed while it was read is read once more.
//! Whatever happened, the window is woken.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use rayon::iter::IntoParallelRefMutIterator;
use rayon::iter::ParallelIterator;

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
use super::plan::Weight;
use super::save::Looker;
use super::shoot::Progress;
use super::shoot::chain;
use super::sort;
use super::thumbnails::Thumbnails;
use crate::core::atlas::Class;
use crate::core::coded::Coding;
use crate::core::level;
use crate::core::photo::PhotoId;
use crate::core::photo::Turn;
use crate::core::texels::Texels;
use crate::disk::DiskError;
use crate::disk::DiskResult;
use crate::disk::exif;
use crate::disk::fingerprint;
use crate::disk::jpeg::Part;
use crate::disk::picture;
use crate::disk::source::Format;
use crate::disk::source::Source;

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
    /// Thumbnails that the header pass came by.
    pub thumbnails: Thumbnails,
    /// Who reads a photo's header, so that two jobs do not open it for that.
    pub turns: Turns,
    /// How far the shoot is read.
    pub progress: Arc<Progress>,
    /// How the device reads tiles.
    pub coding: Coding,
    /// Seconds to add to the clock of a camera body.
    pub clock_offsets_seconds: BTreeMap<String, i64>,
    /// Bodies whose clocks the person has just moved.
    pub clocks_set: Vec<String>,
    /// Wakes the window.
    pub wake: Waker,
}

/// Locks for photos' headers: photos share them by number, few enough to be no matter.
pub struct Turns([Mutex<()>; 64]);

impl Default for Turns {
    fn default() -> Self {
        Self([const { Mutex::new(()) }; 64])
    }
}

impl Turns {
    fn of(&self, photo: PhotoId) -> MutexGuard<'_, ()> {
        // It guards no data, so one that panicked left no damage.
        self.0[photo.index() % self.0.len()].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hands {
    /// Runs one job to its end.
    pub fn run(&self, job: &Job) {
        match job {
            Job::Headers(photos) => self.read_headers(photos),
            Job::Thumbnail(photo) => self.attempt(*photo, |slot| self.show_thumbnail(*photo, slot)),
            Job::Tile { photo, watched, weight } => {
                self.attempt(*photo, |slot| self.make_tile(*photo, slot, *watched, *weight));
            }
            Job::View { wish, weight } => {
                self.attempt(wish.photo, |slot| self.make_views(wish, slot, *weight));
            }
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
            for body in sort::unknown_bodies(&self.board, &self.clocks_set) {
                let told = format!("no photo here was taken with {body}, whose clock was moved");
                progress.hints.push(told);
            }
            self.looker.all_read();
        }
    }

    fn read_headers(&self, photos: &[PhotoId]) {
        let mut read = Vec::with_capacity(photos.len());
        for &photo in photos {
            let Some(slot) = self.board.slot(photo) else { continue };
            self.attempt(photo, |slot| self.read_header(photo, slot));
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

    fn read_header(&self, photo: PhotoId, slot: &Slot) -> DiskResult<()> {
        let _turn = self.turns.of(photo);
        if slot.header().is_some() {
            return Ok(());
        }
        let mut source = Source::open(&slot.path)?;
        let header = header_of(&mut source, &slot.path)?;
        let thumbnail = header.meta.thumbnail.clone();
        if let Some(jpeg) = thumbnail.and_then(|range| source.known(range)) {
            self.thumbnails.keep(photo, jpeg);
        }
        slot.set_header(header);
        Ok(())
    }

    /// A photo's file, open, with its header known.
    fn opened(&self, photo: PhotoId, slot: &Slot) -> DiskResult<Source> {
        let _turn = slot.header().is_none().then(|| self.turns.of(photo));
        let mut source = Source::open(&slot.path)?;
        if slot.header().is_none() {
            slot.set_header(header_of(&mut source, &slot.path)?);
        }
        Ok(source)
    }

    /// Runs `work` on a photo; what goes wrong becomes the photo's fault.
    fn attempt(&self, photo: PhotoId, work: impl Fn(&Slot) -> DiskResult<()>) {
        let Some(slot) = self.board.slot(photo) else { return };
        if let Err(reason) = guarded(|| work(slot)) {
            self.board.fail(photo, &reason);
        }
    }

    fn show_thumbnail(&self, photo: PhotoId, slot: &Slot) -> DiskResult<()> {
        // Its header pass leaves the thumbnail here, or has left it.
        self.read_header(photo, slot)?;
        let texels = match self.kept_thumbnail(photo, slot) {
            None => thumbnail_of(&mut Source::open(&slot.path)?, slot),
            kept => kept,
        };
        match texels {
            Some(texels) => self.put_provisional(photo, slot, &texels),
            None => slot.set_thumbnail_failed(),
        }
        Ok(())
    }

    /// The thumbnail that the header pass came by, upright.
    fn kept_thumbnail(&self, photo: PhotoId, slot: &Slot) -> Option<Texels> {
        let jpeg = self.thumbnails.take(photo)?;
        thumbnail_in(&jpeg, slot.header()?, &slot.path)
    }

    fn put_provisional(&self, photo: PhotoId, slot: &Slot, texels: &Texels) {
        let size_px = texels.size_px();
        let mut levels = [None, None, None];
        let class = level::class_for(size_px.map(|side| side as f32));
        levels[class as usize] = Some(Arc::new(picture::encode(texels, self.coding)));
        let whole_px = slot.header().and_then(|h| h.meta.size_px.map(|s| h.meta.turn.upright(s)));
        let whole_px = whole_px.unwrap_or(size_px);
        let tile = Arc::new(Tile { levels, mean: texels.mean(), whole_px });
        self.ledger.put_tile(photo, slot, tile, Stage::Provisional);
    }

    /// Shows the best embedded picture that there is use for, until the tile is made: the thumbnail
    /// where nothing is shown, then the preview where a cell that somebody looks at is wider.
    fn show_embedded(
        &self,
        photo: PhotoId,
        slot: &Slot,
        source: &mut Source,
        watched: Option<Class>,
    ) {
        if slot.stage() == Stage::Nothing
            && let Some(texels) =
                self.kept_thumbnail(photo, slot).or_else(|| thumbnail_of(source, slot))
        {
            self.put_provisional(photo, slot, &texels);
            (self.wake)();
        }
        let is_too_small = |class| slot.tile().as_ref().is_none_or(|tile| !tile.serves(class));
        let edge = Class::Large.edge_px();
        if slot.stage() <= Stage::Provisional
            && watched.is_some_and(is_too_small)
            && let Some(texels) = preview_of(source, slot, [edge, edge])
        {
            self.put_provisional(photo, slot, &texels);
            (self.wake)();
        }
    }

    fn make_tile(
        &self,
        photo: PhotoId,
        slot: &Slot,
        watched: Option<Class>,
        weight: Weight,
    ) -> DiskResult<()> {
        let mut source = self.opened(photo, slot)?;
        self.show_embedded(photo, slot, &mut source, watched);
        if is_too_heavy(slot, weight) {
            return Ok(());
        }
        let (format, turn, bytes) = picture_in(&mut source, &slot.path)?;
        let limits = picture::Limits::default();
        let coding = self.coding;
        let made = picture::decode_tile(bytes, format, turn, coding, &limits, &slot.path)?;
        let tile = Arc::new(Tile {
            levels: made.levels.map(|level| level.map(Arc::new)),
            mean: made.mean,
            whole_px: made.full_size_px,
        });
        self.ledger.put_tile(photo, slot, tile, Stage::Tile);
        Ok(())
    }

    /// Shows the preview in the loupe, until the picture is decoded.
    fn show_preview(&self, wish: &ViewWish, slot: &Slot, source: &mut Source) {
        if slot.stage() <= Stage::Provisional
            && slot.views().is_none()
            && let Some(texels) = preview_of(source, slot, wish.box_px)
        {
            // Made for no box at all, so that it serves no wish and the picture follows.
            let views = Views { box_px: [0, 0], fit: view(texels), full: None };
            slot.set_views(Some(Arc::new(views)));
            self.ledger.note_views(wish.photo);
            (self.wake)();
        }
    }

    fn make_views(&self, wish: &ViewWish, slot: &Slot, weight: Weight) -> DiskResult<()> {
        let mut source = self.opened(wish.photo, slot)?;
        self.show_preview(wish, slot, &mut source);
        if is_too_heavy(slot, weight) {
            return Ok(());
        }
        let (format, turn, bytes) = picture_in(&mut source, &slot.path)?;
        let limits = picture::Limits::default();
        let (box_px, path) = (wish.box_px, &slot.path);
        let views = if wish.wants_full {
            let (full, fit) =
                picture::decode_full_and_fit(bytes, format, turn, &limits, box_px, path)?;
            Views { box_px, fit: view(fit), full: Some(view(full)) }
        } else {
            let fit = picture::decode_fit(bytes, format, turn, &limits, box_px, path, crew())?;
            let full = slot.views().as_ref().and_then(|old| old.full.clone());
            Views { box_px, fit: view(fit), full }
        };
        slot.set_views(Some(Arc::new(views)));
        self.ledger.note_views(wish.photo);
        Ok(())
    }
}

/// The pool that this thread belongs to, for the parts of a picture that is awaited.
fn crew() -> picture::Crew<'static> {
    if rayon::current_thread_index().is_none() {
        return picture::Crew::ALONE;
    }
    let run = &|parts: &mut [Part]| parts.par_iter_mut().for_each(|part| _ = part.decode());
    picture::Crew { most_parts: rayon::current_num_threads() * 2, run }
}

/// Runs `work` on a photo and puts what goes wrong into words, a decoder's panic included: one bad
/// photo never stops the wall. A photo that changed while it was read is tried once more: whoever
/// wrote to it is done by then, or at it for long.
///
/// # Errors
/// The reason, in the user's words.
pub fn guarded<T>(work: impl Fn() -> DiskResult<T>) -> Result<T, String> {
    let attempt = || match work() {
        Err(DiskError::Changed { .. }) => work(),
        outcome => outcome,
    };
    match catch_unwind(AssertUnwindSafe(attempt)) {
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
    source.check_unchanged()?;
    Ok(Header { meta, fingerprint })
}

/// The whole file, what it is, and how its picture is turned by these very bytes: another program
/// may have put another file in its place since its header was read.
///
/// # Errors
/// When the file cannot be read, changes meanwhile, or is no picture.
pub fn picture_in<'a>(source: &'a mut Source, path: &Path) -> DiskResult<(Format, Turn, &'a [u8])> {
    source.whole()?;
    let format = source.format()?;
    let turn = exif::read(source, format, path)?.turn;
    Ok((format, turn, source.whole()?))
}

/// The embedded thumbnail, upright; `None` when there is none that can be shown.
fn thumbnail_of(source: &mut Source, slot: &Slot) -> Option<Texels> {
    let header = slot.header()?;
    let jpeg = source.range(header.meta.thumbnail.clone()?).ok()?;
    source.check_unchanged().ok()?;
    thumbnail_in(&jpeg, header, &slot.path)
}

fn thumbnail_in(jpeg: &[u8], header: &Header, path: &Path) -> Option<Texels> {
    let meta = &header.meta;
    picture::decode_thumbnail(jpeg, meta.turn, meta.size_px, path).ok()
}

/// The preview, upright and within `box_px`; `None` when there is none that can be shown.
fn preview_of(source: &mut Source, slot: &Slot, box_px: [u32; 2]) -> Option<Texels> {
    let meta = &slot.header()?.meta;
    let jpeg = source.range(meta.preview.clone()?).ok()?;
    source.check_unchanged().ok()?;
    picture::decode_preview(&jpeg, meta.turn, meta.size_px, box_px, &slot.path).ok()
}

/// Whether the picture is heavier than it was thought to be: the job leaves it to the plan, which
/// gives it out again when no other such picture is being decoded.
fn is_too_heavy(slot: &Slot, weight: Weight) -> bool {
    weight == Weight::Light && Weight::of(slot) == Weight::Heavy
}

fn view(texels: Texels) -> View {
    View { key: NEXT_KEY.fetch_add(1, Ordering::Relaxed), texels: Arc::new(texels) }
}
