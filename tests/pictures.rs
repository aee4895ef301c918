//! Large pictures to the last bit: slabs without seams, averages in light, clips, what stands in
//! while texels are on their way, and what is kept.

#[path = "support/exact.rs"]
mod exact;
#[path = "support/studio.rs"]
mod studio;

use std::sync::Arc;

use rushlight::core::frame::Picture;
use rushlight::core::frame::Quad;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;
use rushlight::gpu::capture::Capture;
use rushlight::gpu::renderer::Budget;
use rushlight::gpu::renderer::Renderer;

use exact::EVERYWHERE;
use exact::check_only;
use exact::noise;
use exact::picture;
use exact::target;
use studio::add_tile;
use studio::frame;
use studio::letter;
use studio::painted;
use studio::seat;
use studio::shoot;
use studio::shoot_with;
use studio::with_device;

#[test]
fn a_picture_of_several_slabs_has_no_seam() {
    with_device(|device| {
        // Slabs meet at 4032 and 8064. A frame is as wide as a wall of screens there.
        let noise = noise([9000, 20]);
        for (turn, start) in [(Turn::NONE, 3900), (Turn::NONE, 7950), (Turn::from_exif(3), 900)] {
            let upright = Texels::clone(&noise).turned(turn);
            let mut frame = frame([300, 20]);
            let rect_px = [-(start as f32), 0.0, 9000.0, 20.0];
            frame.pictures.push(Picture { turn, ..picture(7, &noise, rect_px) });
            let found = shoot(device, &frame);
            check_only(&found, [0, 0, 300, 20], |x, y| upright.texel(start + x, y));
        }
    });
}

#[test]
fn an_edge_between_slabs_is_as_smooth_as_one_within() {
    with_device(|device| {
        // White begins where slabs meet, or 110 texels before: 44 pixels, at 2.5 texels a pixel.
        for seam in [4032, 8064] {
            let [between, within] = [seam, seam - 110].map(|start| {
                let texels = painted([9000, 1], |x, _| [255 * u8::from(x >= start); 3]);
                let mut frame = frame([3600, 1]);
                let rect_px = [0.0, 0.0, 3600.0, 1.0];
                frame.pictures.push(picture(1, &Arc::new(texels), rect_px));
                shoot(device, &frame)
            });
            let middle = seam * 2 / 5;
            for x in middle - 20..middle + 20 {
                let (found, expect) = (between.texel(x, 0)[0], within.texel(x - 44, 0)[0]);
                assert!(found.abs_diff(expect) <= 1, "{found}, not {expect}, at {x}");
            }
        }
    });
}

#[test]
fn a_picture_made_smaller_is_averaged_in_light() {
    with_device(|device| {
        let noise = noise([640, 320]);
        let mut expect = Texels::clone(&noise);
        for times in [2, 4, 8, 16] {
            expect = expect.halved();
            let mut frame = frame([640 / times, 320 / times]);
            let [width, height] = frame.size_px.map(|v| v as f32);
            frame.pictures.push(picture(1, &noise, [0.0, 0.0, width, height]));
            let found = shoot(device, &frame);
            let steps = found.bytes().iter().zip(expect.bytes()).map(|(f, e)| f.abs_diff(*e));
            // `expect` is rounded at each halving.
            assert!(steps.max() <= Some(2), "{times} times smaller");
        }
    });
}

#[test]
fn texels_are_squares_when_crisp() {
    with_device(|device| {
        let noise = noise([9, 7]);
        let mut frame = frame([60, 50]);
        let rect_px = [3.0, 2.0, 45.0, 35.0];
        frame.pictures.push(Picture { is_crisp: true, ..picture(1, &noise, rect_px) });
        check_only(&shoot(device, &frame), [3, 2, 45, 35], |x, y| noise.texel(x / 5, y / 5));
    });
}

#[test]
fn a_clip_cuts_a_picture_and_nothing_else() {
    with_device(|device| {
        let noise = noise([50, 50]);
        let mut frame = frame([70, 70]);
        let clip_px = [20.0, 15.0, 500.0, 10.0];
        frame.pictures.push(Picture { clip_px, ..picture(1, &noise, [10.0, 10.0, 50.0, 50.0]) });
        check_only(&shoot(device, &frame), [20, 15, 40, 10], |x, y| noise.texel(x + 10, y + 5));
        // What comes after the picture is not cut.
        let fill = [90, 100, 110, 255];
        frame.pictures.clear();
        let clip_px = [0.0; 4];
        frame.pictures.push(Picture { clip_px, ..picture(1, &noise, [10.0, 10.0, 50.0, 50.0]) });
        frame.marks.push(Quad { rect_px: [2.0, 60.0, 9.0, 5.0], fill, ..Quad::default() });
        check_only(&shoot(device, &frame), [2, 60, 9, 5], |_, _| fill);
    });
}

