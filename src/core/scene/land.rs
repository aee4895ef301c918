//! Land: hills one behind the other, dunes, and a mountain lake.

use super::Setting;
use super::canvas::Canvas;
use super::canvas::dim;
use super::canvas::mix;
use super::canvas::rgb;
use super::canvas::step;
use super::dice::Noise;
use super::sky::Sky;

/// Hills that lose their colour with distance, mist between them, a wood on the nearest.
pub fn hills(on: &mut Canvas, at: &mut Setting) {
    let sky = Sky::of_chance(&mut at.dice);
    let [width, height] = on.span();
    let horizon = height * at.dice.between(0.45, 0.6);
    let sun = [width * at.dice.between(0.2, 0.8), horizon - at.dice.between(0.02, 0.25)];
    sky.paint(on, &at.noise, horizon, sun, at.dice.between(0.1, 0.9));
    let layers = 4 + at.dice.below(3);
    let noise = &at.noise;
    for layer in 0..layers {
        let near = (layer + 1) as f32 / layers as f32;
        let base = horizon + (height - horizon) * (near * near * 0.75 - 0.12);
        let rough = at.dice.between(0.16, 0.34) * (0.6 + 0.4 * near);
        let along = at.dice.between(0.0, 200.0);
        let top = |x: f32| {
            let hill = noise.fractal(x * (1.2 + near) + along, along, 5) - 0.5;
            let wood =
                if near > 0.7 { noise.at(x * 90.0 + along, 0.5) * 0.022 * near } else { 0.0 };
            base - hill * rough * 1.6 - wood
        };
        let body = mix(sky.horizon, sky.land, near * near * 0.9 + 0.12);
        on.ridge(top, |x, y, depth| {
            let mist = 0.45 * (1.0 - near) * step(0.0, 0.22, depth);
            let grain = noise.fractal(x * 14.0 + along, y * 26.0, 2) - 0.5;
            let lit = 1.0 + grain * 0.9 * near + 0.5 * (1.0 - depth * 14.0).max(0.0) * (1.0 - near);
            mix(dim(body, lit), sky.horizon, mist)
        });
    }
}

/// Dunes: a crest divides each into a side in the sun and a side in the shade.
pub fn desert(on: &mut Canvas, at: &mut Setting) {
    let sky = Sky::of_day(&mut at.dice);
    let [width, height] = on.span();
    let horizon = height * at.dice.between(0.35, 0.5);
    let sun = [width * at.dice.between(0.6, 0.95), horizon - at.dice.between(0.12, 0.3)];
    sky.paint(on, &at.noise, horizon, sun, at.dice.between(0.0, 0.4));
    let sand = rgb(at.dice.pick(&[0xE8_A45C, 0xF0_C08A, 0xD9_7B4A, 0xE6_CFA6]));
    let shade = rgb(at.dice.pick(&[0x6B_3A2E, 0x5A_3B4C, 0x7A_4A30]));
    let noise = &at.noise;
    for layer in 0..4_u32 {
        let near = (layer + 1) as f32 / 4.0;
        let along = at.dice.between(0.0, 200.0);
        let base = horizon + (height - horizon) * (near - 0.25) * 0.85;
        let rise = 0.1 + 0.16 * near;
        let crest = at.dice.between(0.25, 0.75) * width;
        let top = |x: f32| {
            let peak = 1.0 / (1.0 + (x - crest) * (x - crest) * (5.0 - 2.0 * near));
            base - rise * peak - (noise.at(x * 1.7 + along, 4.5) - 0.5) * rise * 0.7
        };
        on.ridge(top, |x, y, depth| {
            // The crest winds down towards the viewer; left of it lies the shade.
            let bend = (noise.at(depth * 3.0 + along, 9.5) - 0.5) * 0.5 + depth * 0.9;
            let side = step(-0.012, 0.012 + depth * 0.05, x - crest - bend + 0.1);
            let wave = noise.at(x * 3.0, y * 3.0) * 3.0;
            let ripple = ((y * 150.0 / (0.4 + near) + x * 20.0 + wave * 6.0).sin()) * 0.07 * near;
            let lit = mix(shade, sand, side * 0.85 + 0.15);
            let lit = dim(lit, 0.9 + ripple + (noise.at(x * 300.0, y * 300.0) - 0.5) * 0.12);
            mix(lit, sky.horizon, (1.0 - near) * 0.45)
        });
    }
}

