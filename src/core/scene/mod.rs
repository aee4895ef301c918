//! Photographs of places that do not exist: the pictures of the demo shoot.
//!
//! A [`Scene`] is a kind of place and a seed; the same two give the same picture, at any size, on
//! the same machine (other machines may round a sine differently in its last bit). A [`View`] is
//! one look at it: where the camera points, the moment within a burst, what went wrong.
//!
//! This file decides what is on a picture. `shoot` decides which pictures make a shoot, `disk::demo`
//! writes them, and nobody here knows a file. The cost grows with the pixels and hardly with the
//! kind: some 60 to 150 ns a pixel in a release build, so that a newcomer does not wait.

pub mod air;
pub mod canvas;
pub mod dice;
pub mod fault;
pub mod growth;
pub mod land;
pub mod near;
pub mod night;
pub mod shoot;
pub mod sky;
pub mod water;

use self::canvas::Canvas;
use self::canvas::Point;
use self::dice::Dice;
use self::dice::Noise;
use self::fault::Fault;
use super::texels::Texels;

/// What a scene shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Hills one behind the other.
    Hills,
    /// A low sun over the sea.
    Sea,
    /// A wood in fog.
    Forest,
    /// A skyline at night.
    City,
    /// A person.
    Portrait,
    /// Flowers.
    Meadow,
    /// A mountain lake.
    Lake,
    /// Balloons.
    Balloons,
    /// Dunes.
    Desert,
    /// Northern lights.
    Aurora,
    /// Fruit on a table.
    Fruit,
    /// Birds in flight.
    Gulls,
}

impl Kind {
    /// Every kind, in the order in which the first scenes of a shoot show them.
    pub const ALL: [Self; 12] = [
        Self::Hills,
        Self::Portrait,
        Self::Sea,
        Self::Meadow,
        Self::City,
        Self::Balloons,
        Self::Forest,
        Self::Lake,
        Self::Gulls,
        Self::Fruit,
        Self::Aurora,
        Self::Desert,
    ];

    /// The kind's name in `truth.json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hills => "hills",
            Self::Sea => "sea",
            Self::Forest => "forest",
            Self::City => "city",
            Self::Portrait => "portrait",
            Self::Meadow => "meadow",
            Self::Lake => "lake",
            Self::Balloons => "balloons",
            Self::Desert => "desert",
            Self::Aurora => "aurora",
            Self::Fruit => "fruit",
            Self::Gulls => "gulls",
        }
    }
}

/// A place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scene {
    /// What it shows.
    pub kind: Kind,
    /// Everything else about it.
    pub seed: u64,
}

/// One look at a scene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// How far the camera points off, in shorter sides; up to 0.05 stays on painted ground.
    pub shift: Point,
    /// How far the burst has come, 0 to 1: what moves moves with it.
    pub moment: f32,
    /// Standard deviation of the sensor's grain, of full scale.
    pub grain: f32,
    /// What went wrong, if anything.
    pub fault: Option<Fault>,
}

/// What a painter is given beside the canvas.
#[derive(Debug)]
pub struct Setting {
    /// The scene's noise.
    pub noise: Noise,
    /// The scene's chances; a painter rolls the same number of times whatever the moment.
    pub dice: Dice,
    /// See [`View::moment`].
    pub moment: f32,
}

