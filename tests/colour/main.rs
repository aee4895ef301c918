//! Colours: what a file says they are is what is shown, in tiles and in the loupe alike.
//!
//! Tolerances, in steps of 255 of the display's numbers, against moxcms where nothing else is said:
//!
//! | what | mean | most |
//! | --- | --- | --- |
//! | tiles and the loupe, matrix profiles | 0.35 | 2 |
//! | one scene in four spaces, whose 8 bits each round their own way | 1.0 | 20 |
//! | the same as JPEGs, which are off by themselves | 1.5 | 40 |
//! | the same where the profile is ignored: must be beyond | 4.0 | |
//!
//! Skips where there is no device at all.

#[path = "../support/exact.rs"]
#[expect(dead_code, reason = "other tests compare more")]
mod exact;
#[path = "../support/golden.rs"]
mod golden;
#[path = "../support/profiles.rs"]
mod profiles;
#[path = "../support/studio.rs"]
#[expect(dead_code, reason = "other tests draw frames of more kinds")]
mod studio;

mod broken;
mod display;
mod gamut;
mod scene;
mod spaces;

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;

use rushlight::core::coded::Coding;
use rushlight::core::colour::Display;
use rushlight::core::frame::Frame;
use rushlight::core::frame::Picture;
use rushlight::core::frame::RectPx;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;
use rushlight::disk::picture;
use rushlight::disk::picture::Crew;
use rushlight::disk::picture::Limits;
use rushlight::disk::picture::TileParts;
use rushlight::disk::source::Format;
use rushlight::gpu::capture::Capture;
use rushlight::gpu::device::Device;
use rushlight::gpu::renderer::Renderer;

/// Held by tests that meet many profiles, or count on one being remembered: a few are.
static REMEMBERED: Mutex<()> = Mutex::new(());

/// The tile of a file's bytes, in texels.
#[track_caller]
fn tile_of(bytes: &[u8]) -> TileParts {
    let format = Format::of(bytes).expect("the format is known");
    let limits = Limits::default();
    picture::decode_tile(bytes, format, Turn::NONE, Coding::Rgba8, &limits, Path::new("a"))
        .expect("the picture is whole")
}

/// The largest level of the tile of a file's bytes, of the working space.
#[track_caller]
fn tile_texels(bytes: &[u8]) -> Texels {
    let levels = tile_of(bytes).levels;
    let largest = levels.into_iter().flatten().next_back().expect("every photo has a level");
    let [width, height] = largest.size_px();
    Texels::new(width, height, largest.bytes().to_vec()).expect("it is in RGBA")
}

/// What the loupe shows of a file's bytes, every pixel.
#[track_caller]
fn loupe_texels(bytes: &[u8]) -> Texels {
    let format = Format::of(bytes).expect("the format is known");
    let (limits, box_px) = (Limits::default(), [4000, 4000]);
    picture::decode_fit(bytes, format, Turn::NONE, &limits, box_px, Path::new("a"), Crew::ALONE)
        .expect("the picture is whole")
}

/// A picture drawn texel on pixel.
fn picture_at(texels: Texels, at_px: [f32; 2], key: u64) -> Picture {
    let [width, height] = texels.size_px().map(|side| side as f32);
    let rect_px: RectPx = [at_px[0], at_px[1], width, height];
    Picture {
        key,
        texels: Arc::new(texels),
        rect_px,
        clip_px: exact::EVERYWHERE,
        turn: Turn::NONE,
        is_crisp: false,
        stand_in: None,
    }
}

/// A frame as a display shows it.
fn shown(device: &Device, frame: &Frame, display: &Display) -> Texels {
    let mut renderer = Renderer::new(device, Capture::FORMAT, studio::PAGES);
    renderer.use_display(display);
    let mut capture = Capture::new(device, frame.size_px).expect("the size is drawable");
    capture.shoot(&mut renderer, frame).expect("the frame is drawn").0
}

/// What the loupe draws of texels on a display.
fn drawn(device: &Device, texels: Texels, display: &Display) -> Texels {
    let mut frame = studio::frame(texels.size_px());
    frame.pictures.push(picture_at(texels, [0.0; 2], 1));
    shown(device, &frame, display)
}

/// Every colour that a test asks about, in a picture of `edge` by `edge`: the corners, and noise.
fn colours(edge: u32) -> Vec<u8> {
    let mut rgb: Vec<u8> =
        (0..8_u8).flat_map(|c| [c & 1, c >> 1 & 1, c >> 2].map(|b| b * 255)).collect();
    (0..=255_u8).for_each(|grey| rgb.extend([grey; 3]));
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    while rgb.len() < edge as usize * edge as usize * 3 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        rgb.extend(&(state >> 40).to_le_bytes()[..3]);
    }
    rgb
}

/// Mean and largest difference between texels and RGB, in steps.
fn off(found: &Texels, expect: &[u8]) -> (f64, u8) {
    let (mut sum, mut most) = (0_u64, 0);
    for (found, expect) in found.bytes().as_chunks::<4>().0.iter().zip(expect.as_chunks::<3>().0) {
        for (found, expect) in found.iter().zip(expect) {
            let step = found.abs_diff(*expect);
            (sum, most) = (sum + u64::from(step), most.max(step));
        }
    }
    (sum as f64 / expect.len() as f64, most)
}
