//! What is said about exports, in the window and on the terminal alike.

use crate::core::export::Action;
use crate::core::export::Plan;
use crate::disk::export::journal::End;
use crate::disk::export::journal::Journal;

/// What would happen.
#[must_use]
pub fn plan(plan: &Plan) -> String {
    let photos = counted(plan.photos.len(), "photo");
    let files = counted(plan.file_count(), "file");
    let (verb, place) = match (plan.action, &plan.target) {
        (Action::Copy, Some(folder)) => ("copy", format!(" to {}", folder.display())),
        (Action::Move, Some(folder)) => ("move", format!(" to {}", folder.display())),
        _ => ("trash", String::new()),
    };
    let mut words = format!("{verb} {photos}, {files}, {}{place}", size(plan.size_bytes()));
    if plan.renamed_count > 0 {
        let photos = counted(plan.renamed_count, "photo");
        words += &format!("; {photos} under another name, as theirs is taken");
    }
    if plan.embed.is_some() {
        words += "; JPEGs with what is decided in them";
    }
    if plan.there_count > 0 {
        words += &format!("; {} there already", counted(plan.there_count, "photo"));
    }
    words
}

/// What has become of it; how many photos could not go, and how many went without what was to be in
/// them.
#[must_use]
pub fn outcome(journal: &Journal, [failed_count, plain_count]: [usize; 2]) -> String {
    let done = journal.is_done.iter().filter(|done| **done).count();
    let count = if journal.is_undoing { journal.photos.len() - done } else { done };
    let verb = match (journal.is_undoing, journal.action) {
        (true, _) => "brought back",
        (_, Action::Copy) => "copied",
        (_, Action::Move) => "moved",
        (_, Action::Trash | Action::TrashBeside) => "trashed",
    };
    let mut words = format!("{verb} {}", counted(count, "photo"));
    if failed_count > 0 {
        words += &format!("; {failed_count} could not be");
    }
    if plain_count > 0 {
        words += &format!("; {plain_count} without what is decided in them");
    }
    if journal.end == Some(End::Stopped) && failed_count == 0 {
        words += ", then stopped";
    }
    words
}

/// A line of the log.
#[must_use]
pub fn logged(journal: &Journal) -> String {
    let state = match journal.end {
        None => "interrupted: rushlight export resume goes on",
        Some(End::Whole) => "whole",
        Some(End::Stopped) => "stopped",
        Some(End::Undone) => "undone",
    };
    let target = journal.target.as_ref().map(|folder| format!(" to {}", folder.display()));
    let of = counted(journal.photos.len(), "photo");
    let words = outcome(journal, [0; 2]).replace(", then stopped", "");
    let (number, at, target) = (journal.number, journal.at, target.unwrap_or_default());
    format!("{number:>4}  {at}Z  {words}{target}, of {of}: {state}")
}

/// A count with its noun.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A size in the units that file managers use.
#[must_use]
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 || value >= 9.95 {
        format!("{value:.0} {}", UNITS[unit])
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_two_digits_at_least_and_a_unit() {
        for (bytes, expect) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 KB"),
            (9_949, "9.9 KB"),
            (9_950, "10 KB"),
            (999_500, "1.0 MB"),
            (412_345_678, "412 MB"),
            (3_210_000_000_000, "3.2 TB"),
        ] {
            assert_eq!(size(bytes), expect, "{bytes}");
        }
    }
}
