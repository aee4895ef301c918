//! Everything that one frame shows, as plain data: what `app::compose` makes and `gpu` draws.
//!
//! A frame written as a literal is enough to test every pixel, so it names no photo, no path and
//! no key. It is reused: [`Frame::clear`] keeps the memory.
//!
//! Drawn in this order: background, `base.quads`, `mosaic`, `tiles`, `pictures`, `veils`, `marks`, `base.lines`, then
//! `overlay.quads`, `overlay.lines` (menus and panels, over everything).
//!
//! Units: physical pixels of the surface, y downwards. Colours are sRGB-encoded bytes, alpha
//! straight. Text sizes are physical pixels too: whoever composes has multiplied by the scale.

use std::sync::Arc;

use super::atlas::Seat;
use super::coded::Coded;
use super::detail::DetailTexels;
use super::mosaic::Mosaic;
use super::photo::Turn;
use super::texels::Texels;

/// Left, top, width, height in physical pixels.
pub type RectPx = [f32; 4];

/// Red, green, blue, alpha; sRGB-encoded, straight alpha.
pub type Rgba = [u8; 4];

/// One frame.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Width and height of the surface.
    pub size_px: [u32; 2],
    /// What is behind everything. Alpha is ignored.
    pub background: Rgba,
    /// Pictures that must be in their seats before the tiles are drawn.
    pub uploads: Vec<Upload>,
    /// Any number of photos out of what the device keeps of the shoot.
    pub mosaic: Mosaic,
    /// Small pictures out of the pages.
    pub tiles: Vec<Tile>,
    /// Large pictures, each a texture (or several) of its own.
    pub pictures: Vec<Picture>,
    /// How tiles and pictures are marked by their own pixels.
    pub shading: Shading,
    /// What is laid over photos to judge them by.
    pub veils: Vec<Veil>,
    /// What of the surface veils may cover.
    pub veil_clip_px: RectPx,
    /// What lies under the pictures, and the text over them.
    pub base: Stratum,
    /// Badges and borders over the pictures, under the base's text.
    pub marks: Vec<Quad>,
    /// Menus, panels, the help.
    pub overlay: Stratum,
}

/// Quads and the text over them.
#[derive(Debug, Clone, Default)]
pub struct Stratum {
    /// Drawn in order.
    pub quads: Vec<Quad>,
    /// Drawn over the quads.
    pub lines: Vec<Line>,
    /// The text of all lines, one after the other: a line is a range of it, so that a frame that
    /// is composed again allocates nothing.
    pub text: String,
}

/// A small picture on its way to a seat.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Where it goes.
    pub seat: Seat,
    /// At most the seat's edge on either side, stored from the seat's top left corner; in the
    /// coding that the device's pages have.
    pub coded: Arc<Coded>,
    /// Where the photo has detail, where that is known: at most a quarter of the seat's edge a side.
    pub detail: Option<Arc<DetailTexels>>,
}

/// A small picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tile {
    /// Where it is drawn.
    pub rect_px: RectPx,
    /// Where its texels are.
    pub seat: Seat,
    /// Width and height of the texels in the seat.
    pub size_px: [u32; 2],
    /// How it is turned when drawn; `rect_px` is the place after the turn.
    pub turn: Turn,
    /// 1 as it is, 0 black: trashed photos are dimmed.
    pub brightness: f32,
}

/// A large picture: uploaded once, then drawn by its key.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Stands for the texels. The renderer keeps a picture's textures while its key is in the
    /// frame (and a few more, within a byte budget) and uploads `texels` when it meets a new key.
    pub key: u64,
    /// The texels. Any size: larger than a texture may be, they are drawn in pieces.
    pub texels: Arc<Texels>,
    /// Where the whole (turned) picture is drawn; may lie outside the surface.
    pub rect_px: RectPx,
    /// What of the surface it may cover.
    pub clip_px: RectPx,
    /// How it is turned when drawn.
    pub turn: Turn,
    /// Whether texels are drawn as squares (200 % and more) instead of blended.
    pub is_crisp: bool,
    /// What to draw while this picture's texels are still on their way to the device.
    pub stand_in: Option<Tile>,
}

/// How pixels of photos are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shading {
    /// Those that have lost what was brighter or darker than the file can hold.
    pub is_clipping: bool,
    /// Those on sharp edges, in large pictures: a tile's pixels are means of dozens.
    pub is_peaking: bool,
}

/// What is laid over one photo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Veil {
    /// Where the photo is drawn.
    pub rect_px: RectPx,
    /// The seat that has its detail, and width and height of that in cells; without one there are only
    /// the thirds.
    pub detail: Option<(Seat, [u32; 2])>,
    /// How the photo is turned when drawn.
    pub turn: Turn,
    /// Its detail as a tint, from nothing over red to yellow.
    pub is_heat: bool,
    /// A tint where it is sharpest.
    pub is_peaking: bool,
    /// Lines at a third and two thirds.
    pub is_thirds: bool,
    /// Width of the lines.
    pub line_px: f32,
}

/// A rectangle with round corners, filled, outlined, or both.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Quad {
    /// Where it is drawn.
    pub rect_px: RectPx,
    /// Radius of its corners.
    pub radius_px: f32,
    /// Width of its outline, inside the rectangle.
    pub border_px: f32,
    /// Colour inside.
    pub fill: Rgba,
    /// Colour of the outline.
    pub border: Rgba,
    /// What is drawn inside the rectangle.
    pub glyph: Glyph,
}

/// The shapes that a quad can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyph {
    /// A rectangle with round corners.
    #[default]
    Box,
    /// A five-pointed star that fills the rectangle.
    Star,
    /// A check mark.
    Check,
    /// A cross of two strokes.
    Cross,
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which bytes of the stratum's `text`.
    pub text: std::ops::Range<usize>,
    /// Left (or middle, or right: see `align`) and top of the line box.
    pub at_px: [f32; 2],
    /// Font size; the line box is 1.25 times as high.
    pub size_px: f32,
    /// Colour of the letters.
    pub colour: Rgba,
    /// What `at_px` is of the line.
    pub align: Align,
    /// Regular or semi-bold.
    pub weight: Weight,
    /// What of the surface it may cover.
    pub clip_px: RectPx,
}

/// What a line's `at_px` is of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Align {
    /// Its left end.
    #[default]
    Left,
    /// Its middle.
    Middle,
    /// Its right end.
    Right,
}

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Weight {
    /// 400.
    #[default]
    Regular,
    /// 600.
    SemiBold,
}

impl Frame {
    /// Empties the frame and keeps its memory.
    pub fn clear(&mut self) {
        self.uploads.clear();
        self.mosaic.clear();
        self.tiles.clear();
        self.pictures.clear();
        self.shading = Shading::default();
        self.veils.clear();
        self.marks.clear();
        self.base.clear();
        self.overlay.clear();
    }
}

impl Stratum {
    /// Empties the stratum and keeps its memory.
    pub fn clear(&mut self) {
        self.quads.clear();
        self.lines.clear();
        self.text.clear();
    }

    /// Adds a line whose text `write` appends; `line.text` is set here.
    pub fn write(&mut self, mut line: Line, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        line.text = start..self.text.len();
        self.lines.push(line);
    }

    /// The text of one line.
    #[must_use]
    pub fn text_of(&self, line: &Line) -> &str {
        &self.text[line.text.clone()]
    }
}
