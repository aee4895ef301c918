//! Lines of text, through glyphon: shaped once, drawn many times.
//!
//! Inter is built in, in the frame's two weights, so that nothing is searched at the start. What
//! Inter lacks (a file name in Japanese) is a box until [`load_system_fonts`], which takes a
//! quarter of a second and runs on a thread of its owner's, has given a [`FontDatabase`].
//!
//! A line stays one line: control characters, line ends among them, are drawn as spaces. It begins
//! on a whole pixel, so that the same word looks the same everywhere.

use std::collections::HashMap;

use glyphon::Buffer;
use glyphon::FontSystem;
use glyphon::SwashCache;
use glyphon::TextArea;
use glyphon::TextAtlas;
use glyphon::TextBounds;
use glyphon::TextRenderer;
use glyphon::Viewport;
use glyphon::cosmic_text;
use glyphon::fontdb;

use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::Stratum;
use crate::core::frame::Weight;

use super::clip::Clip;

const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
const SEMI_BOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");

/// The family's name in both files.
const FAMILY: &str = "Inter";

/// Height of a line's box over its font size: what [`Line`] promises.
const LINE_HEIGHT: f32 = 1.25;

/// Shaped lines kept: some screens of a grid with names, about 10 MB.
const SHAPED_MAX: usize = 4096;

/// The fonts that text is drawn with. Inter is always in it, and first: a letter that was drawn
/// stays the same letter after another database has been put in place.
#[derive(Debug, Clone)]
pub struct FontDatabase(fontdb::Database);

impl FontDatabase {
    /// Inter alone.
    fn built_in() -> Self {
        let mut fonts = fontdb::Database::new();
        for face in [REGULAR, SEMI_BOLD] {
            fonts.load_font_source(fontdb::Source::Binary(std::sync::Arc::new(face)));
        }
        Self(fonts)
    }
}

/// Inter and every font of the system. Takes a quarter of a second: not for the window's thread.
#[must_use]
pub fn load_system_fonts() -> FontDatabase {
    let mut fonts = FontDatabase::built_in();
    fonts.0.load_system_fonts();
    fonts
}

/// Which of a frame's strata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    Base,
    Overlay,
}

/// Draws lines of text.
pub(super) struct Text {
    fonts: FontSystem,
    glyphs: SwashCache,
    viewport: Viewport,
    atlas: TextAtlas,
    layers: [(TextRenderer, bool); 2],
    shaped: Shaped,
}

impl Text {
    pub(super) fn new(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        format: wgpu::TextureFormat,
    ) -> Self {
        let cache = glyphon::Cache::new(device);
        let viewport = Viewport::new(device, &cache);
        let mode =
            if format.is_srgb() { glyphon::ColorMode::Accurate } else { glyphon::ColorMode::Web };
        let mut atlas = TextAtlas::with_color_mode(device, queue, &cache, format, mode);
        let layers = std::array::from_fn(|_| {
            let samples = wgpu::MultisampleState::default();
            (TextRenderer::new(&mut atlas, device, samples, None), false)
        });
        let fonts = system(FontDatabase::built_in());
        let glyphs = SwashCache::new();
        Self { fonts, glyphs, viewport, atlas, layers, shaped: Shaped::default() }
    }

    /// Draws with other fonts from the next frame on.
    pub(super) fn use_fonts(&mut self, fonts: FontDatabase) {
        self.fonts = system(fonts);
        self.shaped = Shaped::default();
    }

