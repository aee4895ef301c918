//! Tiles in BC7 blocks, as a device with block compression draws them: right colours, right way up,
//! nothing of what fills up blocks, and photographs as good as people are used to.
//!
//! Blocks store colours inexactly. Tolerance: a channel of a plain colour is off by 2 of 255 at most,
//! on photographs the peak signal-to-noise ratio over R, G and B against the same level in RGBA is
//! 36 dB at least for the largest level and 40 dB on average (JPEG at quality 90: 36.5 dB). Smaller
//! levels have more detail in a block, and 31 dB at least.
//!
//! Skips where the device has no block compression; lavapipe has.

#[path = "support/shared.rs"]
mod shared;
#[path = "support/studio.rs"]
#[expect(dead_code, reason = "other tests draw frames of more kinds")]
mod studio;

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::Mutex;

use rushlight::core::atlas::Class;
use rushlight::core::atlas::Seat;
use rushlight::core::coded::Coded;
use rushlight::core::coded::Coding;
use rushlight::core::frame::Frame;
use rushlight::core::frame::RectPx;
use rushlight::core::frame::Tile;
use rushlight::core::frame::Upload;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;
use rushlight::disk::exif;
use rushlight::disk::picture;
use rushlight::disk::picture::Limits;
use rushlight::disk::picture::TileParts;
use rushlight::disk::source::Source;
use rushlight::gpu::GpuResult;
use rushlight::gpu::capture::Capture;
use rushlight::gpu::device::Device;
use rushlight::gpu::device::Preference;
use rushlight::gpu::renderer::Renderer;

use studio::frame;
use studio::lend;
use studio::letter;
use studio::painted;
use studio::seat;
use studio::shoot;
use studio::shoot_with;
use studio::with_device;

const GROUND: [u8; 4] = [24, 24, 24, 255];
/// How far a channel of a plain colour may be off.
const STEP_MAX: u8 = 2;
/// By class, and of the largest on average.
const DB_MIN: [f64; 3] = [31.0, 33.0, 36.0];
const DB_MEAN_MIN: f64 = 40.0;

/// A device that reads tiles in blocks, if the adapter does.
static DEVICE: LazyLock<GpuResult<Mutex<Device>>> =
    LazyLock::new(|| Device::offscreen(Preference::Software).map(Mutex::new));

/// Runs a test with the device; skips where it has no blocks.
fn with_block_device(test: impl FnOnce(&Device)) {
    lend(&DEVICE, |device| match device.coding() {
        Coding::Bc7 => test(device),
        Coding::Rgba8 => println!("skipped: no block compression; GPU: {}", device.name()),
    });
}

/// Puts a coded picture into a seat and draws it from there.
fn add(frame: &mut Frame, seat: Seat, coded: Coded, rect_px: RectPx) {
    let (size_px, turn) = (coded.size_px(), Turn::NONE);
    frame.tiles.push(Tile { rect_px, seat, size_px, turn, brightness: 1.0 });
    frame.uploads.push(Upload { seat, coded: coded.into(), detail: None });
}

fn blocks(texels: &Texels) -> Coded {
    picture::encode(texels, Coding::Bc7)
}

fn is_near(found: [u8; 4], expect: [u8; 4]) -> bool {
    found.iter().zip(expect).all(|(f, e)| f.abs_diff(e) <= STEP_MAX)
}

/// A picture drawn from a seat of its class, texel on pixel.
#[track_caller]
fn drawn(device: &Device, coded: Coded) -> Texels {
    let [width, height] = coded.size_px();
    let class = Class::ALL.into_iter().find(|class| class.edge_px() >= coded.edge_px());
    let seat = Seat { page: 0, cell: 3, class: class.expect("it fits a seat") };
    let mut frame = frame([width, height]);
    add(&mut frame, seat, coded, [0.0, 0.0, width as f32, height as f32]);
    shoot(device, &frame)
}

/// Peak signal-to-noise ratio in dB over R, G and B.
fn decibel(found: &Texels, expect: &Texels) -> f64 {
    assert_eq!(found.size_px(), expect.size_px());
    let pairs = found.bytes().iter().zip(expect.bytes());
    let sum: u64 = pairs.map(|(&f, &e)| u64::from(f.abs_diff(e)).pow(2)).sum();
    // Alpha is the same everywhere: three channels of four differ.
    let mean = sum as f64 / (expect.bytes().len() as f64 * 0.75);
    10.0 * (255.0 * 255.0 / mean.max(1e-9)).log10()
}

