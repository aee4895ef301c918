//! The panel that tells why the current photo has its probability: what moved it, and the photos most like it
//! of those that the person kept and trashed.
//!
//! ```text
//! Why 23 %
//! Before looking at it             48 %
//! It is less sharp than its burst   −18      red to the left, green to the right
//!               ######|
//! ...
//! Nearest kept      Nearest trashed
//! [ picture ]       [ picture ]
//! ```
//!
//! The pictures are tiles, which lie under panels: the panel is drawn around the two places that they have.

use std::fmt::Write;

use super::Scene;
use super::filled;
use super::grid;
use super::grown;
use super::mark;
use super::measure;
use super::proposal;
use super::stock::Stock;
use super::text_line;
use crate::app::theme;
use crate::app::theme::palette::Palette;
use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::RectPx;
use crate::core::frame::Rgba;
use crate::core::frame::Tile;
use crate::core::frame::Weight;
use crate::core::learner::why::Reason;
use crate::core::level;
use crate::core::mosaic::fitted;
use crate::core::outlook::Because;
use crate::core::outlook::Explained;
use crate::core::photo::PhotoId;
use crate::core::photo::Turn;
use crate::jobs::plan::TileWish;
use crate::jobs::plan::Wish;

/// Between the panel's edge and what stands in it, in logical pixels.
const MARGIN: f32 = 16.0;
/// Height of a row in logical pixels.
const ROW: f32 = 22.0;
/// Height of the title's row in logical pixels.
const TITLE: f32 = 30.0;
/// Height of a reason's bar, and what is left below it, in logical pixels.
const BAR: [f32; 2] = [4.0, 7.0];
/// Reasons that are told one by one: more are read by nobody.
const REASONS: usize = 3;
/// Where the pictures begin, below their headings, in logical pixels.
const PICTURES_AT: f32 = MARGIN + TITLE + 5.5 * ROW + REASONS as f32 * (ROW + BAR[0] + BAR[1]);
/// Everything: in a lower window it shrinks.
const HEIGHT: f32 = 460.0;
/// Width of a picture's place over its height.
const SHAPE: f32 = 4.0 / 3.0;

/// What is known of the current photo's probability.
#[derive(Debug, Clone, Copy, Default)]
pub enum Told<'a> {
    /// Nothing is learned yet.
    #[default]
    Nothing,
    /// Learning is turned off.
    Off,
    /// It has been asked for.
    Asked,
    /// The photo is decided about blind.
    Blind,
    /// What there is to say.
    Explained(&'a Explained),
}

/// Draws the panel in its column at the right, and wishes for its pictures.
pub fn compose(scene: &Scene<'_>, stock: &mut Stock, frame: &mut Frame, wish: &mut Wish) {
    let panel = theme::info_rect(scene.viewport.size_px, scene.scale);
    let scale = scene.scale.min(panel[2] / theme::INFO_WIDTH).min(panel[3] / HEIGHT);
    match scene.news.why {
        Told::Explained(Explained::Because(because)) => {
            let places = places(panel, scale);
            surround(scene.palette.panel, panel, places, frame);
            draw_reasons(scene, because, panel, scale, frame);
            for (at, place) in places.into_iter().enumerate() {
                // Kept first, as it is first everywhere.
                let (words, photo) =
                    [("Nearest kept", because.nearest[1]), ("Nearest trashed", because.nearest[0])]
                        [at];
                let line = [place[0], place[1] - ROW * scale];
                write((scene, &mut *frame), panel, line, scale, |text| text.push_str(words));
                match photo {
                    Some(photo) => draw_photo(scene, photo, place, (stock, &mut *wish), frame),
                    None => {
                        let at = [place[0], place[1] + 4.0 * scale];
                        write((scene, &mut *frame), panel, at, scale, |text| {
                            text.push_str("none but this one");
                        });
                    }
                }
            }
        }
        told => {
            frame.overlay.quads.push(filled(panel, scene.palette.panel));
            let mut rows = Rows {
                scale,
                palette: scene.palette,
                panel,
                next_y: panel[1] + MARGIN * scale,
                frame,
            };
            rows.title(|text| text.push_str("Why"));
            rows.paragraph(|text| write_silence(told, text));
        }
    }
    let edge = [panel[0], panel[1], scene.scale.round(), panel[3]];
    frame.overlay.quads.push(filled(edge, scene.palette.rule));
}

