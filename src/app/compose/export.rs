//! The panel of photos on their way out.
//!
//! Choices in rows, what would happen below them in words with counts and sizes, then what the keys
//! do; while it happens, a bar.

use super::Scene;
use super::above_status;
use super::filled;
use super::measure;
use super::over;
use super::text_line;
use crate::app::panel::export::ACTIONS;
use crate::app::panel::export::ExportPanel;
use crate::app::panel::export::Row;
use crate::app::panel::export::State;
use crate::app::panel::export::WHICH;
use crate::app::theme;
use crate::app::theme::palette::Palette;
use crate::core::frame::Frame;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::frame::Rgba;
use crate::core::frame::Weight;

/// Width in logical pixels.
const WIDTH: f32 = 620.0;
/// Height in logical pixels.
const HEIGHT: f32 = 240.0;
/// Height of a row in logical pixels.
const ROW: f32 = 32.0;
/// Around all in logical pixels.
const PADDING: f32 = 16.0;
/// Where choices begin, from the left edge, in logical pixels.
const CHOICES_AT: f32 = 84.0;

/// Draws the panel.
pub fn compose(scene: &Scene<'_>, panel: &ExportPanel, frame: &mut Frame) {
    let scale = scene.scale;
    let room = above_status(scene);
    let width = (WIDTH * scale).min(room[2] - 24.0 * scale).max(1.0);
    let left = ((room[2] - width) / 2.0).round();
    let top = ((room[3] - HEIGHT * scale) / 3.0).max(0.0).round();
    let rect = [left, top, width, HEIGHT * scale];
    over::panel(scene, rect, scale, frame);
    let mut pen = Pen { rect, scale, palette: scene.palette, frame };
    pen.choices(0.0, "photos", WHICH.map(|(_, words)| words).as_slice(), panel.which);
    pen.choices(1.0, "do", ACTIONS.map(|(_, words)| words).as_slice(), panel.action);
    pen.folder(panel);
    if let Some((title, choices, chosen)) = panel.forms() {
        pen.choices(3.0, title, choices, chosen);
    }
    let row = match panel.row {
        Row::Which => 0.0,
        Row::Action => 1.0,
        Row::Folder => 2.0,
        Row::Form => 3.0,
    };
    pen.mark(row);
    pen.state(panel);
}

struct Pen<'a> {
    rect: RectPx,
    scale: f32,
    palette: &'static Palette,
    frame: &'a mut Frame,
}

