//! The line at the bottom: counts, what a key would reach, where one is, what is going on.
//!
//! ```text
//! 1,234 photos   12 kept   3 trashed   1,219 undecided     K T U 0-9 reach 7 photos     17 of 1,234
//! 1,234 photos   12 kept   3 trashed   1,219 undecided     iso>1600   340 of 1,234 shown   17 of 340
//! ```
//!
//! The counts are the whole shoot's, whatever is shown.
//!
//! On a narrow window the line says less, never one thing over another (`tests/desk/narrow.rs`):
//! first the place gets shorter, then the counts become marks with numbers; what does not work, what
//! was just done and what a key would reach then take the counts' place.

use std::fmt::Write;

use super::Scene;
use super::filled;
use super::measure;
use super::place::Place;
use super::place::write_place;
use super::proposal;
use super::text_line;
use super::words;
use crate::app::theme;
use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Glyph;
use crate::core::frame::Line;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::frame::Rgba;
use crate::core::frame::Weight;
use crate::core::guard::walk::Progress;

/// At the ends of the line, in logical pixels.
const MARGIN: f32 = 14.0;

/// Between two things of the line, in logical pixels.
const GAP: f32 = 22.0;

/// Side of the mark that stands for a word, in logical pixels.
const MARK: f32 = 11.0;

/// So many decisions on their way to the disk are told.
const QUEUE: usize = 3;

/// How the counts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// `1,234 photos   12 kept`.
    Words,
    /// A check mark and `12`.
    Marks,
    /// The message stands in their place.
    Hidden,
}

/// How the line is divided.
#[derive(Debug, Clone, Copy)]
struct Split {
    counts: Counts,
    place: Place,
    has_message: bool,
}

/// What fits is chosen from these, the first that does.
const SPLITS: [(Counts, Place); 10] = [
    (Counts::Words, Place::All),
    (Counts::Words, Place::Name),
    (Counts::Words, Place::Burst),
    (Counts::Words, Place::Number),
    (Counts::Marks, Place::Name),
    (Counts::Marks, Place::Burst),
    (Counts::Marks, Place::Number),
    (Counts::Marks, Place::Least),
    (Counts::Hidden, Place::Number),
    (Counts::Hidden, Place::Least),
];

/// Draws the line.
pub fn compose(scene: &Scene<'_>, frame: &mut Frame) {
    let viewport = scene.viewport;
    let [width, height] = viewport.size_px;
    let bar_height = theme::STATUS_HEIGHT * scene.scale;
    let bar = [0.0, height - bar_height, width, bar_height];
    frame.overlay.quads.push(filled(bar, scene.palette.panel));
    frame.overlay.quads.push(filled([0.0, bar[1], width, scene.scale.round()], scene.palette.rule));
    let is_empty = scene.board.photo_count() == 0;
    if is_empty && scene.news.trouble.is_none() && scene.news.notice.is_none() {
        return;
    }
    let split = split(scene, width - 2.0 * MARGIN * scene.scale, &mut frame.overlay.text);
    let left = match split.counts {
        Counts::Words => draw_words(scene, bar, frame),
        Counts::Marks => draw_marks(scene, bar, frame),
        Counts::Hidden => MARGIN * scene.scale,
    };
    let right = draw_place(scene, split.place, bar, frame);
    if split.has_message {
        let room = [left, bar[1], (right - left - GAP * scene.scale).max(0.0), bar_height];
        draw_message(scene, split.counts, room, frame);
    }
}

/// Divides `room_px`; `text` is where things are written to be measured, and left as it was.
fn split(scene: &Scene<'_>, room_px: f32, text: &mut String) -> Split {
    let gap = GAP * scene.scale;
    let (message, is_urgent) = message_width(scene, text);
    let mut width_of = |counts: Counts, place: Place| {
        let counts = match counts {
            Counts::Words => words_width(scene, text),
            Counts::Marks => marks_width(scene, text),
            Counts::Hidden => 0.0,
        };
        counts + width_px(scene, text, Weight::Regular, |t| write_place(scene, place, true, t))
    };
    let all = message + if message > 0.0 { gap } else { 0.0 };
    // What is shown is told rather than progress.
    let may_shorten = is_urgent || scene.news.filter.is_empty();
    let whole = SPLITS.into_iter().find(|&(counts, place)| {
        (may_shorten || place <= Place::Burst) && width_of(counts, place) + all <= room_px
    });
    let (counts, place, has_message) = match whole {
        Some((counts, place)) if is_urgent || counts != Counts::Hidden => (counts, place, true),
        None if is_urgent => (Counts::Hidden, Place::Least, true),
        // Progress is told only where there is room for it.
        _ => {
            let quiet = SPLITS.into_iter().find(|&(c, p)| width_of(c, p) <= room_px);
            let (counts, place) = quiet.unwrap_or((Counts::Hidden, Place::Least));
            (counts, place, false)
        }
    };
    Split { counts, place, has_message }
}

