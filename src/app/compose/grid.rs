//! The light table: cells with their pictures, badges and captions.
//!
//! ```text
//! +----------------------+   cell: a square; padding all round
//! | (badge)              |   picture: fitted into what the padding and the caption leave
//! |      picture         |   badge: on the picture's top left corner
//! |                      |   caption: name, colour, stars; only in cells of 140 and more
//! | name            **** |
//! +----------------------+
//! ```
//!
//! Units: physical pixels; sizes of the theme are multiplied by the scale.

use std::sync::Arc;

use super::Scene;
use super::filled;
use super::grown;
use super::heading;
use super::mark;
use super::mosaic;
use super::overlay;
use super::proposal;
use super::stock;
use super::stock::Stock;
use super::text_line;
use crate::app::theme;
use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Glyph;
use crate::core::frame::Line;
use crate::core::frame::Picture;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::frame::Rgba;
use crate::core::label::Label;
use crate::core::label::Verdict;
use crate::core::level;
use crate::core::mosaic::Cells;
use crate::core::order::Order;
use crate::core::photo::PhotoId;
use crate::core::photo::Turn;
use crate::core::review::Review;
use crate::jobs::board::Board;
use crate::jobs::board::Slot;
use crate::jobs::board::Stage;
use crate::jobs::plan::TileWish;
use crate::jobs::plan::ViewWish;
use crate::jobs::plan::Wish;

/// The size of a photo of which nothing is known yet: most cameras' 3:2, and 24 megapixels.
const USUAL_SIZE_PX: [u32; 2] = [6000, 4000];

/// One cell of the grid.
struct Cell<'a> {
    photo: PhotoId,
    slot: &'a Slot,
    label: &'a Label,
    rect: RectPx,
    picture: RectPx,
    has_caption: bool,
    /// Behind the picture.
    fill: Rgba,
    /// How much of the current photo's outline there is.
    outline: u8,
}

/// Draws every cell on screen and wishes for what they need, and for what is near.
pub fn compose(scene: &Scene<'_>, stock: &mut Stock, frame: &mut Frame, wish: &mut Wish) {
    let review = scene.review;
    let order = review.order();
    let mut are_all_there = true;
    for index in review.visible() {
        let Some(cell) = cell_at(scene, order, index) else { continue };
        cell.slot.see(scene.frame_number);
        are_all_there &= draw_cell(scene, &cell, stock, frame, wish);
        draw_burst(scene, order, index, &cell, frame);
    }
    // Before the person has moved, a photo's micro picture comes no sooner than its tile: the first
    // frame need not wait for one more drawing.
    if !are_all_there && review.is_touched() {
        stand_in(scene, frame);
    }
    wish.visible_count = wish.tiles.len();
    let visible_count = review.visible().len();
    frame.background = chrome_background(scene);
    for index in review.ahead(visible_count).chain(review.behind(visible_count / 2)) {
        let Some(cell) = cell_at(scene, order, index) else { continue };
        cell.slot.see(scene.frame_number.saturating_sub(1));
        wish.tiles.push(tile_wish(&cell));
    }
    draw_over(scene, frame);
}

/// Draws what is the same over cells of every size.
pub fn draw_over(scene: &Scene<'_>, frame: &mut Frame) {
    heading::compose(scene, frame);
    draw_selection_rectangle(scene, frame);
}

fn chrome_background(scene: &Scene<'_>) -> Rgba {
    Chrome::of(scene).fading(scene.palette.background, scene.palette.surround)
}

/// Draws what the device has of every visible photo where its picture is to come.
fn stand_in(scene: &Scene<'_>, frame: &mut Frame) {
    let chrome = Chrome::of(scene);
    let (padding_px, caption_px) = (chrome.padding_px, chrome.caption_px);
    mosaic::lay(scene, frame, Cells { padding_px, caption_px, ..Cells::default() });
    frame.mosaic.is_bare = true;
}

/// What is around the pictures of all cells. Less and less where a cell comes to be the whole area:
/// its picture then lies where the loupe has it.
#[derive(Debug, Clone, Copy)]
pub struct Chrome {
    /// 1 all of it, 0 nothing.
    pub share: f32,
    padding_px: f32,
    caption_px: f32,
}