#[test]
fn a_device_is_asked_for_blocks_unless_it_is_to_have_none() {
    with_block_device(|device| assert_eq!(device.coding(), Coding::Bc7));
    with_device(|device| assert_eq!(device.coding(), Coding::Rgba8));
}

#[test]
fn plain_colours_stay_what_they_are() {
    with_block_device(|device| {
        for colour in [[0; 3], [255; 3], [200, 10, 30], [12, 200, 90], [3, 5, 250], [128; 3]] {
            let [r, g, b] = colour;
            for size_px in [[128, 85], [5, 3], [1, 1]] {
                let found = drawn(device, blocks(&Texels::filled(size_px, [r, g, b, 255])));
                let texel = found.texel(size_px[0] - 1, size_px[1] - 1);
                assert!(is_near(texel, [r, g, b, 255]), "{texel:?}, not {colour:?}, {size_px:?}");
            }
        }
    });
}

#[test]
fn a_letter_stands_upright_in_all_eight_turns() {
    with_block_device(|device| {
        let letter = letter([126, 83]);
        for exif in 1..=8 {
            let turn = Turn::from_exif(exif);
            let upright = Texels::clone(&letter).turned(turn);
            let [width, height] = upright.size_px();
            let mut frame = frame([width, height]);
            let rect_px = [0.0, 0.0, width as f32, height as f32];
            add(&mut frame, seat(0, 37), blocks(&letter), rect_px);
            frame.tiles[0].turn = turn;
            // Another turn, or a row of blocks too far, has under 15 dB.
            let db = decibel(&shoot(device, &frame), &upright);
            assert!(db > 30.0, "turn {exif}: {db:.1} dB");
        }
    });
}

#[test]
fn nothing_is_seen_of_what_fills_up_blocks() {
    with_block_device(|device| {
        let mut cases = vec![];
        for (class, size_px) in [
            (Class::Large, [511, 341]),
            (Class::Large, [341, 511]),
            (Class::Small, [127, 85]),
            (Class::Small, [5, 3]),
            (Class::Small, [1, 1]),
        ] {
            // Texel on pixel, enlarged, and made smaller off the pixel grid.
            for rect_px in [
                [2.0, 2.0, size_px[0] as f32, size_px[1] as f32],
                [2.0, 2.0, 500.0, 300.0],
                [2.4, 2.6, 31.3, 17.7],
            ] {
                cases.push((class, size_px, rect_px));
            }
        }
        for (class, size_px, rect_px) in cases {
            let mut frame = frame([520, 520]);
            let cell = Seat { page: 0, cell: 5, class };
            // The seat is white all over, and then blue but for what fills up the blocks.
            let edge = class.edge_px();
            let white = Texels::filled([edge, edge], [255; 4]);
            add(&mut frame, cell, blocks(&white), rect_px);
            frame.tiles.clear();
            add(&mut frame, cell, padded_with_white(size_px), rect_px);
            let found = shoot(device, &frame);
            let blue = [0, 20, 90, 255];
            let strays = found.bytes().as_chunks::<4>().0.iter();
            let strays = strays.filter(|&&t| t != GROUND && !is_near(t, blue)).count();
            assert_eq!(strays, 0, "of a tile of {size_px:?} in {rect_px:?}");
            let [x, y] = [rect_px[0] + rect_px[2] / 2.0, rect_px[1] + rect_px[3] / 2.0];
            assert!(is_near(found.texel(x as u32, y as u32), blue), "nothing was drawn");
        }
    });
}

/// A blue picture whose padding is white: what an encoder must not do, and shows what is read of it.
///
/// Mode 6 of BC7 gives a block two colours and each texel a place between them, so blue and white in
/// one block are both exact enough.
fn padded_with_white(size_px: [u32; 2]) -> Coded {
    let padded_px = size_px.map(|side| side.next_multiple_of(4));
    let blue = [0, 20, 90];
    let picture =
        painted(padded_px, |x, y| if x < size_px[0] && y < size_px[1] { blue } else { [255; 3] });
    let bytes = blocks(&picture).bytes().to_vec();
    Coded::new(size_px, Coding::Bc7, bytes).expect("padding is in the bytes of either size")
}