    /// Shapes the lines of a new frame and copies them to the device. A stratum whose letters do
    /// not fit on the device is left out, and the answer is why.
    pub(super) fn send(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        frame: &Frame,
    ) -> Result<(), glyphon::PrepareError> {
        let [width, height] = frame.size_px;
        self.viewport.update(queue, glyphon::Resolution { width, height });
        // What the last frame used may go if this one needs the room.
        self.atlas.trim();
        self.shaped.begin_frame();
        let mut outcome = Ok(());
        for (at, stratum) in [&frame.base, &frame.overlay].into_iter().enumerate() {
            for line in &stratum.lines {
                self.shaped.shape(&mut self.fonts, line, stratum.text_of(line));
            }
            let shaped = &self.shaped;
            let areas =
                stratum.lines.iter().filter_map(|line| area(shaped, stratum, line, frame.size_px));
            let (renderer, is_ready) = &mut self.layers[at];
            let prepared = renderer.prepare(
                device,
                queue,
                &mut self.fonts,
                &mut self.atlas,
                &self.viewport,
                areas,
                &mut self.glyphs,
            );
            *is_ready = prepared.is_ok() && !stratum.lines.is_empty();
            outcome = outcome.and(prepared);
        }
        outcome
    }

    /// Draws the lines of one stratum; gives the number of draws, 0 or 1.
    pub(super) fn draw(&self, pass: &mut wgpu::RenderPass<'_>, layer: Layer) -> u32 {
        let (renderer, is_ready) = &self.layers[layer as usize];
        if !is_ready {
            return 0;
        }
        renderer
            .render(&self.atlas, &self.viewport, pass)
            .expect("the text was prepared for this surface and nothing was trimmed since");
        1
    }
}

fn system(fonts: FontDatabase) -> FontSystem {
    // The locale decides between Chinese and Japanese shapes of the same letter, and nothing else.
    FontSystem::new_with_locale_and_db("en-US".to_owned(), fonts.0)
}

/// Where a line goes; `None` where nothing of it can be seen.
fn area<'a>(
    shaped: &'a Shaped,
    stratum: &Stratum,
    line: &Line,
    size_px: [u32; 2],
) -> Option<TextArea<'a>> {
    let clip = Clip::cut(line.clip_px, size_px)?;
    let entry = shaped.get(line, stratum.text_of(line))?;
    let before = match line.align {
        Align::Left => 0.0,
        Align::Middle => entry.width_px * 0.5,
        Align::Right => entry.width_px,
    };
    let [red, green, blue, alpha] = line.colour;
    Some(TextArea {
        buffer: &entry.buffer,
        left: (line.at_px[0] - before).round(),
        top: line.at_px[1].round(),
        scale: 1.0,
        bounds: TextBounds {
            left: clip.left as i32,
            top: clip.top as i32,
            right: clip.right as i32,
            bottom: clip.bottom as i32,
        },
        default_color: glyphon::Color::rgba(red, green, blue, alpha),
        custom_glyphs: &[],
    })
}

/// What shaped lines have in common: size (as its bits, which can be compared) and weight.
type Face = (u32, Weight);

/// A shaped line.
struct Entry {
    buffer: Buffer,
    width_px: f32,
    seen_frame: u64,
}

/// The shaped lines, by face and text: two steps, so that a look-up allocates nothing.
#[derive(Default)]
struct Shaped {
    faces: HashMap<Face, HashMap<Box<str>, Entry>>,
    entry_count: usize,
    frame: u64,
}

impl Shaped {
    /// Forgets the older half of the lines when there are too many.
    fn begin_frame(&mut self) {
        if self.entry_count > SHAPED_MAX {
            let entries = self.faces.values().flat_map(HashMap::values);
            let mut ages: Vec<u64> = entries.map(|entry| entry.seen_frame).collect();
            let middle = ages.len() / 2;
            let oldest_kept = *ages.select_nth_unstable(middle).1;
            // Those of the last frame stay, even if all are as old.
            let oldest_kept = oldest_kept.saturating_add(1).min(self.frame);
            self.faces.retain(|_, entries| {
                entries.retain(|_, entry| entry.seen_frame >= oldest_kept);
                !entries.is_empty()
            });
            self.entry_count = self.faces.values().map(HashMap::len).sum();
        }
        self.frame += 1;
    }

    fn get(&self, line: &Line, text: &str) -> Option<&Entry> {
        self.faces.get(&(line.size_px.to_bits(), line.weight))?.get(text)
    }