impl Chrome {
    /// That of the cells that are shown.
    #[must_use]
    pub fn of(scene: &Scene<'_>) -> Self {
        Self::new(scene.review, scene.scale)
    }

    fn new(review: &Review, scale: f32) -> Self {
        let viewport = review.viewport();
        let side = review.grid().side_px(viewport);
        let [_, _, width, height] = viewport.area_px();
        let (most, least) = (width.max(height), width.min(height));
        // It begins to go where a cell is as high as a low area, or at three quarters of a square.
        let from = least.min(0.75 * most);
        let share = ((most - side) / (most - from).max(1.0)).clamp(0.0, 1.0);
        let width = side.min(width);
        let has_caption = width >= theme::CAPTION_MIN_CELL * scale;
        let caption = if has_caption { theme::CAPTION_HEIGHT * scale } else { 0.0 };
        let padding = (theme::CELL_PADDING * scale).min(width / 16.0);
        let [padding_px, caption_px] = [padding, caption].map(|v| (v * share).round());
        Self { share, padding_px, caption_px }
    }

    /// A colour of the grid on its way to that of the loupe's surround.
    fn fading(&self, colour: Rgba, surround: Rgba) -> Rgba {
        let mix = |at: usize| {
            let [near, far] = [colour, surround].map(|c| f32::from(c[at]));
            (far + (near - far) * self.share).round() as u8
        };
        [mix(0), mix(1), mix(2), colour[3]]
    }

    /// Where a photo lies in its cell.
    fn picture(&self, cell: RectPx, size: [f32; 2]) -> RectPx {
        let (padding_px, caption_px) = (self.padding_px, self.caption_px);
        Cells { padding_px, caption_px, ..Cells::default() }.picture(cell, size)
    }
}

/// The size of a photo, upright by its EXIF; a usual one until it is known.
#[must_use]
pub fn upright_px(slot: &Slot) -> [u32; 2] {
    let meta = slot.header().map(|header| &header.meta);
    let size_px = meta.and_then(|m| m.size_px.map(|stored| m.turn.upright(stored)));
    size_px.unwrap_or(USUAL_SIZE_PX)
}

/// Where the picture of a photo lies in its cell; `None` where the cell is not in the window.
#[must_use]
pub fn picture_px(review: &Review, board: &Board, scale: f32, photo: PhotoId) -> Option<RectPx> {
    let index = review.order().index_of(photo).filter(|index| review.cells().contains(index))?;
    let size = shown_size(board.slot(photo)?, review.label(photo));
    Some(Chrome::new(review, scale).picture(review.cell_rect_px(index), size))
}

/// The size of a photo as it is shown: turned by its EXIF and by the person.
fn shown_size(slot: &Slot, label: &Label) -> [f32; 2] {
    let turn = Turn::quarters(label.quarter_turns);
    turn.upright(upright_px(slot)).map(|side| side.max(1) as f32)
}

fn cell_at<'a>(scene: &Scene<'a>, order: &Order, index: usize) -> Option<Cell<'a>> {
    let photo = order.photo_at(index)?;
    let slot = scene.board.slot(photo)?;
    let label = scene.review.label(photo);
    let rect = scene.review.cell_rect_px(index);
    let chrome = Chrome::of(scene);
    let picture = chrome.picture(rect, shown_size(slot, label));
    let has_caption = chrome.caption_px > 0.0 && chrome.share >= 1.0;
    let palette = scene.palette;
    let is_selected = scene.review.is_selected(photo);
    let ground = if is_selected { palette.cell_selected } else { palette.cell };
    let fill = chrome.fading(ground, palette.surround);
    let outline = (255.0 * chrome.share) as u8;
    Some(Cell { photo, slot, label, rect, picture, has_caption, fill, outline })
}

fn tile_wish(cell: &Cell<'_>) -> TileWish {
    let class = level::class_for([cell.picture[2], cell.picture[3]]);
    TileWish { photo: cell.photo, class }
}

