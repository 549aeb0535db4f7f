//! The first serial port, polled.

use core::fmt;

use crate::port::{in8, out8};

const COM1: u16 = 0x3f8;
/// Offset of the line status.
const STATUS: u16 = 5;
/// There is room for a byte.
const EMPTY: u8 = 0x20;
/// There is a byte to read.
const READY: u8 = 1;

struct Serial;

impl fmt::Write for Serial {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            while in8(COM1 + STATUS) & EMPTY == 0 {}
            out8(COM1, byte);
        }
        Ok(())
    }
}

/// Prints.
pub fn print(text: fmt::Arguments<'_>) {
    // It cannot fail: what is there to write to always takes it.
    let _ = fmt::write(&mut Serial, text);
}

/// Waits for a byte that is typed.
pub fn read() -> u8 {
    while in8(COM1 + STATUS) & READY == 0 {}
    in8(COM1)
}
