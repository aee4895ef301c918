//! What the network is given of a photo, against what training made of the same photo.

#[path = "support/reference.rs"]
mod reference;

use rushlight::core::embed_input;
use rushlight::core::embed_input::Form;

#[test]
fn a_photo_is_seen_as_training_saw_it() {
    let cases = reference::cases();
    assert_eq!(cases.len(), 5);
    for case in &cases {
        let mut out = vec![f32::NAN; Form::OURS.len()];
        embed_input::write(&case.look(), &Form::OURS, &mut out);
        let squares: f64 = out.iter().map(|&v| f64::from(v).powi(2)).sum();
        let sum: f64 = out.iter().map(|&v| f64::from(v)).sum();
        let near = |found: f64, expect: &serde_json::Value, tolerance: f64| {
            let expect = expect.as_f64().unwrap();
            assert!((found - expect).abs() < tolerance, "{found}, not {expect}: {:?}", case.turn);
        };
        let list = |key: &str| case.expect[key].as_array().unwrap().clone();
        for (at, value) in list("at").iter().zip(&list("values")) {
            let [plane, row, column] = [0, 1, 2].map(|k| at[k].as_u64().unwrap() as usize);
            near(f64::from(out[(plane * 128 + row) * 128 + column]), value, 1e-4);
        }
        near(sum, &case.expect["sum"], squares * 1e-5);
        near(squares, &case.expect["sum_of_squares"], squares * 1e-5);
    }
}
