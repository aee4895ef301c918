//! How wide a line of text will be, before it is shaped: for what must not overlap.
//!
//! Widths are Inter's, of which most lines consist; what Inter lacks counts as wide. Kerning is left
//! out, so a line is rarely wider than measured, and only by a pixel or two
//! (`lines_are_as_wide_as_measured`).

use crate::core::frame::Weight;

/// Design units of Inter to an em.
const UNITS_PER_EM: f32 = 2816.0;

/// Advance widths of U+0020 to U+007E in Inter Regular 3.19, from its `hmtx` table, in design units.
const ADVANCES: [u16; 95] = [
    792, 784, 1136, 1776, 1796, 2288, 1800, 624, 1020, 1020, 1408, 1856, 788, 1296, 776,
    1004, //
    1760, 1308, 1704, 1792, 1808, 1712, 1756, 1608, 1736, 1756, 776, 788, 1856, 1856, 1856, 1428,
    2636, 1904, 1832, 2048, 2024, 1684, 1652, 2092, 2084, 744, 1528, 1836, 1584, 2504, 2120, 2144,
    1788, 2144, 1800, 1796, 1808, 2088, 1904, 2672, 1808, 1872, 1760, 1020, 1004, 1020, 1320, 1272,
    1400, 1588, 1748, 1572, 1748, 1640, 1016, 1716, 1664, 668, 668, 1532, 668, 2448, 1648, 1680,
    1716, 1716, 1048, 1472, 1024, 1636, 1568, 2288, 1520, 1568, 1524, 1020, 920, 1020, 1856,
];

/// Any other letter: an em, as Chinese and Japanese have.
const OTHER: u16 = 2816;

/// How much wider the semi-bold letters are: 2 to 5 percent, more for capitals.
const SEMI_BOLD: f32 = 1.05;

/// The width of a line in pixels at a font size in pixels.
#[must_use]
pub fn width_px(text: &str, size_px: f32, weight: Weight) -> f32 {
    let units: u32 = text.chars().map(|letter| u32::from(advance(letter))).sum();
    let weight = match weight {
        Weight::Regular => 1.0,
        Weight::SemiBold => SEMI_BOLD,
    };
    units as f32 / UNITS_PER_EM * size_px * weight
}

/// The beginning of a regular line that is at most `room_px` wide, broken between words where it
/// can be, and the rest; at least one letter, so that whoever asks again comes to an end.
#[must_use]
pub fn split_to_fit(text: &str, size_px: f32, room_px: f32) -> (&str, &str) {
    let (mut width, mut after_word) = (0.0, None);
    for (at, letter) in text.char_indices() {
        width += f32::from(advance(letter)) / UNITS_PER_EM * size_px;
        if width > room_px && at > 0 {
            let end = after_word.unwrap_or(at);
            return (text[..end].trim_end(), text[end..].trim_start());
        }
        if letter == ' ' {
            after_word = Some(at + 1);
        }
    }
    (text, "")
}

fn advance(letter: char) -> u16 {
    let index = (letter as usize).checked_sub(0x20);
    index.and_then(|at| ADVANCES.get(at)).copied().unwrap_or(OTHER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use glyphon::cosmic_text;

    fn shaped_px(text: &str, weight: cosmic_text::Weight) -> f32 {
        let mut fonts = glyphon::fontdb::Database::new();
        for face in ["Inter-Regular.otf", "Inter-SemiBold.otf"] {
            let path = format!("{}/assets/fonts/{face}", env!("CARGO_MANIFEST_DIR"));
            fonts.load_font_file(path).expect("the font ships with the program");
        }
        let mut fonts = glyphon::FontSystem::new_with_locale_and_db("en-US".into(), fonts);
        let mut buffer = glyphon::Buffer::new_empty(cosmic_text::Metrics::new(100.0, 125.0));
        buffer.set_size(None, None);
        let family = cosmic_text::Family::Name("Inter");
        let attrs = cosmic_text::Attrs::new().family(family).weight(weight);
        buffer.set_text(text, &attrs, cosmic_text::Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut fonts, false);
        buffer.layout_runs().map(|run| run.line_w).sum()
    }

    #[test]
    fn lines_are_as_wide_as_measured() {
        for text in ["1,219 undecided", "WAVE To. AV", "a key reaches 7 selected photos", "~|{}@#"]
        {
            let regular = shaped_px(text, cosmic_text::Weight::NORMAL);
            let measured = width_px(text, 100.0, Weight::Regular);
            let ratio = measured / regular;
            assert!((0.995..1.12).contains(&ratio), "{text}: {measured} for {regular}");
            let bold = shaped_px(text, cosmic_text::Weight::SEMIBOLD);
            let measured = width_px(text, 100.0, Weight::SemiBold);
            assert!((0.98..1.14).contains(&(measured / bold)), "{text}: {measured} for {bold}");
        }
    }

    #[test]
    fn lines_break_between_words_and_never_stand_still() {
        let split = |text, room| split_to_fit(text, 10.0, room);
        assert_eq!(split("two words", 100.0), ("two words", ""));
        assert_eq!(split("two words", 40.0), ("two", "words"));
        assert_eq!(split("/one/long/path", 30.0).0, "/one/l");
        assert_eq!(split("ab", 0.0), ("a", "b"));
    }

    #[test]
    fn other_letters_count_as_wide() {
        assert_eq!(width_px("写真", 10.0, Weight::Regular), 20.0);
    }
}
