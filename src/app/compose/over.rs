//! The menu of the right button and the line that tags are typed in.

use super::Scene;
use super::filled;
use super::grown;
use super::measure;
use super::text_line;
use super::whole;
use crate::app::panel::MENU;
use crate::app::panel::Menu;
use crate::app::panel::TagLine;
use crate::app::theme;
use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::frame::Weight;

/// Width of the menu in logical pixels.
const MENU_WIDTH: f32 = 190.0;
/// Height of a menu's line in logical pixels.
const MENU_ROW: f32 = 26.0;
/// Width of the tag line in logical pixels.
const TAG_WIDTH: f32 = 420.0;

/// What the keys do in the tag line: the longest that fits is shown.
const HINTS: [&str; 3] = [
    "Enter adds, or takes away what all have   Tab completes   Esc closes",
    "Enter adds   Tab completes   Esc closes",
    "Enter adds   Esc closes",
];

/// Physical pixels for one of the menu's logical ones: fewer where the window is too low for all of
/// its lines.
fn menu_scale(surface_px: [f32; 2], scale: f32) -> f32 {
    let room = theme::panel_size(surface_px, scale);
    scale.min(room[1] / menu_height(1.0)).min(room[0] / MENU_WIDTH)
}

fn menu_height(scale: f32) -> f32 {
    (MENU_ROW * MENU.len() as f32 + 12.0) * scale
}

/// Where the menu lies: at the pointer, moved so that all of it is above the status line.
#[must_use]
pub fn menu_rect(menu: &Menu, surface_px: [f32; 2], scale: f32) -> RectPx {
    let room = theme::panel_size(surface_px, scale);
    let scale = menu_scale(surface_px, scale);
    let size = [MENU_WIDTH * scale, menu_height(scale)];
    let left = menu.at_px[0].min(room[0] - size[0]).max(0.0);
    let top = menu.at_px[1].min(room[1] - size[1]).max(0.0);
    [left.round(), top.round(), size[0], size[1]]
}

/// The line of the menu at a point.
#[must_use]
pub fn menu_line_at(menu: &Menu, surface_px: [f32; 2], scale: f32, at: [f32; 2]) -> Option<usize> {
    let [left, top, width, _] = menu_rect(menu, surface_px, scale);
    let scale = menu_scale(surface_px, scale);
    let row = ((at[1] - top - 6.0 * scale) / (MENU_ROW * scale)).floor();
    let is_inside = at[0] >= left && at[0] < left + width && row >= 0.0;
    (is_inside && row < MENU.len() as f32).then_some(row as usize)
}

/// Draws the menu.
pub fn compose_menu(scene: &Scene<'_>, menu: &Menu, frame: &mut Frame) {
    let surface_px = scene.viewport.size_px;
    let rect = menu_rect(menu, surface_px, scene.scale);
    let scale = menu_scale(surface_px, scene.scale);
    panel(scene, rect, scale, frame);
    for (at, (words, _)) in MENU.iter().enumerate() {
        let top = rect[1] + (6.0 + MENU_ROW * at as f32) * scale;
        let row = [rect[0] + 6.0 * scale, top, rect[2] - 12.0 * scale, MENU_ROW * scale];
        if menu.marked == Some(at) {
            let quad = Quad { radius_px: 4.0 * scale, ..filled(row, scene.palette.raised) };
            frame.overlay.quads.push(quad);
        }
        let size_px = theme::TEXT_SIZE * scale;
        let text_top = top + (row[3] - size_px * 1.25) / 2.0;
        let line = text_line([row[0] + 10.0 * scale, text_top], size_px, scene.palette.text, rect);
        frame.overlay.write(line, |t| t.push_str(words));
    }
}

