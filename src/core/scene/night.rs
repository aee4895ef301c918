//! Night: a city by the water, and northern lights over a snowy wood.

use super::Setting;
use super::canvas::Canvas;
use super::canvas::Light;
use super::canvas::Point;
use super::canvas::dim;
use super::canvas::mix;
use super::canvas::rgb;
use super::canvas::step;
use super::dice::Dice;

/// A skyline with lit windows, mirrored in a river.
pub fn city(on: &mut Canvas, at: &mut Setting) {
    let [width, height] = on.span();
    let shore = height * at.dice.between(0.6, 0.72);
    let above = rgb(at.dice.pick(&[0x07_0B1E, 0x10_1030, 0x0A_1A2E]));
    let glow = rgb(at.dice.pick(&[0xB0_5A3C, 0x6A_4A8C, 0x2F_6A8A, 0xD0_7A50]));
    let noise = &at.noise;
    on.repaint(|x, y, _| {
        let low = (y / shore).clamp(0.0, 1.0);
        let cloud = noise.fractal(x * 2.0, y * 5.0, 3);
        mix(above, glow, low * low * low * (0.45 + 0.5 * cloud))
    });
    let moon = [width * at.dice.between(0.15, 0.85), height * at.dice.between(0.1, 0.25)];
    on.glow(moon, 0.3, rgb(0x50_5A70));
    on.disc(moon, 0.035, 0.004, dim(rgb(0xFF_F6DC), 1.3), 1.0);
    for layer in 0..3_u32 {
        let near = (layer + 1) as f32 / 3.0;
        let wall = mix(dim(glow, 0.35), rgb(0x0A_0C16), near);
        let mut left = -0.1;
        while left < width + 0.1 {
            let wide = at.dice.between(0.05, 0.13);
            let tall = at.dice.between(0.06, 0.3) * (1.45 - 0.5 * near)
                + if at.dice.happens(0.15) { 0.18 } else { 0.0 };
            tower(on, &mut at.dice, [left, shore - tall], [left + wide, shore], wall, near);
            left += wide + at.dice.between(-0.01, 0.02);
        }
    }
    street_lights(on, &mut at.dice, width, shore);
    let drift = at.moment * 0.8;
    on.mirror(
        shore,
        |x, y| {
            let near = y - shore;
            let wave = noise.fractal(x * 14.0 + drift, 60.0 / (near + 0.12), 2) - 0.5;
            [wave * 0.07 * near.min(0.25), wave * 0.5 * near]
        },
        |_, y, light| mix(dim(light, 0.62), above, (y - shore) / (height - shore) * 0.5),
    );
}

fn street_lights(on: &mut Canvas, dice: &mut Dice, width: f32, shore: f32) {
    let mut x = 0.0;
    while x < width {
        let colour = rgb(dice.pick(&[0xFF_C070, 0xFF_E0B0, 0xFF_A050, 0xC0_E0FF]));
        on.glow([x, shore - 0.012], 0.06, dim(colour, 0.9));
        on.disc([x, shore - 0.012], 0.004, 0.003, dim(colour, 3.0), 1.0);
        x += dice.between(0.03, 0.11);
    }
}

/// One building from its upper left to its lower right corner, with its windows.
fn tower(on: &mut Canvas, dice: &mut Dice, from: Point, to: Point, wall: Light, near: f32) {
    let seed = dice.bits();
    let lamp = rgb(dice.pick(&[0xFF_C977, 0xFF_E2B0, 0xFF_B050, 0xBF_E4FF]));
    let (pitch_x, pitch_y) = (dice.between(0.009, 0.014), dice.between(0.012, 0.02));
    let lit_share = dice.between(0.15, 0.6);
    let mast = dice.happens(0.25);
    on.cover([from[0], from[1], to[0], to[1]], |x, y| {
        let (u, v) = ((x - from[0]) / pitch_x, (y - from[1]) / pitch_y);
        let in_pane = (0.25..0.8).contains(&u.fract()) && (0.3..0.75).contains(&v.fract());
        let mut light = dim(wall, 1.15 - 0.3 * u * pitch_x / (to[0] - from[0]));
        if in_pane && v > 1.0 {
            let mut window = Dice::of(seed, (u as u64) << 32 | v as u64);
            if window.happens(lit_share) {
                light = dim(lamp, window.between(0.25, 1.3) * (0.45 + 0.55 * near));
            }
        }
        (light, 1.0)
    });
    if mast {
        let x = (from[0] + to[0]) / 2.0;
        on.stroke([x, from[1]], [x, from[1] - 0.07], [0.006, 0.002], wall);
        on.glow([x, from[1] - 0.07], 0.03, rgb(0xFF_3020));
    }
}

