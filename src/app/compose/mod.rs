//! From what is known to what is shown: fills a [`Frame`] and says what the next one needs.
//!
//! Runs on the window thread once a frame: takes no lock, reads no file, and allocates nothing once
//! its buffers are warm (`tests/hot_path.rs`). What is drawn of a photo is the best that is in
//! memory of that very photo, or its empty place.

pub mod export;
pub mod filter_line;
pub mod follow;
pub mod grid;
pub mod heading;
pub mod help;
pub mod info;
pub mod learned;
pub mod loupe;
pub mod mark;
pub mod measure;
pub mod mosaic;
pub mod over;
pub mod overlay;
pub mod overview;
pub mod place;
pub mod proposal;
pub mod scopes;
pub mod status;
pub mod stock;
pub mod strip;
pub mod why;
pub mod words;

use super::flight::Aloft;
use super::panel::Over;
use super::panel::Panels;
use super::pointer::Pointer;
use super::theme;
use super::theme::palette::Palette;
use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::frame::Rgba;
use crate::core::frame::Weight;
use crate::core::guard::walk::Progress;
use crate::core::order::Sort;
use crate::core::outlook::Outlook;
use crate::core::review::Review;
use crate::core::review::Stage;
use crate::core::view::Viewport;
use crate::jobs::board::Board;
use crate::jobs::plan::Wish;
use stock::Stock;
use why::Told;

/// What a frame is made from.
pub struct Scene<'a> {
    /// The person's state.
    pub review: &'a Review,
    /// What the window shows: another one that follows has the loupe while this one has the grid.
    pub stage: Stage,
    /// How much room it has.
    pub viewport: &'a Viewport,
    /// The photos.
    pub board: &'a Board,
    /// What is open over them.
    pub panels: &'a Panels,
    /// The mouse, for the rectangle that is being drawn.
    pub pointer: &'a Pointer,
    /// What is told in the status line.
    pub news: News<'a>,
    /// Device pixels for a logical pixel.
    pub scale: f32,
    /// The colours beside the photos.
    pub palette: &'static Palette,
    /// Every step up to this one is durable.
    pub saved_number: u64,
    /// Counts frames, for the eviction of tiles.
    pub frame_number: u32,
    /// The photo that is on its way to where it lies, if one is.
    pub flight: Option<Aloft>,
}

/// What is told in the status line.
#[derive(Debug, Clone, Copy, Default)]
pub struct News<'a> {
    /// Something does not work and goes on not working.
    pub trouble: Option<&'a str>,
    /// Something that was just done, shown for a while.
    pub notice: Option<&'a str>,
    /// Decisions that are not durable yet.
    pub unsaved_count: usize,
    /// Decisions that are not in their sidecars yet.
    pub unwritten_count: usize,
    /// Of these, those that could not be written so far.
    pub failed_sidecar_count: usize,
    /// Photos of which a file says otherwise than what is decided here.
    pub disputed_count: usize,
    /// Whether folders are still being listed.
    pub is_scanning: bool,
    /// Whether there is a shoot at all.
    pub has_shoot: bool,
    /// The filter in force; empty without one.
    pub filter: &'a str,
    /// The sort in force.
    pub sort: Sort,
    /// What the learner makes of the photos.
    pub outlook: Option<&'a Outlook>,
    /// How far a blind audit of the proposals has come.
    pub audit: Option<Progress>,
    /// The same while the person is walking through it.
    pub blind: Option<Progress>,
    /// Why the current photo has its probability.
    pub why: Told<'a>,
}

/// What a frame leaves to be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Composed {
    /// Something was left out for this frame's upload budget: draw another one.
    pub wants_frame: bool,
}

