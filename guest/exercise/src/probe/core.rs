//! Offer, negotiation, status and reset (VIRTIO 1.4 chapters 2, 3 and 6).

use alloc::{format, string::String};

use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;

use super::ring::{Ring, SIZE};
use super::subject::{Subject, show};
use crate::{Env, Failure};

/// What is offered.
pub(super) fn offer<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let back = s.raw.reset();
    s.check(id::CORE_DEV_RESET_1, back, "the status reads 0 once the reset is complete", || show(s.raw.status()));
    let offered = s.offered();
    s.check(id::CORE_DEV_RESFEAT_1, offered.has(feature::VERSION_1), "VIRTIO_F_VERSION_1 is offered", || {
        format!("the offer is {:#x}", offered.0)
    });
    let device_type = s.device_type();
    let lacking = feature::needs(device_type.0)
        .find(|(bit, sets)| offered.has(*bit) && !sets.iter().any(|set| offered.contains(*set)));
    s.check(id::CORE_DEV_FEAT_1, lacking.is_none(), "every offered feature comes with those that it requires", || {
        lacking.map_or(String::new(), |(bit, _)| format!("bit {bit} is offered without what it requires"))
    });
    let known = device_type.defined_features().unwrap_or(Features(u128::MAX));
    let unknown = offered.iter().find(|&bit| {
        let own = known.has(bit) || device_type.feature_name(bit).is_some();
        let common = feature::is_device_independent(bit) || matches!(bit, 24 | 27 | 30);
        !own && !common
    });
    s.check(id::CORE_DEV_FEAT_4, unknown.is_none(), "every offered bit is described for this type of device", || {
        unknown.map_or(String::new(), |bit| format!("bit {bit} is offered"))
    });
    Ok(())
}

/// Subsets of the offer are accepted, and accepted again.
pub(super) fn subsets<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    s.reset()?;
    let all = s.offered();
    let keep = Features::of(&[feature::VERSION_1, feature::ACCESS_PLATFORM, feature::ORDER_PLATFORM]).and(all);
    let mut without_one = all.without(keep).iter();
    let mut next = Some(all);
    let mut accepted = None;
    while let Some(subset) = next {
        s.reset()?;
        let stays = s.propose(subset);
        s.check(id::CORE_DEV_FEAT_2, stays, "FEATURES_OK stays for a subset of the offer", || {
            format!("the features {:#x} of the offer {:#x} are refused", subset.0, all.0)
        });
        if stays {
            accepted = Some(subset);
        }
        next = match without_one.next() {
            // What needs the bit that is left out goes with it.
            Some(bit) => Some(all.without(Features::bit(bit)).without(dependants(s, bit))),
            None if subset != keep => Some(keep),
            None => None,
        };
    }
    let Some(subset) = accepted else { return Ok(()) };
    s.reset()?;
    let again = s.propose(subset);
    s.check(id::CORE_DEV_FEAT_5, again, "features that were accepted once are accepted again after a reset", || {
        format!("the features {:#x} are refused the second time", subset.0)
    });
    Ok(())
}

/// Features of the device that cannot do without `bit`.
fn dependants<E: Env>(s: &Subject<'_, E>, bit: u32) -> Features {
    feature::needs(s.device_type().0)
        .filter(|(_, sets)| sets.iter().any(|set| set.has(bit)))
        .fold(Features::NONE, |all, (needy, _)| all.with(Features::bit(needy)))
}

/// What was not offered is refused.
pub(super) fn refusal<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    s.reset()?;
    let offered = s.offered();
    // From the reserved ones down, so that it is no bit that a device of another transport might know.
    let Some(bit) = (0..50).rev().find(|&bit| !offered.has(bit)) else { return Ok(()) };
    let stays = s.propose(offered.with(Features::bit(bit)));
    s.check(
        id::CORE_DEV_FEAT_3,
        !stays,
        "FEATURES_OK does not stay when a feature was accepted that is not offered",
        || format!("bit {bit}, which is not offered, is accepted"),
    );
    Ok(())
}

/// Nothing happens before `DRIVER_OK`.
pub(super) fn before_driver_ok<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    s.negotiate(&[])?;
    let ring = Ring::new(s, 0, SIZE);
    let interrupts = s.interrupts();
    let request = s.any()?;
    ring.add(&request);
    ring.enable()?;
    s.pause();
    let (used, raised) = (ring.used_idx(), s.interrupts().wrapping_sub(interrupts));
    s.check(
        id::CORE_DEV_STATUS_1,
        used == 0 && raised == 0,
        "no buffer is used, and no interrupt comes, before DRIVER_OK",
        || format!("the used index is {used}, and {raised} interrupts came"),
    );
    s.go();
    s.notify();
    if ring.wait_used(1) {
        Ok(())
    } else {
        Err(Failure::new("what was published before DRIVER_OK is not used after it"))
    }
}

/// After a reset the device leaves the rings alone.
pub(super) fn after_reset<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let ring = Ring::live(s, &[])?;
    ring.exchange_told(&s.any()?)?;
    let request = s.any()?;
    s.raw.set_status(DeviceStatus::RESET);
    if !s.wait(|| s.raw.status() == DeviceStatus::RESET) {
        s.check(id::CORE_DEV_RESET_1, false, "the status reads 0 once the reset is complete", || show(s.raw.status()));
        return Err(Failure::new("the device does not come back from a reset"));
    }
    s.check(id::CORE_DEV_RESET_1, true, "", String::new);
    let (interrupts, used) = (s.interrupts(), ring.used_idx());
    ring.add(&request);
    s.notify();
    s.pause();
    let (raised, now) = (s.interrupts().wrapping_sub(interrupts), ring.used_idx());
    s.check(
        id::CORE_DEV_RESET_2,
        raised == 0 && now == used,
        "after a reset no interrupt comes, and no queue is touched",
        || format!("the used index went from {used} to {now}, and {raised} interrupts came"),
    );
    Ok(())
}

/// An available index that no queue can have: the device cannot go on.
pub(super) fn unrecoverable<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let ring = Ring::live(s, &[])?;
    ring.exchange_told(&s.any()?)?;
    let reasons = s.raw.registers().interrupt_reasons();
    s.raw.registers().acknowledge(reasons);
    let interrupts = s.interrupts();
    ring.publish_idx(0x8001);
    s.notify();
    let lost = s.wait(|| s.raw.status().contains(DeviceStatus::DEVICE_NEEDS_RESET));
    s.check(
        id::CORE_DEV_STATUS_2,
        lost,
        "an available index further on than the queue is long makes the device set DEVICE_NEEDS_RESET",
        || show(s.raw.status()),
    );
    if !lost {
        return Ok(());
    }
    let told = s.interrupted(interrupts);
    let reasons = s.raw.registers().interrupt_reasons();
    s.check(
        id::CORE_DEV_STATUS_3,
        told && reasons & 2 != 0,
        "DEVICE_NEEDS_RESET comes with a configuration change notification",
        || format!("{} interrupts came, and the reasons are {reasons:#x}", s.interrupts().wrapping_sub(interrupts)),
    );
    Ok(())
}
