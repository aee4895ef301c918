//! Which pictures make a shoot: scenes, bursts, sessions, two bodies, faults, and the settings that
//! the cameras would have written.
//!
//! Everything follows from the number of photos and the seed, so that a shoot can be made again and
//! its truth is known before a pixel is drawn. What is laid down on purpose, not left to chance:
//! all twelve kinds come first, and all eight orientations are there from the tenth burst on
//! (`every_orientation_and_every_fault_occur`).
//!
//! Times keep to the grouping of the light table: frames of a burst are less than 15 seconds apart,
//! bursts more, and sessions more than 10 minutes.

use super::Kind;
use super::Scene;
use super::View;
use super::dice::Dice;
use super::fault::Fault;
use crate::core::photo::Timestamp;

/// One photo of the shoot.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// The place.
    pub scene: Scene,
    /// The look at it.
    pub view: View,
    /// EXIF orientation, 1 to 8.
    pub orientation: u8,
    /// Which of the two bodies, 0 or 1.
    pub body: u8,
    /// Number of the session, from 0.
    pub session: u32,
    /// Number of the burst, from 0; a photo alone is a burst of one.
    pub burst: u32,
    /// Photos in the burst.
    pub burst_len: u32,
    /// Whether this is the frame of its burst to keep.
    pub is_best: bool,
    /// When it was taken.
    pub captured: Timestamp,
    /// What the camera was set to.
    pub exposure: Exposure,
}

/// What a camera was set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure {
    /// Exposure time in seconds: numerator, denominator.
    pub seconds: [u32; 2],
    /// Ten times the f-number.
    pub f_tenths: u32,
    /// ISO speed.
    pub iso: u32,
    /// Focal length in millimetres.
    pub focal_mm: u32,
    /// Whether the flash fired.
    pub flash_fired: bool,
}

impl Shot {
    /// Whether the photo stands upright on its short side.
    #[must_use]
    pub const fn is_tall(&self) -> bool {
        self.orientation >= 5
    }

    /// Whether a sensible photographer keeps it: the best of its burst, with nothing wrong.
    #[must_use]
    pub const fn is_keeper(&self) -> bool {
        self.is_best && self.view.fault.is_none()
    }
}

/// Orientations of the first bursts. Cameras write 1, 6 and 8, now and then 3; the mirrored ones
/// come from scanners and telephones, and are here so that they are seen.
const FIRST_TURNS: [u8; 10] = [1, 6, 1, 8, 3, 1, 5, 2, 4, 7];

/// How many frames a burst has, as often as it stands here.
const BURST_LENGTHS: [u32; 10] = [1, 1, 1, 2, 3, 3, 4, 5, 6, 8];

/// The shoot of `photos` photos that `seed` gives, in the order of capture.
#[must_use]
pub fn plan(photos: u32, seed: u64) -> Vec<Shot> {
    let mut dice = Dice::of(seed, 4);
    let mut shots = Vec::with_capacity(photos as usize);
    let start = Timestamp::from_civil([2026, 5, 3], [5, 42, 10], 0).unwrap_or(Timestamp(0));
    let mut clock = start.plus_seconds(i64::from(dice.below(1800)));
    let (mut burst, mut session) = (0, 0);
    while let Some(left) = photos.checked_sub(shots.len() as u32).filter(|&left| left > 0) {
        // The first ten bursts are short, so that a small shoot has all orientations too.
        let wanted = dice.pick(&BURST_LENGTHS);
        let count = if burst < 10 { wanted.min(3) } else { wanted }.min(left);
        let place = Burst { number: burst, session, count, seed, at: clock };
        let frames = place.shots(&mut dice);
        clock = frames.last().map_or(clock, |shot| shot.captured);
        shots.extend(frames);
        burst += 1;
        if dice.happens(0.12) {
            session += 1;
            clock = clock.plus_seconds(1200 + i64::from(dice.below(6000)));
        } else {
            clock = clock.plus_seconds(20 + i64::from(dice.below(200)));
        }
    }
    shots
}

/// What the frames of a burst share.
struct Burst {
    number: u32,
    session: u32,
    count: u32,
    seed: u64,
    at: Timestamp,
}

impl Burst {
    fn shots(&self, dice: &mut Dice) -> Vec<Shot> {
        let number = self.number as usize;
        let kind = Kind::ALL.get(number).copied().unwrap_or_else(|| dice.pick(&Kind::ALL));
        let scene = Scene { kind, seed: Dice::of(self.seed, u64::from(self.number) + 100).bits() };
        let chance = dice.pick(&[1, 1, 1, 1, 1, 6, 6, 8]);
        let orientation = FIRST_TURNS.get(number).copied().unwrap_or(chance);
        let body = u8::from(dice.happens(0.35));
        let light = exposure(kind, dice);
        let faults: Vec<Option<Fault>> = (0..self.count).map(|_| fault(dice)).collect();
        let best = best_of(&faults, dice);
        let mut captured = self.at;
        let mut aim = [0.0, 0.0];
        let mut shots = Vec::with_capacity(faults.len());
        for (frame, fault) in (0..self.count).zip(faults) {
            if frame > 0 {
                captured.0 += 120_000 + i64::from(dice.below(250)) * 10_000;
                // The hand drifts; it does not jump.
                aim = aim.map(|v: f32| (v + dice.between(-0.012, 0.012)).clamp(-0.04, 0.04));
            }
            let grain = 0.004 + 0.0004 * (light.iso as f32).sqrt();
            let moment = (frame as f32 + 0.3) / self.count as f32;
            shots.push(Shot {
                scene,
                view: View { shift: aim, moment, grain, fault },
                orientation,
                body,
                session: self.session,
                burst: self.number,
                burst_len: self.count,
                is_best: frame == best,
                captured,
                exposure: light.spoilt(fault),
            });
        }
        shots
    }
}

