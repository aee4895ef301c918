//! What a profile means: its way to the working space, as a formula, as a table, as bytes.
//!
//! The formula follows matrix and curves where a profile has those, and leads beyond the working
//! space's borders unbroken. Tables (A2B) go through moxcms to ProPhoto RGB, which holds what they
//! give, and on from there.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;

use moxcms::ColorProfile;
use moxcms::DataColorSpace;
use moxcms::Layout;
use moxcms::ParsingOptions;
use moxcms::ProfileText;
use moxcms::ToneCurveEvaluator;
use moxcms::ToneReprCurve;
use moxcms::TransformF32Executor;
use moxcms::TransformOptions;

use super::Tiles;
use crate::core::colour::Lattice;
use crate::core::colour::Matrix;
use crate::core::colour::WORKING_FROM_SRGB;
use crate::core::colour::applied;
use crate::core::colour::encoded_of;
use crate::core::colour::light_of;

/// Two spaces are one when they are no further apart than this many byte steps.
const SAME_STEPS: f32 = 1.0;

/// How far a table may be off in byte steps, at most, before pictures are converted on the pool
/// instead; on average a table is off by a tenth of that (`tests/colour`).
const NEAR_STEPS: f32 = 1.5;

/// The same for a mixture of black and white, which the device makes by sRGB's curve: with Adobe RGB's
/// it is off by 1.4, with ProPhoto's by 11.
const MIXED_STEPS: f32 = 3.0;

/// What is read at most: an RGB table of 33 corners has 110,000 numbers.
const LIMITS: ParsingOptions = ParsingOptions {
    max_profile_size: 5 << 20,
    max_allowed_clut_size: 2_000_000,
    max_allowed_trc_size: 40_000,
};

/// What a profile turned out to be.
pub(super) enum Read {
    Srgb,
    Working,
    Other {
        tiles: Tiles,
        table: Lattice,
        /// Whether the table serves the loupe.
        is_near: bool,
    },
}

/// How colours are converted everywhere: the curves that are in the profile, not those that a
/// number in it names.
pub(super) fn options() -> TransformOptions {
    TransformOptions { allow_use_cicp_transfer: false, ..TransformOptions::default() }
}

/// Runs `work` of the library's on bytes that anybody may have written.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("it is damaged".to_owned()))
}

/// A profile and its name; `is_grey` says what the picture has that it is for.
///
/// # Errors
/// Why it cannot be used, in the person's words.
pub(super) fn parsed(bytes: &[u8], is_grey: bool) -> Result<(ColorProfile, Box<str>), String> {
    // The colour space stands in the header (ICC.1:2022, 7.2.8): a printer's tables are not read.
    match (bytes.get(16..20), is_grey) {
        (Some(b"RGB "), _) | (Some(b"GRAY"), true) => {}
        (Some(b"GRAY"), false) => return Err("it is for grey pictures".to_owned()),
        (Some(_), _) => return Err("it is for neither RGB nor grey".to_owned()),
        (None, _) => return Err("it is cut off".to_owned()),
    }
    let read = || {
        ColorProfile::new_from_slice_with_options(bytes, LIMITS)
            .map_err(|_| "it is damaged".to_owned())
    };
    let profile = guarded(read)?;
    let name = name(&profile).unwrap_or_else(|| "a profile without a name".to_owned());
    Ok((profile, name.into()))
}

/// A profile's way to the working space.
///
/// # Errors
/// Why there is none, in the person's words.
pub(super) fn read(profile: &ColorProfile, key: u64, is_grey: bool) -> Result<Read, String> {
    guarded(|| {
        let formula = Formula::of(profile)?;
        let samples: Vec<_> = samples(is_grey).map(|at| (at, formula.at(at))).collect();
        if samples.iter().any(|(_, found)| !found.iter().all(|v| v.is_finite())) {
            return Err("its numbers cannot be".to_owned());
        }
        let off = |other: &dyn Fn([f32; 3]) -> [f32; 3]| {
            let off = samples.iter().map(|(at, found)| steps_between(*found, other(*at)));
            off.fold(0.0, f32::max)
        };
        if off(&working_of_srgb) <= SAME_STEPS {
            return Ok(Read::Srgb);
        }
        if off(&|colour| colour.map(light_of)) <= SAME_STEPS {
            return Ok(Read::Working);
        }
        let table = formula.table(key);
        let is_near = off(&|colour| table.at(colour)) <= NEAR_STEPS;
        let mixed_off = steps_between(formula.half_light(), table.at([encoded_of(0.5); 3]));
        let is_near = is_near && mixed_off <= MIXED_STEPS;
        Ok(Read::Other { tiles: tiles(profile)?, table, is_near })
    })
}

/// Colours between the corners of a table, where it is furthest off, and all around them. The dark
/// ones lie closer: curves are steep there.
fn samples(is_grey: bool) -> impl Iterator<Item = [f32; 3]> {
    const BYTES: [u8; 15] = [0, 2, 4, 12, 20, 36, 52, 76, 100, 132, 164, 188, 212, 244, 255];
    let all = || BYTES.into_iter().map(|byte| f32::from(byte) / 255.0);
    all().flat_map(move |r| {
        all().flat_map(move |g| all().map(move |b| if is_grey { [r; 3] } else { [r, g, b] }))
    })
}