#[test]
fn a_tile_stands_in_until_all_texels_have_come() {
    with_device(|device| {
        let budget = Budget { upload_bytes: 100 * 4 * 30, keep_bytes: 1 << 20 };
        let mut renderer = Renderer::new(device, Capture::FORMAT, 2).with_budget(budget);
        let (noise, red) = (noise([100, 100]), Arc::new(Texels::filled([1, 1], [200, 0, 0, 255])));
        let mut frame = frame([100, 100]);
        let rect_px = [0.0, 0.0, 100.0, 100.0];
        add_tile(&mut frame, seat(0, 0), &red, rect_px);
        let stand_in = frame.tiles.pop();
        frame.pictures.push(Picture { stand_in, ..picture(1, &noise, rect_px) });
        let surface = target(device, [100, 100]);
        for is_complete in [false, false, false, true] {
            assert_eq!(renderer.prepare(&frame), is_complete);
            let drawn = renderer.draw(&surface);
            assert_eq!((drawn.is_complete, drawn.draw_calls), (is_complete, 1));
            frame.uploads.clear();
        }
        assert!(renderer.prepare(&frame), "a picture that has come stays");
        assert_eq!(renderer.draw(&surface).upload_bytes, 0);
        let (found, _) = shoot_with(&mut renderer, device, &frame);
        check_only(&found, [0, 0, 100, 100], |x, y| noise.texel(x, y));
    });
}

#[test]
fn pictures_seen_last_are_kept_within_the_budget() {
    with_device(|device| {
        let budget = Budget { upload_bytes: 1 << 20, keep_bytes: 3 * 40_000 };
        let mut renderer = Renderer::new(device, Capture::FORMAT, 2).with_budget(budget);
        let surface = target(device, [100, 100]);
        let pictures = [1, 2, 3, 4].map(|k| picture(k, &noise([100, 100]), EVERYWHERE));
        let mut show = |keys: &[usize]| {
            let mut frame = frame([100, 100]);
            frame.pictures = keys.iter().map(|&k| pictures[k - 1].clone()).collect();
            renderer.prepare(&frame);
            renderer.draw(&surface).upload_bytes / 40_000
        };
        assert_eq!(show(&[1, 2]), 2);
        assert_eq!(show(&[3]), 1);
        assert_eq!(show(&[1]), 0, "it was kept");
        assert_eq!(show(&[4]), 1);
        assert_eq!(show(&[1, 3]), 0, "those seen last were kept");
        assert_eq!(show(&[2]), 1, "the one unseen for longest was freed");
        assert_eq!(show(&[1, 2, 3, 4]), 1, "a frame keeps all of its own");
    });
}

#[test]
fn a_picture_that_nobody_has_any_more_leaves_the_device() {
    with_device(|device| {
        let mut renderer = Renderer::new(device, Capture::FORMAT, 2);
        let mut show = |keys: &[u64]| {
            let mut frame = frame([100, 100]);
            frame.pictures =
                keys.iter().map(|&k| picture(k, &noise([100, 100]), EVERYWHERE)).collect();
            renderer.prepare(&frame);
            renderer.texture_bytes()
        };
        let one = show(&[1]);
        for key in 2..20 {
            assert_eq!(
                show(&[key]),
                one,
                "each is made anew, as after the window's size has changed"
            );
        }
        assert_eq!(show(&[20, 21]) - one, 40_000, "what is in the frame is there");
    });
}

#[test]
fn a_target_of_another_size_is_only_cleared() {
    with_device(|device| {
        let mut renderer = Renderer::new(device, Capture::FORMAT, 2);
        let mut frame = frame([100, 100]);
        frame.pictures.push(picture(1, &letter([100, 100]), [0.0, 0.0, 100.0, 100.0]));
        renderer.prepare(&frame);
        assert_eq!(renderer.draw(&target(device, [50, 60])).draw_calls, 0);
    });
}
