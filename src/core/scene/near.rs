//! From close by: a portrait before soft lights, and fruit on a table.

use super::Setting;
use super::canvas::Canvas;
use super::canvas::Light;
use super::canvas::Point;
use super::canvas::dim;
use super::canvas::mix;
use super::canvas::rgb;
use super::canvas::step;
use super::dice::Dice;

/// A person before a blurred background; the head turns and the eyes close over a burst.
pub fn portrait(on: &mut Canvas, at: &mut Setting) {
    let [width, height] = on.span();
    let [back, lamp] = at
        .dice
        .pick(&[
            [0x1C_2A30, 0xFF_C070],
            [0x4A_5A30, 0xF4_F0B0],
            [0x3A_2430, 0xFF_9080],
            [0x8A_98A0, 0xFF_FFFF],
            [0x20_3A4A, 0x80_E0E8],
        ])
        .map(rgb);
    let noise = &at.noise;
    on.repaint(|x, y, _| dim(back, 0.5 + noise.fractal(x * 1.6, y * 1.6, 2) * 1.1));
    for _ in 0..44 {
        let spot = [at.dice.between(0.0, width), at.dice.between(0.0, height * 0.85)];
        let size = at.dice.between(0.02, 0.075);
        let hue = mix(lamp, back, at.dice.between(0.0, 0.6));
        let strength = at.dice.between(0.12, 0.6);
        on.oval(spot, [size, size], 0.0, 0.006, |u, v| {
            // Out-of-focus lights are brighter at their rim.
            (hue, strength * (0.65 + 0.35 * step(0.6, 1.0, (u * u + v * v).sqrt())))
        });
    }
    let skin = rgb(at.dice.pick(&[0xF0_C8A8, 0xD8_A078, 0x8A_5638, 0xF6_D6BE, 0xB8_7C54]));
    let hair = rgb(at.dice.pick(&[0x1A_1210, 0x5A_3418, 0xC8_9850, 0x30_1C14, 0x8A_3A1C]));
    let cloth = rgb(at.dice.pick(&[0x8A_2030, 0x20_4068, 0xE8_E0D0, 0x2A_2A30, 0x3A_6A58]));
    let size = at.dice.between(0.2, 0.25);
    let middle = width * at.dice.between(0.38, 0.62);
    let face = Face {
        at: [middle + (at.moment - 0.5) * 0.03, height * at.dice.between(0.4, 0.47)],
        size,
        turn: at.dice.between(-0.3, 0.3) + (at.moment - 0.5) * 0.35,
        is_blinking: (at.moment * 5.0 + at.dice.unit()).fract() > 0.82,
        skin,
        hair,
        lips: mix(skin, rgb(at.dice.pick(&[0xB0_3040, 0xC0_5048, 0x90_3848])), 0.6),
        eyes: rgb(at.dice.pick(&[0x3A_2414, 0x3A_5A70, 0x4A_5A30])),
    };
    let is_long = at.dice.happens(0.6);
    person(on, at, &face, cloth, is_long);
}

struct Face {
    at: Point,
    /// Half of the face's height.
    size: f32,
    /// -1 looks left, 1 looks right.
    turn: f32,
    is_blinking: bool,
    skin: Light,
    hair: Light,
    lips: Light,
    eyes: Light,
}

