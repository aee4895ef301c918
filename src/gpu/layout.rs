//! The bytes that Rust writes and WGSL reads. Every `Pod` type of the crate is in this file.
//!
//! Instances travel in storage buffers, not vertex attributes, so that a shader declares the same
//! struct with the same field names: `tests/shaders.rs` compares [`SHAPES`] with what naga reads.
//!
//! Units: pixels of the surface and texels of a picture, both `_px`, y downwards.

use bytemuck::Pod;
use bytemuck::Zeroable;

use crate::core::photo::Turn;

/// The surface: `struct View` in `shaders/common.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct View {
    /// Width and height of the surface.
    pub size_px: [f32; 2],
    /// 1 where the shader encodes to sRGB because the target does not.
    pub is_encoding: u32,
    /// 1 where a table follows the matrix.
    pub has_table: u32,
    /// Columns of the matrix from the working space's light to the display's.
    pub shown_from_working: [[f32; 4]; 3],
    /// Bit 0: clipped pixels are marked; bit 1: those on sharp edges.
    pub shading: u32,
    /// WGSL rounds the struct up to 16 bytes.
    pub pad: u32,
    /// The rest of the same.
    pub pad_more: [u32; 2],
}

/// One tile of the grid: `struct Tile` in `shaders/tile.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Tile {
    /// Left, top, width, height on the surface, after the turn.
    pub rect_px: [f32; 4],
    /// The seat's top left texel in its page.
    pub origin_px: [f32; 2],
    /// Width and height of the texels in the seat.
    pub size_px: [f32; 2],
    /// Layer of the texture array.
    pub page: u32,
    /// Bits 0 and 1: clockwise quarter turns; bit 2: mirrored before; bit 3: nearest texel.
    pub flags: u32,
    /// Factor on the light, 0 to 1.
    pub gain: f32,
    /// WGSL rounds the struct up to 16 bytes.
    pub pad: u32,
}

/// What is laid over one photo: `struct Veil` in `shaders/veil.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Veil {
    /// Left, top, width, height of the photo on the surface, after the turn.
    pub rect_px: [f32; 4],
    /// The top left cell of its detail in its page.
    pub origin_px: [f32; 2],
    /// Width and height of its detail in cells; 0 without.
    pub size_px: [f32; 2],
    /// Layer of the texture array.
    pub page: u32,
    /// Bits 0 and 1: clockwise quarter turns; bit 2: mirrored before; bit 4: heat; bit 5: peaking; bit 6:
    /// thirds.
    pub flags: u32,
    /// Width of the lines.
    pub line_px: f32,
    /// WGSL rounds the struct up to 16 bytes.
    pub pad: u32,
}

/// One piece of a large picture: `struct Piece` in `shaders/loupe.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Piece {
    /// Left, top, right, bottom of this piece on the surface, after the turn.
    pub rect_px: [f32; 4],
    /// Left, top, width, height of the whole picture on the surface, after the turn.
    pub picture_px: [f32; 4],
    /// Width and height of the whole picture as stored.
    pub size_px: [f32; 2],
    /// Where in the stored picture the piece's texture begins.
    pub origin_px: [f32; 2],
    /// Bits 0 and 1: clockwise quarter turns; bit 2: mirrored before; bit 3: nearest texel.
    pub flags: u32,
    /// The space of the texels: 0 sRGB, 1 the working space, 2 the one of the picture's table.
    pub space: u32,
    /// WGSL rounds the struct up to 16 bytes.
    pub pad_more: [u32; 2],
}

/// One box or badge: `struct Quad` in `shaders/quad.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Quad {
    /// Left, top, width, height on the surface.
    pub rect_px: [f32; 4],
    /// Colour inside: sRGB-encoded bytes, red lowest, alpha straight.
    pub fill: u32,
    /// Colour of the outline, the same way.
    pub border: u32,
    /// Radius of the corners.
    pub radius_px: f32,
    /// Width of the outline.
    pub border_px: f32,
    /// 0 box, 1 star, 2 check, 3 cross.
    pub glyph: u32,
    /// WGSL rounds the struct up to 16 bytes.
    pub pad: u32,
    /// The rest of the same.
    pub pad_more: [u32; 2],
}

