//! What goes wrong when photographing: focus, a moving camera, exposure, grain.
//!
//! Blurs work in linear light and in place, at a cost that does not grow with the blur, so that a
//! spoilt photo of 24 megapixels costs little more than a good one.

use super::canvas::Canvas;
use super::canvas::Light;

/// A fault of a photo, with how bad it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// Focus missed: radius of the blur, in shorter sides.
    Defocus(f32),
    /// The camera moved: length of the trail in shorter sides, and rows down for a column right.
    Motion(f32, f32),
    /// Too bright, by so many stops.
    Over(f32),
    /// Too dark, by so many stops.
    Under(f32),
    /// Too little light for the sensor: standard deviation of the grain, of full scale.
    Noise(f32),
}

impl Fault {
    /// The fault's name in `truth.json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Defocus(_) => "defocus",
            Self::Motion(..) => "motion",
            Self::Over(_) => "over",
            Self::Under(_) => "under",
            Self::Noise(_) => "noise",
        }
    }

    /// Stops that this fault adds to the exposure.
    #[must_use]
    pub const fn exposure_ev(self) -> f32 {
        match self {
            Self::Over(stops) => stops,
            Self::Under(stops) => -stops,
            _ => 0.0,
        }
    }

    /// Grain that this fault gives, if it is one of grain.
    #[must_use]
    pub const fn grain(self) -> Option<f32> {
        match self {
            Self::Noise(grain) => Some(grain),
            _ => None,
        }
    }

    /// Spoils the light on the canvas, where this fault is a blur.
    pub fn blur(self, on: &mut Canvas) {
        let [width, height] = on.size_px();
        let side = width.min(height) as f32;
        match self {
            Self::Defocus(radius) => {
                let radius = (radius * side * 0.5).round().max(1.0) as usize;
                // Three boxes are near enough to round.
                for _ in 0..3 {
                    along_rows(on, radius);
                    along_paths(on, radius, [0, 1]);
                }
            }
            Self::Motion(length, slope) => {
                let radius = (length * side * 0.5).round().max(1.0) as usize;
                along_paths(on, radius, [1024, (slope * 1024.0) as isize]);
            }
            Self::Over(_) | Self::Under(_) | Self::Noise(_) => {}
        }
    }
}

fn along_rows(on: &mut Canvas, radius: usize) {
    let [width, _] = on.size_px();
    let mut spare = Vec::with_capacity(width);
    for line in on.light_mut().chunks_exact_mut(width) {
        spare.clear();
        spare.extend_from_slice(line);
        running_mean(&spare, radius, |i, light| line[i] = light);
    }
}

/// Blurs along parallel paths that together visit every pixel once: straight down for `[0, _]`,
/// else column after column, down by `step[1] / 1024` rows each.
fn along_paths(on: &mut Canvas, radius: usize, step: [isize; 2]) {
    let [width, height] = on.size_px();
    let light = on.light_mut();
    let is_upright = step[0] == 0;
    let fall = |column: isize| if is_upright { 0 } else { column * step[1] / 1024 };
    let (paths, across) = if is_upright {
        (0..width as isize, width as isize)
    } else {
        let end = fall(width as isize - 1);
        (-end.max(0)..height as isize - end.min(0), 0)
    };
    let mut spots: Vec<usize> = Vec::with_capacity(width.max(height));
    let mut spare: Vec<Light> = Vec::with_capacity(width.max(height));
    for path in paths {
        spots.clear();
        if across > 0 {
            spots.extend((0..height).map(|row| row * width + path as usize));
        } else {
            spots.extend((0..width as isize).filter_map(|column| {
                let row = usize::try_from(path + fall(column)).ok().filter(|&r| r < height)?;
                Some(row * width + column as usize)
            }));
        }
        spare.clear();
        spare.extend(spots.iter().map(|&spot| light[spot]));
        running_mean(&spare, radius, |i, mean| light[spots[i]] = mean);
    }
}

/// Calls `put` with the mean of each element's neighbours within `radius`, the ends counting on.
fn running_mean(line: &[Light], radius: usize, mut put: impl FnMut(usize, Light)) {
    let Some(last) = line.len().checked_sub(1) else { return };
    let at = |i: isize| line[i.clamp(0, last as isize) as usize];
    let reach = radius as isize;
    // In f64 the sum does not drift, however long the line.
    let mut sum = [0.0_f64; 3];
    for i in -reach..=reach {
        add(&mut sum, at(i), 1.0);
    }
    let share = 1.0 / (2 * radius + 1) as f64;
    for i in 0..line.len() {
        put(i, sum.map(|v| (v * share) as f32));
        add(&mut sum, at(i as isize - reach), -1.0);
        add(&mut sum, at(i as isize + reach + 1), 1.0);
    }
}

fn add(sum: &mut [f64; 3], light: Light, sign: f64) {
    for (total, value) in sum.iter_mut().zip(light) {
        *total += sign * f64::from(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The light that is left in the middle of one bright pixel, and the light in all.
    fn spread(fault: Fault) -> (f32, f32) {
        let mut canvas = Canvas::new([60, 40], [0.0, 0.0]);
        canvas.light_mut()[20 * 60 + 30] = [100.0; 3];
        fault.blur(&mut canvas);
        let light = canvas.light_mut();
        (light[20 * 60 + 30][0], light.iter().map(|l| l[0]).sum())
    }

    #[test]
    fn a_blur_spreads_light_and_loses_none() {
        for fault in [Fault::Defocus(0.1), Fault::Motion(0.2, 0.5), Fault::Motion(0.2, -1.3)] {
            let (middle, sum) = spread(fault);
            assert!(middle < 20.0, "{middle} stays in the middle with {fault:?}");
            assert!((sum - 100.0).abs() < 0.1, "{sum} in all with {fault:?}");
        }
    }

    #[test]
    fn exposure_and_grain_leave_the_light_alone() {
        assert_eq!(spread(Fault::Over(2.0)), (100.0, 100.0));
        assert_eq!(spread(Fault::Noise(0.1)), (100.0, 100.0));
    }
}
