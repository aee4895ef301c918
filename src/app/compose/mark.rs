//! The marks of a decision: badge and border, stars, colour.
//!
//! A hollow badge is a decision that the store has not committed yet, a solid one is durable. Keep
//! and trash differ in shape as well as in colour, for those who cannot tell green from red.

use std::path::Path;

use super::Scene;
use super::filled;
use super::grown;
use crate::app::theme;
use crate::core::frame::Frame;
use crate::core::frame::Glyph;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::frame::Rgba;
use crate::core::label::Colour;
use crate::core::label::Label;
use crate::core::label::Verdict;
use crate::core::photo::PhotoId;
use crate::jobs::board::Slot;

/// Side of a star under a photo, in logical pixels.
const STAR: f32 = 11.0;

/// Whether a photo's last step is durable: restored from the store, or committed since.
#[must_use]
pub fn is_solid(scene: &Scene<'_>, photo: PhotoId) -> bool {
    scene.review.badge_number(photo).is_none_or(|number| number <= scene.saved_number)
}

/// Badge and border of keep and trash, around and on the picture.
pub fn verdict(
    scene: &Scene<'_>,
    photo: PhotoId,
    label: &Label,
    picture: RectPx,
    frame: &mut Frame,
) {
    let (colour, glyph) = match label.verdict {
        Verdict::Undecided => return,
        Verdict::Keep => (theme::KEEP, Glyph::Check),
        Verdict::Trash => (theme::TRASH, Glyph::Cross),
    };
    let scale = scene.scale;
    let border_px = (2.0 * scale).round().max(1.0);
    let rect_px = grown(picture, border_px);
    let radius_px = border_px;
    frame.marks.push(Quad { rect_px, radius_px, border_px, border: colour, ..Quad::default() });
    let size = (22.0 * scale).min(picture[2] / 3.0).max(10.0 * scale).round();
    let inset = (size / 4.0).round().min(5.0 * scale);
    let badge = [picture[0] + inset, picture[1] + inset, size, size];
    let is_solid = is_solid(scene, photo);
    let (fill, ink) = if is_solid { (colour, theme::ON_BADGE) } else { (theme::HOLLOW, colour) };
    // A dark ring tells a red badge from a red photo.
    let ring = grown(badge, scale.round());
    frame.marks.push(Quad { radius_px: ring[2] / 2.0, ..filled(ring, theme::HOLLOW) });
    frame.marks.push(Quad {
        rect_px: badge,
        radius_px: size / 2.0,
        border_px,
        fill,
        border: colour,
        glyph: Glyph::Box,
    });
    frame.marks.push(Quad { glyph, ..filled(grown(badge, -size * 0.24), ink) });
}

/// Stars from the right end of a line of middle height `end[1]`; gives the width taken.
pub fn stars(
    scene: &Scene<'_>,
    label: &Label,
    end: [f32; 2],
    colour: Rgba,
    frame: &mut Frame,
) -> f32 {
    let size = (STAR * scene.scale).round();
    let step = size + scene.scale.round();
    for at in 0..label.stars {
        let left = end[0] - step * f32::from(label.stars - at);
        let rect = [left.round(), (end[1] - size / 2.0).round(), size, size];
        frame.marks.push(Quad { glyph: Glyph::Star, ..filled(rect, colour) });
    }
    step * f32::from(label.stars)
}

/// The dot of a colour label at the left end of a line; gives the width taken.
pub fn colour_dot(scene: &Scene<'_>, label: &Label, start: [f32; 2], frame: &mut Frame) -> f32 {
    if label.colour == Colour::None {
        return 0.0;
    }
    let size = (9.0 * scene.scale).round();
    let rect_px = [start[0], (start[1] - size / 2.0).round(), size, size];
    let fill = theme::label_colour(label.colour);
    frame.marks.push(Quad { radius_px: size / 2.0, ..filled(rect_px, fill) });
    size + (5.0 * scene.scale).round()
}

/// Stars and colour on the picture itself, where the cell is too small for a caption.
pub fn compact(scene: &Scene<'_>, label: &Label, picture: RectPx, frame: &mut Frame) {
    let scale = scene.scale;
    let [left, top, width, height] = picture;
    if label.colour != Colour::None {
        let thickness = (4.0 * scale).round();
        let bar = [left, top + height - thickness, width, thickness];
        frame.marks.push(filled(bar, theme::label_colour(label.colour)));
    }
    if label.stars == 0 {
        return;
    }
    let size = (8.0 * scale).min(width / 6.0).round();
    let row = size * f32::from(label.stars);
    let bottom = top + height - (6.0 * scale).round() - size;
    let pill = grown([left + (width - row) / 2.0, bottom, row, size], (2.0 * scale).round());
    frame.marks.push(Quad { radius_px: pill[3] / 2.0, ..filled(pill, theme::HOLLOW) });
    for at in 0..label.stars {
        let rect = [left + (width - row) / 2.0 + size * f32::from(at), bottom, size, size];
        frame.marks.push(Quad { glyph: Glyph::Star, ..filled(rect, theme::STAR) });
    }
}

/// Appends what a photo is called: its file name, and the kind of its raw file where it has one.
pub fn write_photo(slot: &Slot, out: &mut String) {
    write_name(&slot.path, out);
    if let Some(kind) = slot.twin().and_then(Path::extension) {
        out.push_str(" + ");
        write_name(Path::new(kind), out);
    }
}

/// Appends a file name; what is not Unicode in it is shown as the replacement character.
pub fn write_name(path: &Path, out: &mut String) {
    let Some(name) = path.file_name() else { return };
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            out.push(char::REPLACEMENT_CHARACTER);
        }
    }
}
