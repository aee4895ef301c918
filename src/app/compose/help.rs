//! The list of all keys, drawn from the table that the keys are read from.
//!
//! In one, two or three columns after the window's width; what is higher than the window is scrolled
//! (the wheel, the arrows), never shrunk until it cannot be read.

use super::Scene;
use super::above_status;
use super::filled;
use super::measure;
use super::text_line;
use crate::app::input;
use crate::app::input::Binding;
use crate::app::input::Section;
use crate::app::theme;
use crate::app::theme::palette::Palette;
use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::Quad;
use crate::core::frame::Weight;

/// Width of a column in logical pixels.
const COLUMN: f32 = 340.0;
/// Height of a row in logical pixels.
const ROW: f32 = 23.0;
/// Where the words begin, from the column's left edge, in logical pixels.
const WORDS_AT: f32 = 140.0;
/// Height of a heading in logical pixels.
const HEADING: f32 = 26.0;
/// Below a group, in logical pixels.
const BELOW: f32 = 14.0;
/// Around the list, in logical pixels.
const MARGIN: f32 = 24.0;
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

/// A group of the list: a heading with its lines.
#[derive(Clone, Copy)]
enum Block {
    /// A section of the table of keys, by its place there.
    Keys(usize),
    /// What the mouse does.
    Mouse,
}

/// The list in one, two and three columns of about the same height.
const LAYOUTS: [&[&[Block]]; 3] = [
    &[&[
        Block::Keys(0),
        Block::Keys(1),
        Block::Keys(2),
        Block::Mouse,
        Block::Keys(3),
        Block::Keys(4),
        Block::Keys(5),
    ]],
    &[
        &[Block::Keys(0), Block::Keys(1), Block::Keys(4), Block::Keys(5)],
        &[Block::Keys(2), Block::Keys(3), Block::Mouse],
    ],
    &[
        &[Block::Keys(0), Block::Keys(1)],
        &[Block::Keys(2), Block::Mouse, Block::Keys(5)],
        &[Block::Keys(3), Block::Keys(4)],
    ],
];

impl Block {
    /// Its height in logical pixels.
    fn height(self) -> f32 {
        let row_count = match self {
            Self::Keys(at) => input::SECTIONS[at].bindings.len(),
            Self::Mouse => MOUSE.len(),
        };
        HEADING + ROW * row_count as f32 + BELOW
    }
}

/// Where the list lies in the room that panels have.
struct Layout {
    columns: &'static [&'static [Block]],
    /// Physical pixels for a logical pixel: less than the window's where not even one column fits.
    scale: f32,
    left_px: f32,
    top_px: f32,
    /// How far it can be scrolled.
    overflow_px: f32,
}

impl Layout {
    fn new(surface_px: [f32; 2], scale: f32) -> Self {
        let scale = scale.min(surface_px[0] / (COLUMN + 2.0 * MARGIN));
        let fitting = ((surface_px[0] / scale - 2.0 * MARGIN) / COLUMN) as usize;
        let columns = LAYOUTS[fitting.clamp(1, LAYOUTS.len()) - 1];
        let heights = columns.iter().map(|c| c.iter().map(|block| block.height()).sum());
        let height_px = heights.fold(0.0, f32::max) * scale;
        let margin_px = MARGIN * scale;
        let free_px = surface_px[1] - height_px;
        Self {
            columns,
            scale,
            left_px: ((surface_px[0] - COLUMN * columns.len() as f32 * scale) / 2.0).round(),
            top_px: (free_px / 2.0).max(margin_px).round(),
            overflow_px: (2.0 * margin_px - free_px).max(0.0),
        }
    }
}

/// How far the list can be scrolled in a window, in pixels; 0 where all of it can be seen.
#[must_use]
pub fn overflow_px(window_px: [f32; 2], scale: f32) -> f32 {
    Layout::new(theme::panel_size(window_px, scale), scale).overflow_px
}

/// Draws the list over everything, in as many columns as fit, scrolled by `scroll_px`.
pub fn compose(scene: &Scene<'_>, scroll_px: f32, frame: &mut Frame) {
    let surface = above_status(scene);
    frame.overlay.quads.push(filled(surface, scene.palette.help));
    let layout = Layout::new([surface[2], surface[3]], scene.scale);
    let scale = layout.scale;
    // The window may have grown since it was scrolled.
    let scroll_px = scroll_px.clamp(0.0, layout.overflow_px);
    for (at, blocks) in layout.columns.iter().enumerate() {
        let left = layout.left_px + COLUMN * scale * at as f32;
        let at_px = [left, layout.top_px - scroll_px];
        let mut pen = Pen { at_px, scale, palette: scene.palette, frame, surface };
        for block in *blocks {
            match *block {
                Block::Keys(section) => pen.section(&input::SECTIONS[section]),
                Block::Mouse => pen.mouse(),
            }
        }
    }
    if layout.overflow_px > 0.0 {
        draw_scroll_bar(scene, scroll_px, &layout, frame);
    }
}

