//! The network as the program uses it: ours gives what it gave in training, others are put in its
//! place or refused with a reason. Skipped, with a printed line, where ONNX Runtime is not there.

#[path = "support/onnx_writer.rs"]
mod onnx_writer;
#[path = "support/reference.rs"]
mod reference;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;

use rushlight::core::embed_input::Form;
use rushlight::core::embed_input::Look;
use rushlight::core::texels::Texels;
use rushlight::disk::model;
use rushlight::disk::model::settings::ModelSettings;
use rushlight::jobs::embed::EmbedError;
use rushlight::jobs::embed::Embedder;
use rushlight::jobs::embed::Loading;

use onnx_writer::Network;
use onnx_writer::Output;

/// Whether the library is there.
fn has_library() -> bool {
    let is_there = !model::libraries(&ModelSettings::default(), None).is_empty();
    if !is_there {
        println!("skipped: ONNX Runtime is not there; tools/onnxruntime.sh fetches it");
    }
    is_there
}

fn ours() -> Embedder {
    Embedder::load(&ModelSettings::default(), None).unwrap_or_else(|error| panic!("{error}"))
}

fn numbers(value: &serde_json::Value) -> Vec<f32> {
    let number = |v: &serde_json::Value| v.as_f64().expect("a number") as f32;
    value.as_array().expect("a list").iter().map(number).collect()
}

#[test]
fn our_network_gives_what_it_gave_in_training() {
    if !has_library() {
        return;
    }
    let embedder = ours();
    assert_eq!(*embedder.form(), Form::OURS);
    assert!(embedder.embedding_length() <= 128);
    for case in reference::cases() {
        let traits = embedder.embed(&[case.look()]).unwrap();
        let found = [&traits[0].embedding[..], &traits[0].scores.unwrap().to_array()].concat();
        let expect = [numbers(&case.expect["embedding"]), numbers(&case.expect["scores"])].concat();
        assert_eq!(found.len(), expect.len());
        for (found, expect) in found.iter().zip(&expect) {
            assert!((found - expect).abs() < 1e-3, "{found}, not {expect}, for {:?}", case.turn);
        }
    }
}

#[test]
fn the_same_photo_gives_the_same_answer_alone_and_in_a_batch_and_on_every_thread() {
    if !has_library() {
        return;
    }
    let embedder = ours();
    let cases = reference::cases();
    let looks: Vec<Look> = (0..20).map(|at| cases[at % cases.len()].look()).collect();
    let together = embedder.embed(&looks).unwrap();
    assert_eq!(together.len(), 20);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert_eq!(embedder.embed(&looks).unwrap(), together));
        }
    });
    for (look, traits) in looks.iter().zip(&together) {
        let alone = &embedder.embed(&[*look]).unwrap()[0];
        assert!(alone.likeness(traits).unwrap() > 0.999_99);
        let length: f32 = traits.embedding.iter().map(|n| n * n).sum();
        assert!((length - 1.0).abs() < 1e-5, "{length}");
        let scores = traits.scores.unwrap().to_array();
        assert!(scores.iter().all(|s| (0.0..=1.0).contains(s)), "{scores:?}");
    }
    assert!(embedder.embed(&[]).unwrap().is_empty());
}

#[test]
fn it_is_loaded_beside_everything_else() {
    if !has_library() {
        return;
    }
    let (bell, rung) = mpsc::channel();
    let wake = Arc::new(move || bell.send(()).unwrap());
    let loading = Loading::start(ModelSettings::default(), None, wake);
    assert!(loading.wait().is_ok());
    rung.recv().unwrap();
    assert!(loading.get().is_some_and(|answer| answer.is_ok()));
}

const ANY: Option<u64> = None;
const MEAN: &[&str] = &["GlobalAveragePool", "Flatten"];

/// Writes a network beside its settings and loads it.
fn load(network: &[u8], settings: ModelSettings) -> Result<Embedder, EmbedError> {
    let dir = tempfile::tempdir().expect("there is room");
    let path = dir.path().join("net.onnx");
    std::fs::write(&path, network).expect("there is room");
    Embedder::load(&ModelSettings { path: Some(path), ..settings }, None)
}

#[test]
fn another_network_can_be_put_in_its_place() {
    if !has_library() {
        return;
    }
    let shape = [ANY, Some(3), ANY, ANY];
    let network =
        Network { input: &shape, input_type: 1, outputs: &[("features", &[ANY, Some(3)], MEAN)] };
    let settings = ModelSettings {
        input_size: Some(64),
        mean: Some(vec![0.0, 0.0, 0.2]),
        std: Some(vec![0.5, 0.25, 1.0]),
        ..ModelSettings::default()
    };
    let theirs = load(&network.to_bytes(), settings).unwrap();
    assert_eq!((theirs.embedding_length(), theirs.form().side), (3, 64));
    assert_ne!(theirs.identity(), ours().identity());
    let tile = Texels::filled([80, 80], [102, 51, 51, 255]);
    let traits = theirs.embed(&[Look { tile: &tile, detail: None }; 3]).unwrap();
    // (0.4 - 0) / 0.5, (0.2 - 0) / 0.25, (0.2 - 0.2) / 1, brought to length 1.
    let half = 0.5_f32.sqrt();
    for traits in &traits {
        assert_eq!(traits.scores, None);
        for (found, expect) in traits.embedding.iter().zip([half, half, 0.0]) {
            assert!((found - expect).abs() < 1e-4, "{:?}", traits.embedding);
        }
    }
}