/// What is the same for all cells of a mosaic: `struct Mosaic` in `shaders/mosaic.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Mosaic {
    /// Width and height of a cell.
    pub size_px: [f32; 2],
    /// Where the first column begins.
    pub left_px: f32,
    /// Between two cells.
    pub gap_px: f32,
    /// Between a cell's edge and what is in it.
    pub padding_px: f32,
    /// Height of the caption.
    pub caption_px: f32,
    /// Width of the border around a marked photo.
    pub border_px: f32,
    /// Factor on the light of all photos, 0 to 1.
    pub gain: f32,
    /// The same for those marked as trash.
    pub trashed_gain: f32,
    /// Cells in a row, at least one.
    pub columns: u32,
    /// The index of the first instance.
    pub first: u32,
    /// Number of bands, at least one.
    pub band_count: u32,
    /// 1 where only pictures are drawn.
    pub is_bare: u32,
    /// Side of a micro picture's seat.
    pub edge_px: u32,
    /// Colours: sRGB-encoded bytes, red lowest.
    pub cell: u32,
    /// Of a selected cell.
    pub selected: u32,
    /// Of a photo that nothing is known of.
    pub place: u32,
    /// Of the border of a photo that stays.
    pub keep: u32,
    /// Of the border of a photo that goes.
    pub trash: u32,
    /// WGSL rounds the struct up to 8 bytes.
    pub pad: u32,
}

/// Rows without a break: `struct Band` in `shaders/mosaic.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Band {
    /// The index of its first photo.
    pub first: u32,
    /// Empty cells before it.
    pub blanks: u32,
    /// Where its first row begins.
    pub top_px: f32,
}

/// Who stands at an index: `struct Stand` in `shaders/mosaic.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Stand {
    /// The photo's number.
    pub photo: u32,
}

/// What is kept of a photo: `struct Photo` in `shaders/mosaic.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
pub struct Photo {
    /// Mean colour: sRGB-encoded bytes, red lowest; the highest is 255 where it is known.
    pub mean: u32,
    /// Width as shown, times 65536 the height.
    pub size: u32,
    /// Width of the micro picture, times 256 the height; 0 without one.
    pub micro: u32,
    /// Bits 0 and 1: clockwise quarter turns; bit 4: stays; bit 5: goes; bit 6: selected.
    pub flags: u32,
}

/// A struct that both sides know: name, size in bytes, fields with their offsets in bytes.
pub type Shape = (&'static str, u32, &'static [(&'static str, u32)]);

macro_rules! shape {
    ($name:ident: $($field:ident),+) => {
        (
            stringify!($name),
            size_of::<$name>() as u32,
            &[$((stringify!($field), std::mem::offset_of!($name, $field) as u32)),+],
        )
    };
}

/// All of them.
pub const SHAPES: &[Shape] = &[
    shape!(View: size_px, is_encoding, has_table, shown_from_working, shading, pad, pad_more),
    shape!(Veil: rect_px, origin_px, size_px, page, flags, line_px, pad),
    shape!(Mosaic: size_px, left_px, gap_px, padding_px, caption_px, border_px, gain, trashed_gain,
        columns, first, band_count, is_bare, edge_px, cell, selected, place, keep, trash, pad),
    shape!(Band: first, blanks, top_px),
    shape!(Stand: photo),
    shape!(Photo: mean, size, micro, flags),
    shape!(Tile: rect_px, origin_px, size_px, page, flags, gain, pad),
    shape!(Piece: rect_px, picture_px, size_px, origin_px, flags, space, pad_more),
    shape!(Quad: rect_px, fill, border, radius_px, border_px, glyph, pad, pad_more),
];

/// Whether texels are blended or drawn as squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    /// Averaged in light.
    Linear,
    /// The one under the pixel's middle.
    Nearest,
}

impl Filter {
    /// The filter for a picture that is not asked to be crisp. One that falls texel on pixel is read
    /// without blending: a sampler that rounds its weights cannot then soften what a person looks at
    /// to judge sharpness (`only_texel_on_pixel_needs_no_blending`).
    pub(super) fn fitting(rect_px: [f32; 4], upright_px: [u32; 2]) -> Self {
        let is_whole = rect_px.iter().all(|v| v.fract() == 0.0);
        let is_own_size = rect_px[2] == upright_px[0] as f32 && rect_px[3] == upright_px[1] as f32;
        if is_whole && is_own_size { Self::Nearest } else { Self::Linear }
    }
}

/// The `flags` of a tile or a piece.
pub(super) fn flags(turn: Turn, filter: Filter) -> u32 {
    u32::from(turn.quarter_count())
        + 4 * u32::from(turn.is_mirrored())
        + 8 * u32::from(filter == Filter::Nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texel_on_pixel_needs_no_blending() {
        for (rect_px, expect) in [
            ([5.0, -700.0, 60.0, 40.0], Filter::Nearest),
            ([5.5, 7.0, 60.0, 40.0], Filter::Linear),
            ([5.0, 7.0, 60.0, 40.1], Filter::Linear),
            ([5.0, 7.0, 40.0, 60.0], Filter::Linear),
            ([5.0, 7.0, 120.0, 80.0], Filter::Linear),
            ([f32::NAN, 7.0, 60.0, 40.0], Filter::Linear),
        ] {
            assert_eq!(Filter::fitting(rect_px, [60, 40]), expect, "{rect_px:?}");
        }
    }
}
