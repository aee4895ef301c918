//! What is laid over photos to judge them by: which pixels are marked, and which are not.

#[path = "support/exact.rs"]
#[expect(dead_code, reason = "half of what tests of exact pixels share is enough here")]
mod exact;
#[path = "support/golden.rs"]
mod golden;
#[path = "support/studio.rs"]
mod studio;

use std::sync::Arc;

use rushlight::core::detail::DetailTexels;
use rushlight::core::embed_input::Detail;
use rushlight::core::frame::Frame;
use rushlight::core::frame::RectPx;
use rushlight::core::frame::Shading;
use rushlight::core::frame::Veil;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;

use exact::EVERYWHERE;
use exact::picture;
use studio::add_tile;
use studio::frame;
use studio::letter;
use studio::painted;
use studio::renderer;
use studio::seat;
use studio::shoot;
use studio::shoot_with;
use studio::with_device;

/// The marks as the shaders have them.
const HIGH: [u8; 3] = [255, 51, 41];
const LOW: [u8; 3] = [51, 115, 255];

fn is_near(texel: [u8; 4], colour: [u8; 3]) -> bool {
    texel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) <= 2)
}

/// What one colour of the working space looks like as a tile and as a picture, where clipping is marked.
fn clipped(colour: [u8; 3]) -> [[u8; 4]; 2] {
    let texels = Arc::new(painted([8, 8], |_, _| colour));
    let mut found = [[0; 4]; 2];
    with_device(|device| {
        let shading = Shading { is_clipping: true, is_peaking: false };
        let mut as_tile = Frame { shading, ..frame([8, 8]) };
        add_tile(&mut as_tile, seat(0, 0), &texels, [0.0, 0.0, 8.0, 8.0]);
        let mut as_picture = Frame { shading, ..frame([8, 8]) };
        as_picture.pictures.push(picture(1, &texels, [0.0, 0.0, 8.0, 8.0]));
        found = [as_tile, as_picture].map(|frame| shoot(device, &frame).texel(4, 4));
    });
    found
}

#[test]
fn what_the_file_could_not_hold_is_marked_and_nothing_else() {
    for (colour, mark) in [
        ([255; 3], Some(HIGH)),
        ([255, 90, 20], Some(HIGH)),
        ([254; 3], Some(HIGH)),
        ([250, 250, 250], None),
        ([128; 3], None),
        // Full in no channel, and beyond sRGB: a file in a wider space has not lost it.
        ([245, 20, 20], None),
        // Red as it is in sRGB, full there.
        ([234, 51, 35], Some(HIGH)),
        ([0; 3], Some(LOW)),
        ([2, 2, 2], Some(LOW)),
        ([5, 5, 5], None),
        ([0, 0, 40], None),
    ] {
        for found in clipped(colour) {
            if found == [0; 4] {
                return;
            }
            let expect = mark.unwrap_or(colour);
            assert!(is_near(found, expect), "{colour:?} is shown as {found:?}, not {expect:?}");
        }
    }
}

/// The share of pixels that are marked as sharp in a picture of stripes that are `soft` pixels wide at
/// their edges.
fn peaked(soft: f32, contrast: f32) -> Option<f32> {
    let stripe = |x: u32, _| {
        let phase = (x % 24) as f32 - 11.5;
        let rise = ((phase / soft.max(0.1)).clamp(-0.5, 0.5) + 0.5) * contrast;
        [(100.0 + 255.0 * rise).min(255.0) as u8; 3]
    };
    let texels = Arc::new(painted([96, 64], stripe));
    let mut share = None;
    with_device(|device| {
        let shading = Shading { is_clipping: false, is_peaking: true };
        let mut frame = Frame { shading, ..frame([96, 64]) };
        frame.pictures.push(picture(1, &texels, [0.0, 0.0, 96.0, 64.0]));
        let found = shoot(device, &frame);
        let marked = found.bytes().chunks_exact(4).filter(|t| t[0] > 180 && t[2] < 90).count();
        share = Some(marked as f32 / (96.0 * 64.0));
    });
    share
}

#[test]
fn sharp_edges_are_marked_and_soft_ones_are_not() {
    let Some(sharp) = peaked(0.0, 0.4) else { return };
    // Of each 24 pixels two at either end of a stripe.
    assert!((0.1..0.2).contains(&sharp), "{sharp}");
    // The other end of a soft stripe is a jump, as sharp as before.
    let soft = peaked(10.0, 0.4).expect("there is a device");
    assert!(soft < 0.6 * sharp, "{soft} of {sharp}");
    assert_eq!(peaked(0.0, 0.02), Some(0.0), "noise is no edge");
}

