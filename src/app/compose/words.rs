//! Numbers, times and exposures as a photographer writes them.

use crate::core::order::Sort;
use crate::core::order::SortKey;
use std::fmt::Write;

use crate::core::photo::PhotoMeta;
use crate::core::photo::Timestamp;

/// Writing into a `String` cannot fail.
const INFALLIBLE: &str = "a String takes every write";

/// Appends a count with commas between thousands: `12,345`.
pub fn count(out: &mut String, value: usize) {
    let mut unit = 1;
    while value / unit >= 1000 {
        unit *= 1000;
    }
    write!(out, "{}", value / unit).expect(INFALLIBLE);
    while unit > 1 {
        unit /= 1000;
        write!(out, ",{:03}", value / unit % 1000).expect(INFALLIBLE);
    }
}

/// Appends a capture time: `2026-05-03 14:05:59`.
pub fn time(out: &mut String, at: Timestamp) {
    let [year, month, day, hour, minute, second] = at.to_civil();
    write!(out, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        .expect(INFALLIBLE);
}

/// Appends a date: `Sun 3 May 2026`.
pub fn date(out: &mut String, at: Timestamp) {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let [year, month, day, ..] = at.to_civil();
    // The first day of 1970 was a Thursday.
    let days = at.0.div_euclid(86_400 * Timestamp::SECOND);
    let weekday = DAYS[usize::try_from(days.rem_euclid(7)).unwrap_or(0)];
    let month = MONTHS[usize::try_from(month - 1).unwrap_or(0).min(11)];
    write!(out, "{weekday} {day} {month} {year}").expect(INFALLIBLE);
}

/// Appends the time from one photo to another, on whichever day that is: `14:02 – 15:31`.
pub fn span(out: &mut String, first: Timestamp, last: Timestamp) {
    for (at, before) in [(first, ""), (last, " – ")] {
        let [_, _, _, hour, minute, _] = at.to_civil();
        write!(out, "{before}{hour:02}:{minute:02}").expect(INFALLIBLE);
    }
}

/// Appends an exposure time: `1/250 s`, `0.6 s`, `30 s`.
pub fn exposure(out: &mut String, seconds: f64) {
    if seconds >= 0.3 {
        let digits = usize::from(seconds < 10.0 && seconds.fract() > 0.01);
        write!(out, "{seconds:.digits$} s").expect(INFALLIBLE);
    } else {
        write!(out, "1/{:.0} s", 1.0 / seconds).expect(INFALLIBLE);
    }
}

/// Appends make and model without saying the make twice, as most models do.
pub fn camera(out: &mut String, meta: &PhotoMeta) {
    let make = meta.make.as_deref().unwrap_or_default();
    let model = meta.model.as_deref().unwrap_or_default();
    let first = make.split(' ').next().unwrap_or_default();
    let is_named = model.get(..first.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(first));
    if !is_named || first.is_empty() {
        out.push_str(make);
        out.push(' ');
    }
    out.push_str(model);
}

/// Appends the body's name, as `PhotoMeta::body` has it.
pub fn body(out: &mut String, meta: &PhotoMeta) {
    let start = out.len();
    for part in [&meta.model, &meta.serial].into_iter().flatten() {
        out.push_str(if out.len() > start { " " } else { "" });
        out.push_str(part);
    }
}

/// Appends the line that a loupe shows: `1/250 s  f/2.8  ISO 400  85 mm`.
pub fn settings(out: &mut String, meta: &PhotoMeta) {
    let start = out.len();
    if let Some(seconds) = meta.exposure_seconds {
        exposure(out, seconds);
    }
    if let Some(number) = meta.f_number {
        gap(out, start);
        write!(out, "f/{}", rounded(f64::from(number))).expect(INFALLIBLE);
    }
    if let Some(iso) = meta.iso {
        gap(out, start);
        write!(out, "ISO {iso}").expect(INFALLIBLE);
    }
    if let Some(millimetres) = meta.focal_mm {
        gap(out, start);
        write!(out, "{} mm", rounded(f64::from(millimetres))).expect(INFALLIBLE);
    }
}

/// A number with at most one digit behind the point.
fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn gap(out: &mut String, start: usize) {
    if out.len() > start {
        out.push_str("   ");
    }
}

/// What a sort is called.
#[must_use]
pub const fn sort(sort: Sort) -> &'static str {
    match (sort.key, sort.is_reversed) {
        (SortKey::Time, false) => "by time",
        (SortKey::Time, true) => "by time, last first",
        (SortKey::Name, false) => "by name",
        (SortKey::Name, true) => "by name, Z to A",
        (SortKey::Stars, false) => "by stars",
        (SortKey::Stars, true) => "by stars, fewest first",
        (SortKey::Keep, false) => "by probability",
        (SortKey::Keep, true) => "by probability, least first",
        (SortKey::Sharp, false) => "by sharpness",
        (SortKey::Sharp, true) => "by sharpness, least first",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(write: impl FnOnce(&mut String), expect: &str) {
        let mut out = String::new();
        write(&mut out);
        assert_eq!(out, expect);
    }

    #[test]
    fn counts_have_commas() {
        check(|o| count(o, 0), "0");
        check(|o| count(o, 999), "999");
        check(|o| count(o, 1_000), "1,000");
        check(|o| count(o, 1_000_042), "1,000,042");
    }

    #[test]
    fn exposures_read_as_on_the_camera() {
        check(|o| exposure(o, 0.004), "1/250 s");
        check(|o| exposure(o, 1.0 / 3.0), "0.3 s");
        check(|o| exposure(o, 0.6), "0.6 s");
        check(|o| exposure(o, 2.5), "2.5 s");
        check(|o| exposure(o, 30.0), "30 s");
    }

    #[test]
    fn missing_settings_leave_no_gap() {
        let meta = PhotoMeta { iso: Some(400), focal_mm: Some(4.15), ..PhotoMeta::default() };
        check(|o| settings(o, &meta), "ISO 400   4.2 mm");
        check(|o| settings(o, &PhotoMeta::default()), "");
    }

    #[test]
    fn times_are_written_from_the_largest_part_down() {
        check(|o| time(o, Timestamp(1_795_391_999_000_000)), "2026-11-22 23:59:59");
    }

    #[test]
    fn a_body_is_named_as_the_clock_option_wants_it() {
        let (model, serial) = (Some("EOS R5".into()), Some("0123".into()));
        let meta = PhotoMeta { model, serial, ..PhotoMeta::default() };
        let mut text = String::from("before");
        body(&mut text, &meta);
        assert_eq!(Some(&text["before".len()..]), meta.body().as_deref());
    }

    #[test]
    fn a_maker_is_named_once() {
        for (make, model, expect) in [
            ("Canon", "Canon EOS 7D", "Canon EOS 7D"),
            ("NIKON CORPORATION", "NIKON D80", "NIKON D80"),
            ("SONY", "ILCE-7M3", "SONY ILCE-7M3"),
            ("RIM", "BlackBerry", "RIM BlackBerry"),
            ("samsung", "SAMSUNG NX1", "SAMSUNG NX1"),
        ] {
            let (make, model) = (Some(make.into()), Some(model.into()));
            check(|o| camera(o, &PhotoMeta { make, model, ..PhotoMeta::default() }), expect);
        }
    }
}
