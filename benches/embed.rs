//! What does the network cost, a photo, on one core?
//!
//! Budget: 3 ms a photo, of which the input is a part; 300 ms to load it for the first time in a run, the
//! library included. Needs ONNX Runtime (`tools/onnxruntime.sh`); says so where it is missing.

use std::hint::black_box;
use std::time::Instant;

use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;

use rushlight::core::embed_input;
use rushlight::core::embed_input::Detail;
use rushlight::core::embed_input::Look;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;
use rushlight::disk::model::settings::ModelSettings;
use rushlight::jobs::embed::Embedder;

/// Photos of a batch.
const PHOTOS: usize = 32;

/// A tile of 3:2 with grain and edges, from a fixed seed.
fn tile() -> Texels {
    let mut noise = 0x2545_F491_u32;
    let texels = (0..512 * 341_u32).flat_map(|at| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (x, y) = (at % 512, at / 512);
        let edge = if (x / 40 + y / 30) % 3 == 0 { 70 } else { 20 };
        let light = (edge + x / 4 + (noise >> 28)) as u8;
        [light, light.saturating_add(20), (y / 2) as u8, 255]
    });
    Texels::new(512, 341, texels.collect()).expect("four bytes a texel")
}

fn embed(c: &mut Criterion) {
    let began = Instant::now();
    let embedder = match Embedder::load(&ModelSettings::default(), None) {
        Ok(embedder) => embedder,
        Err(error) => return println!("skipped: {error}"),
    };
    println!("loaded for the first time in {:.0} ms", began.elapsed().as_secs_f64() * 1e3);
    let tile = tile();
    let bit_pairs: Vec<u8> = (0..125 * 84).map(|at| (at * 7 % 120) as u8).collect();
    let turn = Turn::NONE;
    let detail = Detail { cells: [125, 84], extent: [125.0, 83.4], turn, bit_pairs: &bit_pairs };
    let look = Look { tile: &tile, detail: Some(detail) };
    let mut group = c.benchmark_group("network");
    group.throughput(Throughput::Elements(1));
    let mut input = vec![0.0; embedder.form().len()];
    group.bench_function("input of one photo", |b| {
        b.iter(|| embed_input::write(black_box(&look), embedder.form(), &mut input));
    });
    group.bench_function("one photo", |b| {
        b.iter(|| embedder.embed(black_box(&[look])).expect("it has been tried"));
    });
    group.throughput(Throughput::Elements(PHOTOS as u64));
    group.bench_function(format!("{PHOTOS} photos"), |b| {
        b.iter(|| embedder.embed(black_box(&[look; PHOTOS])).expect("it has been tried"));
    });
    group.finish();
}

criterion_group!(benches, embed);
criterion_main!(benches);
