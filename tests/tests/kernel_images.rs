//! Kernel images, good and bad: which way in each has, and what is said about those that have none.

use parakit_harness::vmm::{Boot, Kernel, KernelError, NoEntry};
use parakit_tests::images::{Image, bzimage, multiboot};
use proptest::prelude::*;

const MIB: u64 = 1 << 20;

fn parse(image: Vec<u8>) -> Result<Kernel, KernelError> {
    Kernel::parse("k", image)
}

/// Refused, in one sentence that names the file and says what to do.
fn refused(image: Vec<u8>) -> KernelError {
    let error = parse(image).expect_err("refused");
    let text = error.to_string();
    assert!(text.contains("k ") && text.contains(": ") && !text.contains('\n'), "{text}");
    error
}

fn code() -> Image {
    Image::at(MIB, vec![0xf4; 16])
}

fn with_multiboot(flags: u32) -> Image {
    Image::at(MIB, [multiboot(flags), vec![0xf4; 16]].concat())
}

#[test]
fn the_way_in_that_each_image_has() {
    const ALL: [Boot; 5] = [Boot::Direct, Boot::Pvh, Boot::Elf64, Boot::Linux, Boot::Multiboot];
    for (image, preferred, others) in [
        (code().elf64(), Boot::Elf64, vec![]),
        (code().pvh().elf64(), Boot::Pvh, vec![Boot::Elf64]),
        (code().pvh().elf32(), Boot::Pvh, vec![]),
        (with_multiboot(0).elf32(), Boot::Multiboot, vec![]),
        (with_multiboot(7).elf64(), Boot::Multiboot, vec![]),
        (with_multiboot(0x1_0003).pvh().elf64(), Boot::Pvh, vec![Boot::Multiboot]),
        (bzimage(&[0xf4]), Boot::Linux, vec![]),
    ] {
        let kernel = parse(image).expect("a kernel");
        assert_eq!(kernel.preferred_boot(), preferred);
        assert!(!kernel.speaks_mailbox());
        for boot in ALL {
            assert_eq!(kernel.supports(boot), boot == preferred || others.contains(&boot), "{boot}");
        }
    }
}

#[test]
fn images_without_a_way_in() {
    assert!(matches!(refused(code().elf32()), KernelError::WrongMachine { machine, .. } if machine.contains("32-bit")));
    let mut high = code();
    high.entry = 0xffff_ffff_8010_0000;
    let virtual_entry = refused(high.elf64());
    assert!(matches!(virtual_entry, KernelError::NoEntry { why: NoEntry::Outside(0xffff_ffff_8010_0000), .. }));
    let mut high = with_multiboot(0);
    high.entry = 0xc010_000c;
    assert!(matches!(refused(high.elf32()), KernelError::NoEntry { why: NoEntry::Outside(0xc010_000c), .. }));

    let second = [0xe852_50d6_u32, 0, 16, 0_u32.wrapping_sub(0xe852_50d6 + 16)];
    let mut bytes: Vec<u8> = second.iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.extend([0xf4; 16]);
    let second = refused(Image::at(MIB, bytes).elf64());
    assert!(matches!(second, KernelError::NoEntry { why: NoEntry::Multiboot2, .. }), "{second}");

    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    assert!(matches!(refused(program), KernelError::NoEntry { why: NoEntry::Program, .. }));
    // Something that a loader has to know and this one does not.
    assert!(matches!(refused(with_multiboot(8).elf32()), KernelError::MultibootFlags { flags: 8, .. }));
    assert!(matches!(refused(b"\x7fELF".to_vec()), KernelError::Malformed { .. }));
    assert!(matches!(refused(b"MZ, and no kernel".to_vec()), KernelError::UnknownFormat { .. }));
    assert!(matches!(refused(Vec::new()), KernelError::UnknownFormat { .. }));
}

#[test]
fn a_bzimage_that_cannot_be_started() {
    let good = bzimage(&[0xf4; 100]);
    let changed = |at: usize, bytes: &[u8]| {
        let mut image = good.clone();
        image[at..at + bytes.len()].copy_from_slice(bytes);
        refused(image)
    };
    // No 64-bit entry, not loaded high, an older protocol: the same to the user.
    for (at, bytes) in [(0x236, [0, 0]), (0x211, [0, 0]), (0x206, [0x0b, 2])] {
        assert!(matches!(changed(at, &bytes), KernelError::NoLinux64 { .. }));
    }
    for end in [0x206, 0x28f, 0x290, 1024, good.len() - 1] {
        assert!(
            matches!(refused(good[..end].to_vec()), KernelError::Truncated { bytes, .. } if bytes == end),
            "{end:#x}"
        );
    }
    assert!(matches!(changed(0x1f4, &u32::MAX.to_le_bytes()), KernelError::Truncated { .. }));
    assert!(matches!(changed(0x1f1, &[255]), KernelError::Truncated { .. }));
}

fn any_image() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(code().pvh().elf64()),
        Just(code().pvh().elf32()),
        Just(with_multiboot(3).elf32()),
        Just(with_multiboot(3).elf64()),
        Just(bzimage(&[0xf4; 64])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_kernel_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..3000), elf in any::<bool>()) {
        let mut image = if elf { b"\x7fELF\x02\x01\x01".to_vec() } else { Vec::new() };
        image.extend(bytes);
        if let Err(error) = parse(image) {
            prop_assert!(!error.to_string().contains('\n'));
        }
    }

    #[test]
    fn any_damage_is_a_kernel_or_an_error(
        image in any_image(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut image = image;
        for (at, byte) in changes {
            let at = at.index(image.len());
            image[at] = byte;
        }
        if let Some(cut) = cut {
            image.truncate(cut.index(image.len()));
        }
        match parse(image) {
            // What is read must have a way in, and say where it is.
            Ok(kernel) => prop_assert!(kernel.supports(kernel.preferred_boot())),
            Err(error) => prop_assert!(!error.to_string().contains('\n')),
        }
    }
}
