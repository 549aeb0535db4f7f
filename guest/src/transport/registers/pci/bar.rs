//! Base address registers: how long they are, and where they are put.

use core::fmt;

use parakit_abi::transport::pci::{FunctionAddress, bar as bits, cap::LAST_BAR, command, header};

use super::{AddressRanges, ConfigAccess, Space};

/// Registers of a function's header that may be BARs.
pub(super) const BARS: usize = LAST_BAR as usize + 1;

/// One BAR that a function has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) space: Space,
    /// 64 bits wide, together with the next register.
    wide: bool,
    /// What it decodes, in bytes: a power of two.
    pub(super) len: u64,
    /// Address it holds; of use only where `placed`.
    pub(super) address: u64,
    /// Whether the function may be made to answer there.
    pub(super) placed: bool,
}

/// The BARs of a function, by number. The upper half of a wide one is `None`.
pub(super) type Bars = [Option<Bar>; BARS];

/// What is wrong with a BAR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BarFault {
    /// Its address bits that can be set are not one run up to the top: it has no length.
    Mask {
        /// Number of the BAR.
        bar: u8,
        /// What it reads after ones were written to it.
        mask: u64,
    },
    /// Its memory type is reserved: neither 32 nor 64 bits.
    Type {
        /// Number of the BAR.
        bar: u8,
        /// What it reads.
        value: u32,
    },
    /// It is said to be 64 bits wide, but it is the last one.
    NoUpperHalf {
        /// Number of the BAR.
        bar: u8,
    },
    /// There are no addresses left for it in the ranges that were given.
    NoRoom {
        /// Number of the BAR.
        bar: u8,
        /// Its length in bytes.
        len: u64,
    },
    /// It does not keep the address that was written.
    Lost {
        /// Number of the BAR.
        bar: u8,
        /// The address.
        address: u64,
        /// What it holds instead.
        read: u64,
    },
}

impl fmt::Display for BarFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Mask { bar, mask } => write!(f, "BAR {bar} reads {mask:#x} after ones were written: no length"),
            Self::Type { bar, value } => write!(f, "BAR {bar} reads {value:#x}: a reserved memory type"),
            Self::NoUpperHalf { bar } => write!(f, "BAR {bar} is the last one, and 64 bits wide"),
            Self::NoRoom { bar, len } => write!(f, "no addresses are left for BAR {bar} of {len:#x} bytes"),
            Self::Lost { bar, address, read } => write!(f, "BAR {bar} holds {read:#x} after {address:#x} was written"),
        }
    }
}

impl core::error::Error for BarFault {}

/// Registers of one function's header.
pub(super) struct Header<'a, A: ConfigAccess> {
    pub(super) config: &'a A,
    pub(super) function: FunctionAddress,
}

