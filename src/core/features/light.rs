//! Exposure, contrast and colour of a picture.
//!
//! Luma is that of BT.709 (0.2126, 0.7152, 0.0722) on encoded values, 0 black to 1 white; light is
//! linear, as it fell on the sensor. Colourfulness: Hasler and Süsstrunk, "Measuring colourfulness in
//! natural images" (2003), over 255. A hue's share is weighted by chroma, the largest less the smallest of
//! red, green and blue, so that what is nearly grey says little.

use super::Feature;
use super::Picture;
use crate::core::texels::linear_from_srgb;

/// Steps of luma for each of a byte: enough that rounding is no noise.
pub const LUMA_STEPS: i16 = 4;

const HUES: usize = 8;

const SHARE: [f32; 2] = [0.0, 1.0];

/// What is measured here.
pub const FEATURES: [Feature; 26] = [
    Feature::new("luma_mean", "", SHARE, ["dark", "bright"]),
    Feature::new("luma_p01", "", SHARE, ["deep in its shadows", "pale in its shadows"]),
    Feature::new("luma_p05", "", SHARE, ["deep in its shadows", "pale in its shadows"]),
    Feature::new("luma_p25", "", SHARE, ["dark in its lower tones", "bright in its lower tones"]),
    Feature::new("luma_p50", "", SHARE, ["dark in its middle tones", "bright in its middle tones"]),
    Feature::new("luma_p75", "", SHARE, ["dark in its upper tones", "bright in its upper tones"]),
    Feature::new("luma_p95", "", SHARE, ["dull in its highlights", "bright in its highlights"]),
    Feature::new("luma_p99", "", SHARE, ["dull in its highlights", "bright in its highlights"]),
    Feature::new("luma_deviation", "", [0.0, 0.5], ["of little contrast", "of much contrast"]),
    Feature::new("black_share", "", SHARE, ["without black areas", "black in places"]),
    Feature::new("white_share", "", SHARE, ["without burnt areas", "burnt out in places"]),
    Feature::new("light_ev", "EV", [-12.0, 0.0], ["underexposed", "bright"]),
    Feature::new("chroma_mean", "", SHARE, ["of weak colours", "of strong colours"]),
    Feature::new("chroma_deviation", "", [0.0, 0.5], ["evenly coloured", "unevenly coloured"]),
    Feature::new("red_over_green", "EV", [-8.0, 8.0], ["of a green cast", "warm in colour"]),
    Feature::new("blue_over_green", "EV", [-8.0, 8.0], ["of a yellow cast", "cool in colour"]),
    Feature::new("colourfulness", "", [0.0, 2.0], ["of few colours", "colourful"]),
    Feature::new("hue_entropy", "bit", [0.0, 3.0], ["of one colour", "of many colours"]),
    Feature::new("hue_red", "", SHARE, ["without red", "red"]),
    Feature::new("hue_orange", "", SHARE, ["without orange", "orange"]),
    Feature::new("hue_yellow_green", "", SHARE, ["without yellow", "yellow"]),
    Feature::new("hue_green", "", SHARE, ["without green", "green"]),
    Feature::new("hue_cyan", "", SHARE, ["without cyan", "cyan"]),
    Feature::new("hue_azure", "", SHARE, ["without light blue", "light blue"]),
    Feature::new("hue_violet", "", SHARE, ["without violet", "violet"]),
    Feature::new("hue_magenta", "", SHARE, ["without magenta", "magenta"]),
];

/// Luma of each pixel, 0 to 255 times [`LUMA_STEPS`].
pub fn luma(picture: &Picture) -> Vec<i16> {
    let weigh = |&[r, g, b]: &[u8; 3]| {
        // 54, 183, 19 of 256 are the weights; four steps for each byte leave a shift by six.
        let sum = 54 * u32::from(r) + 183 * u32::from(g) + 19 * u32::from(b);
        ((sum + 32) >> 6) as i16
    };
    picture.rgb.as_chunks::<3>().0.iter().map(weigh).collect()
}

