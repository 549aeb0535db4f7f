//! The device side: registers, rings, models and oddities, driven by hand.

mod fuzz;
mod models;
mod oddities;
mod registers;
mod rig;
mod worker;
