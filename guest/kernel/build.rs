//! Links the kernel with its own linker script when it is built for the bare machine.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=link.ld");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("none") {
        let directory = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
        println!("cargo::rustc-link-arg-bins=-T{directory}/link.ld");
        // For the build scripts of packages that depend on this one.
        println!("cargo::metadata=script={directory}/link.ld");
    }
}
