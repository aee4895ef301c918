//! The rules of the house, as tests: floors, headers, sizes, names, licences.
//!
//! Each rule is a function from a file's text to complaints, so that each is also shown to catch a
//! breach. A complaint names the file and the line, and says what to do instead.

#[path = "architecture/floors.rs"]
mod floors;
#[path = "architecture/licences.rs"]
mod licences;
#[path = "architecture/shape.rs"]
mod shape;
#[path = "architecture/text.rs"]
mod text;

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// One source file: its path from the root of the repository, with `/`, and its text.
struct Source {
    path: String,
    text: String,
}

/// Every file under `folder` with this extension.
fn sources(folder: &str, extension: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is part of the repository") {
            let path: PathBuf = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                // What a package of its own builds is not its source.
                folders.extend((path.file_name() != Some("target".as_ref())).then_some(path));
            } else if path.extension().is_some_and(|e| e == extension) {
                let inside = path.strip_prefix(root).expect("it lies under the root");
                let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
                let text = fs::read_to_string(&path).expect("sources are UTF-8");
                found.push(Source { path: parts.join("/"), text });
            }
        }
    }
    assert!(!found.is_empty(), "nothing found in {folder}: the test looks in the wrong place");
    found
}

/// Fails with all complaints at once: whoever moved a file wants to see every one.
#[track_caller]
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} breaches:\n{}", complaints.len(), complaints.join("\n"));
}
