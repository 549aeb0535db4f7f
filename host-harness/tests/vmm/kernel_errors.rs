//! What is said about a kernel file that cannot be used.

use std::fs;

use parakit_abi::boot::{BootNote, NOTE_VERSION};
use parakit_harness::vmm::{Boot, Kernel, KernelError, Machine, StartError};

use super::guest::{ring0, ring3};
use super::image::Image;
use super::support::{config, kvm};

const MIB: u64 = 1 << 20;

fn parse(image: &Image) -> KernelError {
    let error = Kernel::parse("k.elf", image.build()).unwrap_err();
    let text = error.to_string();
    assert!(!text.contains('\n') && text.contains(": ") && text.contains("k.elf"), "{text}");
    error
}

fn good() -> Image {
    Image::default().segment(MIB, vec![0xf4; 16])
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none");
    assert!(matches!(Kernel::read(&missing), Err(KernelError::NotFound { path }) if path == missing));
    // A folder, and a file that never ends.
    for path in [folder.path(), "/dev/zero".as_ref()] {
        assert!(matches!(Kernel::read(path), Err(KernelError::Unreadable { .. })));
    }
    let empty = folder.path().join("empty");
    fs::write(&empty, b"").unwrap();
    assert!(matches!(Kernel::read(&empty), Err(KernelError::UnknownFormat { .. })));
}

#[test]
fn not_elf_or_not_for_this_machine() {
    assert!(matches!(Kernel::parse("k", b"#!/bin/sh\n".to_vec()), Err(KernelError::UnknownFormat { .. })));
    assert!(matches!(Kernel::parse("k", b"\x7fELF".to_vec()), Err(KernelError::Malformed { .. })));
    for (class, data, machine, says) in [
        (1, 1, 3, "32-bit x86"),
        (1, 1, 62, "x32"),
        (2, 1, 183, "AArch64"),
        (2, 1, 243, "RISC-V"),
        (2, 2, 62, "big-endian"),
        (2, 1, 9999, "machine number 9999"),
    ] {
        let image = Image { class, data, machine, ..good().pvh(0x10_0000) };
        let error = parse(&image);
        assert!(matches!(error, KernelError::WrongMachine { .. }), "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[test]
fn no_entry() {
    assert!(matches!(parse(&good()), KernelError::NoEntry { .. }));
    let mut stranger = good();
    stranger.notes.push(("GNU", 18, vec![0; 4]));
    assert!(matches!(parse(&stranger), KernelError::NoEntry { .. }));

    assert!(ring3(&[]).supports(Boot::Direct) && !ring3(&[]).supports(Boot::Pvh));
    assert!(!ring0(&[0]).supports(Boot::Direct) && ring0(&[0]).supports(Boot::Pvh));
}

#[test]
fn kvm_not_the_entry_that_was_asked_for() {
    let Some(host) = kvm() else { return };
    for (kernel, wrong) in [(ring3(&[]), Boot::Pvh), (ring0(&[0]), Boot::Direct)] {
        let error = Machine::new(host, config(kernel, wrong)).err().expect("no such entry");
        assert!(matches!(error, StartError::Kernel(KernelError::WrongEntry { boot, .. }) if boot == wrong), "{error}");
    }
}

#[test]
fn damaged_images() {
    let damaged = |image: &Image| assert!(matches!(parse(image), KernelError::Malformed { .. }));
    let mut bigger_than_memory = good().pvh(0);
    bigger_than_memory.segments[0].2 = 1;
    damaged(&bigger_than_memory);
    let mut wraps = good().pvh(0);
    wraps.segments[0].0 = u64::MAX - 4;
    damaged(&wraps);
    damaged(&Image::default().pvh(0));
    let mut short = good();
    short.notes.push(("Xen", 18, vec![0; 3]));
    damaged(&short);
    let note = BootNote { version: NOTE_VERSION, gdt_limit: 0x4f, tss_limit: 0x67, cpus: 1, ..BootNote::default() };
    assert!(Kernel::parse("k", good().direct(&note).build()).is_ok());
    for bad in [
        BootNote { version: NOTE_VERSION + 1, ..note },
        BootNote { gdt_limit: 0, ..note },
        BootNote { tss_limit: 0x1_0000, ..note },
        BootNote { cpus: 0, ..note },
        BootNote { cpus: 2, cpu_stride: u64::MAX, ..note },
        BootNote { cpus: 2, stack_stride: 1 << 31, ..note },
    ] {
        damaged(&good().direct(&bad));
    }
}

#[test]
fn any_damage_to_an_image_is_an_error_or_a_kernel_and_nothing_else() {
    let whole = ring_image();
    for len in 0..whole.len().min(600) {
        let _ = Kernel::parse("cut", whole[..len].to_vec());
    }
    let host = kvm();
    for at in 0..whole.len().min(300) {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            let Ok(kernel) = Kernel::parse("changed", bytes) else { continue };
            // What parses must also load, or say why not.
            if let (Some(host), 0xff) = (host, value) {
                let boot = kernel.preferred_boot();
                let _ = Machine::new(host, config(kernel, boot));
            }
        }
    }
}

fn ring_image() -> Vec<u8> {
    let note = BootNote { version: NOTE_VERSION, gdt_limit: 0x4f, tss_limit: 0x67, cpus: 1, ..BootNote::default() };
    good().pvh(0x10_0000).direct(&note).build()
}

#[test]
fn kvm_where_a_kernel_may_lie() {
    let Some(host) = kvm() else { return };
    let mut large = good().pvh(0x10_0000);
    large.segments[0].2 = 64 * MIB;
    let start = |image: &Image| {
        let kernel = Kernel::parse("k.elf", image.build()).unwrap();
        Machine::new(host, config(kernel, Boot::Pvh)).map(drop)
    };
    let error = start(&large).unwrap_err();
    assert!(matches!(error, StartError::Kernel(KernelError::TooLarge { needed, .. }) if needed == 65 * MIB), "{error}");
    large.segments[0].2 = 63 * MIB;
    start(&large).expect("exactly all of the memory");
    let low = Image::default().segment(0x1_fff0, vec![0; 32]).pvh(0x1_fff0);
    let error = start(&low).unwrap_err();
    assert!(matches!(error, StartError::Kernel(KernelError::TooLow { start: 0x1_fff0, .. })), "{error}");
}

#[test]
fn kvm_sizes_and_counts_that_make_no_sense() {
    let Some(host) = kvm() else { return };
    let base = config(ring0(&[0xf4]), Boot::Pvh);
    for bytes in [0, 4096, (64 << 20) + 1, u64::MAX, (3 << 30) + (512 << 20)] {
        let mut config = base.clone();
        config.memory_bytes = bytes;
        let error = Machine::new(host, config).err().expect("impossible");
        assert!(matches!(error, StartError::MemorySize { bytes: b } if b == bytes), "{error}");
    }
    let mut devices = base.clone();
    devices.mailbox.devices = vec![2; 17];
    assert!(matches!(Machine::new(host, devices), Err(StartError::TooManyDevices { count: 17 })));
    let mut name = base;
    name.mailbox.scenario = "x".repeat(65);
    assert!(matches!(Machine::new(host, name), Err(StartError::NameTooLong { bytes: 65 })));
}
