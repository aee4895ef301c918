//! Which job comes next: what is on screen, then what is near, then the rest.
//!
//! The window says what it wishes to show; the scan says which headers are still to be read. This
//! file decides the order and never runs anything; `queue` does.
//!
//! ```text
//! 1 the loupe's photo          5 its neighbours
//! 2 thumbnails on screen       6 glances for a new device, headers, by every worker
//! 3 headers, by half the pool  7 tiles near the screen
//! 4 tiles on screen            8 every other tile, while memory lasts
//! ```
//!
//! Pictures that are known to be large are given out one at a time, as sixteen workers with 100
//! megapixels each would take 6 GB. Nobody waits for that one: the others stay in the plan while
//! workers take other jobs. A picture of unknown size counts as small; a job that finds a large one
//! leaves it, and it is given out again as such.
//!
//! Invariants:
//! 1. a photo is in the hands of at most one picture job (`a_photo_is_given_out_once`);
//! 2. under one wish a photo is decoded once for its tile and once for its view: what memory has no
//!    room for is not decoded again and again (`what_was_evicted_waits_for_the_next_wish`);
//! 3. a new wish makes an older one void: what scrolled away is not begun
//!    (`a_new_wish_voids_the_old_one`);
//! 4. at most one large picture is in the hands of a job, and none is forgotten
//!    (`large_pictures_are_given_out_one_at_a_time`, `a_picture_that_turns_out_large_comes_again`).

pub mod weight;

use std::collections::HashSet;
use std::collections::VecDeque;
use std::ops::Range;

use super::board::Board;
use super::board::Slot;
use super::board::Stage;
use crate::core::atlas::Class;
use crate::core::photo::PhotoId;
use weight::Weight;

/// Glances that one job reads: some milliseconds.
const GLANCES_A_JOB: u32 = 512;

/// A tile that the window wants to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileWish {
    /// The photo.
    pub photo: PhotoId,
    /// The size that its cell needs.
    pub class: Class,
}

/// A large picture that the window wants to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewWish {
    /// The photo.
    pub photo: PhotoId,
    /// The box that it fits in on the screen, in pixels, for the photo upright by EXIF. What was
    /// made for a larger box serves a smaller one.
    pub box_px: [u32; 2],
    /// Whether every pixel is wanted too.
    pub wants_full: bool,
}

/// What the window wants to show, most urgent first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Tiles: those on screen, then those near it.
    pub tiles: Vec<TileWish>,
    /// How many of `tiles` are on screen.
    pub visible_count: usize,
    /// Large pictures: the current one, then its neighbours.
    pub views: Vec<ViewWish>,
}

impl Wish {
    /// An empty wish with room for a screen of 5K in the smallest cells and as much again beside
    /// it; a larger screen's grow once.
    #[must_use]
    pub fn roomy() -> Self {
        Self { tiles: Vec::with_capacity(8192), views: Vec::with_capacity(64), visible_count: 0 }
    }

    /// Becomes the same as `other` and keeps its own memory.
    pub fn copy_from(&mut self, other: &Self) {
        self.clear();
        self.tiles.extend_from_slice(&other.tiles);
        self.views.extend_from_slice(&other.views);
        self.visible_count = other.visible_count;
    }

    /// Wishes for a large picture too; one that another window wishes for serves both.
    pub fn add_view(&mut self, view: ViewWish) {
        match self.views.iter_mut().find(|other| other.photo == view.photo) {
            Some(other) => {
                let [width, height] = view.box_px;
                other.box_px = [other.box_px[0].max(width), other.box_px[1].max(height)];
                other.wants_full |= view.wants_full;
            }
            None => self.views.push(view),
        }
    }

