//! MSI-X (§4.1.5.1.2).

use alloc::format;

use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::pci::{Common, NO_VECTOR};

use super::pci;
use crate::probe::ring::Ring;
use crate::probe::subject::Subject;
use crate::{Env, Failure};

/// Vectors that are tried, of a large table.
const TRIED: u32 = 64;
const NONE: u32 = NO_VECTOR as u32;
/// The events of a block device with one queue.
const EVENTS: [(Common, &str); 2] =
    [(Common::ConfigMsixVector, "configuration changes"), (Common::QueueMsixVector, "queue 0")];

/// Each event can be mapped to each vector, and to none.
pub(in crate::probe) fn mapping<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    let Some(vectors) = s.vectors() else { return Ok(()) };
    s.check(id::PCI_DEV_MSIX_1, (2..=0x800).contains(&vectors), "there are from 2 to 2048 vectors", || {
        format!("there are {vectors}")
    });
    s.negotiate(&[])?;
    pci.set_common(Common::QueueSelect, 0);
    for (field, event) in EVENTS {
        let map = |vector: u32| {
            pci.set_common(field, vector);
            pci.common(field)
        };
        for vector in (0..vectors).take(TRIED as usize).chain(Some(vectors - 1)) {
            let shown = map(vector);
            let seen = || format!("{event} were mapped to vector {vector} of {vectors}, the register reads {shown:#x}");
            s.check(id::PCI_DEV_MSIX_4, shown == vector, "an event can be mapped to any vector of the table", seen);
            s.check(
                id::PCI_DEV_MSIX_6,
                shown == vector || shown == NONE,
                "the register reads the vector, or none",
                seen,
            );
            s.check(id::PCI_DEV_MSIX_8, shown != NONE, "a mapping does not fail without need", seen);
            if vector + 1 == vectors {
                s.check(id::PCI_DEV_MSIX_2, shown == vector, "the table has as many vectors as it says", seen);
            }
        }
        let shown = map(NONE);
        let seen = || format!("{event} were unmapped, the register reads {shown:#x}");
        s.check(id::PCI_DEV_MSIX_5, shown == NONE, "an event can be unmapped", seen);
        s.check(id::PCI_DEV_MSIX_6, shown == NONE, "the register reads the vector, or none", seen);
        let shown = map(vectors);
        s.check(id::PCI_DEV_MSIX_9, shown == NONE, "a mapping that fails reads as none", || {
            format!("{event} were mapped to vector {vectors} of {vectors}, the register reads {shown:#x}")
        });
        // For the reset: mapped to something again.
        map(0);
    }
    s.raw.set_status(DeviceStatus::RESET);
    if !s.wait(|| s.raw.status() == DeviceStatus::RESET) {
        return Err(Failure::new("the device does not come back from a reset"));
    }
    pci.set_common(Common::QueueSelect, 0);
    let left = EVENTS.map(|(field, _)| pci.common(field));
    s.check(id::PCI_DEV_MSIX_7, left == [NONE; 2], "a reset unmaps every event", || {
        format!("the registers of configuration changes and queue 0 read {left:#x?}")
    });
    Ok(())
}

/// The interrupt comes on the vector that its event is mapped to.
pub(in crate::probe) fn delivery<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    let Some(vectors) = s.vectors() else { return Ok(()) };
    for vector in (0..vectors.min(2)).rev() {
        let ring = Ring::live(s, &[])?;
        pci.set_common(Common::QueueSelect, 0);
        pci.set_common(Common::QueueMsixVector, vector);
        let count = || s.env.vector_interrupts(s.device, vector as u16);
        let seen = (count(), s.interrupts());
        ring.exchange(&s.read(0, 1)?)?;
        s.wait(|| count() != seen.0);
        let (own, all) = (count().wrapping_sub(seen.0), s.interrupts().wrapping_sub(seen.1));
        s.check(
            id::PCI_DEV_MSIX_4,
            own != 0 && own == all,
            "the interrupt comes on the vector that the event is mapped to",
            || format!("{own} of {all} interrupts came on vector {vector}"),
        );
    }
    Ok(())
}

/// No interrupt comes for a queue that is mapped to no vector.
pub(in crate::probe) fn unmapped<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    if s.vectors().is_none() {
        return Ok(());
    }
    let ring = Ring::live(s, &[])?;
    pci.set_common(Common::QueueSelect, 0);
    pci.set_common(Common::QueueMsixVector, NONE);
    let seen = s.interrupts();
    ring.exchange(&s.read(0, 1)?)?;
    s.pause();
    let raised = s.interrupts().wrapping_sub(seen);
    s.check(id::PCI_DEV_USEDNOTIF_1, raised == 0, "no interrupt comes for a queue that is mapped to no vector", || {
        format!("{raised} interrupts came")
    });
    Ok(())
}
