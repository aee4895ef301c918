//! What is proposed for a photo, and the line of words about the learner.
//!
//! A proposal differs from a decision at a glance: it stands at the other side of the picture, is a ring without a
//! filling, has no border around the photo, and dims nothing. Never drawn for a photo that is decided.

use std::fmt::Write;

use super::Scene;
use super::filled;
use super::grown;
use super::words;
use crate::app::theme;
use crate::core::frame::Frame;
use crate::core::frame::Glyph;
use crate::core::frame::Quad;
use crate::core::frame::RectPx;
use crate::core::label::Label;
use crate::core::label::Verdict;
use crate::core::learner;
use crate::core::learner::Silence;
use crate::core::outlook::Outlook;
use crate::core::photo::PhotoId;

/// How much of a decision's colour a proposal has.
const FAINT: u8 = 170;

/// The mark of what is proposed for a photo, in its picture's upper right corner.
pub fn draw(scene: &Scene<'_>, photo: PhotoId, label: &Label, picture: RectPx, frame: &mut Frame) {
    let proposal = scene.news.outlook.and_then(|o| o.proposal(photo, label.verdict));
    let (colour, glyph) = match proposal {
        None | Some(Verdict::Undecided) => return,
        Some(Verdict::Keep) => (theme::KEEP, Glyph::Check),
        Some(Verdict::Trash) => (theme::TRASH, Glyph::Cross),
    };
    let scale = scene.scale;
    let size = (16.0 * scale).min(picture[2] / 4.0).max(8.0 * scale).round();
    let inset = (size / 4.0).round().min(5.0 * scale);
    let [left, top, width, _] = picture;
    let rect_px = [left + width - inset - size, top + inset, size, size];
    let [red, green, blue, _] = colour;
    frame.marks.push(Quad {
        rect_px,
        radius_px: size / 2.0,
        border_px: scale.round().max(1.0),
        fill: theme::HOLLOW,
        border: [red, green, blue, FAINT],
        glyph: Glyph::Box,
    });
    let ink = [red, green, blue, FAINT];
    frame.marks.push(Quad { glyph, ..filled(grown(rect_px, -size * 0.26), ink) });
}

/// Appends a probability in percent.
pub fn write_keep(keep: f32, text: &mut String) {
    // Never "0 %" or "100 %": it is not sure.
    _ = write!(text, "{:.0} %", (keep * 100.0).clamp(1.0, 99.0));
}

/// Appends why there is no model.
pub fn write_silence(silence: Silence, text: &mut String) {
    match silence {
        Silence::TooFew { decided } => {
            _ = write!(text, "learns from {decided} of {} decisions", learner::LEAST);
        }
        Silence::NoneTrashed => text.push_str("learns once something is trashed"),
        Silence::NoneKept => text.push_str("learns once something is kept"),
    }
}

/// Appends how far learning has come, or what it proposes; gives whether there was something to say.
pub fn write_progress(outlook: &Outlook, text: &mut String) -> bool {
    match (outlook.silence, outlook.proposed, outlook.missing()) {
        (Some(silence), ..) => write_silence(silence, text),
        (None, ..) if !outlook.hidden.is_empty() => {
            // How many are proposed would tell of the last few what they are.
            text.push_str("a check of the proposals is unfinished (Ctrl B)");
        }
        (None, [trash, _], _) if trash > 0 => {
            words::count(text, trash);
            text.push_str(" proposed as trash (Y accepts, Ctrl B checks)");
        }
        (None, [_, keep], _) if keep > 0 => {
            words::count(text, keep);
            text.push_str(" proposed to keep (Y accepts)");
        }
        (None, _, Some(missing)) => {
            text.push_str("proposes trash after ");
            words::count(text, missing);
            text.push_str(" more kept photos");
        }
        (None, ..) => {
            let Some(until) = outlook.until_look() else { return false };
            text.push_str("looks for trash again after ");
            words::count(text, until);
            text.push_str(" more kept photos");
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::guard::Ruling;
    use crate::core::learner::figures::BINS;
    use crate::core::learner::figures::Bin;
    use crate::core::learner::figures::Figures;
    use crate::core::outlook::Report;

    #[track_caller]
    fn check(outlook: &Outlook, expect: &str) {
        let mut text = String::new();
        assert_eq!(write_progress(outlook, &mut text), !expect.is_empty());
        assert_eq!(text, expect);
    }

    #[test]
    fn it_says_why_nothing_is_proposed() {
        let silent = |silence| Outlook { silence: Some(silence), ..Outlook::default() };
        check(&silent(Silence::TooFew { decided: 7 }), "learns from 7 of 10 decisions");
        check(&silent(Silence::NoneTrashed), "learns once something is trashed");
        check(&silent(Silence::NoneKept), "learns once something is kept");
        check(&Outlook::default(), "");
        let some = Outlook { proposed: [1200, 3], ..Outlook::default() };
        check(&some, "1,200 proposed as trash (Y accepts, Ctrl B checks)");
        let checked = Outlook { hidden: [PhotoId(1)].into(), ..some };
        check(&checked, "a check of the proposals is unfinished (Ctrl B)");
        let some = Outlook { proposed: [0, 3], ..Outlook::default() };
        check(&some, "3 proposed to keep (Y accepts)");
    }

    #[test]
    fn it_says_after_how_many_photos_it_would_propose() {
        let seen = |missing, until_look| {
            let trash = Ruling { below: None, kept: 190, lost: 0, design_effect: 1.0, missing };
            let figures = Figures::of(&[]);
            let reliability = [Bin::default(); BINS];
            let report = Some(Report { figures, reliability, trash, until_look });
            Outlook { report, ..Outlook::default() }
        };
        check(&seen(40, 12), "proposes trash after 40 more kept photos");
        check(&seen(12, 40), "proposes trash after 40 more kept photos");
        check(&seen(0, 40), "looks for trash again after 40 more kept photos");
        check(&seen(0, 0), "");
    }
}