/// The counts with their words and colours.
fn counts(scene: &Scene<'_>) -> [(usize, &'static str, Rgba); 4] {
    let counts = scene.review.counts();
    [
        (counts.total, if counts.total == 1 { "photo" } else { "photos" }, scene.palette.text),
        (counts.kept, "kept", scene.palette.kept),
        (counts.trashed, "trashed", scene.palette.trashed),
        (counts.undecided, "undecided", scene.palette.text_dim),
    ]
}

/// Each column is as wide as the total with its word, so that nothing moves while one decides.
fn column_width(scene: &Scene<'_>, word: &str, text: &mut String) -> f32 {
    let total = scene.review.counts().total;
    width_px(scene, text, Weight::Regular, |t| {
        words::count(t, total);
        t.push(' ');
        t.push_str(word);
    }) + GAP * scene.scale
}

fn words_width(scene: &Scene<'_>, text: &mut String) -> f32 {
    counts(scene).iter().map(|(_, word, _)| column_width(scene, word, text)).sum()
}

fn mark_width(scene: &Scene<'_>, text: &mut String) -> f32 {
    // A space is what stands between the mark and its number.
    column_width(scene, "", text) + MARK * scene.scale
}

fn marks_width(scene: &Scene<'_>, text: &mut String) -> f32 {
    3.0 * mark_width(scene, text)
}

/// Total, kept, trashed, undecided in words; gives where they end.
fn draw_words(scene: &Scene<'_>, bar: RectPx, frame: &mut Frame) -> f32 {
    let mut left = bar[0] + MARGIN * scene.scale;
    for (value, word, colour) in counts(scene) {
        let width = column_width(scene, word, &mut frame.overlay.text);
        let line = line_at(scene, [left, bar[1]], colour, bar);
        frame.overlay.write(line, |text| {
            words::count(text, value);
            text.push(' ');
            text.push_str(word);
        });
        left += width;
    }
    left
}

/// Kept, trashed and undecided as marks with numbers; gives where they end.
fn draw_marks(scene: &Scene<'_>, bar: RectPx, frame: &mut Frame) -> f32 {
    let scale = scene.scale;
    let side = (MARK * scale).round();
    let width = mark_width(scene, &mut frame.overlay.text);
    let glyphs = [Glyph::Check, Glyph::Cross, Glyph::Box];
    let mut left = bar[0] + MARGIN * scale;
    for ((value, _, colour), glyph) in counts(scene).into_iter().skip(1).zip(glyphs) {
        let rect = [left.round(), (bar[1] + (bar[3] - side) / 2.0).round(), side, side];
        frame.overlay.quads.push(match glyph {
            // Nothing decided is an empty ring.
            Glyph::Box => Quad {
                rect_px: rect,
                radius_px: side / 2.0,
                border_px: (1.5 * scale).round(),
                border: colour,
                ..Quad::default()
            },
            glyph => Quad { glyph, ..filled(rect, colour) },
        });
        let at = [left + side + 5.0 * scale, bar[1]];
        frame.overlay.write(line_at(scene, at, colour, bar), |text| words::count(text, value));
        left += width;
    }
    left
}

/// Where one is in the shoot, and its name in the loupe; gives where it begins.
fn draw_place(scene: &Scene<'_>, place: Place, bar: RectPx, frame: &mut Frame) -> f32 {
    let right = bar[0] + bar[2] - MARGIN * scene.scale;
    let overlay = &mut frame.overlay;
    // The widest that the text gets, so that the middle does not move while one steps along.
    let room = width_px(scene, &mut overlay.text, Weight::Regular, |text| {
        write_place(scene, place, true, text);
    });
    let line =
        Line { align: Align::Right, ..line_at(scene, [right, bar[1]], scene.palette.text, bar) };
    overlay.write(line, |text| write_place(scene, place, false, text));
    right - room
}

/// How wide the message is, 0 without one, and whether it must be told.
fn message_width(scene: &Scene<'_>, text: &mut String) -> (f32, bool) {
    let mut is_urgent = false;
    let width = width_px(scene, text, message_weight(scene), |text| {
        is_urgent = write_message(scene, text);
    });
    (width, is_urgent)
}

