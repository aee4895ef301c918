//! What does the tile of a 24-megapixel JPEG cost, from its bytes in memory, on one core?
//!
//! Budget: 300 ms; a full decode by zune-jpeg takes some 200 there. The rivals see the same bytes in
//! the same run: `image` decoding and bringing the picture down by its own filter (the usual way in
//! Rust), and `image` decoding alone.

use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;

use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;

use rushlight::core::coded::Coding;
use rushlight::core::photo::Turn;
use rushlight::disk::picture;
use rushlight::disk::picture::Limits;
use rushlight::disk::source::Format;

const SIZE_PX: [u32; 2] = [6000, 4000];
const QUALITY: u8 = 90;

/// A photograph-like JPEG: soft gradients, edges, and a sensor's noise from a fixed seed.
fn photo() -> Vec<u8> {
    let mut noise = 0x2545_F491_u32;
    let picture = RgbImage::from_fn(SIZE_PX[0], SIZE_PX[1], |x, y| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (noise >> 28) as f32;
        let (u, v) = (x as f32 / 6000.0, y as f32 / 4000.0);
        let edge = if (x / 180 + y / 130) % 3 == 0 { 40.0 } else { 0.0 };
        let wave = ((u * 60.0).sin() * (v * 45.0).cos()).mul_add(30.0, 90.0);
        let light = wave + edge + grain;
        image::Rgb([light + 60.0 * u, light + 50.0 * v, light].map(|l| l as u8))
    });
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))
        .expect("a JPEG holds 6000 x 4000");
    bytes.into_inner()
}

fn make_a_tile(c: &mut Criterion) {
    let bytes = photo();
    let limits = Limits::default();
    let path = Path::new("a.jpg");
    let mut group = c.benchmark_group("tile of a 24 MP JPEG");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.sample_size(10);
    for (what, coding) in [("blocks", Coding::Bc7), ("texels", Coding::Rgba8)] {
        group.bench_function(format!("rushlight, three levels in {what} and mean"), |b| {
            let turn = Turn::from_exif(6);
            let tile = || picture::decode_tile(&bytes, Format::Jpeg, turn, coding, &limits, path);
            b.iter(|| tile().map(black_box));
        });
    }
    group.bench_function("image, decode and thumbnail", |b| {
        b.iter(|| image::load_from_memory(&bytes).map(|p| black_box(p.thumbnail(512, 512))));
    });
    group.bench_function("image, decode and resize", |b| {
        b.iter(|| {
            let picture = image::load_from_memory(&bytes);
            picture.map(|p| black_box(p.resize(512, 512, FilterType::Triangle)))
        });
    });
    group.bench_function("image, decode alone", |b| {
        b.iter(|| image::load_from_memory(&bytes).map(black_box));
    });
    group.finish();
}

criterion_group!(benches, make_a_tile);
criterion_main!(benches);
