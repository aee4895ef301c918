//! The line that a filter is typed in: above the status line, so that the photos it finds are seen
//! over it.
//!
//! Mistakes are underlined and the first is told in words; without one, what can be asked is shown.

use super::Scene;
use super::above_status;
use super::filled;
use super::measure;
use super::over;
use super::text_line;
use crate::app::panel::FilterLine;
use crate::app::theme;
use crate::core::frame::Frame;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::frame::Rgba;
use crate::core::frame::Weight;

/// Width in logical pixels.
const WIDTH: f32 = 760.0;
/// Height in logical pixels.
const HEIGHT: f32 = 96.0;
/// Size of what is typed, in logical pixels.
const TYPED: f32 = 15.0;
/// Between the panel's edge and what is in it, in logical pixels.
const PADDING: f32 = 10.0;

/// What can be asked: the longest that fits is shown.
const EXAMPLES: [&str; 4] = [
    "keep   trash   undecided   stars>=3   iso>1600   date:2026-05-03   camera:\"EOS R5\"   \
     tag:cake   p<0.2   sharp<0.3   burst   not   or   ( )",
    "keep   undecided   stars>=3   iso>1600   date:2026-05   tag:cake   not   or   ( )",
    "keep   undecided   stars>=3   tag:cake   not   or",
    "undecided   stars>=3",
];

/// What the keys do; with a mistake, the last.
const KEYS: [&str; 3] =
    ["Enter keeps the filter   Esc goes back", "Enter keeps it", "Esc goes back"];

/// Draws the line.
pub fn compose(scene: &Scene<'_>, line: &FilterLine, frame: &mut Frame) {
    let scale = scene.scale;
    let room = above_status(scene);
    let width = (WIDTH * scale).min(room[2] - 24.0 * scale).max(1.0);
    let left = ((room[2] - width) / 2.0).round();
    let top = (room[3] - (HEIGHT + 12.0) * scale).max(0.0).round();
    let rect = [left, top, width, HEIGHT * scale];
    over::panel(scene, rect, scale, frame);
    let padding = PADDING * scale;
    let field = [left + padding, top + padding, width - 2.0 * padding, 32.0 * scale];
    let quad = Quad { radius_px: 4.0 * scale, ..filled(field, scene.palette.background) };
    frame.overlay.quads.push(quad);
    draw_typed(scene, line, field, scale, frame);
    let text_at = |row: f32| [field[0] + padding, field[1] + field[3] + (7.0 + row * 19.0) * scale];
    match line.reading.diagnostics.first() {
        Some(mistake) => {
            draw_words(&mistake.words, text_at(0.0), scene.palette.trouble, field, scale, frame);
        }
        None => {
            let words = fitting(&EXAMPLES, field[2] - 2.0 * padding, scale);
            draw_words(words, text_at(0.0), scene.palette.text_dim, field, scale, frame);
        }
    }
    let keys = if line.reading.diagnostics.is_empty() { &KEYS[..] } else { &KEYS[2..] };
    let words = fitting(keys, field[2] - 2.0 * padding, scale);
    draw_words(words, text_at(1.0), scene.palette.text_dim, field, scale, frame);
}

/// What has been typed, its end where it is longer than the field, with its mistakes underlined.
fn draw_typed(scene: &Scene<'_>, line: &FilterLine, field: RectPx, scale: f32, frame: &mut Frame) {
    let size_px = TYPED * scale;
    let padding = PADDING * scale;
    let room = field[2] - 2.0 * padding;
    let width_px = |text: &str| measure::width_px(text, size_px, Weight::Regular);
    // The caret's letter is a few pixels wide, and measured as an em.
    let hidden = (width_px(&line.text) + size_px - room).max(0.0);
    let at = [field[0] + padding - hidden, field[1] + (field[3] - size_px * 1.25) / 2.0];
    let clip = [field[0] + padding / 2.0, field[1], field[2] - padding, field[3]];
    let colour = if line.text.is_empty() { scene.palette.text_dim } else { scene.palette.text };
    frame.overlay.write(text_line(at, size_px, colour, clip), |text| {
        text.push_str(if line.text.is_empty() { "filter" } else { &line.text });
        text.push('▏');
    });
    for mistake in &line.reading.diagnostics {
        let from = at[0] + width_px(&line.text[..mistake.range.start]);
        let to = from + width_px(&line.text[mistake.range.clone()]);
        let [from, to] = [from, to].map(|x| x.clamp(clip[0], clip[0] + clip[2]));
        let rect = [from, field[1] + field[3] - 7.0 * scale, to - from, (2.0 * scale).round()];
        frame.overlay.quads.push(filled(rect, scene.palette.trouble));
    }
}

fn draw_words(
    words: &str,
    at: [f32; 2],
    colour: Rgba,
    clip: RectPx,
    scale: f32,
    frame: &mut Frame,
) {
    let clip = [clip[0], at[1] - scale, clip[2], 18.0 * scale];
    let line = text_line(at, theme::CAPTION_SIZE * scale, colour, clip);
    frame.overlay.write(line, |text| text.push_str(words));
}

/// The first of `choices` that fits, else the last.
fn fitting(choices: &[&'static str], room: f32, scale: f32) -> &'static str {
    let size_px = theme::CAPTION_SIZE * scale;
    let fits = |words: &&&str| measure::width_px(words, size_px, Weight::Regular) <= room;
    choices.iter().find(fits).or(choices.last()).copied().unwrap_or_default()
}
