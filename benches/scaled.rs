//! How much faster than a full decode is a scaled one of 24 megapixels?
//!
//! Budget, against zune-jpeg's full decode with a box filter behind it, in the same run: a third
//! of its time at 1/8, half at 1/4, two thirds at 1/2. The detail map is made along with it.
//!
//! The picture is made here: shapes under a sensor's grain, in 4:2:2 and 4:2:0, at a quality that
//! makes a file of a camera's size.

use std::hint::black_box;
use std::time::Duration;

use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use fast_image_resize::FilterType;
use fast_image_resize::PixelType;
use fast_image_resize::ResizeAlg;
use fast_image_resize::ResizeOptions;
use fast_image_resize::Resizer;
use fast_image_resize::images::Image;
use fast_image_resize::images::ImageRef;
use jpeg_encoder::ColorType;
use jpeg_encoder::Encoder;
use jpeg_encoder::SamplingFactor;
use rushlight::disk::jpeg;
use rushlight::disk::jpeg::Scale;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

const WIDTH: u16 = 6000;
const HEIGHT: u16 = 4000;

fn scene() -> Vec<u8> {
    let mut seed = 1_u32;
    let mut grain = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f32::from((seed >> 24) as u8) / 255.0 - 0.5) * 13.0
    };
    let mut rgb = Vec::with_capacity(usize::from(WIDTH) * usize::from(HEIGHT) * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let (x, y) = (f32::from(x), f32::from(y));
            let hills = 40.0 * (x / 310.0).sin() * (y / 270.0).cos();
            // Finer to the right, as leaves are finer than the sky.
            let leaves = 30.0 * (x / 6000.0) * (x / 5.0).sin() * (y / 7.0).sin();
            let base = 110.0 + hills + leaves + grain();
            rgb.extend([base + 30.0, base, base - 20.0].map(|value| value as u8));
        }
    }
    rgb
}

fn file(rgb: &[u8], sampling: SamplingFactor) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 92);
    encoder.set_sampling_factor(sampling);
    encoder.encode(rgb, WIDTH, HEIGHT, ColorType::Rgb).expect("a Vec takes all that is written");
    bytes
}

/// The road without a scaled decoder.
fn full_and_box(bytes: &[u8], scale: Scale) -> Vec<u8> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let rgb = decoder.decode().expect("the file was just written");
    let [from, to] = [[WIDTH.into(), HEIGHT.into()], scale.size_px([WIDTH.into(), HEIGHT.into()])];
    let source =
        ImageRef::new(from[0], from[1], &rgb, PixelType::U8x3).expect("three bytes for each pixel");
    let mut small = Image::new(to[0], to[1], PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box));
    Resizer::new().resize(&source, &mut small, &options).expect("both are RGB");
    small.into_vec()
}

fn decode(c: &mut Criterion) {
    let rgb = scene();
    for (name, sampling) in [("4:2:2", SamplingFactor::F_2_1), ("4:2:0", SamplingFactor::F_2_2)] {
        let bytes = file(&rgb, sampling);
        let mut group = c.benchmark_group(format!("24 MP {name}"));
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.sample_size(10).measurement_time(Duration::from_secs(3));
        for scale in Scale::ALL {
            group.bench_function(format!("ours, {scale:?}"), |b| {
                b.iter(|| black_box(jpeg::decode(&bytes, scale).expect("the file is whole")));
            });
            group.bench_function(format!("full and box, {scale:?}"), |b| {
                b.iter(|| black_box(full_and_box(&bytes, scale)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, decode);
criterion_main!(benches);
