//! What the device knows of every photo, kept up with the board, the decisions and the selection.
//!
//! The device draws any number of cells from records that it keeps; this file has the same records
//! and sends those that have changed. Who has changed is told, not looked for: the board names photos
//! of which more is known, the review those with another label, and the selection is compared by
//! the word. So a frame costs what has changed in it, whatever the number of photos
//! (`benches/frame.rs`), and allocates nothing once warm (`tests/hot_path.rs`).
//!
//! A photo has a micro picture in its record only when its texels travel in the same frame or have
//! before: never another one's.

use crate::app::theme;
use crate::app::theme::palette::Palette;
use crate::core::frame::Frame;
use crate::core::label::Label;
use crate::core::label::Verdict;
use crate::core::mosaic::Colours;
use crate::core::mosaic::Mark;
use crate::core::mosaic::Record;
use crate::core::photo::PhotoId;
use crate::core::photo::Turn;
use crate::core::review::Changed;
use crate::core::review::Review;
use crate::jobs::board::Board;
use crate::jobs::board::Slot;

use super::grid::upright_px;

/// Photos that are looked at anew in one frame: half a millisecond.
const PHOTOS_A_FRAME: usize = 4096;

/// Micro pictures that travel in one frame that shows them: as many calls of the device's copying.
const MICROS_SHOWN: usize = 1024;

/// Those in a frame of larger cells, for the time when somebody zooms out.
const MICROS_UNSEEN: usize = 256;

/// The same while tiles travel, which somebody waits for.
const MICROS_BEHIND_TILES: usize = 16;

/// The records as the device has them.
#[derive(Debug, Default)]
pub struct Overview {
    records: Vec<Record>,
    /// By photo: whether its micro picture on the device is none, provisional or lasting.
    micros: Vec<Micro>,
    /// How far the changes of labels have been followed.
    labels_at: u64,
    /// The selection as the device has it.
    selection: Vec<u64>,
    selection_at: u64,
    /// Whether the device may still have records of other photos.
    is_new: bool,
    /// Micro pictures that may travel in this frame.
    most_micros: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Micro {
    None,
    Provisional,
    Lasting,
}

impl Overview {
    /// Nothing is on the device, or photos have other numbers.
    pub fn reset(&mut self) {
        self.records.clear();
        self.micros.clear();
        self.selection.clear();
        self.selection_at = 0;
        self.is_new = true;
    }

    /// The record of a photo, once it has been told to the device.
    #[must_use]
    pub fn record(&self, photo: PhotoId) -> Option<&Record> {
        self.records.get(photo.index())
    }

    /// Whether the photo's own picture, at its smallest, is on the device or will not be.
    #[must_use]
    pub fn is_lasting(&self, photo: PhotoId) -> bool {
        self.micros.get(photo.index()) == Some(&Micro::Lasting)
    }

    /// Says how many micro pictures may travel in the next frame: whether it `shows` them, and
    /// whether `tiles` travelled in the last one.
    pub const fn pace(&mut self, shows: bool, tiles: bool) {
        self.most_micros = match (shows, tiles) {
            (true, _) => MICROS_SHOWN,
            (false, false) => MICROS_UNSEEN,
            (false, true) => MICROS_BEHIND_TILES,
        };
    }

    /// Sends what has changed; gives whether something was left for the next frame.
    pub fn update(&mut self, review: &Review, board: &Board, frame: &mut Frame) -> bool {
        frame.mosaic.changes.is_new = std::mem::take(&mut self.is_new);
        self.follow_labels(review, frame);
        self.follow_selection(review, frame);
        let mut left = PHOTOS_A_FRAME;
        while left > 0 && self.has_room(frame) && self.records.len() < board.photo_count() {
            let photo = PhotoId(self.records.len() as u32);
            let Some(slot) = board.slot(photo) else { break };
            self.records.push(Record::default());
            self.micros.push(Micro::None);
            self.look_at(photo, slot, review, frame);
            left -= 1;
        }
        // Those that are not in the table yet are looked at when they enter it.
        while left > 0
            && self.has_room(frame)
            && let Some(photo) = board.take_news()
        {
            if photo.index() < self.records.len()
                && let Some(slot) = board.slot(photo)
            {
                self.look_at(photo, slot, review, frame);
            }
            left -= 1;
        }
        left == 0 || !self.has_room(frame) || self.records.len() < board.photo_count()
    }

