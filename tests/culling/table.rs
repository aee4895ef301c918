//! What the screen shows: where the photos lie and what is marked on them.

use std::path::Path;

use super::desktop::Desktop;
use super::desktop::Program;
use super::desktop::Shot;
use super::photos;

/// The border of a kept photo (`app::theme::KEEP`).
pub const KEEP: [u8; 3] = [92, 190, 112];
/// The border of a trashed photo (`app::theme::TRASH`).
pub const TRASH: [u8; 3] = [222, 86, 78];
/// The outline of the current photo (`app::theme::CURRENT`).
pub const CURRENT: [u8; 3] = [235; 3];

/// A running program on a desktop, and where its photos lay when it had opened.
pub struct Table<'a> {
    pub desktop: &'a Desktop,
    pub program: Program,
    /// Left, top, width and height of the photos on the screen, the first one first.
    pub places: Vec<[u32; 4]>,
}

impl<'a> Table<'a> {
    /// Opens a folder without decisions and waits until photos 1 to `visible` show their colours.
    #[track_caller]
    pub fn open(desktop: &'a Desktop, folder: &Path, visible: usize) -> Self {
        let program = desktop.open(folder);
        let colours: Vec<_> = (1..=visible).map(photos::colour).collect();
        let mut before = None;
        let places = desktop.see("the photos", |shot| {
            let places: Option<Vec<_>> = shot.find_all(&colours).into_iter().collect();
            // Twice the same: the window has got its size and the photos their order.
            let is_at_rest = places.is_some() && places == before;
            before = places;
            if is_at_rest { before.clone() } else { None }
        });
        Self { desktop, program, places }
    }

    /// Opens a folder whose photos lie at known places, and waits for a mark on one of them.
    #[track_caller]
    pub fn reopen(
        desktop: &'a Desktop,
        folder: &Path,
        places: Vec<[u32; 4]>,
        (number, mark): (usize, [u8; 3]),
    ) -> Self {
        let table = Self { desktop, program: desktop.open(folder), places };
        table.see_mark(number, mark);
        table
    }

    /// Whether a photo has a border of this colour on all its sides.
    pub fn has_mark(&self, shot: &Shot, number: usize, colour: [u8; 3]) -> bool {
        let [left, top, width, height] = self.places[number - 1];
        let [x, y] = [left + width / 2, top + height / 2];
        let sides = [[left - 1, y], [left + width, y], [x, top - 1], [x, top + height]];
        sides.iter().all(|&at| shot.is(at, colour))
    }

    /// Waits until a photo has a border of this colour.
    #[track_caller]
    pub fn see_mark(&self, number: usize, colour: [u8; 3]) {
        let what = format!("the border {colour:?} of photo {number}");
        self.desktop.see(&what, |shot| self.has_mark(shot, number, colour).then_some(()));
    }

    /// Waits until a photo has no border.
    #[track_caller]
    pub fn see_no_mark(&self, number: usize) {
        self.desktop.see(&format!("photo {number} without a border"), |shot| {
            let has_any = [KEEP, TRASH].iter().any(|&c| self.has_mark(shot, number, c));
            (!has_any).then_some(())
        });
    }

    /// The middle of a photo, as xdotool's words.
    pub fn middle(&self, number: usize) -> [String; 2] {
        let [left, top, width, height] = self.places[number - 1];
        [(left + width / 2).to_string(), (top + height / 2).to_string()]
    }

    /// Waits until the log has so many steps, and gives it.
    #[track_caller]
    pub fn wait_for_steps(&self, count: usize) -> Vec<photos::Logged> {
        let dir = self.desktop.store();
        super::desktop::wait_for(&format!("{count} steps in the store"), || {
            let log = photos::log(&dir);
            (log.len() >= count).then_some(log)
        })
    }

    /// Leaves by the keyboard; everything must be well.
    #[track_caller]
    pub fn leave(self) -> Vec<[u32; 4]> {
        self.desktop.keys(&["ctrl+q"]);
        let (code, complaints) = self.program.wait();
        assert_eq!((code, complaints.as_str()), (Some(0), ""));
        self.places
    }
}
