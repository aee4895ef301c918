//! What scenes are painted on: light, with a view that can be shifted.
//!
//! The canvas knows shapes and coverage and nothing of what they mean; the painters beside it
//! choose shapes and colours, `fault` spoils the result, [`Canvas::develop`] makes texels of it.
//!
//! Units: lengths are in shorter sides of the picture, x to the right, y downwards, so a landscape
//! picture of 3:2 spans 1.5 x 1. Light is linear and has no upper bound until it is developed.

use crate::core::texels::Texels;
use crate::core::texels::linear_from_srgb;
use crate::core::texels::srgb_from_linear;

use super::dice::Dice;

/// Red, green and blue light.
pub type Light = [f32; 3];

/// A point, or a length along each axis, in shorter sides of the picture.
pub type Point = [f32; 2];

/// The light of a colour written as on the web, 0xRRGGBB.
#[must_use]
pub fn rgb(web: u32) -> Light {
    [web >> 16, web >> 8, web].map(|v| linear_from_srgb((v & 0xFF) as u8))
}

/// From `a` to `b`; `t` is held within 0 to 1.
#[must_use]
pub fn mix(a: Light, b: Light, t: f32) -> Light {
    let t = t.clamp(0.0, 1.0);
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/// So many times the light.
#[must_use]
pub fn dim(light: Light, factor: f32) -> Light {
    light.map(|v| v * factor)
}

/// 0 at `from`, 1 at `to`, smooth between and flat beyond.
#[must_use]
pub fn step(from: f32, to: f32, value: f32) -> f32 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The picture while it is painted.
#[derive(Debug)]
pub struct Canvas {
    width: usize,
    height: usize,
    shift: Point,
    /// Pixels in one shorter side.
    scale: f32,
    light: Vec<Light>,
}

impl Canvas {
    /// A black canvas of `size_px`, at least 1 x 1, whose view is moved by `shift`.
    #[must_use]
    pub fn new(size_px: [u32; 2], shift: Point) -> Self {
        let [width, height] = size_px.map(|side| side.max(1) as usize);
        let scale = width.min(height) as f32;
        Self { width, height, shift, scale, light: vec![[0.0; 3]; width * height] }
    }

    /// Width and height in shorter sides.
    #[must_use]
    pub fn span(&self) -> Point {
        [self.width as f32 / self.scale, self.height as f32 / self.scale]
    }

    /// The size of one pixel.
    #[must_use]
    pub fn pixel(&self) -> f32 {
        1.0 / self.scale
    }

    /// Width and height in pixels.
    #[must_use]
    pub const fn size_px(&self) -> [usize; 2] {
        [self.width, self.height]
    }

    /// The light itself, row after row, for what works on pixels instead of shapes.
    pub fn light_mut(&mut self) -> &mut [Light] {
        &mut self.light
    }

    /// Sets every pixel from where it lies and what it holds.
    pub fn repaint(&mut self, paint: impl Fn(f32, f32, Light) -> Light) {
        let (shift, pixel) = (self.shift, self.pixel());
        for (row, line) in self.light.chunks_exact_mut(self.width).enumerate() {
            let y = (row as f32 + 0.5) * pixel + shift[1];
            for (column, light) in line.iter_mut().enumerate() {
                let x = (column as f32 + 0.5) * pixel + shift[0];
                *light = paint(x, y, *light);
            }
        }
    }

    /// Lays paint over the pixels in `bounds` (left, top, right, bottom); `paint` answers a colour
    /// and how much of the pixel it covers, 0 to 1.
    pub fn cover(&mut self, bounds: [f32; 4], paint: impl Fn(f32, f32) -> (Light, f32)) {
        let [left, top, right, bottom] = bounds;
        let (shift, pixel, scale) = (self.shift, self.pixel(), self.scale);
        let columns = span_px(left - shift[0], right - shift[0], scale, self.width);
        let rows = span_px(top - shift[1], bottom - shift[1], scale, self.height);
        for row in rows {
            let y = (row as f32 + 0.5) * pixel + shift[1];
            let line = &mut self.light[row * self.width..(row + 1) * self.width];
            for column in columns.clone() {
                let x = (column as f32 + 0.5) * pixel + shift[0];
                let (light, share) = paint(x, y);
                if share > 0.0 {
                    line[column] = mix(line[column], light, share);
                }
            }
        }
    }

    /// Fills everything under a line: `top` is its height at x, `paint` the colour at a point and
    /// its depth under the line.
    pub fn ridge(&mut self, top: impl Fn(f32) -> f32, paint: impl Fn(f32, f32, f32) -> Light) {
        let (shift, pixel, scale, width) = (self.shift, self.pixel(), self.scale, self.width);
        let tops: Vec<f32> = (0..width).map(|c| top((c as f32 + 0.5) * pixel + shift[0])).collect();
        let highest = tops.iter().copied().fold(f32::INFINITY, f32::min);
        let first = span_px(highest - shift[1], highest - shift[1], scale, self.height).start;
        for row in first..self.height {
            let y = (row as f32 + 0.5) * pixel + shift[1];
            let line = &mut self.light[row * width..(row + 1) * width];
            for ((column, light), top) in line.iter_mut().enumerate().zip(&tops) {
                let depth = y - top;
                let share = depth * scale + 0.5;
                if share > 0.0 {
                    let x = (column as f32 + 0.5) * pixel + shift[0];
                    *light = mix(*light, paint(x, y, depth.max(0.0)), share);
                }
            }
        }
    }

    /// A disc whose edge is as soft as `softness`, of which `strength` covers what lies under it.
    pub fn disc(&mut self, at: Point, radius: f32, softness: f32, light: Light, strength: f32) {
        self.oval(at, [radius, radius], 0.0, softness, |_, _| (light, strength));
    }

    /// An oval turned by `angle` radians. `paint` is asked for points within it, -1 to 1 along each
    /// of its own axes, and answers a colour and its strength.
    pub fn oval(
        &mut self,
        at: Point,
        radii: Point,
        angle: f32,
        softness: f32,
        paint: impl Fn(f32, f32) -> (Light, f32),
    ) {
        let (sin, cos) = angle.sin_cos();
        let softness = softness.max(self.pixel());
        let thin = radii[0].min(radii[1]);
        // The soft edge is measured at the thin side and grows with the other.
        let reach = radii[0].max(radii[1]) * (1.0 + 0.5 * softness / thin);
        let bounds = [at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach];
        self.cover(bounds, |x, y| {
            let (dx, dy) = (x - at[0], y - at[1]);
            let u = (dx * cos + dy * sin) / radii[0];
            let v = (dy * cos - dx * sin) / radii[1];
            // Near the edge the distance to it is about the excess of the radius, scaled back.
            let share = 0.5 - ((u * u + v * v).sqrt() - 1.0) * thin / softness;
            if share <= 0.0 {
                return ([0.0; 3], 0.0);
            }
            let (light, strength) = paint(u, v);
            (light, share.min(1.0) * strength)
        });
    }

    /// A line with round ends from `a` to `b`, as wide as `widths` there.
    pub fn stroke(&mut self, a: Point, b: Point, widths: Point, light: Light) {
        let reach = widths[0].max(widths[1]) + self.pixel();
        let bounds = [
            a[0].min(b[0]) - reach,
            a[1].min(b[1]) - reach,
            a[0].max(b[0]) + reach,
            a[1].max(b[1]) + reach,
        ];
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length2 = (dx * dx + dy * dy).max(1e-12);
        let scale = self.scale;
        self.cover(bounds, |x, y| {
            let t = (((x - a[0]) * dx + (y - a[1]) * dy) / length2).clamp(0.0, 1.0);
            let (ox, oy) = (x - a[0] - dx * t, y - a[1] - dy * t);
            let radius = (widths[0] + (widths[1] - widths[0]) * t) / 2.0;
            let share = (radius - (ox * ox + oy * oy).sqrt()) * scale + 0.5;
            (light, share.clamp(0.0, 1.0))
        });
    }

    /// Adds light around a point that falls off to nothing at `radius`.
    pub fn glow(&mut self, at: Point, radius: f32, light: Light) {
        let (shift, pixel, scale) = (self.shift, self.pixel(), self.scale);
        let x0 = at[0] - shift[0];
        let y0 = at[1] - shift[1];
        let columns = span_px(x0 - radius, x0 + radius, scale, self.width);
        for row in span_px(y0 - radius, y0 + radius, scale, self.height) {
            let dy = (row as f32 + 0.5) * pixel - y0;
            let line = &mut self.light[row * self.width..(row + 1) * self.width];
            for column in columns.clone() {
                let dx = (column as f32 + 0.5) * pixel - x0;
                let near = 1.0 - ((dx * dx + dy * dy).sqrt() / radius).min(1.0);
                let add = near * near * near;
                for (v, more) in line[column].iter_mut().zip(light) {
                    *v += more * add;
                }
            }
        }
    }

    /// Fills everything under `surface` with the mirror image of what is above it; `ripple`
    /// answers how far sideways and upwards to look, `tint` changes the light found.
    pub fn mirror(
        &mut self,
        surface: f32,
        ripple: impl Fn(f32, f32) -> Point,
        tint: impl Fn(f32, f32, Light) -> Light,
    ) {
        let (shift, pixel, scale, width) = (self.shift, self.pixel(), self.scale, self.width);
        let first = span_px(surface - shift[1], surface - shift[1], scale, self.height).start;
        let (above, below) = self.light.split_at_mut(first * width);
        if above.is_empty() {
            return;
        }
        for (line_index, line) in below.chunks_exact_mut(width).enumerate() {
            let y = ((first + line_index) as f32 + 0.5) * pixel + shift[1];
            for (column, light) in line.iter_mut().enumerate() {
                let x = (column as f32 + 0.5) * pixel + shift[0];
                let [dx, dy] = ripple(x, y);
                let up = (line_index as f32 + dy.abs() * scale) as usize;
                let source_row = (first - 1).saturating_sub(up);
                let source = (column as f32 + dx * scale).clamp(0.0, (width - 1) as f32) as usize;
                *light = tint(x, y, above[source_row * width + source]);
            }
        }
    }

    /// The picture as a camera would store it: brighter by `exposure_ev` stops, highlights rolled
    /// off, with sensor noise of standard deviation `grain` (of full scale, in sRGB).
    #[must_use]
    pub fn develop(self, exposure_ev: f32, grain: f32, seed: u64) -> Texels {
        let gain = exposure_ev.exp2();
        let mut dice = Dice::of(seed, 2);
        let mut bytes = Vec::with_capacity(self.light.len() * 4);
        for light in &self.light {
            let bits = dice.bits();
            for (channel, &value) in light.iter().enumerate() {
                // The sum of two bytes is a triangle: near enough to a bell for grain.
                let word = bits >> (channel * 16);
                let chance = ((word & 0xFF) + (word >> 8 & 0xFF)) as f32 / 255.0 - 1.0;
                let shown = f32::from(srgb_from_linear(rolled_off(value * gain)));
                bytes.push((shown + chance * grain * 624.0 + 0.5) as u8);
            }
            bytes.push(255);
        }
        Texels::new(self.width as u32, self.height as u32, bytes)
            .unwrap_or_else(|| Texels::filled([1, 1], [0, 0, 0, 255]))
    }
}

/// Straight up to 0.7, then towards 1 ever slower, as film does.
fn rolled_off(light: f32) -> f32 {
    if light <= 0.7 { light } else { 1.0 - 0.09 / (light - 0.4) }
}

/// The pixels between two lengths, held within the picture.
fn span_px(from: f32, to: f32, scale: f32, count: usize) -> std::ops::Range<usize> {
    let first = (from * scale).floor().clamp(0.0, count as f32) as usize;
    let last = (to * scale).ceil().clamp(0.0, count as f32) as usize;
    first..last.max(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disc_stays_round_and_where_it_was_put() {
        let mut canvas = Canvas::new([30, 20], [0.0, 0.0]);
        canvas.disc([0.75, 0.5], 0.25, 0.0, [1.0; 3], 1.0);
        let texels = canvas.develop(0.0, 0.0, 0);
        assert!(texels.texel(15, 10)[0] > 200);
        assert!(texels.texel(15, 6)[0] > 200);
        assert_eq!(texels.texel(15, 3)[0], 0);
        assert_eq!(texels.texel(8, 10)[0], 0);
    }

    #[test]
    fn a_shifted_view_moves_what_it_shows() {
        let seen = |shift| {
            let mut canvas = Canvas::new([40, 40], shift);
            canvas.ridge(|_| 0.5, |_, _, _| [1.0; 3]);
            let texels = canvas.develop(0.0, 0.0, 0);
            (0..40).filter(|&y| texels.texel(0, y)[0] > 100).count()
        };
        assert_eq!(seen([0.0, 0.0]), 20);
        assert_eq!(seen([0.0, 0.25]), 30);
    }

    #[test]
    fn a_mirror_shows_what_is_above_it() {
        let mut canvas = Canvas::new([10, 10], [0.0, 0.0]);
        canvas.repaint(|_, y, _| if y < 0.2 { [1.0, 0.0, 0.0] } else { [0.0; 3] });
        canvas.mirror(0.5, |_, _| [0.0, 0.0], |_, _, light| light);
        let texels = canvas.develop(0.0, 0.0, 0);
        let reds: Vec<bool> = (0..10).map(|y| texels.texel(5, y)[0] > 100).collect();
        assert_eq!(reds, [true, true, false, false, false, false, false, false, true, true]);
    }

    #[test]
    fn light_beyond_white_is_rolled_off_not_wrapped() {
        let mut last = 0.0;
        for i in 0..2000 {
            let shown = rolled_off(i as f32 * 0.01);
            assert!(shown >= last && shown <= 1.0, "{shown} at {i}");
            last = shown;
        }
    }
}
