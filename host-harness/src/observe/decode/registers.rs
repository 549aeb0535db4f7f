//! Accesses to registers: raw ones by the name of what they reach, and their meaning.

use parakit_abi::device::{DeviceType, config_fields};
use parakit_abi::transport::mmio::{CONFIG, Register, legacy};
use parakit_abi::transport::pci::{CfgType, Common, msix};

use super::{Known, config_space, words};
use crate::observe::event::{EventKind, QueueInfo, TransportKind};

/// What lies at an offset of a register block.
struct Spot {
    name: String,
    /// As decoded from the value.
    value: String,
}

/// A raw access in words.
pub(super) fn raw(kind: &EventKind, known: &Known) -> String {
    let Some((write, spot, place)) = access(kind, known) else { return format!("{kind:?}") };
    let verb = if write { "writes" } else { "reads" };
    let Spot { name, value } = spot;
    format!("driver {verb} {name} ({place}): {value}")
}

/// Where a raw access went, for a line that says what it means: `Status at 0x070`.
pub(super) fn place(kind: &EventKind, known: &Known) -> String {
    access(kind, known).map_or_else(String::new, |(_, spot, place)| format!("{} at {place}", spot.name))
}

fn access(kind: &EventKind, known: &Known) -> Option<(bool, Spot, String)> {
    Some(match *kind {
        EventKind::Register { write, offset, width, value } => {
            let wide =
                if width == 4 && offset < CONFIG { String::new() } else { format!(", {}", words::bytes(width.into())) };
            (write, mmio(offset, width, value, write, known), format!("{offset:#05x}{wide}"))
        }
        EventKind::PciConfig { write, offset, width, value } => {
            let name = config_space::name(offset, &known.capabilities);
            let value = config_space::value(offset, width, value, &known.capabilities);
            let place = format!("configuration space {offset:#05x}, {}", words::bytes(width.into()));
            (write, Spot { name, value }, place)
        }
        EventKind::PciBar { write, bar, offset, width, value } => {
            let place = format!("BAR {bar} + {offset:#x}, {}", words::bytes(width.into()));
            (write, behind_bar(bar, offset, width, value, write, known), place)
        }
        _ => return None,
    })
}

fn mmio(offset: u64, width: u8, value: u64, write: bool, known: &Known) -> Spot {
    if offset >= CONFIG {
        return config(offset - CONFIG, width, value, known);
    }
    let plain = words::hex(value, width);
    let of_queue = |name: &str| format!("{name} of queue {}", known.selected.queue);
    if known.transport == Some(TransportKind::MmioLegacy) {
        let name = match offset {
            legacy::GUEST_PAGE_SIZE => Some("GuestPageSize".to_owned()),
            legacy::QUEUE_ALIGN => Some(of_queue("QueueAlign")),
            legacy::QUEUE_PFN => Some(of_queue("QueuePFN")),
            _ => None,
        };
        if let Some(name) = name {
            return Spot { name, value: plain };
        }
    }
    let Some(register) = Register::at(offset) else {
        return Spot { name: format!("reserved register {offset:#05x}"), value: plain };
    };
    let word = value as u32;
    let name = match register {
        Register::QueueSizeMax | Register::QueueSize | Register::QueueReady | Register::QueueReset => {
            of_queue(register.name())
        }
        _ if register.is_queue_setup() => of_queue(register.name()),
        Register::DeviceFeatures => format!("DeviceFeatures, word {}", known.selected.device_features),
        Register::DriverFeatures => format!("DriverFeatures, word {}", known.selected.driver_features),
        Register::SHMLenLow | Register::SHMLenHigh | Register::SHMBaseLow | Register::SHMBaseHigh => {
            format!("{} of region {}", register.name(), known.selected.shared_memory)
        }
        _ => register.name().to_owned(),
    };
    let value = match register {
        _ if width != 4 || value > u32::MAX.into() => plain,
        Register::Status => words::status(word as u8),
        Register::DeviceFeatures => words::features(known.device_type, known.selected.device_features, word),
        Register::DriverFeatures => words::features(known.device_type, known.selected.driver_features, word),
        Register::InterruptStatus | Register::InterruptACK => words::reasons(word),
        Register::DeviceID => match DeviceType(word).name() {
            Some(name) => format!("{word} ({name})"),
            None => word.to_string(),
        },
        Register::QueueNotify if write => notification(word, known),
        Register::QueueSel
        | Register::DeviceFeaturesSel
        | Register::DriverFeaturesSel
        | Register::SHMSel
        | Register::QueueSize
        | Register::QueueSizeMax
        | Register::QueueReady
        | Register::QueueReset
        | Register::Version
        | Register::ConfigGeneration => word.to_string(),
        _ => plain,
    };
    Spot { name, value }
}

/// What a notification carries.
fn notification(value: u32, known: &Known) -> String {
    if known.notifications_have_data() {
        format!("{value:#x} (queue {}, next {})", value & 0xffff, value >> 16)
    } else {
        value.to_string()
    }
}

