//! What confined threads may ask of the host.

use std::collections::BTreeMap;

use kvm_bindings as kb;
use libc::c_long;
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};
use vmm_sys_util::ioctl::{_IOC_NONE, _IOC_READ, _IOC_WRITE, ioctl_expr};

use super::Role;

/// Calls with any arguments: they work on what is open, on memory, on time, and on the thread itself.
const ANY: &[c_long] = &[
    // Disks, consoles, eventfds.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_preadv2,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_pwritev,
    libc::SYS_pwritev2,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_fallocate,
    libc::SYS_close,
    libc::SYS_epoll_wait,
    libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2,
    libc::SYS_poll,
    libc::SYS_ppoll,
    // A guest decides when it wants another message signalled, and has it through an eventfd of its own.
    libc::SYS_eventfd2,
    // The allocator, and the stack of a thread that ends.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Locks, channels, time.
    libc::SYS_futex,
    libc::SYS_membarrier,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getcpu,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_restart_syscall,
    // Signals that end a vCPU's stay in the guest; the end of a thread, also by a panic.
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigprocmask,
    libc::SYS_sigaltstack,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_getrandom,
];

/// New threads and processes. Libraries block every signal around these calls, and a trap behind a blocked signal would end the process: they
/// fail, and nothing is noted.
const FAIL: &[c_long] = &[libc::SYS_clone, libc::SYS_clone3, libc::SYS_fork, libc::SYS_vfork];

/// `prctl(PR_SET_VMA, ..)`, by which allocators name their memory.
const PR_SET_VMA: u64 = 0x5356_4d41;
/// The type of KVM's ioctls.
const KVM: u32 = 0xae;

/// An ioctl of KVM that has an argument of type `T`, which goes to the kernel (`_IOC_WRITE`) or comes from it.
const fn kvm<T>(direction: u32, number: u32) -> u64 {
    ioctl_expr(direction, KVM, number, size_of::<T>() as u32) as u64
}

/// What devices do to the machine: interrupts, their routes, doorbells.
const OF_MACHINE: &[u64] = &[
    kvm::<kb::kvm_irq_level>(_IOC_WRITE, 0x61),
    kvm::<kb::kvm_irq_routing>(_IOC_WRITE, 0x6a),
    kvm::<kb::kvm_irqfd>(_IOC_WRITE, 0x76),
    kvm::<kb::kvm_ioeventfd>(_IOC_WRITE, 0x79),
    kvm::<kb::kvm_msi>(_IOC_WRITE, 0xa5),
];

/// What a vCPU's thread does to its vCPU: run it, and say where it was at its end.
const OF_VCPU: &[u64] = &[
    ioctl_expr(_IOC_NONE, KVM, 0x80, 0) as u64,
    kvm::<kb::kvm_regs>(_IOC_READ, 0x81),
    kvm::<kb::kvm_sregs>(_IOC_READ, 0x83),
    kvm::<kb::kvm_translation>(_IOC_READ | _IOC_WRITE, 0x85),
];

/// The filter that has calls fail without a trap. Of two filters, a trap of the other one would come first.
pub(super) fn failing() -> Result<BpfProgram, Error> {
    let rules = FAIL.iter().map(|call| (*call, Vec::new())).collect();
    let fails = SeccompAction::Errno(libc::EPERM as u32);
    Ok(SeccompFilter::new(rules, SeccompAction::Allow, fails, TargetArch::x86_64)?.try_into()?)
}

/// The filter that traps all calls but those of a list.
pub(super) fn trapping(role: Role) -> Result<BpfProgram, Error> {
    let any = ANY.iter().chain(FAIL);
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = any.map(|call| (*call, Vec::new())).collect();
    let ioctls = match role {
        Role::Vcpu => [OF_MACHINE, OF_VCPU].concat(),
        Role::Device => OF_MACHINE.to_vec(),
    };
    let ioctls = ioctls.into_iter().map(|request| one(1, SeccompCmpOp::Eq, request));
    rules.insert(libc::SYS_ioctl, ioctls.collect::<Result<_, _>>()?);
    // Memory, but none that can be run.
    let not_executable = SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64);
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        rules.insert(call, vec![one(2, not_executable.clone(), 0)?]);
    }
    // The state of an open file, by its descriptor: of no name.
    let empty_path = SeccompCmpOp::MaskedEq(libc::AT_EMPTY_PATH as u64);
    rules.insert(libc::SYS_statx, vec![one(2, empty_path.clone(), libc::AT_EMPTY_PATH as u64)?]);
    rules.insert(libc::SYS_newfstatat, vec![one(3, empty_path, libc::AT_EMPTY_PATH as u64)?]);
    // The library asks in debug builds whether what it closes is open.
    rules.insert(libc::SYS_fcntl, vec![one(1, SeccompCmpOp::Eq, libc::F_GETFD as u64)?]);
    rules.insert(libc::SYS_prctl, vec![one(0, SeccompCmpOp::Eq, PR_SET_VMA)?]);
    // A panic within a panic aborts, by a signal to this process.
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![one(0, SeccompCmpOp::Eq, own)?]);
    let filter = SeccompFilter::new(rules, SeccompAction::Trap, SeccompAction::Allow, TargetArch::x86_64);
    Ok(filter?.try_into()?)
}

/// Argument `index` is so.
fn one(index: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompRule, Error> {
    let condition = SeccompCondition::new(index, SeccompCmpArgLen::Dword, operator, value)?;
    Ok(SeccompRule::new(vec![condition])?)
}

/// The names of those calls that are most worth knowing when they are refused.
pub(super) fn name(call: i64) -> Option<&'static str> {
    Some(match call {
        libc::SYS_open => "open",
        libc::SYS_openat => "openat",
        libc::SYS_openat2 => "openat2",
        libc::SYS_socket => "socket",
        libc::SYS_connect => "connect",
        libc::SYS_bind => "bind",
        libc::SYS_execve => "execve",
        libc::SYS_execveat => "execveat",
        libc::SYS_ioctl => "ioctl",
        libc::SYS_mmap => "mmap",
        libc::SYS_mprotect => "mprotect",
        libc::SYS_kill => "kill",
        libc::SYS_ptrace => "ptrace",
        libc::SYS_unlink => "unlink",
        libc::SYS_unlinkat => "unlinkat",
        libc::SYS_renameat2 => "renameat2",
        libc::SYS_stat => "stat",
        libc::SYS_statx => "statx",
        libc::SYS_newfstatat => "newfstatat",
        libc::SYS_readlink => "readlink",
        libc::SYS_ftruncate => "ftruncate",
        libc::SYS_fcntl => "fcntl",
        libc::SYS_prctl => "prctl",
        _ => return None,
    })
}