/// Gives whether the photo has a picture in its cell.
fn draw_cell(
    scene: &Scene<'_>,
    cell: &Cell<'_>,
    stock: &mut Stock,
    frame: &mut Frame,
    wish: &mut Wish,
) -> bool {
    let radius_px = 3.0 * scene.scale;
    frame.base.quads.push(Quad { radius_px, ..filled(cell.rect, cell.fill) });
    let is_there = draw_picture(scene, cell, stock, frame, wish);
    let is_current = scene.review.current() == Some(cell.photo);
    mark::verdict(scene, cell.photo, cell.label, cell.picture, frame);
    proposal::draw(scene, cell.photo, cell.label, cell.picture, frame);
    if cell.has_caption {
        draw_caption(scene, cell, frame);
    } else {
        mark::compact(scene, cell.label, cell.picture, frame);
    }
    if is_current {
        let border_px = (2.0 * scene.scale).round();
        let outline = Quad { rect_px: cell.rect, radius_px, border_px, ..Quad::default() };
        let [red, green, blue, _] = scene.palette.current;
        frame.marks.push(Quad { border: [red, green, blue, cell.outline], ..outline });
    }
    is_there
}

fn draw_picture(
    scene: &Scene<'_>,
    cell: &Cell<'_>,
    stock: &mut Stock,
    frame: &mut Frame,
    wish: &mut Wish,
) -> bool {
    wish.tiles.push(tile_wish(cell));
    let tile = stock.tile(cell.photo, cell.slot, cell.picture, frame).map(|tile| {
        let is_trashed = cell.label.verdict == Verdict::Trash;
        let brightness = if is_trashed { theme::TRASHED_BRIGHTNESS } else { 1.0 };
        let turn = Turn::quarters(cell.label.quarter_turns);
        crate::core::frame::Tile { turn, brightness, ..tile }
    });
    let turn = Turn::quarters(cell.label.quarter_turns);
    overlay::lay(scene, cell.picture, tile.as_ref(), turn, stock, frame);
    // A trashed photo is dimmed, which only tiles can be: it needs no sharper picture in the grid.
    if stock::outgrows_tiles(cell.picture) && cell.label.verdict != Verdict::Trash {
        // The next power of two, so that zooming decodes anew only at each doubling.
        let edge = (cell.picture[2].max(cell.picture[3]) as u32).next_power_of_two();
        let box_px = [edge, edge];
        wish.views.push(ViewWish { photo: cell.photo, box_px, wants_full: false });
        if let Some(views) = cell.slot.views().as_ref() {
            frame.pictures.push(Picture {
                key: views.fit.key,
                texels: Arc::clone(&views.fit.texels),
                rect_px: cell.picture,
                clip_px: scene.viewport.area_px(),
                turn: Turn::quarters(cell.label.quarter_turns),
                is_crisp: false,
                stand_in: tile,
            });
            return true;
        }
    }
    match tile {
        Some(tile) => {
            frame.tiles.push(tile);
            if cell.slot.stage() == Stage::Failed {
                draw_fault_mark(scene, cell, frame);
            }
            true
        }
        None => {
            draw_place(scene, cell, frame);
            cell.slot.stage() == Stage::Failed
        }
    }
}

/// The mark of a photo whose thumbnail can be shown but whose picture cannot.
fn draw_fault_mark(scene: &Scene<'_>, cell: &Cell<'_>, frame: &mut Frame) {
    let [left, top, width, height] = cell.picture;
    let side = (18.0 * scene.scale).min(width / 3.0).min(height / 3.0).round();
    let inset = (side / 4.0).round();
    let rect = [left + width - side - inset, top + inset, side, side];
    frame.marks.push(Quad { radius_px: side / 5.0, ..filled(rect, theme::HOLLOW) });
    let cross = grown(rect, -side * 0.22);
    frame.marks.push(Quad { glyph: Glyph::Cross, ..filled(cross, theme::TROUBLE) });
}

