//! The mosaic pixel by pixel against what `core::mosaic` says of its cells: right photo, right place,
//! right colour, in one draw whatever the number of photos.

#[path = "support/studio.rs"]
#[expect(dead_code, reason = "tiles are drawn elsewhere")]
mod studio;

use std::sync::Arc;

use rushlight::core::coded::Coding;
use rushlight::core::frame::Frame;
use rushlight::core::frame::RectPx;
use rushlight::core::mosaic::Band;
use rushlight::core::mosaic::Cells;
use rushlight::core::mosaic::Colours;
use rushlight::core::mosaic::Mark;
use rushlight::core::mosaic::Record;
use rushlight::core::order::Order;
use rushlight::core::photo::PhotoId;
use rushlight::core::texels::Texels;
use rushlight::disk::picture;
use rushlight::gpu::capture::Capture;
use rushlight::gpu::renderer::Renderer;

use studio::PAGES;
use studio::frame;
use studio::letter;
use studio::shoot;
use studio::shoot_with;
use studio::with_device;

const COLOURS: Colours = Colours {
    cell: [34, 34, 34, 255],
    selected: [70, 70, 70, 255],
    place: [44, 44, 44, 255],
    keep: [92, 190, 112, 255],
    trash: [222, 86, 78, 255],
};

const BACKGROUND: [u8; 3] = [24, 24, 24];

/// A colour that tells a photo from its neighbours.
fn shade(photo: u32) -> [u8; 3] {
    [37, 101, 59].map(|step: u32| (60 + photo * step % 180) as u8)
}

/// A third of the photos upright, a few of which nothing is known.
fn record(photo: u32) -> Record {
    let has_mean = photo % 11 != 5;
    let has_micro = has_mean && photo % 7 != 3;
    let (size_px, micro_px) =
        if photo.is_multiple_of(3) { ([4000, 6000], [11, 16]) } else { ([6000, 4000], [16, 11]) };
    Record {
        mean: if has_mean { shade(photo) } else { [0; 3] },
        has_mean,
        size_px,
        micro_px: if has_micro { micro_px } else { [0; 2] },
        quarter_turns: 0,
        mark: match photo % 10 {
            1 => Mark::Keep,
            2 => Mark::Trash,
            _ => Mark::None,
        },
        is_selected: photo.is_multiple_of(13),
    }
}

/// Tells the frame all of so many photos.
fn tell(frame: &mut Frame, count: u32) {
    for photo in 0..count {
        let record = record(photo);
        frame.mosaic.changes.push(photo, record);
        if record.micro_px[0] > 0 {
            let [r, g, b] = shade(photo);
            let texels = Texels::filled(record.micro_px.map(u32::from), [r, g, b, 255]);
            let coded = Arc::new(picture::encode(&texels, Coding::Rgba8));
            frame.mosaic.changes.micros.push((photo, coded));
        }
    }
}

/// Photos of numbers that are not their indices.
fn order(count: u32) -> Arc<Order> {
    Arc::new(Order::by_name((0..count).map(|at| PhotoId((at * 7 + 3) % count)).collect()))
}

fn lay(frame: &mut Frame, order: &Arc<Order>, cells: Cells, bands: &[Band]) {
    let [width, height] = frame.size_px.map(|side| side as f32);
    let mosaic = &mut frame.mosaic;
    mosaic.clip_px = [0.0, 0.0, width, height];
    mosaic.order = Arc::clone(order);
    mosaic.first = bands[0].first;
    mosaic.count = order.len() as u32 - mosaic.first;
    mosaic.bands = bands.to_vec();
    (mosaic.cells, mosaic.colours) = (cells, COLOURS);
    (mosaic.brightness, mosaic.trashed_brightness) = (1.0, 0.0);
}

fn holds([left, top, width, height]: RectPx, [x, y]: [f32; 2]) -> bool {
    x >= left && x < left + width && y >= top && y < top + height
}

/// What the pixel around a point must be.
fn expected(frame: &Frame, at: [f32; 2]) -> [u8; 3] {
    let mosaic = &frame.mosaic;
    // Bands overlap here where cells are large: what comes later lies above.
    for index in (mosaic.first..mosaic.first + mosaic.count).rev() {
        let band = mosaic.bands.iter().rev().find(|b| b.first <= index).expect("it has a band");
        let cell = mosaic.cells.cell(band, index);
        if !holds(cell, at) {
            continue;
        }
        let photo = mosaic.order.photo_at(index as usize).expect("it is in the order").0;
        let record = record(photo);
        let picture = mosaic.cells.picture(cell, record.size_px.map(f32::from));
        let border = mosaic.cells.border_px;
        let inner = [
            picture[0] + border,
            picture[1] + border,
            picture[2] - 2.0 * border,
            picture[3] - 2.0 * border,
        ];
        let rgba = match (holds(picture, at), holds(inner, at), record.mark) {
            (false, ..) if mosaic.is_bare => continue,
            (false, ..) if record.is_selected => COLOURS.selected,
            (false, ..) => COLOURS.cell,
            (_, false, Mark::Keep) if !mosaic.is_bare => COLOURS.keep,
            (_, false, Mark::Trash) if !mosaic.is_bare => COLOURS.trash,
            (_, _, Mark::Trash) => [0, 0, 0, 255],
            _ if record.has_mean => {
                let [r, g, b] = shade(photo);
                [r, g, b, 255]
            }
            _ => COLOURS.place,
        };
        return [rgba[0], rgba[1], rgba[2]];
    }
    BACKGROUND
}

