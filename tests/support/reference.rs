//! What training wrote of a made-up photo, `models/reference.json`, and that photo.

use rushlight::core::embed_input::Detail;
use rushlight::core::embed_input::Look;
use rushlight::core::photo::Turn;
use rushlight::core::texels::Texels;

/// The made-up photo as one case has it, with what training made of it.
pub struct Case {
    pub turn: Turn,
    pub expect: serde_json::Value,
    tile: Texels,
    map: Option<Vec<u8>>,
}

impl Case {
    pub fn look(&self) -> Look<'_> {
        let detail = self.map.as_deref().map(|bit_pairs| Detail {
            cells: [23, 15],
            extent: [22.5, 15.0],
            turn: self.turn,
            bit_pairs,
        });
        Look { tile: &self.tile, detail }
    }
}

/// All of them, as `reference` in `models/train/train.py` makes them.
pub fn cases() -> Vec<Case> {
    let text = include_str!("../../models/reference.json");
    let mut reference: serde_json::Value =
        serde_json::from_str(text).expect("training writes JSON");
    let cases = reference["cases"].as_array_mut().expect("there are cases").drain(..);
    let case = |expect: serde_json::Value| {
        let turn = expect["turn"].as_u64().expect("EXIF 1 to 8") as u32;
        let has_map = expect["has_map"].as_bool().expect("true or false");
        let bits = |at: usize| ((at / 23 * 11 + at % 23 * 5) % 200) as u8;
        let map = has_map.then(|| (0..15 * 23).map(bits).collect());
        Case { turn: Turn::from_exif(turn), tile: tile(turn < 5), map, expect }
    };
    cases.map(case).collect()
}

/// The tile, on its side where `is_upright` is not.
fn tile(is_upright: bool) -> Texels {
    let value = |x: u32, y: u32| [x * 7 + y * 3, x * y, x * 2 + y * 5].map(|v| (v % 256) as u8);
    let size = if is_upright { [90, 60] } else { [60, 90] };
    let texel = |at: u32| {
        let [x, y] = [at % size[0], at / size[0]];
        let [r, g, b] = if is_upright { value(x, y) } else { value(y, x) };
        [r, g, b, 255]
    };
    Texels::new(size[0], size[1], (0..5400).flat_map(texel).collect()).expect("four bytes a texel")
}
