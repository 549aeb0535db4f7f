//! The short texts by which users name devices, offers, scripted input and oddities.

use parakit_harness::oddity::Oddity;
use parakit_harness::scenario::foreign::{Device, Offer, Script};

/// Each is understood or refused in one sentence; an oddity that is understood is written the same again.
pub(super) fn words(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let sentence =
        |error: &dyn std::fmt::Display| assert!(!error.to_string().is_empty(), "{text:?} is refused silently");
    match text.parse::<Oddity>() {
        Ok(oddity) => assert_eq!(oddity.to_string().parse::<Oddity>(), Ok(oddity), "{text:?}"),
        Err(error) => sentence(&error),
    }
    if let Err(error) = text.parse::<Device>() {
        sentence(&error);
    }
    if let Err(error) = text.parse::<Offer>() {
        sentence(&error);
    }
    if let Err(error) = Script::parse(text) {
        sentence(&error);
    }
}
