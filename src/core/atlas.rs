//! Which photo's tile sits where in the device's pages.
//!
//! Every page is a square of [`PAGE_EDGE_PX`] texels (a layer of one texture array) that is cut
//! into equal seats of one [`Class`] when it is first needed:
//!
//! ```text
//! page 0: Large          page 1: Medium          page 2: Small
//! +----+----+----+----+  +--+--+--+--+--+-- ...  16 x 16 seats of 128
//! |512 |    |    |    |  |256|  |  ...
//! +----+----+ 4 x 4      8 x 8
//! ```
//!
//! One texture array for all classes means one binding and one instanced draw.
//!
//! This file decides who sits where and never sees a texel; `gpu::pages` copies texels to the
//! seats named here.
//!
//! A newcomer takes a seat of its class that is free; else an uncut page; else whatever has not
//! been looked at for longer, the oldest photo of its class or the whole of a page of another class.
//!
//! Invariants:
//! 1. a photo has at most one seat of a class, a seat at most one photo (`seats_and_photos_agree`
//!    in `tests/atlas.rs`);
//! 2. a seat used in this frame is given to nobody else in this frame, not even when its photo is
//!    forgotten: `place` answers `None`, and the caller draws what it has
//!    (`a_full_frame_refuses_the_newcomer`, `a_seat_forgotten_in_this_frame_stays_empty_in_it`);
//! 3. nothing allocates after `new` and `grow`: seats are dense tables, and so are the homes of
//!    photos, 12 bytes a photo; `place` grows them only for a photo that `grow` has not announced.

use super::photo::PhotoId;

/// Side of a page in texels: 2048 is offered by every device that wgpu runs on.
pub const PAGE_EDGE_PX: u32 = 2048;

/// How large the pictures of a page are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 128 texels a side.
    Small,
    /// 256 texels a side.
    Medium,
    /// 512 texels a side.
    Large,
}

impl Class {
    /// All of them, from the smallest.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The longest side that a picture of this class has, in texels: `level` says how large it is.
    #[must_use]
    pub const fn edge_px(self) -> u32 {
        match self {
            Self::Small => 128,
            Self::Medium => 256,
            Self::Large => 512,
        }
    }
}

/// A place for one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seat {
    /// Layer of the texture array.
    pub page: u16,
    /// Number of the seat in its page, by rows from the top left.
    pub cell: u16,
    /// How large the page's seats are.
    pub class: Class,
}

impl Seat {
    /// The seat's top left texel in its page.
    #[must_use]
    pub const fn origin_px(self) -> [u32; 2] {
        let edge = self.class.edge_px();
        let columns = PAGE_EDGE_PX / edge;
        [self.cell as u32 % columns * edge, self.cell as u32 / columns * edge]
    }
}

/// What `place` found for a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The seat holds the photo, at least as good as asked.
    Ready(Seat),
    /// The seat is the photo's, and its texels must be sent there before it is drawn.
    Upload(Seat),
}

/// Seats in a page of the smallest class: how far apart pages are in the table of seats.
const PAGE_SEATS: usize = seat_count(Class::Small);

/// No photo, no seat.
const NONE: u32 = u32::MAX;

/// The seats of all pages and who sits there.
#[derive(Debug, Clone)]
pub struct Atlas {
    /// Rises with every frame; a seat never used has frame 0.
    frame: u64,
    pages: Vec<Page>,
    /// Page after page, [`PAGE_SEATS`] each, used or not.
    chairs: Vec<Chair>,
    /// By class: its chairs from the newest use to the oldest.
    queues: [Queue; 3],
    /// By photo and class: the photo's chair.
    homes: Vec<[u32; 3]>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Page {
    class: Option<Class>,
    /// The frame in which any of its seats was last used.
    used: u64,
}

#[derive(Debug, Clone, Copy)]
struct Chair {
    photo: u32,
    quality: u8,
    used: u64,
    newer: u32,
    older: u32,
}

#[derive(Debug, Clone, Copy)]
struct Queue {
    newest: u32,
    oldest: u32,
}

impl Chair {
    const EMPTY: Self = Self { photo: NONE, quality: 0, used: 0, newer: NONE, older: NONE };
}

impl Queue {
    const EMPTY: Self = Self { newest: NONE, oldest: NONE };
}

const fn seat_count(class: Class) -> usize {
    let columns = PAGE_EDGE_PX / class.edge_px();
    (columns * columns) as usize
}

impl Atlas {
    /// An atlas of so many pages, none of them cut.
    #[must_use]
    pub fn new(page_count: u16) -> Self {
        let page_count = usize::from(page_count);
        Self {
            frame: 1,
            pages: vec![Page::default(); page_count],
            chairs: vec![Chair::EMPTY; page_count * PAGE_SEATS],
            queues: [Queue::EMPTY; 3],
            homes: Vec::new(),
        }
    }

    /// Makes room for the homes of so many photos, so that placing them allocates nothing.
    pub fn grow(&mut self, photo_count: usize) {
        if photo_count > self.homes.len() {
            self.homes.resize(photo_count, [NONE; 3]);
        }
    }

