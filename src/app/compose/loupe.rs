//! One photo on the whole screen.
//!
//! Best first: every pixel of it where it is shown larger than it fits, the picture made to fit,
//! the tile. All of them lie in the same rectangle, so that one replaces the other without a jump,
//! and the screen is never blank between them.

use std::ops::Range;
use std::sync::Arc;

use super::Scene;
use super::filled;
use super::grid;
use super::mark;
use super::mosaic;
use super::overlay;
use super::proposal;
use super::stock::Stock;
use super::strip;
use super::text_line;
use crate::app::flight::Aloft;
use crate::app::theme;
use crate::core::atlas::Class;
use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::Picture;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::label::Label;
use crate::core::label::Verdict;
use crate::core::photo::PhotoId;
use crate::core::photo::Turn;
use crate::core::view::Loupe;
use crate::jobs::board::Slot;
use crate::jobs::board::Stage;
use crate::jobs::board::View;
use crate::jobs::plan::TileWish;
use crate::jobs::plan::ViewWish;
use crate::jobs::plan::Wish;

/// Photos on either side whose tile is wished for: a held key passes so many in a third of a second.
const TILES_AHEAD: usize = 12;

/// Photos on either side whose large picture is made ahead.
const VIEWS_AHEAD: usize = 2;

/// Pixels drawn as squares from here on: below, single pixels are too small to be told apart.
const CRISP_FROM: f32 = 2.0;

/// Draws the current photo and wishes for it and its neighbours.
pub fn compose(scene: &Scene<'_>, stock: &mut Stock, frame: &mut Frame, wish: &mut Wish) {
    frame.background = scene.palette.surround;
    let review = scene.review;
    let Some(photo) = review.current() else { return };
    let Some(slot) = scene.board.slot(photo) else { return };
    slot.see(scene.frame_number);
    let upright_px = grid::upright_px(slot);
    let rect = review.loupe_rect_px(photo, upright_px);
    let rect = match scene.flight.filter(|aloft| aloft.photo == photo) {
        Some(aloft) => aloft.rect_px(rect),
        None => rect,
    };
    draw_alone(scene, photo, slot, rect, stock, frame);
    wish.tiles.push(TileWish { photo, class: Class::Large });
    strip::compose(scene, stock, frame, wish);
    wish.visible_count = wish.tiles.len();
    make_wishes(scene, photo, upright_px, wish);
}

/// Draws a photo where it is alone, with what is decided about it.
pub(super) fn draw_alone(
    scene: &Scene<'_>,
    photo: PhotoId,
    slot: &Slot,
    rect: RectPx,
    stock: &mut Stock,
    frame: &mut Frame,
) {
    let label = scene.review.label(photo);
    draw_photo(scene, photo, slot, label, rect, stock, frame);
    if slot.stage() == Stage::Failed {
        draw_fault(scene, slot, frame);
    }
    draw_badges(scene, photo, label, rect, frame);
}

/// Draws a photo on its way from the loupe to its cell, over the grid, whose marks wait for it.
pub fn compose_landing(scene: &Scene<'_>, aloft: &Aloft, stock: &mut Stock, frame: &mut Frame) {
    let review = scene.review;
    let photo = aloft.photo;
    let Some(slot) = scene.board.slot(photo) else { return };
    let Some(to_px) = grid::picture_px(review, scene.board, scene.scale, photo) else { return };
    let is_known = slot.views().is_some() || slot.tile().is_some();
    if is_known {
        frame.marks.clear();
        frame.base.lines.clear();
        draw_photo(scene, photo, slot, review.label(photo), aloft.rect_px(to_px), stock, frame);
    }
}

