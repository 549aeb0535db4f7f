//! Opening KVM, and finding out early what it lacks.

use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::OnceLock;

use kvm_bindings as kb;
use kvm_bindings::CpuId;
use kvm_ioctls::{Kvm, VmFd};

use super::error::KvmError;
use super::speed::Ring0Speed;

/// What the machine is built on, by name and number.
const REQUIRED: [(&str, u32); 8] = [
    ("KVM_CAP_USER_MEMORY", kb::KVM_CAP_USER_MEMORY),
    ("KVM_CAP_SET_TSS_ADDR", kb::KVM_CAP_SET_TSS_ADDR),
    ("KVM_CAP_EXT_CPUID", kb::KVM_CAP_EXT_CPUID),
    ("KVM_CAP_IRQCHIP", kb::KVM_CAP_IRQCHIP),
    ("KVM_CAP_IRQ_ROUTING", kb::KVM_CAP_IRQ_ROUTING),
    ("KVM_CAP_IRQFD", kb::KVM_CAP_IRQFD),
    ("KVM_CAP_IOEVENTFD", kb::KVM_CAP_IOEVENTFD),
    ("KVM_CAP_IMMEDIATE_EXIT", kb::KVM_CAP_IMMEDIATE_EXIT),
];

/// The version of KVM's interface that there is since 2007.
const API_VERSION: u32 = 12;

/// Where KVM is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KvmOptions {
    /// The device node.
    pub device: PathBuf,
    /// Capabilities to treat as missing, by name with or without `KVM_CAP_`. For tests of what happens then.
    pub without: Vec<String>,
}

impl Default for KvmOptions {
    fn default() -> Self {
        Self { device: PathBuf::from("/dev/kvm"), without: Vec::new() }
    }
}

impl KvmOptions {
    /// The default, or what the environment says: `PARAKIT_KVM_DEVICE` is the path of the device node, and
    /// `PARAKIT_TEST_WITHOUT_CAP` (for tests) names capabilities, separated by commas, to be treated as missing.
    #[must_use]
    pub fn from_env() -> Self {
        let mut options = Self::default();
        if let Some(device) = std::env::var_os("PARAKIT_KVM_DEVICE").filter(|d| !d.is_empty()) {
            options.device = device.into();
        }
        if let Ok(names) = std::env::var("PARAKIT_TEST_WITHOUT_CAP") {
            options.without = names.split(',').map(str::trim).filter(|n| !n.is_empty()).map(String::from).collect();
        }
        options
    }
}

/// KVM, opened and found to have what the machine needs. Any number of machines can be made from it.
#[derive(Debug)]
pub struct KvmHost {
    kvm: Kvm,
    cpuid: CpuId,
    run_size: usize,
    speed: OnceLock<Ring0Speed>,
}

impl KvmHost {
    /// Opens KVM.
    ///
    /// # Errors
    /// One sentence on what is missing and what to do ([`KvmError`]).
    pub fn open(options: &KvmOptions) -> Result<Self, KvmError> {
        let device = &options.device;
        let path = CString::new(device.as_os_str().as_bytes()).map_err(|e| open_error(device, e.into()))?;
        let kvm = Kvm::new_with_path(path).map_err(|e| open_error(device, e.into()))?;
        match kvm.get_api_version() {
            found if found == API_VERSION as i32 => {}
            found if found < 0 => return Err(KvmError::NotKvm { device: device.clone() }),
            found => return Err(KvmError::Version { device: device.clone(), found }),
        }
        for (capability, number) in REQUIRED {
            let masked = options
                .without
                .iter()
                .any(|w| w.strip_prefix("KVM_CAP_").unwrap_or(w) == &capability["KVM_CAP_".len()..]);
            if masked || kvm.check_extension_raw(number.into()) <= 0 {
                return Err(KvmError::Capability { capability });
            }
        }
        let cpuid = kvm
            .get_supported_cpuid(kb::KVM_MAX_CPUID_ENTRIES)
            .map_err(KvmError::operation("list the CPU's features"))?;
        let run_size = kvm.get_vcpu_mmap_size().map_err(KvmError::operation("tell the size of a vCPU's state"))?;
        Ok(Self { kvm, cpuid, run_size, speed: OnceLock::new() })
    }

    /// How fast guest code runs in ring 0 here; measured at the first call (some milliseconds), then remembered.
    ///
    /// Deadlines of guests that spend their time in ring 0 are to be multiplied by [`Ring0Speed::deadline_scale`].
    ///
    /// # Errors
    /// An operation on KVM failed.
    pub fn ring0_speed(&self) -> Result<Ring0Speed, KvmError> {
        if let Some(speed) = self.speed.get() {
            return Ok(*speed);
        }
        let speed = Ring0Speed::measure(self)?;
        Ok(*self.speed.get_or_init(|| speed))
    }

    /// By how much to multiply the deadline of a guest that runs in ring 0: 1 where ring 0 is native, or where its speed cannot be told.
    #[must_use]
    pub fn deadline_scale(&self) -> u32 {
        self.ring0_speed().map_or(1, Ring0Speed::deadline_scale)
    }

    /// Version of KVM's interface: the one that it was opened with.
    #[must_use]
    pub const fn api_version(&self) -> u32 {
        API_VERSION
    }

    pub(super) fn create_vm(&self) -> Result<VmFd, KvmError> {
        KvmError::uninterrupted("create a virtual machine", || self.kvm.create_vm())
    }

    /// What vCPU `index` of a guest may be told about itself.
    pub(super) fn cpuid(&self, index: u16) -> CpuId {
        let mut cpuid = self.cpuid.clone();
        for leaf in cpuid.as_mut_slice() {
            match leaf.function {
                // The number of the local APIC: 8 bits, and in the topology leaves 32.
                1 => leaf.ebx = leaf.ebx & 0x00ff_ffff | u32::from(index) << 24,
                0xb | 0x1f => leaf.edx = index.into(),
                _ => {}
            }
        }
        cpuid
    }

    /// What vCPU `index` of a PC may be told: the same, and what this PC has of itself.
    pub(super) fn pc_cpuid(&self, index: u16) -> CpuId {
        const DEADLINE_TIMER: u32 = 1 << 24;
        const HYPERVISOR: u32 = 1 << 31;
        let mut cpuid = self.cpuid(index);
        for leaf in cpuid.as_mut_slice() {
            match leaf.function {
                // The in-kernel local APIC has it where KVM says so, which its list of features leaves out.
                1 => {
                    let deadline = self.kvm.check_extension(kvm_ioctls::Cap::TscDeadlineTimer);
                    leaf.ecx |= HYPERVISOR | if deadline { DEADLINE_TIMER } else { 0 };
                }
                // The number of the local APIC once more, on CPUs by AMD.
                0x8000_001e => leaf.eax = index.into(),
                _ => {}
            }
        }
        cpuid
    }

    /// The most vCPUs of a machine, as far as local APICs are numbered with 8 bits.
    pub(super) fn most_cpus(&self) -> u64 {
        (self.kvm.get_max_vcpus() as u64).clamp(1, 254)
    }

    /// Bytes of a vCPU's shared state.
    pub(super) fn run_size(&self) -> usize {
        self.run_size
    }
}

fn open_error(device: &std::path::Path, source: io::Error) -> KvmError {
    let device = device.to_path_buf();
    match source.raw_os_error() {
        Some(libc::ENOENT | libc::ENODEV | libc::ENXIO | libc::ENOTDIR) => KvmError::Missing { device },
        Some(libc::EACCES | libc::EPERM) => KvmError::Permission { device },
        _ => KvmError::Open { device, source },
    }
}
