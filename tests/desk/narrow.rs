//! Small windows and large letters: nothing in the status line lies over another thing, and what
//! matters most is still told.

use rushlight::app::compose::measure;
use rushlight::app::theme;
use rushlight::core::command::Command;
use rushlight::core::frame::Align;
use rushlight::core::frame::Frame;
use rushlight::core::frame::Line;
use rushlight::core::label::Decision;
use rushlight::core::photo::Timestamp;

use crate::SMALL;
use crate::shoot::Shoot;
use crate::table::Table;

/// Window sizes with their scale factors, from a corner of a laptop to two 5K displays.
const SURFACES: [([f32; 2], f32); 9] = [
    ([300.0, 300.0], 1.0),
    ([450.0, 300.0], 1.0),
    ([600.0, 450.0], 2.0),
    ([700.0, 450.0], 1.0),
    ([900.0, 600.0], 1.5),
    ([1000.0, 730.0], 1.0),
    ([1600.0, 1000.0], 2.0),
    ([3840.0, 2160.0], 2.0),
    ([10_240.0, 2880.0], 2.0),
];

/// What is told from here on stays told while the test runs.
const NOW: Timestamp = Timestamp(i64::MAX / 2);

/// Left and right end of a line as it is drawn.
fn span(frame: &Frame, line: &Line) -> [f32; 2] {
    let text = frame.overlay.text_of(line);
    let width = measure::width_px(text, line.size_px, line.weight);
    let left = match line.align {
        Align::Left => line.at_px[0],
        Align::Middle => line.at_px[0] - width / 2.0,
        Align::Right => line.at_px[0] - width,
    };
    let [clip_left, _, clip_width, _] = line.clip_px;
    [left.max(clip_left), (left + width).min(clip_left + clip_width)]
}

/// Composes for a surface, looks that nothing overlaps, and gives what the status line says.
#[track_caller]
fn status(table: &mut Table, size_px: [f32; 2], scale: f32) -> Vec<String> {
    table.desk.review.set_viewport(theme::viewport(size_px, scale));
    table.desk.compose(scale);
    let frame = table.desk.frame();
    let bar_top = size_px[1] - theme::STATUS_HEIGHT * scale;
    let written = |line: &&Line| line.at_px[1] > bar_top && !frame.overlay.text_of(line).is_empty();
    let lines: Vec<&Line> = frame.overlay.lines.iter().filter(written).collect();
    let mut spans: Vec<[f32; 2]> = lines.iter().map(|line| span(frame, line)).collect();
    let in_bar = |top: f32, width: f32| top > bar_top + scale && width < size_px[0];
    let marks = frame.overlay.quads.iter().map(|quad| quad.rect_px);
    spans.extend(marks.filter(|r| in_bar(r[1], r[2])).map(|r| [r[0], r[0] + r[2]]));
    spans.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let said: Vec<String> = lines.iter().map(|l| frame.overlay.text_of(l).to_owned()).collect();
    for pair in spans.windows(2) {
        assert!(pair[0][1] <= pair[1][0], "{size_px:?} at {scale}: {said:?} at {spans:?}");
    }
    let (first, last) = (spans[0], spans[spans.len() - 1]);
    assert!(first[0] >= 0.0 && last[1] <= size_px[0], "{size_px:?} at {scale}: {spans:?}");
    said
}

#[test]
fn nothing_in_the_status_line_overlaps() {
    let shoot = Shoot::of(7, SMALL);
    let mut table = Table::ready(&shoot);
    table.decide(Decision::Keep);
    table.show();
    for (size_px, scale) in SURFACES {
        let said = status(&mut table, size_px, scale).join("|");
        assert!(said.contains("2 of 7"), "{size_px:?}: {said}");
        // In words, or as a number beside its mark.
        assert!(said.contains('1') && said.contains('6'), "{size_px:?}: {said}");
        assert_eq!(said.contains("6 undecided"), size_px[0] / scale > 400.0, "{size_px:?}: {said}");
    }
    table.command(Command::Open);
    for (size_px, scale) in SURFACES {
        status(&mut table, size_px, scale);
    }
    table.close();
}

