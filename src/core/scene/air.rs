//! In the air: balloons over hills, and gulls before a wide sky.

use super::Setting;
use super::canvas::Canvas;
use super::canvas::Light;
use super::canvas::Point;
use super::canvas::dim;
use super::canvas::mix;
use super::canvas::rgb;
use super::canvas::step;
use super::sky::Sky;

/// Striped balloons that rise slowly, over hazy hills.
pub fn balloons(on: &mut Canvas, at: &mut Setting) {
    let sky = Sky::of_day(&mut at.dice);
    let [width, height] = on.span();
    let horizon = height * at.dice.between(0.72, 0.82);
    let sun = [width * at.dice.between(0.05, 0.95), height * at.dice.between(0.35, 0.6)];
    sky.paint(on, &at.noise, horizon, sun, at.dice.between(0.1, 0.6));
    let noise = &at.noise;
    for layer in 0..3_u32 {
        let near = (layer + 1) as f32 / 3.0;
        let along = at.dice.between(0.0, 200.0);
        let base = horizon + (height - horizon) * (near - 0.33) * 0.8;
        let body = mix(sky.horizon, sky.land, 0.25 + 0.6 * near);
        on.ridge(
            |x| base - (noise.fractal(x * 2.0 + along, along, 4) - 0.5) * 0.17,
            |x, y, _| dim(body, 0.75 + noise.fractal(x * 22.0, y * 50.0, 3) * 0.5),
        );
    }
    let count = 3 + at.dice.below(6);
    for balloon in 0..count {
        let near = (balloon + 1) as f32 / count as f32;
        let size = 0.03 + 0.115 * near * near * at.dice.between(0.8, 1.15);
        let x = width * at.dice.between(0.08, 0.92) + at.moment * 0.03 * near;
        let y = height * at.dice.between(0.14, 0.6) - at.moment * 0.05 * near;
        let [a, b] = at
            .dice
            .pick(&[
                [0xE0_3A30, 0xF8_E8D0],
                [0xF0_A820, 0xD0_4A18],
                [0x28_60B0, 0xF4_D850],
                [0x8A_3A90, 0xF8_B0B0],
                [0x2A_9080, 0xF8_F0E0],
                [0xF8_F0E0, 0xE0_6030],
            ])
            .map(rgb);
        let haze = (1.0 - near) * 0.45;
        let left_lit = sun[0] < x;
        let colours = [mix(a, sky.horizon, haze), mix(b, sky.horizon, haze)];
        balloon_at(on, [x, y], size, colours, if left_lit { -1.0 } else { 1.0 });
    }
}

fn balloon_at(on: &mut Canvas, at: Point, size: f32, colours: [Light; 2], sunny: f32) {
    let [a, b] = colours;
    let basket = [at[0], at[1] + size * 1.75];
    for side in [-1.0, 1.0] {
        let rim = [at[0] + side * size * 0.3, at[1] + size * 1.1];
        let corner = [basket[0] + side * size * 0.11, basket[1] - size * 0.1];
        on.stroke(rim, corner, [0.0015, 0.0015], rgb(0x2A_221C));
    }
    let reach = size * 1.05;
    on.cover([at[0] - reach, at[1] - reach, at[0] + reach, at[1] + size * 1.35], |x, y| {
        let v = (y - at[1]) / size;
        // Round above, drawn in to the mouth below.
        let half = if v < 0.0 {
            (1.0 - v * v).max(0.0).sqrt()
        } else {
            (1.0 - 0.52 * v * v).max(0.0) * step(1.3, 1.26, v)
        };
        let u = (x - at[0]) / size / half.max(0.01);
        let share = step(1.0, 0.97, u.abs()) * step(0.0, 0.05, half);
        let gore = (u.clamp(-1.0, 1.0).asin() * 3.2 + 8.0).floor() as i32 % 2;
        let band = (0.15..0.32).contains(&v);
        let colour = if (gore == 0) != band { a } else { b };
        let lit = 0.72 + 0.42 * u * sunny - 0.2 * v - 0.18 * u * u;
        (dim(colour, lit.max(0.15)), share)
    });
    on.cover(
        [
            basket[0] - size * 0.13,
            basket[1] - size * 0.12,
            basket[0] + size * 0.13,
            basket[1] + size * 0.1,
        ],
        |x, y| (dim(rgb(0x6A_4424), 0.6 + 0.4 * ((x + y) * 300.0).sin().abs()), 1.0),
    );
}

/// Gulls crossing the sky, each wing beat a frame.
pub fn gulls(on: &mut Canvas, at: &mut Setting) {
    let sky = Sky::of_chance(&mut at.dice);
    let [width, height] = on.span();
    let sun = [width * at.dice.between(0.1, 0.9), height * at.dice.between(0.2, 0.8)];
    sky.paint(on, &at.noise, height * 1.05, sun, at.dice.between(0.5, 1.0));
    let count = 2 + at.dice.below(8);
    let ahead = at.dice.pick(&[-1.0, 1.0]);
    for bird in 0..count {
        let near = (bird + 1) as f32 / count as f32;
        let size = 0.03 + 0.17 * near * near * at.dice.between(0.7, 1.2);
        let from = [width * at.dice.between(0.1, 0.9), height * at.dice.between(0.15, 0.85)];
        let spot = [
            from[0] + ahead * (at.moment - 0.5) * (0.1 + 0.25 * near),
            from[1] - (at.moment - 0.5) * 0.06,
        ];
        let beat = (at.moment * 11.0 + at.dice.between(0.0, 6.3)).sin();
        let white = mix(rgb(0xF4_F2EE), sky.horizon, (1.0 - near) * 0.5);
        gull(on, spot, size, ahead, beat, white);
    }
}

/// One gull of wing length `size` that flies towards `ahead`; `beat` is -1 wings down to 1 up.
fn gull(on: &mut Canvas, at: Point, size: f32, ahead: f32, beat: f32, white: Light) {
    let (gray, tip) = (dim(white, 0.5), rgb(0x16_1618));
    let wing = |on: &mut Canvas, side: f32, colour: Light| {
        let joint = [at[0] + side * size * 0.42, at[1] - size * (0.22 + 0.2 * beat)];
        let end = [at[0] + side * size * 0.95, at[1] - size * 0.34 * beat + size * 0.05];
        let tail = [end[0] - (end[0] - joint[0]) * 0.28, end[1] - (end[1] - joint[1]) * 0.28];
        on.stroke(at, joint, [size * 0.17, size * 0.13], colour);
        on.stroke(joint, tail, [size * 0.13, size * 0.05], colour);
        on.stroke(tail, end, [size * 0.05, size * 0.008], tip);
    };
    wing(on, -ahead, gray);
    on.stroke(
        [at[0] - ahead * size * 0.26, at[1] + size * 0.05],
        [at[0] - ahead * size * 0.44, at[1] + size * 0.08],
        [size * 0.05, size * 0.1],
        white,
    );
    on.oval(at, [size * 0.34, size * 0.105], ahead * 0.08, 0.003, |_, v| {
        (dim(white, 0.95 - 0.4 * v), 1.0)
    });
    let head = [at[0] + ahead * size * 0.33, at[1] - size * 0.04];
    on.disc(head, size * 0.085, 0.003, white, 1.0);
    let bill = [head[0] + ahead * size * 0.15, head[1] + size * 0.03];
    on.stroke(head, bill, [size * 0.05, size * 0.012], rgb(0xE8_A020));
    on.disc([head[0] + ahead * size * 0.03, head[1] - size * 0.02], size * 0.014, 0.002, tip, 1.0);
    wing(on, ahead, mix(white, gray, 0.25));
}
