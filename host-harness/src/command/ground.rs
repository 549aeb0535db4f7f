//! Choosing where to run.

use std::path::Path;

use anyhow::{anyhow, bail};
use parakit_harness::loopback::Scheduler;
use parakit_harness::scenario::Ground;
use parakit_harness::vmm::{Kernel, KvmHost, KvmOptions, confine};

use super::output::tell;
use crate::cli::BackendChoice;

/// Opens what the scenarios run on. `auto` falls back to loopback where KVM cannot be used, and says so.
///
/// # Errors
/// KVM cannot be used, or the kernel cannot.
pub(crate) fn open(choice: BackendChoice, kernel: Option<&Path>) -> anyhow::Result<Ground> {
    if choice == BackendChoice::Loopback {
        return Ok(Ground::Loopback(Scheduler::Threads));
    }
    // Read first: what is wrong with it is worth knowing with or without KVM.
    let kernel = kernel.map(Kernel::read).transpose()?;
    let host = match KvmHost::open(&KvmOptions::from_env()) {
        Ok(host) => host,
        Err(error) if choice == BackendChoice::Auto => {
            tell(format_args!("note: {error}\nnote: running in loopback instead; what needs a guest is left out\n"));
            return Ok(Ground::Loopback(Scheduler::Threads));
        }
        Err(error) => bail!("{error}, or use --backend loopback"),
    };
    if let Err(why) = confine::available() {
        tell(format_args!("note: {why}\n"));
    }
    let kernel = kernel.ok_or_else(|| {
        anyhow!("no guest kernel was given; use `cargo xtask harness`, which builds one, or give `--kernel FILE`")
    })?;
    Ok(Ground::Kvm { host, kernel })
}