    fn look_at(&mut self, photo: PhotoId, slot: &Slot, review: &Review, frame: &mut Frame) {
        let at = photo.index();
        let mut record = self.records[at];
        let glance = slot.glance();
        if let Some(glance) = glance.as_ref() {
            (record.mean, record.has_mean) = (glance.mean, true);
            let quality = if glance.is_lasting { Micro::Lasting } else { Micro::Provisional };
            // One that has left memory is read again for a new device, and told as news.
            if quality > self.micros[at] && !glance.is_away() {
                self.micros[at] = quality;
                record.micro_px = [0; 2];
                if let Some(micro) = &glance.micro {
                    record.micro_px = micro.size_px().map(|side| side as u8);
                    frame.mosaic.changes.micros.push((photo.0, std::sync::Arc::clone(micro)));
                }
            }
            // What the device has, another job may have brought once more.
            if quality == self.micros[at] {
                slot.let_micro_go(glance);
            }
        }
        let label = review.label(photo);
        let turn = Turn::quarters(label.quarter_turns);
        record.size_px = stored(turn.upright(upright_px(slot)));
        record.is_selected = review.is_selected(photo);
        self.put(photo, labelled(record, label), frame);
    }

    fn follow_labels(&mut self, review: &Review, frame: &mut Frame) {
        match review.changed_labels(self.labels_at) {
            Changed::These(photos) => {
                for &photo in photos {
                    self.relabel(photo, review, frame);
                }
            }
            Changed::Any => {
                for photo in (0..self.records.len() as u32).map(PhotoId) {
                    self.relabel(photo, review, frame);
                }
            }
        }
        self.labels_at = review.labels_changed();
    }

    fn relabel(&mut self, photo: PhotoId, review: &Review, frame: &mut Frame) {
        let Some(mut record) = self.records.get(photo.index()).copied() else { return };
        let label = review.label(photo);
        if (record.quarter_turns ^ label.quarter_turns) & 1 == 1 {
            record.size_px.swap(0, 1);
        }
        self.put(photo, labelled(record, label), frame);
    }

    fn follow_selection(&mut self, review: &Review, frame: &mut Frame) {
        if self.selection_at == review.selection_revision() {
            return;
        }
        self.selection_at = review.selection_revision();
        let words = review.selection_words();
        for at in 0..words.len().max(self.selection.len()) {
            let word = words.get(at).copied().unwrap_or(0);
            if at == self.selection.len() {
                self.selection.push(0);
            }
            let mut changed = word ^ std::mem::replace(&mut self.selection[at], word);
            while changed != 0 {
                let photo = PhotoId(at as u32 * 64 + changed.trailing_zeros());
                changed &= changed - 1;
                if let Some(mut record) = self.records.get(photo.index()).copied() {
                    record.is_selected = review.is_selected(photo);
                    self.put(photo, record, frame);
                }
            }
        }
    }

    fn has_room(&self, frame: &Frame) -> bool {
        frame.mosaic.changes.micros.len() < self.most_micros
    }

    fn put(&mut self, photo: PhotoId, record: Record, frame: &mut Frame) {
        let old = &mut self.records[photo.index()];
        if *old != record {
            *old = record;
            frame.mosaic.changes.push(photo.0, record);
        }
    }
}

/// A size as a record has it: of the same shape, where it is larger than that.
fn stored(size_px: [u32; 2]) -> [u16; 2] {
    let most = u32::from(u16::MAX);
    let times = size_px[0].max(size_px[1]).div_ceil(most).max(1);
    size_px.map(|side| u16::try_from((side / times).max(1)).unwrap_or(u16::MAX))
}

fn labelled(record: Record, label: &Label) -> Record {
    let mark = match label.verdict {
        Verdict::Undecided => Mark::None,
        Verdict::Keep => Mark::Keep,
        Verdict::Trash => Mark::Trash,
    };
    Record { mark, quarter_turns: label.quarter_turns & 3, ..record }
}

/// The colours of cells that the device draws.
#[must_use]
pub const fn colours(palette: &Palette) -> Colours {
    Colours {
        cell: palette.cell,
        selected: palette.cell_selected,
        place: palette.place,
        keep: theme::KEEP,
        trash: theme::TRASH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panorama_keeps_its_shape() {
        assert_eq!(stored([6000, 4000]), [6000, 4000]);
        assert_eq!(stored([200_000, 10_000]), [50_000, 2500]);
        assert_eq!(stored([200_000, 1]), [50_000, 1]);
        assert_eq!(stored([0, 0]), [1, 1]);
    }
}
