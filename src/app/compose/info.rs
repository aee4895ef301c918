//! The panel that tells what is known of the current photo.

use std::fmt::Write;
use std::path::Path;

use super::Scene;
use super::filled;
use super::mark;
use super::text_line;
use super::words;
use crate::app::theme;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::frame::Weight;
use crate::core::label::Label;
use crate::core::photo::PhotoMeta;
use crate::jobs::board::Slot;

/// Width of the panel in logical pixels: a lens name in one line.
const WIDTH: f32 = 340.0;
/// Where the values begin, in logical pixels from the panel's left edge.
const VALUES_AT: f32 = 104.0;
/// Height of a row in logical pixels.
const ROW: f32 = 22.0;
/// Rows of the panel: as many as can ever be there, so that it keeps its size.
const ROW_COUNT: f32 = 16.0;

/// Height of the panel in logical pixels.
const HEIGHT: f32 = ROW * ROW_COUNT + 44.0;
/// Around the panel, in logical pixels.
const MARGIN: f32 = 12.0;

/// Draws the panel at the right edge.
pub fn compose(scene: &Scene<'_>, frame: &mut Frame) {
    let Some(photo) = scene.review.current() else { return };
    let Some(slot) = scene.board.slot(photo) else { return };
    let content = scene.review.viewport().area_px();
    // In a small window the panel shrinks rather than lose its end.
    let scale = scene
        .scale
        .min(content[2] / (WIDTH + 2.0 * MARGIN))
        .min(content[3] / (HEIGHT + 2.0 * MARGIN));
    let [width, height] = [WIDTH * scale, HEIGHT * scale];
    let margin = MARGIN * scale;
    let panel = [content[0] + content[2] - width - margin, content[1] + margin, width, height];
    let radius_px = 6.0 * scale;
    let border_px = scale.round();
    let quad = Quad { radius_px, border_px, border: theme::RULE, ..filled(panel, theme::PANEL) };
    frame.overlay.quads.push(quad);
    let mut rows = Rows { scale, panel, next_y: panel[1] + 12.0 * scale, frame };
    rows.title(|text| mark::write_name(&slot.path, text));
    rows.fault(slot);
    if let Some(header) = slot.header() {
        rows.exif(&header.meta);
    } else {
        rows.row("Header", |text| text.push_str("not read yet"));
    }
    rows.file(slot);
    rows.label(scene.review.label(photo));
}

/// Writes rows from the top of the panel downwards.
struct Rows<'a> {
    scale: f32,
    panel: RectPx,
    next_y: f32,
    frame: &'a mut Frame,
}

impl Rows<'_> {
    fn title(&mut self, write: impl FnOnce(&mut String)) {
        let scale = self.scale;
        let at = [self.panel[0] + 16.0 * scale, self.next_y];
        let line = text_line(at, 15.0 * scale, theme::TEXT, self.panel);
        self.frame.overlay.write(Line { weight: Weight::SemiBold, ..line }, write);
        self.next_y += 30.0 * scale;
    }

    fn row(&mut self, name: &str, write: impl FnOnce(&mut String)) {
        let scale = self.scale;
        let size_px = theme::TEXT_SIZE * scale;
        let left = [self.panel[0] + 16.0 * scale, self.next_y];
        self.frame.overlay.write(text_line(left, size_px, theme::TEXT_DIM, self.panel), |text| {
            text.push_str(name);
        });
        let value = [self.panel[0] + VALUES_AT * scale, self.next_y];
        let clip =
            [value[0], self.panel[1], self.panel[2] - (VALUES_AT + 10.0) * scale, self.panel[3]];
        self.frame.overlay.write(text_line(value, size_px, theme::TEXT, clip), write);
        self.next_y += ROW * scale;
    }

    fn fault(&mut self, slot: &Slot) {
        if let Some(fault) = slot.fault() {
            self.row("Trouble", |text| text.push_str(fault));
        }
    }

    fn exif(&mut self, meta: &PhotoMeta) {
        if meta.make.is_some() || meta.model.is_some() {
            self.row("Camera", |text| words::camera(text, meta));
        }
        if let Some(serial) = &meta.serial {
            self.row("Body", |text| text.push_str(serial));
        }
        if let Some(lens) = &meta.lens {
            self.row("Lens", |text| text.push_str(lens));
        }
        if let Some(at) = meta.captured {
            self.row("Taken", |text| words::time(text, at));
        }
        self.row("Exposure", |text| {
            // The text of all lines is one string.
            let start = text.len();
            words::settings(text, meta);
            if text.len() == start {
                text.push('–');
            }
        });
        if let Some(millimetres) = meta.focal_35mm {
            self.row("Full frame", |text| _ = write!(text, "like {millimetres} mm"));
        }
        if let Some(bias) = meta.bias_ev.filter(|b| *b != 0.0) {
            self.row("Bias", |text| _ = write!(text, "{bias:+.1} EV"));
        }
        if let Some(fired) = meta.flash_fired {
            self.row("Flash", |text| text.push_str(if fired { "fired" } else { "did not fire" }));
        }
        if let Some(stored) = meta.size_px {
            let [width, height] = meta.turn.upright(stored);
            let megapixels = f64::from(width) * f64::from(height) / 1e6;
            self.row("Size", |text| {
                _ = write!(text, "{width} × {height}, {megapixels:.1} megapixels");
            });
        }
    }

    fn file(&mut self, slot: &Slot) {
        if let Some(folder) = slot.path.parent() {
            self.row("Folder", |text| write_folder(folder, text));
        }
    }

    fn label(&mut self, label: &Label) {
        if !label.tags().is_empty() {
            self.row("Tags", |text| {
                for (at, tag) in label.tags().iter().enumerate() {
                    text.push_str(if at == 0 { "" } else { ", " });
                    text.push_str(tag);
                }
            });
        }
        if label.quarter_turns != 0 {
            let degrees = u32::from(label.quarter_turns) * 90;
            self.row("Turned", |text| _ = write!(text, "{degrees}° by you, not in the file"));
        }
    }
}

/// The end of a folder's path: the beginning is the same for the whole shoot, and long.
fn write_folder(folder: &Path, text: &mut String) {
    let count = folder.components().count();
    if count <= 3 {
        _ = write!(text, "{}", folder.display());
        return;
    }
    text.push('…');
    for part in folder.components().skip(count - 2) {
        text.push(std::path::MAIN_SEPARATOR);
        _ = write!(text, "{}", part.as_os_str().display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[track_caller]
    fn check_folder(parts: &[&str], expect: &str) {
        // The text of other lines stands before it.
        let mut text = String::from("Folder");
        write_folder(&parts.iter().collect::<PathBuf>(), &mut text);
        let separator = std::path::MAIN_SEPARATOR_STR;
        assert_eq!(text, format!("Folder{}", expect.replace('/', separator)));
    }

    #[test]
    fn a_long_path_is_told_by_its_end() {
        check_folder(&["shoot"], "shoot");
        check_folder(&["photos", "shoot"], "photos/shoot");
        check_folder(&["/", "home", "me", "photos", "shoot"], "…/photos/shoot");
    }
}
