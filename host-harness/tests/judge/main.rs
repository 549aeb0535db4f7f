//! The judge: for every checked requirement a trace that keeps it and one that breaks it.

mod core_status;
mod script;
