//! The sky over a scene: its colours by the hour, its sun and its clouds.
//!
//! A [`Sky`] is also where the land under it takes its haze and its shade from, so that a picture
//! hangs together. Heights and lengths as in `canvas`.

use super::canvas::Canvas;
use super::canvas::Light;
use super::canvas::Point;
use super::canvas::dim;
use super::canvas::mix;
use super::canvas::rgb;
use super::canvas::step;
use super::dice::Dice;
use super::dice::Noise;

/// The colours of an hour.
#[derive(Debug, Clone, Copy)]
pub struct Sky {
    /// Straight above.
    pub zenith: Light,
    /// At the horizon, and the haze before far things.
    pub horizon: Light,
    /// The sun and its glow.
    pub sun: Light,
    /// The lit side of clouds.
    pub cloud: Light,
    /// What the nearest land fades to.
    pub land: Light,
}

/// Dawn, day, the golden hour, dusk, mist, a storm going, a violet evening, high summer.
const HOURS: [[u32; 5]; 8] = [
    [0x5C_7FB0, 0xF9_C9A5, 0xFF_F1D0, 0xF7_B7A8, 0x2B_2D42],
    [0x2C_6BB2, 0xBF_DCF0, 0xFF_FBE8, 0xFF_FFFF, 0x33_5230],
    [0x45_6A9C, 0xFF_B85C, 0xFF_E0A0, 0xFF_A878, 0x3A_2C1F],
    [0x1F_2350, 0xE8_607A, 0xFF_C6A0, 0x9A_568A, 0x14_122A],
    [0x9F_B2BD, 0xE3_E8E8, 0xFF_FFFF, 0xF0_F3F4, 0x34_4444],
    [0x2B_3846, 0xA9_B1AE, 0xFF_F4D8, 0x5A_6670, 0x1E_281F],
    [0x35_2463, 0xFF_9E8A, 0xFF_DAB0, 0xC0_6C9C, 0x22_1633],
    [0x1B_5FA8, 0xA6_D8E8, 0xFF_FDF0, 0xFF_FFFF, 0x2E_4B28],
];

impl Sky {
    /// The sky of some hour.
    pub fn of_chance(dice: &mut Dice) -> Self {
        Self::of(dice.pick(&HOURS))
    }

    /// The sky of an hour with a low sun.
    pub fn of_evening(dice: &mut Dice) -> Self {
        Self::of(dice.pick(&[HOURS[0], HOURS[2], HOURS[3], HOURS[6]]))
    }

    /// The sky of a bright hour.
    pub fn of_day(dice: &mut Dice) -> Self {
        Self::of(dice.pick(&[HOURS[0], HOURS[1], HOURS[2], HOURS[7]]))
    }

    fn of(hour: [u32; 5]) -> Self {
        let [zenith, horizon, sun, cloud, land] = hour.map(rgb);
        Self { zenith, horizon, sun, cloud, land }
    }

    /// Paints the whole canvas with this sky: `horizon` is its height, `clouds` their share, 0 to 1.
    pub fn paint(&self, on: &mut Canvas, noise: &Noise, horizon: f32, sun: Point, clouds: f32) {
        let sky = *self;
        let thin = 0.72 - clouds * 0.3;
        on.repaint(|x, y, _| {
            let height = (y / horizon).clamp(0.0, 1.0);
            let mut light = mix(sky.zenith, sky.horizon, height * height * (2.0 - height));
            let (dx, dy) = (x - sun[0], y - sun[1]);
            let far = dx * dx + dy * dy;
            // Two haloes, wide and narrow; a quotient falls off like a glow and is cheap.
            let halo = 0.30 / (1.0 + far * 14.0) + 0.55 / (1.0 + far * 220.0);
            light = std::array::from_fn(|i| light[i] + sky.sun[i] * halo * 0.8);
            // Clouds lie flatter the nearer they are to the horizon.
            let flat = 3.0 + 9.0 * height;
            let cloud = noise.fractal(x * 2.1 + 7.0, y * flat * 0.7 + 3.0, 4);
            let share = step(thin - 0.08, thin + 0.16, cloud);
            if share <= 0.0 {
                return light;
            }
            let lit = 1.15 - 0.75 * step(thin, thin + 0.25, cloud) * (0.6 + halo);
            mix(light, dim(sky.cloud, lit), share * 0.85)
        });
        on.disc(sun, 0.028, 0.02, dim(sky.sun, 3.0), 1.0);
    }
}
