//! Which job comes next: what is on screen, then what is near, then the rest.
//!
//! The window says what it wishes to show; the scan says which headers are still to be read. This
//! file decides the order and never runs anything; `queue` does.
//!
//! ```text
//! 1 the loupe's photo          5 its neighbours
//! 2 thumbnails on screen       6 headers, by every worker
//! 3 headers, by half the pool  7 tiles near the screen
//! 4 tiles on screen            8 every other tile, while memory lasts
//! ```
//!
//! Invariants:
//! 1. a photo is in the hands of at most one picture job (`a_photo_is_given_out_once`);
//! 2. under one wish a photo is decoded once for its tile and once for its view: what memory has no
//!    room for is not decoded again and again (`what_was_evicted_waits_for_the_next_wish`);
//! 3. a new wish makes an older one void: what scrolled away is not begun
//!    (`a_new_wish_voids_the_old_one`).

use std::collections::HashSet;
use std::collections::VecDeque;

use super::board::Board;
use super::board::Slot;
use super::board::Stage;
use crate::core::atlas::Class;
use crate::core::photo::PhotoId;

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
    /// Show the embedded thumbnail.
    Thumbnail(PhotoId),
    /// Decode the main picture to a tile.
    Tile(PhotoId),
    /// Decode the main picture for the loupe.
    View(ViewWish),
}

/// What is still to be done, and what is being done.
#[derive(Debug)]
pub struct Plan {
    wish: Wish,
    next_thumbnail: usize,
    next_tile: usize,
    headers: VecDeque<Vec<PhotoId>>,
    header_jobs: usize,
    header_jobs_beside_tiles: usize,
    next_rest: usize,
    busy: HashSet<PhotoId>,
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
            header_jobs: 0,
            header_jobs_beside_tiles: (workers / 2).max(1),
            next_rest: 0,
            busy: HashSet::new(),
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

    /// The best job now; `has_room` says whether memory is left for tiles that nobody asked for.
    pub fn take(&mut self, board: &Board, has_room: bool) -> Option<Job> {
        let job = self
            .first_view(board)
            .or_else(|| self.thumbnail(board))
            .or_else(|| self.some_headers(self.header_jobs_beside_tiles))
            .or_else(|| self.tile(board, self.wish.visible_count))
            .or_else(|| self.view(board, 1..self.wish.views.len()))
            .or_else(|| self.some_headers(usize::MAX))
            .or_else(|| self.tile(board, self.wish.tiles.len()))
            .or_else(|| if has_room { self.rest(board) } else { None })?;
        match &job {
            Job::Headers(_) => self.header_jobs += 1,
            Job::Thumbnail(photo) | Job::Tile(photo) | Job::View(ViewWish { photo, .. }) => {
                self.busy.insert(*photo);
            }
        }
        Some(job)
    }