fn message_weight(scene: &Scene<'_>) -> Weight {
    if scene.news.trouble.is_some() { Weight::SemiBold } else { Weight::Regular }
}

fn draw_message(scene: &Scene<'_>, counts: Counts, room: RectPx, frame: &mut Frame) {
    let colour =
        if scene.news.trouble.is_some() { scene.palette.trouble } else { scene.palette.text_dim };
    // In the counts' place it begins where they would, and is cut off at its end.
    let (align, left) = match counts {
        Counts::Hidden => (Align::Left, room[0]),
        Counts::Words | Counts::Marks => (Align::Middle, room[0] + room[2] / 2.0),
    };
    let line = line_at(scene, [left, room[1]], colour, room);
    let line = Line { align, weight: message_weight(scene), ..line };
    frame.overlay.write(line, |text| _ = write_message(scene, text));
}

/// Writes what matters most now: what does not work, what was done, what a key would reach, what
/// goes on; gives whether it must be told.
fn write_message(scene: &Scene<'_>, text: &mut String) -> bool {
    let reach = scene.review.reach();
    if let Some(told) = scene.news.trouble.or(scene.news.notice) {
        text.push_str(told);
    } else if reach > 1 {
        text.push_str("a key reaches ");
        words::count(text, reach);
        text.push_str(" selected photos");
    } else {
        write_progress(scene, text);
        return false;
    }
    true
}

fn write_progress(scene: &Scene<'_>, text: &mut String) {
    let found = scene.board.photo_count();
    let read = scene.board.headers_read() as usize;
    let stale_count = scene.review.stale_count();
    // One decision is on the disk before it could be read; a queue of them is worth telling.
    if scene.news.unsaved_count > QUEUE {
        words::count(text, scene.news.unsaved_count);
        text.push_str(" decisions are being saved");
    } else if scene.news.failed_sidecar_count > 0 {
        let count = scene.news.failed_sidecar_count;
        write_sidecars(text, count, [" sidecar cannot", " sidecars cannot"], " be written yet");
    } else if scene.news.disputed_count > 0 {
        let count = scene.news.disputed_count;
        write_sidecars(
            text,
            count,
            [" sidecar says", " sidecars say"],
            " otherwise (I shows what)",
        );
    } else if scene.news.unwritten_count > QUEUE {
        words::count(text, scene.news.unwritten_count);
        text.push_str(" sidecars are being written");
    } else if stale_count > 0 {
        words::count(text, stale_count);
        text.push_str(" changed, F5 filters again");
    } else if scene.news.is_scanning || read < found {
        let percent = (read * 100).checked_div(found).unwrap_or(0);
        _ = write!(text, "read {percent} %");
        if scene.news.is_scanning {
            text.push_str(", still looking for photos");
        }
    } else if scene.board.failed() > 0 {
        words::count(text, scene.board.failed() as usize);
        text.push_str(" cannot be shown");
    } else if let Some(Progress { decided: [decided, all], .. }) = scene.news.blind {
        // Of the proposals nothing is said while they are checked.
        _ = write!(text, "{decided} of {all} decided (Ctrl B leaves)");
    } else if scene.news.outlook.is_some_and(|outlook| proposal::write_progress(outlook, text)) {
        // It has said it.
    } else if !scene.review.is_auto_advancing() {
        text.push_str("stays after a decision (A)");
    }
}

/// A count with its words, for one and for more, and what they do.
fn write_sidecars(text: &mut String, count: usize, subjects: [&str; 2], rest: &str) {
    words::count(text, count);
    text.push_str(subjects[usize::from(count != 1)]);
    text.push_str(rest);
}

/// How wide what `write` writes is; `text` is left as it was.
fn width_px(
    scene: &Scene<'_>,
    text: &mut String,
    weight: Weight,
    write: impl FnOnce(&mut String),
) -> f32 {
    let start = text.len();
    write(text);
    let width = measure::width_px(&text[start..], theme::TEXT_SIZE * scene.scale, weight);
    text.truncate(start);
    width
}

fn line_at(scene: &Scene<'_>, at: [f32; 2], colour: Rgba, clip_px: RectPx) -> Line {
    let size_px = theme::TEXT_SIZE * scene.scale;
    let top = at[1] + (theme::STATUS_HEIGHT * scene.scale - size_px * 1.25) / 2.0;
    text_line([at[0], top], size_px, colour, clip_px)
}
