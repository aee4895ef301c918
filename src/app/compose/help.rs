//! The list of all keys, drawn from the table that the keys are read from.

use super::Scene;
use super::filled;
use super::text_line;
use super::whole;
use crate::app::input;
use crate::app::input::Binding;
use crate::app::input::Section;
use crate::app::theme;
use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::Quad;
use crate::core::frame::Weight;

/// Width of a column in logical pixels.
const COLUMN: f32 = 330.0;
/// Height of a row in logical pixels.
const ROW: f32 = 23.0;
/// Where the words begin, from the column's left edge, in logical pixels.
const WORDS_AT: f32 = 132.0;
/// The mouse, which no table of keys can tell.
const MOUSE: &[(&str, &str)] = &[
    ("wheel", "scroll; zoom in the loupe"),
    ("Ctrl wheel", "zoom"),
    ("click", "select; 1:1 in the loupe"),
    ("Shift, Ctrl click", "select more"),
    ("drag", "scroll, pan"),
    ("Shift drag", "draw a selection"),
    ("double click", "loupe"),
    ("right click", "menu"),
];

/// Draws the list over everything, in as many columns as fit.
pub fn compose(scene: &Scene<'_>, frame: &mut Frame) {
    let surface = whole(scene);
    frame.overlay.quads.push(filled(surface, theme::HELP));
    // On a small window the list shrinks rather than lose its end.
    let scale = scene.scale.min(surface[2] / (3.0 * COLUMN + 60.0)).min(surface[3] / 690.0);
    let width = 3.0 * COLUMN * scale;
    let left = ((surface[2] - width) / 2.0).round();
    let top = ((surface[3] - 640.0 * scale) / 2.0).max(16.0 * scale).round();
    let columns: [&[Section]; 3] =
        [&input::SECTIONS[..2], &input::SECTIONS[2..3], &input::SECTIONS[3..]];
    for (at, sections) in columns.into_iter().enumerate() {
        let mut pen =
            Pen { at_px: [left + COLUMN * scale * at as f32, top], scale, frame, surface };
        for section in sections {
            pen.section(section);
        }
        if at == 1 {
            pen.mouse();
        }
    }
}

/// Writes a column from the top downwards.
struct Pen<'a> {
    at_px: [f32; 2],
    scale: f32,
    frame: &'a mut Frame,
    surface: [f32; 4],
}

impl Pen<'_> {
    fn section(&mut self, section: &Section) {
        self.heading(section.title);
        for binding in section.bindings {
            self.binding(binding);
        }
        self.at_px[1] += 14.0 * self.scale;
    }

    fn mouse(&mut self) {
        self.heading("Mouse");
        for (what, words) in MOUSE {
            self.cap(|text| text.push_str(what));
            self.words(words);
        }
    }

    fn heading(&mut self, title: &str) {
        let line = text_line(self.at_px, 14.0 * self.scale, theme::TEXT, self.surface);
        self.frame.overlay.write(Line { weight: Weight::SemiBold, ..line }, |t| t.push_str(title));
        self.at_px[1] += 26.0 * self.scale;
    }

    fn binding(&mut self, binding: &Binding) {
        self.cap(|text| {
            for (at, &chord) in binding.chords.iter().take(2).enumerate() {
                text.push_str(if at == 0 { "" } else { " or " });
                input::write_name(chord, text);
            }
        });
        self.words(binding.help);
    }

    fn cap(&mut self, write: impl FnOnce(&mut String)) {
        let scale = self.scale;
        let size_px = 12.0 * scale;
        let line = text_line([0.0; 2], size_px, theme::TEXT, self.surface);
        let overlay = &mut self.frame.overlay;
        overlay.write(Line { align: Align::Middle, ..line }, write);
        let Some(line) = overlay.lines.last_mut() else { return };
        let letters = overlay.text[line.text.clone()].chars().count();
        // Inter's letters are a little over half as wide as high; the cap need not be exact.
        let width = (letters as f32 * 7.0 + 14.0).max(26.0) * scale;
        let right = self.at_px[0] + (WORDS_AT - 12.0) * scale;
        let rect = [right - width, self.at_px[1], width, 19.0 * scale];
        line.at_px = [rect[0] + width / 2.0, rect[1] + (rect[3] - size_px * 1.25) / 2.0];
        let quad = Quad { radius_px: 4.0 * scale, ..filled(rect, theme::RAISED) };
        overlay.quads.push(quad);
    }

    fn words(&mut self, words: &str) {
        let size_px = 12.5 * self.scale;
        let at = [self.at_px[0] + WORDS_AT * self.scale, self.at_px[1] + 1.5 * self.scale];
        let line = text_line(at, size_px, theme::TEXT_DIM, self.surface);
        self.frame.overlay.write(line, |t| t.push_str(words));
        self.at_px[1] += ROW * self.scale;
    }
}
