//! Its block driver and queue.

use parakit_abi::requirement::{RequirementId, id};
use parakit_harness::device::{Block, BlockOptions, MemoryDisk};
use virtio_drivers::device::blk::VirtIOBlk;

use super::stand_in::{BRING_UP, Bounce, StandIn, assert_violated, verdicts};

#[test]
fn its_bring_up_is_caught_and_its_requests_are_in_order() {
    let model = Block::new(Box::new(MemoryDisk::new(vec![0x5a; 2048 * 512])), BlockOptions::default());
    let mut disk = VirtIOBlk::<Bounce, StandIn>::new(StandIn::of(Box::new(model))).expect("a block device");
    assert_eq!(disk.capacity(), 2048);
    let mut sectors = [0; 1024];
    disk.read_blocks(7, &mut sectors).expect("a read");
    assert_eq!(sectors, [0x5a; 1024]);
    disk.write_blocks(3, &[1; 512]).expect("a write");
    disk.flush().expect("a flush");
    disk.ack_interrupt();
    let mut id = [0; 20];
    disk.device_id(&mut id).expect("a device id");
    drop(disk);
    let verdicts = verdicts();
    assert_violated(&verdicts, &BRING_UP);
    let kept = |id: RequirementId| verdicts.entries.get(&id).is_some_and(|e| e.passed > 0);
    for id in [id::BLK_DRV_OP_2, id::BLK_DRV_OP_4, id::BLK_DRV_OP_6, id::BLK_DRV_OP_8, id::VQ_SPLIT_DRV_FRAME_1] {
        assert!(kept(id), "{id} was not exercised");
    }
}
