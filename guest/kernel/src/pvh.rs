//! What a PVH loader leaves in memory: `hvm_start_info`, and through it the command line.

/// Value of the structure's first field.
const MAGIC: u32 = 0x336e_c578;
/// Offset of the address of the command line.
const CMDLINE: usize = 24;
/// Most bytes of the command line that are looked at.
const CMDLINE_MAX: usize = 4096;

/// The command line, as bytes without the terminating NUL; empty if there is none.
///
/// # Safety
/// `start_info` is what a PVH loader passed. The memory must not be written while the slice is in use.
pub(crate) unsafe fn command_line(start_info: u32) -> &'static [u8] {
    let at = start_info as usize;
    if at == 0 || !at.is_multiple_of(8) {
        return &[];
    }
    // SAFETY: the loader passes the address of the structure, which is in identity-mapped RAM below 4 GiB.
    let magic = unsafe { (at as *const u32).read_volatile() };
    if magic != MAGIC {
        return &[];
    }
    // SAFETY: inside the structure, whose shortest version has 40 bytes.
    let address = unsafe { ((at + CMDLINE) as *const u64).read_volatile() };
    // Not before the end of page 0, which is not mapped, and not beyond the map.
    if !(0x1000..0xffff_0000).contains(&address) {
        return &[];
    }
    let text = address as *const u8;
    // SAFETY: the loader put a string there, and everything up to 4 GiB is mapped.
    let len = (0..CMDLINE_MAX).take_while(|&i| unsafe { text.add(i).read_volatile() } != 0).count();
    // SAFETY: those bytes were just read; the caller keeps the memory unchanged.
    unsafe { core::slice::from_raw_parts(text, len) }
}

/// The value of `key` in a command line: `key=value`, between spaces.
pub(crate) fn value<'a>(command_line: &'a [u8], key: &str) -> Option<&'a str> {
    command_line
        .split(u8::is_ascii_whitespace)
        .find_map(|word| word.strip_prefix(key.as_bytes())?.strip_prefix(b"="))
        .and_then(|value| core::str::from_utf8(value).ok())
}

/// A number in decimal, or in hexadecimal after `0x`.
pub(crate) fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}
