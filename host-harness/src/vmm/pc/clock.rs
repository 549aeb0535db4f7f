//! CMOS memory with the real-time clock: the host's time, UTC, in BCD and 24 hours. It has neither alarm nor periodic interrupt.

use std::time::{SystemTime, UNIX_EPOCH};

const PORT_INDEX: u16 = 0x70;
const PORT_DATA: u16 = 0x71;
const SIZE: usize = 128;

const SECONDS: u8 = 0x00;
const MINUTES: u8 = 0x02;
const HOURS: u8 = 0x04;
const WEEKDAY: u8 = 0x06;
const DAY: u8 = 0x07;
const MONTH: u8 = 0x08;
const YEAR: u8 = 0x09;
const STATUS_A: u8 = 0x0a;
const STATUS_B: u8 = 0x0b;
const STATUS_C: u8 = 0x0c;
const STATUS_D: u8 = 0x0d;
const CENTURY: u8 = 0x32;

/// The usual divider, and no update in progress.
const A: u8 = 0x26;
/// 24 hours, BCD.
const B: u8 = 0x02;
/// The battery is good.
const D: u8 = 0x80;

pub(super) struct Clock {
    memory: [u8; SIZE],
    index: u8,
}

impl Clock {
    /// A clock whose CMOS memory tells of `memory_bytes`, as firmware leaves it there.
    pub(super) fn new(memory_bytes: u64) -> Self {
        let mut memory = [0; SIZE];
        let mut put = |at: usize, value: u64| {
            memory[at] = value as u8;
            memory[at + 1] = (value >> 8) as u8;
        };
        // KiB below 640 KiB; KiB above 1 MiB, twice; units of 64 KiB above 16 MiB. All stop where 16 bits do.
        put(0x15, 640);
        let above = |start: u64, unit: u64| (memory_bytes.saturating_sub(start) / unit).min(0xffff);
        put(0x17, above(1 << 20, 1 << 10));
        put(0x30, above(1 << 20, 1 << 10));
        put(0x34, above(16 << 20, 64 << 10));
        Self { memory, index: 0 }
    }

    pub(super) fn read(&self, port: u16) -> Option<u8> {
        match port {
            PORT_INDEX => Some(self.index),
            PORT_DATA => Some(self.register(SystemTime::now())),
            _ => None,
        }
    }

    /// Whether the port is the clock's. The time is the host's and is not to be set.
    pub(super) fn write(&mut self, port: u16, byte: u8) -> bool {
        match port {
            // The highest bit masks an interrupt that does not come here.
            PORT_INDEX => self.index = byte & 0x7f,
            PORT_DATA => self.memory[usize::from(self.index)] = byte,
            _ => return false,
        }
        true
    }

    fn register(&self, now: SystemTime) -> u8 {
        let time = Time::of(now);
        match self.index {
            SECONDS => bcd(time.second),
            MINUTES => bcd(time.minute),
            HOURS => bcd(time.hour),
            WEEKDAY => bcd(time.weekday),
            DAY => bcd(time.day),
            MONTH => bcd(time.month),
            YEAR => bcd((time.year % 100) as u8),
            CENTURY => bcd((time.year / 100 % 100) as u8),
            STATUS_A => A,
            STATUS_B => B,
            STATUS_C => 0,
            STATUS_D => D,
            other => self.memory[usize::from(other)],
        }
    }
}

fn bcd(value: u8) -> u8 {
    ((value / 10) << 4) | (value % 10)
}

/// A moment by the calendar.
#[derive(Debug, PartialEq, Eq)]
struct Time {
    year: u64,
    month: u8,
    day: u8,
    /// Sunday is 1.
    weekday: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Time {
    fn of(now: SystemTime) -> Self {
        // A host before 1970 shows its guests 1970.
        let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (days, rest) = (seconds / 86400, seconds % 86400);
        // Years from March on, so that the odd day is the last of one: 400 of them have 146097 days.
        let since_march_0 = days + 719_468;
        let (era, day_of_era) = (since_march_0 / 146_097, since_march_0 % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        Self {
            year: era * 400 + year_of_era + next,
            month: month as u8,
            day: day as u8,
            weekday: ((days + 4) % 7 + 1) as u8,
            hour: (rest / 3600) as u8,
            minute: (rest / 60 % 60) as u8,
            second: (rest % 60) as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Seconds since 1970 as `date -u +%s` gives them.
    #[test]
    fn the_calendar() {
        let at = |seconds| Time::of(UNIX_EPOCH + Duration::from_secs(seconds));
        let time =
            |year, month, day, weekday, hour, minute, second| Time { year, month, day, weekday, hour, minute, second };
        assert_eq!(at(0), time(1970, 1, 1, 5, 0, 0, 0));
        assert_eq!(at(951_827_696), time(2000, 2, 29, 3, 12, 34, 56));
        assert_eq!(at(1_709_251_199), time(2024, 2, 29, 5, 23, 59, 59));
        assert_eq!(at(1_709_251_200), time(2024, 3, 1, 6, 0, 0, 0));
        assert_eq!(at(4_102_444_800), time(2100, 1, 1, 6, 0, 0, 0));
        assert_eq!(at(4_107_542_400), time(2100, 3, 1, 2, 0, 0, 0));
    }

    #[test]
    fn registers_are_bcd_and_memory_is_told() {
        let mut clock = Clock::new(256 << 20);
        let mut read = |index: u8| {
            assert!(clock.write(PORT_INDEX, index | 0x80));
            clock.register(UNIX_EPOCH + Duration::from_secs(951_827_696))
        };
        assert_eq!(
            [SECONDS, MINUTES, HOURS, WEEKDAY, DAY, MONTH, YEAR, CENTURY].map(&mut read),
            [0x56, 0x34, 0x12, 0x03, 0x29, 0x02, 0x00, 0x20]
        );
        assert_eq!([STATUS_A, STATUS_B, STATUS_D].map(&mut read), [A, B, D]);
        assert_eq!([0x34, 0x35].map(&mut read), [0x00, 0x0f]);
        assert_eq!([0x30, 0x31].map(&mut read), [0xff, 0xff]);
    }
}
