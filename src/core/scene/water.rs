//! The open sea: waves in perspective, the sun's road on them, a boat that sails by.

use super::Setting;
use super::canvas::Canvas;
use super::canvas::Light;
use super::canvas::Point;
use super::canvas::dim;
use super::canvas::mix;
use super::canvas::rgb;
use super::canvas::step;
use super::sky::Sky;

/// A low sun over the sea.
pub fn sea(on: &mut Canvas, at: &mut Setting) {
    let sky = Sky::of_evening(&mut at.dice);
    let [width, height] = on.span();
    let horizon = height * at.dice.between(0.42, 0.6);
    let sun = [width * at.dice.between(0.25, 0.75), horizon - at.dice.between(0.015, 0.16)];
    sky.paint(on, &at.noise, horizon, sun, at.dice.between(0.2, 0.9));
    let noise = &at.noise;
    let deep = mix(dim(sky.zenith, 0.35), rgb(0x0E_3A4A), 0.5);
    let drift = at.moment * 0.7;
    on.ridge(
        |_| horizon,
        |x, _, depth| {
            // A row at this depth under the horizon is this far away.
            let far = 0.12 / (depth + 0.012);
            let (u, v) = ((x - width / 2.0) * far * 2.2 + 60.0, far * 9.0 + drift);
            let wave = noise.fractal(u * 1.3, v, 3);
            let sheen = step(0.35, 0.75, wave) * 0.75 + 0.12;
            let water = mix(deep, sky.horizon, sheen * (0.35 + 0.65 / (1.0 + depth * 7.0)));
            let road = 1.0 / (1.0 + ((x - sun[0]) / (0.05 + depth * 0.22)).powi(4));
            let spark = step(0.5, 0.72, wave) * road;
            std::array::from_fn(|i| water[i] + sky.sun[i] * spark * 1.3)
        },
    );
    if at.dice.happens(0.75) {
        let size = at.dice.between(0.08, 0.17);
        let from = width * at.dice.between(0.1, 0.7);
        let lean = (at.moment * 9.0).sin() * 0.03;
        boat(on, [from + at.moment * 0.16, horizon + size * 0.25], size, lean, sky.land);
    }
    if at.dice.happens(0.5) {
        let along = at.dice.between(0.0, 200.0);
        let rock = dim(sky.land, 0.7);
        let side = if at.dice.happens(0.5) { -1.0 } else { 1.0 };
        let edge = width * (0.5 + side * 0.28);
        on.ridge(
            |x| {
                let out = (x - edge) * side;
                let rise = noise.fractal(x * 5.0 + along, along, 4) * 0.3 + out * 0.55 - 0.12;
                height - rise.max(-0.05)
            },
            |x, y, depth| {
                let stone = noise.fractal(x * 16.0, y * 22.0, 3);
                let edge_light = (1.0 - depth * 30.0).max(0.0) * 0.5;
                mix(dim(rock, 0.4 + stone * 1.3), sky.sun, edge_light * stone)
            },
        );
    }
}

/// A sailing boat whose waterline is at `at`.
fn boat(on: &mut Canvas, at: Point, size: f32, lean: f32, dark: Light) {
    let white = rgb(0xF4_EDE0);
    let foot = [at[0], at[1] - size * 0.1];
    let head = [at[0] + size * lean * 2.0, at[1] - size * 1.15];
    // A sail is filled row by row between the mast and its other edge.
    for (side, wide, colour) in [(1.0, 0.42, white), (-1.0, 0.34, dim(white, 0.72))] {
        let reach = size * wide;
        on.cover([foot[0] - reach * 1.5, head[1], foot[0] + reach * 1.5, foot[1]], |x, y| {
            let down = (y - head[1]) / (foot[1] - head[1]);
            let mast = head[0] + (foot[0] - head[0]) * down;
            let out = (x - mast) * side;
            let belly = reach * down * (1.25 - 0.25 * down);
            let share = step(0.0, 0.004, out) * step(0.004, 0.0, out - belly);
            (dim(colour, 0.8 + 0.3 * out / reach), share * step(0.0, 0.03, down))
        });
    }
    on.stroke(foot, head, [size * 0.02, size * 0.01], dark);
    on.cover([at[0] - size * 0.5, at[1] - size * 0.1, at[0] + size * 0.5, at[1]], |x, y| {
        let down = (y - at[1] + size * 0.1) / (size * 0.1);
        let half = size * (0.46 - 0.12 * down * down);
        (dim(dark, 0.8), step(half, half - 0.004, (x - at[0]).abs()))
    });
    for row in 0..6_u8 {
        let wide = size * (0.36 - 0.05 * f32::from(row));
        let y = at[1] + size * (0.03 + 0.05 * f32::from(row));
        on.oval([at[0], y], [wide, size * 0.012], 0.0, 0.004, |_, _| (dim(dark, 0.6), 0.5));
    }
}
