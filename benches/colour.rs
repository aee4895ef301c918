//! What do colours cost a photo's tile?
//!
//! Budget: 0.5 ms for a photo of sRGB, a hundredth of the scaled decode that it follows, finding out
//! that it is one included; other spaces 2 ms, and 20 ms once for a profile that was never met.

use std::hint::black_box;

use criterion::BatchSize;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use moxcms::ColorProfile;

use rushlight::core::colour::Lattice;
use rushlight::core::colour::Space;
use rushlight::core::colour::working_from_srgb;
use rushlight::core::texels::Texels;
use rushlight::disk::colour::Profile;
use rushlight::disk::source::Format;

const SIZE_PX: [u32; 2] = [512, 340];

/// A picture in which neighbours differ little, as photographs' do.
fn texels() -> Texels {
    let [width, height] = SIZE_PX;
    let texel = |x: u32, y: u32| [(x / 2) as u8, (y / 2 + x / 9) as u8, (255 - x / 3) as u8, 255];
    let bytes = (0..height).flat_map(|y| (0..width).flat_map(move |x| texel(x, y)));
    Texels::new(width, height, bytes.collect()).expect("four bytes a texel")
}

/// A JPEG with a profile.
fn jpeg(profile: Option<&ColorProfile>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    if let Some(profile) = profile {
        let icc = profile.encode().expect("the library writes its own profiles");
        encoder.add_icc_profile(&icc).expect("the profile fits");
    }
    let rgb = vec![90; 640 * 480 * 3];
    encoder.encode(&rgb, 640, 480, jpeg_encoder::ColorType::Rgb).expect("it is written");
    bytes
}

fn convert(c: &mut Criterion) {
    let mut group = c.benchmark_group("a tile of 512 x 340 to the working space");
    group.throughput(Throughput::Elements(u64::from(SIZE_PX[0]) * u64::from(SIZE_PX[1])));
    let texels = texels();
    let adobe = Profile::of(&jpeg(Some(&ColorProfile::new_adobe_rgb())), Format::Jpeg);
    group.bench_function("from sRGB", |b| {
        let change = |texels: Texels| texels.recoloured(Space::Working, working_from_srgb);
        b.iter_batched(|| texels.clone(), change, BatchSize::LargeInput);
    });
    group.bench_function("from Adobe RGB, by moxcms", |b| {
        b.iter_batched(|| texels.clone(), |t| adobe.to_working(t), BatchSize::LargeInput);
    });
    group.finish();
}

fn look(c: &mut Criterion) {
    let mut group = c.benchmark_group("what a JPEG says of its colours");
    let (untagged, tagged) = (jpeg(None), jpeg(Some(&ColorProfile::new_adobe_rgb())));
    for (what, bytes) in [("nothing", untagged), ("a profile met before", tagged)] {
        group.bench_function(what, |b| b.iter(|| black_box(Profile::of(&bytes, Format::Jpeg))));
    }
    group.bench_function("a table made", |b| {
        let gamma = |v: f32| v.powf(2.2);
        b.iter(|| black_box(Lattice::new(1, |colour| colour.map(gamma))));
    });
    group.finish();
}

criterion_group!(benches, convert, look);
criterion_main!(benches);