    /// Shapes a line, unless it is known or has nothing to be shaped.
    fn shape(&mut self, fonts: &mut FontSystem, line: &Line, text: &str) {
        // glyphon panics on a line without height.
        if text.is_empty() || !(line.size_px.is_finite() && line.size_px > 0.0) {
            return;
        }
        let entries = self.faces.entry((line.size_px.to_bits(), line.weight)).or_default();
        if let Some(entry) = entries.get_mut(text) {
            entry.seen_frame = self.frame;
            return;
        }
        let buffer = shape(fonts, line, text);
        let width_px = buffer.layout_runs().map(|run| run.line_w).fold(0.0, f32::max);
        entries.insert(text.into(), Entry { buffer, width_px, seen_frame: self.frame });
        self.entry_count += 1;
    }
}

fn shape(fonts: &mut FontSystem, line: &Line, text: &str) -> Buffer {
    let weight = match line.weight {
        Weight::Regular => cosmic_text::Weight::NORMAL,
        Weight::SemiBold => cosmic_text::Weight::SEMIBOLD,
    };
    let attrs = cosmic_text::Attrs::new().family(cosmic_text::Family::Name(FAMILY)).weight(weight);
    let metrics = cosmic_text::Metrics::new(line.size_px, line.size_px * LINE_HEIGHT);
    let mut buffer = Buffer::new_empty(metrics);
    buffer.set_wrap(cosmic_text::Wrap::None);
    buffer.set_size(None, None);
    let left = Some(cosmic_text::Align::Left);
    // U+2028 and U+2029 end lines too.
    let ends_line = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if text.contains(ends_line) {
        let one_line = text.replace(ends_line, " ");
        buffer.set_text(&one_line, &attrs, cosmic_text::Shaping::Advanced, left);
    } else {
        buffer.set_text(text, &attrs, cosmic_text::Shaping::Advanced, left);
    }
    buffer.shape_until_scroll(fonts, false);
    buffer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, size_px: f32) -> Line {
        Line {
            text: 0..text.len(),
            at_px: [0.0; 2],
            size_px,
            colour: [255; 4],
            align: Align::Left,
            weight: Weight::SemiBold,
            clip_px: [0.0, 0.0, 100.0, 100.0],
        }
    }

    #[test]
    fn inter_is_found_in_both_weights() {
        let fonts = FontDatabase::built_in().0;
        let faces: Vec<_> = fonts.faces().map(|f| (f.families[0].0.clone(), f.weight.0)).collect();
        assert_eq!(faces, [(FAMILY.to_owned(), 400), (FAMILY.to_owned(), 600)]);
    }

    #[test]
    fn a_line_is_shaped_once_and_stays_one_line() {
        let (mut fonts, mut shaped) = (system(FontDatabase::built_in()), Shaped::default());
        let text = "two\nlines\u{2028}or\r\nthree";
        for _ in 0..2 {
            shaped.begin_frame();
            shaped.shape(&mut fonts, &line(text, 12.0), text);
        }
        assert_eq!(shaped.entry_count, 1);
        let entry = shaped.get(&line(text, 12.0), text).expect("it was shaped");
        assert_eq!(entry.buffer.layout_runs().count(), 1);
        assert!(entry.width_px > 50.0, "{}", entry.width_px);
    }

    #[test]
    fn lines_without_a_size_are_not_shaped() {
        let (mut fonts, mut shaped) = (system(FontDatabase::built_in()), Shaped::default());
        for size_px in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            shaped.shape(&mut fonts, &line("a", size_px), "a");
        }
        assert_eq!(shaped.entry_count, 0);
    }

    #[test]
    fn old_lines_are_forgotten_and_those_on_screen_stay() {
        let (mut fonts, mut shaped) = (system(FontDatabase::built_in()), Shaped::default());
        for number in 0..=SHAPED_MAX {
            shaped.begin_frame();
            for text in ["always", &number.to_string()] {
                shaped.shape(&mut fonts, &line(text, 9.0), text);
            }
        }
        assert!(shaped.entry_count <= SHAPED_MAX, "{}", shaped.entry_count);
        assert!(shaped.get(&line("always", 9.0), "always").is_some());
        assert!(shaped.get(&line("0", 9.0), "0").is_none());
    }
}
