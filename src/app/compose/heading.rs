//! The headings of sections: when the photos below were taken, with what, and how many they are.

use std::ops::Range;

use super::Scene;
use super::text_line;
use super::words;
use crate::app::theme;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::RectPx;
use crate::core::frame::Weight;
use crate::core::photo::PhotoMeta;
use crate::jobs::board::Slot;

use super::measure;

/// Draws the headings in the window.
pub fn compose(scene: &Scene<'_>, frame: &mut Frame) {
    let review = scene.review;
    for heading in review.grid().headings(review.viewport(), review.rows()) {
        draw(scene, heading.indices, heading.rect_px, frame);
    }
}

fn draw(scene: &Scene<'_>, indices: Range<usize>, rect: RectPx, frame: &mut Frame) {
    let [left, top, _, height] = rect;
    let size_px = theme::TEXT_SIZE * scene.scale;
    let at =
        [left + 2.0 * scene.scale, (top + height - size_px * 1.25 - 4.0 * scene.scale).round()];
    let meta = |index: usize| {
        let photo = scene.review.order().photo_at(index)?;
        scene.board.slot(photo).and_then(Slot::header).map(|header| &header.meta)
    };
    let first = meta(indices.start);
    let date =
        Line { weight: Weight::SemiBold, ..text_line(at, size_px, scene.palette.text, rect) };
    let stratum = &mut frame.base;
    let start = stratum.text.len();
    stratum.write(date, |text| match first.and_then(|meta| meta.captured) {
        Some(at) => words::date(text, at),
        None => text.push_str("Without a date"),
    });
    let width = measure::width_px(&stratum.text[start..], size_px, Weight::SemiBold);
    let at = [(at[0] + width + 14.0 * scene.scale).round(), at[1]];
    stratum.write(text_line(at, size_px, scene.palette.text_dim, rect), |text| {
        write_rest(text, first, meta(indices.end - 1), indices.len());
    });
}

/// `14:02 – 15:31   Canon EOS R5   312 photos`.
fn write_rest(
    text: &mut String,
    first: Option<&PhotoMeta>,
    last: Option<&PhotoMeta>,
    count: usize,
) {
    let times = first.and_then(|m| m.captured).zip(last.and_then(|m| m.captured));
    if let Some((first, last)) = times {
        words::span(text, first, last);
        text.push_str("   ");
    }
    if let Some(meta) = first.filter(|meta| meta.model.is_some()) {
        words::camera(text, meta);
        text.push_str("   ");
    }
    words::count(text, count);
    text.push_str(if count == 1 { " photo" } else { " photos" });
}