/// One of the frames without a fault, or of all where each has one.
fn best_of(faults: &[Option<Fault>], dice: &mut Dice) -> u32 {
    let good: Vec<u32> = (0..).zip(faults).filter(|(_, f)| f.is_none()).map(|(i, _)| i).collect();
    match good.len() {
        0 => dice.below(faults.len() as u32),
        count => good[dice.below(count as u32) as usize],
    }
}

/// What goes wrong with one frame in four.
fn fault(dice: &mut Dice) -> Option<Fault> {
    if !dice.happens(0.25) {
        return None;
    }
    Some(match dice.below(8) {
        0..=2 => Fault::Defocus(dice.between(0.008, 0.03)),
        3..=4 => Fault::Motion(dice.between(0.02, 0.07), dice.between(-0.8, 0.8)),
        5 => Fault::Over(dice.between(1.4, 2.4)),
        6 => Fault::Under(dice.between(1.8, 3.0)),
        _ => Fault::Noise(dice.between(0.06, 0.11)),
    })
}

/// Settings that suit what is photographed.
fn exposure(kind: Kind, dice: &mut Dice) -> Exposure {
    let (denominators, f_tenths, iso, focal_mm) = match kind {
        Kind::Hills | Kind::Lake | Kind::Desert => {
            ([125, 200, 320], [80, 110], [64, 100], [24, 35])
        }
        Kind::Sea | Kind::Balloons => ([200, 400, 640], [56, 80], [100, 200], [50, 70]),
        Kind::City => ([15, 30, 60], [28, 40], [800, 3200], [24, 50]),
        Kind::Aurora => ([2, 4, 5], [14, 28], [1600, 6400], [14, 20]),
        Kind::Forest | Kind::Fruit => ([60, 80, 125], [28, 56], [200, 800], [35, 50]),
        Kind::Portrait | Kind::Meadow => ([160, 250, 500], [14, 18], [100, 400], [85, 105]),
        Kind::Gulls => ([1000, 2000, 4000], [40, 56], [400, 1600], [400, 600]),
    };
    Exposure {
        seconds: [1, dice.pick(&denominators)],
        f_tenths: dice.pick(&f_tenths),
        iso: dice.pick(&iso),
        focal_mm: dice.pick(&focal_mm),
        flash_fired: kind == Kind::Portrait && dice.happens(0.3),
    }
}

impl Exposure {
    /// The settings that led to a fault: too slow for the hand, too long, too short, too sensitive.
    fn spoilt(self, fault: Option<Fault>) -> Self {
        let [one, of] = self.seconds;
        match fault {
            Some(Fault::Motion(..)) => Self { seconds: [1, (of / 8).max(2)], ..self },
            Some(Fault::Over(_)) => Self { seconds: [one, (of / 4).max(1)], ..self },
            Some(Fault::Under(_)) => Self { seconds: [one, of * 5], ..self },
            Some(Fault::Noise(_)) => Self { iso: 25_600, ..self },
            Some(Fault::Defocus(_)) | None => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shoot_has_as_many_photos_as_asked() {
        for photos in [0, 1, 7, 240, 1000] {
            assert_eq!(plan(photos, 3).len(), photos as usize);
        }
    }

    #[test]
    fn every_orientation_and_every_fault_occur() {
        for seed in 0..20 {
            let shots = plan(240, seed);
            for orientation in 1..=8 {
                let count = shots.iter().take(40).filter(|s| s.orientation == orientation).count();
                assert!(count > 0, "no orientation {orientation} with seed {seed}");
            }
            for name in ["defocus", "motion", "over", "under", "noise"] {
                let is_there = |s: &Shot| s.view.fault.is_some_and(|f| f.name() == name);
                assert!(shots.iter().any(is_there), "no {name} with seed {seed}");
            }
        }
    }

    #[test]
    fn times_part_bursts_and_sessions() {
        let shots = plan(1000, 8);
        for pair in shots.windows(2) {
            let gap = (pair[1].captured.0 - pair[0].captured.0) / Timestamp::SECOND;
            let expect = match () {
                () if pair[0].burst == pair[1].burst => 0..15,
                () if pair[0].session == pair[1].session => 16..600,
                () => 601..10_000,
            };
            assert!(expect.contains(&gap), "{gap} s is not in {expect:?}");
        }
        assert!(shots.iter().any(|s| s.body == 0) && shots.iter().any(|s| s.body == 1));
    }

    #[test]
    fn each_burst_has_one_best_frame() {
        let shots = plan(500, 2);
        let bursts = shots.last().map_or(0, |s| s.burst + 1);
        assert_eq!(shots.iter().filter(|s| s.is_best).count(), bursts as usize);
    }
}