/// A field of the device-specific configuration space.
fn config(offset: u64, width: u8, value: u64, known: &Known) -> Spot {
    Spot { name: config_name(offset, known), value: format!("{} ({value})", words::hex(value, width)) }
}

fn config_name(offset: u64, known: &Known) -> String {
    let fields = config_fields(known.device_type).unwrap_or(&[]);
    let field = fields.iter().find(|f| (u64::from(f.offset)..u64::from(f.offset + f.width)).contains(&offset));
    match field {
        Some(field) if u64::from(field.offset) == offset => format!("configuration field {}", field.name),
        Some(field) => format!("configuration field {} + {}", field.name, offset - u64::from(field.offset)),
        None => "configuration space".to_owned(),
    }
}

fn behind_bar(bar: u8, offset: u64, width: u8, value: u64, write: bool, known: &Known) -> Spot {
    let plain = words::hex(value, width);
    let Some((structure, at)) = known.structure(bar, offset) else { return vectors(bar, offset, plain, known) };
    match CfgType::from_u8(structure.cfg_type) {
        Some(CfgType::Common) => common(at, width, value, known),
        Some(CfgType::Notify) => {
            let value = if write && width == 4 && known.notifications_have_data() {
                notification(value as u32, known)
            } else {
                plain
            };
            Spot { name: format!("notification address {at:#x}"), value }
        }
        Some(CfgType::Isr) => Spot { name: "ISR status".to_owned(), value: words::reasons(value as u32) },
        Some(CfgType::Device) => config(at, width, value, known),
        _ => {
            let name = format!("{} structure + {at:#x}", config_space::cfg(structure.cfg_type));
            Spot { name, value: plain }
        }
    }
}

/// The MSI-X table, or nothing that is known.
fn vectors(bar: u8, offset: u64, value: String, known: &Known) -> Spot {
    let (table_bar, table) = known.msix_table;
    let at =
        offset.checked_sub(table).filter(|at| bar == table_bar && *at / msix::ENTRY_SIZE < known.msix_vectors.into());
    let name = match at {
        Some(at) => {
            let field = match at % msix::ENTRY_SIZE {
                0..4 => "address",
                4..8 => "address (high half)",
                8..msix::ENTRY_CONTROL => "data",
                _ => "vector control",
            };
            format!("MSI-X entry {}, {field}", at / msix::ENTRY_SIZE)
        }
        None => "no structure".to_owned(),
    };
    Spot { name, value }
}

fn common(at: u64, width: u8, value: u64, known: &Known) -> Spot {
    let plain = words::hex(value, width);
    let Some(field) = Common::at(at) else {
        return Spot { name: format!("common configuration + {at:#x}"), value: plain };
    };
    let part = at - field.offset();
    let queue = known.selected.queue;
    let mut name = match field {
        Common::DeviceFeature => format!("device_feature, word {}", known.selected.device_features),
        Common::DriverFeature => format!("driver_feature, word {}", known.selected.driver_features),
        field if field >= Common::QueueSize && field < Common::AdminQueueIndex => {
            format!("{} of queue {queue}", field.name())
        }
        field => field.name().to_owned(),
    };
    if part > 0 {
        name.push_str(&format!(" + {part}"));
    }
    let whole = part == 0 && width == field.width();
    let value = match field {
        _ if !whole => plain,
        Common::DeviceStatus => words::status(value as u8),
        Common::DeviceFeature => words::features(known.device_type, known.selected.device_features, value as u32),
        Common::DriverFeature => words::features(known.device_type, known.selected.driver_features, value as u32),
        Common::ConfigMsixVector | Common::QueueMsixVector => words::vector(value as u16),
        Common::QueueDesc | Common::QueueDriver | Common::QueueDevice | Common::QueueNotifConfigData => plain,
        _ => value.to_string(),
    };
    Spot { name, value }
}

