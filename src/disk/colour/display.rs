//! A display's own profile: what the shader must do for colours to be right on it: a matrix where there
//! is one, and a table where the curves are not sRGB's.

use std::fs;
use std::path::Path;

use moxcms::ColorProfile;
use moxcms::DataColorSpace;
use moxcms::Layout;
use moxcms::RenderingIntent;
use moxcms::ToneReprCurve;
use moxcms::TransformOptions;
use xxhash_rust::xxh3::xxh3_64;

use super::read::evaluated;
use super::read::guarded;
use super::read::options;
use super::read::single;
use crate::core::colour::Display;
use crate::core::colour::IDENTITY;
use crate::core::colour::Lattice;
use crate::core::colour::encoded_of;
use crate::core::colour::light_of;
use crate::disk::DiskError;
use crate::disk::DiskResult;

/// How far a display's curves may be from sRGB's to be taken for it: a byte step.
const SAME_CURVE: f32 = 1.0 / 255.0;

/// Reads the profile of a display.
///
/// # Errors
/// When the file cannot be read or is no profile of an RGB display.
pub fn display_of(path: &Path) -> DiskResult<Display> {
    let wrong = |reason: String| DiskError::Profile { reason, path: path.to_owned() };
    let bytes = fs::read(path).map_err(|e| wrong(e.to_string()))?;
    guarded(|| read(&bytes)).map_err(wrong)
}

fn read(bytes: &[u8]) -> Result<Display, String> {
    let profile =
        ColorProfile::new_from_slice(bytes).map_err(|_| "it is no ICC profile".to_owned())?;
    if profile.color_space != DataColorSpace::Rgb {
        return Err("it is for no display of red, green and blue".to_owned());
    }
    let working = ColorProfile::new_display_p3();
    let has_tables = profile.lut_b_to_a_perceptual.is_some()
        || profile.lut_b_to_a_colorimetric.is_some()
        || profile.lut_b_to_a_saturation.is_some();
    if profile.is_matrix_shaper() && !has_tables && is_curve_srgb(&profile) {
        return Ok(Display::Matrix(single(working.transform_matrix(&profile))));
    }
    let key = xxh3_64(bytes);
    let (matrix, table) = match profile.is_matrix_shaper() && !has_tables {
        true => (single(working.transform_matrix(&profile)), by_curves(&profile, key)?),
        false => (IDENTITY, by_tables(&profile, key)?),
    };
    if !table.values().iter().flatten().all(|v| v.is_finite()) {
        return Err("its numbers cannot be".to_owned());
    }
    Ok(Display::Table(matrix, table.into()))
}

/// What a display of a matrix and curves is sent for its own light: each channel for itself, so that
/// no error of one is seen in another.
fn by_curves(profile: &ColorProfile, key: u64) -> Result<Lattice, String> {
    let back = |curve: &Option<ToneReprCurve>| {
        let back = curve.as_ref().and_then(|curve| curve.make_gamma_evaluator().ok());
        back.ok_or_else(|| "its curve cannot be read".to_owned())
    };
    let curves = [back(&profile.red_trc)?, back(&profile.green_trc)?, back(&profile.blue_trc)?];
    Ok(Lattice::new(key, |colour| {
        [0, 1, 2].map(|at| light_of(evaluated(&curves[at], light_of(colour[at]))))
    }))
}

/// A display that tables lead to (B2A), through the library.
fn by_tables(profile: &ColorProfile, key: u64) -> Result<Lattice, String> {
    let nowhere = |_| "nothing leads to it".to_owned();
    let intent = RenderingIntent::RelativeColorimetric;
    let options = TransformOptions { rendering_intent: intent, ..options() };
    let working = ColorProfile::new_display_p3();
    let transform = working.create_transform_f32(Layout::Rgb, profile, Layout::Rgb, options);
    let transform = transform.map_err(nowhere)?;
    let corners: Vec<f32> = Lattice::corners().flatten().collect();
    let mut sent = vec![0.0; corners.len()];
    transform.transform(&corners, &mut sent).map_err(nowhere)?;
    let values = sent.as_chunks::<3>().0.iter().map(|sent| sent.map(light_of)).collect();
    Ok(Lattice::of_values(key, values).expect("there is a value for each corner"))
}

fn is_curve_srgb(profile: &ColorProfile) -> bool {
    let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
    curves.into_iter().flatten().all(|curve| {
        let Ok(curve) = curve.make_linear_evaluator() else { return false };
        let steps = (0..=64_u8).map(|step| f32::from(step) / 64.0);
        let mut off = steps.map(|v| (encoded_of(evaluated(&curve, v)) - v).abs());
        off.all(|off| off <= SAME_CURVE)
    })
}
