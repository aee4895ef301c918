//! Frames that only an eye can judge: smooth edges, letters, spacing. Each was looked at before it
//! was accepted; `support/golden.rs` says how they are compared and accepted anew.

#[path = "support/golden.rs"]
mod golden;
#[path = "support/studio.rs"]
mod studio;

use std::sync::Arc;

use rushlight::app::desk::Desk;
use rushlight::app::panel::Help;
use rushlight::app::panel::Over;
use rushlight::app::theme;
use rushlight::core::frame::Align;
use rushlight::core::frame::Frame;
use rushlight::core::frame::Glyph;
use rushlight::core::frame::Line;
use rushlight::core::frame::Picture;
use rushlight::core::frame::Quad;
use rushlight::core::frame::RectPx;
use rushlight::core::frame::Rgba;
use rushlight::core::frame::Stratum;
use rushlight::core::frame::Weight;
use rushlight::core::photo::Turn;

use studio::add_tile;
use studio::frame;
use studio::letter;
use studio::seat;
use studio::shoot;
use studio::with_device;

const WHITE: Rgba = [235, 235, 235, 255];
const DIM: Rgba = [150, 150, 150, 255];
const KEEP: Rgba = [86, 178, 106, 255];
const TRASH: Rgba = [206, 84, 76, 255];
const GOLD: Rgba = [226, 178, 72, 255];
const PANEL: Rgba = [38, 38, 38, 255];
const EVERYWHERE: RectPx = [0.0, 0.0, 1e6, 1e6];

fn check(name: &str, frame: &Frame) {
    with_device(|device| golden::check(name, &shoot(device, frame)));
}

fn line(at_px: [f32; 2], size_px: f32) -> Line {
    Line {
        text: 0..0,
        at_px,
        size_px,
        colour: WHITE,
        align: Align::Left,
        weight: Weight::Regular,
        clip_px: EVERYWHERE,
    }
}

fn write(stratum: &mut Stratum, line: Line, text: &str) {
    stratum.write(line, |all| all.push_str(text));
}

fn glyph(glyph: Glyph, rect_px: RectPx, fill: Rgba) -> Quad {
    Quad { rect_px, fill, glyph, ..Quad::default() }
}

#[test]
fn the_eight_turns_stand_as_exif_says() {
    let mut frame = frame([360, 270]);
    let texels = letter([96, 64]);
    for exif in 1..=8 {
        let turn = Turn::from_exif(exif);
        let [width, height] = turn.upright([66, 44]).map(|v| v as f32);
        let (column, row) = ((exif - 1) % 4, (exif - 1) / 4);
        let rect = |top: f32| {
            let [x, y] = [45.0 + 90.0 * column as f32, top + 66.0 * row as f32];
            [(x - width / 2.0).floor(), (y - height / 2.0).floor(), width, height]
        };
        // Tiles above, the same as large pictures below.
        add_tile(&mut frame, seat(0, exif as u16), &texels, rect(35.0));
        frame.tiles.last_mut().expect("it was added").turn = turn;
        frame.pictures.push(Picture {
            key: 1,
            texels: Arc::clone(&texels),
            rect_px: rect(169.0),
            clip_px: EVERYWHERE,
            turn,
            is_crisp: false,
            stand_in: None,
        });
    }
    check("turns", &frame);
}

#[test]
fn badges_are_smooth_at_every_size() {
    let mut frame = frame([330, 240]);
    let mut x = 10.0;
    for side in [8.0, 11.0, 16.0, 24.0, 32.0, 48.0, 96.0] {
        let rows = [Glyph::Star, Glyph::Check, Glyph::Cross].into_iter().zip([GOLD, KEEP, TRASH]);
        for (row, (shape, colour)) in rows.enumerate() {
            let y = if side > 90.0 { 10.0 } else { 10.0 + 58.0 * row as f32 };
            let [left, top] = if side > 90.0 { [10.0 + 105.0 * row as f32, 184.0] } else { [x, y] };
            let rect = if side > 90.0 { [left, top, 50.0, 50.0] } else { [left, top, side, side] };
            frame.marks.push(glyph(shape, rect, colour));
        }
        // The last row: hollow, with an outline only.
        x += side + 10.0;
    }
    for (at, shape) in [Glyph::Star, Glyph::Box, Glyph::Box].into_iter().enumerate() {
        frame.marks.push(Quad {
            rect_px: [65.0 + 105.0 * at as f32, 184.0, 44.0, 44.0],
            radius_px: [0.0, 22.0, 8.0][at],
            border_px: [2.0, 3.0, 1.5][at],
            border: [GOLD, KEEP, WHITE][at],
            fill: [[0; 4], [0; 4], [255, 255, 255, 40]][at],
            glyph: shape,
        });
    }
    check("badges", &frame);
}