#[test]
fn what_a_key_reaches_is_told_in_every_window() {
    let shoot = Shoot::of(7, SMALL);
    let mut table = Table::ready(&shoot);
    table.command(Command::SelectAll);
    table.show();
    for (size_px, scale) in SURFACES {
        let said = status(&mut table, size_px, scale);
        let is_told = said.iter().any(|line| line == "a key reaches 7 selected photos");
        assert!(is_told, "{size_px:?} at {scale}: {said:?}");
    }
    table.close();
}

#[test]
fn a_message_longer_than_the_window_begins_at_its_beginning() {
    let shoot = Shoot::of(7, SMALL);
    let mut table = Table::ready(&shoot);
    let words = format!("cannot read the photo; file: /{}/a.jpg", "long/".repeat(400));
    table.desk.tell(words.as_str(), NOW);
    for (size_px, scale) in SURFACES {
        let said = status(&mut table, size_px, scale);
        assert!(said.contains(&words), "{size_px:?} at {scale}: {said:?}");
        let frame = table.desk.frame();
        let line = frame.overlay.lines.iter().find(|l| frame.overlay.text_of(l) == words);
        assert_eq!(line.map(|l| l.align), Some(Align::Left), "{size_px:?} at {scale}");
    }
    table.close();
}

#[test]
fn how_many_are_shown_is_told_in_every_window() {
    let shoot = Shoot::of(7, SMALL);
    let mut table = Table::ready(&shoot);
    table.command(Command::ToggleAutoAdvance);
    table.decide(Decision::Keep);
    table.until("the decision is saved", |desk| desk.unsaved_count() == 0);
    table.desk.filter_by("undecided stars<5 not (trash or \"a name that is long\")");
    table.until("the filter is shown", |desk| desk.review.order().len() == 6);
    table.desk.sort_next(NOW);
    table.until("it is sorted", |desk| !desk.review.order().is_by_time());
    table.decide(Decision::Keep);
    table.until("it is stale", |desk| desk.review.stale_count() == 1);
    for command in [Command::ZoomIn, Command::SelectAll, Command::Open] {
        table.command(command);
        table.show();
        for (size_px, scale) in SURFACES {
            let said = status(&mut table, size_px, scale).join("|");
            let is_told = ["6 of 7 shown", "of 6 of 7"].iter().any(|words| said.contains(words));
            assert!(is_told, "{size_px:?} at {scale}: {said}");
        }
    }
    table.close();
}

#[test]
fn a_filter_without_a_match_is_told_in_every_window() {
    let shoot = Shoot::of(7, SMALL);
    let mut table = Table::ready(&shoot);
    table.desk.filter_by("keep");
    table.until("nothing is shown", |desk| desk.review.order().is_empty());
    for (size_px, scale) in SURFACES {
        let said = status(&mut table, size_px, scale).join("|");
        assert!(said.contains("0 of 7 shown"), "{size_px:?} at {scale}: {said}");
    }
    table.close();
}

#[test]
fn the_end_of_a_long_filter_is_seen_in_every_window() {
    let shoot = Shoot::of(7, SMALL);
    let mut table = Table::ready(&shoot);
    table.desk.open_filter_line();
    table.desk.edit_filter_line(|line| line.type_text(&"not keep or ".repeat(40)));
    table.desk.edit_filter_line(|line| line.type_text("p<1"));
    for (size_px, scale) in SURFACES {
        status(&mut table, size_px, scale);
        let frame = table.desk.frame();
        let text = |line: &&Line| frame.overlay.text_of(line).ends_with("p<1▏");
        let line = frame.overlay.lines.iter().find(text).expect("the line is drawn");
        let width = measure::width_px(frame.overlay.text_of(line), line.size_px, line.weight);
        let [left, _, clip_width, _] = line.clip_px;
        let end = line.at_px[0] + width - line.size_px;
        assert!((left..=left + clip_width).contains(&end), "{size_px:?} at {scale}: {end}");
    }
    table.close();
}
