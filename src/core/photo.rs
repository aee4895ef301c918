//! What is known of a photo without looking at its picture.
//!
//! A [`PhotoId`] is a dense number that lives as long as the run and is never written to a file
//! (the stores know a photo by path or by [`Fingerprint`]). Times are the camera's own clock, told
//! in no zone: cameras write local time, and two of one shoot are compared only with each other.
//!
//! Units: microseconds for times, seconds for exposures, millimetres for focal lengths.

use std::fmt;
use std::ops::Range;

use super::said::Said;

/// A photo of this run: an index into every per-photo column. Never written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoId(pub u32);

impl PhotoId {
    /// The photo's place in a per-photo column.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Microseconds since 1970-01-01 00:00:00 on the clock that wrote it (a camera's local time, or
/// UTC for what this program wrote).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// One second.
    pub const SECOND: i64 = 1_000_000;

    /// The time at a civil date, `None` where the date does not exist.
    ///
    /// Days from civil: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    #[must_use]
    pub fn from_civil(date: [i32; 3], time: [u32; 3], micros: u32) -> Option<Self> {
        let [year, month, day] = date;
        let [hour, minute, second] = time;
        let month_days = match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        // 60 is a leap second, which some cameras write.
        if !(1..=month_days).contains(&day) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let y = i64::from(if month <= 2 { year - 1 } else { year });
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let month_from_march = i64::from((month + 9) % 12);
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        let seconds =
            days * 86_400 + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        Some(Self(seconds * Self::SECOND + i64::from(micros)))
    }

    /// Year, month, day, hour, minute, second of this time.
    #[must_use]
    pub const fn to_civil(self) -> [i64; 6] {
        let seconds = self.0.div_euclid(Self::SECOND);
        let days = seconds.div_euclid(86_400) + 719_468;
        let of_day = seconds.rem_euclid(86_400);
        let era = days.div_euclid(146_097);
        let doe = days.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + if month <= 2 { 1 } else { 0 };
        [year, month, day, of_day / 3600, of_day / 60 % 60, of_day % 60]
    }

    /// This time moved by `seconds`.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(Self::SECOND)))
    }
}

/// Year to second as ISO 8601 has them, with the fraction that there is: `2026-05-03T12:00:01.25`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day, hour, minute, second] = self.to_civil();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        let (mut fraction, mut digit_count) = (self.0.rem_euclid(Self::SECOND), 6);
        if fraction == 0 {
            return Ok(());
        }
        while fraction % 10 == 0 {
            (fraction, digit_count) = (fraction / 10, digit_count - 1);
        }
        write!(f, ".{fraction:0digit_count$}")
    }
}

/// How the stored picture must be turned to stand upright: EXIF tag 0x0112 (CIPA DC-008, 4.6.4).
///
/// As a sum: bits 0 and 1 are clockwise quarter turns, bit 2 mirrors left to right *before* the
/// turn. So orientation 6 ("right side, top") is one quarter turn, 2 is the mirror alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Turn(u8);

impl Turn {
    /// Upright as stored.
    pub const NONE: Self = Self(0);

    /// The turn that EXIF value 1 to 8 asks for; any other value is upright.
    #[must_use]
    pub const fn from_exif(value: u32) -> Self {
        Self(match value {
            2 => 4,
            3 => 2,
            4 => 6,
            5 => 7,
            6 => 1,
            7 => 5,
            8 => 3,
            _ => 0,
        })
    }

    /// The EXIF value, 1 to 8, that asks for this turn.
    #[must_use]
    pub const fn to_exif(self) -> u32 {
        [1, 6, 3, 8, 2, 7, 4, 5][(self.0 & 7) as usize]
    }

    /// So many clockwise quarter turns.
    #[must_use]
    pub const fn quarters(count: u8) -> Self {
        Self(count & 3)
    }

    /// Clockwise quarter turns, 0 to 3, made after the mirror.
    #[must_use]
    pub const fn quarter_count(self) -> u8 {
        self.0 & 3
    }

    /// Whether left and right change places before the turn.
    #[must_use]
    pub const fn is_mirrored(self) -> bool {
        self.0 & 4 != 0
    }

    /// Whether width and height change places.
    #[must_use]
    pub const fn is_sideways(self) -> bool {
        self.0 & 1 != 0
    }