/// Says that there is more, and where one is in it.
fn draw_scroll_bar(scene: &Scene<'_>, scroll_px: f32, layout: &Layout, frame: &mut Frame) {
    let surface = above_status(scene);
    let width = (4.0 * layout.scale).round();
    let share = surface[3] / (surface[3] + layout.overflow_px);
    let top = surface[3] * scroll_px / (surface[3] + layout.overflow_px);
    let rect = [surface[2] - 2.0 * width, top.round(), width, (surface[3] * share).round()];
    let quad = Quad { radius_px: width / 2.0, ..filled(rect, scene.palette.raised) };
    frame.overlay.quads.push(quad);
}

/// Writes a column from the top downwards.
struct Pen<'a> {
    at_px: [f32; 2],
    scale: f32,
    palette: &'static Palette,
    frame: &'a mut Frame,
    surface: [f32; 4],
}

impl Pen<'_> {
    fn section(&mut self, section: &Section) {
        self.heading(section.title);
        for binding in section.bindings {
            self.binding(binding);
        }
        self.at_px[1] += BELOW * self.scale;
    }

    fn mouse(&mut self) {
        self.heading("Mouse");
        for (what, words) in MOUSE {
            self.cap(|text| text.push_str(what));
            self.words(words);
        }
        self.at_px[1] += BELOW * self.scale;
    }

    fn heading(&mut self, title: &str) {
        let line = text_line(self.at_px, 14.0 * self.scale, self.palette.text, self.surface);
        self.frame.overlay.write(Line { weight: Weight::SemiBold, ..line }, |t| t.push_str(title));
        self.at_px[1] += HEADING * self.scale;
    }

    fn binding(&mut self, binding: &Binding) {
        self.cap(|text| {
            for (at, &chord) in
                input::keys::KeyMap::in_use().chords(binding).iter().take(2).enumerate()
            {
                text.push_str(if at == 0 { "" } else { " or " });
                input::write_name(chord, text);
            }
        });
        self.words(binding.help);
    }

    fn cap(&mut self, write: impl FnOnce(&mut String)) {
        let scale = self.scale;
        let size_px = 12.0 * scale;
        let line = text_line([0.0; 2], size_px, self.palette.text, self.surface);
        let overlay = &mut self.frame.overlay;
        overlay.write(Line { align: Align::Middle, ..line }, write);
        let Some(line) = overlay.lines.last_mut() else { return };
        let text_width = measure::width_px(&overlay.text[line.text.clone()], size_px, line.weight);
        let width = (text_width + 14.0 * scale).max(26.0 * scale).round();
        let right = self.at_px[0] + (WORDS_AT - 12.0) * scale;
        let rect = [right - width, self.at_px[1], width, 19.0 * scale];
        line.at_px = [rect[0] + width / 2.0, rect[1] + (rect[3] - size_px * 1.25) / 2.0];
        let quad = Quad { radius_px: 4.0 * scale, ..filled(rect, self.palette.raised) };
        overlay.quads.push(quad);
    }

    fn words(&mut self, words: &str) {
        let size_px = 12.5 * self.scale;
        let at = [self.at_px[0] + WORDS_AT * self.scale, self.at_px[1] + 1.5 * self.scale];
        let line = text_line(at, size_px, self.palette.text_dim, self.surface);
        self.frame.overlay.write(line, |t| t.push_str(words));
        self.at_px[1] += ROW * self.scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_stands_in_every_layout_once() {
        let group_count = input::SECTIONS.len() + 1;
        for columns in LAYOUTS {
            let mut groups: Vec<usize> = columns
                .iter()
                .flat_map(|blocks| blocks.iter())
                .map(|block| match block {
                    Block::Keys(at) => *at,
                    Block::Mouse => input::SECTIONS.len(),
                })
                .collect();
            groups.sort_unstable();
            assert!(groups.into_iter().eq(0..group_count), "{} columns", columns.len());
        }
    }

    #[test]
    fn a_large_window_shows_all_and_a_small_one_scrolls() {
        assert_eq!(overflow_px([1600.0, 1000.0], 1.0), 0.0);
        assert_eq!(overflow_px([3840.0, 2160.0], 2.0), 0.0);
        assert!(overflow_px([600.0, 450.0], 2.0) > 450.0);
        assert_eq!(Layout::new([1100.0, 800.0], 1.0).columns.len(), 3);
        assert_eq!(Layout::new([800.0, 800.0], 1.0).columns.len(), 2);
        assert_eq!(Layout::new([600.0, 450.0], 2.0).columns.len(), 1);
    }
}
