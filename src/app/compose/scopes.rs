//! Histogram and RGB parade of the current photo, in the upper right corner over the photos.
//!
//! ```text
//! +------------------------+   histogram: the channels in one picture, the darkest at the left; where
//! |  .:|:.   histogram  .| |   channels lie over one another it is lighter. A square in an upper corner:
//! +------------------------+   a channel that is full, or empty, in a good part of the photo.
//! | red   | green | blue   |   parade: for each channel the photo's columns from left to right, and in
//! |  ~--  |  ~--  |  ~--   |   each how often a value is there, the brightest at the top.
//! +------------------------+
//! ```

use super::Scene;
use super::filled;
use super::over;
use super::text_line;
use crate::app::theme;
use crate::core::frame::Frame;
use crate::core::frame::RectPx;
use crate::core::frame::Rgba;
use crate::core::scopes::BINS;
use crate::core::scopes::COLUMNS;
use crate::core::scopes::LEVELS;
use crate::core::scopes::Scopes;
use crate::jobs::board::Slot;
use crate::jobs::board::Stage;

/// Width and height of either chart, and what is around them, in logical pixels.
const CHART: [f32; 2] = [256.0, 96.0];
const MARGIN: f32 = 10.0;
/// Between two channels of the parade, in logical pixels.
const GAP: f32 = 5.0;
/// A corner is lit from here on: a sixteenth of what the most frequent value has.
const LIT_FROM: u8 = 64;
const CORNER: f32 = 6.0;

/// Draws both over the photos' upper right corner.
pub fn compose(scene: &Scene<'_>, frame: &mut Frame) {
    let Some(photo) = scene.review.current() else { return };
    let Some(slot) = scene.board.slot(photo) else { return };
    let [left, top, width, height] = scene.viewport.area_px();
    let size = [CHART[0] + 2.0 * MARGIN, 2.0 * CHART[1] + 3.0 * MARGIN];
    let scale = scene.scale.min(width / (size[0] + 24.0)).min(height / (size[1] + 24.0)).max(0.1);
    let whole = |v: f32| (v * scale).round();
    let [panel_width, panel_height] = size.map(whole);
    let panel =
        [left + width - panel_width - whole(12.0), top + whole(12.0), panel_width, panel_height];
    over::panel(scene, panel, scale, frame);
    let at = |row: f32| -> RectPx {
        let y = panel[1] + whole(MARGIN) + row * whole(CHART[1] + MARGIN);
        [panel[0] + whole(MARGIN), y, whole(CHART[0]), whole(CHART[1])]
    };
    frame.overlay.quads.extend([0.0, 1.0].map(|row| filled(at(row), theme::SCOPE_GROUND)));
    match slot.tile().as_ref().and_then(|tile| tile.scopes.as_deref()) {
        Some(scopes) => {
            histogram(scopes, at(0.0), frame);
            corners(scopes, at(0.0), scale, frame);
            parade(scopes, at(1.0), whole(GAP), frame);
        }
        None => excuse(slot, at(0.0), scale, frame),
    }
}

/// Why nothing is drawn.
fn excuse(slot: &Slot, chart: RectPx, scale: f32, frame: &mut Frame) {
    let words = match slot.stage() {
        Stage::Failed => "the photo cannot be shown",
        _ => "counted once the photo is decoded",
    };
    let size_px = theme::CAPTION_SIZE * scale;
    let place = [chart[0] + MARGIN * scale, chart[1] + chart[3] / 2.0 - size_px * 0.625];
    let line = text_line(place, size_px, theme::SCOPE_TEXT, chart);
    frame.overlay.write(line, |text| text.push_str(words));
}

/// The colour of light that has these channels.
const fn light(has: [bool; 3]) -> Rgba {
    match has {
        [true, true, true] => theme::SCOPE_ALL,
        [true, true, false] => theme::SCOPE_YELLOW,
        [true, false, true] => theme::SCOPE_MAGENTA,
        [false, true, true] => theme::SCOPE_CYAN,
        [true, ..] => theme::SCOPE_RED,
        [_, true, _] => theme::SCOPE_GREEN,
        [.., true] => theme::SCOPE_BLUE,
        [false, false, false] => theme::SCOPE_GROUND,
    }
}

fn histogram(scopes: &Scopes, chart: RectPx, frame: &mut Frame) {
    let channels = [0, 1, 2].map(|channel| scopes.histogram(channel));
    for bin in 0..BINS {
        let edge = |bin: usize| (chart[0] + chart[2] * bin as f32 / BINS as f32).round();
        let values = channels.map(|channel| channel[bin]);
        let mut steps = values;
        steps.sort_unstable();
        let mut below = 0.0;
        for step in steps {
            let height = (chart[3] * f32::from(step) / 255.0).round();
            if height > below {
                let colour = light(values.map(|value| value >= step));
                let rect = [
                    edge(bin),
                    chart[1] + chart[3] - height,
                    edge(bin + 1) - edge(bin),
                    height - below,
                ];
                frame.overlay.quads.push(filled(rect, colour));
                below = height;
            }
        }
    }
}

/// Lights the upper corners where channels are empty or full.
fn corners(scopes: &Scopes, chart: RectPx, scale: f32, frame: &mut Frame) {
    let side = (CORNER * scale).round();
    let inset = (3.0 * scale).round();
    for (bin, left) in [(0, chart[0] + inset), (BINS - 1, chart[0] + chart[2] - inset - side)] {
        let has = [0, 1, 2].map(|channel| scopes.histogram(channel)[bin] >= LIT_FROM);
        if has.contains(&true) {
            let rect = [left, chart[1] + inset, side, side];
            frame.overlay.quads.push(filled(rect, light(has)));
        }
    }
}

fn parade(scopes: &Scopes, chart: RectPx, gap: f32, frame: &mut Frame) {
    let width = (chart[2] - 2.0 * gap) / 3.0;
    for channel in 0..3 {
        let left = chart[0] + channel as f32 * (width + gap);
        let [red, green, blue, _] = light([0, 1, 2].map(|at| at == channel));
        for column in 0..COLUMNS {
            let x = |column: usize| (left + width * column as f32 / COLUMNS as f32).round();
            for (level, &share) in scopes.parade(channel, column).iter().enumerate() {
                if share == 0 {
                    continue;
                }
                let y = |level: usize| {
                    (chart[1] + chart[3] * (1.0 - level as f32 / LEVELS as f32)).round()
                };
                let rect =
                    [x(column), y(level + 1), x(column + 1) - x(column), y(level) - y(level + 1)];
                // A single pixel is seen, and the most frequent value does not dazzle.
                let alpha = 40 + (u16::from(share) * 215 / 255) as u8;
                frame.overlay.quads.push(filled(rect, [red, green, blue, alpha]));
            }
        }
    }
}
