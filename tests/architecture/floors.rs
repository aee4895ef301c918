//! Each floor touches one outside thing and uses only the floors below it.

use std::path::Path;

use super::assert_none;
use super::sources;
use super::text;

struct Floor {
    name: &'static str,
    /// Floors that it may use, itself included.
    uses: &'static [&'static str],
    /// Crates that it may use, beside `std`.
    crates: &'static [&'static str],
    /// What it never touches.
    never: &'static [&'static str],
}

const FLOORS: [Floor; 5] = [
    Floor {
        name: "core",
        uses: &["core"],
        crates: &[],
        never: &[
            "std::fs",
            "std::io",
            "std::thread",
            "std::process",
            "std::env",
            "std::net",
            "Instant::now",
            "SystemTime",
            "Mutex",
            "RwLock",
            "println!",
            "eprintln!",
            "-> Result<",
        ],
    },
    Floor {
        name: "disk",
        uses: &["core", "disk"],
        crates: &[
            "blake3",
            "csv",
            "etcetera",
            "exif",
            "fast_image_resize",
            "fs4",
            "image",
            "intel_tex_2",
            "memchr",
            "moxcms",
            "notify",
            "quick_xml",
            "rusqlite",
            "rustix",
            "serde",
            "serde_json",
            "thiserror",
            "toml",
            "trash",
            "walkdir",
            "xxhash_rust",
            "zune_core",
            "zune_jpeg",
        ],
        // A lock it may have: the cache is one for all threads of the pool.
        never: &["std::thread", "RwLock", "Instant::now", "SystemTime::now", "println!"],
    },
    Floor {
        name: "jobs",
        uses: &["core", "disk", "jobs"],
        crates: &[
            "arc_swap",
            "boxcar",
            "crossbeam_channel",
            "crossbeam_queue",
            "ort",
            "rayon",
            "rfd",
            "rustix",
            "thiserror",
            "tracing",
        ],
        // Of what rustix has, only what threads have: their priority.
        never: &["std::fs", "File::", "rustix::fs", "SystemTime::now", "println!"],
    },
    Floor {
        name: "gpu",
        uses: &["core", "gpu"],
        crates: &["bytemuck", "crossbeam_queue", "glyphon", "pollster", "thiserror", "wgpu"],
        never: &[
            "std::fs",
            "std::io",
            "std::path",
            "std::thread",
            "Instant::now",
            "SystemTime",
            "Mutex",
            "RwLock",
            "println!",
        ],
    },
    Floor {
        name: "app",
        uses: &["core", "disk", "jobs", "gpu", "app"],
        crates: &[
            "clap",
            "clap_complete",
            "clap_mangen",
            "crossbeam_channel",
            "csv",
            "indicatif",
            "serde",
            "serde_json",
            "thiserror",
            "tracing",
            "winit",
        ],
        never: &["std::fs", "File::", "std::thread::spawn", "Mutex", "RwLock", "println!"],
    },
];

/// The first two names of every path in a line of code, wherever it stands: `wgpu::Device` in the
/// middle of a signature is a use as much as a `use` is.
fn paths(code: &str) -> Vec<(&str, &str)> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let starts = code.match_indices("::").filter_map(|(at, _)| {
        let before = &code[..at];
        let first = &before[before.trim_end_matches(is_name).len()..];
        let is_first = !first.is_empty() && !before[..at - first.len()].ends_with("::");
        // `::image` is the crate; `picture::image` is a module of that name.
        let lead = before[..at - first.len()].strip_suffix("::");
        let is_rooted = lead.is_some_and(|l| !l.ends_with(is_name) && !l.ends_with('>'));
        let rest = &code[at + 2..];
        let second = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
        (is_first || (is_rooted && !first.is_empty())).then_some((first, second))
    });
    starts.collect()
}

/// The names, in code, of the crates that Cargo.toml depends on, on every system and on some.
fn crates() -> Vec<String> {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .expect("the manifest lies at the root");
    let mut is_list = false;
    let entries = manifest.lines().filter(|line| {
        if line.starts_with('[') {
            is_list = *line == "[dependencies]" || line.ends_with("'.dependencies]");
            return false;
        }
        is_list && !line.starts_with('#')
    });
    let names = entries
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().replace('-', "_"));
    // kamadak-exif calls its library exif.
    names.map(|name| if name == "kamadak_exif" { "exif".to_owned() } else { name }).collect()
}

