//! Its input driver: what the device says about itself, and events that come and go.

use parakit_abi::device::input::{InputEvent, code, event_type};
use parakit_abi::requirement::id;
use parakit_harness::device::{Control, Input, InputKind, InputOptions, Recorder};
use virtio_drivers::device::input::VirtIOInput;

use super::stand_in::{BRING_UP, Bounce, StandIn, assert_violated, machine, verdicts};

fn driver(kind: InputKind) -> VirtIOInput<Bounce, StandIn> {
    let model = Input::new(InputOptions::new(kind), Recorder::default());
    VirtIOInput::new(StandIn::of(Box::new(model))).expect("an input device")
}

fn control(events: Vec<InputEvent>) -> bool {
    let took = machine(|m| m.control(&Control::Input(events)));
    machine(|m| m.run());
    took
}

fn pop(driver: &mut VirtIOInput<Bounce, StandIn>) -> Option<InputEvent> {
    let event = driver.pop_pending_event()?;
    Some(InputEvent { event_type: event.event_type, code: event.code, value: event.value })
}

#[test]
fn keys_come_in_order_with_an_end_each() {
    let mut keyboard = driver(InputKind::Keyboard);
    assert_eq!(keyboard.name().expect("a name"), "parakit keyboard");
    assert_eq!(keyboard.serial_number().expect("a serial number"), "parakit-0");
    assert_eq!(keyboard.ids().expect("ids").bustype, 6);
    let keys = keyboard.ev_bits(event_type::KEY as u8).expect("keys");
    assert!(keys[0x1e / 8] & 1 << (0x1e % 8) != 0 && keys[0] & 1 == 0);
    assert!(keyboard.ev_bits(event_type::REL as u8).expect("no axes").is_empty());
    assert!(keyboard.abs_info(0).is_err());

    assert_eq!(pop(&mut keyboard), None);
    assert!(control(vec![InputEvent::key(0x1e, true)]));
    assert!(control(vec![InputEvent::key(0x1e, false), InputEvent::SYN]));
    for expected in [InputEvent::key(0x1e, true), InputEvent::SYN, InputEvent::key(0x1e, false), InputEvent::SYN] {
        assert_eq!(pop(&mut keyboard), Some(expected));
    }
    assert_eq!(pop(&mut keyboard), None);
    drop(keyboard);
    // `VirtIOInput::new` fills the event queue and notifies, and only then sets DRIVER_OK.
    let expected: Vec<_> = BRING_UP.into_iter().chain([id::INIT_DRV_SEQ_14]).collect();
    assert_violated(&verdicts(), &expected);
}

#[test]
fn updates_wait_for_buffers_or_are_dropped_whole() {
    let mut tablet = driver(InputKind::Tablet);
    let axis = tablet.abs_info(code::ABS_X as u8).expect("an axis");
    assert_eq!((axis.min, axis.max), (0, 0x7fff));
    // The driver has 32 buffers; 1024 events may wait, and then nothing of an update does.
    let update = |x| {
        let abs = |code, value| InputEvent { event_type: event_type::ABS, code, value };
        vec![abs(code::ABS_X, x), abs(code::ABS_Y, 9), InputEvent::SYN]
    };
    let taken = (0..500).filter(|x| control(update(*x))).count() as u32;
    assert!((341..=352).contains(&taken), "{taken} updates were taken");
    let mut seen = Vec::new();
    while let Some(event) = pop(&mut tablet) {
        seen.push(event);
        machine(|m| m.run());
    }
    assert_eq!(seen, (0..taken).flat_map(update).collect::<Vec<_>>());
    assert!(control(update(7)));
    assert_eq!(pop(&mut tablet), Some(update(7)[0]));
}
