//! Headers, sizes, names and forbidden words.

use super::assert_none;
use super::sources;
use super::text;

/// Lines of a file, tests included.
const FILE_LINES: usize = 400;

/// Lines of a function, from its first to its closing brace.
const FUNCTION_LINES: usize = 60;

/// Files that may say `unsafe`: at most three, each with its reason here. None needs to yet.
const UNSAFE_FILES: [&str; 0] = [];

/// Names that say nothing of what is in the file.
const EMPTY_NAMES: [&str; 6] = ["utils", "util", "helpers", "common", "types", "manager"];

fn header(source: &str) -> Vec<String> {
    let has_one = source.starts_with("//!");
    if has_one { vec![] } else { vec!["1: a file opens with `//!`: what it decides".into()] }
}

fn length(source: &str) -> Vec<String> {
    match source.lines().count() {
        lines if lines > FILE_LINES => {
            vec![format!("{lines} lines, at most {FILE_LINES}: make it a folder of that name")]
        }
        _ => vec![],
    }
}

fn functions(source: &str) -> Vec<String> {
    let lines = text::code(source);
    let mut complaints = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if is_function(&lines[at])
            && let Some(end) = end_of_block(&lines, at)
        {
            let count = end - at + 1;
            if count > FUNCTION_LINES {
                complaints.push(format!("{}: a function of {count} lines", at + 1));
            }
        }
        at += 1;
    }
    complaints
}

fn is_function(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|w| {
        w.starts_with("pub") || matches!(*w, "const" | "async" | "unsafe" | "in" | "super)" | "_")
    });
    words.next() == Some("fn")
}

/// The line of the brace that closes the first one from line `at` on; `None` for a declaration
/// without a body.
fn end_of_block(lines: &[String], at: usize) -> Option<usize> {
    let (mut depth, mut parens) = (0_i32, 0_i32);
    for (number, line) in lines.iter().enumerate().skip(at) {
        for c in line.chars() {
            match c {
                '(' | '[' => parens += 1,
                ')' | ']' => parens -= 1,
                '{' => depth += 1,
                '}' => depth -= 1,
                ';' if depth == 0 && parens == 0 => return None,
                _ => continue,
            }
            if c == '}' && depth == 0 {
                return Some(number);
            }
        }
    }
    None
}

fn words(path: &str, source: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let whole = text::code(source);
    let before_tests = text::code_without_tests(source).len();
    let is_test = path.contains("/tests") || path.ends_with("tests.rs");
    for (at, code) in whole.iter().enumerate() {
        let mut say = |what: &str| complaints.push(format!("{}: {what}", at + 1));
        let trimmed = code.trim();
        let is_use = trimmed.starts_with("use ") || trimmed.starts_with("pub use ");
        if is_use && trimmed.contains('{') {
            say("one item a `use` line");
        }
        if is_use && trimmed.contains("::*") && !trimmed.starts_with("use super::*") {
            let is_prelude = trimmed.ends_with("prelude::*;");
            if !is_prelude {
                say("no glob but `super::*` in tests");
            }
        }
        if at < before_tests && !is_test && code.contains(".unwrap()") {
            say("no `unwrap` outside tests: `expect` names the invariant");
        }
        if code.contains("unsafe ") && !UNSAFE_FILES.contains(&path) {
            say("no `unsafe` in a file that tests/architecture does not name");
        }
        for never in ["#[ignore", "#[allow(", "#![allow(", "dbg!(", "todo!(", "unimplemented!("] {
            if code.contains(never) {
                say(&format!("no `{never}`"));
            }
        }
    }
    complaints
}

/// Comments that promise something name who keeps it: an issue by its number.
fn promises(source: &str) -> Vec<String> {
    let promise = |line: &&str| ["TODO", "FIXME", "XXX"].iter().any(|word| line.contains(word));
    let lines = source.lines().zip(1..);
    lines
        .filter(|(line, _)| promise(line) && !line.contains('#'))
        .map(|(_, number)| format!("{number}: a promise without an owner"))
        .collect()
}

fn name(path: &str) -> Vec<String> {
    let stem = path.rsplit('/').next().and_then(|f| f.split('.').next()).unwrap_or_default();
    let is_empty = EMPTY_NAMES.contains(&stem);
    if is_empty { vec![format!("`{stem}` says nothing: name the noun in it")] } else { vec![] }
}

fn check(path: &str, source: &str) -> Vec<String> {
    [header(source), length(source), functions(source), words(path, source), promises(source)]
        .into_iter()
        .flatten()
        .chain(name(path))
        .map(|complaint| format!("{path}:{complaint}"))
        .collect()
}

#[test]
fn every_file_keeps_the_rules() {
    let complaints: Vec<String> =
        sources("src", "rs").iter().flat_map(|s| check(&s.path, &s.text)).collect();
    assert_none(&complaints);
}

#[test]
fn tests_and_benches_have_headers_and_hide_nothing() {
    let complaints: Vec<String> = ["tests", "benches"]
        .into_iter()
        .flat_map(|folder| sources(folder, "rs"))
        .flat_map(|s| {
            let ignored = text::code(&s.text).iter().any(|line| line.contains("#[ignore"));
            let ignored = ignored.then(|| "no `#[ignore]`".to_owned());
            let all = header(&s.text).into_iter().chain(length(&s.text)).chain(ignored);
            all.map(|c| format!("{}:{c}", s.path)).collect::<Vec<_>>()
        })
        .collect();
    assert_none(&complaints);
}

#[test]
fn what_ships_is_used() {
    let code: String = sources("src", "rs").into_iter().map(|s| s.text).collect();
    for (folder, extension) in [("shaders", "wgsl"), ("assets", "otf")] {
        for source in std::fs::read_dir(folder_of(folder)).expect("the folder ships") {
            let path = source.expect("the folder can be listed").path();
            if path.extension().is_some_and(|e| e == extension) {
                let file = path.file_name().expect("it has a name").to_string_lossy().into_owned();
                assert!(code.contains(&file), "nothing uses {folder}/{file}");
            }
        }
    }
}

fn folder_of(folder: &str) -> std::path::PathBuf {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    if folder == "assets" { root.join("assets/fonts") } else { root.join(folder) }
}

#[test]
fn every_breach_is_seen() {
    let long_function = format!("//! A.\nfn f() {{\n{}}}\n", "    g();\n".repeat(60));
    let long_file = format!("//! A.\n{}", "// b\n".repeat(400));
    for source in [
        "fn f() {}",
        &long_function,
        &long_file,
        "//! A.\nuse a::{b, c};",
        "//! A.\nuse a::b::*;",
        "//! A.\nfn f() { a.unwrap(); }",
        "//! A.\nfn f() { unsafe { g() } }",
        "//! A.\n#[allow(dead_code)]\nfn f() {}",
        "//! A.\n// TODO: later",
    ] {
        assert_eq!(check("src/core/a.rs", source).len(), 1, "{source}");
    }
    assert_eq!(check("src/core/utils.rs", "//! A.").len(), 1);
}

#[test]
fn what_is_allowed_is_no_breach() {
    let short = format!("//! A.\nfn f() {{\n{}}}\n", "    g();\n".repeat(58));
    for source in [
        &short,
        "//! A.\nfn f() {}\n#[cfg(test)]\nmod tests {\n    use super::*;\n    fn g() { a.unwrap(); }\n}",
        "//! A. No unsafe.\nconst S: &str = \"a.unwrap()\";",
        "//! A.\n// FIXME(#3): today's answer is wrong",
    ] {
        assert_none(&check("src/core/a.rs", source));
    }
}