fn check(floor: &Floor, crates: &[String], path: &str, source: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines = text::code_without_tests(source);
    // After `use crate::disk::exif;`, `exif` is that module and no crate.
    let is_module = |name: &str| {
        lines.iter().map(|line| line.trim()).any(|line| {
            ["use crate::", "use super::", "use self::"].iter().any(|own| line.starts_with(own))
                && line.strip_suffix(';').and_then(|l| l.rsplit("::").next()) == Some(name)
        })
    };
    for (line, code) in (1..).zip(&lines) {
        let mut say = |what: String| complaints.push(format!("{path}:{line}: {what}"));
        for &never in floor.never.iter().filter(|never| code.contains(**never)) {
            say(format!("`{}` never touches {never}", floor.name));
        }
        for (first, second) in paths(code) {
            let is_floor =
                matches!(first, "crate" | "rushlight") && FLOORS.iter().any(|f| f.name == second);
            if is_floor && !floor.uses.contains(&second) {
                say(format!("`{}` does not know `{second}`", floor.name));
            }
            let is_crate = crates.iter().any(|c| c == first) && !is_module(first);
            if is_crate && !floor.crates.contains(&first) {
                say(format!("`{}` does not use the crate {first}", floor.name));
            }
        }
    }
    complaints
}

#[test]
fn each_floor_knows_only_those_below_it() {
    let crates = crates();
    assert!(crates.len() > 20, "only {crates:?}: the test reads the manifest wrongly");
    let mut complaints = Vec::new();
    for floor in &FLOORS {
        for source in sources(&format!("src/{}", floor.name), "rs") {
            complaints.extend(check(floor, &crates, &source.path, &source.text));
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_file_of_the_library_is_on_a_floor() {
    let is_placed = |path: &str| {
        matches!(path, "src/lib.rs" | "src/main.rs")
            || FLOORS.iter().any(|f| path.starts_with(&format!("src/{}/", f.name)))
    };
    let strays: Vec<String> =
        sources("src", "rs").into_iter().map(|s| s.path).filter(|p| !is_placed(p)).collect();
    assert_none(&strays);
}

#[test]
fn a_breach_of_a_floor_is_seen() {
    for (floor, source) in [
        (0, "use std::fs;"),
        (2, "use rustix::fs::Advice;"),
        (0, "use crate::disk::scan;"),
        (0, "fn f() -> Result<(), ()> {}"),
        (1, "use rayon::prelude::*;"),
        (2, "use winit::window::Window;"),
        (3, "let p = std::path::Path::new(_);"),
        (4, "let m = std::sync::Mutex::new(1);"),
        (4, "use ::image::RgbImage;"),
        (4, "fn f(picture: &image::RgbImage) {}"),
        (0, "let d = crate::disk::scan::depth();"),
        (3, "let g: Option<rusqlite::Connection> = None;"),
    ] {
        assert_eq!(check(&FLOORS[floor], &crates(), "f.rs", source).len(), 1, "{source}");
    }
}

#[test]
fn what_a_floor_may_do_is_no_breach() {
    for (floor, source) in [
        (0, "use std::sync::Arc;\nuse super::photo::PhotoId;"),
        (1, "use std::fs;\nuse crate::core::photo::PhotoId;"),
        (2, "// use winit::window::Window;"),
        (2, "use crate::disk::exif;\nlet header = exif::read();"),
        (4, "let p = picture::image::Name;\nuse super::image::Name;"),
        (4, "use crate::gpu::device::Device;\n#[cfg(test)]\nuse std::fs;"),
    ] {
        assert_none(&check(&FLOORS[floor], &crates(), "f.rs", source));
    }
}

/// The line of a manifest that names a crate, by the name that code has for it.
fn named<'a>(manifest: &'a str, name: &str) -> Option<&'a str> {
    let package = if name == "exif" { "kamadak_exif" } else { name };
    let is_it =
        |line: &&str| line.split(" =").next().is_some_and(|n| n.replace('-', "_") == package);
    manifest.lines().find(is_it)
}

#[test]
fn the_fuzzers_are_built_from_the_crates_that_the_program_is_built_from() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let [own, fuzz] = ["Cargo.toml", "fuzz/Cargo.toml"].map(|name| {
        std::fs::read_to_string(root.join(name)).expect("both manifests are in the repository")
    });
    let crates = FLOORS.iter().filter(|floor| ["core", "disk"].contains(&floor.name));
    for name in crates.flat_map(|floor| floor.crates) {
        let line = named(&own, name);
        assert!(line.is_some() && line == named(&fuzz, name), "{name}: {line:?}");
    }
}