fn person(on: &mut Canvas, at: &mut Setting, face: &Face, cloth: Light, is_long: bool) {
    let ([x, y], s) = (face.at, face.size);
    let noise = &at.noise;
    let strands = |u: f32, v: f32| {
        let lock = noise.fractal(u * 9.0 + v * 1.5, v * 1.2, 3);
        dim(face.hair, 0.45 + lock * 1.1 + 0.5 * step(0.3, -0.8, u) * step(0.1, -0.6, v))
    };
    if is_long {
        on.oval([x, y + s * 0.35], [s * 0.95, s * 1.5], 0.0, 0.01, |u, v| (strands(u, v), 1.0));
    }
    let bottom = on.span()[1] + 0.2;
    on.ridge(
        |at| {
            let u = (at - x) / (s * 1.75);
            let round = (1.0 - u * u).max(0.0).sqrt();
            if round > 0.0 { y + s * (2.75 - 1.35 * round) } else { bottom }
        },
        |at, row, _| {
            let (u, v) = ((at - x) / (s * 1.75), (row - y) / (s * 1.35) - 2.0);
            let folds = noise.fractal(u * 3.0 + 5.0, v * 5.0 + u * u * 2.0, 3);
            dim(cloth, (1.05 - 0.45 * u) * (0.6 + folds * 0.7))
        },
    );
    let under = dim(face.skin, 0.72);
    on.oval([x, y + s * 1.5], [s * 0.42, s * 0.1], 0.0, 0.01, |_, _| (dim(under, 0.8), 0.6));
    on.stroke([x, y + s * 0.6], [x, y + s * 1.42], [s * 0.68, s * 0.8], under);
    on.oval([x, y + s * 0.9], [s * 0.26, s * 0.26], 0.0, s * 0.2, |_, _| (dim(under, 0.55), 0.7));
    on.oval([x, y - s * 0.22], [s * 0.86, s * 0.98], 0.0, 0.006, |u, v| (strands(u, v), 1.0));
    on.oval([x, y], [s * 0.7, s * 0.97], 0.0, 0.005, |u, v| {
        // A lamp from the upper left, a chin that narrows, warm shade on the far side.
        let narrow = step(0.15, 1.0, v) * 0.3;
        let share =
            step(1.02 - narrow, 0.96 - narrow, u.abs() / (1.0 - 0.25 * v.max(0.0) * v.max(0.0)));
        let lit = 1.12 - 0.34 * u - 0.16 * v - 0.22 * u * u;
        let cheek = step(0.4, 0.0, ((u.abs() - 0.5).powi(2) + (v - 0.25).powi(2)).sqrt()) * 0.2;
        let light = mix(dim(face.skin, lit), dim(rgb(0xE0_7060), lit), cheek);
        (light, share.max(step(0.2, 0.0, v)))
    });
    features(on, face);
    // The fringe: a cap of hair over the forehead, parted towards the turned side.
    on.oval(
        [x - s * 0.12 * face.turn, y - s * 0.72],
        [s * 0.78, s * 0.46],
        face.turn * 0.5,
        0.006,
        |u, v| (strands(u * 0.8, v - 0.4), step(0.55, 0.35, v - u * face.turn.signum() * 0.3)),
    );
}

fn features(on: &mut Canvas, face: &Face) {
    let ([x, y], s) = (face.at, face.size);
    let look = face.turn * s * 0.28;
    let brow = dim(mix(face.hair, face.skin, 0.2), 0.8);
    for side in [-1.0, 1.0] {
        eye(on, face, [x + look + side * s * 0.28, y - s * 0.06], look);
        let arch = [x + look + side * s * 0.3, y - s * 0.25];
        bow(on, arch, s, [[-0.15, 0.03], [0.0, -0.01], [0.15, 0.03]], [0.03, 0.045, 0.025], brow);
    }
    let nose = [x + look * 1.15, y + s * 0.26];
    let ridge = [nose[0] + s * 0.05, nose[1] - s * 0.12];
    on.oval(ridge, [s * 0.05, s * 0.2], 0.0, s * 0.08, |_, _| (dim(face.skin, 0.7), 0.5));
    on.oval(nose, [s * 0.11, s * 0.05], 0.0, s * 0.06, |_, _| (dim(face.skin, 0.62), 0.6));
    let (tip, gleam) = ([nose[0] - s * 0.02, nose[1] - s * 0.07], mix(face.skin, [1.0; 3], 0.5));
    on.oval(tip, [s * 0.03, s * 0.05], 0.0, s * 0.05, |_, _| (gleam, 0.5));
    let mouth = [x + look, y + s * 0.52];
    on.oval(mouth, [s * 0.2, s * 0.065], 0.0, 0.006, |_, v| {
        (dim(face.lips, if v < 0.05 { 0.8 } else { 1.1 - 0.2 * v }), 0.9)
    });
    let gap = [mouth[0], mouth[1] - s * 0.004];
    on.oval(gap, [s * 0.18, s * 0.008], 0.0, 0.004, |_, _| (dim(face.lips, 0.35), 0.9));
}

fn eye(on: &mut Canvas, face: &Face, at: Point, look: f32) {
    let s = face.size;
    on.oval(at, [s * 0.19, s * 0.13], 0.0, s * 0.12, |_, _| (dim(face.skin, 0.62), 0.5));
    if face.is_blinking {
        let lid = dim(face.skin, 0.3);
        bow(on, at, s, [[-0.12, 0.0], [0.0, 0.03], [0.12, 0.0]], [0.015, 0.03, 0.015], lid);
        return;
    }
    on.oval(at, [s * 0.125, s * 0.062], 0.0, 0.003, |_, _| (rgb(0xE8_E4DC), 1.0));
    let iris = [at[0] + look * 0.2, at[1] - s * 0.004];
    on.oval(iris, [s * 0.058, s * 0.06], 0.0, 0.003, |_, v| (dim(face.eyes, 0.8 + v * 0.5), 1.0));
    on.disc(iris, s * 0.026, 0.002, [0.0; 3], 1.0);
    on.disc([iris[0] - s * 0.02, iris[1] - s * 0.025], s * 0.013, 0.002, [1.5; 3], 1.0);
    let lash = dim(face.hair, 0.3);
    bow(on, at, s, [[-0.13, -0.01], [0.0, -0.07], [0.13, -0.01]], [0.02, 0.03, 0.02], lash);
}

