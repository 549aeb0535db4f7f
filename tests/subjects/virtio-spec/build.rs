//! Links with the linker script of the kernel's library.

use std::env;

fn main() {
    println!("cargo::rerun-if-env-changed=DEP_PARAKIT_KERNEL_SCRIPT");
    if let Ok(script) = env::var("DEP_PARAKIT_KERNEL_SCRIPT") {
        println!("cargo::rerun-if-changed={script}");
        println!("cargo::rustc-link-arg-bins=-T{script}");
    }
}
