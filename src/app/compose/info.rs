//! The panel that tells what is known of the current photo.

use std::fmt::Write;
use std::path::Path;

use super::Scene;
use super::filled;
use super::mark;
use super::measure;
use super::text_line;
use super::words;
use crate::app::theme;
use crate::app::theme::palette::Palette;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::RectPx;
use crate::core::frame::Weight;
use crate::core::label::Label;
use crate::core::photo::PhotoMeta;
use crate::jobs::board::Slot;
use crate::jobs::board::Stage;

/// Where the values begin, in logical pixels from the panel's left edge.
const VALUES_AT: f32 = 104.0;
/// Height of a row in logical pixels.
const ROW: f32 = 22.0;
/// Rows that there can be, and as much again around them: in a lower window the text shrinks.
const HEIGHT: f32 = ROW * 19.0;
/// Lines that a reason may have.
const REASON_LINES: usize = 6;

/// Draws the panel in its column at the right.
pub fn compose(scene: &Scene<'_>, frame: &mut Frame) {
    let panel = theme::info_rect(scene.viewport.size_px, scene.scale);
    frame.overlay.quads.push(filled(panel, scene.palette.panel));
    let edge = [panel[0], panel[1], scene.scale.round(), panel[3]];
    frame.overlay.quads.push(filled(edge, scene.palette.rule));
    let Some(photo) = scene.review.current() else { return };
    let Some(slot) = scene.board.slot(photo) else { return };
    let scale = scene.scale.min(panel[2] / theme::INFO_WIDTH).min(panel[3] / HEIGHT);
    let mut rows =
        Rows { scale, palette: scene.palette, panel, next_y: panel[1] + 16.0 * scale, frame };
    rows.title(|text| mark::write_photo(slot, text));
    rows.fault(slot);
    if let Some(header) = slot.header() {
        rows.exif(&header.meta);
    } else {
        rows.row("Header", |text| text.push_str("not read yet"));
    }
    rows.colours(slot);
    rows.file(slot);
    rows.label(scene.review.label(photo));
    rows.dispute(slot);
}

/// Writes rows from the top of the panel downwards.
struct Rows<'a> {
    scale: f32,
    palette: &'static Palette,
    panel: RectPx,
    next_y: f32,
    frame: &'a mut Frame,
}

impl Rows<'_> {
    fn title(&mut self, write: impl FnOnce(&mut String)) {
        let scale = self.scale;
        let at = [self.panel[0] + 16.0 * scale, self.next_y];
        let line = text_line(at, 15.0 * scale, self.palette.text, self.panel);
        self.frame.overlay.write(Line { weight: Weight::SemiBold, ..line }, write);
        self.next_y += 30.0 * scale;
    }

    fn row(&mut self, name: &str, write: impl FnOnce(&mut String)) {
        let scale = self.scale;
        let size_px = theme::TEXT_SIZE * scale;
        let left = [self.panel[0] + 16.0 * scale, self.next_y];
        self.frame.overlay.write(
            text_line(left, size_px, self.palette.text_dim, self.panel),
            |text| {
                text.push_str(name);
            },
        );
        let value = [self.panel[0] + VALUES_AT * scale, self.next_y];
        let clip =
            [value[0], self.panel[1], self.panel[2] - (VALUES_AT + 10.0) * scale, self.panel[3]];
        self.frame.overlay.write(text_line(value, size_px, self.palette.text, clip), write);
        self.next_y += ROW * scale;
    }

    fn fault(&mut self, slot: &Slot) {
        let Some(fault) = slot.fault() else { return };
        let room = self.panel[2] - (VALUES_AT + 10.0) * self.scale;
        let size_px = theme::TEXT_SIZE * self.scale;
        let mut rest = fault;
        for at in 0..REASON_LINES {
            let (line, after) = measure::split_to_fit(rest, size_px, room);
            self.row(if at == 0 { "Trouble" } else { "" }, |text| text.push_str(line));
            rest = after;
            if rest.is_empty() {
                return;
            }
        }
    }

    /// What a file says otherwise than what is decided here.
    fn dispute(&mut self, slot: &Slot) {
        if let Some(words) = slot.dispute().as_deref() {
            self.row("Sidecar", |text| text.push_str(words));
        }
    }

    fn exif(&mut self, meta: &PhotoMeta) {
        if meta.make.is_some() || meta.model.is_some() {
            self.row("Camera", |text| words::camera(text, meta));
        }
        // As `--clock` wants it.
        if meta.serial.is_some() {
            self.row("Body", |text| words::body(text, meta));
        }
        if let Some(lens) = &meta.lens {
            self.row("Lens", |text| text.push_str(lens));
        }
        if let Some(at) = meta.captured {
            self.row("Taken", |text| words::time(text, at));
        }
        if meta.exposure_seconds.is_some()
            || meta.f_number.is_some()
            || meta.iso.is_some()
            || meta.focal_mm.is_some()
        {
            self.row("Exposure", |text| words::settings(text, meta));
        }
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
                _ = write!(text, "{width} × {height}");
                if megapixels >= 0.1 {
                    _ = write!(text, ", {megapixels:.1} megapixels");
                }
            });
        }
    }

    /// What the photo's colours are: sRGB where the file says nothing else, once that is known.
    fn colours(&mut self, slot: &Slot) {
        let words = match slot.colours() {
            None if slot.stage() != Stage::Tile => return,
            words => words.unwrap_or("sRGB, the file says nothing"),
        };
        let room = self.panel[2] - (VALUES_AT + 10.0) * self.scale;
        let (line, after) = measure::split_to_fit(words, theme::TEXT_SIZE * self.scale, room);
        self.row("Colours", |text| text.push_str(line));
        if !after.is_empty() {
            self.row("", |text| text.push_str(after));
        }
    }

    fn file(&mut self, slot: &Slot) {
        if let Some(folder) = slot.path.parent() {
            self.row("Folder", |text| write_folder(folder, text));
        }
        if let Some(raw) = slot.twin() {
            self.row("Raw file", |text| mark::write_name(raw, text));
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
