//! Lets the linker do without C++: `intel_tex_2` carries an encoder for ASTC, in C++, beside the one
//! for BC7 that we call, and its tables for unwinding name the C++ runtime's handler. It is never
//! called, and GNU ld drops it before it asks for the handler; lld, Rust's own linker on Linux since
//! 1.90, asks first (rust-lang/rust, issue 135257) and would need libstdc++ to be installed for it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        // No handler: unwinding passes over such a function as over one of C.
        println!("cargo::rustc-link-arg=-Wl,--defsym=__gxx_personality_v0=0");
    }
}