/// Measures a picture with its luma.
pub fn measure(picture: &Picture, luma: &[i16]) -> [f32; FEATURES.len()] {
    let tones = Tones::of(luma);
    let colours = Colours::of(picture);
    let mut values = [0.0; FEATURES.len()];
    values[0] = tones.mean;
    for (place, share) in values[1..8].iter_mut().zip([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) {
        *place = tones.percentile(share);
    }
    values[8] = tones.deviation;
    // A sensor's noise keeps black and white from being all 0 and 255.
    values[9] = tones.share(|byte| byte <= 4);
    values[10] = tones.share(|byte| byte >= 251);
    values[11..].copy_from_slice(&colours.measure());
    values
}

/// How often each luma occurs.
struct Tones {
    counts: [u32; 256],
    total: f32,
    mean: f32,
    deviation: f32,
}

impl Tones {
    fn of(luma: &[i16]) -> Self {
        let mut counts = [0_u32; 256];
        for &luma in luma {
            counts[((luma / LUMA_STEPS) as usize).min(255)] += 1;
        }
        let total = luma.len().max(1) as f32;
        let moment = |power: i32| {
            let each = counts
                .iter()
                .zip(0_u16..)
                .map(|(&n, byte)| f64::from(n) * (f64::from(byte) / 255.0).powi(power));
            (each.sum::<f64>() / f64::from(total)) as f32
        };
        let (mean, square) = (moment(1), moment(2));
        Self { counts, total, mean, deviation: (square - mean * mean).max(0.0).sqrt() }
    }

    fn percentile(&self, share: f32) -> f32 {
        let mut left = share * self.total;
        for (byte, &count) in self.counts.iter().enumerate() {
            left -= count as f32;
            if left <= 0.0 {
                return byte as f32 / 255.0;
            }
        }
        1.0
    }

    fn share(&self, is_meant: impl Fn(usize) -> bool) -> f32 {
        let counts = self.counts.iter().enumerate();
        let sum: u32 = counts.filter(|(byte, _)| is_meant(*byte)).map(|(_, count)| count).sum();
        sum as f32 / self.total
    }
}

/// Sums over the pixels' colours.
#[derive(Default)]
struct Colours {
    total: f64,
    /// Linear red, green, blue.
    light: [f64; 3],
    /// Chroma and its square.
    chroma: [f64; 2],
    /// Red less green, yellow less blue, and their squares.
    opponents: [f64; 4],
    hues: [f64; HUES],
}

impl Colours {
    /// Every third pixel tells as much of colour as all do, in a third of the time.
    fn of(picture: &Picture) -> Self {
        let mut sums = Self::default();
        for &[r, g, b] in picture.rgb.as_chunks::<3>().0.iter().step_by(3) {
            sums.add([r, g, b]);
        }
        sums
    }

    fn add(&mut self, rgb: [u8; 3]) {
        self.total += 1.0;
        for (sum, byte) in self.light.iter_mut().zip(rgb) {
            *sum += f64::from(linear_from_srgb(byte));
        }
        let [r, g, b] = rgb.map(|byte| f32::from(byte) / 255.0);
        let (most, least) = (r.max(g).max(b), r.min(g).min(b));
        let chroma = most - least;
        self.chroma[0] += f64::from(chroma);
        self.chroma[1] += f64::from(chroma * chroma);
        let opponents = [r - g, 0.5 * (r + g) - b].map(f64::from);
        for (at, value) in opponents.into_iter().enumerate() {
            self.opponents[at] += value;
            self.opponents[at + 2] += value * value;
        }
        if chroma > 0.0 {
            let sixth = if most == r {
                (g - b) / chroma
            } else if most == g {
                (b - r) / chroma + 2.0
            } else {
                (r - g) / chroma + 4.0
            };
            let turn = (sixth / 6.0).rem_euclid(1.0);
            let bin = ((turn * HUES as f32 + 0.5) as usize) % HUES;
            self.hues[bin] += f64::from(chroma);
        }
    }

    fn measure(&self) -> [f32; 15] {
        let mean = |sum: f64| sum / self.total.max(1.0);
        let deviation = |sum, squares| (mean(squares) - mean(sum) * mean(sum)).max(0.0).sqrt();
        // Below the darkest step of a byte there is nothing to compare.
        let [red, green, blue] = self.light.map(|sum| mean(sum) + 1.0 / 4096.0);
        let light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        let [rg, yb, rg2, yb2] = self.opponents;
        let spread = deviation(rg, rg2).hypot(deviation(yb, yb2));
        let colourfulness = spread + 0.3 * mean(rg).hypot(mean(yb));
        let all: f64 = self.hues.iter().sum();
        let shares = self.hues.map(|sum| if all > 0.0 { sum / all } else { 0.0 });
        let entropy: f64 = shares.iter().filter(|s| **s > 0.0).map(|s| -s * s.log2()).sum();
        let first = [
            light.log2(),
            mean(self.chroma[0]),
            deviation(self.chroma[0], self.chroma[1]),
            (red / green).log2(),
            (blue / green).log2(),
            colourfulness,
            entropy,
        ];
        let mut values = [0.0; 15];
        for (place, value) in values.iter_mut().zip(first.into_iter().chain(shares)) {
            *place = value as f32;
        }
        values
    }
}
