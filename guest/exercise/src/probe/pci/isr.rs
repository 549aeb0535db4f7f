//! The ISR status (§4.1.4.5), and the interrupts that come with it.

use alloc::format;

use parakit_abi::mailbox::signal;
use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{ISR_CONFIG, ISR_QUEUE};

use super::pci;
use crate::probe::ring::Ring;
use crate::probe::subject::Subject;
use crate::{Env, Failure};

/// A used buffer on INTx. The line is switched off at first: the status tells all the same.
pub(in crate::probe) fn intx<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    pci.set_intx(false);
    pci.set_msix(false);
    let result = used(s);
    pci.set_intx(true);
    pci.set_msix(true);
    result
}

fn used<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    let ring = Ring::live(s, &[])?;
    let quiet = (pci.intx_pending(), pci.isr());
    ring.exchange(&s.read(0, 1)?)?;
    s.wait(|| pci.intx_pending());
    let (pending, reasons, second, after) = (pci.intx_pending(), pci.isr(), pci.isr(), pci.intx_pending());
    s.check(
        id::PCI_DEV_ISR_3,
        reasons & ISR_QUEUE != 0,
        "without MSI-X the queue bit of the ISR status is set for a used buffer",
        || format!("it reads {reasons:#x}"),
    );
    s.check(
        id::PCI_DEV_ISR_4,
        quiet == (false, 0) && pending == (reasons != 0) && after == (second != 0),
        "the interrupt status of configuration space is set while the ISR status is not 0",
        || {
            format!(
                "before: {}, ISR status {:#x}; for ISR status {reasons:#x}: {pending}; for {second:#x}: {after}",
                quiet.0, quiet.1
            )
        },
    );
    s.check(id::PCI_DEV_ISR_5, second == 0, "a read of the ISR status clears it", || {
        format!("it reads {reasons:#x}, then {second:#x}")
    });
    Ok(())
}

/// A change of the configuration: told after its bit is set, and not at all where its event is mapped to no vector.
pub(in crate::probe) fn change<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    for mapped in [true, false] {
        let ring = Ring::live(s, &[])?;
        ring.exchange_told(&s.read(0, 1)?)?;
        if !mapped {
            s.unmap_config();
        }
        let _before = pci.isr();
        let seen = s.interrupts();
        let capacity =
            u64::from(s.raw.registers().config_read(0, 4)) | u64::from(s.raw.registers().config_read(4, 4)) << 32;
        if s.env.signal(signal::BLOCK_RESIZE, capacity.saturating_sub(1)) == 0 {
            return Ok(());
        }
        if mapped {
            let told = s.interrupted(seen);
            let reasons = pci.isr();
            s.check(
                id::PCI_DEV_ISR_2,
                told && reasons & ISR_CONFIG != 0,
                "the configuration bit of the ISR status is set when a change is told",
                || format!("told: {told}, the ISR status reads {reasons:#x}"),
            );
        } else if pci.msix().is_some() {
            s.pause();
            let raised = s.interrupts().wrapping_sub(seen);
            s.check(
                id::PCI_DEV_CFGNOTIF_1,
                raised == 0,
                "no interrupt comes for a change that is mapped to no vector",
                || format!("{raised} interrupts came"),
            );
        }
        s.env.signal(signal::BLOCK_RESIZE, capacity);
    }
    Ok(())
}