/// A line through three points around `at`; points and widths are in units of `size`.
fn bow(on: &mut Canvas, at: Point, size: f32, points: [Point; 3], widths: [f32; 3], light: Light) {
    let [a, b, c] = points.map(|p| [at[0] + p[0] * size, at[1] + p[1] * size]);
    let [first, middle, last] = widths.map(|width| width * size);
    on.stroke(a, b, [first, middle], light);
    on.stroke(b, c, [middle, last], light);
}

/// Round fruit on a table, lit from a window on the left.
pub fn fruit(on: &mut Canvas, at: &mut Setting) {
    let [width, height] = on.span();
    let table = height * at.dice.between(0.5, 0.6);
    let wall = rgb(at.dice.pick(&[0x4A_5A60, 0x2A_2622, 0x8A_7A68, 0x3A_4A3A, 0xB8_B4AA]));
    let wood = rgb(at.dice.pick(&[0x8A_5A30, 0x5A_3820, 0xC8_A880, 0x70_5848]));
    let noise = &at.noise;
    on.repaint(|x, y, _| {
        let window = 1.25 - 0.5 * (x / width) - 0.2 * (y / height);
        dim(wall, window * (0.85 + 0.3 * noise.fractal(x * 2.0, y * 2.0, 3)))
    });
    on.ridge(
        |_| table,
        |x, _, depth| {
            let far = 0.5 / (depth + 0.35);
            let ring = noise.fractal((x - width / 2.0) * far * 2.5 + 30.0, depth * 34.0, 3);
            let plank = step(0.02, 0.0, (depth * far * 6.0).fract());
            dim(wood, (0.55 + ring * 0.8) * (1.1 - 0.3 * x / width) * (1.0 - 0.5 * plank))
        },
    );
    let count = 3 + at.dice.below(5);
    for piece in 0..count {
        let near = (piece + 1) as f32 / count as f32;
        let radius = at.dice.between(0.085, 0.135) * (0.75 + 0.35 * near);
        let x = width * at.dice.between(0.15, 0.85) + at.moment * 0.05 * at.dice.between(0.0, 1.0);
        let foot = table + (height - table) * (0.1 + 0.55 * near);
        let [skin, edge] = at
            .dice
            .pick(&[
                [0xF0_8A18, 0xC0_4A08],
                [0xC8_2020, 0x6A_0C18],
                [0xA8_C038, 0x5A_7A18],
                [0xF0_D040, 0xC0_9018],
                [0x5A_2A60, 0x28_1038],
                [0xF0_A080, 0xD0_5040],
            ])
            .map(rgb);
        ball(on, &mut at.dice, [x, foot - radius * 0.9], radius, [skin, edge]);
    }
}

fn ball(on: &mut Canvas, dice: &mut Dice, at: Point, radius: f32, colours: [Light; 2]) {
    let [skin, edge] = colours;
    let shadow = [at[0] + radius * 0.7, at[1] + radius * 0.82];
    on.oval(shadow, [radius * 1.35, radius * 0.3], 0.0, radius * 0.5, |_, _| ([0.01; 3], 0.7));
    let speckle = dice.bits();
    on.oval(at, [radius, radius * 0.94], 0.0, 0.003, |u, v| {
        // The height of a ball over its disc gives its normal; the window is upper left, in front.
        let out = (1.0 - u * u - v * v).max(0.0).sqrt();
        let lit = (-0.55 * u - 0.5 * v + 0.67 * out).max(0.0);
        let gleam = step(0.955, 1.0, -0.46 * u - 0.48 * v + 0.75 * out) * 0.75;
        let cell = ((u * 60.0) as i64 as u64) << 32 ^ (v * 60.0) as i64 as u64;
        let pore = Dice::of(speckle, cell).unit() * 0.08;
        let back = 0.06 * step(0.6, 1.0, u + v);
        let body = dim(mix(edge, skin, lit + 0.1), 0.12 + lit * (0.95 - pore) + back);
        (mix(body, [1.2; 3], gleam), 1.0)
    });
    let stalk = [at[0] - radius * 0.05, at[1] - radius * 0.8];
    on.oval(stalk, [radius * 0.16, radius * 0.06], 0.0, radius * 0.08, |_, _| {
        (dim(edge, 0.4), 0.7)
    });
    let tip = [stalk[0] + radius * dice.between(-0.12, 0.18), stalk[1] - radius * 0.28];
    on.stroke(stalk, tip, [radius * 0.06, radius * 0.045], rgb(0x3A_2A14));
}