#[track_caller]
fn check(frame: &Frame, found: &Texels) {
    let [width, height] = frame.size_px;
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let expect = expected(frame, [x as f32 + 0.5, y as f32 + 0.5]);
        let found = found.texel(x, y);
        let is_near = (0..3).all(|at| found[at].abs_diff(expect[at]) <= 1);
        assert!(is_near, "at {x}, {y}: {found:?}, expected {expect:?}");
    }
}

#[test]
fn every_pixel_shows_the_photo_that_stands_there() {
    with_device(|device| {
        let mut renderer = Renderer::new(device, Capture::FORMAT, PAGES);
        let order = order(90);
        for (side, gap_px, padding_px, border_px) in [
            (40.0, 3.0, 2.0, 2.0),
            (21.0, 2.0, 1.0, 1.0),
            (9.0, 1.0, 0.0, 1.0),
            (3.0, 0.0, 0.0, 0.0),
        ] {
            let mut frame = frame([200, 160]);
            tell(&mut frame, 90);
            let pitch = side + gap_px;
            let columns = (190.0 / pitch) as u32;
            let cells = Cells {
                columns,
                left_px: 5.0,
                size_px: [side; 2],
                gap_px,
                padding_px,
                caption_px: 0.0,
                border_px,
            };
            // From the fourth photo on, the first row half above the surface, then a section.
            let bands = [
                Band { first: 4, blanks: 2 % columns, top_px: -5.0 },
                Band { first: 31, blanks: 0, top_px: 120.0 },
            ];
            lay(&mut frame, &order, cells, &bands);
            for is_bare in [false, true] {
                frame.mosaic.is_bare = is_bare;
                check(&frame, &shoot_with(&mut renderer, device, &frame).0);
                // What was told once stays known.
                frame.mosaic.changes.clear();
            }
        }
    });
}

#[test]
fn the_number_of_draws_is_that_of_one_photo() {
    with_device(|device| {
        let mut renderer = Renderer::new(device, Capture::FORMAT, PAGES);
        let cells = Cells { columns: 100, size_px: [2.0; 2], ..Cells::default() };
        let draws = [1, 20_000].map(|count| {
            let mut frame = frame([200, 400]);
            for photo in 0..count {
                frame.mosaic.changes.push(photo, record(photo));
            }
            lay(&mut frame, &order(count), cells, &[Band::default()]);
            let (found, drawn) = shoot_with(&mut renderer, device, &frame);
            if count > 1 {
                let last = found.texel(198, 398);
                let photo = frame.mosaic.order.photo_at(19_999).expect("it is there").0;
                assert_eq!(last[..3], expected(&frame, [198.5, 398.5]), "photo {photo}");
            }
            drawn.draw_calls
        });
        assert_eq!(draws, [1, 1]);
    });
}

#[test]
fn a_photo_that_nothing_was_told_of_is_an_empty_place() {
    with_device(|device| {
        let mut frame = frame([30, 30]);
        let cells = Cells { columns: 3, size_px: [10.0; 2], ..Cells::default() };
        frame.mosaic.changes.push(0, record(0));
        // The last one's record lies beyond the table that the device begins with.
        let photos = [0, 1, 5000].map(PhotoId).to_vec();
        lay(&mut frame, &Arc::new(Order::by_name(photos)), cells, &[Band::default()]);
        let found = shoot(device, &frame);
        for x in [15, 25] {
            assert_eq!(found.texel(x, 5)[..3], COLOURS.place[..3], "at {x}");
        }
    });
}

#[test]
fn nothing_is_drawn_outside_of_the_clip() {
    with_device(|device| {
        let mut frame = frame([30, 30]);
        let cells = Cells { columns: 1, size_px: [30.0; 2], ..Cells::default() };
        frame.mosaic.changes.push(3, record(3));
        lay(&mut frame, &order(1), cells, &[Band::default()]);
        frame.mosaic.clip_px = [5.0, 0.0, 25.0, 20.0];
        let found = shoot(device, &frame);
        for (x, y) in [(4, 10), (15, 20), (15, 29)] {
            assert_eq!(found.texel(x, y), frame.background, "at {x}, {y}");
        }
        assert_ne!(found.texel(15, 19), frame.background);
    });
}

#[test]
fn a_turned_photo_is_drawn_turned() {
    with_device(|device| {
        let texels = letter([16, 11]);
        for quarter_turns in 0..4_u8 {
            let mut frame = frame([64, 64]);
            let is_sideways = quarter_turns % 2 == 1;
            let size_px = if is_sideways { [11, 16] } else { [16, 11] };
            let micro_px = [16, 11];
            let record =
                Record { quarter_turns, size_px, micro_px, has_mean: true, ..Record::default() };
            frame.mosaic.changes.push(0, record);
            let coded = Arc::new(picture::encode(&texels, Coding::Rgba8));
            frame.mosaic.changes.micros.push((0, coded));
            let cells = Cells { columns: 1, size_px: [16.0; 2], ..Cells::default() };
            lay(&mut frame, &order(1), cells, &[Band::default()]);
            frame.mosaic.order = Arc::new(Order::by_name(vec![PhotoId(0)]));
            let found = shoot(device, &frame);
            let [left, top, width, height] =
                cells.picture([0.0, 0.0, 16.0, 16.0], size_px.map(f32::from));
            let found = found.cropped([left, top, width, height].map(|v| v as u32));
            let turn = rushlight::core::photo::Turn::quarters(quarter_turns);
            let expect = (*texels).clone().turned(turn);
            let near = found.bytes().iter().zip(expect.bytes()).all(|(a, b)| a.abs_diff(*b) <= 1);
            assert!(near, "{quarter_turns} quarter turns");
        }
    });
}