    /// Says that a job has ended, whatever came of it.
    pub fn finish(&mut self, job: &Job) {
        match job {
            Job::Headers(_) => self.header_jobs -= 1,
            Job::Thumbnail(photo) | Job::Tile(photo) | Job::View(ViewWish { photo, .. }) => {
                self.busy.remove(photo);
                match job {
                    Job::Tile(_) => _ = self.made_tiles.insert(*photo),
                    // One that was begun under an older wish may be too small for this one.
                    Job::View(view) if self.wish.views.contains(view) => {
                        self.made_views.insert(*photo);
                    }
                    Job::View(_) => {}
                    Job::Headers(_) | Job::Thumbnail(_) => {}
                }
                // A thumbnail is followed by its tile, and a tile may have been asked for anew.
                self.next_tile = 0;
            }
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

    fn view(&mut self, board: &Board, range: std::ops::Range<usize>) -> Option<Job> {
        let views = self.wish.views.get(range)?;
        let wanted = views.iter().find(|v| {
            !self.busy.contains(&v.photo)
                && !self.made_views.contains(&v.photo)
                && board.slot(v.photo).is_some_and(|s| needs_view(s, v))
        })?;
        Some(Job::View(*wanted))
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
            let TileWish { photo, class } = self.wish.tiles[self.next_tile];
            self.next_tile += 1;
            if !self.busy.contains(&photo)
                && !self.made_tiles.contains(&photo)
                && board.slot(photo).is_some_and(|s| needs_tile(s, class))
            {
                return Some(Job::Tile(photo));
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

    fn rest(&mut self, board: &Board) -> Option<Job> {
        while let Ok(index) = u32::try_from(self.next_rest)
            && let Some(slot) = board.slot(PhotoId(index))
        {
            self.next_rest += 1;
            let photo = PhotoId(index);
            if !self.busy.contains(&photo) && needs_tile(slot, Class::Small) {
                return Some(Job::Tile(photo));
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
mod tests {
    use super::*;
    use std::path::Path;

    fn board(count: usize) -> Board {
        let board = Board::default();
        for i in 0..count {
            board.add(Path::new(&format!("{i}.jpg")).into());
        }
        board
    }

    fn wish(photos: &[u32], visible_count: usize) -> Wish {
        let tiles =
            photos.iter().map(|&p| TileWish { photo: PhotoId(p), class: Class::Small }).collect();
        Wish { tiles, visible_count, views: Vec::new() }
    }

    /// Takes every job and writes it as a word: `h3` reads three headers, `n` is a thumbnail, `t` a
    /// tile, `v` a view.
    #[track_caller]
    fn check(plan: &mut Plan, board: &Board, has_room: bool, expect: &str) {
        let mut words = Vec::new();
        while let Some(job) = plan.take(board, has_room) {
            words.push(match job {
                Job::Headers(photos) => format!("h{}", photos.len()),
                Job::Thumbnail(p) => format!("n{}", p.0),
                Job::Tile(p) => format!("t{}", p.0),
                Job::View(v) => format!("v{}", v.photo.0),
            });
        }
        assert_eq!(words.join(" "), expect);
    }

    #[test]
    fn what_is_on_screen_comes_before_what_is_near_and_the_rest() {
        let board = board(5);
        for photo in 0..5 {
            board.slot(PhotoId(photo)).unwrap().set_thumbnail_failed();
        }
        let mut plan = Plan::new(2);
        plan.adopt(wish(&[3, 2], 1));
        plan.add_headers(vec![PhotoId(0), PhotoId(1)]);
        plan.add_headers(vec![PhotoId(2)]);
        check(&mut plan, &board, true, "h2 t3 h1 t2 t0 t1 t4");
    }

    #[test]
    fn thumbnails_on_screen_come_first() {
        let mut plan = Plan::new(2);
        plan.adopt(wish(&[1, 0, 2], 2));
        plan.add_headers(vec![PhotoId(2)]);
        check(&mut plan, &board(3), false, "n1 n0 h1 t2");
    }

    #[test]
    fn a_photo_is_given_out_once() {
        let board = board(1);
        let mut plan = Plan::new(2);
        plan.adopt(wish(&[0], 1));
        check(&mut plan, &board, true, "n0");
        plan.adopt(wish(&[0], 1));
        check(&mut plan, &board, true, "");
        board.slot(PhotoId(0)).unwrap().set_thumbnail_failed();
        plan.finish(&Job::Thumbnail(PhotoId(0)));
        check(&mut plan, &board, true, "t0");
    }

    #[test]
    fn a_new_wish_voids_the_old_one() {
        let board = board(9);
        let mut plan = Plan::new(2);
        plan.adopt(wish(&[0, 1, 2], 3));
        plan.adopt(wish(&[7], 1));
        check(&mut plan, &board, false, "n7");
    }

    #[test]
    fn what_was_evicted_waits_for_the_next_wish() {
        let board = board(1);
        board.slot(PhotoId(0)).unwrap().set_thumbnail_failed();
        let mut plan = Plan::new(2);
        plan.adopt(wish(&[0], 1));
        check(&mut plan, &board, false, "t0");
        plan.finish(&Job::Tile(PhotoId(0)));
        check(&mut plan, &board, false, "");
        plan.adopt(wish(&[0], 1));
        check(&mut plan, &board, false, "t0");
    }

    #[test]
    fn a_photo_that_failed_is_left_alone() {
        let board = board(1);
        board.fail(PhotoId(0), "cut off");
        let mut plan = Plan::new(2);
        plan.adopt(wish(&[0], 1));
        check(&mut plan, &board, true, "");
    }

    #[test]
    fn the_loupe_comes_first_and_its_neighbours_after_the_screen() {
        let board = board(4);
        let mut plan = Plan::new(2);
        let mut both = wish(&[0], 1);
        both.views = [2, 3]
            .map(|p| ViewWish { photo: PhotoId(p), box_px: [100, 100], wants_full: false })
            .into();
        plan.adopt(both);
        check(&mut plan, &board, false, "v2 n0 v3");
    }
}
