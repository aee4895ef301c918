//! Dates as they are typed: each names a whole year, month, day, hour or minute.
//!
//! Units: microseconds since 1970 on the camera's clock, as everywhere; the end is not included.

use std::cmp::Ordering;

use crate::core::photo::Timestamp;

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    start: Timestamp,
    end: Timestamp,
}

impl Period {
    /// `2026`, `2026-05`, `2026-05-03`, `2026-05-03T14` or `2026-05-03T14:05`; `None` for anything
    /// else and for dates that do not exist.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once(['T', 't']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let mut parts = date.split('-');
        let year = number(parts.next()?, 4)? as i32;
        let month = parts.next().map(|p| number(p, 2).ok_or(())).transpose().ok()?;
        let day = parts.next().map(|p| number(p, 2).ok_or(())).transpose().ok()?;
        if parts.next().is_some() || (time.is_some() && day.is_none()) {
            return None;
        }
        let start_of = |year: i32, month: u32, day: u32| {
            Timestamp::from_civil([year, month as i32, day as i32], [0; 3], 0)
        };
        let start = start_of(year, month.unwrap_or(1), day.unwrap_or(1))?;
        let end = match (month, day) {
            (_, Some(_)) => start.plus_seconds(86_400),
            (Some(12), None) | (None, _) => start_of(year + 1, 1, 1)?,
            (Some(month), None) => start_of(year, month + 1, 1)?,
        };
        match time {
            Some(time) => Self::of_time(start, time),
            None => Some(Self { start, end }),
        }
    }

    fn of_time(day: Timestamp, time: &str) -> Option<Self> {
        let (hour, minute) = match time.split_once(':') {
            Some((hour, minute)) => (number(hour, 2)?, Some(number(minute, 2)?)),
            None => (number(time, 2)?, None),
        };
        if hour > 23 || minute.is_some_and(|m| m > 59) {
            return None;
        }
        let start = day.plus_seconds(i64::from(hour * 3600 + minute.unwrap_or(0) * 60));
        let end = start.plus_seconds(if minute.is_some() { 60 } else { 3600 });
        Some(Self { start, end })
    }

    /// Where a time lies: before the period, in it (`Equal`), or after it.
    pub(super) fn place(&self, at: Timestamp) -> Ordering {
        if at < self.start {
            Ordering::Less
        } else if at < self.end {
            Ordering::Equal
        } else {
            Ordering::Greater
        }
    }
}

/// A number of at most `most` digits, and of four for a year.
fn number(text: &str, most: usize) -> Option<u32> {
    let is_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let fits = text.len() <= most && (most < 4 || text.len() == most);
    (is_digits && fits).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<(&str, &str)>) {
        let found = Period::read(text).map(|p| (p.start.to_string(), p.end.to_string()));
        let expect = expect.map(|(start, end)| (start.to_owned(), end.to_owned()));
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_date_names_a_whole_period() {
        check("2026", Some(("2026-01-01T00:00:00", "2027-01-01T00:00:00")));
        check("2026-12", Some(("2026-12-01T00:00:00", "2027-01-01T00:00:00")));
        check("2024-2", Some(("2024-02-01T00:00:00", "2024-03-01T00:00:00")));
        check("2026-05-31", Some(("2026-05-31T00:00:00", "2026-06-01T00:00:00")));
        check("2026-05-03T14", Some(("2026-05-03T14:00:00", "2026-05-03T15:00:00")));
        check("2026-05-03t23:59", Some(("2026-05-03T23:59:00", "2026-05-04T00:00:00")));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "26",
            "2026-",
            "2026-13",
            "2026-02-30",
            "2026-05-03-1",
            "2026-05T10",
            "x",
            "2026-05-03T24",
            "2026-05-03T10:60",
            "2026-05-03T",
            "+026",
            "２０２６",
        ] {
            check(text, None);
        }
    }
}
