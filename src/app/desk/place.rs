//! Where the person was when they left a shoot, and coming back there.
//!
//! The photo is looked for by the scan; what is here only takes its answer, and only as long as the
//! person has done nothing yet: whoever has begun is not sent elsewhere.

use super::Desk;
use crate::core::filter::Filter;
use crate::core::photo::Timestamp;
use crate::disk::places::Place;
use crate::jobs::shoot::Shoot;

impl Desk {
    /// Where the person is, at so many device pixels for a logical one; `None` without photos.
    #[must_use]
    pub fn place(&self, scale: f32) -> Option<Place> {
        let board = self.board();
        if board.photo_count() == 0 {
            return None;
        }
        let current = self.review.current().and_then(|photo| board.slot(photo));
        let current = current.map(|slot| slot.path.to_path_buf());
        // Left before it was found, it is where the person is still.
        let goal = self.goal.clone().filter(|_| !self.review.is_touched());
        Some(Place {
            roots: self.roots().to_vec(),
            photo: goal.or(current),
            filter: self.filter_text().to_owned(),
            sort: self.sort(),
            cell: self.review.grid().cell_px / scale,
        })
    }

    /// Comes back to where the person was: filter, sort and cells at once, the photo when it is found.
    pub fn take_up(&mut self, place: &Place, scale: f32, now: Timestamp) {
        self.goal.clone_from(&place.photo);
        if place.cell >= 1.0 {
            self.review.set_cell_px(place.cell * scale);
        }
        self.set_sort(place.sort);
        let reading = Filter::read(&place.filter);
        if !reading.filter.is_everything() && reading.diagnostics.is_empty() {
            self.filter_by(&place.filter);
            self.tell(format!("the filter of last time is on: {}", place.filter), now);
        }
    }

    /// Shows the photo that was current in an earlier run, once it is found and in the order.
    pub(super) fn take_place(&mut self) {
        if self.goal.is_none() || !self.pending.is_empty() {
            return;
        }
        if self.review.is_touched() {
            self.goal = None;
            return;
        }
        let Some(photo) = self.shoot.as_ref().and_then(Shoot::place) else { return };
        if self.review.order().index_of(photo).is_some() {
            self.goal = None;
            self.change_view(|desk| desk.review.show(photo));
        }
    }
}
