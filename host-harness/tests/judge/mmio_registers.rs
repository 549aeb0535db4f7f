use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::Register;

use crate::script::Script;

/// A live block device with `blk_size`.
fn live() -> Script {
    let mut script = Script::offering(&[6]);
    script.start();
    script
}

#[test]
fn only_what_is_described() {
    live().passes(id::MMIO_DRV_REGS_1);
    // Registers of the legacy layout, holes, and what lies behind the fields.
    for offset in [0x28, 0x3c, 0x40, 0x0f0] {
        live().raw(true, offset, 4, 1).caught(id::MMIO_DRV_REGS_1, &[]);
    }
    live().raw(false, 0x100 + 96, 4, 0).caught(id::MMIO_DRV_REGS_1, &[]);
    live().raw(false, u64::MAX, 4, 0).caught(id::MMIO_DRV_REGS_1, &[]);
}

#[test]
fn in_the_right_direction() {
    live().passes(id::MMIO_DRV_REGS_2);
    live().write(Register::ConfigGeneration, 0).caught(id::MMIO_DRV_REGS_2, &[]);
    live().passes(id::MMIO_DRV_REGS_3);
    live().read(Register::QueueSel, 0).caught(id::MMIO_DRV_REGS_3, &[]);
}

#[test]
fn as_aligned_words() {
    live().passes(id::MMIO_DRV_REGS_4);
    live().raw(false, Register::Status.offset(), 1, 0xf).caught(id::MMIO_DRV_REGS_4, &[]);
    live().raw(true, Register::QueueNotify.offset(), 2, 0).caught(id::MMIO_DRV_REGS_4, &[]);
    live().raw(false, Register::ConfigGeneration.offset() - 2, 4, 0).caught(id::MMIO_DRV_REGS_1, &[]);
    live().raw(false, Register::InterruptStatus.offset() + 2, 4, 0).caught(id::MMIO_DRV_REGS_4, &[]);
}

#[test]
fn configuration_by_fields() {
    live().config_read(20, 4, 512).passes(id::MMIO_DRV_REGS_5);
    live().generation(0).config_read(0, 4, 9).config_read(4, 4, 0).generation(0).passes(id::MMIO_DRV_REGS_5);
    live().config_read(0, 8, 9).caught(id::MMIO_DRV_REGS_5, &[]);
    live().config_read(20, 1, 0).caught(id::MMIO_DRV_REGS_5, &[]);
    live().config_read(2, 4, 0).caught(id::MMIO_DRV_REGS_5, &[]);
}

#[test]
fn words_of_features_are_selected() {
    Script::block().start().passes(id::MMIO_DRV_REGS_12);
    Script::block().start().passes(id::MMIO_DRV_REGS_13);
    let mut script = Script::block();
    script.identify().reset().read(Register::DeviceFeatures, 0).caught(id::MMIO_DRV_REGS_12, &[]);
    let mut script = Script::block();
    script.identify().reset().write(Register::DriverFeatures, 0).caught(id::MMIO_DRV_REGS_13, &[]);
    // A reset takes the choice back.
    live().reset().read(Register::DeviceFeatures, 0).caught(id::MMIO_DRV_REGS_12, &[]);
}

#[test]
fn a_type_without_fields_has_no_configuration() {
    let mut entropy = Script::new(crate::script::info(parakit_abi::device::DeviceType::ENTROPY));
    entropy.start().config_read(0, 4, 0).caught(id::MMIO_DRV_REGS_1, &[]);
    // Of a type that is not known, nothing is known.
    let mut unknown = Script::new(crate::script::info(parakit_abi::device::DeviceType(42)));
    unknown.start().config_read(0, 4, 0).passes(id::MMIO_DRV_REGS_1);
}
