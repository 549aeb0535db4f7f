//! The common configuration (§4.1.4.3).

use alloc::{format, string::String};

use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::pci::Common;

use super::pci;
use crate::probe::ring::Ring;
use crate::probe::subject::{Subject, show};
use crate::{Env, Failure};

/// A word of features that no device has.
const NO_WORD: u32 = 100;
/// A queue that no device has: administration queues come behind the others, and are fewer.
const NO_QUEUE: u32 = 0xfff0;

/// The windows on features.
pub(in crate::probe) fn features<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    s.reset()?;
    let words = [0, 1, 0, 1].map(|word| s.raw.device_feature(word));
    let none = s.raw.device_feature(NO_WORD);
    // Bit 0 of word 1 is VIRTIO_F_VERSION_1, which has its place there and nowhere else.
    s.check(
        id::PCI_DEV_COMMON_3,
        words[0] == words[2] && words[1] == words[3] && words[1] & 1 != 0 && none == 0,
        "device_feature shows the word that was selected",
        || format!("words 0, 1, 0 and 1 read {words:#x?}, word {NO_WORD} reads {none:#x}"),
    );
    let offered = s.offered();
    s.raw.set_status(DeviceStatus::ACKNOWLEDGE);
    s.raw.set_status(DeviceStatus::ACKNOWLEDGE.with(DeviceStatus::DRIVER));
    (0..2).for_each(|word| s.raw.accept(word, offered.word(word)));
    let back = [0, 1].map(|word| {
        pci.set_common(Common::DriverFeatureSelect, word);
        pci.common(Common::DriverFeature)
    });
    s.check(
        id::PCI_DEV_COMMON_4,
        back == [offered.word(0), offered.word(1)],
        "driver_feature shows what was accepted in the word that was selected",
        || format!("{:#x} was accepted, the words read {back:#x?}", offered.0),
    );
    Ok(())
}

/// What a reset leaves.
pub(in crate::probe) fn after_reset<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    let ring = Ring::live(s, &[])?;
    ring.exchange(&s.read(0, 1)?)?;
    let before = s.raw.status();
    s.raw.set_status(DeviceStatus::RESET);
    let back = s.wait(|| s.raw.status() == DeviceStatus::RESET);
    s.check(
        id::PCI_DEV_COMMON_7,
        back && before.contains(DeviceStatus::DRIVER_OK),
        "writing 0 to device_status resets the device, and it reads 0 then",
        || show(s.raw.status()),
    );
    let queues = pci.common(Common::NumQueues).min(64) as u16;
    let enabled = (0..queues).find(|&queue| s.raw.registers().queue_enabled(queue) != 0);
    s.check(id::PCI_DEV_COMMON_8, enabled.is_none(), "queue_enable is 0 after a reset", || {
        enabled.map_or(String::new(), |queue| format!("queue {queue} is enabled"))
    });
    Ok(())
}

/// Sizes of queues.
pub(in crate::probe) fn queues<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    s.reset()?;
    pci.set_common(Common::QueueSelect, NO_QUEUE);
    let none = pci.common(Common::QueueSize);
    s.check(id::PCI_DEV_COMMON_14, none == 0, "queue_size is 0 for a queue that is not there", || {
        format!("it reads {none} for queue {NO_QUEUE}")
    });
    s.negotiate(&[])?;
    let odd = (0..pci.common(Common::NumQueues)).find_map(|queue| {
        pci.set_common(Common::QueueSelect, queue);
        let size = pci.common(Common::QueueSize);
        (size != 0 && !size.is_power_of_two()).then_some((queue, size))
    });
    s.check(id::PCI_DEV_COMMON_15, odd.is_none(), "queue_size is 0 or a power of two where rings are split", || {
        odd.map_or(String::new(), |(queue, size)| format!("queue {queue} has {size}"))
    });
    Ok(())
}