impl Pen<'_> {
    /// The top left corner of a row.
    fn at(&self, row: f32) -> [f32; 2] {
        let [left, top, ..] = self.rect;
        [left + PADDING * self.scale, top + (PADDING + ROW * row) * self.scale]
    }

    fn write(&mut self, at: [f32; 2], colour: Rgba, write: impl FnOnce(&mut String)) {
        let [left, top, width, height] = self.rect;
        let padding = PADDING * self.scale;
        let clip = [left + padding, top, width - 2.0 * padding, height];
        let line = text_line(at, theme::TEXT_SIZE * self.scale, colour, clip);
        self.frame.overlay.write(line, write);
    }

    fn choices(&mut self, row: f32, title: &str, choices: &[&str], chosen: usize) {
        let scale = self.scale;
        let at = self.at(row);
        let text_top = at[1] + 7.0 * scale;
        self.write([at[0] + 8.0 * scale, text_top], self.palette.text_dim, |t| t.push_str(title));
        let mut left = at[0] + CHOICES_AT * scale;
        for (number, words) in choices.iter().enumerate() {
            let size_px = theme::TEXT_SIZE * scale;
            let width = measure::width_px(words, size_px, Weight::Regular) + 20.0 * scale;
            if number == chosen {
                let rect = [left, at[1] + 3.0 * scale, width.round(), 25.0 * scale];
                let quad = Quad { radius_px: 4.0 * scale, ..filled(rect, self.palette.raised) };
                self.frame.overlay.quads.push(quad);
            }
            let colour = if number == chosen { self.palette.text } else { self.palette.text_dim };
            self.write([left + 10.0 * scale, text_top], colour, |t| t.push_str(words));
            left += width + 6.0 * scale;
        }
    }

    /// The folder, its end where it is longer than the field.
    fn folder(&mut self, panel: &ExportPanel) {
        if !panel.has_folder() {
            return;
        }
        let scale = self.scale;
        let at = self.at(2.0);
        let text_top = at[1] + 7.0 * scale;
        self.write([at[0] + 8.0 * scale, text_top], self.palette.text_dim, |t| t.push_str("to"));
        let right = self.rect[0] + self.rect[2] - PADDING * scale;
        let left = at[0] + CHOICES_AT * scale;
        let field = [left, at[1] + 3.0 * scale, (right - left).max(0.0), 26.0 * scale];
        let quad = Quad { radius_px: 4.0 * scale, ..filled(field, self.palette.background) };
        self.frame.overlay.quads.push(quad);
        let size_px = theme::TEXT_SIZE * scale;
        let width = measure::width_px(panel.place(), size_px, Weight::Regular);
        let hidden = (width + size_px - field[2] + 20.0 * scale).max(0.0);
        let clip = [left + 6.0 * scale, field[1], (field[2] - 12.0 * scale).max(0.0), field[3]];
        let line =
            text_line([left + 10.0 * scale - hidden, text_top], size_px, self.palette.text, clip);
        self.frame.overlay.write(line, |text| {
            text.push_str(panel.place());
            if panel.row == Row::Folder {
                text.push('▏');
            }
        });
    }

    /// A bar at the left edge of the marked row.
    fn mark(&mut self, row: f32) {
        let at = self.at(row);
        let rect = [
            at[0] - 4.0 * self.scale,
            at[1] + 5.0 * self.scale,
            3.0 * self.scale,
            21.0 * self.scale,
        ];
        self.frame.overlay.quads.push(filled(rect, self.palette.current));
    }

    fn state(&mut self, panel: &ExportPanel) {
        let below = |pen: &Self, row: f32| {
            let [left, top] = pen.at(4.0 + row * 0.75);
            [left + 8.0 * pen.scale, top + 12.0 * pen.scale]
        };
        let (first, second, third) = (below(self, 0.0), below(self, 1.0), below(self, 2.0));
        let [said, more] = panel.said();
        let keys = match panel.state() {
            State::Looking => "Esc closes",
            State::Offered(offer) => match (panel.plan(), offer.interrupted, offer.undoable) {
                (_, Some(_), _) => {
                    "Ctrl R goes on with what was stopped   Enter begins   Esc closes"
                }
                (Some(_), _, Some(_)) => "Enter begins   Ctrl Z brings the last back   Esc closes",
                (Some(_), ..) => "Enter begins   Esc closes",
                (None, _, Some(_)) => "Ctrl Z brings the last back   Esc closes",
                _ => "Esc closes",
            },
            State::Running { photo_count, tried_count, bytes, bytes_done, .. } => {
                self.bar(first, (*photo_count, *tried_count), (*bytes, *bytes_done));
                "Space pauses, or goes on   Backspace stops   Esc closes, it goes on"
            }
            State::Ended { can_undo: true, .. } => {
                "Ctrl Z brings them back   Enter: what else   Esc closes"
            }
            State::Ended { .. } => "Enter: what else   Esc closes",
        };
        let is_trouble = matches!(panel.state(), State::Offered(offer) if offer.plan.is_err());
        let colour = if is_trouble { self.palette.trouble } else { self.palette.text };
        self.write(first, colour, |t| t.push_str(said));
        self.write(second, self.palette.text_dim, |t| t.push_str(more));
        self.write(third, self.palette.text_dim, |t| t.push_str(keys));
    }

    fn bar(&mut self, at: [f32; 2], photos: (usize, usize), bytes: (u64, u64)) {
        let scale = self.scale;
        let share = match (photos, bytes) {
            (_, (all, done)) if all > 0 => done as f32 / all as f32,
            ((all, done), _) => done as f32 / all.max(1) as f32,
        };
        let width = self.rect[2] - 2.0 * (PADDING + 8.0) * scale;
        let groove = [at[0], at[1] + 4.0 * scale, width, 6.0 * scale];
        let quad = Quad { radius_px: 3.0 * scale, ..filled(groove, self.palette.background) };
        self.frame.overlay.quads.push(quad);
        let done = [groove[0], groove[1], width * share.clamp(0.0, 1.0), groove[3]];
        let quad = Quad { radius_px: 3.0 * scale, ..filled(done, theme::KEEP) };
        self.frame.overlay.quads.push(quad);
    }
}