impl<A: ConfigAccess> Header<'_, A> {
    pub(super) fn command(&self) -> u16 {
        self.config.read16(self.function, header::COMMAND)
    }

    /// # Safety
    /// Where decoding is switched on, the BARs hold addresses where nothing else answers.
    pub(super) unsafe fn set_command(&self, value: u16) {
        // SAFETY: the caller's promise.
        unsafe { self.config.write16(self.function, header::COMMAND, value) }
    }

    fn register(i: usize) -> u16 {
        header::BAR0 + 4 * i as u16
    }

    fn read(&self, i: usize) -> u32 {
        self.config.read32(self.function, Self::register(i))
    }

    /// # Safety
    /// Decoding is off, or the address is one where nothing else answers.
    unsafe fn write(&self, i: usize, value: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.config.write32(self.function, Self::register(i), value) }
    }

    /// What register `i` reads after ones were written to it; its value is put back.
    ///
    /// # Safety
    /// Decoding is off.
    unsafe fn mask(&self, i: usize) -> u32 {
        let value = self.read(i);
        // SAFETY: the function does not decode.
        unsafe { self.write(i, u32::MAX) };
        let mask = self.read(i);
        // SAFETY: as above.
        unsafe { self.write(i, value) };
        mask
    }

    /// Finds the BARs and their lengths.
    ///
    /// # Safety
    /// Decoding is off.
    pub(super) unsafe fn size_bars(&self) -> Result<Bars, BarFault> {
        let mut bars = [None; BARS];
        let mut i = 0;
        while i < BARS {
            let (bar, value) = (i as u8, self.read(i));
            // SAFETY: the caller's promise.
            let mask = unsafe { self.mask(i) };
            if value & bits::IO != 0 {
                // The upper half may be without function: there are 64 KiB of ports.
                bars[i] = Bar::new(bar, Space::Io, false, (mask & !3 | 0xffff_0000).into(), (value & !3).into())?;
                i += 1;
                continue;
            }
            match value & bits::TYPE_MASK {
                0 => {
                    bars[i] = Bar::new(bar, Space::Memory, false, (mask & !15).into(), (value & !15).into())?;
                    i += 1;
                }
                bits::TYPE_64 if i + 1 == BARS => return Err(BarFault::NoUpperHalf { bar }),
                bits::TYPE_64 => {
                    let upper = u64::from(self.read(i + 1)) << 32;
                    // SAFETY: the caller's promise.
                    let upper_mask = u64::from(unsafe { self.mask(i + 1) }) << 32;
                    let (mask, value) = (upper_mask | u64::from(mask & !15), upper | u64::from(value & !15));
                    bars[i] = Bar::new(bar, Space::Memory, true, mask, value)?;
                    i += 2;
                }
                _ => return Err(BarFault::Type { bar, value }),
            }
        }
        Ok(bars)
    }

    /// Puts the BARs of `space` where they may be: those that are in `ranges` stay.
    ///
    /// # Safety
    /// Decoding is off.
    pub(super) unsafe fn place(
        &self,
        bars: &mut Bars,
        space: Space,
        ranges: &mut AddressRanges,
    ) -> Result<(), BarFault> {
        for i in 0..BARS {
            let Some(mut bar) = bars[i].filter(|bar| bar.space == space) else { continue };
            let overlaps = bars.iter().flatten().any(|b| b.placed && b.space == space && b.overlaps(&bar));
            if overlaps || !bar.address.is_multiple_of(bar.len) || !ranges.contains(space, bar.address, bar.len) {
                let number = i as u8;
                let room = BarFault::NoRoom { bar: number, len: bar.len };
                bar.address = ranges.allocate(space, bar.wide, bar.len).ok_or(room)?;
                // SAFETY: the function does not decode, and the ranges hold nothing but BARs.
                unsafe { self.write(i, bar.address as u32) };
                let mut read = u64::from(self.read(i) & if space == Space::Io { !3 } else { !15 });
                if bar.wide {
                    // SAFETY: as above.
                    unsafe { self.write(i + 1, (bar.address >> 32) as u32) };
                    read |= u64::from(self.read(i + 1)) << 32;
                }
                if read != bar.address {
                    return Err(BarFault::Lost { bar: number, address: bar.address, read });
                }
            } else {
                ranges.reserve(space, bar.address, bar.len);
            }
            bar.placed = true;
            bars[i] = Some(bar);
        }
        Ok(())
    }
}

impl Bar {
    /// The BAR with these writable bits; `None` when there are none.
    fn new(number: u8, space: Space, wide: bool, mask: u64, address: u64) -> Result<Option<Self>, BarFault> {
        let decoded = match space {
            Space::Io if mask & 0xffff == 0 => return Ok(None),
            // What is above the register's width counts as writable.
            _ if wide => mask,
            _ => mask | !0xffff_ffff,
        };
        if mask == 0 {
            return Ok(None);
        }
        let len = decoded & decoded.wrapping_neg();
        // All bits from the lowest one on can be set.
        if decoded != len.wrapping_neg() {
            return Err(BarFault::Mask { bar: number, mask });
        }
        Ok(Some(Self { space, wide, len, address, placed: false }))
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.address < other.address.saturating_add(other.len) && other.address < self.address.saturating_add(self.len)
    }
}

/// Bits of the command register that make a function answer.
pub(super) const DECODE: u16 = command::IO | command::MEMORY;

/// Notes where firmware put the BARs of a function that the kit does not drive, so that no other BAR is put there: for an OS
/// that lets the kit assign addresses beside BARs that have some.
///
/// Decoding is off while they are measured: nobody may be using the function. One whose decoding is off already has no
/// addresses that count.
///
/// # Errors
/// [`BarFault`] when a BAR is impossible.
pub fn reserve_bars(
    config: &impl ConfigAccess,
    function: FunctionAddress,
    ranges: &mut AddressRanges,
) -> Result<(), BarFault> {
    let header = Header { config, function };
    let command = header.command();
    if command & DECODE == 0 {
        return Ok(());
    }
    // SAFETY: nothing is switched on but what was on before, at the same addresses; decoding is off between.
    let bars = unsafe {
        header.set_command(command & !DECODE);
        let bars = header.size_bars();
        header.set_command(command);
        bars?
    };
    for bar in bars.iter().flatten() {
        let on = match bar.space {
            Space::Memory => command::MEMORY,
            Space::Io => command::IO,
        };
        if command & on != 0 {
            ranges.reserve(bar.space, bar.address, bar.len);
        }
    }
    Ok(())
}