#[test]
fn boxes_have_round_corners_and_even_borders() {
    let mut frame = frame([300, 130]);
    let mut x = 10.0;
    for (radius_px, border_px) in [(0.0, 1.0), (4.0, 1.0), (8.0, 2.0), (20.0, 4.0), (99.0, 6.0)] {
        for (y, fill) in [(10.0, PANEL), (70.0, [0; 4])] {
            let rect_px = [x, y, 48.0, 50.0];
            let border = [GOLD, KEEP, WHITE, TRASH, DIM][(x / 58.0) as usize];
            let quad = Quad { rect_px, radius_px, border_px, fill, border, glyph: Glyph::Box };
            frame.base.quads.push(quad);
        }
        x += 58.0;
    }
    // Half transparent over all, off the pixel grid.
    let rect_px = [20.5, 45.5, 259.0, 40.0];
    let fill = [255, 255, 255, 60];
    frame.base.quads.push(Quad { rect_px, radius_px: 6.0, fill, ..Quad::default() });
    check("boxes", &frame);
}

#[test]
fn text_is_legible_from_11_to_32_pixels() {
    let mut frame = frame([560, 390]);
    let mut y = 8.0;
    for size_px in [11.0, 12.0, 13.0, 14.0, 16.0, 20.0, 32.0] {
        for weight in [Weight::Regular, Weight::SemiBold] {
            let places = [(10.0, Align::Left), (280.0, Align::Middle), (550.0, Align::Right)];
            for ((x, align), text) in places.into_iter().zip(["DSC_0417.JPG", "f/2.8", "1/250 s"]) {
                let line = Line { align, weight, ..line([x, y], size_px) };
                write(&mut frame.base, line, text);
            }
            y += size_px * 1.25;
        }
        y += 8.0;
    }
    let thin = Quad { rect_px: [280.0, 0.0, 1.0, 390.0], fill: PANEL, ..Quad::default() };
    frame.base.quads.push(thin);
    check("text", &frame);
}

#[test]
fn text_keeps_its_clip_its_colour_and_its_place_in_the_order() {
    let mut frame = frame([260, 110]);
    let name = "IMG_20260503_120001_portrait.jpg";
    for (row, clip_px) in [EVERYWHERE, [40.0, 0.0, 100.0, 200.0]].into_iter().enumerate() {
        let at = Line { clip_px, ..line([10.0, 8.0 + 22.0 * row as f32], 14.0) };
        write(&mut frame.base, at, name);
    }
    // A line that a menu half covers, with the menu's own text over it.
    write(&mut frame.base, Line { colour: GOLD, ..line([10.0, 60.0], 14.0) }, name);
    let fill = [60, 60, 60, 230];
    let rect_px = [90.0, 50.0, 150.0, 50.0];
    frame.overlay.quads.push(Quad { rect_px, radius_px: 6.0, fill, ..Quad::default() });
    write(&mut frame.overlay, line([102.0, 56.0], 13.0), "Keep\u{2003}K");
    let faint = [255, 255, 255, 90];
    write(&mut frame.overlay, Line { colour: faint, ..line([102.0, 76.0], 13.0) }, "Größe ½ – “é”");
    check("text_order", &frame);
}

#[test]
fn pictures_are_crisp_or_smooth_and_stay_in_their_clip() {
    let mut frame = frame([310, 110]);
    let texels = letter([24, 18]);
    for (at, is_crisp) in [(0, true), (1, false), (2, false)] {
        let left = 10.0 + 100.0 * at as f32;
        let clip_px = if at == 2 { [left + 20.0, 30.0, 50.0, 40.0] } else { EVERYWHERE };
        frame.pictures.push(Picture {
            key: 1,
            texels: Arc::clone(&texels),
            rect_px: [left, 20.0, 90.0, 67.5],
            clip_px,
            turn: Turn::NONE,
            is_crisp,
            stand_in: None,
        });
    }
    check("crisp", &frame);
}

#[test]
fn trashed_tiles_are_dimmed_evenly() {
    let mut frame = frame([330, 60]);
    let texels = letter([60, 40]);
    for (at, brightness) in [1.0, 0.75, 0.5, 0.35, 0.0].into_iter().enumerate() {
        let rect_px = [10.0 + 64.0 * at as f32, 10.0, 60.0, 40.0];
        add_tile(&mut frame, seat(0, at as u16), &texels, rect_px);
        frame.tiles[at].brightness = brightness;
    }
    check("dimmed", &frame);
}