/// Appends why there is nothing to explain.
fn write_silence(told: Told<'_>, text: &mut String) {
    match told {
        Told::Off => {
            text.push_str("Learning is turned off in the settings: enabled under [learn].");
        }
        Told::Nothing => {
            text.push_str(
                "Nothing is learned yet: decide about ten photos, keep some and trash some.",
            );
        }
        Told::Explained(Explained::Silent(silence)) => {
            text.push_str("No photo has a probability yet: it ");
            proposal::write_silence(*silence, text);
            text.push('.');
        }
        Told::Explained(Explained::Unmeasured) => {
            text.push_str("This photo has not been looked at yet: it gets a probability ");
            text.push_str("once its picture has been read and measured.");
        }
        Told::Blind => {
            text.push_str("You are checking what is proposed: nothing is told of this photo ");
            text.push_str("before all of the check is decided.");
        }
        // A frame or two.
        Told::Asked | Told::Explained(Explained::Because(_)) => text.push('…'),
    }
}

/// Writes what moved the probability.
fn draw_reasons(
    scene: &Scene<'_>,
    because: &Because,
    panel: RectPx,
    scale: f32,
    frame: &mut Frame,
) {
    let mut rows =
        Rows { scale, palette: scene.palette, panel, next_y: panel[1] + MARGIN * scale, frame };
    rows.title(|text| {
        text.push_str("Why ");
        proposal::write_keep(because.keep, text);
    });
    let name = scene.review.current().and_then(|photo| scene.board.slot(photo));
    if let Some(slot) = name {
        rows.row(|text| mark::write_photo(slot, text), scene.palette.text_dim, |_| {});
    }
    rows.row(
        |text| text.push_str("Before looking at it"),
        scene.palette.text_dim,
        |text| proposal::write_keep(because.base, text),
    );
    let (told, rest) = because.reasons.split_at(because.reasons.len().min(REASONS));
    let most = told.first().map_or(1.0, |reason| reason.moved.abs().max(1e-3));
    for Reason { words, moved } in told {
        let words = |text: &mut String| _ = write!(text, "It is {words}");
        rows.row(words, scene.palette.text, |text| write_moved(*moved, text));
        rows.bar(*moved / most);
    }
    let rest: f32 = rest.iter().map(|reason| reason.moved).sum();
    rows.row(
        |text| text.push_str("Everything else"),
        scene.palette.text_dim,
        |text| write_moved(rest, text),
    );
    if because.is_lesson {
        let words = |text: &mut String| text.push_str("You have decided: it is learned from, too");
        rows.row(words, scene.palette.text_dim, |_| {});
    }
}

/// Appends by how many hundredths a probability was moved.
fn write_moved(moved: f32, text: &mut String) {
    let points = (moved * 100.0).round();
    let sign = match points {
        points if points < 0.0 => "−",
        points if points > 0.0 => "+",
        _ => "±",
    };
    _ = write!(text, "{sign}{:.0}", points.abs());
}

/// Where the two pictures lie: the same place for every photo, below as many reasons as there can be.
fn places(panel: RectPx, scale: f32) -> [RectPx; 2] {
    let margin = (MARGIN * scale).round();
    let width = ((panel[2] - 3.0 * margin) / 2.0).floor();
    let size = [width, (width / SHAPE).round()];
    let top = (panel[1] + PICTURES_AT * scale).round();
    [0.0, width + margin].map(|left| [panel[0] + margin + left, top, size[0], size[1]])
}

/// The panel's ground around two places of the same height.
fn surround(colour: Rgba, panel: RectPx, [one, other]: [RectPx; 2], frame: &mut Frame) {
    let (right, bottom) = (panel[0] + panel[2], panel[1] + panel[3]);
    let (top, end) = (one[1], one[1] + one[3]);
    let mut ground = |left: f32, top: f32, right: f32, bottom: f32| {
        let rect = [left, top, right - left, (bottom - top).max(0.0)];
        frame.overlay.quads.push(filled(rect, colour));
    };
    ground(panel[0], panel[1], right, top);
    ground(panel[0], top, one[0], end);
    ground(one[0] + one[2], top, other[0], end);
    ground(other[0] + other[2], top, right, end);
    ground(panel[0], end, right, bottom);
}

/// Draws a photo in its place, with its name below.
fn draw_photo(
    scene: &Scene<'_>,
    photo: PhotoId,
    place: RectPx,
    (stock, wish): (&mut Stock, &mut Wish),
    frame: &mut Frame,
) {
    let Some(slot) = scene.board.slot(photo) else { return };
    slot.see(scene.frame_number);
    let label = scene.review.label(photo);
    let turn = Turn::quarters(label.quarter_turns);
    let size = turn.upright(grid::upright_px(slot)).map(|side| side.max(1) as f32);
    // Room for the border of what is decided.
    let picture = fitted(size, grown(place, -(2.0 * scene.scale).round()));
    frame.base.quads.push(filled(place, scene.palette.panel));
    // As bright as it is: it is compared.
    match stock.tile(photo, slot, picture, frame) {
        Some(tile) => frame.tiles.push(Tile { turn, ..tile }),
        None => frame.base.quads.push(filled(picture, scene.palette.place)),
    }
    mark::verdict(scene, photo, label, picture, frame);
    let class = level::class_for([picture[2], picture[3]]);
    wish.tiles.insert(wish.visible_count, TileWish { photo, class });
    wish.visible_count += 1;
    let size_px = theme::CAPTION_SIZE * scene.scale;
    let at = [place[0], place[1] + place[3] + 2.0 * scene.scale];
    let clip = [place[0], place[1], place[2], place[3] + ROW * scene.scale];
    let line = text_line(at, size_px, scene.palette.text_dim, clip);
    frame.overlay.write(line, |text| mark::write_photo(slot, text));
}

