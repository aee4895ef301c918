//! The EXIF block of a demo photo, written byte by byte.
//!
//! CIPA DC-008-2019 (Exif 2.32), 4.5 and 4.6: `Exif\0\0`, then a little-endian TIFF with IFD0, the
//! Exif IFD that it points to, and IFD1 for the thumbnail. Offsets count from the TIFF header.
//! Entries of one IFD stand in the order of their tags, as TIFF 6.0 demands.
//!
//! ```text
//! Exif\0\0 | II 42 8 | IFD0 + its values | Exif IFD + its values | IFD1 | thumbnail
//! ```

use crate::core::photo::Timestamp;
use crate::core::scene::shoot::Shot;

/// The value of one tag.
enum Value<'a> {
    Short(u16),
    Long(u32),
    Text(&'a str),
    Ratio([u32; 2]),
    Opaque([u8; 4]),
}

impl Value<'_> {
    /// TIFF type and number of elements.
    fn form(&self) -> (u16, u32) {
        match self {
            Self::Text(text) => (2, text.len() as u32 + 1),
            Self::Short(_) => (3, 1),
            Self::Long(_) => (4, 1),
            Self::Ratio(_) => (5, 1),
            Self::Opaque(_) => (7, 4),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Short(value) => value.to_le_bytes().to_vec(),
            Self::Long(value) => value.to_le_bytes().to_vec(),
            Self::Text(text) => [text.as_bytes(), &[0]].concat(),
            Self::Ratio([above, below]) => [above.to_le_bytes(), below.to_le_bytes()].concat(),
            Self::Opaque(bytes) => bytes.to_vec(),
        }
    }
}

/// The names that a body writes.
struct Body {
    make: &'static str,
    model: &'static str,
    serial: &'static str,
}

const BODIES: [Body; 2] = [
    Body { make: "Rushlight", model: "Taper 5", serial: "5004417" },
    Body { make: "Rushlight", model: "Wick II", serial: "W2-018830" },
];

/// The name of the body that took a shot, as it stands in its EXIF.
#[must_use]
pub fn model(shot: &Shot) -> &'static str {
    body(shot).model
}

fn body(shot: &Shot) -> &'static Body {
    &BODIES[usize::from(shot.body) % BODIES.len()]
}

/// "2026:05:03 12:00:01" and "25" for a time, the second being hundredths.
fn date_texts(at: Timestamp) -> [String; 2] {
    let [year, month, day, hour, minute, second] = at.to_civil();
    let hundredths = at.0.rem_euclid(Timestamp::SECOND) / 10_000;
    [
        format!("{year:04}:{month:02}:{day:02} {hour:02}:{minute:02}:{second:02}"),
        format!("{hundredths:02}"),
    ]
}

/// The APP1 segment of a photo stored at `size_px`, marker included, with its thumbnail's JPEG.
///
/// `None` when the thumbnail is too large for a segment of 65,533 bytes.
#[must_use]
pub fn segment(shot: &Shot, size_px: [u32; 2], thumbnail: &[u8]) -> Option<Vec<u8>> {
    let camera = body(shot);
    let [taken, hundredths] = date_texts(shot.captured);
    let exif = exif_entries(shot, size_px, [&taken, &hundredths]);
    let main = |exif_at: u32| {
        [
            (0x010F, Value::Text(camera.make)),
            (0x0110, Value::Text(camera.model)),
            (0x0112, Value::Short(u16::from(shot.orientation))),
            (0x011A, Value::Ratio([300, 1])),
            (0x011B, Value::Ratio([300, 1])),
            (0x0128, Value::Short(2)),
            (0x0131, Value::Text("Rushlight demo")),
            (0x0132, Value::Text(&taken)),
            (0x8769, Value::Long(exif_at)),
        ]
    };
    let small = |thumbnail_at: u32| {
        [
            (0x0103, Value::Short(6)),
            (0x0112, Value::Short(u16::from(shot.orientation))),
            (0x0201, Value::Long(thumbnail_at)),
            (0x0202, Value::Long(thumbnail.len() as u32)),
        ]
    };
    // Each length is known without the offsets in it, so one dry pass lays them out.
    let main_at = 8;
    let exif_at = main_at + directory(&main(0), 0, 0).len() as u32;
    let small_at = exif_at + directory(&exif, 0, 0).len() as u32;
    let thumbnail_at = small_at + directory(&small(0), 0, 0).len() as u32;
    let tiff = [
        b"II*\0\x08\0\0\0".to_vec(),
        directory(&main(exif_at), main_at, small_at),
        directory(&exif, exif_at, 0),
        directory(&small(thumbnail_at), small_at, 0),
        thumbnail.to_vec(),
    ]
    .concat();
    let length = u16::try_from(2 + 6 + tiff.len()).ok()?;
    Some([&[0xFF, 0xE1], length.to_be_bytes().as_slice(), b"Exif\0\0", &tiff].concat())
}

/// The Exif IFD: what the camera was set to; `times` as [`date_texts`] has them.
fn exif_entries<'a>(shot: &Shot, size_px: [u32; 2], times: [&'a str; 2]) -> [(u16, Value<'a>); 14] {
    let set = shot.exposure;
    let [taken, hundredths] = times;
    let lens = if set.focal_mm > 200 {
        "Rushlight Tele 400-600mm F4-5.6"
    } else {
        "Rushlight Zoom 14-105mm F1.4"
    };
    [
        (0x829A, Value::Ratio(set.seconds)),
        (0x829D, Value::Ratio([set.f_tenths, 10])),
        (0x8827, Value::Short(set.iso.min(65_535) as u16)),
        (0x9000, Value::Opaque(*b"0232")),
        (0x9003, Value::Text(taken)),
        (0x9004, Value::Text(taken)),
        // Flash: bit 0 says fired, 0x10 says switched off.
        (0x9209, Value::Short(if set.flash_fired { 1 } else { 0x10 })),
        (0x920A, Value::Ratio([set.focal_mm, 1])),
        (0x9291, Value::Text(hundredths)),
        (0xA001, Value::Short(1)),
        (0xA002, Value::Long(size_px[0])),
        (0xA003, Value::Long(size_px[1])),
        (0xA431, Value::Text(body(shot).serial)),
        (0xA434, Value::Text(lens)),
    ]
}

/// One IFD that starts at `at`, its values that are longer than four bytes behind it.
fn directory(entries: &[(u16, Value<'_>)], at: u32, next: u32) -> Vec<u8> {
    let head_bytes = 2 + 12 * entries.len() as u32 + 4;
    let mut head = (entries.len() as u16).to_le_bytes().to_vec();
    let mut values = Vec::new();
    for (tag, value) in entries {
        let (form, count) = value.form();
        let mut bytes = value.bytes();
        head.extend(tag.to_le_bytes());
        head.extend(form.to_le_bytes());
        head.extend(count.to_le_bytes());
        if bytes.len() <= 4 {
            bytes.resize(4, 0);
            head.extend(bytes);
        } else {
            head.extend((at + head_bytes + values.len() as u32).to_le_bytes());
            // TIFF wants values on even offsets.
            bytes.resize(bytes.len().next_multiple_of(2), 0);
            values.extend(bytes);
        }
    }
    head.extend(next.to_le_bytes());
    head.extend(values);
    head
}