/// Fills `frame` with what `scene` shows and `wish` with what it would show if it were there.
pub fn compose(
    scene: &Scene<'_>,
    stock: &mut Stock,
    frame: &mut Frame,
    wish: &mut Wish,
) -> Composed {
    frame.clear();
    wish.clear();
    stock.begin_frame(scene.stage == Stage::Grid && mosaic::is_mosaic(scene));
    let is_left = stock.overview.update(scene.review, scene.board, frame);
    let size = scene.viewport.size_px;
    frame.size_px = size.map(|side| side as u32);
    frame.background = scene.palette.background;
    overlay::shade(scene, frame);
    match (scene.stage, scene.board.photo_count()) {
        (_, 0) => empty(scene, frame),
        _ if scene.review.order().is_empty() && !scene.news.filter.is_empty() => {
            empty(scene, frame);
        }
        (Stage::Grid, _) if mosaic::is_mosaic(scene) => {
            mosaic::compose(scene, stock, frame, wish);
            grid::draw_over(scene, frame);
        }
        (Stage::Grid, _) => grid::compose(scene, stock, frame, wish),
        (Stage::Loupe, _) => loupe::compose(scene, stock, frame, wish),
    }
    if scene.panels.is_bare {
        frame.background = theme::BARE;
    }
    if let Some(aloft) = &scene.flight
        && scene.stage == Stage::Grid
    {
        loupe::compose_landing(scene, aloft, stock, frame);
    }
    compose_panels(scene, stock, frame, wish);
    // Last: where a panel is too long for a small window, it ends at the line.
    // What does not work is told whatever is hidden.
    if !scene.panels.is_bare || scene.news.trouble.is_some() {
        status::compose(scene, frame);
    }
    let wants_frame = stock.end_frame() || is_left || scene.flight.is_some();
    Composed { wants_frame }
}

/// Draws what lies over the photos.
fn compose_panels(scene: &Scene<'_>, stock: &mut Stock, frame: &mut Frame, wish: &mut Wish) {
    // The help says so much that nothing may shine through it.
    if !scene.panels.is_bare && !matches!(scene.panels.over, Over::Help(_)) {
        if scene.panels.scopes {
            scopes::compose(scene, frame);
        }
        if scene.panels.info {
            info::compose(scene, frame);
        } else if scene.panels.learned {
            learned::compose(scene, frame);
        } else if scene.panels.why {
            why::compose(scene, stock, frame, wish);
        }
    }
    match &scene.panels.over {
        Over::Nothing => {}
        Over::Help(help) => help::compose(scene, help.scroll_px, frame),
        Over::Menu(menu) => over::compose_menu(scene, menu, frame),
        Over::TagLine(line) => over::compose_tag_line(scene, line, frame),
        Over::FilterLine(line) => filter_line::compose(scene, line, frame),
        Over::Export(panel) => export::compose(scene, panel, frame),
    }
}

/// The middle of the window while no photo is shown.
fn empty(scene: &Scene<'_>, frame: &mut Frame) {
    let [width, height] = scene.viewport.size_px;
    let scale = scene.scale;
    let (title, hint) = match scene.news {
        News { has_shoot: false, .. } => {
            ("Drop a folder of photos here", "or press Ctrl O to choose one")
        }
        News { filter, .. } if !filter.is_empty() => ("No photo matches", "Esc shows all again"),
        News { is_scanning: true, .. } => ("Looking for photos …", "the first ones appear at once"),
        _ => {
            ("No photos here", "JPEG, PNG, WebP and TIFF are read; press Ctrl O for another folder")
        }
    };
    let middle = [width / 2.0, height / 2.0 - 30.0 * scale];
    let line = text_line(middle, 22.0 * scale, scene.palette.text, whole(scene));
    frame.base.write(Line { align: Align::Middle, weight: Weight::SemiBold, ..line }, |t| {
        t.push_str(title);
    });
    let below = [middle[0], middle[1] + 38.0 * scale];
    let line = text_line(below, 14.0 * scale, scene.palette.text_dim, whole(scene));
    frame.base.write(Line { align: Align::Middle, ..line }, |t| t.push_str(hint));
}

/// The whole surface.
pub(super) fn whole(scene: &Scene<'_>) -> RectPx {
    let [width, height] = scene.viewport.size_px;
    [0.0, 0.0, width, height]
}

/// What panels may cover: all but the status line.
pub(super) fn above_status(scene: &Scene<'_>) -> RectPx {
    let [width, height] = theme::panel_size(scene.viewport.size_px, scene.scale);
    [0.0, 0.0, width, height]
}

/// A regular line from its left end; the text is set when it is written.
pub(super) const fn text_line(
    at_px: [f32; 2],
    size_px: f32,
    colour: Rgba,
    clip_px: RectPx,
) -> Line {
    let (align, weight) = (Align::Left, Weight::Regular);
    Line { text: 0..0, at_px, size_px, colour, align, weight, clip_px }
}

/// A filled rectangle.
pub(super) fn filled(rect_px: RectPx, fill: Rgba) -> Quad {
    Quad { rect_px, fill, ..Quad::default() }
}

/// A rectangle grown by `by_px` on every side.
pub(super) fn grown(rect: RectPx, by_px: f32) -> RectPx {
    [rect[0] - by_px, rect[1] - by_px, rect[2] + 2.0 * by_px, rect[3] + 2.0 * by_px]
}
