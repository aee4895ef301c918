//! Pixels that can be told to the last bit: what lands where, what is read from where, in which
//! order, and what is not drawn at all. Large pictures have `pictures.rs`; what only an eye can
//! judge is in `golden.rs`.

#[path = "support/exact.rs"]
mod exact;
#[path = "support/studio.rs"]
mod studio;

use std::sync::Arc;

use rushlight::core::atlas::Class;
use rushlight::core::atlas::Seat;
use rushlight::core::colour::Display;
use rushlight::core::frame::Align;
use rushlight::core::frame::Line;
use rushlight::core::frame::Picture;
use rushlight::core::frame::Quad;
use rushlight::core::frame::Tile;
use rushlight::core::frame::Weight;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;
use rushlight::gpu::GpuError;
use rushlight::gpu::capture::Capture;
use rushlight::gpu::device::Device;
use rushlight::gpu::device::Preference;
use rushlight::gpu::renderer::Budget;
use rushlight::gpu::renderer::Renderer;
use rushlight::gpu::text;

use exact::EVERYWHERE;
use exact::GROUND;
use exact::check_only;
use exact::noise;
use exact::picture;
use exact::target;
use studio::add_tile;
use studio::frame;
use studio::letter;
use studio::seat;
use studio::shoot;
use studio::shoot_with;
use studio::with_device;

#[test]
fn an_empty_frame_is_its_background() {
    with_device(|device| {
        let found = shoot(device, &frame([33, 17]));
        check_only(&found, [0, 0, 0, 0], |_, _| GROUND);
    });
}

#[test]
fn a_tile_lands_on_its_pixels_and_nowhere_else() {
    with_device(|device| {
        let red = Arc::new(Texels::filled([50, 40], [200, 10, 30, 255]));
        let mut frame = frame([120, 100]);
        add_tile(&mut frame, seat(1, 17), &red, [20.0, 30.0, 75.0, 60.0]);
        let found = shoot(device, &frame);
        check_only(&found, [20, 30, 75, 60], |_, _| [200, 10, 30, 255]);
    });
}

#[test]
fn a_neighbour_does_not_bleed_in() {
    with_device(|device| {
        // The middle of nine full seats, then a smaller photo over a full one in the same seat.
        for size_px in [[128, 128], [70, 50]] {
            let mut frame = frame([300, 300]);
            let white = Arc::new(Texels::filled([128, 128], [255; 4]));
            let blue = Arc::new(Texels::filled(size_px, [0, 20, 90, 255]));
            for cell in [0, 1, 2, 16, 17, 18, 32, 33, 34] {
                add_tile(&mut frame, seat(0, cell), &white, [0.0; 4]);
            }
            frame.tiles.clear();
            // Much larger, much smaller, and off the pixel grid.
            add_tile(&mut frame, seat(0, 17), &blue, [0.0, 0.0, 300.0, 250.0]);
            add_tile(&mut frame, seat(0, 17), &blue, [0.4, 260.6, 31.3, 17.7]);
            let found = shoot(device, &frame);
            assert!(
                found.bytes().chunks_exact(4).all(|t| t == GROUND || t == [0, 20, 90, 255]),
                "a texel of another seat was seen, tile of {size_px:?}"
            );
        }
    });
}

#[test]
fn a_picture_at_its_own_size_is_drawn_exactly() {
    with_device(|device| {
        let noise = noise([97, 61]);
        let mut as_tile = frame([120, 90]);
        add_tile(&mut as_tile, seat(0, 255), &noise, [11.0, 7.0, 97.0, 61.0]);
        check_only(&shoot(device, &as_tile), [11, 7, 97, 61], |x, y| noise.texel(x, y));
        let mut as_picture = frame([120, 90]);
        as_picture.pictures.push(picture(1, &noise, [11.0, 7.0, 97.0, 61.0]));
        check_only(&shoot(device, &as_picture), [11, 7, 97, 61], |x, y| noise.texel(x, y));
    });
}

