//! A library that is not what it says, and what comes after it. Alone in its process, for a library is
//! loaded once.

use std::fs;

use rushlight::disk::model;
use rushlight::disk::model::settings::ModelSettings;
use rushlight::jobs::embed::EmbedError;
use rushlight::jobs::embed::Embedder;

#[test]
fn a_file_that_is_no_library_is_refused_and_the_next_one_loads() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("libonnxruntime.so");
    fs::write(&path, "not a library").unwrap();
    let bad = ModelSettings { library: Some(path), ..ModelSettings::default() };
    let refused = Embedder::load(&bad, None).unwrap_err();
    assert!(matches!(refused, EmbedError::Library { .. }), "{refused}");
    let told = refused.to_string();
    assert!(told.starts_with("cannot load ONNX Runtime: "), "{told}");
    assert!(told.ends_with("libonnxruntime.so"), "{told}");
    if model::libraries(&ModelSettings::default(), None).is_empty() {
        println!("skipped: ONNX Runtime is not there; tools/onnxruntime.sh fetches it");
        return;
    }
    Embedder::load(&ModelSettings::default(), None).unwrap();
}
