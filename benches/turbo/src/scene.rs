//! A made-up picture of 24 megapixels: shapes under a sensor's grain.

/// Pixels a row.
pub const WIDTH: usize = 6000;

/// Rows.
pub const HEIGHT: usize = 4000;

/// Three bytes a pixel.
pub fn rgb() -> Vec<u8> {
    let mut seed = 1_u32;
    let mut grain = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f32::from((seed >> 24) as u8) / 255.0 - 0.5) * 13.0
    };
    let mut rgb = Vec::with_capacity(WIDTH * HEIGHT * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let (x, y) = (x as f32, y as f32);
            let hills = 40.0 * (x / 310.0).sin() * (y / 270.0).cos();
            // Finer to the right, as leaves are finer than the sky.
            let leaves = 30.0 * (x / 6000.0) * (x / 5.0).sin() * (y / 7.0).sin();
            let base = 110.0 + hills + leaves + grain();
            rgb.extend([base + 30.0, base, base - 20.0].map(|value| value as u8));
        }
    }
    rgb
}