/// How far the light of two colours is apart within the working space, in steps of encoded bytes.
fn steps_between(a: [f32; 3], b: [f32; 3]) -> f32 {
    let encoded = |light: f32| encoded_of(light.clamp(0.0, 1.0));
    let off = a.iter().zip(b).map(|(a, b)| (encoded(*a) - encoded(b)).abs());

    off.fold(0.0, f32::max) * 255.0
}

fn working_of_srgb(colour: [f32; 3]) -> [f32; 3] {
    applied(&WORKING_FROM_SRGB, colour.map(light_of))
}

pub(super) type Curve = Box<dyn ToneCurveEvaluator + Send + Sync>;

/// A curve's value, mirrored below zero. The library's powers of zero and less are no numbers that
/// make sense, so that nothing under a millionth of a byte step is asked for.
pub(super) fn evaluated(curve: &Curve, value: f32) -> f32 {
    curve.evaluate_value(value.abs().max(1e-9)).copysign(value)
}

/// From a profile's numbers to light of the working space, which may lie beyond 0 to 1.
pub(super) enum Formula {
    /// Curves, then a matrix.
    Shaper { curves: Box<[Curve; 3]>, matrix: Matrix },
    /// A curve of grey.
    Grey(Curve),
    /// Tables: to ProPhoto RGB by the library, and on from there.
    Tables { through: Arc<TransformF32Executor>, curve: Curve, matrix: Matrix },
}

impl Formula {
    fn of(profile: &ColorProfile) -> Result<Self, String> {
        let working = ColorProfile::new_display_p3();
        if profile.color_space == DataColorSpace::Gray {
            return Ok(Self::Grey(curve(profile.gray_trc.as_ref())?));
        }
        let has_tables = profile.lut_a_to_b_perceptual.is_some()
            || profile.lut_a_to_b_colorimetric.is_some()
            || profile.lut_a_to_b_saturation.is_some();
        if profile.is_matrix_shaper() && !has_tables {
            let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
            let [red, green, blue] = curves.map(|it| curve(it.as_ref()));
            let matrix = single(profile.transform_matrix(&working));
            return Ok(Self::Shaper { curves: Box::new([red?, green?, blue?]), matrix });
        }
        let wide = ColorProfile::new_pro_photo_rgb();
        let through = profile
            .create_transform_f32(Layout::Rgb, &wide, Layout::Rgb, options())
            .map_err(|_| "it leads nowhere".to_owned())?;
        let curve = curve(wide.red_trc.as_ref())?;
        Ok(Self::Tables { through, curve, matrix: single(wide.transform_matrix(&working)) })
    }

    fn at(&self, colour: [f32; 3]) -> [f32; 3] {
        match self {
            Self::Shaper { curves, matrix } => {
                applied(matrix, [0, 1, 2].map(|at| evaluated(&curves[at], colour[at])))
            }
            Self::Grey(curve) => colour.map(|v| evaluated(curve, v)),
            Self::Tables { through, curve, matrix } => {
                let mut wide = [0.0; 3];
                if through.transform(&colour, &mut wide).is_err() {
                    return [f32::NAN; 3];
                }
                applied(matrix, wide.map(|v| evaluated(curve, v)))
            }
        }
    }

    /// What black and white are together.
    fn half_light(&self) -> [f32; 3] {
        let [black, white] = [[0.0; 3], [1.0; 3]].map(|colour| self.at(colour));
        [0, 1, 2].map(|at| f32::midpoint(black[at], white[at]))
    }

    fn table(&self, key: u64) -> Lattice {
        Lattice::new(key, |colour| self.at(colour))
    }
}

fn curve(curve: Option<&ToneReprCurve>) -> Result<Curve, String> {
    let curve = curve.ok_or_else(|| "it has no curve".to_owned())?;
    curve.make_linear_evaluator().map_err(|_| "its curve cannot be read".to_owned())
}

pub(super) fn single(matrix: moxcms::Matrix3d) -> Matrix {
    matrix.v.map(|row| row.map(|v| v as f32))
}

fn tiles(profile: &ColorProfile) -> Result<Tiles, String> {
    let working = ColorProfile::new_display_p3();
    let refused = |_| "it leads nowhere".to_owned();
    if profile.color_space != DataColorSpace::Gray {
        let transform =
            profile.create_transform_8bit(Layout::Rgba, &working, Layout::Rgba, options());
        return transform.map(Tiles::Colour).map_err(refused);
    }
    let transform = profile.create_transform_8bit(Layout::Gray, &working, Layout::Rgb, options());
    let greys: [u8; 256] = std::array::from_fn(|grey| grey as u8);
    let mut rgb = [0; 768];
    transform.and_then(|transform| transform.transform(&greys, &mut rgb)).map_err(refused)?;
    Ok(Tiles::Grey(Box::new(std::array::from_fn(|at| rgb.as_chunks::<3>().0[at]))))
}

fn name(profile: &ColorProfile) -> Option<String> {
    let text = match profile.description.as_ref()? {
        ProfileText::PlainString(text) => text.as_str(),
        ProfileText::Localizable(texts) => {
            let english = texts.iter().find(|text| text.language == "en").or(texts.first())?;
            english.value.as_str()
        }
        ProfileText::Description(text) => text.ascii_string.as_str(),
    };
    let is_told = |c: &char| !c.is_control();
    // Names are some twenty letters; a whole book in one is not told.
    let text: String = text.chars().filter(is_told).take(80).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
