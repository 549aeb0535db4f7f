//! The short text by which users ask for a device.

use std::str::FromStr;

use parakit_abi::device::block::SECTOR_SIZE;
use parakit_abi::device::vsock::is_reserved_cid;

use super::{Device, MOST_PAIRS};
use crate::device::InputKind;
use crate::likeness;
use crate::oddity::UnknownOddity;
use crate::scenario::foreign::size;
use crate::scenario::{DeviceKind, Image, Medium};

/// Largest disk in memory, in bytes: 1 GiB.
const LARGEST_DISK: u64 = 1 << 30;
/// Largest size of a queue (§2.7, §2.8).
const LARGEST_QUEUE: u16 = 1 << 15;
/// Most request queues of a block device.
const MOST_QUEUES: u16 = 64;
/// Makes a device as it is without options.
type Make = fn() -> Device;

/// What users call devices, and how one is made.
const KINDS: &[(&str, Make)] = &[
    ("block", Device::block),
    ("blk", Device::block),
    ("console", Device::console),
    ("entropy", Device::entropy),
    ("rng", Device::entropy),
    ("net", Device::net),
    ("input", Device::input),
    ("gpu", Device::gpu),
    ("vsock", Device::vsock),
];
/// Largest side of a display in pixels.
const LARGEST_SIDE: u16 = 4096;

/// A text that describes no device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceSyntax {
    /// No such device.
    #[error("there is no device `{text}`;{} there are {}", likeness::hint(*.nearest), kinds())]
    Kind {
        /// The text.
        text: String,
        /// The name that is most like it, if one is.
        nearest: Option<&'static str>,
    },
    /// No such option.
    #[error("a device of type {device} has no option `{option}` of this form; its options are {all}")]
    Option {
        /// The device.
        device: &'static str,
        /// The option.
        option: String,
        /// Those that it has.
        all: String,
    },
    /// A value that makes no sense.
    #[error("`{option}={value}` makes no sense; give {expected}")]
    Value {
        /// The option.
        option: String,
        /// Its value.
        value: String,
        /// What would make sense.
        expected: &'static str,
    },
    /// An image for what is no disk.
    #[error("a device of type {device} has no disk image; leave out `={value}`")]
    NoDisk {
        /// The device.
        device: &'static str,
        /// The image.
        value: String,
    },
    /// `write` without an image.
    #[error(
        "a disk in memory has no file that `write` could reach; give an image (`block=FILE,write`), or leave out `write`"
    )]
    WriteToMemory,
    /// `size` with an image.
    #[error("a disk image has the size that its file has; leave out `size`")]
    SizeOfImage,
    /// An option that was given before.
    #[error("`{option}` is given twice; leave one of them out")]
    Twice {
        /// The option.
        option: String,
    },
    /// Both `ro` and `write`.
    #[error("`ro` and `write` contradict each other; leave one of them out")]
    ReadOnlyAndWrite,
    /// An oddity.
    #[error(transparent)]
    Oddity(#[from] UnknownOddity),
}

fn kinds() -> String {
    let names: Vec<_> = KINDS.iter().map(|(name, _)| *name).filter(|name| !["blk", "rng"].contains(name)).collect();
    names.join(", ")
}

impl FromStr for Device {
    type Err = DeviceSyntax;

    /// `KIND[=IMAGE][,OPTION[=VALUE]]...`; a comma in a file name is written twice.
    fn from_str(text: &str) -> Result<Self, DeviceSyntax> {
        Self::parse(text, |device| device)
    }
}

impl Device {
    /// Reads the text; `usual` makes a plain device what it is unless the text says otherwise.
    pub(super) fn parse(text: &str, usual: impl Fn(Self) -> Self) -> Result<Self, DeviceSyntax> {
        let mut parts = parts(text).into_iter();
        let head = parts.next().unwrap_or_default();
        let (kind, value) = head.split_once('=').map_or((head.as_str(), None), |(kind, value)| (kind, Some(value)));
        let Some((_, make)) = KINDS.iter().find(|(name, _)| *name == kind) else {
            let nearest = likeness::nearest(kind, KINDS.iter().map(|(name, _)| *name));
            return Err(DeviceSyntax::Kind { text: kind.to_owned(), nearest });
        };
        let mut device = usual(make());
        if let Some(value) = value {
            if !matches!(device.spec.kind, DeviceKind::Block(_)) {
                return Err(DeviceSyntax::NoDisk { device: device.stem(), value: value.to_owned() });
            }
            device.image = Some(Image { path: value.into(), write: false });
        }
        let mut given = Vec::new();
        for part in parts {
            let (key, value) = part.split_once('=').map_or((part.as_str(), None), |(key, value)| (key, Some(value)));
            device.option(key, value)?;
            // A device may depart from the plain one in several ways; anything else is one thing or another.
            if key != "oddity" && given.iter().any(|known| known == key) {
                return Err(DeviceSyntax::Twice { option: key.to_owned() });
            }
            given.push(key.to_owned());
        }
        device.check()
    }