#[test]
fn a_tile_is_not_peaked_by_its_pixels() {
    with_device(|device| {
        let mut plain = frame([96, 64]);
        add_tile(&mut plain, seat(0, 0), &letter([96, 64]), [0.0, 0.0, 96.0, 64.0]);
        let mut peaked = plain.clone();
        peaked.shading.is_peaking = true;
        assert_eq!(shoot(device, &plain).bytes(), shoot(device, &peaked).bytes());
    });
}

/// Detail that grows to the right, and is strongest in the lower right corner.
fn detail() -> Arc<DetailTexels> {
    let bits: Vec<u8> = (0..12 * 8).map(|i| (i % 12 * 8 + i / 12 * 3) as u8).collect();
    let map = Detail { cells: [12, 8], extent: [12.0, 8.0], turn: Turn::NONE, bit_pairs: &bits };
    Arc::new(DetailTexels::of(&map, [1200, 800]).expect("it has cells"))
}

/// A tile with a veil over it.
fn veiled(frame: &mut Frame, cell: u16, rect_px: RectPx, turn: Turn, veil: Veil) {
    let texels = letter([120, 80]);
    add_tile(frame, seat(0, cell), &texels, rect_px);
    frame.tiles.last_mut().expect("it was added").turn = turn;
    let detail = detail();
    let size = detail.size();
    frame.uploads.last_mut().expect("it was added").detail = Some(detail);
    let detail = Some((seat(0, cell), size)).filter(|_| veil.is_heat || veil.is_peaking);
    frame.veils.push(Veil { rect_px, turn, detail, ..veil });
    frame.veil_clip_px = EVERYWHERE;
}

const NOTHING: Veil = Veil {
    rect_px: [0.0; 4],
    detail: None,
    turn: Turn::NONE,
    is_heat: false,
    is_peaking: false,
    is_thirds: false,
    line_px: 1.0,
};

#[test]
fn heat_peaking_and_thirds_lie_over_the_photo_as_it_is_turned() {
    let mut frame = frame([420, 280]);
    let heat = Veil { is_heat: true, ..NOTHING };
    let peaking = Veil { is_peaking: true, ..NOTHING };
    let thirds = Veil { is_thirds: true, ..NOTHING };
    let all = Veil { is_heat: true, is_peaking: true, is_thirds: true, line_px: 2.0, ..NOTHING };
    for (at, veil) in (0..).zip([heat, peaking, thirds]) {
        let rect_px = [10.0 + 135.0 * f32::from(at), 10.0, 120.0, 80.0];
        veiled(&mut frame, at, rect_px, Turn::NONE, veil);
    }
    let turned = [(3, Turn::quarters(1)), (4, Turn::quarters(3)), (5, Turn::from_exif(2))];
    for ((at, turn), veil) in turned.into_iter().zip([heat, all, heat]) {
        let [width, height] = turn.upright([120, 80]).map(|side| side as f32);
        veiled(
            &mut frame,
            at,
            [10.0 + 135.0 * f32::from(at - 3), 110.0, width, height],
            turn,
            veil,
        );
    }
    with_device(|device| golden::check("overlays", &shoot(device, &frame)));
}

#[test]
fn veils_are_one_draw_and_stay_within_their_clip() {
    with_device(|device| {
        let mut renderer = renderer(device);
        let mut draws = Vec::new();
        for count in [0, 1, 40] {
            let mut frame = frame([200, 200]);
            let thirds = Veil { is_thirds: true, ..NOTHING };
            add_tile(&mut frame, seat(0, 0), &letter([120, 80]), [0.0, 0.0, 120.0, 80.0]);
            frame.veils = vec![Veil { rect_px: [0.0, 0.0, 120.0, 80.0], ..thirds }; count];
            frame.veil_clip_px = [0.0, 0.0, 200.0, 200.0];
            draws.push(shoot_with(&mut renderer, device, &frame).1.draw_calls);
        }
        assert_eq!(draws, [1, 2, 2]);
        let mut frame = frame([200, 200]);
        frame.veils = vec![Veil { rect_px: [0.0, 0.0, 150.0, 150.0], is_thirds: true, ..NOTHING }];
        frame.veil_clip_px = [0.0, 0.0, 80.0, 200.0];
        let found: Texels = shoot_with(&mut renderer, device, &frame).0;
        assert_ne!(found.texel(50, 20), found.texel(10, 20), "the line at a third");
        assert_eq!(found.texel(100, 20), found.texel(10, 20), "the one beyond the clip");
    });
}