    /// Finds a seat for a photo that is drawn in this frame. `quality` is the caller's own scale:
    /// a better picture than the one recorded asks for an upload, a worse one does not. `None`
    /// where every seat is in use in this frame.
    pub fn place(&mut self, photo: PhotoId, class: Class, quality: u8) -> Option<Place> {
        self.grow(photo.index() + 1);
        let home = self.homes[photo.index()][class as usize];
        if home != NONE {
            self.use_chair(home, class);
            let chair = &mut self.chairs[home as usize];
            let is_better = quality > chair.quality;
            chair.quality = chair.quality.max(quality);
            let seat = seat(home, class);
            return Some(if is_better { Place::Upload(seat) } else { Place::Ready(seat) });
        }
        let at = self.vacate(class)?;
        self.homes[photo.index()][class as usize] = at;
        self.chairs[at as usize].photo = photo.0;
        self.chairs[at as usize].quality = quality;
        self.use_chair(at, class);
        Some(Place::Upload(seat(at, class)))
    }

    /// The photo's seat of a class and the quality of what it holds, without using it.
    #[must_use]
    pub fn seat_of(&self, photo: PhotoId, class: Class) -> Option<(Seat, u8)> {
        let home = self.homes.get(photo.index())?[class as usize];
        (home != NONE).then(|| (seat(home, class), self.chairs[home as usize].quality))
    }

    /// Says that the photo's seat of a class, if it has one, is drawn in this frame.
    pub fn touch(&mut self, photo: PhotoId, class: Class) {
        let home = self.homes.get(photo.index()).map_or(NONE, |h| h[class as usize]);
        if home != NONE {
            self.use_chair(home, class);
        }
    }

    /// Gives back all seats of a photo, when its picture is no longer right.
    pub fn forget(&mut self, photo: PhotoId) {
        let Some(homes) = self.homes.get(photo.index()).copied() else { return };
        for (class, home) in Class::ALL.into_iter().zip(homes) {
            if home == NONE {
                continue;
            }
            self.empty(home, class);
            // A seat that this frame draws waits in its place until others are older.
            if self.chairs[home as usize].used < self.frame {
                self.unlink(home, class);
                self.append_oldest(home, class);
            }
        }
    }

    /// From here on the seats used so far may be taken.
    pub const fn end_frame(&mut self) {
        self.frame += 1;
    }

    /// Forgets everything: the device and its pages are new.
    pub fn reset(&mut self) {
        self.frame = 1;
        self.pages.fill(Page::default());
        self.chairs.fill(Chair::EMPTY);
        self.queues = [Queue::EMPTY; 3];
        self.homes.fill([NONE; 3]);
    }

    /// A chair of `class` that nobody sits in.
    fn vacate(&mut self, class: Class) -> Option<u32> {
        let oldest = self.queues[class as usize].oldest;
        let own = self.chairs.get(oldest as usize).copied();
        if own.is_some_and(|c| c.photo == NONE && c.used < self.frame) {
            return Some(oldest);
        }
        // Uncut pages were used in frame 0, before any other.
        let others = (0..self.pages.len()).filter(|&p| self.pages[p].class != Some(class));
        let page = others.min_by_key(|&p| self.pages[p].used);
        let own_used = own.map_or(self.frame, |c| c.used);
        if let Some(page) = page.filter(|&p| self.pages[p].used < own_used) {
            self.cut(page, class);
            return Some(self.queues[class as usize].oldest);
        }
        if own_used < self.frame {
            self.empty(oldest, class);
            return Some(oldest);
        }
        None
    }

    /// Turns a page into seats of `class`, the first of them next to be taken.
    fn cut(&mut self, page: usize, class: Class) {
        let first = (page * PAGE_SEATS) as u32;
        if let Some(old) = self.pages[page].class {
            for at in first..first + seat_count(old) as u32 {
                self.empty(at, old);
                self.unlink(at, old);
            }
        }
        self.pages[page] = Page { class: Some(class), used: 0 };
        for at in (first..first + seat_count(class) as u32).rev() {
            self.chairs[at as usize] = Chair::EMPTY;
            self.append_oldest(at, class);
        }
    }

    /// Sends away whoever sits in a chair.
    fn empty(&mut self, at: u32, class: Class) {
        let chair = &mut self.chairs[at as usize];
        let photo = std::mem::replace(&mut chair.photo, NONE);
        if photo != NONE {
            self.homes[photo as usize][class as usize] = NONE;
        }
    }

    fn use_chair(&mut self, at: u32, class: Class) {
        self.chairs[at as usize].used = self.frame;
        self.pages[at as usize / PAGE_SEATS].used = self.frame;
        self.unlink(at, class);
        let newest = std::mem::replace(&mut self.queues[class as usize].newest, at);
        self.chairs[at as usize].older = newest;
        match self.chairs.get_mut(newest as usize) {
            Some(chair) => chair.newer = at,
            None => self.queues[class as usize].oldest = at,
        }
    }

    fn append_oldest(&mut self, at: u32, class: Class) {
        let oldest = std::mem::replace(&mut self.queues[class as usize].oldest, at);
        self.chairs[at as usize].newer = oldest;
        match self.chairs.get_mut(oldest as usize) {
            Some(chair) => chair.older = at,
            None => self.queues[class as usize].newest = at,
        }
    }

    fn unlink(&mut self, at: u32, class: Class) {
        let Chair { newer, older, .. } = self.chairs[at as usize];
        match self.chairs.get_mut(newer as usize) {
            Some(chair) => chair.older = older,
            None => self.queues[class as usize].newest = older,
        }
        match self.chairs.get_mut(older as usize) {
            Some(chair) => chair.newer = newer,
            None => self.queues[class as usize].oldest = newer,
        }
        self.chairs[at as usize].newer = NONE;
        self.chairs[at as usize].older = NONE;
    }
}

const fn seat(at: u32, class: Class) -> Seat {
    let at = at as usize;
    Seat { page: (at / PAGE_SEATS) as u16, cell: (at % PAGE_SEATS) as u16, class }
}

#[cfg(test)]
mod tests;