#[test]
fn tiles_stay_when_the_pages_grow() {
    with_block_device(|device| {
        let mut renderer = Renderer::new(device, Capture::FORMAT, studio::PAGES);
        let mut all = frame([128, 128]);
        for (page, class) in [(0, Class::Large), (3, Class::Small), (5, Class::Medium)] {
            let shade = [40 * u8::try_from(page).expect("few pages") + 20; 3];
            let [r, g, b] = shade;
            let coded = blocks(&Texels::filled([class.edge_px(), 64], [r, g, b, 255]));
            let top = f32::from(page) * 20.0;
            all.uploads.clear();
            add(&mut all, Seat { page, cell: 9, class }, coded, [0.0, top, 128.0, 20.0]);
            let (found, _) = shoot_with(&mut renderer, device, &all);
            for tile in &all.tiles {
                let shade = 40 * u8::try_from(tile.seat.page).expect("few pages") + 20;
                let texel = found.texel(64, tile.rect_px[1] as u32 + 10);
                assert!(is_near(texel, [shade, shade, shade, 255]), "{texel:?} for {tile:?}");
            }
        }
    });
}

#[test]
fn a_tile_in_another_coding_is_refused() {
    let check = |device: &Device| {
        let other = match device.coding() {
            Coding::Rgba8 => Coding::Bc7,
            Coding::Bc7 => Coding::Rgba8,
        };
        let red = picture::encode(&Texels::filled([8, 8], [255, 0, 0, 255]), other);
        let mut frame = frame([8, 8]);
        add(&mut frame, seat(0, 0), red, [0.0, 0.0, 8.0, 8.0]);
        let outcome = catch_unwind(AssertUnwindSafe(|| shoot(device, &frame)));
        // Loud for those who build, quiet for those who look at photos.
        assert_eq!(outcome.is_err(), cfg!(debug_assertions), "a debug build says so");
        if let Ok(found) = outcome {
            assert_eq!(found.texel(4, 4), [0, 0, 0, 255], "the seat is as it was");
        }
    };
    with_block_device(check);
    with_device(check);
}

/// The tile of a photo, in a coding.
fn tile(path: &Path, coding: Coding) -> TileParts {
    let mut source = Source::open(path).expect("the file opens");
    let format = source.format().expect("the file is a JPEG");
    let turn = exif::read(&mut source, format, path).expect("the file is read").turn;
    let bytes = source.whole().expect("the file is read");
    let made = picture::decode_tile(bytes, format, turn, coding, &Limits::default(), path);
    made.expect("the photo is whole")
}

#[test]
fn photographs_stay_as_good_as_people_are_used_to() {
    let Some(folder) = shared::folder("cameras") else { return };
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder is read")
        .map(|entry| entry.expect("the folder is read").path())
        .filter(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jpg")))
        .collect();
    paths.sort();
    with_block_device(|device| {
        let (mut sum, mut count) = (0.0, 0);
        // Eight of them, spread over all makes.
        for path in paths.iter().step_by(paths.len().div_ceil(8)) {
            let [plain, coded] = [Coding::Rgba8, Coding::Bc7].map(|coding| tile(path, coding));
            assert_eq!(plain.mean, coded.mean);
            for class in Class::ALL {
                let of =
                    |levels: &[Option<Arc<Coded>>; 3]| levels[class as usize].as_deref().cloned();
                let (Some(plain), Some(coded)) = (of(&plain.levels), of(&coded.levels)) else {
                    panic!("a camera's photo has all levels; file: {}", path.display());
                };
                let [width, height] = plain.size_px();
                let expect = Texels::new(width, height, plain.bytes().to_vec());
                let db = decibel(&drawn(device, coded), &expect.expect("it is in RGBA"));
                println!("{db:5.1} dB, {width} x {height}, {}", path.display());
                assert!(db >= DB_MIN[class as usize], "{db:.1} dB; file: {}", path.display());
                if class == Class::Large {
                    (sum, count) = (sum + db, count + 1);
                }
            }
        }
        let mean = sum / f64::from(count.max(1));
        println!("{mean:.1} dB on average over {count} photos");
        assert!(mean >= DB_MEAN_MIN, "{mean:.1} dB on average over {count} photos");
    });
}