#[test]
fn a_tile_of_every_class_and_page_is_drawn_exactly() {
    with_device(|device| {
        // Later pages first: the array grows under seats that are filled already.
        let mut renderer = Renderer::new(device, Capture::FORMAT, studio::PAGES);
        let seats = [(0, Class::Large), (4, Class::Medium), (5, Class::Small)];
        for (at, (page, class)) in seats.into_iter().enumerate() {
            let edge = class.edge_px();
            let cell = u16::try_from((2048 / edge).pow(2) - 1).expect("few cells");
            let mut frame = frame([edge + 2, edge + 2]);
            let texels = noise([edge, edge - at as u32]);
            let rect_px = [1.0, 1.0, edge as f32, (edge - at as u32) as f32];
            add_tile(&mut frame, Seat { page, cell, class }, &texels, rect_px);
            let rect = [1, 1, edge, edge - at as u32];
            let (found, _) = shoot_with(&mut renderer, device, &frame);
            check_only(&found, rect, |x, y| texels.texel(x, y));
            // Once more without the upload, after the array has grown.
            frame.uploads.clear();
            let (found, _) = shoot_with(&mut renderer, device, &frame);
            check_only(&found, rect, |x, y| texels.texel(x, y));
        }
    });
}

#[test]
fn all_eight_turns_are_those_of_core() {
    with_device(|device| {
        let noise = noise([60, 35]);
        for exif in 1..=8 {
            let turn = Turn::from_exif(exif);
            let upright = Texels::clone(&noise).turned(turn);
            let [width, height] = upright.size_px();
            let rect_px = [5.0, 9.0, width as f32, height as f32];
            let mut frame = frame([80, 80]);
            add_tile(&mut frame, seat(0, 3), &noise, rect_px);
            frame.tiles[0].turn = turn;
            let rect = [5, 9, width, height];
            check_only(&shoot(device, &frame), rect, |x, y| upright.texel(x, y));
            frame.tiles.clear();
            frame.pictures.push(Picture { turn, ..picture(1, &noise, rect_px) });
            check_only(&shoot(device, &frame), rect, |x, y| upright.texel(x, y));
        }
    });
}

#[test]
fn what_has_no_texels_yet_is_not_drawn() {
    with_device(|device| {
        let budget = Budget { upload_bytes: 1, keep_bytes: 0 };
        let mut renderer = Renderer::new(device, Capture::FORMAT, 8).with_budget(budget);
        let surface = target(device, [10, 10]);
        let mut frame = frame([10, 10]);
        frame.pictures.push(picture(1, &noise([50, 50]), [0.0, 0.0, 10.0, 10.0]));
        assert!(!renderer.prepare(&frame));
        assert_eq!(renderer.draw(&surface).draw_calls, 0);
        // A seat on a page that nothing was ever put on.
        frame.pictures.clear();
        let tile = Tile {
            rect_px: [0.0, 0.0, 10.0, 10.0],
            seat: seat(7, 0),
            size_px: [10, 10],
            turn: Turn::NONE,
            brightness: 1.0,
        };
        frame.tiles.push(tile);
        let (found, drawn) = shoot_with(&mut renderer, device, &frame);
        assert_eq!(drawn.draw_calls, 0);
        check_only(&found, [0, 0, 0, 0], |_, _| GROUND);
    });
}

#[test]
fn the_number_of_draws_does_not_grow_with_the_tiles() {
    with_device(|device| {
        let mut renderer = Renderer::new(device, Capture::FORMAT, 2);
        let red = Arc::new(Texels::filled([8, 8], [200, 0, 0, 255]));
        let draws = [10_u16, 5000].map(|count| {
            let mut frame = frame([200, 200]);
            add_tile(&mut frame, seat(0, 0), &red, [0.0, 0.0, 8.0, 8.0]);
            frame.tiles = vec![frame.tiles[0]; usize::from(count)];
            let quad = Quad { rect_px: [1.0, 1.0, 5.0, 5.0], ..Quad::default() };
            frame.marks = vec![quad; usize::from(count)];
            shoot_with(&mut renderer, device, &frame).1.draw_calls
        });
        assert_eq!(draws, [2, 2]);
    });
}

#[test]
fn a_box_on_whole_pixels_covers_those_and_no_other() {
    with_device(|device| {
        let mut frame = frame([40, 40]);
        let (fill, border) = ([200, 40, 90, 255], [250, 250, 250, 255]);
        let rect_px = [5.0, 6.0, 20.0, 12.0];
        frame.base.quads.push(Quad { rect_px, fill, border, border_px: 2.0, ..Quad::default() });
        let found = shoot(device, &frame);
        check_only(&found, [5, 6, 20, 12], |x, y| {
            if (2..18).contains(&x) && (2..10).contains(&y) { fill } else { border }
        });
    });
}

