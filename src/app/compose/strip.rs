//! The filmstrip under the photo in the loupe: its neighbours, with what is decided about them.
//!
//! ```text
//! |                        the photo                        |
//! +---------------------------------------------------------+
//! |   [ -3 ][ -2 ][ -1 ][[ current ]][ +1 ][ +2 ][ +3 ]     |   green under kept, red under trashed
//! ```
//!
//! The current photo stands in the middle, so that the eye need not follow it. What is drawn is the
//! small level of the tiles that the grid has; a click goes to a photo.

use std::ops::Range;

use super::Scene;
use super::filled;
use super::grid;
use super::grown;
use super::stock::Stock;
use crate::app::theme;
use crate::core::frame::Frame;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::label::Verdict;
use crate::core::level;
use crate::core::mosaic::fitted;
use crate::core::photo::PhotoId;
use crate::core::photo::Turn;
use crate::core::review::Review;
use crate::jobs::plan::TileWish;
use crate::jobs::plan::Wish;

/// Width of a place for a photo, in logical pixels: for the usual shape at the strip's height.
const PITCH: f32 = 90.0;

/// Around the strip's photos, in logical pixels.
const PADDING: f32 = 6.0;

/// Height of the line under a photo that something is decided about, in logical pixels.
const UNDERLINE: f32 = 3.0;

/// Where the strip is and how wide its places are, in pixels.
#[derive(Debug, Clone, Copy)]
struct Places {
    area: RectPx,
    pitch_px: f32,
}

impl Places {
    /// `None` where there is no strip.
    fn of(review: &Review) -> Option<Self> {
        let viewport = review.viewport();
        let area = viewport.strip_area_px()?;
        Some(Self { area, pitch_px: viewport.physical(PITCH) })
    }

    /// The indices that are seen around `current`.
    fn visible(&self, current: usize, count: usize) -> Range<usize> {
        let beside = (self.area[2] / 2.0 / self.pitch_px + 0.5).ceil() as usize;
        current.saturating_sub(beside)..(current + beside + 1).min(count)
    }

    fn left_px(&self, index: usize, current: usize) -> f32 {
        let middle = self.area[0] + (self.area[2] - self.pitch_px) / 2.0;
        (middle + (index as f32 - current as f32) * self.pitch_px).round()
    }

    fn rect(&self, index: usize, current: usize) -> RectPx {
        [self.left_px(index, current), self.area[1], self.pitch_px, self.area[3]]
    }
}

/// Draws the strip and wishes for what it needs.
pub fn compose(scene: &Scene<'_>, stock: &mut Stock, frame: &mut Frame, wish: &mut Wish) {
    let (review, order) = (scene.review, scene.review.order());
    let Some(places) = Places::of(review) else { return };
    let Some(current) = review.current().and_then(|photo| order.index_of(photo)) else { return };
    frame.base.quads.push(filled(places.area, scene.palette.background));
    for index in places.visible(current, order.len()) {
        let Some(photo) = order.photo_at(index) else { continue };
        let rect = places.rect(index, current);
        let picture = draw(scene, photo, rect, stock, frame);
        let class = level::class_for([picture[2], picture[3]]);
        wish.tiles.push(TileWish { photo, class });
        if index == current {
            let border_px = (2.0 * scene.scale).round();
            let rect_px = grown(picture, 2.0 * border_px);
            let outline = Quad { rect_px, border_px, ..Quad::default() };
            frame.marks.push(Quad { border: scene.palette.current, ..outline });
        }
    }
}

/// Draws one photo; gives where it is.
fn draw(
    scene: &Scene<'_>,
    photo: PhotoId,
    rect: RectPx,
    stock: &mut Stock,
    frame: &mut Frame,
) -> RectPx {
    let Some(slot) = scene.board.slot(photo) else { return rect };
    let label = scene.review.label(photo);
    slot.see(scene.frame_number);
    let turn = Turn::quarters(label.quarter_turns);
    let size = turn.upright(grid::upright_px(slot)).map(|side| side.max(1) as f32);
    let picture = fitted(size, grown(rect, -(PADDING * scene.scale).round()));
    match stock.tile(photo, slot, picture, frame) {
        Some(tile) => {
            let is_trashed = label.verdict == Verdict::Trash;
            let brightness = if is_trashed { theme::TRASHED_BRIGHTNESS } else { 1.0 };
            frame.tiles.push(crate::core::frame::Tile { turn, brightness, ..tile });
        }
        None => frame.base.quads.push(filled(picture, scene.palette.place)),
    }
    let colour = match label.verdict {
        Verdict::Keep => theme::KEEP,
        Verdict::Trash => theme::TRASH,
        Verdict::Undecided => return picture,
    };
    let height = (UNDERLINE * scene.scale).round();
    let line = [picture[0], rect[1] + rect[3] - height, picture[2], height];
    frame.marks.push(filled(line, colour));
    picture
}

/// The photo of the strip at a point of the window.
#[must_use]
pub fn photo_at(review: &Review, at_px: [f32; 2]) -> Option<PhotoId> {
    let places = Places::of(review)?;
    let order = review.order();
    let current = order.index_of(review.current()?)?;
    let [_, top, _, height] = places.area;
    if !(top..top + height).contains(&at_px[1]) {
        return None;
    }
    let is_at = |&index: &usize| {
        let left = places.left_px(index, current);
        (left..left + places.pitch_px).contains(&at_px[0])
    };
    order.photo_at(places.visible(current, order.len()).find(is_at)?)
}
