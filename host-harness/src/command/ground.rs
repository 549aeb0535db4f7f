//! Choosing where to run.

use std::path::Path;

use anyhow::anyhow;
use parakit_harness::scenario::Ground;
use parakit_harness::vmm::{Kernel, KvmHost, KvmOptions};

/// Opens what the scenarios run on.
///
/// # Errors
/// KVM cannot be used, or the kernel cannot.
pub(crate) fn open(kernel: Option<&Path>) -> anyhow::Result<Ground> {
    let host = KvmHost::open(&KvmOptions::from_env())?;
    let path = kernel.ok_or_else(|| {
        anyhow!("no guest kernel was given; use `cargo xtask harness`, which builds one, or give `--kernel FILE`")
    })?;
    Ok(Ground::Kvm { host, kernel: Kernel::read(path)? })
}
