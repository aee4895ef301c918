//! The demo shoot as files: JPEGs with the EXIF that cameras write, and what is true of each.
//!
//! Nothing that this program did not write is ever written over. A folder is taken when it is empty
//! or bears `demo.json`, which says by which plan it was made; a file in it is replaced only when
//! that list names it (`tests/demo.rs`). `demo.json` is written before the first photo and again,
//! as complete, after the last: what was interrupted can be taken up again.
//!
//! `truth.json` says of every file its scene, session, burst, faults, whether it is the best of its
//! burst, and whether a sensible photographer keeps it. Which pictures there are is decided in
//! `core::scene`; `jobs::demo` calls [`Folder::write_photo`] from many threads.

pub mod app1;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use serde::Deserialize;
use serde::Serialize;

use super::DiskError;
use super::DiskResult;
use crate::core::photo::Turn;
use crate::core::scene::shoot::Shot;
use crate::core::scene::shoot::plan;
use crate::core::texels::Texels;

/// JPEG quality of the photos, as cameras have it; a file of 2 megapixels is some 500 KB.
const QUALITY: u8 = 88;

/// JPEG quality of the embedded thumbnails.
const THUMBNAIL_QUALITY: u8 = 80;

/// Size of the embedded thumbnails: what DCF asks for.
const THUMBNAIL_PX: [u32; 2] = [160, 120];

/// What a demo shoot is made from; the same plan gives the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Number of photos, at most 100,000.
    pub photos: u32,
    /// Size of each, in millions of pixels; held between 0.02 and 100.
    pub megapixels: f32,
    /// Which shoot of many.
    pub seed: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { photos: 240, megapixels: 2.0, seed: 1 }
    }
}

impl Plan {
    /// Width and height of a photo that stands on its long side: 3:2, a multiple of 6 by 4.
    #[must_use]
    pub fn size_px(&self) -> [u32; 2] {
        let pixels = f64::from(self.megapixels.clamp(0.02, 100.0)) * 1e6;
        let unit = ((pixels / 6.0).sqrt() / 2.0).round().max(1.0) as u32;
        [unit * 6, unit * 4]
    }
}

/// `demo.json`: the sign that a folder is ours, and what in it is.
#[derive(Debug, Serialize, Deserialize)]
struct Sign {
    made_by: String,
    plan: Plan,
    complete: bool,
    files: BTreeSet<String>,
}

const SIGN: &str = "demo.json";
const TRUTH: &str = "truth.json";
const MADE_BY: &str = "rushlight demo";

/// One photo's entry in `truth.json`.
#[derive(Debug, Serialize)]
struct Truth {
    scene: &'static str,
    session: u32,
    burst: Option<u32>,
    faults: Vec<&'static str>,
    best: bool,
    label: &'static str,
    camera: &'static str,
    orientation: u8,
}

/// The folder of a demo shoot.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    plan: Plan,
    shots: Vec<Shot>,
    is_complete: bool,
}

