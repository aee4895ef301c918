//! The line at the bottom: counts, what a key would reach, where one is, what is going on.
//!
//! ```text
//! 1,234 photos   12 kept   3 trashed   1,219 undecided     K T U 0-9 reach 7 photos     17 of 1,234
//! ```

use std::fmt::Write;

use super::Scene;
use super::filled;
use super::mark;
use super::text_line;
use super::words;
use crate::app::theme;
use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::RectPx;
use crate::core::frame::Rgba;
use crate::core::frame::Weight;
use crate::core::review::Stage;
use crate::jobs::board::Slot;

/// Width of each count, in logical pixels: room for `1,000,000 undecided`.
const COLUMN: f32 = 128.0;

/// So many decisions on their way to the disk are told.
const QUEUE: usize = 3;

/// Windows narrower than this, in logical pixels, do without the middle of the line.
const ROOMY: f32 = 1200.0;

/// Draws the line.
pub fn compose(scene: &Scene<'_>, frame: &mut Frame) {
    let viewport = scene.review.viewport();
    let [width, height] = viewport.size_px;
    let bar_height = theme::STATUS_HEIGHT * scene.scale;
    let bar = [0.0, height - bar_height, width, bar_height];
    frame.overlay.quads.push(filled(bar, theme::PANEL));
    frame.overlay.quads.push(filled([0.0, bar[1], width, scene.scale.round()], theme::RULE));
    if scene.board.photo_count() == 0 && scene.news.trouble.is_none() {
        return;
    }
    let is_roomy = width >= ROOMY * scene.scale;
    let left = draw_counts(scene, bar, is_roomy, frame);
    let right = draw_place(scene, bar, is_roomy, frame);
    draw_middle(scene, [left, bar[1], (right - left).max(0.0), bar_height], frame);
}

/// Total, kept, trashed, undecided; gives where they end.
fn draw_counts(scene: &Scene<'_>, bar: RectPx, is_roomy: bool, frame: &mut Frame) -> f32 {
    let counts = scene.review.counts();
    let all: [(usize, &str, Rgba); 4] = [
        (counts.total, "photos", theme::TEXT),
        (counts.kept, "kept", theme::KEEP),
        (counts.trashed, "trashed", theme::TRASH),
        (counts.undecided, "undecided", theme::TEXT_DIM),
    ];
    let column = if is_roomy { COLUMN } else { COLUMN * 0.78 } * scene.scale;
    let mut left = bar[0] + 14.0 * scene.scale;
    for (value, word, colour) in all {
        let line = line_at(scene, [left, bar[1]], colour, bar);
        frame.overlay.write(line, |text| {
            words::count(text, value);
            text.push(' ');
            text.push_str(if (value, word) == (1, "photos") { "photo" } else { word });
        });
        left += column;
    }
    left
}

/// Where one is in the shoot, and its name in the loupe; gives where it begins.
fn draw_place(scene: &Scene<'_>, bar: RectPx, is_roomy: bool, frame: &mut Frame) -> f32 {
    let right = bar[0] + bar[2] - 14.0 * scene.scale;
    let order = scene.review.order();
    let current = scene.review.current();
    let Some((photo, index)) = current.and_then(|p| Some((p, order.index_of(p)?))) else {
        return right;
    };
    let line = Line { align: Align::Right, ..line_at(scene, [right, bar[1]], theme::TEXT, bar) };
    frame.overlay.write(line, |text| {
        if scene.review.stage() == Stage::Loupe
            && let Some(slot) = scene.board.slot(photo)
        {
            if is_roomy {
                write_settings(slot, text);
            }
            mark::write_name(&slot.path, text);
            text.push_str("   ");
            write_zoom(scene, text);
        }
        let burst = order.burst_at(index);
        if burst.len() > 1 {
            let at = index - burst.start + 1;
            _ = write!(text, "burst {at}/{}   ", burst.len());
        }
        words::count(text, index + 1);
        text.push_str(" of ");
        words::count(text, order.len());
    });
    // The widest that the text gets, so that the middle never moves while one steps along.
    let room = match scene.review.stage() {
        Stage::Grid => 220.0,
        Stage::Loupe if is_roomy => 640.0,
        Stage::Loupe => 420.0,
    };
    right - room * scene.scale
}

/// How the photo was taken, in the line rather than on the photo, where it could not be read over
/// a bright sky.
fn write_settings(slot: &Slot, text: &mut String) {
    let start = text.len();
    if let Some(header) = slot.header() {
        words::settings(text, &header.meta);
    }
    if text.len() > start {
        text.push_str("       ");
    }
}

fn write_zoom(scene: &Scene<'_>, text: &mut String) {
    let Some(photo) = scene.review.current() else { return };
    let Some(slot) = scene.board.slot(photo) else { return };
    let scale = scene.review.loupe_scale(photo, super::grid::upright_px(slot));
    _ = write!(text, "{:.0} %   ", scale * 100.0);
}

/// What matters most now: what does not work, what a key would reach, what goes on.
fn draw_middle(scene: &Scene<'_>, room: RectPx, frame: &mut Frame) {
    let news = scene.news;
    let at = [room[0] + room[2] / 2.0, room[1]];
    let reach = scene.review.reach();
    let (colour, weight) = match news.trouble {
        Some(_) => (theme::TROUBLE, Weight::SemiBold),
        None => (theme::TEXT_DIM, Weight::Regular),
    };
    let line = Line { align: Align::Middle, weight, ..line_at(scene, at, colour, room) };
    frame.overlay.write(line, |text| {
        if let Some(trouble) = news.trouble {
            text.push_str(trouble);
        } else if let Some(notice) = news.notice {
            text.push_str(notice);
        } else if reach > 1 {
            text.push_str("a key reaches ");
            words::count(text, reach);
            text.push_str(" selected photos");
        } else {
            write_progress(scene, text);
        }
    });
}

fn write_progress(scene: &Scene<'_>, text: &mut String) {
    let found = scene.board.photo_count();
    let read = scene.board.headers_read() as usize;
    // One decision is on the disk before it could be read; a queue of them is worth telling.
    if scene.news.unsaved_count > QUEUE {
        words::count(text, scene.news.unsaved_count);
        text.push_str(" decisions are being saved");
    } else if scene.news.is_scanning || read < found {
        let percent = (read * 100).checked_div(found).unwrap_or(0);
        _ = write!(text, "read {percent} %");
        if scene.news.is_scanning {
            text.push_str(", still looking for photos");
        }
    } else if scene.board.failed() > 0 {
        words::count(text, scene.board.failed() as usize);
        text.push_str(" cannot be shown");
    } else if !scene.review.is_auto_advancing() {
        text.push_str("stays after a decision (A)");
    }
}

fn line_at(scene: &Scene<'_>, at: [f32; 2], colour: Rgba, clip_px: RectPx) -> Line {
    let size_px = theme::TEXT_SIZE * scene.scale;
    let top = at[1] + (theme::STATUS_HEIGHT * scene.scale - size_px * 1.25) / 2.0;
    text_line([at[0], top], size_px, colour, clip_px)
}
