//! The panel that tells how good the learner is: its figures from photos that it had not seen, how far its
//! probabilities can be believed, and what it proposes.

use std::fmt::Write;

use super::Scene;
use super::filled;
use super::proposal;
use super::text_line;
use super::words;
use crate::app::theme;
use crate::app::theme::palette::Palette;
use crate::core::frame::Align;
use crate::core::frame::Frame;
use crate::core::frame::Line;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::frame::Weight;
use crate::core::guard::audit::Estimate;
use crate::core::guard::walk::Found;
use crate::core::guard::walk::Progress;
use crate::core::learner::figures::Bin;
use crate::core::outlook::Outlook;
use crate::core::outlook::Report;

/// Between the panel's edge and what stands in it, in logical pixels.
const MARGIN: f32 = 16.0;
/// Height of a row in logical pixels.
const ROW: f32 = 22.0;
/// Side of the chart, in logical pixels.
const CHART: f32 = 220.0;
/// Everything, with as much again around it: in a lower window it shrinks.
const HEIGHT: f32 = ROW * 13.0 + CHART + 70.0;
/// What a blind audit takes of it.
const AUDIT: f32 = ROW * 5.5;
/// Dots of the line on which probabilities are right.
const DOTS: usize = 23;

/// Draws the panel in its column at the right.
pub fn compose(scene: &Scene<'_>, frame: &mut Frame) {
    let panel = theme::info_rect(scene.viewport.size_px, scene.scale);
    frame.overlay.quads.push(filled(panel, scene.palette.panel));
    let edge = [panel[0], panel[1], scene.scale.round(), panel[3]];
    frame.overlay.quads.push(filled(edge, scene.palette.rule));
    let height = HEIGHT + if scene.news.audit.is_some() { AUDIT } else { 0.0 };
    let scale = scene.scale.min(panel[2] / theme::INFO_WIDTH).min(panel[3] / height);
    let mut rows =
        Rows { scale, palette: scene.palette, panel, next_y: panel[1] + MARGIN * scale, frame };
    rows.title("What is learned");
    let Some(outlook) = scene.news.outlook else {
        rows.row("Nothing yet", |text| text.push_str("decide about ten photos"));
        return;
    };
    rows.counts(outlook, scene.board.photo_count());
    rows.line(|text| _ = proposal::write_progress(outlook, text));
    if let Some(audit) = &scene.news.audit {
        rows.audit(audit);
    }
    if let Some(report) = &outlook.report {
        rows.report(report);
        rows.chart(&report.reliability);
    }
}

/// Writes rows from the top of the panel downwards.
struct Rows<'a> {
    scale: f32,
    palette: &'static Palette,
    panel: RectPx,
    next_y: f32,
    frame: &'a mut Frame,
}