impl Folder {
    /// Makes or takes the folder at `path` for `plan` and lays down what is to come.
    ///
    /// # Errors
    /// [`DiskError::NotDemo`] when something lies there that is not ours, else what the system said.
    pub fn open(path: &Path, plan_of: Plan) -> DiskResult<Self> {
        fs::create_dir_all(path).map_err(|source| write_error(path, source))?;
        let old = read_sign(path)?;
        let shots = plan(plan_of.photos, plan_of.seed);
        let files: BTreeSet<String> = (0..shots.len()).map(file_name).collect();
        let folder = Self { path: path.to_owned(), plan: plan_of, shots, is_complete: false };
        let Some(old) = old else {
            folder.refuse_strangers(&BTreeSet::new(), None)?;
            folder.lay_down(files)?;
            return Ok(folder);
        };
        if old.complete && old.plan == plan_of && old.files == files && folder.has_all(&files) {
            return Ok(Self { is_complete: true, ..folder });
        }
        folder.refuse_strangers(&old.files, Some(&files))?;
        // What the old shoot has and the new one has not would be a stranger next time.
        for name in old.files.difference(&files).filter(|name| is_photo_name(name)) {
            let gone = path.join(name);
            match fs::remove_file(&gone) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(write_error(&gone, source));
                }
                _ => {}
            }
        }
        folder.lay_down(files)?;
        Ok(folder)
    }

    /// Number of photos.
    #[must_use]
    pub fn photos(&self) -> usize {
        self.shots.len()
    }

    /// Whether everything is there already, and nothing needs writing.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Draws and writes one photo, and answers its size in bytes.
    ///
    /// # Errors
    /// What the system said while the file was written.
    pub fn write_photo(&self, index: usize) -> DiskResult<u64> {
        let Some(shot) = self.shots.get(index) else { return Ok(0) };
        let path = self.path.join(file_name(index));
        let bytes = photo(shot, self.plan).map_err(|source| write_error(&path, source))?;
        fs::write(&path, &bytes).map_err(|source| write_error(&path, source))?;
        Ok(bytes.len() as u64)
    }

    /// Says that every photo is written.
    ///
    /// # Errors
    /// What the system said while `demo.json` was written.
    pub fn finish(&self) -> DiskResult<()> {
        self.write_sign((0..self.shots.len()).map(file_name).collect(), true)
    }

    fn lay_down(&self, files: BTreeSet<String>) -> DiskResult<()> {
        self.write_sign(files, false)?;
        let truth: BTreeMap<String, Truth> =
            self.shots.iter().enumerate().map(|(i, shot)| (file_name(i), truth(shot))).collect();
        write_json(&self.path.join(TRUTH), &truth)
    }

    fn write_sign(&self, files: BTreeSet<String>, complete: bool) -> DiskResult<()> {
        let sign = Sign { made_by: MADE_BY.to_owned(), plan: self.plan, complete, files };
        write_json(&self.path.join(SIGN), &sign)
    }

    fn has_all(&self, files: &BTreeSet<String>) -> bool {
        self.path.join(TRUTH).is_file() && files.iter().all(|name| self.path.join(name).is_file())
    }

    /// Fails on the first thing in the folder that is not in `own`: on any at all, or, where the
    /// folder is ours, on one that bears a name in `wanted`.
    fn refuse_strangers(
        &self,
        own: &BTreeSet<String>,
        wanted: Option<&BTreeSet<String>>,
    ) -> DiskResult<()> {
        let listing = |source| DiskError::Folder { path: self.path.clone(), source };
        for entry in fs::read_dir(&self.path).map_err(listing)? {
            let found = entry.map_err(listing)?.file_name();
            let name = found.to_string_lossy();
            let is_in_the_way = wanted.is_none_or(|names| names.contains(name.as_ref()));
            if is_in_the_way && !own.contains(name.as_ref()) {
                return Err(DiskError::NotDemo {
                    found: name.into_owned(),
                    path: self.path.clone(),
                });
            }
        }
        Ok(())
    }
}

/// The sign of the folder, `None` where it bears none that is ours.
fn read_sign(folder: &Path) -> DiskResult<Option<Sign>> {
    let path = folder.join(SIGN);
    match fs::read(&path) {
        Ok(bytes) => {
            let sign = serde_json::from_slice::<Sign>(&bytes).ok();
            Ok(sign.filter(|sign| sign.made_by == MADE_BY))
        }
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(DiskError::Read { path, source }),
    }
}

/// The name of the photo at an index: DSC_0001.JPG, as cameras count.
fn file_name(index: usize) -> String {
    format!("DSC_{:04}.JPG", index + 1)
}

/// Whether a name is one that we give: a list that someone has edited names nothing else.
fn is_photo_name(name: &str) -> bool {
    let number = name.strip_prefix("DSC_").and_then(|rest| rest.strip_suffix(".JPG"));
    number.is_some_and(|n| n.len() >= 4 && n.bytes().all(|b| b.is_ascii_digit()))
}