fn draw_photo(
    scene: &Scene<'_>,
    photo: PhotoId,
    slot: &Slot,
    label: &Label,
    rect: RectPx,
    stock: &mut Stock,
    frame: &mut Frame,
) {
    let turn = Turn::quarters(label.quarter_turns);
    let tile = stock.tile(photo, slot, rect, frame);
    let tile = tile.map(|tile| crate::core::frame::Tile { turn, ..tile });
    let clip_px = scene.viewport.loupe_area_px();
    let views = slot.views();
    let picture = |view: &View, stand_in| {
        let shown_edge = rect[2].max(rect[3]);
        Picture {
            key: view.key,
            texels: Arc::clone(&view.texels),
            rect_px: rect,
            clip_px,
            turn,
            is_crisp: shown_edge >= CRISP_FROM * view.texels.edge_px() as f32,
            stand_in,
        }
    };
    if slot.stage() != Stage::Failed {
        overlay::lay(scene, rect, tile.as_ref(), turn, stock, frame);
    }
    match (views.as_ref(), tile) {
        (Some(views), tile) => {
            let fit = Picture { is_crisp: false, ..picture(&views.fit, tile) };
            frame.pictures.push(fit);
            if let Some(full) = views.full.as_ref().filter(|_| exceeds(rect, &views.fit)) {
                frame.pictures.push(picture(full, None));
            }
        }
        (None, Some(tile)) => frame.tiles.push(tile),
        (None, None) => {
            let is_known = stock.overview.record(photo).is_some_and(|record| record.has_mean);
            // In the grid its own cell has the mosaic.
            let is_loupe = scene.stage == crate::core::review::Stage::Loupe;
            match scene.review.current_index().filter(|_| is_known && is_loupe) {
                Some(index) => mosaic::lay_one(scene, index, rect, frame),
                None => draw_absence(scene, slot, rect, frame),
            }
        }
    }
}

/// Whether the photo is shown larger than the picture that was made to fit.
fn exceeds(rect: RectPx, fit: &View) -> bool {
    rect[2].max(rect[3]) > fit.texels.edge_px() as f32 + 0.5
}

/// What stands where nothing of the photo can be drawn.
fn draw_absence(scene: &Scene<'_>, slot: &Slot, rect: RectPx, frame: &mut Frame) {
    frame.base.quads.push(filled(rect, scene.palette.place));
    let content = scene.viewport.loupe_area_px();
    let at = [content[0] + content[2] / 2.0, content[1] + content[3] / 2.0];
    let (words, colour) = match slot.stage() {
        Stage::Failed => return,
        _ => ("reading …", scene.palette.text_dim),
    };
    let line = text_line(at, theme::TEXT_SIZE * scene.scale, colour, content);
    frame.base.write(Line { align: Align::Middle, ..line }, |t| t.push_str(words));
}

/// Why the photo cannot be shown, over whatever of it can be: its thumbnail, or nothing.
fn draw_fault(scene: &Scene<'_>, slot: &Slot, frame: &mut Frame) {
    let Some(fault) = slot.fault() else { return };
    let scale = scene.scale;
    let [left, top, width, _] = scene.viewport.loupe_area_px();
    let bar = [left, top, width, theme::STATUS_HEIGHT * scale];
    frame.marks.push(filled(bar, scene.palette.panel));
    let size_px = theme::TEXT_SIZE * scale;
    let at = [left + width / 2.0, top + (bar[3] - size_px * 1.25) / 2.0];
    let line = text_line(at, size_px, scene.palette.trouble, bar);
    frame.base.write(Line { align: Align::Middle, ..line }, |t| t.push_str(fault));
}

/// Badge, colour and stars in the corner of the screen, so that they stay put at every zoom.
fn draw_badges(scene: &Scene<'_>, photo: PhotoId, label: &Label, rect: RectPx, frame: &mut Frame) {
    let scale = scene.scale;
    let content = scene.viewport.loupe_area_px();
    let right = (rect[0] + rect[2]).min(content[0] + content[2]);
    let bottom = (rect[1] + rect[3]).min(content[1] + content[3]);
    let corner = [rect[0].max(content[0]), rect[1].max(content[1])];
    let shown = [corner[0], corner[1], right - corner[0], bottom - corner[1]];
    mark::verdict(scene, photo, label, super::grown(shown, -2.0 * scale), frame);
    proposal::draw(scene, photo, label, super::grown(shown, -2.0 * scale), frame);
    if label.stars > 0 || label.colour != crate::core::label::Colour::None {
        // Beside the badge and at its height, or in its place.
        let (badge, inset) = (22.0 * scale, 7.0 * scale);
        let after_badge = if label.verdict == Verdict::Undecided { 0.0 } else { badge + inset };
        let middle = corner[1] + inset + badge / 2.0;
        let width = 12.0 * scale * f32::from(label.stars) + 34.0 * scale;
        let pill = [corner[0] + inset + after_badge, middle - badge / 2.0, width, badge];
        frame.marks.push(Quad { radius_px: 11.0 * scale, ..filled(pill, theme::HOLLOW) });
        mark::colour_dot(scene, label, [pill[0] + 9.0 * scale, middle], frame);
        mark::stars(scene, label, [pill[0] + width - 9.0 * scale, middle], theme::STAR, frame);
    }
}