    /// Empties the wish and keeps its memory.
    pub fn clear(&mut self) {
        self.tiles.clear();
        self.views.clear();
        self.visible_count = 0;
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Read these photos' headers.
    Headers(Vec<PhotoId>),
    /// Read the glances of these photos from the cache again.
    Glances(Range<u32>),
    /// Show the embedded thumbnail.
    Thumbnail(PhotoId),
    /// Decode the main picture to a tile.
    Tile {
        /// The photo.
        photo: PhotoId,
        /// The size of the cell on the screen that waits for it; none where nobody looks.
        watched: Option<Class>,
        /// A picture that is found to be heavier is left for another time.
        weight: Weight,
    },
    /// Decode the main picture for the loupe.
    View {
        /// What is wished for.
        wish: ViewWish,
        /// As for a tile.
        weight: Weight,
    },
}

impl Job {
    /// The photo whose picture it is about, and how heavy it was thought to be.
    const fn picture(&self) -> Option<(PhotoId, Weight)> {
        match *self {
            Self::Headers(_) | Self::Glances(_) => None,
            Self::Thumbnail(photo) => Some((photo, Weight::Light)),
            Self::Tile { photo, weight, .. } => Some((photo, weight)),
            Self::View { wish, weight } => Some((wish.photo, weight)),
        }
    }
}

/// What is still to be done, and what is being done.
#[derive(Debug)]
pub struct Plan {
    wish: Wish,
    next_thumbnail: usize,
    next_tile: usize,
    headers: VecDeque<Vec<PhotoId>>,
    /// Photos whose glances are to be read again.
    glances: Range<u32>,
    /// Jobs about many photos each.
    header_jobs: usize,
    header_jobs_beside_tiles: usize,
    next_rest: usize,
    busy: HashSet<PhotoId>,
    /// The heavy picture that is in the hands of a job.
    heavy: Option<PhotoId>,
    /// Photos among the rest that were passed over, as another heavy one was being decoded.
    passed: VecDeque<PhotoId>,
    /// Photos whose tile, or view, has been made under the present wish.
    made_tiles: HashSet<PhotoId>,
    made_views: HashSet<PhotoId>,
}

impl Plan {
    /// An empty plan for a pool of `workers`.
    #[must_use]
    pub fn new(workers: usize) -> Self {
        Self {
            wish: Wish::roomy(),
            next_thumbnail: 0,
            next_tile: 0,
            headers: VecDeque::new(),
            glances: 0..0,
            header_jobs: 0,
            header_jobs_beside_tiles: (workers / 2).max(1),
            next_rest: 0,
            busy: HashSet::new(),
            heavy: None,
            passed: VecDeque::new(),
            made_tiles: HashSet::new(),
            made_views: HashSet::new(),
        }
    }

    /// Puts `wish` in the place of the one before, which is handed back.
    pub fn adopt(&mut self, wish: Wish) -> Wish {
        self.next_thumbnail = 0;
        self.next_tile = 0;
        self.made_tiles.clear();
        self.made_views.clear();
        std::mem::replace(&mut self.wish, wish)
    }

    /// Adds headers to read.
    pub fn add_headers(&mut self, photos: Vec<PhotoId>) {
        self.headers.push_back(photos);
    }

    /// Has every glance that is known so far read from the cache again.
    pub fn read_glances_again(&mut self, board: &Board) {
        self.glances = 0..board.photo_count() as u32;
    }

    /// The best job now; `has_room` says whether memory is left for tiles that nobody asked for.
    pub fn take(&mut self, board: &Board, has_room: bool) -> Option<Job> {
        let job = self
            .first_view(board)
            .or_else(|| self.thumbnail(board))
            .or_else(|| self.some_headers(self.header_jobs_beside_tiles))
            .or_else(|| self.tile(board, self.wish.visible_count))
            .or_else(|| self.view(board, 1..self.wish.views.len()))
            .or_else(|| self.some_glances())
            .or_else(|| self.some_headers(usize::MAX))
            .or_else(|| self.tile(board, self.wish.tiles.len()))
            .or_else(|| if has_room { self.rest(board) } else { None })?;
        match job.picture() {
            None => self.header_jobs += 1,
            Some((photo, weight)) => {
                self.busy.insert(photo);
                if weight == Weight::Heavy {
                    self.heavy = Some(photo);
                }
            }
        }
        Some(job)
    }

    /// Says that a job has ended, whatever came of it.
    pub fn finish(&mut self, board: &Board, job: &Job) {
        let Some((photo, weight)) = job.picture() else {
            self.header_jobs -= 1;
            return;
        };
        self.busy.remove(&photo);
        if self.heavy == Some(photo) {
            self.heavy = None;
        }
        // A thumbnail is followed by its tile, a tile may have been asked for anew, and one that
        // was passed over may have its turn.
        self.next_tile = 0;
        let is_left = weight == Weight::Light
            && board.slot(photo).is_some_and(|slot| Weight::of(slot) == Weight::Heavy);
        match job {
            Job::Tile { .. } if is_left => self.passed.push_back(photo),
            Job::Tile { .. } => _ = self.made_tiles.insert(photo),
            // One that was begun under an older wish may be too small for this one.
            Job::View { wish, .. } if !is_left && self.wish.views.contains(wish) => {
                self.made_views.insert(photo);
            }
            Job::View { .. } | Job::Headers(_) | Job::Glances(_) | Job::Thumbnail(_) => {}
        }
    }