    /// The size of an upright picture whose stored size is `size_px`.
    #[must_use]
    pub const fn upright(self, size_px: [u32; 2]) -> [u32; 2] {
        if self.is_sideways() { [size_px[1], size_px[0]] } else { size_px }
    }
}

/// What a photo's decisions are bound to: see `disk::fingerprint`. Survives a new name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 16]);

/// What the header of a photo's file says. Everything is optional: a scan of a slide has nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PhotoMeta {
    /// Maker of the camera, as written.
    pub make: Option<Box<str>>,
    /// Model of the camera, as written.
    pub model: Option<Box<str>>,
    /// Serial number of the body.
    pub serial: Option<Box<str>>,
    /// Model of the lens.
    pub lens: Option<Box<str>>,
    /// When the picture was taken, with its sub-second, on the camera's clock.
    pub captured: Option<Timestamp>,
    /// How the stored picture is turned upright.
    pub turn: Turn,
    /// Width and height as stored, before the turn.
    pub size_px: Option<[u32; 2]>,
    /// ISO speed.
    pub iso: Option<u32>,
    /// Aperture as an f-number.
    pub f_number: Option<f32>,
    /// Exposure time in seconds.
    pub exposure_seconds: Option<f64>,
    /// Focal length in millimetres.
    pub focal_mm: Option<f32>,
    /// Focal length that gives the same view on 36 x 24 mm film, in millimetres.
    pub focal_35mm: Option<u32>,
    /// Exposure bias in EV.
    pub bias_ev: Option<f32>,
    /// Whether the flash fired.
    pub flash_fired: Option<bool>,
    /// Where in the file the EXIF thumbnail's JPEG lies, in bytes.
    pub thumbnail: Option<Range<u64>>,
    /// Where in the file the preview's JPEG lies, in bytes: some 1620 x 1080 pixels, in the files of
    /// cameras that append one (CIPA DC-007).
    pub preview: Option<Range<u64>>,
    /// What the XMP in the file says of stars, colour and tags; `None` where it says nothing of them.
    pub said: Option<Box<Said>>,
}

impl PhotoMeta {
    /// The name of the body that took the photo, for clock offsets and the information panel:
    /// model and serial number, whichever there is.
    #[must_use]
    pub fn body(&self) -> Option<String> {
        match (&self.model, &self.serial) {
            (Some(model), Some(serial)) => Some(format!("{model} {serial}")),
            (Some(one), None) | (None, Some(one)) => Some(one.to_string()),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exif_orientation_goes_there_and_back() {
        for value in 1..=8 {
            assert_eq!(Turn::from_exif(value).to_exif(), value);
        }
    }

    #[test]
    fn civil_dates_go_there_and_back() {
        for (date, time, expect) in [
            ([1970, 1, 1], [0, 0, 0], 0),
            ([2000, 2, 29], [12, 0, 1], 951_825_601),
            ([2026, 11, 22], [23, 59, 59], 1_795_391_999),
            ([1969, 12, 31], [23, 59, 59], -1),
        ] {
            let at = Timestamp::from_civil(date, time, 0).expect("the date exists");
            assert_eq!(at.0, expect * Timestamp::SECOND, "{date:?} {time:?}");
            let [y, mo, d, h, mi, s] = at.to_civil();
            assert_eq!([y, mo, d], date.map(i64::from));
            assert_eq!([h, mi, s], time.map(i64::from));
        }
    }

    #[test]
    fn times_are_written_with_the_fraction_that_there_is() {
        let at = |micros| {
            let at = Timestamp::from_civil([2026, 5, 3], [12, 0, 1], micros);
            at.expect("the date exists").to_string()
        };
        assert_eq!(at(0), "2026-05-03T12:00:01");
        assert_eq!(at(250_000), "2026-05-03T12:00:01.25");
        assert_eq!(at(1_200), "2026-05-03T12:00:01.0012");
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999999");
    }

    #[test]
    fn dates_that_do_not_exist_are_none() {
        for (date, time) in [
            ([0, 0, 0], [0, 0, 0]),
            ([2023, 2, 29], [0, 0, 0]),
            ([2023, 13, 1], [0, 0, 0]),
            ([2023, 1, 1], [24, 0, 0]),
        ] {
            assert_eq!(Timestamp::from_civil(date, time, 0), None, "{date:?} {time:?}");
        }
    }
}
