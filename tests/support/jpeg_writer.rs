//! Writes baseline JPEGs in any sampling, with codes of any length, which no encoder offers.
//!
//! The picture is a function of the place, so that each component is sampled where its samples lie
//! and the true mean of a pixel is known. All codes of a table have one length: large files, a
//! small writer.

use std::f64::consts::PI;

/// A picture: Y, Cb and Cr, each about 0, at a place from 0 to 1 across and down.
pub type Picture = fn(f64, f64) -> [f64; 3];

/// What is written.
#[derive(Debug, Clone)]
pub struct Writer {
    /// Width and height.
    pub size_px: [usize; 2],
    /// Horizontal and vertical blocks of each component in an MCU; one or three.
    pub sampling: Vec<[usize; 2]>,
    /// The quantiser's step, for all coefficients.
    pub step: u8,
    /// Bits of each AC code, 8 to 16.
    pub code_bits: u32,
    /// MCUs between restart markers; 0 without.
    pub restart_mcus: usize,
    /// Segments to add before the tables, whole.
    pub segments: Vec<u8>,
}

impl Writer {
    /// Steps of 2, codes of 8 bits, nothing else.
    pub fn new(size_px: [usize; 2], sampling: &[[usize; 2]]) -> Self {
        let sampling = sampling.to_vec();
        Self { size_px, sampling, step: 2, code_bits: 8, restart_mcus: 0, segments: Vec::new() }
    }

    /// The file.
    pub fn write(&self, picture: Picture) -> Vec<u8> {
        let mut file = vec![0xFF, 0xD8];
        file.extend(&self.segments);
        self.write_header(&mut file);
        let most = [0, 1]
            .map(|axis| self.sampling.iter().map(|s| s[axis]).max().expect("there is a component"));
        let mcus = [0, 1].map(|axis| self.size_px[axis].div_ceil(most[axis] * 8));
        let mut bits = BitWriter::default();
        let mut last = vec![0; self.sampling.len()];
        for mcu in 0..mcus[0] * mcus[1] {
            if self.restart_mcus > 0 && mcu > 0 && mcu % self.restart_mcus == 0 {
                bits.flush();
                let index = (mcu / self.restart_mcus - 1) % 8;
                bits.bytes.extend([0xFF, 0xD0 + index as u8]);
                last.fill(0);
            }
            for (which, blocks) in self.sampling.iter().enumerate() {
                for place in 0..blocks[0] * blocks[1] {
                    let x = mcu % mcus[0] * blocks[0] + place % blocks[0];
                    let y = mcu / mcus[0] * blocks[1] + place / blocks[0];
                    // Pixels of the picture that a sample of the component stands for.
                    let pitch = [0, 1].map(|axis| most[axis] as f64 / blocks[axis] as f64);
                    let block = self.block(picture, which, [x, y], pitch);
                    self.write_block(&block, &mut last[which], &mut bits);
                }
            }
        }
        bits.flush();
        file.extend(&bits.bytes);
        file.extend([0xFF, 0xD9]);
        file
    }

    fn write_header(&self, file: &mut Vec<u8>) {
        file.extend([0xFF, 0xDB, 0, 67, 0]);
        file.extend([self.step; 64]);
        let count = self.sampling.len() as u8;
        let [width, height] = self.size_px.map(|side| (side as u16).to_be_bytes());
        file.extend([0xFF, 0xC0, 0, 8 + 3 * count, 8]);
        file.extend([height[0], height[1], width[0], width[1], count]);
        for (id, blocks) in (1..).zip(&self.sampling) {
            file.extend([id, ((blocks[0] << 4) | blocks[1]) as u8, 0]);
        }
        let mut table = |kind: u8, length: u32, symbols: &[u8]| {
            let segment = (19 + symbols.len() as u16).to_be_bytes();
            file.extend([0xFF, 0xC4, segment[0], segment[1], kind]);
            file.extend((1..=16).map(|l| if l == length { symbols.len() as u8 } else { 0 }));
            file.extend(symbols);
        };
        table(0x00, 4, &(0..12).collect::<Vec<_>>());
        table(0x10, self.code_bits, &ac_symbols());
        let restart = (self.restart_mcus as u16).to_be_bytes();
        file.extend([0xFF, 0xDD, 0, 4, restart[0], restart[1]]);
        file.extend([0xFF, 0xDA, 0, 6 + 2 * count, count]);
        for id in 1..=count {
            file.extend([id, 0]);
        }
        file.extend([0, 63, 0]);
    }

