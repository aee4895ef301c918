//! A device for tests that draw, and the small pictures that they draw.
//!
//! Prefers the adapter that draws in software, so that every machine draws the same. Where there
//! is no adapter at all the tests skip with a printed line, but fail under `CI=true`.
//!
//! Pictures are drawn for a display of the working space and are in it, so that no colour is converted
//! and exact ones can be asked for; `tests/colour.rs` looks at all the others.
//!
//! One device a test program, lent to one test at a time: the machine has few cores, and a fault
//! then belongs to the test that made it.

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::PoisonError;

use rushlight::core::atlas::Class;
use rushlight::core::atlas::Seat;
use rushlight::core::coded::Coding;
use rushlight::core::colour::Display;
use rushlight::core::colour::Space;
use rushlight::core::frame::Frame;
use rushlight::core::frame::RectPx;
use rushlight::core::frame::Tile;
use rushlight::core::frame::Upload;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;
use rushlight::disk::picture;
use rushlight::gpu::GpuResult;
use rushlight::gpu::capture::Capture;
use rushlight::gpu::device::Device;
use rushlight::gpu::device::Preference;
use rushlight::gpu::renderer::Drawn;
use rushlight::gpu::renderer::Renderer;

/// Pages that a test may use.
pub const PAGES: u16 = 6;

/// Without blocks, whose colours are not exact: `tests/blocks.rs` looks at those.
static DEVICE: LazyLock<GpuResult<Mutex<Device>>> =
    LazyLock::new(|| Device::offscreen_without_blocks(Preference::Software).map(Mutex::new));

/// Runs a test with the device, and fails it if the device had anything to complain about.
pub fn with_device(test: impl FnOnce(&Device)) {
    lend(&DEVICE, test);
}

/// Runs a test with a device of the test's own, if there is one.
pub fn lend(device: &GpuResult<Mutex<Device>>, test: impl FnOnce(&Device)) {
    let device = match device {
        Ok(device) => device.lock().unwrap_or_else(PoisonError::into_inner),
        Err(e) if std::env::var("CI").is_ok_and(|v| v == "true") => panic!("{e}"),
        Err(e) => return println!("skipped: {e}"),
    };
    device.faults().for_each(drop);
    test(&device);
    assert_eq!(device.faults().collect::<Vec<_>>(), [""; 0], "the device refused something");
}

/// A renderer that draws pictures of the working space as they are.
pub fn renderer(device: &Device) -> Renderer {
    let mut renderer = Renderer::new(device, Capture::FORMAT, PAGES);
    renderer.use_display(&Display::WORKING);
    renderer
}

/// Draws a frame with a renderer of its own.
#[track_caller]
pub fn shoot(device: &Device, frame: &Frame) -> Texels {
    shoot_with(&mut renderer(device), device, frame).0
}

/// Draws a frame.
#[track_caller]
pub fn shoot_with(renderer: &mut Renderer, device: &Device, frame: &Frame) -> (Texels, Drawn) {
    renderer.use_display(&Display::WORKING);
    let mut capture = Capture::new(device, frame.size_px).expect("the size is drawable");
    capture.shoot(renderer, frame).expect("the frame is drawn")
}

/// A frame of one colour.
pub fn frame(size_px: [u32; 2]) -> Frame {
    Frame { size_px, background: [24, 24, 24, 255], ..Frame::default() }
}

/// A seat of the smallest class.
pub fn seat(page: u16, cell: u16) -> Seat {
    Seat { page, cell, class: Class::Small }
}

/// Puts texels into a seat and draws them from there.
pub fn add_tile(frame: &mut Frame, seat: Seat, texels: &Arc<Texels>, rect_px: RectPx) {
    let coded = Arc::new(picture::encode(texels, Coding::Rgba8));
    frame.uploads.push(Upload { seat, coded, detail: None });
    frame.tiles.push(Tile {
        rect_px,
        seat,
        size_px: texels.size_px(),
        turn: Turn::NONE,
        brightness: 1.0,
    });
}

/// A picture that no turn maps to itself: an F, with a corner of each colour.
pub fn letter(size_px: [u32; 2]) -> Arc<Texels> {
    let [width, height] = size_px.map(|v| v as f32);
    Arc::new(painted(size_px, |x, y| {
        let (u, v) = ((x as f32 + 0.5) / width, (y as f32 + 0.5) / height);
        let is_in = |x: [f32; 2], y: [f32; 2]| u >= x[0] && u < x[1] && v >= y[0] && v < y[1];
        let is_letter = is_in([0.35, 0.45], [0.2, 0.85])
            || is_in([0.35, 0.7], [0.2, 0.35])
            || is_in([0.35, 0.6], [0.48, 0.6]);
        match (u < 0.2, v < 0.25, u >= 0.8, v >= 0.75) {
            _ if is_letter => [245, 245, 240],
            (true, true, ..) => [200, 60, 50],
            (_, true, true, _) => [70, 150, 80],
            (true, _, _, true) => [60, 90, 190],
            (_, _, true, true) => [220, 180, 60],
            _ => [70 + (60.0 * u) as u8, 80, 110 - (50.0 * v) as u8],
        }
    }))
}

/// A picture of the working space, texel by texel.
pub fn painted(size_px: [u32; 2], colour: impl Fn(u32, u32) -> [u8; 3]) -> Texels {
    let [width, height] = size_px;
    let mut bytes = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        for x in 0..width {
            let [r, g, b] = colour(x, y);
            bytes.extend([r, g, b, 255]);
        }
    }
    Texels::new(width, height, bytes).expect("four bytes a texel").in_space(Space::Working)
}
