//! The ports, without a machine around them.

use vmm_sys_util::eventfd::EFD_NONBLOCK;

use super::*;

fn pc() -> (Pc, EventFd) {
    let interrupt = EventFd::new(EFD_NONBLOCK).unwrap();
    (Pc::new(64 << 20, interrupt.try_clone().unwrap()), interrupt)
}

fn read(pc: &Pc, port: u16) -> u8 {
    let mut data = [0xaa];
    assert!(pc.read(port, &mut data), "{port:#x}");
    data[0]
}

#[test]
fn output_of_both_consoles_comes_in_one_order() {
    let (pc, _) = pc();
    assert_eq!(pc.write(PORT_SERIAL, b"a"), Written::Taken);
    assert_eq!(pc.write(PORT_DEBUG, b"bc"), Written::Taken);
    assert_eq!(pc.write(PORT_SERIAL, b"de"), Written::Taken);
    assert_eq!(pc.take_output(), b"abcde");
    assert_eq!(pc.take_output(), b"");
    assert_eq!(read(&pc, PORT_DEBUG), PORT_DEBUG as u8);
}

#[test]
fn a_flood_of_output_is_bounded() {
    let (pc, _) = pc();
    for _ in 0..3 {
        pc.write(PORT_DEBUG, &vec![b'x'; OUTPUT_WAITING / 2 + 1]);
    }
    assert_eq!(pc.take_output().len(), OUTPUT_WAITING);
}

#[test]
fn input_waits_for_room_and_interrupts() {
    let (pc, interrupt) = pc();
    // Interrupts for received data.
    assert_eq!(pc.write(PORT_SERIAL + 1, &[1]), Written::Taken);
    let text: Vec<u8> = (0..200).collect();
    pc.feed(&text);
    assert_eq!(interrupt.read().unwrap(), 1);
    assert!(pc.wants_input());
    let mut seen = Vec::new();
    while read(&pc, PORT_SERIAL + 5) & 1 != 0 {
        seen.push(read(&pc, PORT_SERIAL));
    }
    assert_eq!(seen, text);
    pc.feed(&[0; INPUT_WAITING + 64]);
    assert!(!pc.wants_input());
}

#[test]
fn ways_to_end_a_machine() {
    let end = |port, data: &[u8]| pc().0.write(port, data);
    assert_eq!(end(PORT_EXIT, &[7]), Written::End(PcEnd::Exit(7)));
    assert_eq!(end(PORT_EXIT, &[1, 2, 3, 4]), Written::End(PcEnd::Exit(0x0403_0201)));
    assert_eq!(end(0x64, &[0xfe]), Written::End(PcEnd::Reset));
    assert_eq!(end(0x92, &[1]), Written::End(PcEnd::Reset));
    assert_eq!(end(PORT_RESET, &[RESET_VALUE]), Written::End(PcEnd::Reset));
    assert_eq!(end(PM_CONTROL, &0x2000_u16.to_le_bytes()), Written::End(PcEnd::PowerOff));
    assert_eq!(end(PM_CONTROL + 1, &[0x20]), Written::End(PcEnd::PowerOff));
    // What comes close and is none.
    assert_eq!(end(PORT_RESET, &[2]), Written::Taken);
    assert_eq!(end(0x92, &[2]), Written::Taken);
    assert_eq!(end(PM_CONTROL, &0x3400_u16.to_le_bytes()), Written::Taken);
    assert_eq!(end(0xcf8, &[4, 4, 4, 4]), Written::Nobody);
    assert_eq!(end(0x1f0, &[1]), Written::Nobody);
}

#[test]
fn the_keyboard_controller_answers_and_has_no_keyboard() {
    let (pc, _) = pc();
    assert_eq!(read(&pc, 0x64) & 3, 0);
    for (command, answer) in [(0xaa, 0x55), (0x20, 0x00), (0xab, 0x01), (0xd0, 0x03)] {
        pc.write(0x64, &[command]);
        assert_eq!(read(&pc, 0x64) & 1, 1);
        assert_eq!(read(&pc, 0x60), answer, "{command:#x}");
    }
    pc.write(0x64, &[0x60]);
    pc.write(0x60, &[0x47]);
    pc.write(0x64, &[0x20]);
    assert_eq!(read(&pc, 0x60), 0x47);
    // The keyboard's own reset: nobody is there to acknowledge it.
    pc.write(0x60, &[0xff]);
    assert_eq!(read(&pc, 0x64) & 1, 0);
    pc.write(0x64, &[0xd1]);
    assert_eq!(pc.write(0x60, &[0xdf]), Written::Taken);
    pc.write(0x64, &[0xd1]);
    assert_eq!(pc.write(0x60, &[0xde]), Written::End(PcEnd::Reset));
}

#[test]
fn the_timer_runs_and_acpi_is_on() {
    let (pc, _) = pc();
    let mut word = [0; 4];
    assert!(pc.read(PM_CONTROL, &mut word[..2]));
    assert_eq!(word[0] & 1, 1);
    let mut timer = || {
        assert!(pc.read(PM_TIMER, &mut word));
        u32::from_le_bytes(word)
    };
    let first = timer();
    while timer() == first {}
    // Over the end of the block.
    assert!(!pc.read(PM_TIMER + 2, &mut [0; 4]));
}

#[test]
fn any_access_to_any_port_is_answered_or_left_alone() {
    let (pc, _) = pc();
    for port in 0..=u16::MAX {
        for width in [1, 2, 4] {
            let mut data = [0x5a; 4];
            if !pc.read(port, &mut data[..width]) {
                assert_eq!(data, [0x5a; 4], "{port:#x}");
            }
            let _ = pc.write(port, &[0xff; 4][..width]);
        }
    }
}