    /// The quantised coefficients of a block, in zigzag order.
    fn block(&self, picture: Picture, which: usize, at: [usize; 2], pitch: [f64; 2]) -> [i32; 64] {
        let side = self.size_px.map(|side| side as f64);
        let place = |axis: usize, i: usize| {
            (((at[axis] * 8 + i) as f64 + 0.5) * pitch[axis] / side[axis]).min(1.0)
        };
        let samples: [f64; 64] =
            std::array::from_fn(|i| picture(place(0, i % 8), place(1, i / 8))[which]);
        let cosine = |x: usize, u: usize| {
            let norm = if u == 0 { 0.5_f64.sqrt() } else { 1.0 };
            norm / 2.0 * (((2 * x + 1) * u) as f64 * PI / 16.0).cos()
        };
        let cosines: [[f64; 8]; 8] = std::array::from_fn(|u| std::array::from_fn(|x| cosine(x, u)));
        zigzag().map(|(u, v)| {
            let sum: f64 = samples
                .iter()
                .enumerate()
                .map(|(i, sample)| sample * cosines[u][i % 8] * cosines[v][i / 8])
                .sum();
            (sum / f64::from(self.step)).round() as i32
        })
    }

    fn write_block(&self, block: &[i32; 64], last: &mut i32, bits: &mut BitWriter) {
        let (size, number) = size_and_number(block[0] - *last);
        *last = block[0];
        bits.put(size, 4);
        bits.put(number, size);
        let symbols = ac_symbols();
        let end = 64 - block.iter().rev().take_while(|&&c| c == 0).count();
        let mut run = 0;
        let mut parts = Vec::new();
        for &coefficient in block.iter().take(end).skip(1) {
            if coefficient == 0 {
                run += 1;
                continue;
            }
            parts.extend((0..run / 16).map(|_| (0xF0, 0, 0)));
            let (size, number) = size_and_number(coefficient);
            parts.push((((run % 16) << 4) | size, number, size));
            run = 0;
        }
        if end < 64 {
            parts.push((0, 0, 0));
        }
        for (symbol, number, size) in parts {
            let code = symbols
                .iter()
                .position(|&s| u32::from(s) == symbol)
                .expect("every symbol has a code");
            bits.put(code as u32, self.code_bits);
            bits.put(number, size);
        }
    }
}

/// The end of a block, sixteen zeros, and each run with each size.
fn ac_symbols() -> Vec<u8> {
    let runs = (0..16_u8).flat_map(|run| (1..=10).map(move |size| (run << 4) | size));
    [0x00, 0xF0].into_iter().chain(runs).collect()
}

/// Horizontal and vertical frequency of each coefficient.
fn zigzag() -> [(usize, usize); 64] {
    let mut places: Vec<(usize, usize)> = (0..64).map(|i| (i % 8, i / 8)).collect();
    // Diagonal after diagonal, up and down in turn.
    places.sort_by_key(|&(u, v)| (u + v, if (u + v) % 2 == 0 { u } else { v }));
    places.try_into().expect("there are 64")
}

fn size_and_number(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    let number = if value < 0 { value + (1 << size) - 1 } else { value };
    (size, number as u32)
}

#[derive(Default)]
struct BitWriter {
    bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl BitWriter {
    fn put(&mut self, value: u32, count: u32) {
        self.held = (self.held << count) | u64::from(value);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count) as u8;
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
        }
    }

    fn flush(&mut self) {
        let missing = (8 - self.count % 8) % 8;
        self.put((1 << missing) - 1, missing);
    }
}
