//! What is laid over photos at the desk: what a key shows in the grid and in the loupe, and from what.

use std::sync::Arc;

use image::RgbImage;
use rushlight::app::panel::Overlay;
use rushlight::core::coded::Coding;
use rushlight::core::command::Command;
use rushlight::core::frame::Shading;
use rushlight::core::frame::Veil;
use rushlight::core::label::Decision;
use rushlight::core::photo::Turn;
use rushlight::disk::cache::settings::CacheSettings;
use rushlight::disk::folders::Folders;
use rushlight::jobs::cached::Cached;

use crate::shoot::Shoot;
use crate::table::Table;

/// Large enough to be decoded at a part of its size, which is where a detail map comes from.
const SIZE_PX: [u32; 2] = [2400, 1600];

/// Plain, but full of detail in the right third.
fn shoot(count: usize) -> Shoot {
    let shoot = Shoot::new();
    for number in 0..count {
        let picture = RgbImage::from_fn(SIZE_PX[0], SIZE_PX[1], |x, y| {
            let mixed = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).rotate_left(11);
            let grey = if x < 2 * SIZE_PX[0] / 3 { 90 } else { 60 + (mixed % 80) as u8 };
            image::Rgb([grey, grey, 40 + 9 * number as u8])
        });
        shoot.add_picture(number, &picture);
    }
    shoot
}

fn toggle(table: &mut Table, overlay: Overlay) {
    table.desk.panels.overlays.toggle(overlay);
    table.show();
}

fn veils(table: &Table) -> &[Veil] {
    &table.desk.frame().veils
}

#[test]
fn in_the_grid_a_key_lays_the_detail_map_over_every_photo() {
    let shoot = shoot(3);
    let mut table = Table::ready(&shoot);
    assert_eq!(veils(&table), [], "nothing is laid over photos unasked");
    toggle(&mut table, Overlay::Peaking);
    let tiles: Vec<_> =
        table.desk.frame().tiles.iter().map(|tile| (tile.rect_px, tile.seat)).collect();
    let laid = veils(&table).iter().map(|veil| (veil.rect_px, veil.detail.expect("it is known").0));
    assert!(laid.eq(tiles), "over each photo its own");
    assert!(veils(&table).iter().all(|veil| veil.is_peaking && !veil.is_heat && !veil.is_thirds));
    assert_eq!(table.desk.frame().shading, Shading::default(), "tiles are not read for it");
    toggle(&mut table, Overlay::Clipping);
    assert!(table.desk.frame().shading.is_clipping);
    toggle(&mut table, Overlay::Peaking);
    toggle(&mut table, Overlay::Clipping);
    assert_eq!((veils(&table), table.desk.frame().shading), (&[][..], Shading::default()));
    table.close();
}

#[test]
fn in_the_loupe_peaking_is_of_the_pixels_and_the_rest_turns_with_the_photo() {
    let shoot = shoot(2);
    let mut table = Table::ready(&shoot);
    table.command(Command::Open);
    table.settle();
    toggle(&mut table, Overlay::Peaking);
    assert!(table.desk.frame().shading.is_peaking);
    assert_eq!(veils(&table), [], "not of the map");
    toggle(&mut table, Overlay::Heat);
    toggle(&mut table, Overlay::Thirds);
    table.decide(Decision::Turn(1));
    table.settle();
    let [veil] = veils(&table) else { panic!("one photo: {:?}", veils(&table)) };
    let picture = &table.desk.frame().pictures[0];
    assert_eq!((veil.rect_px, veil.turn), (picture.rect_px, Turn::quarters(1)));
    assert!(veil.is_heat && veil.is_thirds && !veil.is_peaking && veil.detail.is_some());
    assert_eq!(table.desk.frame().veil_clip_px, picture.clip_px);
    table.close();
}

#[test]
fn the_detail_and_the_histogram_of_an_earlier_run_are_the_same() {
    let shoot = shoot(2);
    let home = tempfile::tempdir().expect("the system has a folder for temporary files");
    let folder = |name| home.path().join(name);
    let folders =
        Folders { data: folder("data"), cache: folder("cache"), config: folder("config") };
    let run = || {
        let mut table = Table::empty(8);
        let cached = Cached::at(&CacheSettings::default(), &folders, Coding::Rgba8);
        table.cached = Arc::new(cached);
        table.lay(&shoot, Arc::new(|| {}));
        table.settle();
        let detail = |number| {
            let slot = table.desk.board().slot(table.photo(number)).expect("it is there");
            let tile = slot.tile().clone().expect("it is in memory");
            (tile.detail.clone(), tile.scopes.clone())
        };
        let details = [detail(0), detail(1)];
        table.close();
        details
    };
    let first = run();
    let (Some(detail), Some(_)) = &first[0] else { panic!("both are measured") };
    let [width, height] = detail.size();
    let row = &detail.shares()[(height / 2 * width) as usize..][..width as usize];
    assert!(row[2] < 10 && row[width as usize - 3] > 100, "{row:?}");
    assert_eq!(first, run());
}

#[test]
fn the_histogram_is_of_the_current_photo() {
    let shoot = Shoot::new();
    // One photo is red and dark, the other is grey and bright.
    for (number, colour) in [[120, 10, 10], [200, 200, 200]].into_iter().enumerate() {
        shoot.add_picture(number, &RgbImage::from_pixel(600, 400, image::Rgb(colour)));
    }
    let mut table = Table::ready(&shoot);
    let bare = table.desk.frame().overlay.quads.len();
    table.desk.panels.scopes = true;
    let mut tallest_at = |number: usize| {
        let photo = table.photo(number);
        table.command(Command::GoTo { photo });
        table.show();
        let quads = &table.desk.frame().overlay.quads;
        assert!(quads.len() > bare + 3);
        // The chart itself is the widest of those that are not the panel; bars are narrow.
        let chart = quads.iter().filter(|quad| quad.rect_px[3] == 96.0);
        let chart = chart.map(|quad| quad.rect_px).find(|rect| rect[2] == 256.0);
        let [left, top, width, _] = chart.expect("the chart is drawn");
        let bars =
            quads.iter().filter(|quad| quad.rect_px[2] < 8.0 && quad.rect_px[1] <= top + 96.0);
        let bars = bars
            .filter(|quad| quad.rect_px[3] > 90.0)
            .map(|quad| (((quad.rect_px[0] - left) / width * 8.0) as usize, quad.fill));
        bars.collect::<Vec<_>>()
    };
    let [red, grey] = [tallest_at(0), tallest_at(1)];
    assert!(red.iter().any(|(at, fill)| *at == 3 && fill[0] > fill[1]), "{red:?}");
    assert!(grey.iter().all(|(at, fill)| *at == 6 && fill[0] == fill[1]), "{grey:?}");
    assert!(!grey.is_empty());
    table.close();
}
