//! Tells the program which commit it is made from (without git, or outside of a repository, none),
//! and lets the linker do without C++: `intel_tex_2` carries an encoder for ASTC, in C++, beside the one
//! for BC7 that we call, and its tables for unwinding name the C++ runtime's handler. It is never
//! called, and GNU ld drops it before it asks for the handler; lld, Rust's own linker on Linux since
//! 1.90, asks first (rust-lang/rust, issue 135257) and would need libstdc++ to be installed for it.

use std::path::Path;
use std::process::Command;

fn main() {
    tell_version();
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        // No handler: unwinding passes over such a function as over one of C.
        println!("cargo::rustc-link-arg=-Wl,--defsym=__gxx_personality_v0=0");
    }
}

fn tell_version() {
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let version = match git(&["rev-parse", "--short=12", "HEAD"]) {
        Some(commit) => format!("{version} ({commit})"),
        None => version,
    };
    println!("cargo::rustc-env=RUSHLIGHT_VERSION={version}");
    // The log of HEAD grows with every commit and checkout.
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) =
            git(&["rev-parse", "--git-path", name]).filter(|p| Path::new(p).exists())
        {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