impl Scene {
    /// The picture of `size_px`, upright.
    #[must_use]
    pub fn picture(&self, view: &View, size_px: [u32; 2]) -> Texels {
        let mut canvas = Canvas::new(size_px, view.shift);
        let mut setting = Setting {
            noise: Noise::new(self.seed),
            dice: Dice::of(self.seed, 3),
            moment: view.moment,
        };
        let paint = match self.kind {
            Kind::Hills => land::hills,
            Kind::Sea => water::sea,
            Kind::Forest => growth::forest,
            Kind::City => night::city,
            Kind::Portrait => near::portrait,
            Kind::Meadow => growth::meadow,
            Kind::Lake => land::lake,
            Kind::Balloons => air::balloons,
            Kind::Desert => land::desert,
            Kind::Aurora => night::aurora,
            Kind::Fruit => near::fruit,
            Kind::Gulls => air::gulls,
        };
        paint(&mut canvas, &mut setting);
        vignette(&mut canvas);
        let (mut exposure_ev, mut grain) = (0.0, view.grain);
        if let Some(fault) = view.fault {
            fault.blur(&mut canvas);
            exposure_ev = fault.exposure_ev();
            grain = fault.grain().unwrap_or(grain);
        }
        // Grain differs from frame to frame of a burst, or frames would be told apart too easily.
        let frame = u64::from(view.moment.to_bits()) << 32 | u64::from(view.shift[0].to_bits());
        canvas.develop(exposure_ev, grain, self.seed ^ frame)
    }
}

/// Darkens the corners as lenses do: by a fifth of a stop at 3:2.
fn vignette(on: &mut Canvas) {
    let [width, height] = on.size_px();
    let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
    let corner = 0.16 / (cx * cx + cy * cy);
    for (row, line) in on.light_mut().chunks_exact_mut(width).enumerate() {
        let dy = row as f32 - cy;
        for (column, light) in line.iter_mut().enumerate() {
            let dx = column as f32 - cx;
            *light = canvas::dim(*light, 1.0 - (dx * dx + dy * dy) * corner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [u32; 2] = [90, 60];

    fn plain() -> View {
        View { shift: [0.0, 0.0], moment: 0.0, grain: 0.0, fault: None }
    }

    /// Mean absolute difference of two pictures, in levels of 255.
    fn difference(a: &Texels, b: &Texels) -> f64 {
        let sum: u64 =
            a.bytes().iter().zip(b.bytes()).map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
        sum as f64 / a.bytes().len() as f64
    }

    #[test]
    fn the_same_seed_gives_the_same_picture() {
        for kind in Kind::ALL {
            let scene = Scene { kind, seed: 5 };
            assert!(scene.picture(&plain(), SIZE) == scene.picture(&plain(), SIZE), "{kind:?}");
        }
    }

    #[test]
    fn scenes_differ_more_than_frames_of_a_burst() {
        for kind in Kind::ALL {
            let first = Scene { kind, seed: 11 }.picture(&plain(), SIZE);
            let later = View { moment: 0.6, shift: [0.01, 0.01], ..plain() };
            let next = Scene { kind, seed: 11 }.picture(&later, SIZE);
            let other = Scene { kind, seed: 12 }.picture(&plain(), SIZE);
            let (within, across) = (difference(&first, &next), difference(&first, &other));
            assert!(within > 0.1, "nothing moves: {within} in {kind:?}");
            assert!(within < across, "{within} within, {across} across, {kind:?}");
        }
    }

    #[test]
    fn no_scene_is_black_white_or_flat() {
        for kind in Kind::ALL {
            for seed in 0..6 {
                let picture = Scene { kind, seed }.picture(&plain(), SIZE);
                let mean = picture.mean().map(f64::from).iter().sum::<f64>() / 3.0;
                assert!((20.0..235.0).contains(&mean), "mean {mean} of {kind:?} {seed}");
                let flat = Texels::filled(SIZE, [picture.mean()[0]; 4]);
                assert!(difference(&picture, &flat) > 10.0, "{kind:?} {seed}");
            }
        }
    }

    #[test]
    fn faults_show() {
        let scene = Scene { kind: Kind::Meadow, seed: 1 };
        let good = scene.picture(&plain(), SIZE);
        for fault in [
            Fault::Defocus(0.05),
            Fault::Motion(0.05, 0.3),
            Fault::Over(2.0),
            Fault::Under(2.0),
            Fault::Noise(0.1),
        ] {
            let spoilt = scene.picture(&View { fault: Some(fault), ..plain() }, SIZE);
            assert!(difference(&good, &spoilt) > 2.0, "{fault:?}");
        }
    }
}