/// Curtains of light, stars, and spruces before them.
pub fn aurora(on: &mut Canvas, at: &mut Setting) {
    let [width, height] = on.span();
    let ground = height * at.dice.between(0.74, 0.84);
    let [low, high] =
        at.dice.pick(&[[0x3C_F08A, 0x8A_4AE0], [0x50_FFB0, 0x30_60E0], [0x8A_FF70, 0xE0_4090]]);
    let (low, high) = (rgb(low), rgb(high));
    let noise = &at.noise;
    let drift = at.moment * 0.15;
    let curtains: [[f32; 2]; 2] =
        std::array::from_fn(|_| [at.dice.between(0.0, 99.0), height * at.dice.between(0.3, 0.52)]);
    on.repaint(|x, y, _| {
        let mut light = mix(rgb(0x04_0818), rgb(0x10_2A40), y / ground);
        for [along, base] in curtains {
            let foot = base + (noise.fractal(x * 1.4 + along + drift, along, 3) - 0.5) * 0.7;
            let up = foot - y;
            let folds = noise.fractal(x * 16.0 + along + drift * 4.0, y * 0.7 + along, 3);
            let rays = 0.25 + 1.1 * step(0.3, 0.75, folds);
            let ragged = 0.02 + 0.09 * noise.at(x * 23.0 + along, along);
            let body = step(-ragged, ragged, up) / (1.0 + up.max(0.0) * up.max(0.0) * 26.0);
            let colour = mix(low, high, up * 2.2);
            let strength = body * rays * 0.62;
            light = std::array::from_fn(|i| light[i] + colour[i] * strength);
        }
        light
    });
    for _ in 0..420 {
        let star = [at.dice.between(-0.1, width + 0.1), at.dice.between(-0.1, ground)];
        let bright = at.dice.unit().powi(4) * 1.6 + 0.15;
        on.disc(star, 0.0008 + 0.0012 * bright, 0.0015, dim(rgb(0xE8_F0FF), bright), 0.9);
    }
    let snow = mix(dim(low, 0.25), rgb(0x2A_3A58), 0.6);
    on.ridge(
        |x| ground - (noise.fractal(x * 2.0, 5.0, 3) - 0.5) * 0.12,
        |x, y, depth| {
            dim(snow, 0.9 + (noise.fractal(x * 9.0, y * 30.0, 3) - 0.5) * 0.6 - depth * 1.2)
        },
    );
    let count = 14 + at.dice.below(12);
    for tree in 0..count {
        let near = tree as f32 / count as f32;
        let x = at.dice.between(-0.1, width + 0.1);
        let tall = at.dice.between(0.1, 0.2) * (0.6 + near * 1.6);
        spruce(on, &mut at.dice, [x, ground + 0.03 + near * 0.2], tall, dim(rgb(0x0A_1418), 0.6));
    }
}

/// A spruce whose foot is at `at`.
pub fn spruce(on: &mut Canvas, dice: &mut Dice, at: Point, tall: f32, dark: Light) {
    on.stroke(at, [at[0], at[1] - tall], [tall * 0.05, tall * 0.008], dark);
    let whorls = 9;
    for whorl in 0..whorls {
        let down = (whorl as f32 + 0.6) / whorls as f32;
        let y = at[1] - tall + tall * 0.92 * down;
        for side in [-1.0, 1.0] {
            let reach = tall * 0.26 * down * dice.between(0.75, 1.15);
            let tip = [at[0] + side * reach, y + tall * 0.07];
            on.stroke([at[0], y - tall * 0.03], tip, [tall * 0.1 * down, tall * 0.015], dark);
        }
    }
}
