//! What do several threads gain where a picture has restart markers?
//!
//! ```text
//! cargo run --release --manifest-path benches/turbo/Cargo.toml --target-dir target/turbo --bin parts
//! ```
//!
//! Budget: 1.5 times with two threads on idle cores. Where other work takes them, the last column
//! tells: the time in sequence over that of the longest part, each decoded alone. 24 megapixels in 4:2:0 with a marker behind each row of MCUs,
//! as phones write them; in sequence and in parts in turn, the
//! medians compared.

use std::hint::black_box;
use std::time::Instant;

use jpeg_encoder::ColorType;
use jpeg_encoder::Encoder;
use jpeg_encoder::SamplingFactor;
use rushlight::disk::jpeg::Jpeg;
use rushlight::disk::jpeg::Part;
use rushlight::disk::jpeg::Scale;
use rushlight::scene;
use rushlight::scene::HEIGHT;
use rushlight::scene::WIDTH;

const ROUNDS: usize = 9;

fn file() -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 92);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_restart_interval(WIDTH.div_ceil(16) as u16);
    encoder.encode(&scene::rgb(), WIDTH as u16, HEIGHT as u16, ColorType::Rgb)?;
    Ok(bytes)
}

fn on_threads(parts: &mut [Part]) {
    std::thread::scope(|scope| {
        for part in parts {
            scope.spawn(|| part.decode());
        }
    });
}

/// Decodes one part after the other; answers the seconds of the longest.
fn in_sequence(parts: &mut [Part]) -> f64 {
    let seconds = parts.iter_mut().map(|part| {
        let start = Instant::now();
        part.decode();
        start.elapsed().as_secs_f64()
    });
    seconds.fold(0.0, f64::max)
}

fn median_ms(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2] * 1e3
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bytes = file()?;
    let jpeg = Jpeg::open(&bytes)?;
    for threads in [2, 4] {
        for scale in Scale::ALL {
            let [mut alone, mut parted, mut longest] = [(); 3].map(|()| Vec::new());
            for _ in 0..ROUNDS {
                let start = Instant::now();
                black_box(jpeg.decode(scale)?);
                alone.push(start.elapsed().as_secs_f64());
                let start = Instant::now();
                black_box(jpeg.decode_in_parts(scale, threads, on_threads)?);
                parted.push(start.elapsed().as_secs_f64());
                let run = |parts: &mut [Part]| longest.push(in_sequence(parts));
                black_box(jpeg.decode_in_parts(scale, threads, run)?);
            }
            let [alone, parted, longest] = [alone, parted, longest].map(median_ms);
            println!(
                "1/{}  alone {alone:5.1} ms  {threads} threads {parted:5.1} ms, {:.2}  longest part {longest:5.1} ms, {:.2}",
                scale.divisor(),
                alone / parted,
                alone / longest,
            );
        }
    }
    Ok(())
}