#[test]
fn strata_are_drawn_in_the_order_that_the_frame_promises() {
    with_device(|device| {
        let colours = [[10, 0, 0, 255], [0, 20, 0, 255], [0, 0, 30, 255], [40, 0, 0, 255]];
        let texels = colours.map(|colour| Arc::new(Texels::filled([4, 4], colour)));
        let quad = |width, fill| Quad { rect_px: [0.0, 0.0, width, 4.0], fill, ..Quad::default() };
        let mut frame = frame([50, 4]);
        frame.base.quads.push(quad(50.0, colours[0]));
        add_tile(&mut frame, seat(0, 0), &texels[1], [0.0, 0.0, 40.0, 4.0]);
        frame.pictures.push(picture(1, &texels[2], [0.0, 0.0, 30.0, 4.0]));
        frame.marks.push(quad(20.0, colours[3]));
        frame.overlay.quads.push(quad(10.0, [50, 50, 50, 255]));
        let found = shoot(device, &frame);
        let row: Vec<_> = (0..5).map(|i| found.texel(i * 10 + 5, 2)).collect();
        assert_eq!(row, [[50, 50, 50, 255], colours[3], colours[2], colours[1], colours[0]]);
    });
}

#[test]
fn a_capture_has_the_sizes_of_a_screen_and_says_which_it_has_not() {
    with_device(|device| {
        let mut frame = frame([5120, 2880]);
        let texels = letter([100, 100]);
        add_tile(&mut frame, seat(0, 0), &texels, [5020.0, 2780.0, 100.0, 100.0]);
        let found = shoot(device, &frame);
        assert_eq!(found.cropped([5020, 2780, 100, 100]).bytes(), texels.bytes());
        let limit = device.edge_limit_px();
        for size_px in [[0, 10], [10, 0], [limit + 1, 10], [10, u32::MAX]] {
            let refused = Capture::new(device, size_px).err().expect("it is not drawable");
            assert!(matches!(refused, GpuError::TooLarge { .. }), "{refused}");
        }
    });
}

#[test]
fn a_target_without_srgb_shows_the_same_colours() {
    with_device(|device| {
        let plain = wgpu::TextureFormat::Rgba8Unorm;
        let mut renderer = Renderer::new(device, plain, 2);
        renderer.use_display(&Display::WORKING);
        let mut capture =
            Capture::with_format(device, [60, 40], plain).expect("the size is drawable");
        let noise = noise([30, 20]);
        let mut frame = frame([60, 40]);
        add_tile(&mut frame, seat(0, 0), &noise, [0.0, 0.0, 30.0, 20.0]);
        frame.pictures.push(picture(1, &noise, [30.0, 20.0, 30.0, 20.0]));
        let fill = [200, 100, 20, 255];
        frame.marks.push(Quad { rect_px: [30.0, 0.0, 30.0, 10.0], fill, ..Quad::default() });
        let expect = shoot(device, &frame);
        let (found, _) = capture.shoot(&mut renderer, &frame).expect("the frame is drawn");
        let steps = found.bytes().iter().zip(expect.bytes()).map(|(f, e)| f.abs_diff(*e));
        assert!(steps.max() <= Some(1));
    });
}

#[test]
fn inter_stays_inter_when_the_systems_fonts_have_come() {
    with_device(|device| {
        let mut frame = frame([150, 30]);
        let line = Line {
            text: 0..0,
            at_px: [5.0, 5.0],
            size_px: 14.0,
            colour: [255; 4],
            align: Align::Left,
            weight: Weight::SemiBold,
            clip_px: EVERYWHERE,
        };
        frame.base.write(line, |text| text.push_str("DSC_0417.JPG"));
        let mut renderer = Renderer::new(device, Capture::FORMAT, 2);
        let (before, _) = shoot_with(&mut renderer, device, &frame);
        assert_ne!(before, Texels::filled([150, 30], GROUND), "nothing was written");
        renderer.use_fonts(text::load_system_fonts());
        assert_eq!(shoot_with(&mut renderer, device, &frame).0, before);
    });
}

#[test]
fn a_lost_device_says_so_and_another_one_goes_on() {
    with_device(|_| {
        let lost = Device::offscreen(Preference::Software).expect("there was one before");
        let mut renderer = Renderer::new(&lost, Capture::FORMAT, 2);
        let mut capture = Capture::new(&lost, [10, 10]).expect("the size is drawable");
        assert!(!lost.is_lost());
        lost.destroy();
        assert!(lost.is_lost());
        let refused = capture.shoot(&mut renderer, &frame([10, 10])).expect_err("it is lost");
        assert!(matches!(refused, GpuError::Lost), "{refused}");
        let other = Device::offscreen_without_blocks(Preference::Software);
        let other = other.expect("there was one before");
        check_only(&shoot(&other, &frame([10, 10])), [0; 4], |_, _| GROUND);
    });
}