impl Rows<'_> {
    fn title(&mut self, words: &str) {
        let at = [self.panel[0] + MARGIN * self.scale, self.next_y];
        let line = text_line(at, 15.0 * self.scale, self.palette.text, self.panel);
        let line = Line { weight: Weight::SemiBold, ..line };
        self.frame.overlay.write(line, |text| text.push_str(words));
        self.next_y += 30.0 * self.scale;
    }

    fn line(&mut self, write: impl FnOnce(&mut String)) {
        let at = [self.panel[0] + MARGIN * self.scale, self.next_y];
        let line = text_line(at, theme::TEXT_SIZE * self.scale, self.palette.text, self.panel);
        self.frame.overlay.write(line, write);
        self.next_y += ROW * self.scale;
    }

    fn row(&mut self, name: &str, write: impl FnOnce(&mut String)) {
        let (scale, size_px) = (self.scale, theme::TEXT_SIZE * self.scale);
        let at = [self.panel[0] + MARGIN * scale, self.next_y];
        let name_line = text_line(at, size_px, self.palette.text_dim, self.panel);
        self.frame.overlay.write(name_line, |text| text.push_str(name));
        let at = [self.panel[0] + self.panel[2] - MARGIN * scale, self.next_y];
        let line = text_line(at, size_px, self.palette.text, self.panel);
        let line = Line { align: Align::Right, ..line };
        self.frame.overlay.write(line, write);
        self.next_y += ROW * scale;
    }

    fn counts(&mut self, outlook: &Outlook, photo_count: usize) {
        self.row("Decisions learned from", |text| words::count(text, outlook.lessons));
        self.row("Photos measured", |text| {
            words::count(text, outlook.known);
            text.push_str(" of ");
            words::count(text, photo_count);
        });
        if !outlook.hidden.is_empty() {
            return;
        }
        let [trash, keep] = outlook.proposed;
        self.row("Proposed as trash", |text| words::count(text, trash));
        self.row("Proposed to keep", |text| words::count(text, keep));
    }

    /// What a blind audit found, or how far it has come: what it will find is not told before.
    fn audit(&mut self, progress: &Progress) {
        self.next_y += ROW / 2.0 * self.scale;
        let Some(found) = &progress.found else {
            let [decided, all] = progress.decided;
            self.line(|text| text.push_str("Blind check (Ctrl B goes on)"));
            return self.row("Decided", |text| _ = write!(text, "{decided} of {all}"));
        };
        let Found { looked_at, kept, proposed, audit, accepted } = found;
        self.line(|text| _ = write!(text, "Blind check of {proposed} proposed as trash"));
        self.row("Kept, of those looked at", |text| _ = write!(text, "{kept} of {looked_at}"));
        self.row("Kept, of all proposed", |text| {
            let Estimate { value, interval: [low, high] } = audit.kept;
            _ = write!(text, "{value:.0}");
            if looked_at < proposed {
                _ = write!(text, " ({low:.0} to {high:.0})");
            }
        });
        let Estimate { value, interval: [low, high] } = audit.keep_loss;
        self.row("Real keep-loss", |text| {
            write_percent(value, text);
            // Where all were looked at, nothing is left to estimate.
            if looked_at < proposed {
                text.push_str(" (");
                write_percent(low, text);
                text.push_str(" to ");
                write_percent(high, text);
                text.push(')');
            }
        });
        self.line(|text| {
            text.push_str(match (low > *accepted, high <= *accepted) {
                (true, _) => "More than the ",
                (_, true) => "Within the ",
                _ => "May be more or less than the ",
            });
            write_percent(*accepted, text);
            text.push_str(" that you accept");
        });
    }

    fn report(&mut self, report: &Report) {
        self.next_y += ROW / 2.0 * self.scale;
        self.line(|text| text.push_str("On decided photos that it had not seen"));
        let (figures, trash) = (&report.figures, &report.trash);
        self.row("Kept ones taken for trash", |text| write_percent(figures.keep_loss, text));
        self.row("Trash taken for kept", |text| write_percent(figures.junk_leak, text));
        self.row("Could be proposed as trash now", |text| match trash.below {
            None => text.push_str("nothing"),
            Some(below) => {
                text.push_str("p < ");
                write_percent(below.into(), text);
            }
        });
        self.row("Kept photos that answer for it", |text| words::count(text, trash.kept));
        self.row("Kept photos until it looks again", |text| words::count(text, report.until_look));
    }

    /// The reliability curve: of the photos to which it gave a probability, how many were kept. On the
    /// dotted line it is right; a larger point stands for more photos.
    fn chart(&mut self, bins: &[Bin]) {
        let scale = self.scale;
        self.next_y += ROW / 2.0 * scale;
        self.line(|text| text.push_str("Said to be kept, and kept"));
        let side = (CHART * scale).min(self.panel[2] - 2.0 * MARGIN * scale).round();
        let left = (self.panel[0] + (self.panel[2] - side) / 2.0).round();
        let top = self.next_y.round();
        let quads = &mut self.frame.overlay.quads;
        quads.push(filled([left, top, side, side], self.palette.cell));
        let mut point = |at: [f64; 2], size: f32, colour| {
            let [x, y] = at.map(|share| share.clamp(0.0, 1.0) as f32 * side);
            let half = size / 2.0;
            let rect = [left + x - half, top + side - y - half, size, size].map(f32::round);
            quads.push(Quad { radius_px: half, ..filled(rect, colour) });
        };
        for dot in 0..DOTS {
            let share = (dot as f64 + 0.5) / DOTS as f64;
            point([share, share], (2.0 * scale).round(), self.palette.text_dim);
        }
        let most = bins.iter().map(|bin| bin.count).max().unwrap_or(0).max(1);
        for bin in bins.iter().filter(|bin| bin.count > 0) {
            let share = (bin.count as f32 / most as f32).sqrt();
            let size = ((4.0 + 10.0 * share) * scale).round();
            point([bin.probability, bin.kept], size, theme::KEEP);
        }
        self.next_y += side + ROW / 2.0 * scale;
    }
}

/// Appends a share in percent; a tenth is worth telling only where there are few.
fn write_percent(share: f64, text: &mut String) {
    let digits = usize::from(share < 0.0995);
    _ = write!(text, "{:.digits$} %", share * 100.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_shares_have_a_tenth() {
        for (share, expect) in [(0.004, "0.4 %"), (0.099, "9.9 %"), (0.1, "10 %"), (1.0, "100 %")] {
            let mut text = String::new();
            write_percent(share, &mut text);
            assert_eq!(text, expect);
        }
    }
}
