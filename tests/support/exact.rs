//! What tests of exact pixels share: a picture that hides no mistake, and the comparison.

use std::sync::Arc;

use rushlight::core::colour::Space;
use rushlight::core::frame::Picture;
use rushlight::core::frame::RectPx;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;
use rushlight::gpu::capture::Capture;
use rushlight::gpu::device::Device;

use super::studio::painted;

/// What `studio::frame` is filled with.
pub const GROUND: [u8; 4] = [24, 24, 24, 255];
/// A clip that cuts nothing.
pub const EVERYWHERE: RectPx = [0.0, 0.0, 1e6, 1e6];

/// A picture in which every texel differs from those beside it, black and white among them.
pub fn noise(size_px: [u32; 2]) -> Arc<Texels> {
    Arc::new(painted(size_px, |x, y| {
        let mixed = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).rotate_left(11);
        let [r, g, b, _] = mixed.wrapping_mul(0xC2B2_AE3D).to_le_bytes();
        if (x + y) % 7 == 0 { [0, 0, 0] } else { [r, g, b] }
    }))
}

/// A large picture of the working space that nothing cuts, turns or stands in for.
pub fn picture(key: u64, texels: &Arc<Texels>, rect_px: RectPx) -> Picture {
    Picture {
        key,
        texels: Arc::new(Texels::clone(texels).in_space(Space::Working)),
        rect_px,
        clip_px: EVERYWHERE,
        turn: Turn::NONE,
        is_crisp: false,
        stand_in: None,
    }
}

/// Where `rect_px` is on a surface of `size_px`, each pixel is `inside`; elsewhere the background.
#[track_caller]
pub fn check_only(found: &Texels, rect_px: [u32; 4], inside: impl Fn(u32, u32) -> [u8; 4]) {
    let [left, top, width, height] = rect_px;
    let [columns, rows] = found.size_px();
    for y in 0..rows {
        for x in 0..columns {
            let is_inside = (left..left + width).contains(&x) && (top..top + height).contains(&y);
            let expect = if is_inside { inside(x - left, y - top) } else { GROUND };
            assert_eq!(found.texel(x, y), expect, "pixel ({x}, {y})");
        }
    }
}

/// Something to draw to that is not read back.
pub fn target(device: &Device, size_px: [u32; 2]) -> wgpu::TextureView {
    Capture::new(device, size_px).expect("the size is drawable").target().clone()
}