fn write(
    (scene, frame): (&Scene<'_>, &mut Frame),
    clip: RectPx,
    at: [f32; 2],
    scale: f32,
    words: impl FnOnce(&mut String),
) {
    let line = text_line(at, theme::TEXT_SIZE * scale, scene.palette.text_dim, clip);
    frame.overlay.write(line, words);
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
    fn title(&mut self, words: impl FnOnce(&mut String)) {
        let at = [self.panel[0] + MARGIN * self.scale, self.next_y];
        let line = text_line(at, 15.0 * self.scale, self.palette.text, self.panel);
        self.frame.overlay.write(Line { weight: Weight::SemiBold, ..line }, words);
        self.next_y += TITLE * self.scale;
    }

    fn row(
        &mut self,
        name: impl FnOnce(&mut String),
        colour: Rgba,
        value: impl FnOnce(&mut String),
    ) {
        let (scale, size_px) = (self.scale, theme::TEXT_SIZE * self.scale);
        let at = [self.panel[0] + MARGIN * scale, self.next_y];
        let room = self.panel[2] - (2.0 * MARGIN + 44.0) * scale;
        let clip = [at[0], self.panel[1], room, self.panel[3]];
        self.frame.overlay.write(text_line(at, size_px, colour, clip), name);
        let at = [self.panel[0] + self.panel[2] - MARGIN * scale, self.next_y];
        let line = text_line(at, size_px, self.palette.text, self.panel);
        self.frame.overlay.write(Line { align: Align::Right, ..line }, value);
        self.next_y += ROW * scale;
    }

    /// How far a reason goes, from the middle: -1 all the way to trash, 1 to keep.
    fn bar(&mut self, share: f32) {
        let (scale, half) = (self.scale, self.panel[2] / 2.0 - MARGIN * self.scale);
        let middle = (self.panel[0] + self.panel[2] / 2.0).round();
        let (length, height) = ((half * share.abs()).round(), (BAR[0] * scale).round());
        let top = self.next_y.round();
        let (left, colour) =
            if share < 0.0 { (middle - length, theme::TRASH) } else { (middle, theme::KEEP) };
        let quads = &mut self.frame.overlay.quads;
        let ground = [middle - half, top, 2.0 * half, height];
        quads.push(filled(ground, self.palette.cell));
        quads.push(filled([left, top, length, height], colour));
        quads.push(filled([middle, top, scale.round(), height], self.palette.text_dim));
        self.next_y += (BAR[0] + BAR[1]) * scale;
    }

    /// Words in as many lines as they need.
    fn paragraph(&mut self, words: impl FnOnce(&mut String)) {
        let (size_px, clip) = (theme::TEXT_SIZE * self.scale, self.panel);
        let room = self.panel[2] - 2.0 * MARGIN * self.scale;
        let overlay = &mut self.frame.overlay;
        let mut start = overlay.text.len();
        words(&mut overlay.text);
        while start < overlay.text.len() {
            let rest = &overlay.text[start..];
            let (line, after) = measure::split_to_fit(rest, size_px, room);
            let (end, next) = (start + line.len(), overlay.text.len() - after.len());
            let at = [self.panel[0] + MARGIN * self.scale, self.next_y];
            let line = text_line(at, size_px, self.palette.text, clip);
            overlay.lines.push(Line { text: start..end, ..line });
            self.next_y += ROW * self.scale;
            start = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::theme::palette::DARK;

    #[test]
    fn what_moved_it_is_told_in_hundredths_with_a_sign() {
        for (moved, expect) in [(-0.184, "−18"), (0.07, "+7"), (0.004, "±0"), (-0.004, "±0")] {
            let mut text = String::new();
            write_moved(moved, &mut text);
            assert_eq!(text, expect);
        }
    }

    #[test]
    fn the_ground_leaves_nothing_of_the_panel_but_the_places() {
        let panel = [660.0, 0.0, 340.0, 700.0];
        let places = places(panel, 1.0);
        let mut frame = Frame::default();
        surround(DARK.panel, panel, places, &mut frame);
        let area = |rect: &RectPx| rect[2] * rect[3];
        let ground: f32 = frame.overlay.quads.iter().map(|quad| area(&quad.rect_px)).sum();
        assert_eq!(ground, area(&panel) - places.iter().map(area).sum::<f32>());
    }
}