/// A light table as the app would compose it, with every length times `scale`.
fn table(scale: f32) -> Frame {
    let s = |v: f32| (v * scale).round();
    let mut frame = frame([s(340.0) as u32, s(200.0) as u32]);
    let texels = letter([126, 84]);
    for at in 0..6_u16 {
        let [x, y] = [f32::from(at % 3) * 110.0 + 8.0, f32::from(at / 3) * 86.0 + 8.0];
        let is_trash = at == 2;
        add_tile(&mut frame, seat(0, at), &texels, [s(x + 4.0), s(y + 4.0), s(96.0), s(64.0)]);
        frame.tiles[usize::from(at)].brightness = if is_trash { 0.35 } else { 1.0 };
        let border = [KEEP, DIM, TRASH, DIM, KEEP, WHITE][usize::from(at)];
        let rect_px = [s(x), s(y), s(104.0), s(72.0)];
        let (radius_px, border_px) = (s(4.0), s(2.0).max(1.0));
        frame.marks.push(Quad { rect_px, radius_px, border_px, border, ..Quad::default() });
        let disc = [s(x + 8.0), s(y + 8.0), s(16.0), s(16.0)];
        let mark = [s(x + 11.0), s(y + 11.0), s(10.0), s(10.0)];
        let (shape, colour) = if is_trash { (Glyph::Cross, TRASH) } else { (Glyph::Check, KEEP) };
        if matches!(at, 0 | 2 | 4) {
            let is_solid = at != 4;
            let quad = Quad { rect_px: disc, radius_px: s(8.0), ..Quad::default() };
            frame.marks.push(if is_solid {
                Quad { fill: colour, ..quad }
            } else {
                Quad { fill: [0, 0, 0, 120], border: colour, border_px, ..quad }
            });
            frame.marks.push(glyph(shape, mark, if is_solid { [20, 20, 20, 255] } else { colour }));
        }
        for star in 0..at {
            let rect_px = [s(x + 26.0 + 13.0 * f32::from(star)), s(y + 54.0), s(12.0), s(12.0)];
            frame.marks.push(glyph(Glyph::Star, rect_px, GOLD));
        }
        let name = Line { align: Align::Middle, ..line([s(x + 52.0), s(y + 72.0)], 10.0 * scale) };
        write(&mut frame.base, Line { colour: DIM, ..name }, &format!("DSC_0{at}17.JPG"));
    }
    let bar = [0.0, s(182.0), s(340.0), s(18.0)];
    frame.base.quads.push(Quad { rect_px: bar, fill: PANEL, ..Quad::default() });
    let status = line([s(8.0), s(184.0)], 11.0 * scale);
    write(&mut frame.base, status, "6 photos · 2 kept · 1 trashed · 3 undecided");
    let right = Line { align: Align::Right, ..line([s(332.0), s(184.0)], 11.0 * scale) };
    write(&mut frame.base, Line { weight: Weight::SemiBold, ..right }, "100 %");
    frame
}

#[test]
fn the_table_looks_the_same_at_every_scale() {
    for (name, scale) in [("table_1", 1.0), ("table_1_5", 1.5), ("table_2", 2.0)] {
        check(name, &table(scale));
    }
}

/// What the program itself shows before any folder is open.
fn empty_table(size_px: [f32; 2], scale: f32, over: Over) -> Frame {
    let mut desk = Desk::new(1, theme::viewport(size_px, scale));
    desk.panels.over = over;
    desk.compose(scale);
    desk.frame().clone()
}

#[test]
fn an_empty_table_says_what_to_do() {
    check("empty", &empty_table([480.0, 260.0], 1.0, Over::Nothing));
}

#[test]
fn the_list_of_keys_scrolls_in_a_small_window() {
    let help = Help { scroll_px: 400.0 };
    check("help_small", &empty_table([600.0, 400.0], 1.5, Over::Help(help)));
}

#[test]
fn a_wall_of_tiles_fills_a_4k_screen() {
    let mut frame = frame([3840, 2160]);
    for at in 0..16 * 9_u16 {
        let exif = u32::from(at % 8) + 1;
        let turn = Turn::from_exif(exif);
        let [width, height] = turn.upright([216, 144]).map(|v| v as f32);
        let [x, y] = [at % 16 * 240 + 120, at / 16 * 240 + 120].map(f32::from);
        let rect_px = [x - width / 2.0, y - height / 2.0, width, height];
        add_tile(&mut frame, seat(0, at), &letter([128, 85]), rect_px);
        frame.tiles[usize::from(at)].turn = turn;
    }
    // An eighth of its size in the file: what goes wrong on a wall is large.
    with_device(|device| {
        let small = shoot(device, &frame).halved().halved().halved();
        golden::check("wall_4k", &small);
    });
}
