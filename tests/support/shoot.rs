//! Small shoots of plain JPEGs in a temporary folder.
//!
//! Every photo is of one colour that no other photo of the shoot has, so that a glance at one texel
//! tells whose picture it is. Photos have a capture time where the test gives one.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::path::PathBuf;

use exif::Field;
use exif::In;
use exif::Tag;
use exif::Value;
use exif::experimental::Writer;
use image::ImageEncoder;
use image::codecs::jpeg::JpegEncoder;
use rushlight::core::colour::Space;
use rushlight::core::colour::working_from_srgb;
use rushlight::core::photo::Timestamp;
use tempfile::TempDir;

/// How far a channel may be from its colour: JPEG rounds a plain colour by two or three.
const TOLERANCE: u8 = 12;

/// A folder with a shoot and a place for the decisions, both gone with it.
pub struct Shoot {
    dir: TempDir,
}

impl Shoot {
    /// An empty one.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("the system has a folder for temporary files");
        fs::create_dir(dir.path().join("photos")).expect("the folder is ours");
        Self { dir }
    }

    /// `p000.jpg`, `p001.jpg` and so on, of `size_px`, without capture times.
    pub fn of(count: usize, size_px: [u32; 2]) -> Self {
        let shoot = Self::new();
        (0..count).for_each(|number| shoot.add(number, size_px, None));
        shoot
    }

    /// The folder of photos.
    pub fn photos(&self) -> PathBuf {
        self.dir.path().join("photos")
    }

    /// The folder of the decision store.
    pub fn store(&self) -> PathBuf {
        self.dir.path().join("store")
    }

    /// Writes the photo of a number, taken so many seconds after the epoch.
    pub fn add(&self, number: usize, size_px: [u32; 2], second: Option<i64>) {
        let [width, height] = size_px;
        let pixels = colour(number).repeat(width as usize * height as usize);
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        // What the photo is recognised by must differ, and plain pictures hardly do.
        encoder.set_exif_metadata(exif(number, second)).expect("JPEG has EXIF");
        encoder
            .write_image(&pixels, width, height, image::ExtendedColorType::Rgb8)
            .expect("the picture is encoded");
        fs::write(self.photos().join(format!("p{number:03}.jpg")), bytes)
            .expect("room on the disk");
    }

    /// Writes a picture as the photo of a number.
    pub fn add_picture(&self, number: usize, picture: &image::RgbImage) {
        self.add_picture_at(number, picture, None);
    }

    /// The same, taken so many seconds after the epoch.
    pub fn add_picture_at(&self, number: usize, picture: &image::RgbImage, second: Option<i64>) {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 92);
        encoder.set_exif_metadata(exif(number, second)).expect("JPEG has EXIF");
        encoder.encode_image(picture).expect("the picture is encoded");
        fs::write(self.photos().join(format!("p{number:03}.jpg")), bytes)
            .expect("room on the disk");
    }

    /// Writes a file that has a photo's name and nothing of a photo in it.
    pub fn add_broken(&self, number: usize) {
        let path = self.photos().join(format!("p{number:03}.jpg"));
        fs::write(path, b"this is no picture").expect("room on the disk");
    }
}

/// The number that a photo was written with.
pub fn number_of(path: &Path) -> usize {
    let stem = path.file_stem().and_then(|s| s.to_str()).expect("a name of ours");
    stem[1..].parse().expect("a number behind the p")
}

/// Whether a texel of a space is of the photo of a number, whose file is in sRGB.
pub fn is_of(number: usize, texel: [u8; 4], space: &Space) -> bool {
    let [r, g, b] = colour(number);
    let mut expect = [r, g, b, 255];
    if *space == Space::Working {
        working_from_srgb(&mut expect);
    }
    expect.iter().zip(texel).all(|(a, b)| a.abs_diff(b) <= TOLERANCE)
}

/// 125 colours, at least 56 apart in some channel.
pub fn colour(number: usize) -> [u8; 3] {
    [number % 5, number / 5 % 5, number / 25 % 5].map(|step| (step * 56 + 14) as u8)
}

fn exif(number: usize, second: Option<i64>) -> Vec<u8> {
    let ascii = |tag, words: String| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![words.into_bytes()]),
    };
    let mut fields =
        vec![ascii(Tag::Model, "Plain".into()), ascii(Tag::ImageDescription, number.to_string())];
    if let Some(second) = second {
        let [y, mo, d, h, mi, s] = Timestamp(second * Timestamp::SECOND).to_civil();
        let words = format!("{y:04}:{mo:02}:{d:02} {h:02}:{mi:02}:{s:02}");
        fields.push(ascii(Tag::DateTimeOriginal, words));
    }
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut bytes = Cursor::new(Vec::new());
    writer.write(&mut bytes, true).expect("the fields are plain");
    bytes.into_inner()
}