fn make_wishes(scene: &Scene<'_>, photo: PhotoId, upright_px: [u32; 2], wish: &mut Wish) {
    let review = scene.review;
    let order = review.order();
    let Some(index) = order.index_of(photo) else { return };
    let fit = Loupe::default().scale(scene.viewport, upright_px);
    wish_views(scene, photo, review.loupe_scale(photo, upright_px) > fit, wish);
    let class = Class::Large;
    let (ahead, behind) = around(index, order.len(), review.is_heading_forward());
    let neighbours = |range: Range<usize>| range.filter_map(|i| order.photo_at(i));
    for neighbour in neighbours(ahead).chain(neighbours(behind)) {
        if let Some(slot) = scene.board.slot(neighbour) {
            slot.see(scene.frame_number.saturating_sub(1));
        }
        wish.tiles.push(TileWish { photo: neighbour, class });
    }
}

/// Wishes for a photo's large picture and those of its neighbours.
pub(super) fn wish_views(scene: &Scene<'_>, photo: PhotoId, is_magnified: bool, wish: &mut Wish) {
    let order = scene.review.order();
    let Some(index) = order.index_of(photo) else { return };
    let is_forward = scene.review.is_heading_forward();
    let (ahead, behind) = around(index, order.len(), is_forward);
    wish.add_view(view_wish(scene, photo, is_magnified));
    let near = nearest_first(ahead, is_forward, VIEWS_AHEAD);
    for at in near.chain(nearest_first(behind, !is_forward, 1)) {
        let Some(neighbour) = order.photo_at(at) else { continue };
        wish.add_view(view_wish(scene, neighbour, is_magnified));
    }
}

/// Up to `count` indices of a range, beginning at the end that touches the current photo.
fn nearest_first(
    range: Range<usize>,
    is_forward: bool,
    count: usize,
) -> impl Iterator<Item = usize> {
    let length = range.len();
    (0..count.min(length)).map(move |step| match is_forward {
        true => range.start + step,
        false => range.end - 1 - step,
    })
}

/// The indices ahead in the direction of movement and those behind, without the current one.
fn around(index: usize, len: usize, is_forward: bool) -> (Range<usize>, Range<usize>) {
    let after = index + 1..(index + 1 + TILES_AHEAD).min(len);
    let before = index.saturating_sub(TILES_AHEAD)..index;
    if is_forward { (after, before) } else { (before, after) }
}

fn view_wish(scene: &Scene<'_>, photo: PhotoId, wants_full: bool) -> ViewWish {
    let content = scene.viewport.loupe_area_px();
    let [width, height] = [content[2].max(1.0) as u32, content[3].max(1.0) as u32];
    let is_sideways = scene.review.label(photo).quarter_turns % 2 == 1;
    let box_px = if is_sideways { [height, width] } else { [width, height] };
    ViewWish { photo, box_px, wants_full }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_wished_for_nearest_first_in_the_direction_of_movement() {
        let (ahead, behind) = around(5, 100, true);
        assert_eq!((ahead.clone(), behind.clone()), (6..18, 0..5));
        assert_eq!(nearest_first(ahead, true, 2).collect::<Vec<_>>(), [6, 7]);
        assert_eq!(nearest_first(behind, false, 2).collect::<Vec<_>>(), [4, 3]);
        let (ahead, _) = around(5, 100, false);
        assert_eq!(nearest_first(ahead, false, 2).collect::<Vec<_>>(), [4, 3]);
    }

    #[test]
    fn the_ends_of_the_shoot_have_one_neighbour() {
        assert_eq!(around(0, 1, true), (1..1, 0..0));
        assert_eq!(around(2, 3, true), (3..3, 0..2));
    }
}
