//! Which commands make a photo fly from one stop to the next, and from where.

use super::Desk;
use crate::app::compose::grid;
use crate::app::flight::Flight;
use crate::core::command::Command;
use crate::core::frame::RectPx;
use crate::core::photo::PhotoId;
use crate::core::review::Stage;

impl Desk {
    /// The photo that is on its way from one stop to the next.
    #[must_use]
    pub fn aloft(&self) -> Option<PhotoId> {
        self.flight.and_then(|flight| flight.at(self.now)).map(|aloft| aloft.photo)
    }

    /// Where the current photo is drawn now, if `command` may jump to another stop.
    pub(super) fn whereabouts(&self, command: &Command) -> Option<Flight> {
        let is_jump = matches!(
            command,
            Command::Open | Command::Back | Command::ToggleActual { .. } | Command::Click { .. }
        );
        let photo = self.review.current().filter(|_| is_jump)?;
        let lies_px = self.lies_px(photo)?;
        let aloft = self.flight.and_then(|flight| flight.at(self.now));
        let from_px = aloft.filter(|a| a.photo == photo).map_or(lies_px, |a| a.rect_px(lies_px));
        Some(Flight { photo, from_px, begun: self.now })
    }

    /// The flight of a photo that lies elsewhere since; whatever else was aloft has landed.
    pub(super) fn takes_off(&self, from: Option<Flight>) -> Option<Flight> {
        let flight = from?;
        let to_px = self.lies_px(flight.photo)?;
        let is_same = self.review.current() == Some(flight.photo);
        (is_same && to_px != flight.from_px).then_some(flight)
    }

    fn lies_px(&self, photo: PhotoId) -> Option<RectPx> {
        match self.review.stage() {
            Stage::Grid => {
                grid::picture_px(&self.review, self.board(), self.review.viewport().scale, photo)
            }
            Stage::Loupe => {
                let slot = self.board().slot(photo)?;
                Some(self.review.loupe_rect_px(photo, grid::upright_px(slot)))
            }
        }
    }
}
