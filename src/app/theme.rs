//! Sizes of everything that is drawn around the photos, and the colours of what is drawn on them.
//!
//! What lies beside photos has the colours of a palette; what lies on them is the same in all, as the
//! photos are. Colour is kept for what a person decided. Sizes are logical pixels: multiply by the
//! scale factor.

pub mod palette;

use crate::core::frame::RectPx;
use crate::core::frame::Rgba;
use crate::core::label::Colour;
use crate::core::view::Viewport;
use crate::disk::colour::settings::Theme;
use palette::Palette;

/// Behind photos when nothing but them is shown.
pub const BARE: Rgba = [0, 0, 0, 255];
/// Behind histogram and parade, which are of light.
pub const SCOPE_GROUND: Rgba = [16, 16, 16, 255];
/// Text there.
pub const SCOPE_TEXT: Rgba = [150, 150, 150, 255];
/// Light that has red, green or blue, in histogram and parade.
pub const SCOPE_RED: Rgba = [214, 74, 66, 255];
/// Green.
pub const SCOPE_GREEN: Rgba = [78, 176, 88, 255];
/// Blue.
pub const SCOPE_BLUE: Rgba = [76, 118, 226, 255];
/// Red and green.
pub const SCOPE_YELLOW: Rgba = [208, 188, 84, 255];
/// Red and blue.
pub const SCOPE_MAGENTA: Rgba = [194, 92, 192, 255];
/// Green and blue.
pub const SCOPE_CYAN: Rgba = [82, 186, 196, 255];
/// All three.
pub const SCOPE_ALL: Rgba = [170, 170, 170, 255];
/// The outline of the current photo among small ones, within a dark one.
pub const CURRENT: Rgba = [235, 235, 235, 255];
/// Something is wrong with a photo.
pub const TROUBLE: Rgba = [240, 170, 80, 255];
/// Stars on a photo.
pub const STAR: Rgba = [236, 196, 84, 255];
/// Kept.
pub const KEEP: Rgba = [92, 190, 112, 255];
/// Trashed.
pub const TRASH: Rgba = [222, 86, 78, 255];
/// Marks on badges.
pub const ON_BADGE: Rgba = [18, 18, 18, 255];
/// Inside a badge that is not durable yet, and behind stars on a picture.
pub const HOLLOW: Rgba = [16, 16, 16, 190];
/// The line under the photos of one burst.
pub const BURST: Rgba = [104, 112, 122, 255];
/// Nothing.
pub const CLEAR: Rgba = [0, 0, 0, 0];

/// How much of its light a trashed photo keeps in the grid.
pub const TRASHED_BRIGHTNESS: f32 = 0.35;

/// Height of the status line.
pub const STATUS_HEIGHT: f32 = 30.0;
/// Height of the filmstrip.
pub const STRIP_HEIGHT: f32 = 72.0;
/// Between the window's edge and the first row: what stands between two rows.
pub const TOP_MARGIN: f32 = 4.0;
/// Width of the information: a lens name in one line.
pub const INFO_WIDTH: f32 = 340.0;
/// Text of the status line, panels and menus.
pub const TEXT_SIZE: f32 = 13.0;
/// Text under a photo.
pub const CAPTION_SIZE: f32 = 11.5;
/// Height of the strip under a photo that bears its name and stars.
pub const CAPTION_HEIGHT: f32 = 22.0;
/// Cells smaller than this have no strip: it would leave too little of the photo.
pub const CAPTION_MIN_CELL: f32 = 140.0;
/// Between a cell's edge and its photo.
pub const CELL_PADDING: f32 = 6.0;

/// The colours beside photos that a theme means, on a desktop that is light or not.
#[must_use]
pub const fn palette(theme: Theme, is_light_desktop: bool) -> &'static Palette {
    match (theme, is_light_desktop) {
        (Theme::Light, _) | (Theme::System, true) => &palette::LIGHT,
        (Theme::Dark, _) | (Theme::System, false) => &palette::DARK,
    }
}

/// The part of a surface that photos are shown in: all but the status line, and the filmstrip in
/// the loupe.
#[must_use]
pub fn viewport(size_px: [f32; 2], scale: f32) -> Viewport {
    let insets_px = [TOP_MARGIN, STATUS_HEIGHT].map(|inset| (inset * scale).round());
    let strip_px = (STRIP_HEIGHT * scale).round();
    Viewport { insets_px, strip_px, ..Viewport::new(size_px, scale) }
}

/// Where the information about the current photo stands: a column at the right, above the status
/// line, half of a narrow window.
#[must_use]
pub fn info_rect(surface_px: [f32; 2], scale: f32) -> RectPx {
    let [width, height] = panel_size(surface_px, scale);
    let column = (INFO_WIDTH * scale).min(width / 2.0).round();
    [width - column, 0.0, column, height]
}

/// Width and height of what panels may cover, in pixels: all but the status line.
#[must_use]
pub fn panel_size(surface_px: [f32; 2], scale: f32) -> [f32; 2] {
    [surface_px[0], (surface_px[1] - (STATUS_HEIGHT * scale).round()).max(1.0)]
}

/// The colour of a colour label.
#[must_use]
pub const fn label_colour(colour: Colour) -> Rgba {
    match colour {
        Colour::None => CLEAR,
        Colour::Red => [214, 72, 66, 255],
        Colour::Yellow => [226, 190, 60, 255],
        Colour::Green => [86, 176, 92, 255],
        Colour::Blue => [84, 132, 222, 255],
    }
}
