//! The window that follows on another display: the current photo, with what is decided about it and what
//! is laid over it, and nothing else.

use super::Composed;
use super::Scene;
use super::grid;
use super::loupe;
use super::overlay;
use super::stock::Stock;
use crate::app::theme;
use crate::core::atlas::Class;
use crate::core::frame::Frame;
use crate::core::photo::PhotoId;
use crate::core::photo::Turn;
use crate::core::view::Loupe;
use crate::jobs::board::Slot;
use crate::jobs::plan::TileWish;
use crate::jobs::plan::Wish;

/// Fills `frame` with the current photo as `zoom` has it.
pub fn compose(scene: &Scene<'_>, zoom: &Loupe, stock: &mut Stock, frame: &mut Frame) -> Composed {
    frame.clear();
    stock.begin_frame(false);
    frame.size_px = scene.viewport.size_px.map(|side| side as u32);
    frame.background = if scene.panels.is_bare { theme::BARE } else { scene.palette.surround };
    overlay::shade(scene, frame);
    if let Some((photo, slot)) = current(scene) {
        slot.see(scene.frame_number);
        let rect = zoom.rect_px(scene.viewport, shown_px(scene, photo, slot));
        loupe::draw_alone(scene, photo, slot, rect, stock, frame);
    }
    Composed { wants_frame: stock.end_frame() }
}

/// Adds to `wish` what this window needs beside the other.
pub fn wish(scene: &Scene<'_>, zoom: &Loupe, wish: &mut Wish) {
    let Some((photo, slot)) = current(scene) else { return };
    let photo_px = shown_px(scene, photo, slot);
    let fit = Loupe::default().scale(scene.viewport, photo_px);
    wish.tiles.insert(wish.visible_count, TileWish { photo, class: Class::Large });
    wish.visible_count += 1;
    loupe::wish_views(scene, photo, zoom.scale(scene.viewport, photo_px) > fit, wish);
}

/// Width and height of the current photo as it stands, in its own pixels.
#[must_use]
pub fn current_px(scene: &Scene<'_>) -> Option<[u32; 2]> {
    current(scene).map(|(photo, slot)| shown_px(scene, photo, slot))
}

fn current<'a>(scene: &Scene<'a>) -> Option<(PhotoId, &'a Slot)> {
    let photo = scene.review.current()?;
    Some((photo, scene.board.slot(photo)?))
}

fn shown_px(scene: &Scene<'_>, photo: PhotoId, slot: &Slot) -> [u32; 2] {
    Turn::quarters(scene.review.label(photo).quarter_turns).upright(grid::upright_px(slot))
}
