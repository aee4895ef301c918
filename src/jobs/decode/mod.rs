//! What the pool does with a photo: reads its header, shows its thumbnail, decodes its picture.
//!
//! One bad photo never stops the wall: an error becomes the photo's fault, and a decoder that
//! panics becomes one too. A photo that another program changed while it was read is read once more.
//! Whatever happened, the window is woken.

mod file;
mod views;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

pub use self::file::guarded;
pub use self::file::header_of;
pub use self::file::picture_in;
use self::file::preview_of;
use self::file::profile_of;
pub use self::file::read_header;
use self::file::thumbnail_in;
use self::file::thumbnail_of;
use crate::core::atlas::Class;
use crate::core::features::PictureFeatures;
use crate::core::level;
use crate::core::photo::PhotoId;
use crate::core::photo::Timestamp;
use crate::core::texels::Texels;
use crate::core::traits::Packed;
use crate::disk::DiskResult;
use crate::disk::cache::Found;
use crate::disk::cache::facts::Facts;
use crate::disk::picture;
use crate::disk::source::Source;
use crate::jobs::Waker;
use crate::jobs::board::Board;
use crate::jobs::board::Header;
use crate::jobs::board::Slot;
use crate::jobs::board::Stage;
use crate::jobs::board::Tile;
use crate::jobs::cached::Cached;
use crate::jobs::glance::Glance;
use crate::jobs::ledger::Ledger;
use crate::jobs::plan::Job;
use crate::jobs::plan::weight::Weight;
use crate::jobs::save::Looker;
use crate::jobs::shoot::Progress;
use crate::jobs::sort;
use crate::jobs::thumbnails::Thumbnail;
use crate::jobs::thumbnails::Thumbnails;

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
    /// What earlier runs have decoded, in the coding that the device reads.
    pub cached: Arc<Cached>,
    /// The time of opening, for the cache.
    pub now: Timestamp,
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
            Job::Glances(photos) => self.glance_again(photos.clone().map(PhotoId)),
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

    /// Reads micro pictures that have left memory from the cache once more, or decodes the photo
    /// where the cache has lost it since.
    fn glance_again(&self, photos: impl Iterator<Item = PhotoId>) {
        // What was kept a moment ago is found after that.
        self.cached.commit();
        for photo in photos {
            let Some(slot) = self.board.slot(photo) else { continue };
            if !slot.glance().as_ref().is_some_and(|glance| glance.is_away()) {
                continue;
            }
            match self.cached.look_up(&slot.path, self.now) {
                Some(found) => slot.bring_glance(self.cached.glance(photo, &found)),
                None => self.attempt(photo, |slot| self.decode(photo, slot, None, Weight::Light)),
            }
            self.board.note(photo);
        }
    }

    fn read_header(&self, photo: PhotoId, slot: &Slot) -> DiskResult<()> {
        let _turn = self.turns.of(photo);
        if slot.header().is_some() {
            return Ok(());
        }
        if let Some(found) = self.cached.look_up(&slot.path, self.now) {
            slot.set_colours(found.facts.colours.as_deref());
            self.take_kept_measures(&found, slot);
            slot.set_glance(self.cached.glance(photo, &found));
            slot.set_header(header_from(found.facts));
            return Ok(());
        }
        let mut source = Source::open(&slot.path)?;
        let header = header_of(&mut source, &slot.path)?;
        let thumbnail = header.meta.thumbnail.clone();
        if let Some(jpeg) = thumbnail.and_then(|range| source.known(range)).map(Box::from)
            && let Some(profile) = profile_of(&mut source)
        {
            self.thumbnails.keep(photo, Thumbnail { jpeg, profile });
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
        self.board.note(photo);
    }

    fn show_thumbnail(&self, photo: PhotoId, slot: &Slot) -> DiskResult<()> {
        if self.show_cached(photo, slot, Class::Small) {
            return Ok(());
        }
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
        let kept = self.thumbnails.take(photo)?;
        thumbnail_in(&kept, slot.header()?, &slot.path)
    }

    fn put_provisional(&self, photo: PhotoId, slot: &Slot, texels: &Texels) {
        let size_px = texels.size_px();
        let mut levels = [None, None, None];
        let class = level::class_for(size_px.map(|side| side as f32));
        levels[class as usize] = Some(Arc::new(picture::encode(texels, self.cached.coding())));
        slot.set_glance(Glance::provisional(photo, texels, self.cached.coding()));
        self.board.note(photo);
        let whole_px = slot.header().and_then(|h| h.meta.size_px.map(|s| h.meta.turn.upright(s)));
        let whole_px = whole_px.unwrap_or(size_px);
        let tile =
            Arc::new(Tile { levels, mean: texels.mean(), whole_px, detail: None, scopes: None });
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
        let is_shown = self.show_cached(photo, slot, watched.unwrap_or(Class::Small));
        // What an older version of this program has measured, or another network has looked at, is
        // stale: it is decoded once more.
        let has_scopes = slot.tile().as_ref().is_some_and(|tile| tile.scopes.is_some());
        let is_seen = || slot.traits().is_some() || !self.cached.has_network();
        if is_shown && slot.features().is_some() && has_scopes && is_seen() {
            return Ok(());
        }
        self.decode(photo, slot, watched, weight)
    }

    /// Decodes the main picture to a tile, unless it is too heavy to be decoded now.
    fn decode(
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
        let key = source.key();
        let (format, turn, bytes) = picture_in(&mut source, &slot.path)?;
        let limits = picture::Limits::default();
        let coding = self.cached.coding();
        let made = picture::decode_tile(bytes, format, turn, coding, &limits, &slot.path)?;
        slot.set_colours(made.profile.words());
        let tile = Arc::new(Tile {
            detail: made.detail_texels(turn).map(Arc::new),
            scopes: Some(Arc::new(made.scopes.clone())),
            levels: made.levels.clone(),
            mean: made.mean,
            whole_px: made.full_size_px,
        });
        self.ledger.put_tile(photo, slot, tile, Stage::Tile);
        // Whoever waits for the photo need not wait for the network.
        (self.wake)();
        let traits = self.cached.look(&made, turn);
        let is_kept = key.zip(slot.header()).is_some_and(|(key, header)| {
            self.cached.keep(&key, header, (&made, traits.as_ref()), self.now)
        });
        self.take_measures(slot, Some(made.features), traits);
        let glance = Glance::lasting(photo, made.mean, Some(made.micro), is_kept);
        match slot.glance().as_ref().is_some_and(|old| old.is_away()) {
            true => slot.bring_glance(glance),
            false => slot.set_glance(glance),
        }
        Ok(())
    }

    /// Shows the tile that an earlier run has made, for a cell that needs `class`; gives whether
    /// there is one.
    fn show_cached(&self, photo: PhotoId, slot: &Slot, class: Class) -> bool {
        let Some(found) = self.cached.look_up(&slot.path, self.now) else { return false };
        let have = slot.tile();
        let have = have.as_deref().filter(|_| slot.stage() == Stage::Tile);
        let Some(tile) = self.cached.tile(&found, class, have) else { return false };
        slot.set_colours(found.facts.colours.as_deref());
        self.take_kept_measures(&found, slot);
        if !slot.glance().as_ref().is_some_and(|glance| glance.is_lasting) {
            slot.set_glance(self.cached.glance(photo, &found));
        }
        if slot.header().is_none() {
            slot.set_header(header_from(found.facts));
        }
        self.ledger.put_tile(photo, slot, Arc::new(tile), Stage::Tile);
        true
    }

    /// Takes over what an earlier run has measured.
    fn take_kept_measures(&self, found: &Found, slot: &Slot) {
        let traits = slot.traits().is_none().then(|| self.cached.traits(found)).flatten();
        let features = slot.features().is_none().then(|| self.cached.features(found)).flatten();
        self.take_measures(slot, features, traits);
    }

    fn take_measures(
        &self,
        slot: &Slot,
        features: Option<PictureFeatures>,
        traits: Option<Packed>,
    ) {
        let has_new_traits = traits.is_some_and(|traits| slot.set_traits(traits));
        if features.is_some_and(|features| slot.set_features(features)) || has_new_traits {
            self.board.count_measured();
        }
    }
}

fn header_from(facts: Facts) -> Header {
    Header { meta: facts.meta, fingerprint: facts.fingerprint }
}

/// Whether the picture is heavier than it was thought to be: the job leaves it to the plan, which
/// gives it out again when no other such picture is being decoded.
fn is_too_heavy(slot: &Slot, weight: Weight) -> bool {
    weight == Weight::Light && Weight::of(slot) == Weight::Heavy
}
