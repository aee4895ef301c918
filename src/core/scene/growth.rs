//! What grows: a wood in fog, and a meadow with its flowers seen from close by.

use super::Setting;
use super::canvas::Canvas;
use super::canvas::Light;
use super::canvas::Point;
use super::canvas::dim;
use super::canvas::mix;
use super::canvas::rgb;
use super::canvas::step;
use super::dice::Dice;
use super::dice::Noise;

/// Trunks in fog, from the far pale ones to the near dark ones, under leaves.
pub fn forest(on: &mut Canvas, at: &mut Setting) {
    let [width, height] = on.span();
    let [fog, leaf, floor] = at
        .dice
        .pick(&[
            [0xDC_E8D0, 0x4F_7A2E, 0x3A_4A24],
            [0xF6_DDB0, 0xD0_7A20, 0x7A_4A20],
            [0xC4_D4DC, 0x2E_5A50, 0x28_3A34],
            [0xF4_E4C8, 0xA8_A030, 0x5A_5028],
        ])
        .map(rgb);
    let light_x = width * at.dice.between(0.2, 0.8);
    let noise = &at.noise;
    on.repaint(|x, y, _| {
        let far = (x - light_x) * (x - light_x) * 1.4 + (y - 0.3) * (y - 0.3);
        let leaves = noise.fractal(x * 7.0, y * 7.0, 4);
        let ray = noise.at((x - light_x) * 9.0 / (y + 0.35) + 40.0, 3.5);
        let light = mix(fog, leaf, step(0.42, 0.66, leaves) * (0.25 + far * 0.5).min(0.75));
        dim(light, 0.72 + 0.5 / (1.0 + far * 5.0) + 0.22 * step(0.5, 0.9, ray))
    });
    for layer in 0..4_u32 {
        let near = (layer + 1) as f32 / 4.0;
        let ground = height * (0.66 + 0.09 * near * near * 2.0);
        let along = at.dice.between(0.0, 200.0);
        let soil = mix(fog, floor, 0.25 + near * 0.7);
        on.ridge(
            |x| ground - (noise.fractal(x * 2.5 + along, along, 4) - 0.5) * 0.12,
            |x, y, depth| {
                let litter = noise.fractal(x * 30.0, y * 60.0, 3);
                let light = mix(soil, leaf, step(0.5, 0.7, litter) * 0.6 * near);
                dim(light, 0.75 + litter * 0.6 - depth * 0.5)
            },
        );
        let bark = mix(fog, rgb(0x1C_1612), (near * 0.95).powf(0.7));
        for _ in 0..(13 - layer * 3) {
            let x = at.dice.between(-0.1, width + 0.1);
            let thick = at.dice.between(0.5, 1.2) * (0.012 + 0.055 * near * near);
            let lean = at.dice.between(-0.04, 0.04);
            trunk(on, noise, &mut at.dice, [x, ground + 0.04 * near], Stem { lean, thick, bark });
        }
        for _ in 0..40 {
            let spot = [at.dice.between(-0.1, width + 0.1), at.dice.between(-0.1, 0.3)];
            let size = at.dice.between(0.008, 0.02) * (0.5 + near);
            let hue = dim(mix(fog, leaf, near), at.dice.between(0.6, 1.2));
            on.oval(spot, [size, size * 0.6], at.dice.between(0.0, 3.0), 0.004, |_, _| (hue, 0.75));
        }
    }
}

/// How a trunk grows: its lean at a height of one, its width and its colour.
#[derive(Clone, Copy)]
struct Stem {
    lean: f32,
    thick: f32,
    bark: Light,
}

fn trunk(on: &mut Canvas, noise: &Noise, dice: &mut Dice, foot: Point, stem: Stem) {
    let Stem { lean, thick, bark } = stem;
    let edge = on.pixel().max(thick * 0.06);
    let reach = thick + lean.abs() + 0.02;
    on.cover([foot[0] - reach, -0.2, foot[0] + reach, foot[1]], |x, y| {
        let up = foot[1] - y;
        let bend = (noise.at(y * 2.0, foot[0] * 9.0) - 0.5) * 0.02;
        let half = thick * (0.5 - 0.14 * up) + 0.25 * thick / (1.0 + up * 40.0);
        let u = (x - foot[0] - lean * up - bend) / half;
        let share = step(half + edge, half - edge, u.abs() * half);
        let rough = noise.fractal(x * 120.0, y * 16.0, 2);
        (dim(bark, (0.65 + rough * 0.9) * (1.1 - 0.45 * u.abs() * u.abs() - 0.2 * u)), share)
    });
    for _ in 0..3 {
        let from = [foot[0] + lean * 0.5, foot[1] - dice.between(0.35, 0.8)];
        let side = dice.pick(&[-1.0, 1.0]);
        let to = [from[0] + side * dice.between(0.05, 0.16), from[1] - dice.between(0.03, 0.12)];
        on.stroke(from, to, [thick * 0.2, thick * 0.04], bark);
    }
}

