//! The run of somebody else's kernel: the devices that it is given, what these offer, what is sent to it.

mod device;
mod offer;
mod script;
pub mod size;

pub use device::{Device, DeviceSyntax};
pub use offer::{Offer, OfferError};
pub use script::{Script, ScriptError};