/// The place of a photo that cannot be drawn: not yet, or not at all.
fn draw_place(scene: &Scene<'_>, cell: &Cell<'_>, frame: &mut Frame) {
    let radius_px = 2.0 * scene.scale;
    frame.base.quads.push(Quad { radius_px, ..filled(cell.picture, scene.palette.place) });
    if cell.slot.stage() != Stage::Failed {
        return;
    }
    let [left, top, width, height] = cell.picture;
    let size = (height / 4.0).min(28.0 * scene.scale);
    let cross = [left + (width - size) / 2.0, top + (height - size) / 2.0 - size / 3.0, size, size];
    let glyph = Quad { glyph: Glyph::Cross, ..filled(cross, scene.palette.trouble) };
    frame.marks.push(glyph);
    let size_px = theme::CAPTION_SIZE * scene.scale;
    if cell.has_caption && height > size + 3.0 * size_px {
        let at = [left + width / 2.0, cross[1] + size * 1.2];
        let line = text_line(at, size_px, scene.palette.trouble, cell.rect);
        frame.base.write(Line { align: Align::Middle, ..line }, |t| {
            t.push_str("cannot be shown");
        });
    }
}

fn draw_caption(scene: &Scene<'_>, cell: &Cell<'_>, frame: &mut Frame) {
    let scale = scene.scale;
    let [left, top, width, height] = cell.rect;
    let padding = theme::CELL_PADDING * scale;
    let size_px = theme::CAPTION_SIZE * scale;
    let middle_y = top + height - padding / 2.0 - theme::CAPTION_HEIGHT * scale / 2.0;
    let stars_width = mark::stars(
        scene,
        cell.label,
        [left + width - padding, middle_y],
        scene.palette.star,
        frame,
    );
    let dot_width = mark::colour_dot(scene, cell.label, [left + padding, middle_y], frame);
    let text_left = left + padding + dot_width;
    let text_right = left + width - padding - stars_width;
    let text_right = draw_keep(scene, cell, [text_right, middle_y - size_px * 0.625], frame);
    let clip = [text_left, top, (text_right - text_left).max(0.0), height];
    let at = [text_left, middle_y - size_px * 0.625];
    frame.base.write(text_line(at, size_px, scene.palette.text_dim, clip), |text| {
        mark::write_photo(cell.slot, text);
    });
}

/// The probability that the photo is kept, at the right end of its caption; gives where it begins.
fn draw_keep(scene: &Scene<'_>, cell: &Cell<'_>, at: [f32; 2], frame: &mut Frame) -> f32 {
    let is_open = cell.label.verdict == Verdict::Undecided;
    let keep = scene.news.outlook.and_then(|outlook| outlook.keep(cell.photo));
    let Some(keep) = keep.filter(|_| is_open) else { return at[0] };
    let size_px = theme::CAPTION_SIZE * scene.scale;
    let line = text_line(at, size_px, scene.palette.text_dim, cell.rect);
    frame.base.write(Line { align: Align::Right, ..line }, |t| proposal::write_keep(keep, t));
    // As wide as "99 %" is, so that names end in one column.
    at[0] - 3.0 * size_px
}

/// A thin line under the cells of one burst, so that one sees where it begins and ends.
fn draw_burst(scene: &Scene<'_>, order: &Order, index: usize, cell: &Cell<'_>, frame: &mut Frame) {
    let burst = order.burst_at(index);
    if burst.len() < 2 || cell.outline < 255 {
        return;
    }
    let scale = scene.scale;
    let [left, top, width, height] = cell.rect;
    let inset = 5.0 * scale;
    let gap = 5.0 * scale;
    let is_first = index == burst.start;
    let seat = |index| scene.review.rows().seat(index).row;
    let begins_row = index == 0 || seat(index - 1) != seat(index);
    let start = match (is_first, begins_row) {
        (true, _) => left + inset,
        (false, true) => left,
        (false, false) => left - gap,
    };
    let end = if index + 1 == burst.end { left + width - inset } else { left + width };
    let thickness = (2.0 * scale).round().max(1.0);
    let rect = [start, top + height - thickness, end - start, thickness];
    frame.base.quads.push(filled(rect, theme::BURST));
}

fn draw_selection_rectangle(scene: &Scene<'_>, frame: &mut Frame) {
    let Some((a, b)) = scene.pointer.drawn() else { return };
    let rect_px = [a[0].min(b[0]), a[1].min(b[1]), (a[0] - b[0]).abs(), (a[1] - b[1]).abs()];
    let border_px = scene.scale.round().max(1.0);
    let (fill, border) = (scene.palette.rectangle, scene.palette.current);
    frame.marks.push(Quad { rect_px, border_px, fill, border, ..Quad::default() });
}