/// Flowers in the light, a soft meadow behind them; the wind moves them.
pub fn meadow(on: &mut Canvas, at: &mut Setting) {
    let [width, height] = on.span();
    let [far, green] = at
        .dice
        .pick(&[[0xBC_D8E8, 0x4E_7E2A], [0xF6_DCA8, 0x6A_7A24], [0x2E_4A36, 0x1E_3A1C]])
        .map(rgb);
    let [petal, heart] = at
        .dice
        .pick(&[
            [0xE0_3A22, 0x20_1418],
            [0xF8_F6F0, 0xF2_B820],
            [0xC8_5AD0, 0xF0_D060],
            [0x5A_78E8, 0xF8_F0D0],
            [0xF8_B0C8, 0xE8_D048],
            [0xFA_C020, 0x5A_3010],
        ])
        .map(rgb);
    let noise = &at.noise;
    on.repaint(|x, y, _| {
        let low = step(0.1, 0.85, y / height + (noise.at(x * 2.0, y * 2.0) - 0.5) * 0.4);
        dim(mix(far, green, low), 0.75 + 0.5 * noise.fractal(x * 1.5, y * 1.5, 2))
    });
    for _ in 0..46 {
        let spot = [at.dice.between(-0.1, width + 0.1), at.dice.between(-0.1, height)];
        let hue = mix(at.dice.pick(&[petal, far, green, far]), rgb(0xFF_FFF0), 0.25);
        let (size, strength) = (at.dice.between(0.02, 0.085), at.dice.between(0.08, 0.4));
        on.disc(spot, size, size * 0.25, hue, strength);
    }
    for _ in 0..110 {
        let x = at.dice.between(-0.1, width + 0.1);
        let sway = at.dice.between(-0.1, 0.1) + (at.moment * 7.0 + x * 4.0).sin() * 0.015;
        let tall = at.dice.between(0.15, 0.42);
        let blade = dim(green, at.dice.between(0.35, 1.25));
        let middle = [x + sway * 0.35, height - tall * 0.55];
        on.stroke([x, height + 0.02], middle, [0.009, 0.006], blade);
        on.stroke(middle, [x + sway, height - tall], [0.006, 0.001], blade);
    }
    let count = 4 + at.dice.below(6);
    for flower in 0..count {
        let near = 0.45 + 0.55 * (flower + 1) as f32 / count as f32;
        let x = width * at.dice.between(0.08, 0.92);
        let y = height * (0.85 - at.dice.between(0.15, 0.62) * near);
        let sway = (at.moment * 7.0 + x * 4.0).sin() * 0.02;
        let stem = dim(green, 0.75);
        on.stroke([x, height + 0.05], [x + sway, y], [0.012 * near, 0.008 * near], stem);
        let size = at.dice.between(0.075, 0.13) * near;
        bloom(on, &mut at.dice, [x + sway, y], size, [petal, heart], near);
    }
}

fn bloom(on: &mut Canvas, dice: &mut Dice, at: Point, size: f32, colours: [Light; 2], near: f32) {
    let [petal, heart] = colours;
    let soft = 0.002 + 0.03 * (1.0 - near);
    let tilt = dice.between(0.62, 0.95);
    let start = dice.between(0.0, 1.0);
    let petals = dice.pick(&[6_u8, 8, 13]);
    let wide = 2.1 / f32::from(petals);
    // Two rounds: the ones behind are darker and lie between those in front.
    for round in 0..2_u8 {
        for p in 0..petals {
            let turn = (f32::from(p) + f32::from(round) * 0.5) / f32::from(petals);
            let angle = start + turn * std::f32::consts::TAU;
            let (sin, cos) = angle.sin_cos();
            let out = [at[0] + cos * size * 0.55, at[1] + sin * size * 0.55 * tilt];
            let shade = dice.between(0.8, 1.1) * if round == 0 { 0.62 } else { 1.0 };
            let lean = (sin * tilt).atan2(cos);
            on.oval(out, [size * 0.5, size * wide * 0.5], lean, soft, |u, v| {
                let fold = 1.0 - 0.25 * v.abs() - 0.3 * step(-0.2, -1.0, u);
                (dim(petal, shade * fold * (1.1 - 0.2 * sin)), 0.97)
            });
        }
    }
    on.oval(at, [size * 0.26, size * 0.26 * tilt], 0.0, soft, |u, v| {
        (dim(heart, 1.15 - 0.5 * (u * 0.5 + v + 0.2)), 1.0)
    });
}