fn truth(shot: &Shot) -> Truth {
    Truth {
        scene: shot.scene.kind.name(),
        session: shot.session,
        burst: (shot.burst_len > 1).then_some(shot.burst),
        faults: shot.view.fault.iter().map(|fault| fault.name()).collect(),
        best: shot.is_best,
        label: if shot.is_keeper() { "keep" } else { "trash" },
        camera: app1::model(shot),
        orientation: shot.orientation,
    }
}

fn write_json(path: &Path, value: &impl Serialize) -> DiskResult<()> {
    let mut text =
        serde_json::to_vec_pretty(value).map_err(|e| write_error(path, io::Error::other(e)))?;
    text.push(b'\n');
    fs::write(path, text).map_err(|source| write_error(path, source))
}

fn write_error(path: &Path, source: io::Error) -> DiskError {
    DiskError::Write { path: path.to_owned(), source }
}

/// The bytes of one photo's file.
fn photo(shot: &Shot, plan: Plan) -> io::Result<Vec<u8>> {
    let [long, short] = plan.size_px();
    let size_px = if shot.is_tall() { [short, long] } else { [long, short] };
    let upright = shot.scene.picture(&shot.view, size_px);
    // The turn that undoes a quarter turn is the other one; every other turn undoes itself.
    let stored = upright.turned(Turn::from_exif(match shot.orientation {
        6 => 8,
        8 => 6,
        other => u32::from(other),
    }));
    let [width, height] = stored.size_px();
    let thumbnail = jpeg(&thumbnail_of(&stored), THUMBNAIL_PX, THUMBNAIL_QUALITY)?;
    let app1 = app1::segment(shot, [width, height], &thumbnail)
        .ok_or_else(|| io::Error::other("the thumbnail does not fit into the EXIF block"))?;
    let colours: Vec<u8> =
        stored.bytes().chunks_exact(4).flat_map(|texel| [texel[0], texel[1], texel[2]]).collect();
    let main = jpeg(&colours, [width, height], QUALITY)?;
    // Behind the start marker, before anything else: where cameras have it.
    let (start, rest) = main.split_at(2);
    Ok([start, &app1, rest].concat())
}

fn jpeg(colours: &[u8], size_px: [u32; 2], quality: u8) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(colours, size_px[0], size_px[1], ExtendedColorType::Rgb8)
        .map_err(io::Error::other)?;
    Ok(bytes)
}

/// The picture as stored, fitted into 160 x 120 with black bars, as RGB.
fn thumbnail_of(stored: &Texels) -> Vec<u8> {
    let mut small = stored.clone();
    while small.edge_px() >= 4 * THUMBNAIL_PX[0] {
        small = small.halved();
    }
    let [width, height] = small.size_px();
    let scale = f64::max(
        f64::from(width) / f64::from(THUMBNAIL_PX[0]),
        f64::from(height) / f64::from(THUMBNAIL_PX[1]),
    );
    let fit = [width, height].map(|side| (f64::from(side) / scale).round() as u32);
    let margin = [(THUMBNAIL_PX[0] - fit[0]) / 2, (THUMBNAIL_PX[1] - fit[1]) / 2];
    let mut colours = vec![0; (THUMBNAIL_PX[0] * THUMBNAIL_PX[1] * 3) as usize];
    for y in 0..fit[1] {
        for x in 0..fit[0] {
            let from = [x * width / fit[0], y * height / fit[1]];
            let to = [(x + 1) * width / fit[0], (y + 1) * height / fit[1]];
            let size = [(to[0] - from[0]).max(1), (to[1] - from[1]).max(1)];
            let mean = small.cropped([from[0], from[1], size[0], size[1]]).mean();
            let at = ((y + margin[1]) * THUMBNAIL_PX[0] + x + margin[0]) as usize * 3;
            colours[at..at + 3].copy_from_slice(&mean);
        }
    }
    colours
}
