//! The workload on a network device.

use alloc::{format, vec::Vec};

use parakit_abi::device::DeviceType;
use parakit_exercise::{Env, PATIENCE_MS, ensure, record};
use parakit_kernel::{Failure, KernelEnv};
use virtio_drivers::Error;
use virtio_drivers::device::net::{TxBuffer, VirtIONet};

use super::hal::KernelHal;
use super::packet::{self, Guest};
use super::transport::{Transport, first};

const QUEUE_SIZE: usize = 16;
const BUFFER: usize = 2048;

type Net = VirtIONet<KernelHal, Transport, QUEUE_SIZE>;

/// `net-echo`: asks for the host's address by ARP, sends datagrams of many lengths to its echo service, and checks what comes back;
/// by interrupt for what comes in, and by looking at the ring for what goes out, as the crate does it.
///
/// Parameter 0: datagrams; 0 for 100. Records `datagrams` and `bytes`.
pub(crate) fn echo(env: &KernelEnv) -> Result<(), Failure> {
    let (device, transport) = first(env, DeviceType::NET)?;
    env.first_queue_operation();
    let mut net = Net::new(transport, BUFFER).map_err(|e| Failure::of("network device", e))?;
    let mut guest = Guest::new(net.mac_address());
    send(&mut net, &guest.ask())?;
    guest.host = receive(env, device, &mut net, packet::answer)?;
    let datagrams = if env.param(0) == 0 { 100 } else { env.param(0) };
    let mut bytes = 0;
    for number in 0..datagrams {
        let data: Vec<u8> = (0..1 + number * 37 % 1400).map(|i| (i + number) as u8).collect();
        send(&mut net, &guest.datagram(&data))?;
        let back = receive(env, device, &mut net, packet::echo)?;
        ensure(back == data, || format!("datagram {number} of {} bytes came back as another one", data.len()))?;
        bytes += data.len() as u64;
    }
    record(env, "datagrams", datagrams);
    record(env, "bytes", bytes);
    Ok(())
}

fn send(net: &mut Net, frame: &[u8]) -> Result<(), Failure> {
    net.send(TxBuffer::from(frame)).map_err(|e| Failure::of("send", e))
}

/// The first frame that `take` makes something of.
fn receive<T>(env: &KernelEnv, device: usize, net: &mut Net, take: impl Fn(&[u8]) -> Option<T>) -> Result<T, Failure> {
    loop {
        let seen = env.interrupts(device);
        match net.receive() {
            Ok(buffer) => {
                let taken = take(buffer.packet());
                net.recycle_rx_buffer(buffer).map_err(|e| Failure::of("recycle", e))?;
                if let Some(taken) = taken {
                    return Ok(taken);
                }
            }
            Err(Error::NotReady) => {
                ensure(env.wait_interrupt(device, seen, PATIENCE_MS), || "no answer came in time")?;
                net.ack_interrupt();
            }
            Err(error) => return Err(Failure::of("receive", error)),
        }
    }
}
