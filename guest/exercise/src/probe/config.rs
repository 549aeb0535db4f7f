//! The configuration space (VIRTIO 1.4 §2.5).

use alloc::{format, vec::Vec};

use parakit_abi::mailbox::signal;
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;

use super::ring::Ring;
use super::subject::Subject;
use crate::{Env, Failure};

/// Bytes of a block device's configuration that every device has: `capacity`.
const CAPACITY: u32 = 8;
/// Bytes that are compared: all fields of a block device without zones.
const FIELDS: u32 = 60;

fn words<E: Env>(s: &Subject<'_, E>, bytes: u32) -> Vec<u32> {
    (0..bytes).step_by(4).map(|at| s.raw.registers().config_read(at, 4)).collect()
}

/// Reads the capacity with the generation the same before and after; `None` where it never is.
fn capacity<E: Env>(s: &Subject<'_, E>) -> Option<(u64, u32)> {
    (0..100).find_map(|_| {
        let before = s.raw.registers().config_generation();
        let capacity = words(s, CAPACITY);
        let value = u64::from(capacity[0]) | u64::from(capacity[1]) << 32;
        (s.raw.registers().config_generation() == before).then_some((value, before))
    })
}

/// What can be read before `FEATURES_OK` is what is read afterwards.
pub(super) fn readable<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    s.reset()?;
    s.raw.set_status(DeviceStatus::ACKNOWLEDGE.with(DeviceStatus::DRIVER));
    let early = words(s, FIELDS);
    let offered = s.offered();
    s.reset()?;
    // Fields of features that were not agreed on mean nothing: all are.
    if !s.propose(offered) {
        return Err(Failure::new("the device refuses its whole offer"));
    }
    let late = words(s, FIELDS);
    let differs = early.iter().zip(&late).position(|(a, b)| a != b);
    s.check(
        id::CORE_DEV_CONFIG_1,
        differs.is_none() && early.iter().any(|&word| word != 0 && word != u32::MAX),
        "the fields read the same before FEATURES_OK as after it",
        || match differs {
            Some(i) => {
                format!("at offset {} there was {:#010x} before and is {:#010x} after", 4 * i, early[i], late[i])
            }
            None => format!("every field reads {:#010x}", early[0]),
        },
    );
    Ok(())
}

/// A change moves the generation, and is told.
pub(super) fn changes<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let ring = Ring::live(s, &[])?;
    ring.exchange_told(&s.read(0, 1)?)?;
    let reasons = s.raw.registers().interrupt_reasons();
    s.raw.registers().acknowledge(reasons);
    let Some((old, generation)) = capacity(s) else {
        return Err(Failure::new("the generation of the configuration space never stands still"));
    };
    if s.env.signal(signal::BLOCK_RESIZE, old.saturating_sub(1)) == 0 {
        // Nobody there who could change the device: the rule is not put to the test.
        return Ok(());
    }
    s.wait(|| capacity(s).is_some_and(|(now, _)| now != old));
    let after = s.raw.registers().config_generation();
    let id = if s.raw.registers().pci().is_some() { id::PCI_DEV_COMMON_6 } else { id::MMIO_DEV_REGS_6 };
    s.check(id, after != generation, "the generation changes when the configuration does", || {
        format!("the generation is {after} before and after a change of the capacity")
    });
    s.env.signal(signal::BLOCK_RESIZE, old);
    Ok(())
}
