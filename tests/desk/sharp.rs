//! Photos filtered and sorted by their sharpness at the desk.

use image::RgbImage;
use rushlight::app::desk::Desk;
use rushlight::core::photo::Timestamp;

use crate::shoot::Shoot;
use crate::table::Table;

const SIZE_PX: [u32; 2] = [512, 384];
/// By number, the radius of the blur.
const BLURS: [f32; 8] = [2.5, 0.0, 4.0, 1.0, 1.5, 6.0, 0.5, 3.2];
/// Numbers, the sharpest first.
const SHARPEST: [usize; 8] = [1, 6, 3, 4, 0, 7, 2, 5];

/// Boxes of many sizes and greys, which have edges of every contrast.
fn picture() -> RgbImage {
    let mut picture = RgbImage::from_pixel(SIZE_PX[0], SIZE_PX[1], image::Rgb([128; 3]));
    let mut state = 1_u32;
    let mut dice = |sides: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % sides
    };
    for _ in 0..400 {
        let [x, y] = SIZE_PX.map(&mut dice);
        let [width, height] = [4 + dice(60), 4 + dice(60)];
        let grey = image::Rgb([20 + dice(210) as u8; 3]);
        for y in y..(y + height).min(SIZE_PX[1]) {
            (x..(x + width).min(SIZE_PX[0])).for_each(|x| picture.put_pixel(x, y, grey));
        }
    }
    picture
}

fn shoot() -> Shoot {
    let shoot = Shoot::new();
    let sharp = picture();
    for (number, blur) in BLURS.into_iter().enumerate() {
        let blurred = if blur == 0.0 { sharp.clone() } else { image::imageops::blur(&sharp, blur) };
        shoot.add_picture(number, &blurred);
    }
    shoot
}

fn shows(table: &mut Table, numbers: &[usize]) {
    let photos: Vec<_> = numbers.iter().map(|&n| table.photo(n)).collect();
    table.until(&format!("{numbers:?} are shown"), |d| d.review.order().photos() == photos);
}

#[test]
fn the_sharpest_come_first_and_the_least_sharp_are_found() {
    let shoot = shoot();
    let mut table = Table::ready(&shoot);
    let all_known = |desk: &Desk| desk.board().measured() as usize == BLURS.len();
    table.until("all is measured", all_known);
    // By time, name, stars, probability, sharpness.
    (0..4).for_each(|_| table.desk.sort_next(Timestamp(0)));
    shows(&mut table, &SHARPEST);
    assert!(table.says("by sharpness"), "{:?}", table.lines());
    table.desk.turn_sort(Timestamp(0));
    shows(&mut table, &[5, 2, 7, 0, 4, 3, 6, 1]);
    table.desk.filter_by("sharp<0.5");
    shows(&mut table, &[5, 2, 7, 0]);
    table.desk.filter_by("sharp>=75% or sharp<10%");
    shows(&mut table, &[5, 6, 1]);
    table.close();
}

#[test]
fn what_is_measured_later_is_found_later() {
    let shoot = shoot();
    let mut table = Table::open(&shoot);
    table.desk.filter_by("sharp<0.5");
    table.until("all are found", |desk| desk.board().photo_count() == BLURS.len());
    shows(&mut table, &[0, 2, 5, 7]);
    table.close();
}
