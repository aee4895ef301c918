//! The colours of everything that lies beside the photos, in two palettes.
//!
//! Neutral greys without a cast, so that nothing beside a photo shifts how its colours are seen. Dark:
//! dark enough not to dazzle, not black, so that a photo's own black has an edge. Light: for a bright
//! room and for judging what will be printed on paper, not white, so that a photo's own white has an edge.
//! Text of either has a contrast of at least 4.5 to what it stands on (WCAG 2.2, 1.4.3); a test counts.

use crate::core::frame::Rgba;

/// Colours of what lies beside photos.
#[derive(Debug, PartialEq, Eq)]
pub struct Palette {
    /// Behind the cells.
    pub background: Rgba,
    /// Behind the loupe's photo.
    pub surround: Rgba,
    /// A cell.
    pub cell: Rgba,
    /// A selected cell.
    pub cell_selected: Rgba,
    /// The place of a photo that nothing is known of yet.
    pub place: Rgba,
    /// The outline of the current photo.
    pub current: Rgba,
    /// Inside the rectangle that is being drawn with the mouse.
    pub rectangle: Rgba,
    /// The status line and panels.
    pub panel: Rgba,
    /// The help: the photos under it can just be told, so that one knows where one is. Blending is in
    /// linear light, where an alpha of 250 leaves as much as 235 does in most programs.
    pub help: Rgba,
    /// Thin lines between panels.
    pub rule: Rgba,
    /// A key cap in the help, a marked line in a menu.
    pub raised: Rgba,
    /// Text that is read.
    pub text: Rgba,
    /// Text that is looked up.
    pub text_dim: Rgba,
    /// Something is wrong.
    pub trouble: Rgba,
    /// How many are kept.
    pub kept: Rgba,
    /// How many are trashed.
    pub trashed: Rgba,
    /// Stars given.
    pub star: Rgba,
}

/// For a dark room.
pub static DARK: Palette = Palette {
    background: [24, 24, 24, 255],
    surround: [16, 16, 16, 255],
    cell: [34, 34, 34, 255],
    cell_selected: [70, 70, 70, 255],
    place: [44, 44, 44, 255],
    current: [235, 235, 235, 255],
    rectangle: [235, 235, 235, 28],
    panel: [30, 30, 30, 255],
    help: [20, 20, 20, 250],
    rule: [58, 58, 58, 255],
    raised: [62, 62, 62, 255],
    text: [224, 224, 224, 255],
    text_dim: [150, 150, 150, 255],
    trouble: [240, 170, 80, 255],
    kept: [92, 190, 112, 255],
    trashed: [226, 92, 84, 255],
    star: [236, 196, 84, 255],
};

/// For a bright room.
pub static LIGHT: Palette = Palette {
    background: [218, 218, 218, 255],
    surround: [198, 198, 198, 255],
    cell: [232, 232, 232, 255],
    cell_selected: [168, 168, 168, 255],
    place: [204, 204, 204, 255],
    current: [24, 24, 24, 255],
    rectangle: [24, 24, 24, 40],
    panel: [240, 240, 240, 255],
    help: [240, 240, 240, 250],
    rule: [190, 190, 190, 255],
    raised: [214, 214, 214, 255],
    text: [28, 28, 28, 255],
    text_dim: [78, 78, 78, 255],
    trouble: [148, 72, 0, 255],
    kept: [22, 104, 48, 255],
    trashed: [176, 32, 28, 255],
    star: [156, 104, 0, 255],
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance([red, green, blue, _]: Rgba) -> f64 {
        let linear = |byte: u8| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(one: Rgba, other: Rgba) -> f64 {
        let [one, other] = [one, other].map(luminance);
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_what_it_stands_on() {
        for palette in [&DARK, &LIGHT] {
            let Palette { panel, cell, background, raised, surround, .. } = *palette;
            let texts = [palette.text, palette.text_dim];
            let told = [palette.trouble, palette.kept, palette.trashed];
            for ink in texts.into_iter().chain(told) {
                assert!(contrast(ink, panel) >= 4.5, "{ink:?} on a panel: {palette:?}");
            }
            for ground in [cell, background, surround] {
                let least = texts.map(|ink| contrast(ink, ground)).into_iter().fold(99.0, f64::min);
                assert!(least >= 4.5, "{least} on {ground:?}: {palette:?}");
            }
            assert!(contrast(palette.text, raised) >= 4.5, "{palette:?}");
            // What is no text but must be told apart (1.4.11).
            for mark in [palette.current, palette.star] {
                assert!(contrast(mark, cell) >= 3.0, "{mark:?}: {palette:?}");
            }
        }
    }

    #[test]
    fn nothing_beside_a_photo_has_a_cast() {
        for palette in [&DARK, &LIGHT] {
            let Palette { background, surround, cell, place, panel, .. } = *palette;
            for [red, green, blue, _] in [background, surround, cell, place, panel] {
                assert!(red == green && green == blue, "{palette:?}");
            }
        }
    }
}