#[test]
fn a_network_that_takes_one_photo_at_a_time_is_given_one() {
    if !has_library() {
        return;
    }
    let shape = [Some(1), Some(4), Some(32), Some(32)];
    let network =
        Network { input: &shape, input_type: 1, outputs: &[("e", &[Some(1), Some(4)], MEAN)] };
    let theirs = load(&network.to_bytes(), ModelSettings::default()).unwrap();
    let [dark, light] = [30, 220].map(|v| Texels::filled([64, 48], [v, v, v, 255]));
    let looks = [&dark, &light].map(|tile| Look { tile, detail: None });
    assert_eq!(theirs.embed(&looks).unwrap().len(), 2);
}

#[test]
fn a_network_that_does_not_fit_is_refused_in_words() {
    if !has_library() {
        return;
    }
    let good = [ANY, Some(3), Some(32), Some(32)];
    let flat: &[Output] = &[("e", &[ANY, Some(3)], MEAN)];
    let wide: &[Output] = &[("e", &[ANY, Some(3072)], &["Flatten"])];
    let check = |input: &[Option<u64>], outputs, settings: ModelSettings, words: &str| {
        let network = Network { input, input_type: 1, outputs };
        let told = load(&network.to_bytes(), settings).unwrap_err().to_string();
        assert!(told.starts_with("cannot use the model: "), "{told}");
        assert!(told.contains(words), "{told}: expected {words}");
        assert!(told.ends_with("net.onnx"), "{told}");
    };
    let none = ModelSettings::default;
    check(
        &[ANY, Some(5), Some(32), Some(32)],
        flat,
        none(),
        "any x 5 x 32 x 32, expected photos x",
    );
    check(&[ANY, Some(3), Some(32), Some(30)], flat, none(), "expected a square");
    check(&[ANY, Some(3), ANY, ANY], flat, none(), "expected input_size under [model]");
    check(&[Some(7), Some(3), Some(32), Some(32)], flat, none(), "expected 1 photo or any number");
    check(&[ANY, Some(3), Some(600), Some(600)], flat, none(), "expected at most 512 x 512");
    let sized = ModelSettings { input_size: Some(48), ..none() };
    check(&good, flat, sized, "32 x 32, and the settings say input_size = 48");
    let long = ModelSettings { mean: Some(vec![0.0; 8]), ..none() };
    check(&good, flat, long, "mean has 8 numbers, expected 3");
    let named = ModelSettings { output: Some("other".to_owned()), ..none() };
    check(&good, flat, named, "its outputs are e, expected one called other");
    check(&good, wide, none(), "expected 2 to 2048");
    let two: &[Output] = &[("a", &[ANY, Some(3)], MEAN), ("b", &[ANY, Some(3)], MEAN)];
    check(&good, two, none(), "its outputs are a, b, expected one called embedding");
    let scored: &[Output] =
        &[("embedding", &[ANY, Some(3)], MEAN), ("scores", &[ANY, Some(3)], MEAN)];
    check(&good, scored, none(), "its scores are any x 3, expected photos x 4");
    let told = load(b"not a network", none()).unwrap_err().to_string();
    assert!(told.starts_with("cannot use the model: "), "{told}");
    let doubles = Network { input: &good, input_type: 11, outputs: wide };
    let told = load(&doubles.to_bytes(), none()).unwrap_err().to_string();
    assert!(told.contains("expected numbers of 32 bits"), "{told}");
}

#[test]
fn what_is_missing_is_told() {
    let nowhere = |name: &str| Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
    let no_library = ModelSettings { library: nowhere("no.so"), ..ModelSettings::default() };
    let told = Embedder::load(&no_library, None).unwrap_err().to_string();
    assert!(told.starts_with("cannot load ONNX Runtime: there is no such file; file: "), "{told}");
    if has_library() {
        let no_model = ModelSettings { path: nowhere("no.onnx"), ..ModelSettings::default() };
        let told = Embedder::load(&no_model, None).unwrap_err().to_string();
        assert!(told.starts_with("cannot read the model; file: "), "{told}");
    }
    let loading = Loading::start(no_library, None, Arc::new(|| ()));
    assert!(loading.wait().is_err_and(|told| told.contains("ONNX Runtime")));
}