/// What an access means, in words; `None` for what is none.
pub(super) fn meaning(kind: &EventKind, known: &Known) -> Option<String> {
    Some(match *kind {
        EventKind::StatusRead { value } => format!("driver reads the status {}", words::status(value)),
        EventKind::StatusWrite { value: 0 } => "driver writes the status 0x00: it resets the device".to_owned(),
        EventKind::StatusWrite { value } => format!("driver writes the status {}", words::status(value)),
        EventKind::ResetDone => "device has completed the reset: the status shows 0x00 from here on".to_owned(),
        EventKind::DeviceFeaturesRead { word, value } => {
            format!("driver reads word {word} of the offer {}", words::features(known.device_type, word, value))
        }
        EventKind::DriverFeaturesWrite { word, value } => {
            format!("driver accepts word {word} of the features {}", words::features(known.device_type, word, value))
        }
        EventKind::ConfigRead { offset, width, value } => {
            let Spot { name, value } = config(offset.into(), width, value, known);
            format!("driver reads {name} at offset {offset}, {}: {value}", words::bytes(width.into()))
        }
        EventKind::ConfigWrite { offset, width, value } => {
            let Spot { name, value } = config(offset.into(), width, value, known);
            format!("driver writes {name} at offset {offset}, {}: {value}", words::bytes(width.into()))
        }
        EventKind::ConfigGenerationRead { value } => format!("driver reads the configuration generation {value}"),
        EventKind::ConfigChanged { generation, ref bytes } => {
            format!("device changed its configuration space, {}; the generation is {generation}", hexes(bytes))
        }
        EventKind::QueueSizeMaxRead { queue, value } => {
            format!("driver reads the largest size of queue {queue}: {value}")
        }
        EventKind::QueueSizeWrite { queue, value } => format!("driver gives queue {queue} the size {value}"),
        EventKind::QueueReadyRead { queue, value } => format!("driver reads whether queue {queue} is enabled: {value}"),
        EventKind::QueueReadyWrite { queue, value: 0 } => format!("driver disables queue {queue} (writes 0)"),
        EventKind::QueueReadyWrite { queue, value } => format!("driver enables queue {queue} (writes {value})"),
        EventKind::QueueResetRead { queue, value } => format!("driver reads the reset of queue {queue}: {value}"),
        EventKind::QueueResetWrite { queue, value } => {
            format!("driver asks for the reset of queue {queue} (writes {value})")
        }
        EventKind::QueueEnabled(ref info) => enabled(info),
        EventKind::VectorWrite { queue: None, value } => {
            format!("driver maps configuration changes to vector {}", words::vector(value))
        }
        EventKind::VectorWrite { queue: Some(queue), value } => {
            format!("driver maps queue {queue} to vector {}", words::vector(value))
        }
        EventKind::VectorRead { queue: None, value } => {
            format!("driver reads the vector of configuration changes: {}", words::vector(value))
        }
        EventKind::VectorRead { queue: Some(queue), value } => {
            format!("driver reads the vector of queue {queue}: {}", words::vector(value))
        }
        EventKind::MsixControl { enabled, masked } => format!(
            "MSI-X is {} ({}), its vectors {} ({})",
            if enabled { "on" } else { "off" },
            u8::from(enabled),
            if masked { "masked" } else { "not masked" },
            u8::from(masked)
        ),
        EventKind::NotifyOffRead { queue, value } => format!("driver reads queue_notify_off of queue {queue}: {value}"),
        EventKind::NotifConfigDataRead { queue, value } => {
            format!("driver reads queue_notif_config_data of queue {queue}: {value:#06x}")
        }
        EventKind::Notify { queue, count: 1 } => format!("driver notifies queue {queue} (1 time)"),
        EventKind::Notify { queue, count } => format!("driver notifies queue {queue} ({count} times)"),
        EventKind::NotifyData { queue, next } if known.packed(queue as u16) => {
            format!("the notification of queue {queue} carries the next position {}", words::position(next))
        }
        EventKind::NotifyData { queue, next } => {
            format!("the notification of queue {queue} carries the available index {next}")
        }
        EventKind::Interrupt { reasons, spurious } => format!(
            "device interrupts, reasons {}{}",
            words::reasons(reasons),
            if spurious { ", without cause on purpose" } else { "" }
        ),
        EventKind::Vector { vector: Some(vector) } => format!("the interrupt goes out as MSI-X vector {vector}"),
        EventKind::Vector { vector: None } => "the interrupt goes out on the INTx line (vector none)".to_owned(),
        EventKind::InterruptStatusRead { value } => {
            format!("driver reads the interrupt's reasons {}", words::reasons(value))
        }
        EventKind::InterruptAck { value } => format!("driver acknowledges the reasons {}", words::reasons(value)),
        _ => return None,
    })
}

fn enabled(info: &QueueInfo) -> String {
    let QueueInfo { queue, size, desc, driver, device, packed, .. } = *info;
    let ring = if packed { "packed" } else { "split" };
    let mut text = format!(
        "queue {queue} is enabled: {ring}, size {size}, descriptors at {desc:#x}, driver area at {driver:#x}, device area at {device:#x}"
    );
    if !packed {
        let word = |word: Option<u16>| word.map_or_else(|| "outside memory".to_owned(), |word| word.to_string());
        text.push_str(&format!(
            "; available: flags {}, index {}; used: flags {}, index {}",
            word(info.avail_flags),
            word(info.avail_idx),
            word(info.used_flags),
            word(info.used_idx)
        ));
    }
    text
}

/// Bytes in hexadecimal, the first of many.
pub(super) fn hexes(bytes: &[u8]) -> String {
    const SHOWN: usize = 32;
    let digits: String = bytes.iter().take(SHOWN).map(|b| format!("{b:02x}")).collect();
    let more = if bytes.len() > SHOWN { "..." } else { "" };
    format!("{} {digits}{more}", words::bytes(bytes.len() as u64))
}
