//! The device side of rings: by hand, against memory that holds anything, and together with the kit's driver side and a model.

mod at_once;
mod foreign;
mod hand;
mod hostile;
mod model;
mod packed;
mod platform;
mod run;
mod split;
mod together;
