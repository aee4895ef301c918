//! The light table where its cells are small: all of them in one drawing, whose cost does not grow
//! with their number.
//!
//! The device has every photo's micro picture and colour (`overview`); a frame says where the rows
//! begin. Decisions are borders here, not badges, which would hide the photo. Where cells are larger,
//! `grid` draws each one, and the same drawing stands in for pictures that are still on their way.

use std::sync::Arc;

use super::Scene;
use super::filled;
use super::grown;
use super::overview;
use super::stock::Stock;
use crate::app::theme;
use crate::core::atlas::Class;
use crate::core::frame::Frame;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::mosaic::Band;
use crate::core::mosaic::Cells;
use crate::jobs::plan::TileWish;
use crate::jobs::plan::Wish;

/// Cells below this are drawn as one, in pixels of the surface: micro pictures of 32 texels are
/// hardly enlarged there, and so many cells could not be drawn one by one in time.
pub const MOSAIC_BELOW_PX: f32 = 48.0;

/// Photos that are wished for at once, and those that are looked at to find them: what is wished
/// for is sent again with every frame in which it is something else.
const WISHES: usize = 512;
const LOOKED_AT: usize = 32_768;

/// Whether the cells are drawn as one.
#[must_use]
pub fn is_mosaic(scene: &Scene<'_>) -> bool {
    scene.review.grid().side_px(scene.viewport) < MOSAIC_BELOW_PX
}

/// Draws the cells as one, and wishes for those of which only an embedded picture is known.
pub fn compose(scene: &Scene<'_>, stock: &Stock, frame: &mut Frame, wish: &mut Wish) {
    let review = scene.review;
    let side = review.grid().side_px(review.viewport());
    let padding_px = (side / 16.0).floor();
    let border_px = if side < 24.0 { 1.0 } else { 2.0 };
    lay(scene, frame, Cells { padding_px, border_px, ..Cells::default() });
    draw_current(scene, frame);
    let order = review.order();
    let mut looked_at = review.cells().take(LOOKED_AT).filter_map(|index| order.photo_at(index));
    while wish.tiles.len() < WISHES
        && let Some(photo) = looked_at.next()
    {
        if !stock.overview.is_lasting(photo) {
            wish.tiles.push(TileWish { photo, class: Class::Small });
        }
    }
    wish.visible_count = wish.tiles.len();
}

/// Draws the visible cells from what the device has; `cells` has what is in a cell.
pub fn lay(scene: &Scene<'_>, frame: &mut Frame, cells: Cells) {
    let (review, mosaic) = (scene.review, &mut frame.mosaic);
    let (grid, viewport) = (review.grid(), review.viewport());
    let visible = review.cells();
    let [left, top, width, height] = viewport.area_px();
    let [_, _, _, highest] = viewport.loupe_area_px();
    let side = grid.side_px(viewport);
    let left_px = grid.bands(viewport, review.rows(), &mut mosaic.bands);
    mosaic.cells = Cells {
        columns: grid.columns(viewport) as u32,
        left_px,
        size_px: [side.min(width), side.min(highest)],
        gap_px: grid.gap_px(viewport),
        ..cells
    };
    (mosaic.first, mosaic.count) = (visible.start as u32, visible.len() as u32);
    mosaic.clip_px = [left, top, width, height];
    finish(scene, frame);
}

/// Draws one photo as large as `rect`, from its micro picture.
pub fn lay_one(scene: &Scene<'_>, index: usize, rect: RectPx, frame: &mut Frame) {
    let [left_px, top_px, width, height] = rect;
    let mosaic = &mut frame.mosaic;
    mosaic.bands.clear();
    mosaic.bands.push(Band { first: index as u32, blanks: 0, top_px });
    let size_px = [width, height];
    mosaic.cells = Cells { columns: 1, left_px, size_px, ..Cells::default() };
    (mosaic.first, mosaic.count, mosaic.is_bare) = (index as u32, 1, true);
    mosaic.clip_px = scene.viewport.loupe_area_px();
    finish(scene, frame);
}

fn finish(scene: &Scene<'_>, frame: &mut Frame) {
    let mosaic = &mut frame.mosaic;
    if !Arc::ptr_eq(&mosaic.order, scene.review.order()) {
        mosaic.order = Arc::clone(scene.review.order());
    }
    mosaic.brightness = 1.0;
    mosaic.trashed_brightness = theme::TRASHED_BRIGHTNESS;
    mosaic.colours = overview::colours(scene.palette);
}

/// The outline of the current photo, around its cell: inside, it would hide the photo.
fn draw_current(scene: &Scene<'_>, frame: &mut Frame) {
    let review = scene.review;
    let Some(index) = review.current_index().filter(|index| review.cells().contains(index)) else {
        return;
    };
    let border_px = (2.0 * scene.scale).round();
    let rect_px = grown(review.cell_rect_px(index), border_px);
    // A dark line tells it from a white photo.
    let shade = grown(rect_px, scene.scale.round());
    let line = scene.scale.round() + border_px;
    frame.marks.push(Quad {
        border_px: line,
        border: theme::HOLLOW,
        ..filled(shade, theme::CLEAR)
    });
    frame.marks.push(Quad { border_px, border: theme::CURRENT, ..filled(rect_px, theme::CLEAR) });
}