    /// The large pictures that are wished for now, most urgent first.
    #[must_use]
    pub fn views(&self) -> &[ViewWish] {
        &self.wish.views
    }

    fn first_view(&mut self, board: &Board) -> Option<Job> {
        self.view(board, 0..self.wish.views.len().min(1))
    }

    fn view(&mut self, board: &Board, range: Range<usize>) -> Option<Job> {
        let views = self.wish.views.get(range)?;
        views.iter().find_map(|&wish| {
            let slot = board.slot(wish.photo)?;
            let is_due = !self.busy.contains(&wish.photo)
                && !self.made_views.contains(&wish.photo)
                && needs_view(slot, &wish);
            let weight = Weight::of(slot);
            (is_due && self.has_hands_for(weight)).then_some(Job::View { wish, weight })
        })
    }

    /// Whether a picture of this weight may be given out now.
    fn has_hands_for(&self, weight: Weight) -> bool {
        weight == Weight::Light || self.heavy.is_none()
    }

    fn thumbnail(&mut self, board: &Board) -> Option<Job> {
        while self.next_thumbnail < self.wish.visible_count {
            let photo = self.wish.tiles[self.next_thumbnail].photo;
            self.next_thumbnail += 1;
            if !self.busy.contains(&photo) && board.slot(photo).is_some_and(may_have_thumbnail) {
                return Some(Job::Thumbnail(photo));
            }
        }
        None
    }

    fn tile(&mut self, board: &Board, end: usize) -> Option<Job> {
        while self.next_tile < end {
            let is_visible = self.next_tile < self.wish.visible_count;
            let TileWish { photo, class } = self.wish.tiles[self.next_tile];
            self.next_tile += 1;
            let Some(slot) = board.slot(photo) else { continue };
            let weight = Weight::of(slot);
            if !self.busy.contains(&photo)
                && !self.made_tiles.contains(&photo)
                && needs_tile(slot, class)
                && self.has_hands_for(weight)
            {
                let watched = is_visible.then_some(class);
                return Some(Job::Tile { photo, watched, weight });
            }
        }
        None
    }

    fn some_headers(&mut self, most_jobs: usize) -> Option<Job> {
        if self.header_jobs >= most_jobs {
            return None;
        }
        self.headers.pop_front().map(Job::Headers)
    }

    fn some_glances(&mut self) -> Option<Job> {
        let some = self.glances.start..self.glances.end.min(self.glances.start + GLANCES_A_JOB);
        self.glances.start = some.end;
        (!some.is_empty()).then_some(Job::Glances(some))
    }

    fn rest(&mut self, board: &Board) -> Option<Job> {
        let is_due = |plan: &Self, photo, slot| {
            !plan.busy.contains(&photo) && needs_tile(slot, Class::Small)
        };
        if self.heavy.is_none() {
            while let Some(photo) = self.passed.pop_front() {
                let Some(slot) = board.slot(photo) else { continue };
                if is_due(self, photo, slot) {
                    return Some(Job::Tile { photo, watched: None, weight: Weight::of(slot) });
                }
            }
        }
        while let Ok(index) = u32::try_from(self.next_rest)
            && let Some(slot) = board.slot(PhotoId(index))
        {
            self.next_rest += 1;
            let photo = PhotoId(index);
            let weight = Weight::of(slot);
            if is_due(self, photo, slot) {
                if self.has_hands_for(weight) {
                    return Some(Job::Tile { photo, watched: None, weight });
                }
                self.passed.push_back(photo);
            }
        }
        None
    }
}

/// Whether an embedded thumbnail may still be found and would help.
fn may_have_thumbnail(slot: &Slot) -> bool {
    slot.stage() == Stage::Nothing
        && !slot.thumbnail_failed()
        && slot.header().is_none_or(|h| h.meta.thumbnail.is_some())
}

/// Whether decoding would give a tile of `class` that is not there.
#[must_use]
pub fn needs_tile(slot: &Slot, class: Class) -> bool {
    match slot.stage() {
        Stage::Nothing | Stage::Provisional => true,
        Stage::Tile => slot.tile().as_ref().is_none_or(|t| !t.serves(class)),
        Stage::Failed => false,
    }
}

/// Whether decoding would give a large picture that is not there.
#[must_use]
pub fn needs_view(slot: &Slot, wish: &ViewWish) -> bool {
    slot.stage() != Stage::Failed
        && slot.views().as_ref().is_none_or(|v| {
            let serves = v.box_px.iter().zip(wish.box_px).all(|(&made, wished)| made >= wished);
            !serves || (wish.wants_full && v.full.is_none())
        })
}

#[cfg(test)]
mod tests;