    /// Options that its kind has besides those of every device.
    fn options(&self) -> &'static [&'static str] {
        match self.spec.kind {
            DeviceKind::Block(_) => &["ro", "write", "size=BYTES", "queues=N"],
            DeviceKind::Console { .. } => &["size=COLUMNSxROWS"],
            DeviceKind::Entropy => &[],
            DeviceKind::Net(_) => &["mac=ADDRESS", "mtu=BYTES", "queues=N"],
            DeviceKind::Input(_) => &["kind=keyboard|mouse|tablet"],
            DeviceKind::Gpu(_) => &["size=WIDTHxHEIGHT", "png=FILE"],
            DeviceKind::Vsock(_) => &["cid=N"],
        }
    }

    fn option(&mut self, key: &str, value: Option<&str>) -> Result<(), DeviceSyntax> {
        let wrong = |expected: &'static str| DeviceSyntax::Value {
            option: key.to_owned(),
            value: value.unwrap_or_default().to_owned(),
            expected,
        };
        match (key, value, &mut self.spec.kind) {
            ("name", Some(name), _) => {
                let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
                self.spec.name = fits.then(|| name.to_owned()).ok_or(wrong("letters, digits, `-`, `_` and `.`"))?;
            }
            ("queue-size", Some(size), _) => {
                let size = size.parse().ok().filter(|n: &u16| n.is_power_of_two() && *n <= LARGEST_QUEUE);
                self.spec.queue_size = size.ok_or(wrong("a power of two from 1 to 32768"))?;
            }
            ("oddity", Some(name), _) => self.spec.oddities.push(name.parse()?),
            ("ro", None, DeviceKind::Block(block)) => block.read_only = true,
            ("write", None, DeviceKind::Block(_)) => match &mut self.image {
                Some(image) => image.write = true,
                None => return Err(DeviceSyntax::WriteToMemory),
            },
            ("size", Some(bytes), DeviceKind::Block(block)) => {
                if self.image.is_some() {
                    return Err(DeviceSyntax::SizeOfImage);
                }
                let whole =
                    |bytes: &u64| *bytes > 0 && *bytes <= LARGEST_DISK && bytes.is_multiple_of(SECTOR_SIZE as u64);
                let bytes = size::parse(bytes).filter(whole);
                let bytes = bytes.ok_or(wrong("whole sectors of 512 bytes up to 1G, such as 64M"))?;
                block.medium = Medium::Memory { sectors: bytes / SECTOR_SIZE as u64 };
            }
            ("queues", Some(queues), DeviceKind::Block(block)) => {
                let queues = queues.parse().ok().filter(|n| (1..=MOST_QUEUES).contains(n));
                block.queues = queues.ok_or(wrong("a number from 1 to 64"))?;
            }
            ("size", Some(text), DeviceKind::Console { cols, rows }) => {
                (*cols, *rows) = size::columns_and_rows(text).ok_or(wrong("columns and rows, such as 80x25"))?;
            }
            ("mac", Some(text), DeviceKind::Net(net)) => {
                // The first bit of an address that is one device's is clear.
                let address = address(text).filter(|mac| mac[0] & 1 == 0);
                net.mac = address.ok_or(wrong("the address of one device, such as 52:54:00:12:34:56"))?;
            }
            ("mtu", Some(bytes), DeviceKind::Net(net)) => {
                let bytes = bytes.parse().ok().filter(|n: &u16| *n >= 68);
                net.mtu = Some(bytes.ok_or(wrong("a number from 68 to 65535"))?);
            }
            ("queues", Some(pairs), DeviceKind::Net(net)) => {
                let pairs = pairs.parse().ok().filter(|n| (1..=MOST_PAIRS).contains(n));
                net.pairs = pairs.ok_or(wrong("pairs of queues, from 1 to 16"))?;
            }
            ("kind", Some(name), DeviceKind::Input(input)) => {
                let kind =
                    [InputKind::Keyboard, InputKind::Mouse, InputKind::Tablet].into_iter().find(|k| k.name() == name);
                input.kind = kind.ok_or(wrong("keyboard, mouse or tablet"))?;
            }
            ("size", Some(text), DeviceKind::Gpu(gpu)) => {
                let sides = size::columns_and_rows(text).filter(|(w, h)| *w.max(h) <= LARGEST_SIDE);
                let (width, height) = sides.ok_or(wrong("pixels up to 4096x4096, such as 1024x768"))?;
                (gpu.width, gpu.height) = (width.into(), height.into());
            }
            ("png", Some(path), DeviceKind::Gpu(gpu)) if !path.is_empty() => gpu.png = Some(path.into()),
            ("cid", Some(cid), DeviceKind::Vsock(vsock)) => {
                let cid = cid.parse().ok().filter(|cid: &u32| !is_reserved_cid(u64::from(*cid)));
                vsock.guest_cid = cid.ok_or(wrong("a context id from 3 to 4294967294"))?;
            }
            _ => {
                let more = self.options().join(", ");
                let all = ["queue-size=N, name=NAME, oddity=NAME", &more].join(if more.is_empty() { "" } else { ", " });
                return Err(DeviceSyntax::Option { device: self.stem(), option: key.to_owned(), all });
            }
        }
        Ok(())
    }

    fn check(self) -> Result<Self, DeviceSyntax> {
        let read_only = matches!(&self.spec.kind, DeviceKind::Block(block) if block.read_only);
        if read_only && self.image.as_ref().is_some_and(|image| image.write) {
            return Err(DeviceSyntax::ReadOnlyAndWrite);
        }
        Ok(self)
    }
}