/// Mountains with snow over a lake that mirrors them.
pub fn lake(on: &mut Canvas, at: &mut Setting) {
    let sky = Sky::of_chance(&mut at.dice);
    let [width, height] = on.span();
    let shore = height * at.dice.between(0.52, 0.66);
    let sun = [width * at.dice.between(0.1, 0.9), shore - at.dice.between(0.3, 0.45)];
    sky.paint(on, &at.noise, shore, sun, at.dice.between(0.1, 0.7));
    let side = if sun[0] > width / 2.0 { 0.02 } else { -0.02 };
    for layer in 0..3_u32 {
        let near = (layer + 1) as f32 / 3.0;
        let along = at.dice.between(0.0, 200.0);
        let rise = [0.52, 0.42, 0.16][layer as usize] * at.dice.between(0.8, 1.1);
        mountains(on, &at.noise, &sky, Range { shore, rise, along, near, side });
    }
    let noise = &at.noise;
    let drift = at.moment * 0.4;
    let deep = mix(sky.zenith, sky.land, 0.4);
    on.mirror(
        shore,
        |x, y| {
            let near = y - shore;
            let wave = noise.fractal(x * 9.0 + drift, 40.0 / (near + 0.09), 2) - 0.5;
            [wave * 0.05 * near.min(0.3), wave * 0.12 * near]
        },
        |x, y, light| {
            let near = (y - shore) / (height - shore);
            let line = step(0.985, 1.0, 1.0 - near) * 0.5;
            let shine = (noise.at(x * 3.0, 20.0 / (near + 0.1)) - 0.5) * 0.08;
            mix(dim(light, 0.82 + shine), dim(deep, 0.6), near * 0.55 + line)
        },
    );
}

/// One chain of mountains.
#[derive(Clone, Copy)]
struct Range {
    shore: f32,
    rise: f32,
    along: f32,
    near: f32,
    /// Towards the sun, and how far: the step over which a slope is measured.
    side: f32,
}

fn mountains(on: &mut Canvas, noise: &Noise, sky: &Sky, range: Range) {
    let Range { shore, rise, along, near, side } = range;
    // Folding the noise at its middle makes sharp crests out of round bumps.
    let fold =
        |x: f32, y: f32, octaves| 1.0 - (noise.fractal(x, y, octaves) * 2.0 - 1.0).abs() * 1.6;
    let top = |x: f32| shore - rise * (fold(x * 1.5 + along, along, 5) * 0.8 + 0.1).max(0.04);
    let (rock, snow) = (rgb(0x4A_5058), rgb(0xF2_F6FA));
    let wood = mix(sky.land, rgb(0x1E_3326), 0.5);
    on.ridge(top, |x, y, depth| {
        let (sx, sy) = (x * 7.0 + along, y * 5.0 - depth * 3.0);
        let here = noise.fractal(sx, sy, 4);
        let slope = (here - noise.fractal(sx - side * 9.0, sy - 0.1, 4)) * 3.2;
        let lit = (0.62 + slope).clamp(0.18, 1.25);
        let high = (shore - y) / rise.max(0.1);
        let white = step(0.42, 0.62, high + (here - 0.5) * 0.7) * step(0.2, 0.3, rise);
        let ground = mix(wood, rock, step(0.08, 0.4, high + (here - 0.5) * 0.5));
        let light = dim(mix(ground, snow, white), lit);
        mix(light, sky.horizon, (1.0 - near) * 0.5 + 0.15 * step(0.3, 0.0, high))
    });
}
