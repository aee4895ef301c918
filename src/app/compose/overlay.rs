//! What is laid over photos to judge them by: focus peaking, clipping, detail, thirds.
//!
//! In the grid peaking is read from the detail map, which knows the photo's own pixels; a tile's texels
//! are means of dozens of them, and sharp whatever the photo is. In the loupe it is read from the pixels that
//! are shown: at 1:1 they are the photo's. Nothing is computed here: the shaders do, from what the device has.

use super::Scene;
use crate::core::frame::Frame;
use crate::core::frame::RectPx;
use crate::core::frame::Shading;
use crate::core::frame::Tile;
use crate::core::frame::Veil;
use crate::core::photo::Turn;
use crate::core::review::Stage;

use super::stock::Stock;

/// Smaller photos get no thirds: lines would be all there is to see.
const THIRDS_FROM_PX: f32 = 96.0;

/// Says how pixels are marked in this frame.
pub fn shade(scene: &Scene<'_>, frame: &mut Frame) {
    let overlays = scene.panels.overlays;
    let viewport = scene.viewport;
    let is_loupe = scene.stage == Stage::Loupe;
    frame.shading =
        Shading { is_clipping: overlays.is_clipping, is_peaking: overlays.is_peaking && is_loupe };
    frame.veil_clip_px = if is_loupe { viewport.loupe_area_px() } else { viewport.area_px() };
}

/// Lays what is asked for over a photo that is drawn in `rect_px`; `tile` is what the device has of it.
pub fn lay(
    scene: &Scene<'_>,
    rect_px: RectPx,
    tile: Option<&Tile>,
    turn: Turn,
    stock: &Stock,
    frame: &mut Frame,
) {
    let overlays = scene.panels.overlays;
    let is_grid = scene.stage == Stage::Grid;
    let is_wide = rect_px[2].max(rect_px[3]) >= THIRDS_FROM_PX * scene.scale;
    let veil = Veil {
        rect_px,
        detail: tile.and_then(|tile| stock.detail(tile)),
        turn,
        is_heat: overlays.is_heat,
        is_peaking: overlays.is_peaking && is_grid,
        is_thirds: overlays.is_thirds && is_wide,
        line_px: scene.scale.round().max(1.0),
    };
    let has_tint = veil.detail.is_some() && (veil.is_heat || veil.is_peaking);
    if has_tint || veil.is_thirds {
        frame.veils.push(veil);
    }
}
