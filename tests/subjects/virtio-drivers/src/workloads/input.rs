//! The workload on a keyboard.

use alloc::format;

use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::signal;
use parakit_exercise::{Env, PATIENCE_MS, ensure, record};
use parakit_kernel::{Failure, KernelEnv};
use virtio_drivers::device::input::{InputEvent, VirtIOInput};

use super::hal::KernelHal;
use super::transport::{Transport, first};

/// Event types of the evdev layer.
const SYN: u16 = 0;
const KEY: u16 = 1;

/// `input-keys`: asks the device for its name and its ids, has the harness press keys, and takes the events, by interrupt.
///
/// Parameter 0: keys; 0 for 60. Records `keys` and `events`.
pub(crate) fn keys(env: &KernelEnv) -> Result<(), Failure> {
    let (device, transport) = first(env, DeviceType::INPUT)?;
    env.first_queue_operation();
    let mut input = VirtIOInput::<KernelHal, Transport>::new(transport).map_err(|e| Failure::of("input device", e))?;
    let name = input.name().map_err(|e| Failure::of("name", e))?;
    ensure(!name.is_empty(), || "the device has no name")?;
    input.ids().map_err(|e| Failure::of("ids", e))?;
    let keys = if env.param(0) == 0 { 60 } else { env.param(0) };
    ensure(env.signal(signal::INPUT_KEYS, keys) == 1, || "the harness presses no keys")?;
    let mut events = 0;
    for key in 0..keys {
        let code = signal::key_code(key);
        for wanted in [(KEY, code, 1), (SYN, 0, 0), (KEY, code, 0), (SYN, 0, 0)] {
            let InputEvent { event_type, code, value } = next(env, device, &mut input)?;
            ensure((event_type, code, value) == wanted, || {
                format!("event {events} is type {event_type}, code {code}, value {value}, and not {wanted:?}")
            })?;
            events += 1;
        }
    }
    record(env, "keys", keys);
    record(env, "events", events);
    Ok(())
}

fn next(env: &KernelEnv, device: usize, input: &mut VirtIOInput<KernelHal, Transport>) -> Result<InputEvent, Failure> {
    loop {
        let seen = env.interrupts(device);
        if let Some(event) = input.pop_pending_event() {
            return Ok(event);
        }
        ensure(env.wait_interrupt(device, seen, PATIENCE_MS), || "no event came in time")?;
        input.ack_interrupt();
    }
}
