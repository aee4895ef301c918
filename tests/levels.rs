//! The stops of the road from the whole shoot to single pixels, and the table in both themes at three
//! scale factors, as a person sees them. Each picture was looked at before it was accepted;
//! `support/golden.rs` says how they are compared and accepted anew.

#[path = "support/golden.rs"]
mod golden;
#[path = "support/shoot.rs"]
#[expect(dead_code, reason = "half of what tests of shoots share is enough here")]
mod shoot;
#[path = "support/studio.rs"]
#[expect(dead_code, reason = "frames are composed here, not written")]
mod studio;
#[path = "support/table.rs"]
#[expect(dead_code, reason = "half of what tests of the desk share is enough here")]
mod table;

use image::RgbImage;
use rushlight::app::theme;
use rushlight::app::theme::palette::DARK;
use rushlight::app::theme::palette::LIGHT;
use rushlight::app::theme::palette::Palette;
use rushlight::core::command::Command;
use rushlight::core::command::Direction;
use rushlight::core::label::Colour;
use rushlight::core::label::Decision;
use rushlight::core::texels::Texels;
use rushlight::gpu::capture::Capture;
use rushlight::gpu::renderer::Renderer;

use shoot::Shoot;
use shoot::colour;
use table::Table;

const PHOTOS: usize = 48;
const WINDOW_PX: [u32; 2] = [560, 420];
/// Noon of 2026-05-03, in seconds.
const NOON: i64 = 1_777_809_600;

/// A letter that tells its turn, on a ground that tells the photo, with stripes of single pixels.
fn picture(number: usize) -> RgbImage {
    let size = if number % 7 == 3 { [400, 600] } else { [900, 600] };
    let ground = colour(number);
    RgbImage::from_fn(size[0], size[1], |x, y| {
        let (u, v) = (x as f32 / size[0] as f32, y as f32 / size[1] as f32);
        let is_in = |x: [f32; 2], y: [f32; 2]| u >= x[0] && u < x[1] && v >= y[0] && v < y[1];
        let is_letter = is_in([0.35, 0.45], [0.2, 0.85])
            || is_in([0.35, 0.7], [0.2, 0.35])
            || is_in([0.35, 0.6], [0.48, 0.6]);
        let is_striped = is_in([0.46, 0.58], [0.62, 0.8]) && x % 2 == 0;
        image::Rgb(if is_letter || is_striped { [244; 3] } else { ground })
    })
}

/// Two days, the first with a pause in it.
fn two_days() -> Shoot {
    let shoot = Shoot::new();
    for number in 0..PHOTOS {
        let at = NOON + number as i64 * 30;
        let pause = if number >= 14 { 3 * 3600 } else { 0 };
        let night = if number >= 31 { 18 * 3600 } else { 0 };
        shoot.add_picture_at(number, &picture(number), Some(at + pause + night));
    }
    shoot
}

/// Lays the shoot on a table of the window's size times `scale`.
fn table(shoot: &Shoot, scale: f32) -> Table {
    let mut table = Table::empty(8);
    table.scale = scale;
    table.desk.set_window(WINDOW_PX.map(|side| (side as f32 * scale).round()), scale);
    table.desk.review.set_cell_px(132.0 * scale);
    table.lay(shoot, std::sync::Arc::new(|| {}));
    table.settle();
    table
}

fn decide_about_some(table: &mut Table) {
    let decisions = [
        Decision::Keep,
        Decision::Trash,
        Decision::Stars(4),
        Decision::Colour(Colour::Blue),
        Decision::Keep,
    ];
    for decision in decisions {
        table.decide(decision.clone());
        table.show();
        if matches!(decision, Decision::Colour(_)) {
            table.command(Command::Move(Direction::Right));
            table.show();
        }
    }
    table.until("all is durable", |desk| desk.unsaved_count() == 0);
}

/// What the window would show now.
fn seen(table: &mut Table) -> Option<Texels> {
    table.settle();
    let mut seen = None;
    studio::with_device(|device| {
        let size_px = table.desk.review.viewport().size_px.map(|side| side as u32);
        let mut capture = Capture::new(device, size_px).expect("the size is drawable");
        let mut renderer = Renderer::new(device, Capture::FORMAT, 8);
        table.desk.forget_device();
        // Every frame is prepared: its uploads are in no later one.
        let mut quiet = 0;
        while quiet < 5 {
            table.desk.take_news(table.now());
            let composed = table.desk.compose(table.scale);
            let is_whole = renderer.prepare(table.desk.frame());
            let is_quiet = is_whole && !composed.wants_frame && table.desk.is_settled();
            quiet = if is_quiet { quiet + 1 } else { 0 };
            // What the device keeps of the whole shoot is read again beside.
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let shot = capture.shoot(&mut renderer, table.desk.frame());
        seen = Some(shot.expect("the frame is drawn").0);
    });
    seen
}

#[track_caller]
fn check(name: &str, table: &mut Table) {
    if let Some(texels) = seen(table) {
        golden::check(name, &texels);
    }
}

#[test]
fn every_stop_of_the_road_shows_its_photos() {
    let shoot = two_days();
    let mut table = table(&shoot, 1.0);
    table.command(Command::GoTo { photo: table.photo(9) });
    decide_about_some(&mut table);
    let cells = [("level_shoot", 22.0), ("level_sections", 44.0), ("level_grid", 150.0)];
    for (name, cell_px) in cells.into_iter().chain([("level_few", 330.0)]) {
        table.desk.review.set_cell_px(cell_px);
        check(name, &mut table);
    }
    table.command(Command::Open);
    check("level_loupe", &mut table);
    table.command(Command::ToggleActual { at_px: None });
    check("level_actual", &mut table);
    let at_px = [281.0, 227.0];
    table.command(Command::ZoomAt { factor: 8.0, at_px });
    check("level_pixels", &mut table);
    table.close();
}

#[test]
fn the_table_is_the_same_in_both_themes_at_every_scale() {
    let shoot = two_days();
    for (name, palette, scale) in [
        ("dark_1", &DARK, 1.0),
        ("dark_1_5", &DARK, 1.5),
        ("dark_2", &DARK, 2.0),
        ("light_1", &LIGHT, 1.0),
        ("light_1_5", &LIGHT, 1.5),
        ("light_2", &LIGHT, 2.0),
    ] as [(&str, &'static Palette, f32); 6]
    {
        let mut table = table(&shoot, scale);
        table.desk.palette = palette;
        if table.label(0) == Default::default() {
            decide_about_some(&mut table);
        }
        check(name, &mut table);
        table.close();
    }
}

#[test]
fn a_light_loupe_has_light_around_the_photo_and_dark_behind_its_histogram() {
    let shoot = two_days();
    let mut table = table(&shoot, 1.0);
    table.desk.palette = theme::palette(rushlight::disk::colour::settings::Theme::Light, false);
    decide_about_some(&mut table);
    table.command(Command::Open);
    table.desk.panels.scopes = true;
    check("light_loupe", &mut table);
    table.close();
}
