use parakit_abi::device::DeviceType;
use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::{MAGIC, Register, VERSION};

use crate::script::{Script, info};

/// A block device that shows another identity.
fn shows(identity: [u32; 3]) -> Script {
    let mut info = info(DeviceType::BLOCK);
    info.identity = identity;
    Script::new(info)
}

#[test]
fn identity_comes_first() {
    Script::block().start().passes(id::MMIO_DRV_INIT_1);
    Script::block().read(Register::Version, 2).read(Register::MagicValue, MAGIC).passes(id::MMIO_DRV_INIT_1);
    Script::block().reset().caught(id::MMIO_DRV_INIT_1, &[]);
    Script::block().read(Register::MagicValue, MAGIC).read(Register::DeviceID, 2).caught(id::MMIO_DRV_INIT_1, &[]);
}

#[test]
fn device_id_comes_next() {
    Script::block().start().passes(id::MMIO_DRV_INIT_2);
    let mut script = Script::block();
    script.read(Register::MagicValue, MAGIC).read(Register::Version, 2).reset();
    script.caught(id::MMIO_DRV_INIT_2, &[]);
}

#[test]
fn others_are_left_alone() {
    for (identity, rule) in [
        ([0x1234, VERSION, 2], id::MMIO_DRV_REGS_6),
        ([MAGIC, 3, 2], id::MMIO_DRV_REGS_8),
        ([MAGIC, VERSION, 0], id::MMIO_DRV_REGS_10),
    ] {
        shows(identity).identify().finish().passes(rule);
        let placeholder = [id::MMIO_DRV_INIT_3, id::MMIO_DRV_INIT_4];
        shows(identity).identify().status_write(0).caught(rule, &placeholder);
        shows(identity).silent(rule);
    }
}

#[test]
fn version_1_may_be_driven_as_what_it_is() {
    let legacy = || shows([MAGIC, 1, 2]);
    legacy().identify().finish().passes(id::MMIO_DRV_REGS_8);
    // GuestPageSize, then QueuePFN, where version 2 has nothing.
    let mut script = legacy();
    script.identify().reset().status_write(1).status_write(3).raw(true, 0x28, 4, 4096).raw(true, 0x40, 4, 16);
    script.finish().passes(id::MMIO_DRV_REGS_8);
    legacy().identify().write(Register::QueueReady, 1).caught(id::MMIO_DRV_REGS_8, &[]);
}

#[test]
fn placeholders_end_the_bring_up() {
    let zero = || shows([MAGIC, VERSION, 0]);
    zero().identify().finish().passes(id::MMIO_DRV_INIT_3);
    zero().identify().finish().passes(id::MMIO_DRV_INIT_4);
    zero().identify().reset().status_write(1).caught(id::MMIO_DRV_INIT_3, &[id::MMIO_DRV_INIT_4, id::MMIO_DRV_REGS_10]);
    // Not even the vendor.
    zero().identify().read(Register::VendorID, 0).caught(id::MMIO_DRV_INIT_4, &[]);
    // Probed twice, by two parts of a guest.
    zero().identify().identify().finish().passes(id::MMIO_DRV_INIT_4);
}

#[test]
fn shared_memory_registers_are_left_alone() {
    Script::block().start().passes(id::MMIO_DRV_INIT_5);
    Script::block().start().write(Register::SHMSel, 0).caught(id::MMIO_DRV_INIT_5, &[]);
    Script::block().start().read(Register::SHMLenLow, u32::MAX).caught(id::MMIO_DRV_INIT_5, &[]);
    // A file system device has some.
    Script::new(info(DeviceType(26))).identify().read(Register::SHMLenLow, 0).silent(id::MMIO_DRV_INIT_5);
}
