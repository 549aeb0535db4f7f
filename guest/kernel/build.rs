//! Links the kernel with the linker script of its architecture when it is built for the bare machine.

use std::env;

fn main() {
    let get = |name: &str| env::var(name).unwrap_or_default();
    if get("CARGO_CFG_TARGET_OS") == "none" {
        let script = format!("src/arch/{}/link.ld", get("CARGO_CFG_TARGET_ARCH"));
        println!("cargo::rerun-if-changed={script}");
        let script = format!("{}/{script}", get("CARGO_MANIFEST_DIR"));
        println!("cargo::rustc-link-arg-bins=-T{script}");
        // For the build scripts of packages that depend on this one.
        println!("cargo::metadata=script={script}");
    }
}