/// Six bytes in hexadecimal, with colons between them.
fn address(text: &str) -> Option<[u8; 6]> {
    let mut bytes = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut bytes {
        let part = parts.next().filter(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))?;
        *byte = u8::from_str_radix(part, 16).ok()?;
    }
    parts.next().is_none().then_some(bytes)
}

/// The text between commas; two commas are one of the text.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == ',' && letters.next_if_eq(&',').is_none() {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oddity::OddityKind;

    fn device(text: &str) -> Device {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    fn refused(text: &str) -> String {
        text.parse::<Device>().expect_err(text).to_string()
    }

    #[test]
    fn what_the_text_says_is_what_the_device_is() {
        assert_eq!(device("block"), Device::block());
        assert_eq!(device("block=a,,b.img,write"), Device::image_file("a,b.img").write_through());
        assert_eq!(device("block,size=1M,queues=4,ro"), Device::block().sectors(2048).queues(4).read_only());
        assert_eq!(device("rng,name=seed"), Device::entropy().name("seed"));
        let net = device("net,mac=02:00:00:00:00:0a,mtu=9000,queues=4");
        assert!(matches!(&net.spec.kind, DeviceKind::Net(n) if n.mac[5] == 10 && n.mtu == Some(9000) && n.pairs == 4));
        assert!(matches!(device("input,kind=mouse").spec.kind, DeviceKind::Input(i) if i.kind == InputKind::Mouse));
        let gpu = device("gpu,size=640x480,png=a.png");
        assert_eq!(gpu, device("gpu,size=640x480").picture("a.png"));
        assert!(matches!(gpu.spec.kind, DeviceKind::Gpu(g) if (g.width, g.height) == (640, 480)));
        assert!(matches!(device("vsock,cid=77").spec.kind, DeviceKind::Vsock(v) if v.guest_cid == 77));
        let odd = device("console,size=132x50,oddity=reset-slow,oddity=complete-late@9");
        assert!(matches!(odd.spec.kind, DeviceKind::Console { cols: 132, rows: 50 }));
        assert_eq!(odd.spec.oddities[0], OddityKind::ResetSlow.into());
        assert_eq!(odd.spec.oddities[1].after, 9);
    }

    #[test]
    fn what_makes_no_sense_is_refused_in_a_sentence() {
        for (text, part) in [
            ("", "there is no device ``"),
            ("consle", "did you mean `console`?"),
            ("block=a,ro,write", "contradict"),
            ("block,write", "give an image"),
            ("block=a,size=1M", "leave out `size`"),
            ("block,size=100", "whole sectors"),
            ("block,size=8G", "up to 1G"),
            ("block,queue-size=48", "power of two"),
            ("block,queues=0", "from 1 to 64"),
            ("block,color=red", "its options are queue-size=N"),
            ("block,queue-size", "its options are queue-size=N"),
            ("console=a", "leave out `=a`"),
            ("console,size=80", "80x25"),
            ("entropy,ro", "no option `ro`"),
            ("entropy,name=a b", "letters"),
            ("entropy,oddity=reset-fast", "there is no oddity"),
            ("net,mac=52:54:00:12:34", "such as 52:54"),
            ("net,mac=53:54:00:12:34:56", "one device"),
            ("net,mtu=60", "from 68"),
            ("input,kind=joystick", "keyboard, mouse or tablet"),
            ("gpu,size=9000x1", "4096x4096"),
            ("gpu,png", "png=FILE"),
            ("vsock,cid=2", "from 3"),
        ] {
            let why = refused(text);
            assert!(why.contains(part) && !why.contains('\n'), "{text}: {why}");
        }
    }
}