/// Draws the tag line with its offers under it.
pub fn compose_tag_line(scene: &Scene<'_>, tags: &TagLine, frame: &mut Frame) {
    let scale = scene.scale;
    let surface = whole(scene);
    let width = (TAG_WIDTH * scale).min(surface[2] - 24.0 * scale);
    let height = (48.0 + 26.0 * tags.offers.len() as f32) * scale + 28.0 * scale;
    let left = ((surface[2] - width) / 2.0).round();
    let rect = [left, (surface[3] * 0.18).round(), width, height];
    panel(scene, rect, scale, frame);
    let field =
        [rect[0] + 10.0 * scale, rect[1] + 10.0 * scale, width - 20.0 * scale, 32.0 * scale];
    let quad = Quad { radius_px: 4.0 * scale, ..filled(field, scene.palette.background) };
    frame.overlay.quads.push(quad);
    let size_px = 15.0 * scale;
    let at = [field[0] + 10.0 * scale, field[1] + (field[3] - size_px * 1.25) / 2.0];
    let (colour, is_empty) = if tags.text.is_empty() {
        (scene.palette.text_dim, true)
    } else {
        (scene.palette.text, false)
    };
    frame.overlay.write(text_line(at, size_px, colour, field), |text| {
        text.push_str(if is_empty { "tag" } else { &tags.text });
        text.push('▏');
    });
    draw_offers(scene, tags, rect, frame);
    let hint_at = [rect[0] + rect[2] / 2.0, rect[1] + rect[3] - 24.0 * scale];
    let hint_px = theme::CAPTION_SIZE * scale;
    let hint = text_line(hint_at, hint_px, scene.palette.text_dim, rect);
    let room = rect[2] - 20.0 * scale;
    let fits = |hint: &&&str| measure::width_px(hint, hint_px, Weight::Regular) <= room;
    let words = HINTS.iter().find(fits).unwrap_or(&HINTS[HINTS.len() - 1]);
    frame.overlay.write(Line { align: Align::Middle, ..hint }, |text| text.push_str(words));
}

fn draw_offers(scene: &Scene<'_>, tags: &TagLine, rect: RectPx, frame: &mut Frame) {
    let scale = scene.scale;
    for (at, offer) in tags.offers.iter().enumerate() {
        let top = rect[1] + (48.0 + 26.0 * at as f32) * scale;
        let row = [rect[0] + 10.0 * scale, top, rect[2] - 20.0 * scale, 26.0 * scale];
        if tags.marked == Some(at) {
            let quad = Quad { radius_px: 4.0 * scale, ..filled(row, scene.palette.raised) };
            frame.overlay.quads.push(quad);
        }
        let size_px = theme::TEXT_SIZE * scale;
        let text_at = [row[0] + 10.0 * scale, top + (row[3] - size_px * 1.25) / 2.0];
        let line = text_line(text_at, size_px, scene.palette.text, row);
        frame.overlay.write(line, |t| t.push_str(offer));
    }
}

/// A panel over everything, with an edge that tells it from the photos.
pub(super) fn panel(scene: &Scene<'_>, rect: RectPx, scale: f32, frame: &mut Frame) {
    let edge =
        Quad { radius_px: 7.0 * scale, ..filled(grown(rect, scale.round()), scene.palette.rule) };
    frame.overlay.quads.push(edge);
    frame.overlay.quads.push(Quad { radius_px: 6.0 * scale, ..filled(rect, scene.palette.panel) });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_stays_above_the_status_line() {
        let menu = Menu { at_px: [990.0, 790.0], marked: None };
        let [left, top, width, height] = menu_rect(&menu, [1000.0, 800.0], 1.0);
        assert!(left + width <= 1000.0 && top + height <= 770.0, "{left} {top}");
    }

    #[test]
    fn every_line_of_the_menu_can_be_hit() {
        let menu = Menu { at_px: [0.0, 0.0], marked: None };
        let hit = |y| menu_line_at(&menu, [1000.0, 900.0], 2.0, [10.0, y]);
        assert_eq!(hit(11.0), None);
        assert_eq!(hit(12.0), Some(0));
        assert_eq!(hit(12.0 + 52.0 * MENU.len() as f32 - 1.0), Some(MENU.len() - 1));
        assert_eq!(hit(12.0 + 52.0 * MENU.len() as f32), None);
    }

    #[test]
    fn a_low_window_shows_the_whole_menu() {
        let menu = Menu { at_px: [400.0, 440.0], marked: None };
        let [left, top, width, height] = menu_rect(&menu, [600.0, 450.0], 2.0);
        assert!(left >= 0.0 && left + width <= 600.5, "{left} {width}");
        assert!(top >= 0.0 && top + height <= 390.5, "{top} {height}");
        let last = [left + 1.0, top + height - 10.0];
        assert_eq!(menu_line_at(&menu, [600.0, 450.0], 2.0, last), Some(MENU.len() - 1));
    }
}
